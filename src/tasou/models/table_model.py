"""An ensemble together with the preparation of the tables it reads: rows with names in, answers in their unit out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.backends.processors import cores
from tasou.errors import TasouError
from tasou.formulas import probabilities
from tasou.given import Inside
from tasou.language import language
from tasou.messages import Message, Sentence
from tasou.models import scores
from tasou.models.scores import Scores
from tasou.models.table_learning import aim_of, baseline_of, goal_of, learn
from tasou.network import Network
from tasou.shown import curve, fragment, html_table
from tasou.tables import Preparation, Roles, Table
from tasou.tables.targets import ClassTarget, NumberTarget
from tasou.tabular import drift, presets
from tasou.tabular.contributions import Contributions, explained, logits
from tasou.tabular.controls import Controls
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.opened import Door, Members, inside_of
from tasou.tabular.parts import Parts
from tasou.tabular.plain import Settings
from tasou.tabular.together import Together
from tasou.tabular.wish import Wish

NO_TARGET = Message(
    "model.no_target",
    en="there is nothing to learn: the roles name no target",
    ja="学習するものがありません。列の役割に目的変数がありません",
)
NO_PROBABILITIES = Message(
    "model.no_probabilities",
    en="{column!r} is a number, not a class: there are no probabilities",
    ja="{column!r} はクラスではなく数値なので、確率はありません",
)
NO_ROW = Message(
    "model.no_row",
    en="{source} has no row with a value of {column!r}",
    ja="{source} には {column!r} の値がある行がありません",
)
SEVERAL = Message(
    "model.several",
    en="the model of {column!r} is an ensemble of {n} members: it has no single network",
    ja="{column!r} のモデルは {n} 個のメンバーからなるアンサンブルで、ネットワークは1つではありません",
)
Array = npt.NDArray[Any]


HEAD = {
    "en": ("predicts", "from", "network", "rows", "test", "loss"),
    "ja": ("予測するもの", "使う列", "ネットワーク", "行数", "テスト", "損失"),
}


@dataclass(repr=False)
class TableModel:
    """A trained model of one column of a table.

    Attributes
    ----------
    preparation
        how a table becomes X, and what the target is
    ensemble
        the trained members, and how their answers become one; of the plain preset there is one
    settings
        how each was trained
    rows
        how many rows it was trained on (validation rows included)
    baseline
        what is known without any feature: the classes' shares (K,), or the mean of the target (1,)
    unused
        columns of the training table that are not read: name -> role
    test
        scores on rows kept apart, if some were
    preset
        how much was done

    Examples
    --------
    >>> from tasou.tables import infer
    >>> x = np.linspace(-1, 1, 200)
    >>> table = Table({"x": x, "side": np.where(x > 0, "right", "left")})
    >>> model = TableModel.fit(table, infer(table, "side"))
    >>> model.predict({"x": [-0.5, 0.5]}).tolist()
    ['left', 'right']
    """

    preparation: Preparation
    ensemble: Ensemble
    settings: Settings = field(default_factory=Settings)
    rows: int = 0
    baseline: tuple[float, ...] = ()
    unused: Mapping[str, str] = field(default_factory=dict)
    test: Scores | None = None
    preset: str = presets.PLAIN

    def __repr__(self) -> str:
        epochs = max(len(history.get("loss", ())) for history in self.ensemble.histories or [{}])
        done = f"{epochs} epochs on {self.rows:,} rows"
        return f"TableModel({self.goal.column!r}, {self.task}: {self.shown}, {done})"

    def _repr_html_(self) -> str:
        """What it predicts from what, its scores, and the loss."""
        head, history = HEAD[language()], self.history
        drawing = curve(history.get("loss", []), head[-1], second=history.get("validation_loss", ()))
        read = ", ".join(step.column for step in self.preparation.steps)
        facts = [
            (head[0], self.goal.column),
            (head[1], read),
            (head[2], self.shown),
            (head[3], f"{self.rows:,}"),
        ]
        if self.test is not None:
            facts += [(f"{head[4]}: {name}", f"{value:.4g}") for name, value in self.test.values.items()]
        return fragment(repr(self), html_table(("", ""), facts), drawing)

    @classmethod
    def fit(
        cls,
        table: Table,
        roles: Roles,
        settings: Settings | Wish | None = None,
        *,
        groups: Array | None = None,
        callbacks: Iterable[Any] = (),
        controls: Controls | None = None,
    ) -> TableModel:
        """Learn the preparation and the members from every row of ``table`` that has a target.

        ``settings`` are those of a plain network, or what is wished of an ensemble. Rows of the same number in
        ``groups`` (n,) are kept out together. ``callbacks`` are told after each epoch (see `Training`), those of
        ``controls`` for each member; before the first, if they have ``on_table``, the names of the features, of the
        columns behind them, and of the classes. Ctrl-C ends the training and keeps what was learnt.
        """
        if roles.target is None:
            raise TasouError(NO_TARGET)
        settings, known = settings or Settings(), roles.known(table)
        table, groups = table.take(known), None if groups is None else groups[known]
        wish = settings if isinstance(settings, Wish) else None
        preparation = Preparation.fit(table, roles, robust=wish is not None)
        if not (settings.scale if isinstance(settings, Settings) else settings.get("scale")):
            preparation = preparation.unscaled()
        goal, callbacks = goal_of(preparation), list(callbacks)
        controls = controls or Controls(callbacks=lambda j: callbacks)
        for told in (*callbacks, *controls.tables):
            if hasattr(told, "on_table"):
                told.on_table(preparation.feature_names, preparation.sources, getattr(goal, "classes", ()))
        ensemble = learn(preparation, goal, table, settings, Parts(None, groups), controls)
        if wish is not None and ensemble.recipe is not None:
            settings = wish.settings(ensemble.recipe, len(table))
        unused = {
            c.name: c.role for c in roles.columns if c.name not in preparation.columns and c.role != "target"
        }
        preset = presets.PLAIN if wish is None else wish.preset
        return cls(
            preparation,
            ensemble,
            settings,  # type: ignore[arg-type]
            len(table),
            baseline_of(goal, table),
            unused,
            preset=preset,
        )

    @classmethod
    def of_network(cls, preparation: Preparation, network: Network, **rest: Any) -> TableModel:
        """A model of a single network, trained elsewhere."""
        return cls(preparation, Ensemble.alone(network, aim_of(goal_of(preparation))), **rest)

    @property
    def network(self) -> Network:
        """The network, where there is one alone.

        Raises
        ------
        TasouError
            it is an ensemble of several: see ``ensemble.members``
        """
        if self.ensemble.size > 1:
            raise TasouError(SEVERAL, column=self.goal.column, n=len(self.ensemble.members))
        return self.ensemble.members[0][0]

    @property
    def members(self) -> Members:
        """The members: ``members[j]`` has the training of member j, ``members[j][m]`` its network at a moment chosen.

        Plots, `diagnose` and ``members[j].forward(table)``, whose ``table()`` is the ledger, take rows of the table.
        """
        return Members(self._door())

    def forward(self, table: Any) -> Together:
        """How the answers for the rows come about: each member, their average, the linear model, the temperature.

        ``forward(table).table(0)`` writes the first row down, number by number.
        """
        return self._door().through(table)

    def look_inside(self) -> Inside:
        """What plots and `diagnose` ask for: the members, and what becomes of X and y on their way to them."""
        return inside_of(self._door())

    def _door(self) -> Door:
        goal, ensemble = self.goal, self.ensemble
        classes = goal.classes if isinstance(goal, ClassTarget) else ()
        return Door(
            ensemble,
            lambda table: self.preparation.transform(_as_table(table), ensemble.dtype),
            (lambda y: y) if classes else self._scaled,
            self._named,
            self.preparation.feature_names,
            self.preparation.sources,
            classes,
            [str(label) for label in classes] or [goal.column],
            self.settings,
            None if classes else goal.decode,
        )

    def _scaled(self, y: Any) -> Array:
        """Numbers to predict, as the networks learn them."""
        Y = self.goal.encode(Table({self.goal.column: np.asarray(y).ravel()})).reshape(-1, 1)
        return self.ensemble.aim.targets(Y, self.ensemble.dtype)

    def _named(self, said: Array) -> Array:
        """Classes, or numbers in the target's unit."""
        goal = self.goal
        of_classes = isinstance(goal, ClassTarget)
        return goal.decode(probabilities.classes(said, np) if of_classes else said.ravel())

    @property
    def shown(self) -> str:
        """The network in one line, or how many members there are and what the first looks like."""
        first = repr(self.ensemble.members[0][0])
        return first if self.ensemble.size == 1 else f"{len(self.ensemble.members)} members like {first}"

    @property
    def history(self) -> Mapping[str, list[float]]:
        """Of the first member, for each quantity (``loss``, ``validation_loss``) one number per epoch.

        There are no times among them: equal seeds make equal files.
        """
        return self.ensemble.histories[0] if self.ensemble.histories else {}

    @property
    def finished(self) -> str:
        """Why training ended: ``"converged"``, ``"epochs"``, ``"callback"`` or ``"interrupted"``, if one member was."""
        endings = self.ensemble.endings
        return "interrupted" if "interrupted" in endings else next(iter(endings), "")

    @property
    def goal(self) -> ClassTarget | NumberTarget:
        """The target: its column, and its classes or its scale."""
        return goal_of(self.preparation)

    @property
    def task(self) -> str:
        """``"classification"`` or ``"regression"``."""
        return self.goal.task

    def predict(self, table: Any) -> Array:
        """(n,) the most probable class of every row, or the number expected, in the target's unit.

        ``table`` is a `Table` or anything `Table.from_frame` takes; `TableError` names columns that are missing.
        """
        return self._named(self._answers(table))

    def predict_proba(self, table: Any) -> Array:
        """(n, K) the probability of each class, in the order of ``goal.classes``."""
        if not isinstance(self.goal, ClassTarget):
            raise TasouError(NO_PROBABILITIES, column=self.goal.column)
        return self._answers(table)

    def notes(self, table: Any) -> list[Sentence]:
        """How the rows differ from those that were learnt from: new levels, values beyond the range, no values."""
        return drift.notes(self.preparation, _as_table(table))

    def evaluate(self, table: Table) -> Scores:
        """The scores on rows whose target is known (the others are left out), beside the baseline's."""
        table = table.take(self.preparation.known(table))
        if not len(table):
            raise TasouError(NO_ROW, source=table.called, column=self.goal.column)
        return self.score(self._answers(table), table)

    def score(self, said: Array, table: Table) -> Scores:
        """The scores of what the ensemble says (n, K) of the rows of ``table``, each of which has a target."""
        goal, table = self.goal, self.preparation.told(table)
        if isinstance(goal, NumberTarget):
            return scores.of_numbers(goal.values(table), goal.decode(said.ravel()), self.baseline[0])
        shares = np.array(self.baseline)
        answer = goal.classes[int(shares.argmax())]
        return scores.of_classes(goal.encode(table), said, shares, answer)

    def contributions(
        self, table: Any, *, n_orders: int | None = None, random_state: int = 0
    ) -> Contributions:
        """What each column contributes to the answer for each row: Shapley values, which sum to it exactly.

        The answer is the logit of the second of two classes, those of several, or the number in its unit; see
        `TableClassifier.contributions`.

        Raises
        ------
        TasouError
            the model's file holds nothing of the columns' distributions
        """
        goal, ensemble, table = self.goal, self.ensemble, _as_table(table)
        if isinstance(goal, NumberTarget):
            names = [goal.column]
        else:
            names = [str(label) for label in goal.classes[1 if len(goal.classes) == 2 else 0 :]]

        def answers(rows: Array) -> Array:
            said = ensemble.predict(rows.astype(ensemble.dtype))
            return goal.decode(said) if isinstance(goal, NumberTarget) else logits(ensemble.aim, said)

        return explained(
            answers, self.preparation, table, names,
            logits=isinstance(goal, ClassTarget), n_orders=n_orders, seed=random_state, n_jobs=cores(),
        )  # fmt: skip

    def _answers(self, table: Any) -> Array:
        """(n, K) probabilities, or (n, 1) numbers on the target's scale."""
        X = self.preparation.transform(_as_table(table), self.ensemble.dtype)
        return self.ensemble.predict(X, cores() if self.ensemble.size > 1 else 1)


def _as_table(table: Any) -> Table:
    return table if isinstance(table, Table) else Table.from_frame(table)
