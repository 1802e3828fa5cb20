"""An ensemble as JSON and arrays: the layers of its members once, all their parameters side by side.

Members whose layers are alike share a form; ``members1.W3`` of shape (members, moments, units, inputs) holds the W of
their third layer. The edges of their bins lie in arrays as well, so that the header has room for thousands of columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import fields
from typing import Any

import numpy as np

from tasou.ensembles.choice import Choice
from tasou.ensembles.linear import Linear
from tasou.ensembles.out_of_fold import OutOfFold
from tasou.errors import ModelFileError
from tasou.formats.safetensors import Array, Tensors
from tasou.formats.schema import check
from tasou.formats.values import pack, unpack
from tasou.formulas.losses import Loss
from tasou.layers import Columns, PiecewiseLinear
from tasou.messages import Message
from tasou.models import sentences, singles_state, stack_state
from tasou.models.arrays import HALF, check_shape
from tasou.network import Network
from tasou.network.layout import Place
from tasou.tables.kind import Kind
from tasou.tabular import aims
from tasou.tabular.aims import Aim
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.networks import Features, Group

CANNOT_BUILD = Message(
    "model_file.cannot_build_ensemble",
    en="the ensemble in the file cannot be built here: {reason}",
    ja="ファイルにあるアンサンブルをここで組み立てられません：{reason}",
)
OTHER_OUTPUTS = Message(
    "model_file.other_outputs",
    en="a member takes and gives {found} numbers per row, the ensemble needs {wanted}",
    ja="メンバーの入力と出力は1行あたり {found} 個ですが、アンサンブルには {wanted} 個が必要です",
)
NO_PLACE = Message(
    "model_file.no_member",
    en="the linear model is of form {form}, but there {n:is|are} {n}",
    ja="線形モデルの形は {form} 番ですが、形は {n} 個しかありません",
)

MOST = 1024
WHOLE = {"type": "integer", "minimum": 0}
NUMBER = {"type": "number"}
SCHEMA = {
    "type": "object",
    "required": [
        "aim",
        "forms",
        "moments",
        "choice",
        "linear",
        "histories",
        "endings",
        "effort",
        "judging",
        "oof",
    ],
    "properties": {
        "aim": {
            "type": "object",
            "required": ["name", "made_with"],
            "properties": {"name": {"type": "string"}, "made_with": {"type": "object"}},
        },
        "forms": {
            "type": "array",
            "maxItems": MOST,
            "items": {
                "type": "object",
                "required": ["members", "network"],
                "properties": {"members": {"type": "integer", "minimum": 1}, "network": {"type": "object"}},
            },
        },
        "moments": {"type": "integer", "minimum": 1},
        "dips": {"type": "array", "items": WHOLE, "maxItems": MOST},
        "choice": {
            "type": "object",
            "required": ["snapshots", "w", "temperature"],
            "properties": {
                "snapshots": {"type": "array", "items": WHOLE, "maxItems": MOST},
                "w": NUMBER,
                "temperature": NUMBER,
                "loss": {"type": ["number", "null"]},
            },
        },
        "linear": {
            "type": ["object", "null"],
            "required": ["form", "penalty"],
            "properties": {"form": {"type": ["integer", "null"]}, "penalty": NUMBER},
        },
        "histories": {"type": "array", "maxItems": MOST, "items": {"type": "object"}},
        "endings": {"type": "array", "maxItems": MOST, "items": {"type": "string"}},
        "effort": {"type": "array", "items": sentences.SCHEMA, "maxItems": MOST},
        "judging": WHOLE,
        "singles": singles_state.SCHEMA,
        "oof": {
            "type": ["object", "null"],
            "required": ["n", "held"],
            "properties": {"n": WHOLE, "held": {"type": "array", "items": WHOLE, "maxItems": MOST}},
        },
    },
}
AIMS: dict[str, type[Aim]] = {
    name: kind for name, kind in vars(aims).items() if isinstance(kind, type) and issubclass(kind, Aim)
}
PARAMETERS = "members"


def describe(ensemble: Ensemble, tensors: Tensors, *, out_of_fold: bool = False) -> dict[str, Any]:
    """The ensemble as JSON; its arrays are put into ``tensors``.

    ``out_of_fold`` keeps what was said of each training row as well: as many numbers as there are rows.

    Raises
    ------
    ModelFileError
        a layer, an activation or a loss of the user's own, whose code no model file holds
    """
    forms = _forms(ensemble.members)
    for j, members in enumerate(forms, start=1):
        for place in members[0][0].parameters.layout.places:
            stacked = [[place.view(network.theta) for network in member] for member in members]
            tensors[_tensor(j, place)] = np.array(stacked)
    choice = ensemble.choice
    loss = float(choice.loss)
    return {
        "aim": {"name": type(ensemble.aim).__name__, "made_with": _fields(ensemble.aim, tensors)},
        "forms": [
            {"members": len(members), "network": stack_state.form(members[0][0], tensors, f"form{j}.")}
            for j, members in enumerate(forms, start=1)
        ],
        "moments": len(ensemble.members[0]),
        "dips": list(ensemble.moments),
        "choice": {
            "snapshots": [int(m) for m in choice.snapshots],
            "w": float(choice.w),
            "temperature": float(choice.temperature),
            "loss": loss if np.isfinite(loss) else None,
        },
        "linear": _linear(ensemble, forms, tensors, out_of_fold=out_of_fold),
        "histories": [
            {name: pack(list(values), f"{j}.{name}", tensors) for name, values in history.items()}
            for j, history in enumerate(map(untimed, ensemble.histories))
        ],
        "endings": list(ensemble.endings),
        "effort": [sentences.describe(said) for said in ensemble.effort],
        "judging": ensemble.judging,
        "singles": singles_state.describe(ensemble.singles),
        "oof": _oof(ensemble.oof, tensors) if out_of_fold else None,
    }


def untimed(history: Mapping[str, list[float]]) -> dict[str, list[float]]:
    """A history without times: equal seeds make equal files."""
    return {name: values for name, values in history.items() if name != "seconds"}


def _forms(members: Sequence[list[Network]]) -> list[list[list[Network]]]:
    """Neighbours whose layers are alike, together."""
    found: list[list[list[Network]]] = []
    for member in members:
        if found and found[-1][0][0].cards == member[0].cards:
            found[-1].append(member)
        else:
            found.append([member])
    return found


def _tensor(j: int, place: Place) -> str:
    return f"{PARAMETERS}{j}.{stack_state.tensor(place)}"


def _fields(aim: Aim, tensors: Tensors) -> dict[str, Any]:
    return {f.name: pack(getattr(aim, f.name), f"aim.{f.name}", tensors) for f in fields(aim)}


def _linear(
    ensemble: Ensemble, forms: list[list[list[Network]]], tensors: Tensors, *, out_of_fold: bool
) -> dict[str, Any] | None:
    """The linear model, and by which members' bins it makes its features; by no bins, of no form."""
    if ensemble.linear is None or ensemble.features is None:
        return None
    edges = ensemble.features.group.edges
    form = next((j for j, members in enumerate(forms) if _edges(members[0][0]) == edges), None)
    tensors["linear.w"] = ensemble.linear.w
    if out_of_fold:
        tensors["linear.said"] = np.asarray(ensemble.linear.said, np.float64)
    return {"form": form, "penalty": float(ensemble.linear.penalty)}


