"""Losses L(y_hat, y), each with its output function and its local error; one file each (lecture 1.1, 4.3, 5.2).

A loss owns the function that turns the network's last values z into the prediction y_hat (softmax, sigmoid,
identity, exp) and is written in terms of z: so it is stable for z of any size, and the local error of the usual
pairs is simply y_hat - y.

>>> get("cross_entropy").output
'softmax'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from tasou.formulas.registry import Formula, Registry

__all__ = ["Loss", "get", "names", "registry"]


@dataclass(frozen=True, eq=False, repr=False)
class Loss(Formula):
    """A loss with its output function and its local error delta = dL/dz.

    ``predict(z, xp)`` gives y_hat; ``value(z, y, xp)`` the loss of each output, which the network sums over the K
    outputs of a row; ``delta(z, y_hat, y, xp)`` its derivative with respect to z. All arrays are (n, K).

    >>> import numpy as np
    >>> loss, z, y = get("cross_entropy"), np.array([[2.0, 0.0]]), np.array([[0.0, 1.0]])
    >>> y_hat = loss.predict(z, np)
    >>> loss.value(z, y, np).sum().round(3), loss.delta(z, y_hat, y, np).round(3)
    (np.float64(2.127), array([[ 0.881, -0.881]]))
    """

    kind: ClassVar[str] = "loss"
    functions: ClassVar[tuple[str, ...]] = ("predict", "value", "delta")

    predict: Callable[..., Any]
    value: Callable[..., Any]
    delta: Callable[..., Any]
    output: str = "identity"
    """name of the output function: softmax, sigmoid, identity, exp"""
    targets: Literal["one_hot", "binary", "real", "count", "sign"] = "real"
    """what y holds: rows that sum to 1, numbers in [0, 1], any number, numbers >= 0, -1 or +1"""
    latex: str = ""
    delta_latex: str = r"\hat{y} - y"
    plain: str = ""
    """the loss of one output as plain text, ``{y}``, ``{y_hat}``, ``{z}`` to be filled with letters or numbers"""
    delta_plain: str = "{y_hat} - {y}"
    """its local error; ``{p}`` is the prediction for the true class"""


registry = Registry(__name__, Loss)
names = registry.names
get = registry.get
