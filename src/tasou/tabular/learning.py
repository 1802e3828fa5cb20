"""How an ensemble learns: who learns what from which rows, stage by stage, and what is chosen of it in the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.choice import Choice
from tasou.ensembles.folds import Random
from tasou.ensembles.judge import Judge
from tasou.ensembles.linear import Linear
from tasou.ensembles.members import Course, Member, moments_of
from tasou.ensembles.stages import learn_all
from tasou.formulas import optimizers, schedules
from tasou.formulas.schedules.coslog import dips
from tasou.messages import Message
from tasou.tables.kind import Kind
from tasou.tabular import networks
from tasou.tabular.aims import Aim, Numbers
from tasou.tabular.controls import Controls
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.pace import told, within
from tasou.tabular.parts import Parts
from tasou.tabular.plans import Plan
from tasou.tabular.presets import SWINGS, Preset
from tasou.tabular.roster import Roster
from tasou.tabular.second import Second, said_by
from tasou.tabular.singles import singles
from tasou.training import Recipe
from tasou.training.learning import Rows

Array = NDArray[Any]
T = TypeVar("T")
ENOUGH = Message(
    "tabular.enough",
    en="ended after {epochs} epochs: the rows kept out gained nothing more",
    ja="{epochs}エポックで終了：除いておいた行での損失がそれ以上よくなりませんでした",
)
INTERRUPTED = Message(
    "tabular.interrupted",
    en="interrupted after {k} of the members ({planned} were planned): what they learnt is not lost",
    ja="{planned} 個の予定のうち {k} 個のメンバーで中断：それまでの学習結果を残す",
)
BY_CALLBACK = Message(
    "tabular.by_callback",
    en="ended by a callback after {epochs} {epochs:epoch|epochs}",
    ja="{epochs} エポックでコールバックにより終了",
)
NOTHING_ASKED: Mapping[str, Any] = {}
THEIR_OWN = ("epochs", "schedule", "early_stopping")
"""settings that say themselves how long members learn"""
FIRST_STAGE = 2
"""snapshots that all members have before it is asked whether more epochs are worth it"""
FOR_LINEAR = 0.15
"""share of the time that the linear model may take where it is limited"""
DROPOUT, FEW_ROWS = 0.2, 2_000
"""of the hidden units, for classes of fewer rows"""
RECIPE = Recipe(
    hidden=(128, 128),
    activation="mish",
    optimizer=optimizers.get("adam", beta_2=0.95),
)


def fit(
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
    roster = Roster.dealt(groups, n, preset, parts, y if aim.strata else None, rng)
    second = Second.of(groups, X, rows.Y, y, aim, parts, rng)
    beside: Callable[[], Linear] | None = None if second is None else second.fit
    free = controls.seconds is None and not any(map(asked.get, THEIR_OWN))
    swings = preset.swings_of(aim.outputs, n) if free else SWINGS
    plan = planned = Plan.of(preset, n, roster.rows_each).lasting(swings).asked(asked)
    recipe = recipe_of(preset, plan, aim, n, swings, asked)
    if controls.seconds is not None:
        second, beside = _linear_first(second, controls.seconds, rng)  # the plan knows what time is left
        makers = [partial(group.network, aim, recipe, X.dtype, 0) for group in groups]
        plan = within(planned, makers, recipe, rows, roster.rows_each, controls)
        roster, recipe = roster.left(plan, rng), recipe.but(epochs=plan.epochs)
    effort = plan.told(preset, n, planned, controls.seconds)
    controls.teller.plan(effort, len(roster.groups), plan.epochs)
    moments = sorted({max(1, round(dip * plan.epochs)) for dip in dips(cycles=swings)[1:]})
    stages = range(FIRST_STAGE, len(moments)) if free else ()
    course = Course(rows, recipe, moments, controls.watchers, controls.deadline, controls.curves, stages)
    judge = judge_of(rows, y, aim, second, rng)
    members, linear = learn_all(
        course,
        roster.networks(aim, recipe, X.dtype),
        roster.holdouts,
        seed=controls.seed,
        n_jobs=controls.n_jobs,
        n_threads=controls.n_threads if controls.n_jobs == 1 else 1,
        beside=beside,
        go_on=judge,
    )
    found = chosen(members, judge.choice, np.asarray(y), aim, linear, second)
    found.judging, found.recipe = parts.judging, recipe
    lengths = [len(member.history["loss"]) for member in members]
    found.effort = [*effort, *told(lengths, plan, None if recipe.early_stopping else controls.seconds)]
    _ended(found, moments, len(members[0].thetas), len(roster.holdouts), timed=controls.seconds is not None)
    found.settle(y, parts.weight)
    controls.teller.chosen(found.choice)
    return found


def recipe_of(preset: Preset, plan: Plan, aim: Aim, n: int, swings: int, asked: Mapping[str, Any]) -> Recipe:
    """The recipe of the members: what depends on the table, and what was asked for."""
    found = {
        "hidden": preset.hidden_of(aim.outputs, n, numbers=isinstance(aim, Numbers)),
        "epochs": plan.epochs,
        "schedule": schedules.get("coslog", cycles=swings),
        "batch_size": plan.batch,
        "lr": aim.lr,
        "dropout": DROPOUT if aim.probabilities and n < FEW_ROWS else 0.0,
    }
    return RECIPE.but(**{**found, **asked})


def judge_of(rows: Rows, y: Array, aim: Aim, second: Second | None, rng: Random) -> Judge:
    """Who chooses among moments by rows kept out, and says whether another stage is worth it."""
    return Judge(
        np.asarray(y) if aim.probabilities else rows.Y.astype(np.float64),
        classes=aim.probabilities,
        rng=rng,
        weight=rows.sample_weight,
        loss=aim.judged,
        second=partial(said_by, aim=aim),
        least_saved=0.0 if second is None else second.least_saved,
    )


def chosen(
    members: list[Member], choice: Choice, y: Array, aim: Aim, linear: Linear | None, second: Second | None
) -> Ensemble:
    """The ensemble of the moments that were chosen; the others are forgotten."""
    moments = moments_of(members, len(y))
    first, *rest = (moments[m] for m in choice.snapshots)
    blended = linear is not None and second is not None and choice.w > 0
    found = Ensemble(
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
    found.singles = singles(found.oof, found.out_of_fold(), y, aim, lambda said: found.combined(said, None))
    return found


def _linear_first(
    second: Second | None, seconds: float, rng: Random
) -> tuple[Second | None, Callable[[], Linear] | None]:
    """The linear model, learnt now from as many rows as its share of the time allows, and what hands it over."""
    second = None if second is None else second.within(FOR_LINEAR * seconds, rng)
    return second, None if second is None else partial(_same, second.fit())


def _same(found: T) -> T:
    return found


def _ended(found: Ensemble, moments: Sequence[int], kept: int, planned: int, *, timed: bool) -> None:
    """So many of the moments were kept; where that is not all, it is told why."""
    found.moments = tuple(moments[:kept]) if kept > 1 else ()
    if "interrupted" in found.endings:
        found.effort.append(INTERRUPTED(k=len(found.members), planned=planned))
    elif "callback" in found.endings and not timed:
        found.effort.append(BY_CALLBACK(epochs=max(len(history["loss"]) for history in found.histories)))
    elif kept < len(moments):
        found.effort.append(ENOUGH(epochs=moments[kept - 1]))
