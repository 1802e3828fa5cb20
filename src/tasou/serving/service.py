"""What answers rows: a model of a table, an estimator, or a network, all asked in the same way."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.errors import ModelFileError
from tasou.formulas import probabilities
from tasou.messages import Message, Sentence
from tasou.models.made_up import ensemble_of, network_of, preparation_of
from tasou.models.table_model import TableModel
from tasou.network import Network
from tasou.serving import looking
from tasou.serving.body import Rows
from tasou.serving.direct import Direct, Tell
from tasou.serving.drift import Drift
from tasou.serving.looking import Look, short
from tasou.serving.problems import MOST, RowsError, Told
from tasou.tables import Preparation, Table, alone
from tasou.tables.headings import plain_name
from tasou.tables.spelling.numbers import spelled
from tasou.tables.targets import NumberTarget
from tasou.tabular.ensemble import Ensemble

NOT_SERVED = Message(
    "serving.not_served",
    en="a {name} predicts nothing that could be served",
    ja="{name} は予測をしないので、公開できません",
)
NO_NUMBER = Message(
    "serving.no_number",
    en="column {column!r} must hold numbers, but here it says {cell!r}",
    ja="列 {column!r} は数値でなければなりませんが、{cell!r} と書かれています",
)
NO_DATE = Message(
    "serving.no_date",
    en="column {column!r} must hold dates, but here it says {cell!r}",
    ja="列 {column!r} は日付でなければなりませんが、{cell!r} と書かれています",
)
Array = npt.NDArray[Any]

SMALL = 200_000
"""parameters up to which a few rows are answered where they arrive"""
FEW = 64
"""rows that are read cell by cell; for more of them a table is faster"""


@dataclass(frozen=True)
class Input:
    """A column that is asked for, for whoever writes a client."""

    name: str
    kind: str
    """``"number"``, ``"date"`` or ``"level"``"""
    levels: tuple[str, ...] = ()


@dataclass
class Answer:
    """What is said of the rows of one request."""

    predictions: list[dict[str, Any]]
    notes: Told
    drift: Drift | None = None


@dataclass
class Service(ABC):
    """A model that answers rows of texts."""

    model: Any
    inputs: list[Input] = field(init=False)
    known: set[str] = field(init=False, default_factory=set)
    """columns that may be there, though nothing is read of them"""
    drift: Drift | None = field(init=False, default=None)
    """counted since the start; None where the model knows nothing of its training's columns"""

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.inputs]

    @abstractmethod
    def answer(self, table: Table, notes: Told, *, drift: bool = False) -> Answer:
        """Predict; `RowsError` where a cell does not fit, with its row."""

    @abstractmethod
    def answer_rows(self, rows: Rows, notes: Told, *, drift: bool = False) -> Answer:
        """The same, of rows that are no table yet."""

    @property
    def small(self) -> bool:
        """Whether a few rows are a matter of a millisecond."""
        network = network_of(self.model)
        return network is not None and network.theta.size < SMALL


