"""What TableClassifier and TableRegressor share: the road from a raw table to an ensemble, and what is said of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.utils import check_array, check_random_state, column_or_1d
from sklearn.utils.validation import (
    _check_sample_weight,
    check_consistent_length,
    check_is_fitted,
    validate_data,
)

from tasou.ensembles.choice import Choice
from tasou.ensembles.folds import periods
from tasou.errors import TableError, TasouError, warn
from tasou.estimators._shown import ShowsWhatItLearnt
from tasou.messages import Message, Sentence
from tasou.tables import Preparation, Roles, Table, infer
from tasou.tables.inference import NOTHING_TO_LEARN_FROM
from tasou.tables.kind import Kind
from tasou.tabular import drift, plain, presets
from tasou.tabular._said import Said
from tasou.tabular._shown import Members, table_learnt
from tasou.tabular.aims import Aim
from tasou.tabular.controls import Controls
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.parts import Parts
from tasou.tabular.telling import teller

Array = NDArray[Any]

NOTHING = Message(
    "tabular.nothing",
    en="no column of X tells anything ({unused:list}): every row gets the same answer",
    ja="X には学習に使える列がありません（{unused:list}）。どの行にも同じ答えを返します",
)
CONSTANT = Message(
    "tabular.constant_target",
    en="y is {value} in every row: there is nothing to learn, and every row gets this answer",
    ja="y はどの行でも {value} です。学習することがないので、どの行にもこの値を答えます",
)
NO_ROWS = Message(
    "tabular.no_rows",
    en="Found array with 0 sample(s) (shape=(0, {columns})) while a minimum of 1 is required: X has no row",
    ja="X に行がありません（0 sample(s)、{columns} 列）",
)
MISSING_COLUMNS = Message(
    "tabular.missing_columns",
    en="Feature names seen at fit time, yet now missing: {names:list}",
    ja="学習のときにあった列がありません：{names:list}",
)
UNUSED = Message("tabular.unused", en="{column}: {because}", ja="{column}：{because}")
NEGATIVE_WEIGHT = Message(
    "tabular.negative_weight",
    en="sample_weight must not be negative: row {row} has {value}",
    ja="sample_weight に負の値は使えません（{row} 行目が {value}）",
)
NO_WEIGHT = Message(
    "tabular.no_weight",
    en="sample_weight is zero everywhere: there is nothing to learn from",
    ja="sample_weight がすべて 0 です。学習に使える行がありません",
)
TIME = Message(
    "tabular.time_limit",
    en="time_limit must be a number of seconds above 0, not {value!r}",
    ja="time_limit には 0 より大きい秒数を指定してください（{value!r} でした）",
)
TOGETHER = Message(
    "tabular.validation_together",
    en="X_val and y_val belong together: give both or neither",
    ja="X_val と y_val は一緒に指定してください（または両方とも省く）",
)
VALIDATION_TWICE = Message(
    "tabular.validation_twice",
    en="rows of your own to validate on (X_val) leave nothing for groups or time to keep out: give one or the other",
    ja="検証用の行（X_val）を指定したときは、groups や time で除いておく行はありません。どちらか一方を指定してください",
)
PERIODS = 16
"""periods into which the rows are cut where ``time`` is given: each is kept out as a whole"""


class BaseTable(Said, ShowsWhatItLearnt, BaseEstimator):
    """An ensemble that learns a raw table."""

    roles_: Roles | None
    _preparation: Preparation | None
    _ensemble: Ensemble | None

    def __init__(
        self,
        preset: str,
        categorical: Any,
        numeric: Any,
        drop: Any,
        time_limit: float | None,
        verbose: Any,
        callbacks: Any,
        random_state: Any,
        n_jobs: int | None,
    ) -> None:
        self.preset = preset
        self.categorical = categorical
        self.numeric = numeric
        self.drop = drop
        self.time_limit = time_limit
        self.verbose = verbose
        self.callbacks = callbacks
        self.random_state = random_state
        self.n_jobs = n_jobs

    # --- the rows ----------------------------------------------------------------------------------------------------

    def _table(self, X: Any, *, reset: bool) -> Table:
        """X as a table: frames and dicts by their columns' names, arrays by their places."""
        if not _is_named(X):
            X = check_array(
                X, dtype=None, ensure_all_finite=False, estimator=self, input_name="X", ensure_min_samples=1
            )
            validate_data(self, X, reset=reset, skip_check_array=True)
            return Table.from_frame(X, source="X")
        if isinstance(X, dict):
            X = {str(name): np.asarray(cells) for name, cells in X.items()}
            self._note_names(list(X), reset)
        elif isinstance(X, Table):
            self._note_names(X.names, reset)
        else:
            validate_data(self, X, reset=reset, skip_check_array=True)
        table = Table.from_frame(X, source="X")
        if len(table) == 0:
            raise TasouError(NO_ROWS, columns=len(table.names))
        return table

    def _note_names(self, names: Sequence[str], reset: bool) -> None:
        """The names of the columns of a dict or a `Table`, which scikit-learn does not look at."""
        if reset:
            self.feature_names_in_ = np.array(names, dtype=object)
            self.n_features_in_ = len(names)
        elif missing := [name for name in self.feature_names_in_ if name not in names]:
            raise TasouError(MISSING_COLUMNS, names=missing)

    def _roles(self, table: Table) -> Roles | None:
        """What each column is for; None where none tells anything."""
        asked = {
            role: [str(name) for name in _several(names)]
            for role, names in (
                ("categorical", self.categorical),
                ("numeric", self.numeric),
                ("drop", self.drop),
            )
        }
        try:
            return infer(table, **asked)  # type: ignore[arg-type]
        except TableError as error:
            if error.code != NOTHING_TO_LEARN_FROM.code:
                raise
            return None

    def _weights(self, sample_weight: Any, n: int) -> Array | None:
        if sample_weight is None:
            return None
        weight = np.asarray(_check_sample_weight(sample_weight, np.empty((n, 0)), dtype=np.float64))
        if (weight < 0).any():
            row = int(np.argmax(weight < 0))
            raise TasouError(NEGATIVE_WEIGHT, row=row, value=float(weight[row]))
        if not weight.any():
            raise TasouError(NO_WEIGHT)
        return np.asarray(weight / weight.mean())

    def _learnt_html(self) -> str:
        return table_learnt(self)

    # --- learning ----------------------------------------------------------------------------------------------------

    def _learn(
        self, table: Table, y: Array, aim: Aim, parts: Parts, judging: tuple[Table, Array] | None = None
    ) -> Self:
        """Prepare the table, learn the ensemble; ``judging``: rows of the user's own that are kept out."""
        presets.check(self.preset)
        alone, controls = self.preset == presets.PLAIN, self._controls()
        self.roles_ = self._roles(table)
        self._ensemble, self._preparation = None, None
        constant = len(y) > 1 and bool((y == y[:1]).all())
        if not constant and self.roles_ is not None and self.roles_.features:
            preparation = Preparation.fit(table, self.roles_, robust=not alone)
            if preparation.feature_names:
                self._preparation = preparation
                rows = preparation.transform(table, forget=True)
                if judging is not None:
                    rows = np.concatenate([rows, preparation.transform(judging[0])])
                    y = np.concatenate([y, judging[1]])
                    parts = parts.judged_by(len(judging[1]))
                aim, told = self._suited(aim, rows, y, preparation.kinds, parts)
                if alone:
                    self._ensemble = plain.fit(rows, y, plain.aim_of(aim), parts=parts, controls=controls)
                else:
                    self._ensemble = Ensemble.fit(
                        rows,
                        y,
                        preparation.kinds,
                        aim,
                        presets.get(self.preset),
                        parts=parts,
                        controls=controls,
                    )
                self._ensemble.effort = [*self._ensemble.effort, *told]
                judged = slice(-parts.judging or None, None)
                self._look_back(table, rows[judged], y[judged], parts.of(judged))
        if constant:
            warn(CONSTANT, stacklevel=3, value=self._written(y[0]))
        elif self._ensemble is None:
            unused = [] if self.roles_ is None else list(self.roles_.columns)
            told = [UNUSED(column=c.name, because=c.because) for c in unused]
            warn(NOTHING, stacklevel=3, unused=told or list(table.names))
        return self

    def _suited(
        self, aim: Aim, rows: Array, y: Array, kinds: Sequence[Kind], parts: Parts
    ) -> tuple[Aim, list[Sentence]]:
        """The aim as these rows want it, and what is to be said of that."""
        return aim, []

    def _written(self, target: Array) -> str:
        """A target as the user gave it."""
        return ", ".join(f"{value:g}" for value in np.atleast_1d(target).tolist())

    def _controls(self) -> Controls:
        """Seed, threads, time, and who is told."""
        limit: Any = self.time_limit
        if limit is not None and not (isinstance(limit, Real) and float(limit) > 0):
            raise TasouError(TIME, value=limit)
        return Controls(
            seed=int(check_random_state(self.random_state).randint(2**31 - 1)),
            n_jobs=_jobs(self.n_jobs),
            n_threads=None if self.n_jobs is None else 1,
            seconds=None if limit is None else float(limit),
            callbacks=self.callbacks if callable(self.callbacks) else lambda j: self.callbacks or (),
            teller=teller(self.verbose),
        )

    def _judging(self, X_val: Any, y_val: Any, *others: Any) -> Table | None:
        """The table of the user's own validation rows, which stand alone."""
        if (X_val is None) != (y_val is None):
            raise TasouError(TOGETHER)
        if X_val is not None and any(other is not None for other in others):
            raise TasouError(VALIDATION_TWICE)
        return None if X_val is None else self._table(X_val, reset=False)

    def _answers(self, X: Any, otherwise: Array) -> Array:
        """(n, K) what the ensemble says; ``otherwise`` (K,) where there was nothing to learn from."""
        check_is_fitted(self, "roles_")
        table = self._table(X, reset=False)
        if self._ensemble is None or self._preparation is None:
            return np.tile(otherwise, (len(table), 1))
        return self._ensemble.predict(self._preparation.transform(table), _jobs(self.n_jobs))

    def _threads(self) -> int:
        return _jobs(self.n_jobs)

    @property
    def members_(self) -> Members:
        """The networks: ``members_[j][m]`` is member j as it stood at the m-th moment that was chosen."""
        return Members([] if self._ensemble is None else self._ensemble.members)

    @property
    def choice_(self) -> Choice | None:
        """Which moments, how much of the linear model, what temperature; None where there was nothing to learn."""
        return None if self._ensemble is None else self._ensemble.choice

    @property
    def notes_(self) -> list[Sentence]:
        """What is to be known of the answers, as sentences; `notes` tells of new rows."""
        return []

    @property
    def effort_(self) -> list[Sentence]:
        """What was done: members, epochs, batches; and what was given up for many rows or for ``time_limit``."""
        return [] if self._ensemble is None else self._ensemble.effort

    def notes(self, X: Any) -> list[Sentence]:
        """How the rows of X differ from those that were learnt from.

        Levels never seen, cells read otherwise, values beyond the range of training; from 30 rows on also how many
        cells have no value, and whether values and levels are distributed otherwise, where chance does not explain it.
        A list of sentences; ``str`` of one is English, ``.text("ja")`` Japanese.
        """
        check_is_fitted(self, "roles_")
        if self._preparation is None or self._ensemble is None:
            return []
        table = self._table(X, reset=False)
        told = drift.told(
            self._preparation.steps, self._preparation.seen or (), self._preparation.told(table)
        )
        return [*self._preparation.notes(table), *told]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "roles_")


