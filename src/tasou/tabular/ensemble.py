"""The ensemble behind the estimators of tables: members on prepared rows, one joint choice, one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tasou.backends import parallel
from tasou.ensembles.choice import Choice
from tasou.ensembles.judge import Judge
from tasou.ensembles.linear import Linear
from tasou.ensembles.members import Course, Member, learn_all, moments_of
from tasou.ensembles.out_of_fold import OutOfFold
from tasou.formulas import blending, optimizers, schedules
from tasou.formulas.schedules.coslog import dips
from tasou.messages import Message, Sentence
from tasou.network import Network
from tasou.tables.kind import Kind
from tasou.tabular import networks
from tasou.tabular.aims import Aim
from tasou.tabular.controls import Controls
from tasou.tabular.pace import told, within
from tasou.tabular.parts import Parts, spread, thinned
from tasou.tabular.plans import Plan
from tasou.tabular.presets import SWINGS, Preset
from tasou.tabular.second import Second, said_by
from tasou.tabular.singles import Single, singles
from tasou.training import Recipe
from tasou.training.learning import Rows

Array = NDArray[Any]
T = TypeVar("T")
NOTHING_ASKED: Mapping[str, Any] = {}
ENOUGH = Message(
    "tabular.enough",
    en="ended after {epochs} epochs: the rows kept out gained nothing more",
    ja="{epochs}エポックで終了：除いておいた行での損失がそれ以上よくなりませんでした",
)

FIRST_STAGE = 2
"""snapshots that all members have before it is asked whether more epochs are worth it"""
FOR_LINEAR = 0.15
"""share of the time that the linear model may take where it is limited"""
FEW_TO_PREDICT = 1_000
DROPOUT, FEW_ROWS = 0.2, 2_000
"""of the hidden units, for classes of fewer rows"""
RECIPE = Recipe(
    hidden=(128, 128),
    activation="mish",
    optimizer=optimizers.get("adam", beta_2=0.95),
)


@dataclass(repr=False)
class Ensemble:
    """Members that have learnt, and how their answers become one.

    Attributes
    ----------
    aim
        what was learnt
    members
        the networks at each moment that was chosen: ``members[j][m]``
    choice
        which moments, how much of the linear model, what temperature
    linear
        the linear model, and the network that makes its features; None without one
    oof
        what the members said, at the moments that were chosen, of rows kept out of them
    histories, endings
        of each member: quantity -> one number per epoch, and why its training ended
    effort
        what was done, and what was given up for many rows or little time
    judging
        how many rows of the user's own judged, in place of folds; 0 for none
    singles
        how good each member would be alone, on rows kept out of it; empty where nobody knows
    recipe
        how each member learnt, where that is known
    moments
        the epochs after which members were kept to choose from; empty where nothing was to be chosen
    """

    aim: Aim
    members: list[list[Network]]
    choice: Choice
    linear: Linear | None = None
    features: networks.Features | None = None
    oof: OutOfFold | None = None
    histories: list[dict[str, list[float]]] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)
    effort: list[Sentence] = field(default_factory=list)
    judging: int = 0
    singles: list[Single] = field(default_factory=list)
    recipe: Recipe | None = None
    moments: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Ensemble({len(self.members)} members, {self.choice!r})"

    @classmethod
    def fit(
        cls,
        X: Array,
        y: Array,
        kinds: Sequence[Kind],
        aim: Aim,
        preset: Preset,
        *,
        parts: Parts | None = None,
        asked: Mapping[str, Any] = NOTHING_ASKED,
        controls: Controls | None = None,
    ) -> Ensemble:
        """Learn from prepared rows X (n, d) and y (n,) or (n, K); ``asked`` are settings of the members' recipe."""
        parts, controls = parts or Parts(), controls or Controls()
        n, rng = len(X), np.random.default_rng(controls.seed)
        rows = Rows(X, aim.targets(y, X.dtype), parts.weight)
        groups = networks.groups(X[: n - parts.judging], kinds, preset)
        share = -(-preset.members_of(n) // len(groups))
        strata = y if aim.strata else None
        who = [out for _ in groups for out in parts.deal(n, share, preset, strata, rng)]
        of = [group for group in groups for _ in range(share)]
        seeds = rng.integers(0, 2**63, len(of)).tolist()
        second = Second.of(groups, X, rows.Y, y, aim, parts, rng)
        beside = None if second is None else second.fit
        free = controls.seconds is None and not any(map(asked.get, ("epochs", "schedule", "early_stopping")))
        swings = preset.swings_of(aim.outputs, n) if free else SWINGS
        plan = planned = Plan.of(preset, n, len(who[0].kept)).lasting(swings).asked(asked)
        recipe = _filled(preset, plan, aim, n, swings, asked)
        if controls.seconds is not None:
            second = None if second is None else second.within(FOR_LINEAR * controls.seconds, rng)
            beside = (
                None if second is None else partial(_same, second.fit())
            )  # the plan knows what time is left
            makers = [partial(group.network, aim, recipe, X.dtype, 0) for group in groups]
            plan = within(planned, makers, recipe, rows, len(who[0].kept), controls)
            left = spread(len(of), plan.members, len(groups))
            of, seeds = [of[j] for j in left], [seeds[j] for j in left]
            who = [thinned(who[j], plan.rows, rng) for j in left]
            recipe = recipe.but(epochs=plan.epochs)
        effort = plan.told(preset, n, planned, controls.seconds)
        controls.teller.plan(effort, len(of), plan.epochs)
        made = [group.network(aim, recipe, X.dtype, seed) for group, seed in zip(of, seeds, strict=True)]
        moments = sorted({max(1, round(dip * plan.epochs)) for dip in dips(cycles=swings)[1:]})
        stages = range(FIRST_STAGE, len(moments)) if free else ()
        course = Course(rows, recipe, moments, controls.watchers, controls.deadline, controls.curves, stages)
        judge = Judge(
            np.asarray(y) if aim.probabilities else rows.Y.astype(np.float64),
            classes=aim.probabilities,
            rng=rng,
            weight=rows.sample_weight,
            loss=aim.judged,
            second=partial(said_by, aim=aim),
            least_saved=0.0 if second is None else second.least_saved,
        )
        members, linear = learn_all(
            course,
            made,
            who,
            seed=controls.seed,
            n_jobs=controls.n_jobs,
            n_threads=controls.n_threads if controls.n_jobs == 1 else 1,
            beside=beside,
            go_on=judge,
        )
        found = cls._chosen(members, judge.choice, np.asarray(y), aim, linear, second)
        found.judging, found.recipe = parts.judging, recipe
        lengths = [len(member.history["loss"]) for member in members]
        slower = told(lengths, plan, None if recipe.early_stopping else controls.seconds)
        found._ended(moments, len(members[0].thetas), [*effort, *slower])
        found.settle(y, parts.weight)
        controls.teller.chosen(found.choice)
        return found

    def _ended(self, moments: Sequence[int], kept: int, effort: list[Sentence]) -> None:
        """So many of the moments were kept; where that is not all, more epochs brought nothing, and that is told."""
        self.moments = tuple(moments[:kept]) if kept > 1 else ()
        enough = [ENOUGH(epochs=moments[kept - 1])] if kept < len(moments) else []
        self.effort = [*effort, *enough]

    @classmethod
    def alone(
        cls,
        network: Network,
        aim: Aim,
        history: dict[str, list[float]] | None = None,
        finished: str = "epochs",
        oof: OutOfFold | None = None,
    ) -> Ensemble:
        """A single network: nothing was to be chosen."""
        return cls(aim, [[network]], Choice((0,)), oof=oof, histories=[history or {}], endings=[finished])

    @classmethod
    def _chosen(
        cls,
        members: list[Member],
        choice: Choice,
        y: Array,
        aim: Aim,
        linear: Linear | None,
        second: Second | None,
    ) -> Ensemble:
        """What was chosen; the rest is forgotten."""
        moments = moments_of(members, len(y))
        first, *rest = (moments[m] for m in choice.snapshots)
        blended = linear is not None and second is not None and choice.w > 0
        found = cls(
            aim,
            [[networks.standing(member, m) for m in choice.snapshots] for member in members],
            choice,
            linear if blended else None,
            second.features if blended and second is not None else None,
            first.averaged(rest).through(aim.link),
            [member.history for member in members],
            [member.finished for member in members],
        )
        assert found.oof is not None
        whole = found.out_of_fold()
        found.singles = singles(found.oof, whole, y, aim, lambda said: found.combined(said, None))
        return found

    def settle(self, y: Array, weight: Array | None) -> None:
        """Let the aim learn from what was said of the rows kept out; y and weight are those of all rows."""
        if self.oof is not None and (covered := self.oof.covered).any():
            v = None if weight is None else weight[covered]
            self.aim = self.aim.settled(self.oof.mean, y[covered], v)

    def mean_history(self) -> dict[str, list[float]]:
        """The mean of the members' losses, as far as all of them went."""
        if not self.histories:
            return {}
        n = min(len(history.get("loss", ())) for history in self.histories)
        names = [name for name in ("loss", "validation_loss") if all(name in h for h in self.histories)]
        return {
            name: np.mean([history[name][:n] for history in self.histories], axis=0).tolist()
            for name in names
        }

    @property
    def size(self) -> int:
        """How many networks there are."""
        return sum(len(standing) for standing in self.members)

    @property
    def dtype(self) -> np.dtype[Any]:
        """In what they compute."""
        return self.members[0][0].dtype

    def average(self, X: Array, n_jobs: int = 1) -> Array:
        """(n, K) the mean of what all members say, each on average of its moments: log-probabilities, or numbers.

        Up to 1,000 rows are computed in double precision: what is said of a row then does not depend on which others
        are asked about, not even in the last digits of a single-precision number. A single network answers as it is.
        """
        standing, X = self._standing(X)
        networks = [network for member in standing for network in member]
        if n_jobs == 1:
            said: Iterable[Array] = (network.predict(X) for network in networks)
        else:
            said = parallel.each(lambda network: network.predict(X), networks, n_jobs=n_jobs)
        answers = iter(said)
        total = np.zeros((len(X), self.aim.outputs))
        for member in self.members:
            own = sum(next(answers).astype(np.float64) for _ in member) / len(member)
            total += self.aim.link(np.asarray(own))
        return total / len(self.members)

    def each(self, X: Array, chosen: Sequence[int] | None = None) -> Array:
        """(k, n, K) what each member (or the ``chosen``) says, on average of its moments: probabilities, or numbers."""
        standing, X = self._standing(X)
        asked = standing if chosen is None else [standing[j] for j in chosen]
        own = ([network.predict(X).astype(np.float64) for network in member] for member in asked)
        return np.stack([np.mean(said, axis=0) for said in own])

    def _standing(self, X: Array) -> tuple[list[list[Network]], Array]:
        """The members that answer these rows, and the rows as they take them."""
        few = len(X) <= FEW_TO_PREDICT and self.size > 1
        return (self._in_float64, X.astype(np.float64)) if few else (self.members, X)

    @cached_property
    def _in_float64(self) -> list[list[Network]]:
        return [[network.in_float64() for network in member] for member in self.members]

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_in_float64"}

    def predict(self, X: Array, n_jobs: int = 1) -> Array:
        """(n, K) probabilities of classes, or numbers in the target's unit; ``n_jobs`` members are asked at once."""
        return self.combined(self.average(X, n_jobs), self.second_says(X))

    def second_says(self, X: Array) -> Array | None:
        """(n, K) what the linear model says: log-probabilities, or numbers; None without one."""
        if self.linear is None or self.features is None:
            return None
        A = self.features(X.astype(np.float64) if len(X) <= FEW_TO_PREDICT else X)
        return self.linear.logarithms(A) if self.aim.probabilities else self.linear.predict(A)[:, None]

    def combined(self, mean: Array, second: Array | None) -> Array:
        """The answer, from the members' mean and what the linear model says."""
        w, T = self.choice.w, self.choice.temperature
        if not self.aim.probabilities:
            return self.aim.answers(mean if second is None else blending.mixed(mean, second, w=w))
        if second is None:
            log_p = blending.softened(mean, np, temperature=T)
        else:
            log_p = blending.blended(mean, second, np, w=w, temperature=T)
        return np.asarray(blending.probabilities(log_p, np))

    def out_of_fold(self) -> Array:
        """(n, K) the same for the rows that were learnt from, each by members it was kept out of; NaN for others.

        Where rows of the user's own judged, for those.
        """
        assert self.oof is not None
        covered = self.oof.covered
        second = None if self.linear is None else said_by(self.linear, self.aim)[covered]
        answers = self.combined(self.oof.mean, second)
        found = np.full((self.oof.n, answers.shape[1]), np.nan)
        found[covered] = answers
        return found[-self.judging :]


def _filled(preset: Preset, plan: Plan, aim: Aim, n: int, swings: int, asked: Mapping[str, Any]) -> Recipe:
    """The recipe of the members: what depends on the table, and what was asked for."""
    found = {
        "hidden": preset.hidden_of(aim.outputs, n),
        "epochs": plan.epochs,
        "schedule": schedules.get("coslog", cycles=swings),
        "batch_size": plan.batch,
        "lr": aim.lr,
        "dropout": DROPOUT if aim.probabilities and n < FEW_ROWS else 0.0,
    }
    return RECIPE.but(**{**found, **asked})


def _same(found: T) -> T:
    return found