class TableService(Service):
    """A model of a table: what ``tasou train`` writes, or a `TableClassifier` or `TableRegressor`."""

    def __init__(self, model: Any, preparation: Preparation, ensemble: Ensemble) -> None:
        super().__init__(model)
        self.preparation, self.ensemble = preparation, ensemble
        self.steps = preparation.steps
        self.inputs = [_input(step) for step in self.steps]
        self.known = {plain_name(name) for name in _not_read(model)}
        self.drift = Drift(preparation)
        self.seen = self.drift.seen
        self.direct = Direct(preparation, ensemble.dtype)
        self.commas = {step.column for step in self.steps if _decimal(step) == ","}

    @property
    def small(self) -> bool:
        """See `Service.small`; of all members together."""
        return sum(network.theta.size for member in self.ensemble.members for network in member) < SMALL

    def answer(self, table: Table, notes: Told, *, drift: bool = False) -> Answer:
        """See `Service.answer`."""
        table = self.preparation.told(table)
        looks = [looking.look(step, seen, table) for step, seen in zip(self.steps, self.seen, strict=True)]
        wrong = Told()
        for step, seen in zip(self.steps, looks, strict=True):
            _tell(step, seen, table, wrong, notes)
        if wrong:
            raise RowsError(wrong)
        X = self.preparation.transform(table, self.ensemble.dtype)
        return self._answer(X, [seen.counts() for seen in looks], notes, drift)

    def answer_rows(self, rows: Rows, notes: Told, *, drift: bool = False) -> Answer:
        """See `Service.answer_rows`; a few rows go without a table where every cell says alone what it is."""
        seen = self.direct.read(rows.cells) if len(rows) <= FEW else None
        if seen is None:
            return self.answer(rows.table(self.commas), notes, drift=drift)
        for j, i, tell in seen.noted:
            notes.say(i, self.steps[j].column, tell(self.steps[j], rows.cells[j][i]))
        return self._answer(seen.X, seen.counts, notes, drift)

    def _answer(self, X: Array, counts: list[dict[str, int]], notes: Told, drift: bool) -> Answer:
        predictions = self._predictions(X)
        assert self.drift is not None
        self.drift.add(counts, len(X))
        own = None
        if drift:
            own = Drift(self.preparation)
            own.add(counts, len(X))
        return Answer(predictions, notes, own)

    def _predictions(self, X: Array) -> list[dict[str, Any]]:
        said, model = self.ensemble.predict(X), self.model
        if isinstance(model, TableModel):
            goal = model.goal
            if isinstance(goal, NumberTarget):
                return [{"value": _finite(value)} for value in goal.decode(said.ravel()).tolist()]
            return _classes(goal.decode(probabilities.classes(said, np)), said, goal.classes)
        found = model._answered(said)
        if not hasattr(model, "classes_"):
            key = "value" if found.ndim == 1 else "values"
            return [{key: _numbers(row)} for row in found.tolist()]
        if found.ndim == 1:
            return _classes(found, said, model.classes_.tolist())
        names = [str(value) for value in model.classes_.tolist()]
        return [
            {"labels": labels, "probabilities": dict(zip(names, _numbers(row), strict=True))}
            for labels, row in zip(found.tolist(), said.tolist(), strict=True)
        ]


class NumbersService(Service):
    """An estimator or a network: every column is a number."""

    def __init__(self, model: Any, network: Network) -> None:
        names = getattr(model, "feature_names_in_", None)
        if names is not None:  # the names are checked here, and rows come as a bare array
            model = copy(model)
            del model.feature_names_in_
        super().__init__(model)
        if names is None:
            names = [f"x{j + 1}" for j in range(network.sizes[0])]
        self.inputs = [Input(plain_name(str(name)), "number") for name in names]
        self.network = network

    def answer(self, table: Table, notes: Told, *, drift: bool = False) -> Answer:
        """See `Service.answer`; missing cells are refused, too."""
        X = np.empty((len(table), len(self.inputs)), self.network.dtype)
        wrong = Told()
        for j, column in enumerate(self.inputs):
            cells = table.column(column.name)
            with np.errstate(over="ignore"):
                X[:, j] = cells.as_numbers().values
            for i in np.flatnonzero(~np.isfinite(X[:, j])).tolist():
                wrong.say(i, column.name, NO_NUMBER(column=column.name, cell=short(cells.cell(i))))
        if wrong:
            raise RowsError(wrong)
        return Answer(self._predictions(X), notes)

    def answer_rows(self, rows: Rows, notes: Told, *, drift: bool = False) -> Answer:
        """See `Service.answer_rows`."""
        X = self._read(rows) if len(rows) <= FEW else None
        if X is None:
            return self.answer(rows.table(), notes, drift=drift)
        return Answer(self._predictions(X), notes)

    def _read(self, rows: Rows) -> Array | None:
        """X (n, d) where every cell says alone that it is a number."""
        columns = []
        for texts in rows.cells:
            cells = [alone.of_number(text) for text in texts]
            if any(cell is None or cell.missing for cell in cells):
                return None
            columns.append([cell.value for cell in cells if cell])
        with np.errstate(over="ignore"):
            X = np.array(columns, self.network.dtype).T
        return X if np.isfinite(X).all() else None

    def _predictions(self, X: Array) -> list[dict[str, Any]]:
        if self.model is self.network:
            return [{"output": _numbers(row)} for row in self.network.predict(X).tolist()]
        classes = getattr(self.model, "classes_", None)
        found = self.model.predict(X)
        if classes is None:
            key = "value" if found.ndim == 1 else "values"
            return [{key: _numbers(row)} for row in found.tolist()]
        if found.ndim == 1 and hasattr(self.model, "predict_proba"):
            return _classes(found, self.model.predict_proba(X), classes.tolist())
        key = "label" if found.ndim == 1 else "labels"
        return [{key: row} for row in found.tolist()]


