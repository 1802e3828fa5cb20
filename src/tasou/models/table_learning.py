"""How a table's rows become an ensemble: the target encoded, the plain network or the members that were wished for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.tables import Preparation, Table
from tasou.tables.targets import ClassTarget, NumberTarget
from tasou.tabular import learning, plain, tails
from tasou.tabular.aims import Aim, Classes, Numbers
from tasou.tabular.controls import Controls
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.parts import Parts
from tasou.tabular.plain import Settings
from tasou.tabular.wish import Wish
from tasou.training.class_weights import class_weights

NO_GOAL = Message(
    "model.no_goal",
    en="the preparation has no target",
    ja="この前処理には目的変数がありません",
)


def learn(
    preparation: Preparation,
    goal: ClassTarget | NumberTarget,
    table: Table,
    settings: Settings | Wish,
    parts: Parts,
    controls: Controls,
) -> Ensemble:
    """The plain network, or the members that were wished for."""
    X, y = preparation.transform(table), goal.encode(table)
    classes = getattr(goal, "classes", ())
    if isinstance(settings, Settings):
        ensemble = plain.fit(X, y, aim_of(goal), settings, parts=parts, classes=classes, controls=controls)
    else:
        weighed = settings.get("class_weight")
        if weighed is not None and classes:
            parts = replace(parts, weight=class_weights(weighed, classes, y)[y])
        if isinstance(goal, NumberTarget):
            y = y.reshape(-1, 1)
        aim: Aim = Classes(len(classes)) if classes else Numbers.of(y)
        aim, told = tails.suited(aim, X, y, preparation.kinds, parts)
        controls = replace(controls, seed=settings.get("seed") or 0)
        ensemble = learning.fit(
            X,
            y,
            preparation.kinds,
            aim,
            settings.size,
            parts=parts,
            asked=settings.of_members,
            controls=controls,
        )
        ensemble.effort = [*ensemble.effort, *told]
    ensemble.histories = [
        {name: values for name, values in history.items() if name != "seconds"}
        for history in ensemble.histories
    ]
    return ensemble


def aim_of(goal: ClassTarget | NumberTarget) -> Aim:
    """What one network learns of a target, whose numbers are standardised already."""
    return Numbers() if isinstance(goal, NumberTarget) else plain.aim_of(Classes(len(goal.classes)))


def goal_of(preparation: Preparation) -> ClassTarget | NumberTarget:
    """The target."""
    if preparation.goal is None:
        raise TasouError(NO_GOAL)
    return preparation.goal


def baseline_of(goal: ClassTarget | NumberTarget, table: Table) -> tuple[float, ...]:
    """What is known without any feature: the classes' shares, or the mean."""
    if isinstance(goal, NumberTarget):
        return (float(goal.values(table).mean()),)
    shares = np.bincount(goal.encode(table), minlength=len(goal.classes)) / len(table)
    return tuple(shares.tolist())
