"""A table model as JSON and arrays: preparation, network or ensemble, settings, scores.

The plain network is written as it always was, so that older versions read it; an ensemble is a kind of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tasou.errors import ModelFileError, TableError
from tasou.formats.header import MAX_HEADER
from tasou.formats.safetensors import Tensors
from tasou.formats.schema import check
from tasou.formats.strict_json import dump
from tasou.formats.values import pack, unpack
from tasou.messages import Message
from tasou.models import ensemble_state, network_state, parts, settings_state
from tasou.models.scores import Scores
from tasou.models.table_learning import aim_of
from tasou.models.table_model import TableModel
from tasou.tables import Preparation
from tasou.tables.targets import ClassTarget
from tasou.tabular.aims import Classes, OneOfTwo
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.presets import PLAIN as PLAIN_PRESET

NO_TARGET = Message(
    "model_file.no_target",
    en="the preparation in the file has no target",
    ja="ファイルにある前処理に目的変数がありません",
)
OTHER_WIDTH = Message(
    "model_file.other_width",
    en="the network takes and gives {found} numbers per row, its table needs {wanted}",
    ja="ネットワークの入力と出力は1行あたり {found} 個ですが、この表には {wanted} 個が必要です",
)
OTHER_AIM = Message(
    "model_file.other_aim",
    en="the members in the file learnt {aim}, which is no {task}",
    ja="ファイルのメンバーが学習した {aim} は、課題 {task} と合いません",
)
OTHER_BASELINE = Message(
    "model_file.other_baseline",
    en="the baseline in the file has {found} numbers, not {wanted}",
    ja="ファイルにあるベースラインの数は {found} 個で、必要な {wanted} 個と合いません",
)
TOO_MANY_COLUMNS = Message(
    "model_file.too_many_columns",
    en="a model of {n} columns does not fit into a file: their names and values take {size} bytes, at most {most} "
    "are possible; leave some out with --drop",
    ja="{n} 列のモデルはファイルに収まりません。列名と値に {size} バイト必要ですが、上限は {most} バイトです。"
    "--drop で列を減らしてください",
)
REST = 1 << 16
"""what the description holds besides"""
NUMBER = {"type": "number"}
NUMBERS = {"type": "object", "additionalProperties": NUMBER}
WHOLE = {"type": "integer", "minimum": 0}
SCORES = {
    "type": ["object", "null"],
    "required": ["values", "baseline", "answer", "rows"],
    "properties": {"values": NUMBERS, "baseline": NUMBERS, "rows": WHOLE},
}
PLAIN = {"type": "object", "required": ["network", "history", "finished"]}
SCHEMA = {
    "type": "object",
    "required": [
        "preparation",
        "settings",
        "rows",
        "baseline",
        "unused",
        "test",
    ],
    "properties": {
        "preparation": {"type": "object"},
        "network": {"type": "object"},
        "ensemble": {"type": "object"},
        "settings": settings_state.SCHEMA,
        "history": {"type": "object"},
        "finished": {"type": "string"},
        "preset": {"type": "string"},
        parts.SEEN: {"type": "object"},
        "rows": WHOLE,
        "baseline": {"type": "array", "items": NUMBER},
        "unused": {"type": "object", "additionalProperties": {"type": "string"}},
        "test": SCORES,
    },
}


def describe(model: TableModel, tensors: Tensors) -> dict[str, Any]:
    """The model as JSON; its arrays are put into ``tensors``. It holds no row of the training table."""
    return {
        "preparation": model.preparation.to_dict(),
        **(_of_network(model, tensors) if is_plain(model) else _of_ensemble(model, tensors)),
        "settings": settings_state.describe(model.settings),
        "rows": model.rows,
        "baseline": list(model.baseline),
        "unused": dict(model.unused),
        "test": None if model.test is None else asdict(model.test),
        **parts.pack_seen(model.preparation, tensors),
    }


def is_plain(model: TableModel) -> bool:
    """Whether it is a single network, which older versions know how to read."""
    ensemble = model.ensemble
    return ensemble.size == 1 and ensemble.aim == aim_of(model.goal) and ensemble.linear is None


def _of_network(model: TableModel, tensors: Tensors) -> dict[str, Any]:
    history = ensemble_state.untimed(dict(model.history))
    return {
        "network": network_state.describe(model.network, tensors),
        "history": {name: pack(list(values), name, tensors) for name, values in history.items()},
        "finished": model.finished,
    }


def _of_ensemble(model: TableModel, tensors: Tensors) -> dict[str, Any]:
    return {"ensemble": ensemble_state.describe(model.ensemble, tensors), "preset": model.preset}


def check_room(preparation: Preparation) -> None:
    """Raise ModelFileError where the names of so many columns do not fit into a model file: before the training."""
    size = len(
        dump(dump(preparation.to_dict())).encode()
    )  # it lies in the header as a text of JSON within JSON
    size += len(dump(dump(preparation.columns)).encode())  # once more with what was seen of each
    if size > MAX_HEADER - REST:
        raise ModelFileError(TOO_MANY_COLUMNS, n=len(preparation.steps), size=size, most=MAX_HEADER)


def rebuild(description: Mapping[str, Any], tensors: Tensors) -> TableModel:
    """The model that `describe` was given.

    Raises
    ------
    ModelFileError
        the description is none of a table model, or its parts do not fit together
    """
    check(description, SCHEMA)
    try:
        preparation = Preparation.from_dict(description["preparation"])
    except TableError as error:
        raise ModelFileError(error.sentence) from None
    model = TableModel(
        preparation,
        _rebuilt_ensemble(description, preparation, tensors),
        settings_state.rebuild(description["settings"]),
        description["rows"],
        tuple(description["baseline"]),
        description["unused"],
        None if description["test"] is None else Scores(**description["test"]),
        description.get("preset", PLAIN_PRESET),
    )
    _check_fit(model)
    model.preparation = parts.with_seen(model.preparation, description, tensors)
    return model


def _rebuilt_ensemble(description: Mapping[str, Any], preparation: Preparation, tensors: Tensors) -> Ensemble:
    if preparation.goal is None:
        raise ModelFileError(NO_TARGET)
    if "ensemble" in description:
        return ensemble_state.rebuild(description["ensemble"], tensors, preparation.kinds)
    check(description, PLAIN)
    history = {name: unpack(values, tensors) for name, values in description["history"].items()}
    network = network_state.rebuild(description["network"], tensors)
    return Ensemble.alone(network, aim_of(preparation.goal), history, description["finished"])


def _check_fit(model: TableModel) -> None:
    """Refuse a preparation, networks and a baseline that do not belong together."""
    classes = len(model.goal.classes) if isinstance(model.goal, ClassTarget) else 1
    aim = model.ensemble.aim
    width = 2 if isinstance(aim, OneOfTwo) else aim.outputs
    wanted = (len(model.preparation.feature_names), aim.outputs if width == classes else classes)
    for member in model.ensemble.members:
        found = (member[0].sizes[0], member[0].sizes[-1])
        if found != wanted:
            raise ModelFileError(OTHER_WIDTH, found=found, wanted=wanted)
    if isinstance(aim, Classes | OneOfTwo) != isinstance(model.goal, ClassTarget):
        raise ModelFileError(OTHER_AIM, aim=type(aim).__name__, task=model.task)
    if len(model.baseline) != classes:
        raise ModelFileError(OTHER_BASELINE, found=len(model.baseline), wanted=classes)
