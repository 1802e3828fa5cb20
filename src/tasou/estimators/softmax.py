"""SoftmaxRegression: the multilayer perceptron without hidden layer, one output per class (lecture 2.4)."""

from __future__ import annotations

from typing import Any

from tasou.estimators._logistic import BaseLogistic
from tasou.estimators._network import Array


class SoftmaxRegression(BaseLogistic):
    """ŷ = Softmax(Wx + b), with a row of W for every class, also for two; minimises C Σ L + ½‖W‖² (lecture 1.1).

    It *is* the multilayer perceptron without hidden layer: the same network, the same code (lecture 2.4).

    Parameters
    ----------
    penalty, C, l1_ratio, dual, tol, fit_intercept, intercept_scaling, class_weight, random_state, solver, max_iter, \
verbose, warm_start, n_jobs, learning_rate_init, batch_size
        As in `LogisticRegression`.

    Attributes
    ----------
    classes_, coef_, intercept_, n_iter_, loss_curve_, n_features_in_, feature_names_in_
        As in `LogisticRegression`, with one row of ``coef_`` per class.

    Examples
    --------
    >>> from tasou import SoftmaxRegression
    >>> SoftmaxRegression().fit([[0.0], [2.0], [4.0]], ["a", "b", "c"]).predict_proba([[2.0]]).round(2)
    array([[0.27, 0.45, 0.27]])
    """

    @property
    def _loss_name(self) -> str:
        return "cross_entropy"

    def decision_function(self, X: Any) -> Array:
        """z = W x + b: shape (n, n_classes), and for two classes (n,), the log-odds of the second."""
        z = super().decision_function(X)
        return z if z.shape[1] > 2 else z[:, 1] - z[:, 0]
