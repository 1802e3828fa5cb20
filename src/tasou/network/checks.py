"""What is said of a network when it is made, checked: sizes, and one value per hidden layer."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from tasou.errors import TasouError
from tasou.formulas.activations import Activation
from tasou.layers import Layer


def checked_sizes(sizes: Sequence[int] | None) -> tuple[int, ...]:
    """Units per layer, inputs first."""
    try:
        checked = tuple(int(n) for n in sizes)  # type: ignore[union-attr]
    except (TypeError, ValueError):
        raise TasouError(
            f"sizes must be whole numbers, inputs first, e.g. (2, 10, 3); got {sizes!r}"
        ) from None
    if len(checked) < 2 or min(checked) < 1 or any(a != b for a, b in zip(checked, sizes or (), strict=True)):
        raise TasouError(
            f"sizes must be at least two whole numbers >= 1, inputs first, e.g. (2, 10, 3); got {sizes!r}"
        )
    return checked


def checked_stack(layers: Sequence[Layer], inputs: Any) -> tuple[Layer, ...]:
    """Layers that make a network, and a number of inputs for the first of them."""
    if not layers or not all(isinstance(layer, Layer) for layer in layers):
        raise TasouError(
            f"layers must be one or more layers, e.g. [Dense(10, 'relu'), Dense(3)]; got {layers!r}"
        )
    if isinstance(inputs, bool) or not hasattr(inputs, "__index__") or inputs < 1:
        raise TasouError(
            f"a network of layers needs the number of its inputs, e.g. Network(layers=[…], inputs=2); got {inputs!r}"
        )
    return tuple(layers)


def checked_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """One of the two types that networks compute in."""
    checked: np.dtype[Any] = np.dtype(dtype)
    if checked not in (np.float32, np.float64):
        raise TasouError(f"dtype must be float32 or float64, got {checked}")
    return checked


def one_per_layer(value: Any, n: int, what: str) -> list[Any]:
    """The value for each of the n hidden layers: itself n times, or a sequence of just n."""
    if isinstance(value, str | Activation | Real):
        return [value] * n
    values = list(value)
    if len(values) != n:
        raise TasouError(f"{what}: {len(values)} given for {n} hidden layer(s)")
    return values


def checked_dropout(shares: list[float]) -> list[float]:
    """The share of each layer's units that are silenced."""
    for l, share in enumerate(shares, start=1):
        if not 0 <= share < 1:
            raise TasouError(f"dropout of layer {l} must be a share in [0, 1), got {share!r}")
    return [float(share) for share in shares]
