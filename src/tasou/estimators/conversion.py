"""Fitted models to and from scikit-learn: the same predictions on both sides, and the training goes on where it can.

What scikit-learn has no word for is left out on the way there, if predictions do not need it (dropout, callbacks, …),
and refused otherwise (an activation it does not know).
"""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from tasou.errors import TasouError
from tasou.estimators import _optimizer_conversion
from tasou.estimators._linear import LinearNetwork
from tasou.estimators._to_sklearn import class_called, copy_fitted
from tasou.estimators.logistic import LogisticRegression
from tasou.estimators.mlp_classifier import MLPClassifier
from tasou.estimators.mlp_regressor import MLPRegressor
from tasou.estimators.perceptron import Perceptron
from tasou.messages import Message

OURS = (MLPClassifier, MLPRegressor, LogisticRegression, Perceptron)
NO_COUNTERPART = Message(
    "conversion.no_counterpart",
    en="{name} has no counterpart here; there is one of {known:list}",
    ja="{name} に対応する推定器はありません。対応するもの：{known:list}",
)
ONE_AGAINST_REST = Message(
    "conversion.one_against_rest",
    en="this LogisticRegression predicts one class against the rest; only the softmax over all classes (multinomial) "
    "has a counterpart here",
    ja="この LogisticRegression は1クラス対その他で予測しています。対応があるのは全クラスのソフトマックス"
    "（multinomial）だけです",
)


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
    ours: Any = next((cls for cls in OURS if isinstance(fitted, class_called(cls._counterpart))), None)
    if ours is None:
        names = sorted(cls.__name__ for cls in OURS)
        raise TasouError(NO_COUNTERPART, name=type(fitted).__name__, known=names)
    check_is_fitted(fitted)
    estimator = ours(**_our_parameters(fitted, ours))
    copy_fitted(fitted, estimator)
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
        raise TasouError(ONE_AGAINST_REST)
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
