"""Save a model and load it again: one safetensors file, nothing in it is ever executed.

Each kind of model has a module that turns it into JSON and arrays (``describe``) and back (``rebuild``).
"""

from __future__ import annotations

import json
import os
from importlib import import_module
from typing import Any

import numpy as np

from tasou.errors import ModelFileError
from tasou.formats.model_file import IN_FILE, read_model, write_model
from tasou.formats.safetensors import Tensors
from tasou.formats.strict_json import dump
from tasou.messages import Message
from tasou.models import ensemble_state, made_up
from tasou.models.arrays import halved
from tasou.version import __version__

NEWER_KIND = Message(
    "model_file.newer_kind",
    en="{path} holds a {kind!a}, made by a newer tasou: upgrade tasou",
    ja="{path} の中身は、より新しい tasou で作られた {kind!a} です。tasou を更新してください",
)
NOT_OURS = Message(
    "model_file.not_ours",
    en="cannot save a {name}: only what tasou trained can be saved",
    ja="{name} は保存できません。保存できるのは tasou で学習したものだけです",
)

NO_HALF = Message(
    "model_file.no_half",
    en="float16 is for ensembles of tables; a {name} is saved as it is",
    ja="float16 で保存できるのは表のアンサンブルだけです。{name} はそのまま保存してください",
)
KINDS = {
    "network": ("tasou.network.", "tasou.models.network_state"),
    "estimator": ("tasou.estimators.", "tasou.models.estimator_state"),
    "table": ("tasou.models.", "tasou.models.table_state"),
    "table_estimator": ("tasou.tabular.", "tasou.models.table_estimator_state"),
    "training": ("tasou.training.", "tasou.models.training_state"),
    "stack": ("tasou.layers.", "tasou.models.stack_state"),
    "table_ensemble": ("tasou.models.", "tasou.models.table_state"),
}
"""kind: (where its classes live, the module that describes and rebuilds them)"""
MORE = {"network": "stack", "table": "table_ensemble"}
"""what an earlier version could read by half is of another kind: then it asks for a newer one"""


def save(model: Any, path: str | os.PathLike[str], *, float16: bool = False) -> float | None:
    """Write what was trained to ``path``: an estimator, a `TableModel`, a `Network`, or a `Training` as it stands.

    The file appears wholly or not at all; one already there is replaced in one step. It is a safetensors file, so
    its arrays can be read by any safetensors tool. Callbacks are not stored.

    Parameters
    ----------
    model
        what was trained
    path
        the file to write, by custom ``name.tasou``
    float16
        whether what the members of an ensemble have learnt is rounded to half precision: half the size

    Returns
    -------
    float or None
        with ``float16`` what the rounding costs: the largest change of an answer on made-up rows, relative to the
        largest answer or to 1. The file says it, too.

    Raises
    ------
    ModelFileError
        the model is not fitted, holds code of your own or NaN weights, or the file cannot be written

    Examples
    --------
    >>> import tempfile, pathlib, tasou
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "yes", "yes", "yes"]
    >>> model = tasou.LogisticRegression(C=100).fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "or.tasou"
    ...     tasou.save(model, path)
    ...     tasou.load(path).predict([[0, 0], [1, 1]])
    array(['no', 'yes'], dtype='<U3')
    """
    tensors: Tensors = {}
    kind, module = _kind_of(model)
    description = import_module(module).describe(model, tensors)
    change = None
    if float16:
        if "ensemble" not in description:
            raise ModelFileError(NO_HALF, name=type(model).__name__)
        tensors = halved(tensors, ensemble_state.PARAMETERS)
        rounded = import_module(module).rebuild(json.loads(dump(description)), tensors)
        change = made_up.largest_change(model, rounded)
        description["float16"], model = {"change": change}, rounded
    if kind != "training":
        description |= made_up.describe(model)
    made_with = {"tasou": __version__, "numpy": np.__version__}
    write_model(path, kind, {**description, "made_with": made_with}, tensors)
    return change


def load(path: str | os.PathLike[str]) -> Any:
    """The model that `save` wrote to ``path``; it predicts the same numbers and can be trained on.

    Raises
    ------
    ModelFileError
        the file cannot be read, is damaged, is no model of tasou's, or was made by a newer tasou

    Examples
    --------
    >>> import tempfile
    >>> from tasou.network import Network
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Network((2, 3, 2), rng=0), f"{folder}/a.tasou")
    ...     load(f"{folder}/a.tasou")
    Network(2 → 3 relu → 2 softmax, 17 parameters, float64)
    """
    contents = read_model(path)
    if contents.kind not in KINDS:
        raise ModelFileError(NEWER_KIND, path=path, kind=contents.kind[:40])
    try:
        return import_module(KINDS[contents.kind][1]).rebuild(contents.model, contents.tensors)
    except ModelFileError as error:
        raise ModelFileError(IN_FILE, path=path, reason=error) from error


def _kind_of(model: Any) -> tuple[str, str]:
    home = f"{type(model).__module__}."
    for kind, (classes, module) in KINDS.items():
        if home.startswith(classes):
            return (kind if _is_plain(model, kind) else MORE[kind]), module
    raise ModelFileError(NOT_OURS, name=type(model).__name__)


def _is_plain(model: Any, kind: str) -> bool:
    """Whether versions that knew nothing but dense layers, one network at a time, can read it."""
    if kind == "table":
        return bool(import_module(KINDS[kind][1]).is_plain(model))
    return kind != "network" or bool(model.plain)
