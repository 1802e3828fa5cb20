"""The verbs that layers are written in: what a backend does with arrays, and no mathematics beside sums and products.

A verb that is given ``into`` may write there and return it (NumPy does), or leave it alone and return a new array (an
immutable array library does). Whoever uses the verbs goes on with what they return.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Self

import numpy as np

Random = np.random.Generator | np.random.RandomState
"""a random stream, of NumPy's newer or older kind"""

Formula = Callable[..., Any]


class Verbs(Protocol):
    """What the layers of a network ask a backend to do; arrays have one row per sample of the batch."""

    def product(self, A: Any, B: Any, into: Any = None) -> Any:
        """A B, the matrix product; a factor that is given may be sparse."""

    def apply(self, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """formula(arrays…): of the shape of the first array."""

    def scaled(self, A: Any, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """A ⊙ formula(arrays…)."""

    def add(self, A: Any, B: Any, into: Any = None) -> Any:
        """A + B; a vector B is added to every row."""

    def times(self, A: Any, B: Any, into: Any = None) -> Any:
        """A ⊙ B; a vector B multiplies every row."""

    def total(self, A: Any, into: Any = None) -> Any:
        """The sum of the rows of A."""

    def zeros(self, like: Any, into: Any = None) -> Any:
        """Zeros of that shape."""

    def draw(self, formula: Formula, *constants: float, like: Any, into: Any = None) -> Any:
        """formula(draws, constants…) of draws from [0, 1), one per number of ``like``; ones where nothing is drawn."""

    def drawing_from(self, rng: Random | None) -> Self:
        """The same verbs, with a random stream to draw from: in training."""
