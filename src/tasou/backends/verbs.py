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
    """What the layers of a network ask a backend to do; arrays have one row per sample of the batch.

    Between layers a batch is always a matrix, a row per sample. Inside a layer it may be `reshaped`: an image of height
    × width × channels, a sequence of time × features. Wherever several arrays meet they are broadcast as in NumPy: a
    vector stands for every row, and a column (n, 1) for all numbers of its row.
    """

    def product(self, A: Any, B: Any, into: Any = None) -> Any:
        """A B, the matrix product, of matrices or of stacks of them; a factor that is given may be sparse."""

    def apply(self, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """formula(arrays…): of the shape of all arrays together."""

    def scaled(self, A: Any, formula: Formula, *arrays: Any, into: Any = None) -> Any:
        """A ⊙ formula(arrays…)."""

    def add(self, A: Any, B: Any, into: Any = None) -> Any:
        """A + B; a vector B is added to every row."""

    def times(self, A: Any, B: Any, into: Any = None) -> Any:
        """A ⊙ B; a vector B multiplies every row."""

    def total(self, A: Any, into: Any = None) -> Any:
        """The sum of the rows of A: over all axes but the last."""

    def zeros(self, like: Any, into: Any = None) -> Any:
        """Zeros of that shape."""

    def draw(self, formula: Formula, *constants: float, like: Any, into: Any = None) -> Any:
        """formula(draws, constants…) of draws from [0, 1), one per number of ``like``; ones where nothing is drawn."""

    def constant(self, values: Any, like: Any) -> Any:
        """Numbers that a card holds, as an array of the dtype of ``like``."""

    # --- numbers moved about -----------------------------------------------------------------------------------------

    def joined(self, *arrays: Any, into: Any = None) -> Any:
        """The arrays side by side, along the last axis."""

    def take(self, A: Any, index: Any, into: Any = None) -> Any:
        """A[…, index]: columns of A, of which one may be taken several times."""

    def put(self, G: Any, index: Any, width: int, into: Any = None) -> Any:
        """The way back of `take`: each column of G added to the one of ``width`` that it was taken from."""

    def pick(self, E: Any, codes: Any, into: Any = None) -> Any:
        """E[codes]: a row of the table E for every code, a whole number that may be stored as a float."""

    def spread(self, G: Any, codes: Any, rows: int, into: Any = None) -> Any:
        """The way back of `pick`: each entry of G added to the one of so many ``rows`` that its code names."""

    # --- views: no number is moved -----------------------------------------------------------------------------------

    def reshaped(self, A: Any, *shape: int) -> Any:
        """The numbers of A in another shape, -1 for what follows from the others; the first axis along the rows."""

    def columns(self, A: Any, start: int, stop: int) -> Any:
        """A[…, start:stop]."""

    def drawing_from(self, rng: Random | None) -> Self:
        """The same verbs, with a random stream to draw from: in training."""
