"""A fitted TableClassifier or TableRegressor as JSON and arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasou import tabular
from tasou.errors import ModelFileError, TableError
from tasou.formats.safetensors import Tensors
from tasou.formats.schema import check
from tasou.models import ensemble_state, parts, roles_state
from tasou.models.estimator_state import CANNOT_BUILD, NOT_FITTED, OWN_CLASS, kept_parameters, set_fitted
from tasou.tables import Preparation

OBJECT = {"type": "object"}
OBJECT_OR_NULL = {"type": ["object", "null"]}
SCHEMA = {
    "type": "object",
    "required": ["estimator", "parameters", "fitted", "roles", "preparation", "ensemble"],
    "properties": {
        "estimator": {"enum": sorted(tabular.__all__)},
        "parameters": OBJECT,
        "fitted": OBJECT,
        "roles": roles_state.SCHEMA,
        "preparation": OBJECT_OR_NULL,
        "ensemble": OBJECT_OR_NULL,
        parts.SEEN: OBJECT,
    },
}
OF_THEIR_OWN = ("roles_", "_preparation", "_ensemble")
"""attributes that are described by themselves"""
FORMERLY = "_marginals"
"""the attribute that held what training saw of the columns"""
NOT_KEPT = ("_kept_out", "_read")
"""rows of the training table, and what was said of its cells"""


def describe(estimator: Any, tensors: Tensors) -> dict[str, Any]:
    """The estimator as JSON; its arrays are put into ``tensors``.

    Raises
    ------
    ModelFileError
        it is not fitted, is of a class of the user's own, or holds something that no model file stores
    """
    name = type(estimator).__name__
    if type(estimator) is not getattr(tabular, name, None):
        raise ModelFileError(OWN_CLASS, name=name, known=list(tabular.__all__))
    if not estimator.__sklearn_is_fitted__():
        raise ModelFileError(NOT_FITTED, name=name)
    parameters = estimator.get_params(deep=False)
    fitted = {
        key: value
        for key, value in vars(estimator).items()
        if key not in parameters and key not in (*OF_THEIR_OWN, *NOT_KEPT)
    }
    preparation, ensemble = estimator._preparation, estimator._ensemble
    return {
        "estimator": name,
        "parameters": kept_parameters(parameters, tensors),
        "fitted": {key: parts.pack(value, f"fitted.{key}", tensors) for key, value in fitted.items()},
        "roles": roles_state.describe(estimator.roles_),
        "preparation": None if preparation is None else preparation.to_dict(),
        **parts.pack_seen(preparation, tensors),
        "ensemble": None
        if ensemble is None
        else ensemble_state.describe(ensemble, tensors, out_of_fold=True),
    }


def rebuild(description: Mapping[str, Any], tensors: Tensors) -> Any:
    """The estimator that `describe` was given, ready to predict.

    Raises
    ------
    ModelFileError
        the description is none of an estimator of tables, or its parts do not fit together
    """
    check(description, SCHEMA, "model")
    cls = getattr(tabular, description["estimator"])
    try:
        parameters = {key: parts.unpack(value, tensors) for key, value in description["parameters"].items()}
        estimator = cls(**parameters)
        fitted = dict(description["fitted"])
        formerly = {parts.SEEN: fitted.pop(FORMERLY)} if FORMERLY in fitted else {}
        for key, value in fitted.items():
            if key in OF_THEIR_OWN:
                raise KeyError(key)
            set_fitted(estimator, key, parts.unpack(value, tensors))
        estimator.roles_ = roles_state.rebuild(description["roles"])
        estimator._preparation, estimator._ensemble = None, None
        if description["preparation"] is not None and description["ensemble"] is not None:
            preparation = Preparation.from_dict(description["preparation"])
            estimator._ensemble = ensemble_state.rebuild(description["ensemble"], tensors, preparation.kinds)
            estimator._preparation = parts.with_seen(preparation, {**description, **formerly}, tensors)
    except ModelFileError:
        raise
    except TableError as error:
        raise ModelFileError(error.sentence) from None
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        raise ModelFileError(CANNOT_BUILD, name=cls.__name__, reason=error) from error
    return estimator
