"""How new rows differ from those that were learnt from, column by column, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.formulas import drift
from tasou.messages import Message, Sentence
from tasou.tables import Preparation, Table
from tasou.tables.marginals import DAY, Marginal, moments, read
from tasou.tables.steps import Step

MISSING = Message(
    "drift.missing",
    en="column {column!r}: {now:.0%} of the cells have no value, in training it was {before:.0%}",
    ja="列 {column!r}：値のないセルが {now:.0%} あります（学習データでは {before:.0%}）",
)
BEYOND = Message(
    "drift.beyond",
    en="column {column!r}: values from {low} to {high}, in training from {least} to {largest}: what lies outside is "
    "answered as if it lay at the end or not far beyond",
    ja="列 {column!r}：値の範囲は {low} から {high} です（学習データでは {least} から {largest}）。"
    "範囲の外の値には、端かその少し先の値とみなして答えます",
)
SHIFTED = Message(
    "drift.shifted",
    en="column {column!r}: values are distributed otherwise than in training: the middle one is {now}, it was {before}",
    ja="列 {column!r}：値の分布が学習データと違います。中央値は {now} です（学習データでは {before}）",
)
NOVEL = Message(
    "drift.novel",
    en="column {column!r}: {now:.0%} of the cells hold texts without a level of their own, in training it was "
    "{before:.0%}",
    ja="列 {column!r}：学習時の水準にない文字列のセルが {now:.0%} あります（学習データでは {before:.0%}）",
)
LEVELS = Message(
    "drift.levels",
    en="column {column!r}: levels are distributed otherwise than in training: {name!r} has {now:.0%}, it "
    "had {before:.0%}",
    ja="列 {column!r}：水準の割合が学習データと違います。{name!r} は {now:.0%} です（学習データでは {before:.0%}）",
)
LEAST, FEWEST = 0.1, 30
"""a distance of distributions that is worth a word, and rows from which on one is spoken of"""


def notes(preparation: Preparation, table: Table) -> list[Sentence]:
    """How cells of new rows were read, and how the rows differ from those that were learnt from.

    >>> from tasou.tables import infer
    >>> found = Preparation.fit(t := Table({"x": np.arange(100.0) ** 2}), infer(t))
    >>> print(*notes(found, Table({"x": [5.0, 20_000.0]})))
    column 'x': values from 5 to 20000, in training from 0 to 9801: what lies outside ...
    """
    read = preparation.told(table)
    return [*preparation.notes(table), *told(preparation.steps, preparation.seen or (), read)]


def told(steps: Iterable[Step], before: Iterable[Marginal], table: Table) -> list[Sentence]:
    """A sentence for each thing that differs.

    >>> from tasou.tables import Preparation, infer
    >>> table = Table({"x": np.arange(100.0) ** 2})
    >>> found = Preparation.fit(table, infer(table))
    >>> print(*told(found.steps, found.seen, Table({"x": [5.0, 20_000.0]})))
    column 'x': values from 5 to 20000, in training from 0 to 9801: what lies outside ...
    """
    n = len(table)
    return [
        sentence
        for step, training in zip(steps, before, strict=False)
        for sentence in _of_column(training, Marginal.of(step, read(step, table)), n, step.cell.levels)
    ]


def of_missing(column: str, now: float, before: float, n: int) -> list[Sentence]:
    """Whether the share of cells without a value differs from that of training by more than chance, in n rows.

    >>> print(*of_missing("age", 0.5, 0.1, 100))
    column 'age': 50% of the cells have no value, in training it was 10%
    >>> of_missing("age", 0.12, 0.1, 100)
    []
    """
    return [MISSING(column=column, now=now, before=before)] if _differs(now - before, n) else []


def of_unseen(column: str, now: float, before: float, n: int) -> list[Sentence]:
    """The same of the share of cells with a text that no level is."""
    return [NOVEL(column=column, now=now, before=before)] if _differs(now - before, n) else []


def _differs(distance: float, n: int) -> bool:
    """Whether so many rows are enough to speak of a distance of two distributions."""
    return n >= FEWEST and abs(distance) > max(LEAST, float(drift.by_chance(n, np)))


def _of_column(before: Marginal, now: Marginal, n: int, levels: Collection[str]) -> list[Sentence]:
    found = of_missing(now.column, now.missing, before.missing, n)
    if not len(now.values) or not len(before.values):
        return found
    if before.kind == "level":
        return [*found, *(of_unseen(now.column, now.rest, before.rest, n) or _levels(before, now, n, levels))]
    if before.beyond(_units(now, np.array([now.low, now.high]))).any():
        ends = {"low": now.low, "high": now.high, "least": before.low, "largest": before.high}
        found.append(BEYOND(column=now.column, **{k: _written(now, v) for k, v in ends.items()}))
        return found
    own, other = now.shares / now.shares.sum(), before.shares / before.shares.sum()
    if _differs(float(drift.kolmogorov(now.values, own, before.values, other, np)), n):
        middles = (_written(one, _middle(one)) for one in (now, before))
        found.append(SHIFTED(column=now.column, **dict(zip(("now", "before"), middles, strict=True))))
    return found


def _levels(before: Marginal, now: Marginal, n: int, known: Collection[str]) -> list[Sentence]:
    """The level whose share differs most, where levels are distributed otherwise."""
    own, other = (dict(zip(one.values, one.shares / one.shares.sum(), strict=True)) for one in (now, before))
    names = [*dict.fromkeys([*own, *other])]
    shares, others = (np.array([part.get(name, 0.0) for name in names]) for part in (own, other))
    if not _differs(float(drift.total_variation(shares, others, np)), n):
        return []
    told = np.array([name in known for name in names])
    j = int(np.argmax(np.where(told, np.abs(shares - others), -1.0)))
    return [LEVELS(column=now.column, name=names[j], now=float(shares[j]), before=float(others[j]))]


def _units(one: Marginal, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers as `Marginal.beyond` takes them: dates as days."""
    return x / DAY if one.kind == "date" else x


def _middle(one: Marginal) -> float:
    place = np.searchsorted(np.cumsum(one.shares), one.shares.sum() / 2)
    return float(one.values[min(int(place), len(one.values) - 1)])


def _written(one: Marginal, value: Any) -> str:
    if one.kind == "date":
        return str(moments(np.array([value]))[0].astype("datetime64[D]"))
    return f"{value:.5g}"
