"""A training as JSON and arrays: its network, its recipe, where it stands, and which rows it learns from.

Checkpoints, and whatever else takes a training up again, share this one form. Times are not part of it, nor is
anything of the machine: equal trainings give equal files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from tasou.errors import ModelFileError, TasouError
from tasou.formats.safetensors import Tensors
from tasou.formats.schema import check
from tasou.formats.values import pack, unpack
from tasou.formulas.schedules import Clock
from tasou.messages import Message
from tasou.models import network_state
from tasou.training import Recipe, State, Stopping, Training
from tasou.training.iterations import LBFGS, optimizer_of
from tasou.training.learning import settings_of
from tasou.training.state import Begun, Watched

CANNOT_BUILD = Message(
    "model_file.cannot_build_training",
    en="the training in the file cannot be taken up here: {reason}",
    ja="ファイルにある学習をここで再開できません：{reason}",
)
SCHEMA = {
    "type": "object",
    "required": ["network", "recipe", "stopping", "on_divergence", "state"],
    "properties": {
        "network": {"type": "object"},
        "recipe": {"type": "object"},
        "stopping": {"type": ["object", "null"]},
        "on_divergence": {"enum": ["raise", "stop", "ignore"]},
        "state": {"type": "object"},
    },
}
TIMES = ("seconds",)
"""what a history knows of times"""
LARGEST = 1 << 53
"""larger whole numbers than JSON can be trusted with are written in hexadecimal"""


def describe(training: Training, tensors: Tensors) -> dict[str, Any]:
    """The training as JSON; its arrays are put into ``tensors``. It holds no row of the data.

    Raises
    ------
    ModelFileError
        a formula or a layer of the user's own, whose code no model file holds; parameters that are not finite
    """
    state = training.state()
    history = {name: values for name, values in state.history.items() if name not in TIMES}
    stands = {
        "memory": dict(state.memory),
        "clock": tuple(state.clock),
        "rng": _in_hex(state.rng),
        "order": state.order,
        "begun": None if state.begun is None else tuple(state.begun),
        "stopping": None if state.stopping is None else tuple(state.stopping),
        "ahead": state.ahead,
        "history": history,
        "rows": state.rows,
        "finished": state.finished,
    }
    return {
        "network": network_state.describe(training.network, tensors),
        "recipe": _packed(_recipe(training), "recipe", tensors),
        "stopping": None if training.stopping is None else _packed(_rule(training.stopping), "rule", tensors),
        "on_divergence": training.on_divergence,
        "state": _packed(stands, "state", tensors),
    }


def _packed(values: Mapping[str, Any], place: str, tensors: Tensors) -> dict[str, Any]:
    return {name: pack(value, f"{place}.{name}", tensors) for name, value in values.items()}


def _recipe(training: Training) -> dict[str, Any]:
    """The settings that are not the plain ones; L-BFGS, which is no file among the optimizers, by its constants."""
    recipe, plain = training.recipe, Recipe()
    found = {f.name: getattr(recipe, f.name) for f in fields(Recipe)}
    if training.optimizer.name == LBFGS.name:
        found["optimizer"] = (LBFGS.name, dict(training.optimizer.parameters))
    return {name: value for name, value in found.items() if value != getattr(plain, name)}


def _rule(stopping: Stopping) -> dict[str, Any]:
    """The settings of a stopping rule."""
    return {f.name: getattr(stopping, f.name) for f in fields(Stopping) if f.init}


def rebuild(description: Mapping[str, Any], tensors: Tensors) -> Training:
    """The training that `describe` was given: it goes on from where it stood, with the same rows.

    Validation rows and callbacks are not in the file: set ``training.validation`` and ``training.callbacks`` anew.

    Raises
    ------
    ModelFileError
        the description is none of a training, or its parts do not fit together
    """
    check(description, SCHEMA, "training")
    network = network_state.rebuild(description["network"], tensors)
    recipe, stands = (
        {name: unpack(value, tensors) for name, value in description[part].items()}
        for part in ("recipe", "state")
    )
    rule = description["stopping"]
    try:
        if isinstance(recipe.get("optimizer"), tuple):
            name, constants = recipe["optimizer"]
            recipe["optimizer"] = optimizer_of(name, **constants)
        training = Training(
            network,
            **settings_of(Recipe(**recipe)),
            stopping=rule and Stopping(**{name: unpack(value, tensors) for name, value in rule.items()}),
            on_divergence=description["on_divergence"],
        )
        history = stands["history"]
        unknown = [0.0] * len(history.get("loss", ()))
        state = State(
            theta=network.theta,
            memory=stands["memory"],
            clock=Clock(*stands["clock"]),
            rng=_from_hex(stands["rng"]),
            order=stands["order"],
            begun=None if stands["begun"] is None else Begun(*stands["begun"]),
            stopping=None if stands["stopping"] is None else Watched(*stands["stopping"]),
            ahead=stands["ahead"],
            history={**history, "seconds": unknown},
            rows=stands["rows"],
            finished=stands["finished"],
        )
        training.restore(state)
    except (TasouError, LookupError, TypeError, ValueError) as error:
        raise ModelFileError(CANNOT_BUILD, reason=error) from error
    return training


def _in_hex(value: Any) -> Any:
    """A random stream's state with its long numbers as texts."""
    if isinstance(value, dict):
        return {key: _in_hex(part) for key, part in value.items()}
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return int(value) if abs(int(value)) < LARGEST else hex(value)
    return value


def _from_hex(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _from_hex(part) for key, part in value.items()}
    return int(value, 16) if isinstance(value, str) and value.startswith("0x") else value