def _edges(network: Network) -> dict[int, tuple[float, ...]]:
    """The edges of the bins of each column that has some."""
    first = network.cards[0]
    parts = first.parts if isinstance(first, Columns) else ()
    found = [(at, layers[0]) for at, layers in parts if isinstance(layers[0], PiecewiseLinear)]
    return {j: cut for at, layer in found for j, cut in zip(at, layer.edges, strict=True)}


def _oof(oof: OutOfFold | None, tensors: Tensors) -> dict[str, Any] | None:
    if oof is None:
        return None
    tensors["oof.rows"], tensors["oof.said"] = np.asarray(oof.rows, np.int64), oof.said
    return {"n": oof.n, "held": [len(rows) for rows in oof.held]}


def rebuild(description: Mapping[str, Any], tensors: Tensors, kinds: Sequence[Kind]) -> Ensemble:
    """The ensemble that `describe` was given, on prepared rows of these ``kinds``.

    Raises
    ------
    ModelFileError
        the description is none of an ensemble, or its parts do not fit together
    """
    check(description, SCHEMA, "ensemble")
    aim = _aim(description["aim"], tensors)
    moments = description["moments"]
    forms = [
        _members(j, form, moments, aim.loss, tensors) for j, form in enumerate(description["forms"], start=1)
    ]
    _check_sizes([members[0][0] for members in forms], len(kinds), aim.outputs)
    choice = dict(description["choice"])
    loss = choice.get("loss")
    try:
        linear, features = _rebuilt_linear(description["linear"], aim, forms, kinds, tensors)
        oof = _rebuilt_oof(description["oof"], tensors)
    except (LookupError, TypeError, ValueError) as error:
        raise ModelFileError(CANNOT_BUILD, reason=error) from error
    return Ensemble(
        aim,
        [member for members in forms for member in members],
        Choice(
            tuple(choice["snapshots"]),
            choice["w"],
            choice["temperature"],
            float("inf") if loss is None else loss,
        ),
        linear,
        features,
        oof,
        [
            {name: unpack(values, tensors) for name, values in history.items()}
            for history in description["histories"]
        ],
        description["endings"],
        [sentences.rebuild(said) for said in description["effort"]],
        description["judging"],
        singles_state.rebuild(description.get("singles", ())),
        moments=tuple(description.get("dips", ())),
    )


