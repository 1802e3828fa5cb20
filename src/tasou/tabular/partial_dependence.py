"""What becomes of the answer when one column is set to a value in every row, value by value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.language import say
from tasou.shown import fragment, html_table
from tasou.text import aligned, clip

Array = NDArray[Any]

MADE_UP_ROWS = 256
MOST_ROWS = 1_000
"""rows that are asked at each value, at most"""
MOST_VALUES = 24
TITLE = {"en": "Partial dependence on {column}", "ja": "{column} への部分依存"}
MISSING = {"en": "(missing)", "ja": "（欠損）"}


@dataclass(frozen=True, eq=False)
class PartialDependence:
    """The mean answer over rows, at each value of a column; ``print`` it, or draw it: `tasou.plots.partial_dependence`.

    Attributes
    ----------
    column, kind
        the column; ``"number"``, ``"date"`` or ``"level"``
    values
        (G,) what it was set to, evenly of what training saw; levels by frequency
    average
        (G, K) the mean answer: probabilities of classes, or numbers
    individual
        (n, G, K) the answer for each row
    outputs
        (K,) what the answers are: of two classes the second alone
    """

    column: str
    kind: str
    values: Array
    average: Array
    individual: Array
    outputs: list[str]

    @property
    def labels(self) -> list[str]:
        """The values as texts."""
        if self.kind == "number":
            return [f"{value:.5g}" for value in self.values]
        return [str(value.astype("datetime64[D]") if self.kind == "date" else value) for value in self.values]

    def cells(self, lang: str | None = None) -> list[list[str]]:
        """The values as rows of texts, the header first."""
        rows = zip(self.labels, self.average, strict=True)
        return [
            [self.column, *self.outputs],
            *([clip(label, 36) or say(MISSING, lang), *(f"{a:.4g}" for a in said)] for label, said in rows),
        ]

    def text(self, lang: str | None = None) -> str:
        """A line for each value, in English or Japanese."""
        lines = aligned(self.cells(lang), right=range(1, 1 + len(self.outputs)))
        return f"{say(TITLE, lang, column=self.column)}\n{lines}"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text("en")

    def _repr_html_(self) -> str:
        head, *rows = self.cells()
        title = say(TITLE, column=self.column)
        return fragment(title, html_table(head, rows, right=range(1, 1 + len(self.outputs))))


def curves(answers: Callable[[Array], Array], X: Array, block: slice, values: Array) -> Array:
    """(n, G, K) the answers for prepared rows X (n, d) with the features of one column set to each of ``values``.

    ``values`` (G, width of the block) are prepared, too.

    >>> found = curves(lambda X: X.sum(axis=1, keepdims=True), np.eye(2), slice(0, 1), np.array([[5.0], [7.0]]))
    >>> found[..., 0].tolist()
    [[5.0, 7.0], [6.0, 8.0]]
    """
    found = []
    for value in values:
        changed = X.copy()
        changed[:, block] = value
        found.append(answers(changed))
    return np.stack(found, axis=1)
