"""What is to be exported, whatever it came from: cells in, networks with weights, an answer out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.network import Network
from tasou.tables.cell import Cell
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

Kind = Literal["classes", "sides", "labels", "numbers"]


@dataclass(frozen=True)
class Member:
    """A network, and its share of the answer: the networks' predictions are added, each times its weight."""

    network: Network
    weight: float = 1.0


@dataclass(frozen=True)
class Answer:
    """What becomes of the networks' predictions.

    Attributes
    ----------
    kind
        ``"classes"``: the probability of each class, and the class that they name; ``"sides"``: a class by the largest
        value, or by the sign of the only one; ``"labels"``: the probability of each of several labels;
        ``"numbers"``: the numbers expected
    target
        what is predicted
    classes
        the classes or labels in their order
    names
        of the numbers
    unit
        the formula ``(z, xp)`` that brings a prediction into the target's unit, if it needs one
    """

    kind: Kind
    target: str
    classes: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()
    unit: Callable[[Any, Any], Any] | None = None

    @property
    def width(self) -> int:
        """How many numbers it is."""
        return len(self.classes) if self.kind in ("classes", "labels") else max(1, len(self.names))


Features = Callable[[Any, Any], list[Any]]


@dataclass(frozen=True)
class Plan:
    """A model as it is exported.

    Attributes
    ----------
    title
        what it is, in a line
    cells
        what is read of each column
    features
        for each column the formula ``(cell, xp)`` of its features; empty where the cells are the features
    missing
        the texts that stand for no value, besides the empty one
    members
        the networks
    answer
        what becomes of their predictions
    """

    title: str
    cells: tuple[Cell, ...]
    features: tuple[Features, ...]
    missing: tuple[str, ...]
    members: tuple[Member, ...]
    answer: Answer

    @property
    def dtype(self) -> np.dtype[Any]:
        """In what the networks compute."""
        return self.members[0].network.dtype


def plan_of(model: Any) -> Plan:
    """The plan of a table model, an estimator, a training or a network.

    Raises
    ------
    TasouError
        it is none of these, or not fitted
    """
    home = type(model).__module__
    if isinstance(model, Training):
        model = model.network
    if isinstance(model, Network):
        return _of_network(model)
    if home.startswith("tasou.estimators."):
        return _of_estimator(model)
    if home.startswith("tasou.models."):
        return _of_table_model(model)
    raise TasouError(NOT_OURS, name=type(model).__name__)


def _of_table_model(model: Any) -> Plan:
    from tasou.tables.spelling.missing import MISSING

    preparation, goal = model.preparation, model.goal
    steps = preparation.steps
    marks = MISSING if preparation.missing is None else preparation.missing
    if goal.task == "classification":
        answer = Answer("classes", goal.column, tuple(goal.classes))
    else:
        answer = Answer("numbers", goal.column, names=(goal.column,), unit=goal.unit)
    return Plan(
        f"{goal.column} from {', '.join(preparation.columns)}",
        tuple(step.cell for step in steps),
        tuple(step.features for step in steps),
        tuple(sorted(marks - {""})),
        (Member(model.network),),
        answer,
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
    return Plan(title, cells, (), (), (Member(network),), answer)
