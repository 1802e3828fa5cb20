"""What each column contributes to the answer for a row: Shapley values of the logit, or of the number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.parallel import each
from tasou.errors import TasouError
from tasou.formulas import blending, shapley
from tasou.language import say
from tasou.messages import Message
from tasou.shown import fragment, html_table
from tasou.tables import Preparation, Table, marginals
from tasou.tables.marginals import Marginals
from tasou.tabular.aims import Aim, Labels
from tasou.text import aligned, clip

Array = NDArray[Any]

NOT_KNOWN = Message(
    "tabular.marginals_not_known",
    en="the model was written before what training saw of each column was kept: train it again to see what columns "
    "contribute",
    ja="このモデルファイルには、学習時の各列の分布がありません（以前の版で書かれたため）。列の寄与を見るには、"
    "もう一度学習してください",
)
ORDERS = Message(
    "tabular.n_orders",
    en="n_orders must be a whole number of at least 1, not {n_orders!r}",
    ja="n_orders には1以上の整数を指定してください（{n_orders!r} でした）",
)
FEWEST, MOST = 8, 64
"""orders that are walked for each row, forward and backward counted"""
ANSWERS = 2_048
"""that are computed for each row, at most about so many"""
AT_ONCE = 8_192
"""rows that are asked at once"""
LEAST = 1e-300
HEAD = {"en": "column|contribution|± standard error", "ja": "列|寄与|± 標準誤差"}
TITLE = {"en": "Row {row}: {unit} {answer:.4g} = {base:.4g} (made-up rows) {sign} {rest:.4g} (columns)",
         "ja": "{row} 行目：{unit} {answer:.4g} = {base:.4g}（作った行の平均） {sign} {rest:.4g}（各列）"}  # fmt: skip
LOGIT = {"en": "logit of {name}", "ja": "{name} のロジット"}
NUMBER = {"en": "answer", "ja": "予測"}
WHOLE = {"en": "Mean size of contributions to {n} rows", "ja": "{n} 行への寄与の大きさの平均"}
SIZE = {"en": "column|mean size", "ja": "列|大きさの平均"}


@dataclass(frozen=True, eq=False)
class Contributions:
    """``values`` sum to ``answer - base``, row by row; ``print`` it, or look at it in a notebook.

    Attributes
    ----------
    names
        the columns of the table
    values
        (n, d) how much each column moves the answer away from ``base``; (n, d, K) where there are several
    base
        the mean answer for made-up rows; (K,) where there are several
    answer
        (n,) or (n, K) the logit (of two classes, of the second), or the number, as it is predicted
    error
        like ``values``: their standard error, as only some orders of the columns were tried
    outputs
        what the K answers are: classes, labels, targets or levels; one text where there is one answer
    logits
        whether answers are logits
    """

    names: list[str]
    values: Array
    base: Array
    answer: Array
    error: Array
    outputs: list[str]
    logits: bool

    def __len__(self) -> int:
        return len(self.values)

    def _of_row(self, row: int, k: int) -> tuple[Array, Array, float, float]:
        if self.values.ndim == 2:
            return self.values[row], self.error[row], float(self.base), float(self.answer[row])
        values, error = self.values[row, :, k], self.error[row, :, k]
        return values, error, float(self.base[k]), float(self.answer[row, k])

    def cells(self, row: int = 0, k: int = 0, lang: str | None = None) -> list[list[str]]:
        """The columns of one row as rows of texts, the largest contribution first, below a header."""
        values, error, *_ = self._of_row(row, k)
        order = np.argsort(-abs(values), kind="stable")
        lines = ([clip(self.names[j], 36), f"{values[j]:+.4g}", f"{error[j]:.2g}"] for j in order)
        return [say(HEAD, lang).split("|"), *lines]

    def title(self, row: int = 0, k: int = 0, lang: str | None = None) -> str:
        """The sum of one row."""
        values, _, base, answer = self._of_row(row, k)
        name = self.outputs[k]
        unit = say(LOGIT, lang, name=name) if self.logits else (name or say(NUMBER, lang))
        rest = float(values.sum())
        sign = "−" if rest < 0 else "+"
        return say(TITLE, lang, row=row, unit=unit, answer=answer, base=base, sign=sign, rest=abs(rest))

    def text(self, row: int = 0, k: int = 0, lang: str | None = None) -> str:
        """One row, and its answer k where there are several, in English or Japanese."""
        return f"{self.title(row, k, lang)}\n{aligned(self.cells(row, k, lang), right=(1, 2))}"

    def sizes(self, lang: str | None = None) -> str:
        """How large the contributions of each column are over all rows, the largest first."""
        size = np.abs(self.values).mean(axis=(0, 2) if self.values.ndim == 3 else 0)
        order = np.argsort(-size, kind="stable")
        lines = [say(SIZE, lang).split("|"), *([clip(self.names[j], 36), f"{size[j]:.4g}"] for j in order)]
        return f"{say(WHOLE, lang, n=len(self))}\n{aligned(lines, right=(1,))}"

    def __str__(self) -> str:
        return self.text() if len(self) == 1 else self.sizes()

    def __repr__(self) -> str:
        return self.text(lang="en") if len(self) == 1 else self.sizes("en")

    def _repr_html_(self) -> str:
        """The first row."""
        if not len(self):
            return fragment(repr(self))
        head, *rows = self.cells()
        return fragment(self.title(), html_table(head, rows, right=(1, 2)))


def seen_by(preparation: Preparation) -> Marginals:
    """What training saw of each column.

    Raises
    ------
    TasouError
        nobody knows: the model comes from a file of an older version
    """
    if preparation.seen is None or not preparation.seen.whole:
        raise TasouError(NOT_KNOWN)
    return preparation.seen


def orders_for(columns: int) -> int:
    """How many orders are walked for so many columns: an even number.

    >>> orders_for(8), orders_for(64), orders_for(500)
    (64, 32, 8)
    """
    return max(FEWEST, min(MOST, ANSWERS // max(1, columns) // 2 * 2))


def logits(aim: Aim, said: Array) -> Array:
    """(n, K) what contributions add up to, of what an ensemble says.

    Of two classes the logit of the second alone.
    """
    if aim.of_classes:
        z = shapley.centred(blending.logarithms(said, np, least=LEAST), np)
        return np.asarray(z[:, 1:] - z[:, :1] if said.shape[1] == 2 else z)
    if isinstance(aim, Labels):
        yes, no = (blending.logarithms(p, np, least=np.finfo(float).eps) for p in (said, 1 - said))
        return np.asarray(yes - no)
    return said


def explained(
    answers: Callable[[Array], Array],
    preparation: Preparation,
    table: Table,
    outputs: list[str],
    *,
    logits: bool,
    n_orders: Any = None,
    seed: int = 0,
    n_jobs: int = 1,
) -> Contributions:
    """Those of each column of a table to ``answers`` for its rows, which are asked of prepared ones: (n, K).

    The ways begin at rows made up of what training saw of each column. ``outputs`` names the K answers, and ``logits``
    says whether they are logits.
    """
    if n_orders is not None and not (isinstance(n_orders, int | np.integer) and n_orders > 0):
        raise TasouError(ORDERS, n_orders=n_orders)
    steps, names = preparation.steps, preparation.columns
    rows = preparation.transform(table)
    pairs = max(1, int(n_orders or orders_for(len(steps))) // 2)
    begin = preparation.transform(marginals.made_up(seen_by(preparation), pairs, np.random.default_rng(seed)))
    last, first = answers(rows), answers(begin)
    blocks = marginals.blocks(steps)
    values, error = contributions(
        answers, rows, begin, blocks, last=last, first=first, seed=seed, n_jobs=n_jobs
    )
    base = first.mean(axis=0)
    if last.shape[1] == 1:
        values, error, base, last = values[..., 0], error[..., 0], base[0], last[:, 0]
    return Contributions(names, values, base, last, error, outputs, logits)


def contributions(
    answers: Callable[[Array], Array],
    X: Array,
    background: Array,
    blocks: Sequence[slice],
    *,
    last: Array,
    first: Array,
    seed: int = 0,
    n_jobs: int = 1,
) -> tuple[Array, Array]:
    """(n, D, K) Shapley values of prepared rows X (n, d), and their standard errors.

    Parameters
    ----------
    answers
        what is said of prepared rows: (n, K)
    background
        (M, d) prepared rows where the ways begin, one order each, walked forward and backward
    blocks
        the features that come from each of the D columns
    last, first
        (n, K) and (M, K) what is said of X and of the background: the ends of all ways, so that sums are exact
    """
    rng = np.random.default_rng(seed)
    D, M = len(blocks), len(background)
    orders = [rng.permutation(D) for _ in range(M)]
    ways = [(m, order) for m in range(M) for order in (orders[m], orders[m][::-1])]
    of = np.repeat(np.arange(D), [block.stop - block.start for block in blocks])
    joined = np.stack([np.argsort(order) for _, order in ways])  # when each column joins
    between = [np.arange(1, D)[:, None] > when[of] for when in joined]
    masks = np.concatenate(between) if D > 1 else np.zeros((0, len(of)), bool)
    begins = background[np.repeat([m for m, _ in ways], max(0, D - 1))]

    def row(i: int) -> tuple[Array, Array]:
        said = _asked(answers, np.where(masks, X[i], begins)) if len(masks) else np.zeros((0, last.shape[1]))
        inside = said.reshape(len(ways), -1, last.shape[1])
        gained = [
            shapley.gains(np.concatenate([first[m : m + 1], part, last[i : i + 1]]), order, np)
            for (m, order), part in zip(ways, inside, strict=True)
        ]
        pairs = np.stack(gained).reshape(M, 2, D, -1).mean(axis=1)
        error = pairs.std(axis=0, ddof=1) / np.sqrt(M) if M > 1 else np.full(pairs.shape[1:], np.nan)
        return pairs.mean(axis=0), error

    found = each(row, range(len(X)), n_jobs=n_jobs)
    shape = (len(X), D, last.shape[1])
    values, errors = (np.array([part[j] for part in found]).reshape(shape) for j in range(2))
    return values, errors


def _asked(answers: Callable[[Array], Array], X: Array) -> Array:
    return np.concatenate([answers(X[at : at + AT_ONCE]) for at in range(0, len(X), AT_ONCE)])
