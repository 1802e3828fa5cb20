"""A fitted estimator as one of scikit-learn's, of the class that is called its counterpart."""

from __future__ import annotations

from copy import copy, deepcopy
from importlib import import_module
from typing import Any

import numpy as np
from sklearn.utils._param_validation import InvalidParameterError, validate_parameter_constraints
from sklearn.utils.validation import check_is_fitted

from tasou.errors import TasouError
from tasou.estimators._optimizer_conversion import write
from tasou.messages import Message

NO_SUCH_NETWORK = Message(
    "conversion.no_such_network",
    en="scikit-learn has no network with the hidden activation(s) {hidden:list} and the output {output}; it knows one "
    "of {known:list} for all hidden layers",
    ja="scikit-learn には、隠れ層の活性化関数が {hidden:list}、出力が {output} のネットワークがありません。"
    "全隠れ層に共通の {known:list} のいずれかだけです",
)
ACTIVATIONS = ("identity", "logistic", "tanh", "relu")

FITTED = (
    "classes_",
    "n_iter_",
    "t_",
    "n_layers_",
    "n_outputs_",
    "out_activation_",
    "loss_",
    "loss_curve_",
    "best_loss_",
    "validation_scores_",
    "best_validation_score_",
    "n_features_in_",
    "feature_names_in_",
    "_label_binarizer",
    "_random_state",
    "_no_improvement_count",
)
"""what ``fit`` leaves on both sides under the same name, weights and optimizer apart"""


def class_called(name: str) -> Any:
    """The class of scikit-learn called so, e.g. "neural_network.MLPClassifier"."""
    module, cls = name.split(".")
    return getattr(import_module(f"sklearn.{module}"), cls)


def to_sklearn(estimator: Any, counterpart: str) -> Any:
    """scikit-learn's estimator with our parameters, weights and training state; see ``NetworkEstimator.to_sklearn``."""
    check_is_fitted(estimator)
    theirs = class_called(counterpart)
    fitted = theirs(**_their_parameters(estimator, theirs))
    copy_fitted(estimator, fitted)
    if hasattr(estimator, "coef_"):
        fitted.coef_, fitted.intercept_ = copy(estimator.coef_), np.array(estimator.intercept_)
        if (
            len(estimator.classes_) == 2 == fitted.coef_.shape[0]
        ):  # softmax says with two rows what one can say
            fitted.coef_, fitted.intercept_ = np.diff(fitted.coef_, axis=0), np.diff(fitted.intercept_)
    else:
        fitted.coefs_ = [np.array(W) for W in estimator.coefs_]
        fitted.intercepts_ = [np.array(b) for b in estimator.intercepts_]
        write(estimator, fitted)
    return fitted


def _their_parameters(estimator: Any, theirs: Any) -> dict[str, Any]:
    """Our parameters where they differ from the defaults, which both sides share, and scikit-learn knows them."""
    known, defaults = theirs().get_params(deep=False), type(estimator)().get_params(deep=False)
    chosen = {
        name: value
        for name, value in estimator.get_params(deep=False).items()
        if name in known and value is not defaults[name] and _accepts(theirs, name, value)
    }
    if "activation" in known:
        chosen["activation"] = _their_activation(estimator)
    return chosen


def _accepts(theirs: Any, name: str, value: Any) -> bool:
    """Whether scikit-learn knows this value; where it does not, the value matters to training alone."""
    if name == "activation":
        return True
    try:
        validate_parameter_constraints(theirs._parameter_constraints, {name: value}, theirs.__name__)
    except InvalidParameterError:
        return False
    return True


def _their_activation(estimator: Any) -> str:
    names = {f.name for f in estimator._network.activations[:-1]} or {"identity"}
    name = {"sigmoid": "logistic"}.get(*names, *names) if len(names) == 1 else None
    outputs = (
        ("logistic", "softmax")
        if hasattr(estimator, "classes_")
        else ("identity", "logistic", "softmax", "exp")
    )
    if name not in ACTIVATIONS or estimator.out_activation_ not in outputs:
        parts = {"hidden": sorted(names), "output": estimator.out_activation_, "known": list(ACTIVATIONS)}
        raise TasouError(NO_SUCH_NETWORK, **parts)
    return str(name)


def copy_fitted(source: Any, target: Any) -> None:
    """Copy what both sides call the same."""
    for name in FITTED:
        if name in vars(source):
            setattr(target, name, deepcopy(vars(source)[name]))