def _several(names: Any) -> Iterable[Any]:
    """The names of columns that somebody gave: none, one, or several."""
    return () if names is None else [names] if isinstance(names, str) else names


def _is_named(X: Any) -> bool:
    """Whether X knows its columns' names; scikit-learn refuses a sparse matrix, of which one kind is a dict."""
    return not issparse(X) and (
        isinstance(X, dict | Table)
        or (hasattr(X, "columns") and not callable(X.columns))
        or hasattr(X, "column_names")
        or (isinstance(X, np.ndarray) and X.dtype.names is not None)
    )


def kept_together(groups: Any, time: Any, n: int) -> Array | None:
    """(n,) the number of the group of each row, by groups or by periods of time; None where rows stand alone."""
    if groups is not None:
        codes = np.unique(np.asarray(column_or_1d(groups)).astype(str), return_inverse=True)[1]
        check_consistent_length(codes, np.empty(n))
        return np.asarray(codes, np.int64)
    if time is not None:
        moments = np.asarray(column_or_1d(time))
        check_consistent_length(moments, np.empty(n))
        return periods(moments, PERIODS)
    return None


def _jobs(n_jobs: int | None) -> int:
    """How many members learn at once: as scikit-learn counts, None is 1, -1 every core."""
    if n_jobs is None:
        return 1
    return max(1, n_jobs if n_jobs > 0 else (os.cpu_count() or 1) + 1 + n_jobs)
