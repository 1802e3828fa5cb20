"""Fitted models to and from scikit-learn: the same predictions on both sides, and the training goes on where it can.

What scikit-learn has no word for is left out on the way there, if predictions do not need it (dropout, callbacks, …),
and refused otherwise (an activation it does not know).
"""

from __future__ import annotations

from copy import copy, deepcopy
from typing import Any

import numpy as np
from sklearn import linear_model, neural_network
from sklearn.utils.validation import check_is_fitted

from tasou.errors import TasouError
from tasou.estimators import _optimizer_conversion
from tasou.estimators._linear import LinearNetwork
from tasou.estimators._network import NetworkEstimator
from tasou.estimators.logistic import LogisticRegression
from tasou.estimators.mlp_classifier import MLPClassifier
from tasou.estimators.mlp_regressor import MLPRegressor
from tasou.estimators.perceptron import Perceptron
from tasou.estimators.softmax import SoftmaxRegression

THEIRS = {
    MLPClassifier: neural_network.MLPClassifier,
    MLPRegressor: neural_network.MLPRegressor,
    LogisticRegression: linear_model.LogisticRegression,
    SoftmaxRegression: linear_model.LogisticRegression,
    Perceptron: linear_model.Perceptron,
}
OURS = {theirs: ours for ours, theirs in THEIRS.items() if ours is not SoftmaxRegression}

ACTIVATIONS = ("identity", "logistic", "tanh", "relu")
KNOWN = {
    "solver": ("adam", "sgd", "lbfgs"),
    "learning_rate": ("constant", "invscaling", "adaptive"),
    "loss": ("squared_error", "poisson"),
}
"""the values that scikit-learn knows of parameters for which we have more; they matter to training alone"""

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


def from_sklearn(fitted: Any) -> Any:
    """Our estimator with the parameters, weights and training state of a fitted one of scikit-learn.

    Parameters
    ----------
    fitted : MLPClassifier, MLPRegressor, LogisticRegression or Perceptron of scikit-learn
        It is not changed, and shares no memory with the result.

    Returns
    -------
    estimator : MLPClassifier, MLPRegressor, LogisticRegression or Perceptron of tasou
        It predicts the same; ``partial_fit`` and ``warm_start`` go on from there.

    Raises
    ------
    TasouError
        an estimator of another class, or one whose predictions none of ours makes
    NotFittedError
        it is not fitted

    Examples
    --------
    >>> import tasou
    >>> from sklearn.linear_model import Perceptron
    >>> theirs = Perceptron().fit([[0, 0], [0, 1], [1, 0], [1, 1]], ["off", "off", "off", "on"])
    >>> tasou.from_sklearn(theirs).predict([[1, 0], [1, 1]]).tolist()
    ['off', 'on']
    """
    ours = next((OURS[cls] for cls in type(fitted).__mro__ if cls in OURS), None)
    if ours is None:
        names = ", ".join(sorted(cls.__name__ for cls in OURS))
        raise TasouError(f"{type(fitted).__name__} has no counterpart here; there is one of {names}")
    check_is_fitted(fitted)
    estimator = ours(**_our_parameters(fitted, ours))
    _copy_fitted(fitted, estimator)
    if issubclass(ours, LinearNetwork):
        _read_linear(fitted, estimator)
    else:
        _read_mlp(fitted, estimator)
    return estimator


def _our_parameters(fitted: Any, ours: Any) -> dict[str, Any]:
    """The parameters both sides know; scikit-learn's old ``penalty`` in the new words."""
    parameters = fitted.get_params(deep=False)
    if ours is LogisticRegression:
        penalty = parameters.pop("penalty", "deprecated")
        if penalty is None:
            parameters["C"] = np.inf
        parameters["l1_ratio"] = {"l1": 1.0, "l2": 0.0, None: 0.0}.get(
            penalty, parameters.get("l1_ratio") or 0.0
        )
    known = ours().get_params(deep=False)
    return {name: value for name, value in parameters.items() if name in known}


