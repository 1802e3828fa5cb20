"""Optimizers: how a gradient becomes a step of the parameters; one file each (lecture 5.2).

Each is a pure rule ``update(theta, grad, *state, t, lr, xp)``, elementwise over the flat vector of all parameters,
which returns the new theta followed by the new state; t counts updates from 1.

>>> get("adam").state
('m', 'v')
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from tasou.formulas.registry import Formula, Registry

__all__ = ["Optimizer", "get", "names", "registry"]


@dataclass(frozen=True, eq=False, repr=False)
class Optimizer(Formula):
    """An update rule with the names of the vectors it remembers between updates (all zero at the start).

    ``update(theta, grad, *state, t, lr, xp)`` returns the new theta and the new state; t counts updates from 1.

    >>> import numpy as np
    >>> sgd = get("sgd", momentum=0.9)
    >>> theta, v = sgd.update(np.array([1.0]), np.array([2.0]), np.array([0.0]), 1, 0.1, np)
    >>> theta, v
    (array([0.8]), array([-0.2]))
    """

    kind: ClassVar[str] = "optimizer"
    functions: ClassVar[tuple[str, ...]] = ("update",)

    update: Callable[..., Any]
    state: tuple[str, ...] = ()
    lr: float = 0.001
    """the usual learning rate of this rule"""
    weight_decay: float = 0.0
    """decoupled weight decay that belongs to the rule"""
    latex: str = ""


registry = Registry(__name__, Optimizer)
names = registry.names
get = registry.get
