"""From a table model, an estimator, a training or a network to the plan of what is exported."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from tasou.errors import TasouError
from tasou.exporting.ensembles import joined
from tasou.exporting.plan import Answer, Kind, Member, Plan
from tasou.messages import Message
from tasou.models.made_up import ensemble_of
from tasou.network import Network
from tasou.tables.cell import Cell
from tasou.tables.spelling.missing import MISSING
from tasou.training import Training

NOT_OURS = Message(
    "export.not_ours",
    en="cannot export a {name}: only what tasou trained can be exported",
    ja="{name} は書き出せません。書き出せるのは tasou で学習したものだけです",
)
NOT_FITTED = Message(
    "export.not_fitted",
    en="this {name} is not fitted yet; call fit before exporting it",
    ja="この {name} はまだ学習していません。書き出す前に fit を呼んでください",
)
NOTHING = Message(
    "export.nothing_learnt",
    en="this {name} has learnt nothing: it gives every row the same answer, and there is no network to export",
    ja="この {name} は何も学習していません。どの行にも同じ答えを返すので、書き出すネットワークがありません",
)
NO_MEMBERS = Message(
    "export.no_members",
    en="a {name} has no members of which the best could be exported",
    ja="{name} にはメンバーがないので、最良のものだけを書き出すことはできません",
)


def plan_of(model: Any, member: str | None = None) -> Plan:
    """The plan of a table model, an estimator, a training or a network; ``member="best"``: of an ensemble's best one.

    Raises
    ------
    TasouError
        it is none of these, or not fitted
    """
    home = type(model).__module__
    if member is not None and ensemble_of(model) is None:
        raise TasouError(NO_MEMBERS, name=type(model).__name__)
    if isinstance(model, Training):
        model = model.network
    if isinstance(model, Network):
        return _of_network(model)
    if home.startswith("tasou.estimators."):
        return _of_estimator(model)
    if home.startswith("tasou.tabular."):
        return _of_table_estimator(model, member)
    if home.startswith("tasou.models."):
        return _of_table_model(model, member)
    raise TasouError(NOT_OURS, name=type(model).__name__)


def _of_table_model(model: Any, member: str | None) -> Plan:
    goal, parts = model.goal, joined(model.ensemble, member)
    if goal.task == "classification":
        answer = Answer("classes", goal.column, tuple(goal.classes))
    else:
        answer = Answer("numbers", goal.column, names=(goal.column,), units=(partial(_in_unit, goal, parts),))
    return _of_table(
        f"{goal.column} from {', '.join(model.preparation.columns)}", model.preparation, parts, answer
    )


def _in_unit(goal: Any, joined: Any, parts: Any, xp: Any) -> Any:
    """The number of an ensemble in its own unit, and from there in the table's."""
    z = joined.units[0](parts, xp) if joined.units else parts[0]
    return goal.unit(z, xp)


def _of_table_estimator(model: Any, member: str | None) -> Plan:
    name = type(model).__name__
    if not hasattr(model, "roles_"):
        raise TasouError(NOT_FITTED, name=name)
    if model._ensemble is None or model._preparation is None:
        raise TasouError(NOTHING, name=name)
    parts, outputs = joined(model._ensemble, member), model._ensemble.aim.outputs
    if hasattr(model, "classes_"):
        kind: Kind = "labels" if model._many else "classes"
        threshold = None if model._many or model.threshold_ == 0.5 else model.threshold_
        answer = Answer(kind, "y", _values(model.classes_), threshold=threshold)
    else:
        names = tuple(f"y{k + 1}" for k in range(outputs)) if outputs > 1 else ("y",)
        if model.loss == "quantile":
            names = tuple(f"y_{level:g}" for level in np.atleast_1d(model.quantiles))
        answer = Answer("numbers", "y", names=names, units=parts.units)
    title = f"{name}: from {', '.join(model._preparation.columns)}"
    return _of_table(title, model._preparation, parts, answer)


def _of_table(title: str, preparation: Any, parts: Any, answer: Answer) -> Plan:
    """The plan of networks that read a table."""
    marks = MISSING if preparation.missing is None else preparation.missing
    return Plan(
        title,
        tuple(step.cell for step in preparation.steps),
        tuple(step.features for step in preparation.steps),
        tuple(sorted(marks - {""})),
        parts.members,
        answer,
        parts.second,
        parts.link,
        parts.blend,
    )


def _of_network(network: Network) -> Plan:
    names = tuple(f"y{k + 1}" for k in range(network.sizes[-1])) if network.sizes[-1] > 1 else ("y",)
    return _plain(repr(network), network, None, Answer("numbers", "y", names=names))


def _of_estimator(model: Any) -> Plan:
    name = type(model).__name__
    if not hasattr(model, "coefs_"):
        raise TasouError(NOT_FITTED, name=name)
    network: Network = model._network
    K = network.sizes[-1]
    if not hasattr(model, "classes_"):
        names = tuple(f"y{k + 1}" for k in range(K)) if K > 1 else ("y",)
        answer = Answer("numbers", "y", names=names)
    elif not hasattr(model, "predict_proba"):
        answer = Answer("sides", "y", _values(model.classes_), tuple(f"z{k + 1}" for k in range(K)))
    else:
        several = network.output == "sigmoid" and K > 1
        answer = Answer("labels" if several else "classes", "y", _values(model.classes_))
    return _plain(f"{name}: {network!r}", network, getattr(model, "feature_names_in_", None), answer)


def _values(classes: Any) -> tuple[Any, ...]:
    return tuple(np.asarray(classes).tolist())


def _plain(title: str, network: Network, names: Sequence[str] | None, answer: Answer) -> Plan:
    names = [f"x{j + 1}" for j in range(network.sizes[0])] if names is None else [str(n) for n in names]
    cells = tuple(Cell(name, "number") for name in names)
    return Plan(title, cells, (), (), (Member((network,)),), answer)
