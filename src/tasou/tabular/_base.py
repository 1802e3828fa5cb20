"""What TableClassifier and TableRegressor share: the road from a raw table to an ensemble, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from tasou.ensembles.choice import Choice
from tasou.errors import TableError, TasouError, warn
from tasou.estimators._shown import ShowsWhatItLearnt
from tasou.given import Inside
from tasou.messages import Message, Sentence
from tasou.tables import Preparation, Roles, Table, infer
from tasou.tables.inference import NOTHING_TO_LEARN_FROM
from tasou.tables.kind import Kind
from tasou.tabular import drift, learning, plain, presets
from tasou.tabular._given import TakesTables, jobs
from tasou.tabular._said import NOTHING_LEARNT, Said
from tasou.tabular._shown import table_learnt
from tasou.tabular.aims import Aim
from tasou.tabular.controls import Controls
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.opened import Door, Members, inside_of
from tasou.tabular.parts import Parts
from tasou.tabular.telling import teller
from tasou.tabular.together import Together

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
UNUSED = Message("tabular.unused", en="{column}: {because}", ja="{column}：{because}")
INTERRUPTED = Message(
    "tabular.fit_interrupted",
    en="fit was interrupted: the estimator answers with what was learnt till then (see effort_)",
    ja="fit が中断されました。それまでに学習した結果で答えます（effort_ を参照）",
)
CALLBACKS = Message(
    "tabular.callbacks",
    en="callbacks must be a list, or a function that gives the list of member j, not {found!r}; one for all members is "
    "callbacks=[f]",
    ja="callbacks にはリストか、メンバー j のリストを返す関数を指定してください（{found!r} でした）。"
    "全メンバーに1つなら callbacks=[f] とします",
)
TIME = Message(
    "tabular.time_limit",
    en="time_limit must be a number of seconds above 0, not {value!r}",
    ja="time_limit には 0 より大きい秒数を指定してください（{value!r} でした）",
)


class BaseTable(TakesTables, Said, ShowsWhatItLearnt, BaseEstimator):
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

    def _learnt_html(self) -> str:
        return table_learnt(self)

    # --- learning ----------------------------------------------------------------------------------------------------

    def _learn(
        self, table: Table, y: Array, aim: Aim, parts: Parts, judging: tuple[Table, Array] | None = None
    ) -> Self:
        """Prepare the table, learn the ensemble; ``judging``: rows of the user's own that are kept out."""
        try:
            return self._learn_from(table, y, aim, parts, judging)
        except BaseException:  # Ctrl-C as well: what has not learnt must not answer
            if hasattr(self, "roles_"):
                del self.roles_
            raise

    def _learn_from(
        self, table: Table, y: Array, aim: Aim, parts: Parts, judging: tuple[Table, Array] | None
    ) -> Self:
        presets.check(self.preset)
        alone, controls = self.preset == presets.PLAIN, self._controls()
        self.roles_ = self._roles(table)
        self._read = [*table.notes, *(() if self.roles_ is None else self.roles_.notes)]
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
                    self._ensemble = learning.fit(
                        rows,
                        y,
                        preparation.kinds,
                        aim,
                        presets.get(self.preset),
                        parts=parts,
                        controls=controls,
                    )
                self._ensemble.effort = [*self._ensemble.effort, *told]
                _tell_interrupted(self._ensemble)
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
            n_jobs=jobs(self.n_jobs),
            n_threads=None if self.n_jobs is None else 1,
            seconds=None if limit is None else float(limit),
            callbacks=self._watchers,
            teller=teller(self.verbose),
        )

    def _watchers(self, j: int) -> Iterable[Any]:
        """The callbacks of member j: the user's list, or those that a function gives for it."""
        found = self.callbacks(j) if callable(self.callbacks) else self.callbacks
        if found is not None and not isinstance(found, list | tuple):
            raise TasouError(CALLBACKS, found=found)
        return found or ()

    def _answers(self, X: Any, otherwise: Array) -> Array:
        """(n, K) what the ensemble says; ``otherwise`` (K,) where there was nothing to learn from."""
        check_is_fitted(self, "roles_")
        table = self._table(X, reset=False)
        if self._ensemble is None or self._preparation is None:
            return np.tile(otherwise, (len(table), 1))
        return self._ensemble.predict(self._preparation.transform(table), jobs(self.n_jobs))

    def _threads(self) -> int:
        return jobs(self.n_jobs)

    @property
    def members_(self) -> Members:
        """The members: ``members_[j]`` has the training of member j, ``members_[j][m]`` its network at a moment chosen.

        Plots, `diagnose` and ``members_[j].forward(X, y)``, whose ``table()`` is the ledger, take rows of the table.
        """
        return Members(self._door())

    def forward(self, X: Any) -> Together:
        """How the answers for the rows of X come about: each member, their average, the linear model, the temperature.

        ``forward(X).table(0)`` writes the first row down, number by number.
        """
        check_is_fitted(self, "roles_")
        door = self._door()
        if door is None:
            raise TasouError(NOTHING_LEARNT)
        return door.through(X)

    def look_inside(self) -> Inside | None:
        """What plots and `diagnose` ask for: the members, and what becomes of X and y on their way to them."""
        door = self._door() if hasattr(self, "roles_") else None
        return None if door is None else inside_of(door)

    def _door(self) -> Door | None:
        """How rows come to the networks; None where there was nothing to learn."""
        preparation, ensemble = self._preparation, self._ensemble
        if preparation is None or ensemble is None:
            return None
        return Door(
            ensemble,
            lambda X: preparation.transform(self._table(X, reset=False)),
            self._learnt_targets,
            self._answered,
            preparation.feature_names,
            preparation.sources,
            self._labels(),
            self._all_outputs(),
        )

    def _learnt_targets(self, y: Any) -> Any:
        """y as the networks learn it, or labels as they are."""
        raise NotImplementedError

    def _answered(self, said: Array) -> Array:
        """Answers (n, K) as ``predict`` gives them."""
        raise NotImplementedError

    def _labels(self) -> Sequence[Any]:
        """The classes, of which a row has one; nothing else."""
        return ()

    def _all_outputs(self) -> Sequence[str]:
        """What each answer is called."""
        return self._outputs()

    @property
    def choice_(self) -> Choice | None:
        """Which moments, how much of the linear model, what temperature; None where there was nothing to learn."""
        return None if self._ensemble is None else self._ensemble.choice

    @property
    def notes_(self) -> list[Sentence]:
        """What is to be known of the table and the answers, as sentences; `notes` tells of new rows."""
        return list(getattr(self, "_read", ()))

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
        return drift.notes(self._preparation, self._table(X, reset=False))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "roles_")


def _tell_interrupted(ensemble: Ensemble) -> None:
    """After Ctrl-C: a word where something was learnt, else it goes on its way."""
    if "interrupted" not in ensemble.endings:
        return
    if not any(history.get("loss") for history in ensemble.histories):
        raise KeyboardInterrupt
    warn(INTERRUPTED, stacklevel=5)


def _several(names: Any) -> Iterable[Any]:
    """The names of columns that somebody gave: none, one, or several."""
    if isinstance(names, str) or np.isscalar(names):
        return [names]
    return () if names is None else names