def _aim(description: Mapping[str, Any], tensors: Tensors) -> Aim:
    name = description["name"]
    check(name, {"enum": sorted(AIMS)}, "ensemble.aim.name")
    try:
        return AIMS[name](**{key: unpack(value, tensors) for key, value in description["made_with"].items()})
    except TypeError as error:
        raise ModelFileError(CANNOT_BUILD, reason=error) from error


def _members(
    j: int, form: Mapping[str, Any], moments: int, loss: Loss, tensors: Tensors
) -> list[list[Network]]:
    """The members of a form at each moment; nothing is built before every array is known to be there."""
    k = form["members"]

    def look(place: Place, dtype: str) -> None:
        check_shape(tensors, _tensor(j, place), (k, moments, *place.shape.of), dtype, (HALF,))

    empty = stack_state.build(form["network"], tensors, loss, look)
    places = empty.parameters.layout.places
    if not places:
        raise ModelFileError(CANNOT_BUILD, reason="W")

    def standing(i: int, m: int) -> Network:
        network = deepcopy(empty)
        for place in places:
            place.view(network.theta)[...] = tensors[_tensor(j, place)][i, m]
        return network

    return [[standing(i, m) for m in range(moments)] for i in range(k)]


def _check_sizes(networks: Sequence[Network], n: int, outputs: int) -> None:
    """Refuse members that take or give other numbers than the table and the target have."""
    if not networks:
        raise ModelFileError(CANNOT_BUILD, reason="forms: 0")
    for network in networks:
        found = (network.sizes[0], network.sizes[-1])
        if found != (n, outputs):
            raise ModelFileError(OTHER_OUTPUTS, found=found, wanted=(n, outputs))


def _rebuilt_linear(
    description: Mapping[str, Any] | None,
    aim: Aim,
    forms: list[list[list[Network]]],
    kinds: Sequence[Kind],
    tensors: Tensors,
) -> tuple[Linear | None, Features | None]:
    if description is None:
        return None, None
    form = description["form"]
    if form is not None and not 0 <= form < len(forms):
        raise ModelFileError(NO_PLACE, form=form, n=len(forms))
    group = Group(tuple(kinds), {} if form is None else _edges(forms[form][0][0]))
    w: Array = tensors["linear.w"]
    several = (aim.outputs,) if aim.probabilities and aim.outputs > 2 else ()
    check_shape(tensors, "linear.w", (len(w), *several, group.n_features + 1), "float64")
    said = tensors.get("linear.said", np.empty(0))
    return Linear(w, description["penalty"], said), group.features


def _rebuilt_oof(description: Mapping[str, Any] | None, tensors: Tensors) -> OutOfFold | None:
    if description is None:
        return None
    rows, said, held = tensors["oof.rows"], tensors["oof.said"], description["held"]
    n = description["n"]
    if len(rows) != sum(held) or len(said) != len(rows) or (rows < 0).any() or (rows >= n).any():
        raise ValueError(held)
    cuts = np.cumsum(held)[:-1]
    return OutOfFold(n, np.split(rows, cuts), np.split(said, cuts))
