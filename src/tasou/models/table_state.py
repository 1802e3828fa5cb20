"""A table model as JSON and arrays: preparation, network, settings, history, scores."""

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
from tasou.models import network_state, settings_state
from tasou.models.scores import Scores
from tasou.models.table_model import TableModel
from tasou.tables import Preparation
from tasou.tables.targets import ClassTarget

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
SCHEMA = {
    "type": "object",
    "required": [
        "preparation",
        "network",
        "settings",
        "history",
        "finished",
        "rows",
        "baseline",
        "unused",
        "test",
    ],
    "properties": {
        "preparation": {"type": "object"},
        "network": {"type": "object"},
        "settings": settings_state.SCHEMA,
        "history": {"type": "object"},
        "finished": {"type": "string"},
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
        "network": network_state.describe(model.network, tensors),
        "settings": settings_state.describe(model.settings),
        "history": {name: pack(list(values), name, tensors) for name, values in model.history.items()},
        "finished": model.finished,
        "rows": model.rows,
        "baseline": list(model.baseline),
        "unused": dict(model.unused),
        "test": None if model.test is None else asdict(model.test),
    }


def check_room(preparation: Preparation) -> None:
    """Raise ModelFileError where the names of so many columns do not fit into a model file: before the training."""
    size = len(
        dump(dump(preparation.to_dict())).encode()
    )  # it lies in the header as a text of JSON within JSON
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
    network = network_state.rebuild(description["network"], tensors)
    model = TableModel(
        preparation,
        network,
        settings_state.rebuild(description["settings"]),
        {name: unpack(values, tensors) for name, values in description["history"].items()},
        description["finished"],
        description["rows"],
        tuple(description["baseline"]),
        description["unused"],
        None if description["test"] is None else Scores(**description["test"]),
    )
    _check_fit(model)
    return model


def _check_fit(model: TableModel) -> None:
    """Refuse a preparation, a network and a baseline that do not belong together."""
    if model.preparation.goal is None:
        raise ModelFileError(NO_TARGET)
    classes = len(model.goal.classes) if isinstance(model.goal, ClassTarget) else 1
    wanted = (len(model.preparation.feature_names), 1 if classes == 2 else classes)
    found = (model.network.sizes[0], model.network.sizes[-1])
    if found != wanted:
        raise ModelFileError(OTHER_WIDTH, found=found, wanted=wanted)
    if len(model.baseline) != classes:
        raise ModelFileError(OTHER_BASELINE, found=len(model.baseline), wanted=classes)
