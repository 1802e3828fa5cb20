"""A fitted estimator as JSON and arrays: its class by name, its parameters, and what ``fit`` left on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tasou import estimators
from tasou.errors import ModelFileError
from tasou.estimators._scaling import Standardisation
from tasou.formats.formulas import OWN_CODE
from tasou.formats.safetensors import Tensors
from tasou.formats.schema import check
from tasou.formats.values import pack, unpack
from tasou.messages import Message

OWN_CLASS = Message(
    "model_file.own_class",
    en="{name} is a class of your own; known are {known:list}",
    ja="{name} は自作のクラスです。保存できるのは {known:list} です",
)
NOT_FITTED = Message(
    "model_file.not_fitted",
    en="this {name} is not fitted yet; call fit before saving it",
    ja="この {name} はまだ学習していません。保存する前に fit を呼んでください",
)
CANNOT_BUILD = Message(
    "model_file.cannot_build",
    en="the {name} in the file cannot be built here: {reason}",
    ja="ファイルにある {name} をここで組み立てられません：{reason}",
)
OWN_PARAMETER = Message("model_file.own_parameter", en="{parameter}: {reason}", ja="{parameter}：{reason}")
NO_ATTRIBUTE = Message(
    "model_file.no_attribute",
    en="model.fitted has a key that is no fitted attribute: {key!a}",
    ja="model.fitted に、学習で得る属性ではないキー {key!a} があります",
)
BROKEN_CHAIN = Message(
    "model_file.broken_chain",
    en="the weights in the file do not follow one another: shapes {shapes}",
    ja="ファイルの重みどうしの形がつながりません：形 {shapes}",
)

OBJECT = {"type": "object"}
SCHEMA = {
    "type": "object",
    "required": ["estimator", "parameters", "fitted"],
    "properties": {
        "estimator": {"enum": sorted(estimators.__all__)},
        "parameters": OBJECT,
        "fitted": OBJECT,
        "labels": OBJECT,
        "scaling": OBJECT,
    },
}
CODE = ("callbacks", "scoring")
"""parameters that may hold code; they serve training alone, so the loaded estimator has their default"""


def describe(estimator: Any, tensors: Tensors) -> dict[str, Any]:
    """The estimator as JSON; its arrays are put into ``tensors``.

    Raises
    ------
    ModelFileError
        it is not fitted, is of a class of the user's own, or holds something that no model file stores
    """
    name = type(estimator).__name__
    if type(estimator) is not getattr(estimators, name, None):
        raise ModelFileError(OWN_CLASS, name=name, known=list(estimators.__all__))
    parameters = estimator.get_params(deep=False)
    state = {key: value for key, value in estimator.__getstate__().items() if key not in parameters}
    for foreign in ("_sklearn_version", "_skl_callbacks"):
        state.pop(foreign, None)
    if "coefs_" not in state and "coef_" not in state:
        raise ModelFileError(NOT_FITTED, name=name)
    labels, scaling = state.pop("_label_binarizer", None), state.pop("_scaling", None)
    found = {
        "estimator": name,
        "parameters": kept_parameters(parameters, tensors),
        "fitted": {key: pack(value, key, tensors) for key, value in state.items()},
    }
    for part, held in (("labels", labels), ("scaling", scaling)):
        if held is not None:
            found[part] = {key: pack(value, f"{part}.{key}", tensors) for key, value in vars(held).items()}
    return found


def kept_parameters(parameters: Mapping[str, Any], tensors: Tensors) -> dict[str, Any]:
    """The parameters of an estimator as JSON, without callbacks and the like."""
    kept = {key: _stored(value) for key, value in parameters.items() if not _is_code(key, value)}
    return {key: _packed(key, value, tensors) for key, value in kept.items()}


def _packed(key: str, value: Any, tensors: Tensors) -> Any:
    try:
        return pack(value, f"parameters.{key}", tensors)
    except ModelFileError as error:
        if error.code != OWN_CODE.code:
            raise
        raise ModelFileError(OWN_PARAMETER, parameter=key, reason=error) from None


def _is_code(key: str, value: Any) -> bool:
    return key in CODE and value is not None and not isinstance(value, str)


def _stored(value: Any) -> Any:
    """A plain form that says the same to ``fit``."""
    if isinstance(value, range):
        return tuple(value)
    return dict(value) if isinstance(value, Mapping) else value


def rebuild(description: Mapping[str, Any], tensors: Tensors) -> Any:
    """The estimator that `describe` was given, ready to predict and to train on.

    Raises
    ------
    ModelFileError
        the description is none of an estimator, or its parts do not fit together
    """
    check(description, SCHEMA, "model")
    cls = getattr(estimators, description["estimator"])
    try:
        estimator = cls(**_unpacked(description["parameters"], tensors))
        for key, value in _unpacked(description["fitted"], tensors).items():
            set_fitted(estimator, key, value)
        if "labels" in description:
            estimator._define_classes([0, 1])  # makes the object whose contents follow
            vars(estimator._label_binarizer).update(_unpacked(description["labels"], tensors))
            estimator.classes_ = estimator._label_binarizer.classes_
        if "scaling" in description:
            estimator._scaling = Standardisation(**_unpacked(description["scaling"], tensors))
        _check_network(estimator)
    except ModelFileError:
        raise
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        raise ModelFileError(CANNOT_BUILD, name=cls.__name__, reason=error) from error
    return estimator


def _unpacked(values: Mapping[str, Any], tensors: Tensors) -> dict[str, Any]:
    return {key: unpack(value, tensors) for key, value in values.items()}


def set_fitted(estimator: Any, key: str, value: Any) -> None:
    """Set a fitted attribute; a file must not hide a method or a property behind one."""
    if not re.fullmatch(r"_?[a-z][a-z0-9_]*", key) or hasattr(type(estimator), key) or key == "_live":
        raise ModelFileError(NO_ATTRIBUTE, key=key)
    setattr(estimator, key, value)


def _check_network(estimator: Any) -> None:
    """Build the network on the arrays of the file, whose shapes must follow one another."""
    shapes = [array.shape for array in (*estimator.coefs_, *estimator.intercepts_)]
    _ = estimator._network
    if [array.shape for array in (*estimator.coefs_, *estimator.intercepts_)] != shapes:
        raise ModelFileError(BROKEN_CHAIN, shapes=shapes)
