"""What a diagram needs to know of a network, read off an estimator, a `Network`, or the sizes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.given import check_fitted, inside, single
from tasou.messages import Message
from tasou.plots import theme

IS_NO_NETWORK = Message(
    "plot.is_no_network",
    en="{source} is no network: hand in a fitted estimator, a Network or layer sizes",
    ja="{source} はネットワークではありません。学習済みの推定器、Network、層の大きさのどれかを渡してください",
)
SIZES = Message(
    "plot.sizes",
    en="a network has two layer sizes or more, each at least 1, not {sizes}",
    ja="ネットワークには、1以上の層の大きさが2つ以上必要です（{sizes} は使えません）",
)


@dataclass(frozen=True)
class Architecture:
    """Units per layer (inputs first); per layer from 1: W (out × in), b, and the function's name; unit names.

    A layer that is not dense has no W and b here; ``alone`` says where each unit sees only the one before it.
    """

    sizes: list[int]
    functions: list[str]
    W: Sequence[NDArray[np.float64] | None] | None = None
    b: Sequence[NDArray[np.float64] | None] | None = None
    inputs: list[str] | None = None
    outputs: list[str] | None = None
    alone: list[bool] | None = None
    learnt: int | None = None
    """how many parameters there are, where it is not weights and biases alone"""

    @classmethod
    def of(cls, source: Any, lang: str | None = None) -> Architecture:
        """Read ``source``: a fitted estimator, a training, something with layers, or a sequence of sizes."""
        source = single(inside(source).subject)
        check_fitted(source)
        if hasattr(source, "coefs_"):
            return _of_estimator(source, lang)
        if hasattr(getattr(source, "network", None), "layers"):
            return _of_layers(source.network, lang)
        if hasattr(source, "layers"):
            return _of_layers(source, lang)
        return _of_sizes(source)

    @property
    def parameters(self) -> int:
        """How many weights and biases there are."""
        if self.learnt is not None:
            return self.learnt
        return sum((n_in + 1) * n_out for n_in, n_out in pairwise(self.sizes))


def _of_estimator(estimator: Any, lang: str | None) -> Architecture:
    W = [np.asarray(coef, dtype=np.float64).T for coef in estimator.coefs_]
    b = [np.asarray(intercept, dtype=np.float64) for intercept in estimator.intercepts_]
    hidden = getattr(estimator, "activation", "")
    given = [hidden] * (len(W) - 1) if not isinstance(hidden, list | tuple) else list(hidden)
    functions = [_spell(name, lang) for name in [*given, getattr(estimator, "out_activation_", "")]]
    inputs, outputs = (getattr(estimator, name, None) for name in ("feature_names_in_", "classes_"))
    return Architecture(
        _sizes(W), functions, W, b, _texts(inputs, W[0].shape[1]), _texts(outputs, len(W[-1]))
    )


def _of_layers(network: Any, lang: str | None) -> Architecture:
    layers = list(network.layers)
    if all(_is_dense(layer) for layer in layers):
        W = [np.asarray(layer.W, dtype=np.float64) for layer in layers]
        b = [np.asarray(layer.b, dtype=np.float64) for layer in layers]
        functions = [_spell(getattr(layer, "activation", ""), lang) for layer in layers]
        functions[-1] = _spell(getattr(network, "output", ""), lang) or functions[-1]
        return Architecture(_sizes(W), functions, W, b)
    functions = [_spell(layer.activation, lang) if _is_dense(layer) else layer.label for layer in layers]
    functions[-1] = " ".join(filter(None, (functions[-1], _spell(network.loss.output, lang))))
    return Architecture(
        list(network.sizes),
        functions,
        [np.asarray(layer.W, np.float64) if _is_dense(layer) else None for layer in layers],
        [np.asarray(layer.b, np.float64) if _is_dense(layer) else None for layer in layers],
        alone=[layer.card.alone for layer in layers],
        learnt=network.theta.size,
    )


def _is_dense(layer: Any) -> bool:
    return getattr(getattr(layer, "card", None), "drawn", True)


def _of_sizes(source: Any) -> Architecture:
    try:
        sizes = [index(size) for size in source]
    except TypeError:
        raise TasouError(IS_NO_NETWORK, source=type(source).__name__) from None
    if len(sizes) < 2 or min(sizes) < 1:
        raise TasouError(SIZES, sizes=sizes)
    return Architecture(sizes, [""] * (len(sizes) - 1))


def _sizes(W: Sequence[NDArray[np.float64]]) -> list[int]:
    return [W[0].shape[1], *(len(weights) for weights in W)]


def _texts(names: Any, n: int) -> list[str] | None:
    """Names of ``n`` units, or None where there are not as many (two classes share one unit)."""
    return [str(name) for name in names] if isinstance(names, np.ndarray) and len(names) == n else None


def _spell(function: Any, lang: str | None) -> str:
    """The function as it is written in text; nothing for the identity."""
    name = theme.spell(function, lang)
    return "" if name == "identity" else name
