"""Initial numbers, drawn as an initializer says."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.verbs import Random
from tasou.formulas import initializers
from tasou.formulas.initializers import Initializer


def drawn(init: Initializer, size: float, shape: tuple[int, ...], rng: Random) -> NDArray[Any]:
    """Numbers of the initializer's distribution, ``size`` being its half-width or its standard deviation."""
    match init.distribution:
        case "uniform":
            return rng.uniform(-size, size, shape)
        case "normal":
            return rng.normal(0.0, size, shape)
        case "zeros":
            return np.zeros(shape)


def normal(p: NDArray[Any], std: float, init: str | Initializer | None, rng: Random) -> None:
    """Fill p from N(0, std²), the layer's own rule; or with zeros where those are asked for."""
    zeros = init is not None and initializers.get(init).distribution == "zeros"
    p[...] = 0 if zeros else rng.normal(0.0, std, p.shape)