def _read_linear(fitted: Any, estimator: Any) -> None:
    one_against_rest = (
        getattr(fitted, "multi_class", "") == "ovr" or getattr(fitted, "solver", "") == "liblinear"
    )
    if isinstance(estimator, LogisticRegression) and len(fitted.classes_) > 2 and one_against_rest:
        raise TasouError(
            "this LogisticRegression predicts one class against the rest; only the softmax over all classes "
            "(multinomial) has a counterpart here"
        )
    estimator.coef_, estimator.intercept_ = copy(fitted.coef_), np.array(fitted.intercept_)


def _read_mlp(fitted: Any, estimator: Any) -> None:
    estimator.coefs_ = [np.array(W) for W in fitted.coefs_]
    estimator.intercepts_ = [np.array(b) for b in fitted.intercepts_]
    for name in ("validation_scores_", "best_validation_score_", "best_loss_"):
        vars(estimator).setdefault(name, None)  # scikit-learn's lbfgs leaves none of them
    vars(estimator).setdefault("loss_curve_", [])
    vars(estimator).setdefault("_no_improvement_count", 0)
    if estimator.best_loss_ is None and not estimator.early_stopping:
        estimator.best_loss_ = np.inf
    estimator.validation_loss_curve_ = [] if estimator.early_stopping else None
    estimator._optimizer_state = _optimizer_conversion.read(fitted, estimator._network)


def to_sklearn(estimator: NetworkEstimator) -> Any:
    """scikit-learn's estimator with our parameters, weights and training state; see ``NetworkEstimator.to_sklearn``."""
    theirs = next((THEIRS[cls] for cls in type(estimator).__mro__ if cls in THEIRS), None)
    if theirs is None:
        raise TasouError(f"{type(estimator).__name__} has no counterpart in scikit-learn")
    check_is_fitted(estimator)
    fitted = theirs(**_their_parameters(estimator, theirs))
    _copy_fitted(estimator, fitted)
    if isinstance(estimator, LinearNetwork):
        fitted.coef_, fitted.intercept_ = copy(estimator.coef_), np.array(estimator.intercept_)
        if isinstance(estimator, SoftmaxRegression) and len(estimator.classes_) == 2:
            fitted.coef_, fitted.intercept_ = np.diff(fitted.coef_, axis=0), np.diff(fitted.intercept_)
    else:
        fitted.coefs_ = [np.array(W) for W in estimator.coefs_]
        fitted.intercepts_ = [np.array(b) for b in estimator.intercepts_]
        _optimizer_conversion.write(estimator, fitted)
    return fitted


def _their_parameters(estimator: Any, theirs: Any) -> dict[str, Any]:
    """Our parameters where they differ from the defaults, which both sides share, and scikit-learn knows them."""
    known, defaults = theirs().get_params(deep=False), type(estimator)().get_params(deep=False)
    chosen = {
        name: value
        for name, value in estimator.get_params(deep=False).items()
        if name in known and value is not defaults[name] and value in KNOWN.get(name, (value,))
    }
    if "activation" in known:
        chosen["activation"] = _their_activation(estimator)
    if chosen.get("solver") == "gd":
        del chosen["solver"]
    return chosen


def _their_activation(estimator: Any) -> str:
    names = {f.name for f in estimator._network.activations[:-1]} or {"identity"}
    name = {"sigmoid": "logistic"}.get(*names, *names) if len(names) == 1 else None
    if name not in ACTIVATIONS or estimator.out_activation_ not in ("identity", "logistic", "softmax", "exp"):
        raise TasouError(
            f"scikit-learn has no network with the hidden activation(s) {', '.join(sorted(names))} and the output "
            f"{estimator.out_activation_}; it knows one of {', '.join(ACTIVATIONS)} for all hidden layers"
        )
    return str(name)


def _copy_fitted(source: Any, target: Any) -> None:
    for name in FITTED:
        if name in vars(source):
            setattr(target, name, deepcopy(vars(source)[name]))
