"""How much each column matters: what answers lose when its cells are shuffled among the rows, again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.parallel import each
from tasou.formulas import importance
from tasou.language import say
from tasou.messages import Message
from tasou.shown import fragment, html_table
from tasou.tabular.measures import TITLES, Measure
from tasou.text import aligned, clip

Array = NDArray[Any]

MOST_ROWS, FEWEST_ROWS = 2_000, 256
MOST_ANSWERS = 1_000_000
"""rows that are asked in all, at most about so many"""
DRAWS = 400
HEAD = {"en": "column|importance|95 % interval", "ja": "列|重要度|95 % 区間"}
TITLE = {
    "en": "Importance: {unit} when a column is shuffled ({n} rows {where}, {repeats} times)",
    "ja": "重要度：列を並べ替えたときの{unit}（{where} {n} 行、{repeats} 回）",
}
KEPT_OUT = {"en": "kept out", "ja": "学習に使わなかった"}
GIVEN = {"en": "given", "ja": "渡された"}
COLUMNS = Message("kind.column_of_model", en="column", ja="列")


@dataclass(frozen=True, eq=False)
class Importances:
    """Columns, the most important first; ``print`` it, look at it in a notebook, or `tasou.plots.importances`.

    A column whose interval holds 0 may be of no use. Columns that say the same share their importance: where one is
    shuffled the other is still read.

    Attributes
    ----------
    names
        the columns of the table, as they were given
    mean
        (d,) how much the measure gets worse, on average
    low, high
        (d,) a 95 % interval of it: rows drawn again (bootstrap), each with the mean of all shufflings
    usual
        the measure without any shuffling
    measure
        what it is called, e.g. ``"log_loss"``
    n, repeats
        how many rows were asked, and how often each column was shuffled
    kept_out
        whether the rows were kept out of the members that were asked
    """

    names: list[str]
    mean: Array
    low: Array
    high: Array
    usual: float
    measure: str
    n: int
    repeats: int
    kept_out: bool = False

    def as_dict(self) -> dict[str, float]:
        """Column -> importance, the largest first."""
        return dict(zip(self.names, self.mean.tolist(), strict=True))

    @property
    def unit(self) -> Message:
        """What people call the measure."""
        return TITLES[self.measure]

    def title(self, lang: str | None = None) -> str:
        """What was done, in a line."""
        where = say(KEPT_OUT if self.kept_out else GIVEN, lang)
        return say(TITLE, lang, unit=self.unit.text(lang), n=self.n, where=where, repeats=self.repeats)

    def cells(self, lang: str | None = None) -> list[list[str]]:
        """The columns as rows of texts, the header first."""
        parts = zip(self.names, self.mean, self.low, self.high, strict=True)
        return [
            say(HEAD, lang).split("|"),
            *([clip(name, 36), f"{m:.4g}", f"{a:.3g} – {b:.3g}"] for name, m, a, b in parts),
        ]

    def text(self, lang: str | None = None) -> str:
        """A line for each column, in English or Japanese."""
        return f"{self.title(lang)}\n{aligned(self.cells(lang), right=(1, 2))}"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text("en")

    def _repr_html_(self) -> str:
        head, *rows = self.cells()
        return fragment(self.title(), html_table(head, rows, right=(1, 2)))


def rows_for(columns: int, repeats: int) -> int:
    """How many rows are asked of so many columns.

    >>> rows_for(14, 5), rows_for(500, 5)
    (2000, 400)
    """
    return max(FEWEST_ROWS, min(MOST_ROWS, MOST_ANSWERS // max(1, columns * repeats)))


def importances(
    answers: Callable[[Array], Array],
    X: Array,
    y: Array,
    names: Sequence[str],
    blocks: Sequence[slice],
    measure: Measure,
    *,
    weight: Array | None = None,
    repeats: int = 5,
    seed: int = 0,
    n_jobs: int = 1,
    kept_out: bool = False,
) -> Importances:
    """Shuffle the features of each column together, ``repeats`` times, and see what the answers lose.

    Parameters
    ----------
    answers
        what is said of prepared rows (n, d): (n, K)
    X, y
        prepared rows, and what is true of them
    names, blocks
        each column, and the features of X that come from it
    measure
        how answers are judged
    """
    rng = np.random.default_rng(seed)
    usual = measure.of_rows(answers(X), y)
    orders = [[rng.permutation(len(X)) for _ in range(repeats)] for _ in blocks]

    def shuffled(job: tuple[slice, list[Array]]) -> Array:
        block, drawn = job
        total = np.zeros(len(X))
        for order in drawn:
            changed = X.copy()
            changed[:, block] = X[order, block]
            total += measure.of_rows(answers(changed), y)
        return total / repeats

    worse = np.stack(each(shuffled, list(zip(blocks, orders, strict=True)), n_jobs=n_jobs), axis=1)
    v = np.ones(len(X)) if weight is None else weight
    draws = rng.multinomial(len(X), np.full(len(X), 1 / len(X)), DRAWS) * v
    whole = measure.whole
    spread = importance.differences(draws, worse, usual, whole, np)
    mean = importance.differences(v[None, :], worse, usual, whole, np)[0]
    low, high = np.quantile(spread, [0.025, 0.975], axis=0)
    order = np.argsort(-mean, kind="stable")
    return Importances(
        [names[j] for j in order],
        mean[order],
        low[order],
        high[order],
        float(whole(np.average(usual, weights=v))),
        measure.name,
        len(X),
        repeats,
        kept_out,
    )