def service_of(model: Any) -> Service:
    """What serves a model: of a table, an estimator, a network, or the network of a training.

    Raises
    ------
    ModelFileError
        it is something else

    Examples
    --------
    >>> from tasou.tables import Preparation, Table, alone
    >>> service = service_of(Network((2, 1), rng=0))
    >>> service.columns, service.answer(Table({"x1": [0.0], "x2": [0.0]}), Told()).predictions
    (['x1', 'x2'], [{'output': [1.0]}])
    """
    preparation, ensemble = preparation_of(model), ensemble_of(model)
    if preparation is not None and ensemble is not None:
        return TableService(model, preparation, ensemble)
    network = network_of(model)
    if network is None:
        raise ModelFileError(NOT_SERVED, name=type(model).__name__)
    own = hasattr(model, "predict") and not isinstance(model, Network)
    return NumbersService(model if own else network, network)


def _not_read(model: Any) -> list[str]:
    """Columns that the model knows and does not read."""
    if isinstance(model, TableModel):
        return [model.goal.column, *model.unused]
    return [str(name) for name in getattr(model, "feature_names_in_", ())]


def _decimal(step: Any) -> str:
    return step.notation.decimal if step.cell.kind == "number" else "."


def _input(step: Any) -> Input:
    levels = tuple(level for level in getattr(step, "levels", ()) if level)
    return Input(step.column, step.cell.kind, levels)


def _tell(step: Any, seen: Look, table: Table, wrong: Told, notes: Told) -> None:
    """What is to be said of a column's cells, by row."""
    if seen.strange is not None and seen.strange.any():
        into, tell = (notes, looking.taken_as_missing) if step.lenient else (wrong, _refused)
        _each(into, tell, seen.strange, table, step)
    if seen.beyond is not None and seen.beyond.any():
        _each(notes, looking.taken_as_missing, seen.beyond, table, step)
    if seen.unseen is not None and seen.unseen.any():
        _each(notes, looking.unseen, seen.unseen, table, step)


def _refused(step: Any, cell: str) -> Sentence:
    """A cell that is no number, or no date, and must be one."""
    return (NO_DATE if step.cell.kind == "date" else NO_NUMBER)(column=step.column, cell=short(cell))


def _each(into: Told, tell: Tell, rows: npt.NDArray[np.bool_], table: Table, step: Any) -> None:
    column, found = table.column(step.column), np.flatnonzero(rows).tolist()
    for i in found[:MOST]:
        into.say(i, step.column, tell(step, column.cell(i)))
    into.count(len(found[MOST:]))


def _classes(labels: Array, p: Array, classes: Any) -> list[dict[str, Any]]:
    names = [spelled(value) if isinstance(value, float) else str(value) for value in classes]
    return [
        {"label": label, "probabilities": dict(zip(names, _numbers(row), strict=True))}
        for label, row in zip(labels.tolist(), p.tolist(), strict=True)
    ]


def _numbers(values: Any) -> Any:
    return [_finite(value) for value in values] if isinstance(values, list) else _finite(values)


def _finite(value: Any) -> Any:
    """A number, or nothing where it is beyond all numbers, which JSON cannot say."""
    return value if not isinstance(value, float) or math.isfinite(value) else None
