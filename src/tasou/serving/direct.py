"""A few rows without a table: each cell is read by itself, and the formulas of the preparation make features of it.

A table knows more, because its columns are read as a whole; to build one takes a hundred times as long as to predict a
row. So whatever a cell does not say alone (see `tasou.tables.alone`) sends all rows the long way, and both ways give
the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tasou.messages import Sentence
from tasou.serving import looking
from tasou.tables import Preparation, alone
from tasou.tables.alone import Alone
from tasou.tables.marginals import Marginal
from tasou.tables.scaling import Scaling
from tasou.tables.steps.numeric import NumericStep

Array = npt.NDArray[Any]

Tell = Callable[[Any, str], Sentence]
"""what is said of a cell: the step of its column, the cell"""

MOST_KEPT, LONGEST_KEPT = 1 << 12, 200
"""cells of a column that are remembered, and how long they are at most"""


@dataclass
class Seen:
    """Rows that said everything alone.

    Attributes
    ----------
    X
        (n, d) the features
    counts
        for each column how many cells are missing, unseen, outside
    noted
        what is to be said: the place of the column, the row, what says it of the cell
    """

    X: Array
    counts: list[dict[str, int]]
    noted: list[tuple[int, int, Tell]]


class Direct:
    """What reads rows of a model of a table.

    Parameters
    ----------
    preparation
        of the model
    dtype
        of the features
    """

    def __init__(self, preparation: Preparation, dtype: npt.DTypeLike) -> None:
        steps, marks = preparation.steps, preparation.missing
        seen = preparation.seen or [None] * len(steps)
        self.dtype, self.width = dtype, len(preparation.feature_names)
        self.steps, self.columns = steps, list[_Texts | _Numbers]()
        start, stacks = 0, dict[bool, list[_Place]]()
        for j, step in enumerate(steps):
            place = _Place(j, step, seen[j], start, alone.reader(step, marks))
            start += len(step.feature_names)
            if isinstance(step, NumericStep):
                stacks.setdefault(step.scaling.unit is None, []).append(place)
            else:
                self.columns.append(_Texts(place))
        self.columns += [_Numbers(places) for places in stacks.values()]

    def read(self, cells: Sequence[Sequence[str]]) -> Seen | None:
        """Rows whose cells stand in ``cells`` column by column; None where a cell does not say alone what it is."""
        found = Seen(np.empty((len(cells[0]), self.width), self.dtype), [{} for _ in self.steps], [])
        if not all(column.read(cells, found) for column in self.columns):
            return None
        found.noted.sort(key=lambda one: one[:2])
        return found


class _Place(NamedTuple):
    """A column: its place, its step, what training saw of it, the first of its features, and what reads a cell."""

    j: int
    step: Any
    seen: Marginal | None
    start: int
    alone: Callable[[str], Alone | None]


class _Cell(NamedTuple):
    features: Array
    missing: bool
    unseen: bool
    outside: bool
    note: Tell | None


class _Texts:
    """A column of texts that come again: what one says is remembered."""

    def __init__(self, place: _Place) -> None:
        self.place = place
        self.keep = place.step.cell.kind != "number"
        self.features = slice(place.start, place.start + len(place.step.feature_names))
        self.kept: dict[str, _Cell] = {}

    def read(self, cells: Sequence[Sequence[str]], found: Seen) -> bool:
        """Whether every cell said something."""
        j, counts, X = self.place.j, found.counts[self.place.j], found.X
        missing = unseen = outside = 0
        for i, text in enumerate(cells[j]):
            cell = self.kept.get(text) or self._look(text)
            if cell is None:
                return False
            X[i, self.features] = cell.features
            missing += cell.missing
            unseen += cell.unseen
            outside += cell.outside
            if cell.note is not None:
                found.noted.append((j, i, cell.note))
        counts |= {"missing": missing, "unseen": unseen, "outside": outside}
        return True

    def _look(self, text: str) -> _Cell | None:
        step, said = self.place.step, self.place.alone(text)
        if said is None:
            return None
        x = np.array([said.value])
        unseen = step.cell.kind == "level" and said.value < 0 and not said.missing
        beside = looking.outside(step, self.place.seen, x)
        note = looking.unseen if unseen else looking.taken_as_missing if said.beyond else None
        features = np.array([feature[0] for feature in step.features(x, np)])
        cell = _Cell(features, said.missing, unseen, beside is not None and bool(beside[0]), note)
        if self.keep and len(text) <= LONGEST_KEPT:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            self.kept[str(text)] = cell
        return cell


class _Numbers:
    """All columns of numbers that are scaled alike: the formula of one, over all of them at once."""

    def __init__(self, places: Sequence[_Place]) -> None:
        self.places = places
        steps: list[NumericStep] = [place.step for place in places]
        self.scaling = _stacked([step.scaling for step in steps])
        self.step = replace(steps[0], scaling=self.scaling, indicator=True)
        self.ends = _ends([place.seen for place in places])
        self.x_places = [place.start for place in places]
        self.told = [k for k, step in enumerate(steps) if step.indicator]
        self.flag_places = [places[k].start + 1 for k in self.told]

    def read(self, cells: Sequence[Sequence[str]], found: Seen) -> bool:
        """Whether every cell said something."""
        columns: list[list[float]] = []
        for place in self.places:
            read, values, missing = place.alone, list[float](), 0
            for i, text in enumerate(cells[place.j]):
                said = read(text)
                if said is None:
                    return False
                values.append(said.value)
                missing += said.missing
                if said.beyond:
                    found.noted.append((place.j, i, looking.taken_as_missing))
            columns.append(values)
            found.counts[place.j]["missing"] = missing
        x = np.array(columns).T
        found.X[:, self.x_places], flags = self.step.features(x, np)
        if self.told:
            found.X[:, self.flag_places] = flags[:, self.told]
        for place, number in zip(self.places, self._outside(x).sum(axis=0).tolist(), strict=True):
            found.counts[place.j]["outside"] = number
        return True

    def _outside(self, x: Array) -> Array:
        """(n, k) which numbers lie beyond their column's range in training."""
        if self.ends is None:
            return looking.beyond(self.scaling, x)
        low, high = self.ends
        return np.asarray((x < low) | (x > high))


def _ends(seen: Sequence[Marginal | None]) -> tuple[Array, Array] | None:
    """The ends of the columns' ranges, where the model knows what training saw."""
    if None in seen:
        return None
    low, high = np.array(
        [(-np.inf, np.inf) if one is None else one.ends or (-np.inf, np.inf) for one in seen]
    ).T
    return low, high


def _stacked(scalings: Sequence[Scaling]) -> Any:
    """The scalings of several columns as one of arrays, which its formulas take as they take numbers."""
    names = ("impute", "mean", "scale", "low", "high")
    parts: dict[str, Any] = {name: np.array([getattr(s, name) for s in scalings]) for name in names}
    units: Any = None if scalings[0].unit is None else np.array([s.unit for s in scalings])
    return Scaling(unit=units, **parts)
