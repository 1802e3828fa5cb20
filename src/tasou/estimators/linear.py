"""Logistic and softmax regression: the multilayer perceptron without hidden layer (lecture 1.1, 2.4)."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from tasou.errors import TasouError
from tasou.estimators._classes import Classes
from tasou.estimators._lbfgs import warn_unless_converged
from tasou.estimators._network import FLOATS, Array, NetworkEstimator
from tasou.network import Network
from tasou.training import Stopping, Training
from tasou.training.lbfgs import minimize

FTOL = 64 * float(np.finfo(np.float64).eps)
"""the loss of a convex problem is followed to its rounding error, so that ``tol`` decides, as in scikit-learn"""


class LinearClassifier(ClassifierMixin, Classes, NetworkEstimator):
    """A network without hidden layer, trained by L-BFGS or, as in the lecture, by gradient descent."""

    _parameter_constraints: dict[str, list[Any]] = {  # noqa: RUF012
        "C": [Interval(Real, 0, None, closed="neither")],
        "tol": [Interval(Real, 0, None, closed="left")],
        "fit_intercept": ["boolean"],
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "random_state": ["random_state"],
        "solver": [StrOptions({"lbfgs", "gd"})],
        "max_iter": [Interval(Integral, 0, None, closed="left")],
        "verbose": ["verbose"],
        "warm_start": ["boolean"],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "batch_size": [Interval(Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        *,
        C: float = 1.0,
        tol: float = 1e-4,
        fit_intercept: bool = True,
        class_weight: Any = None,
        random_state: int | np.random.RandomState | None = None,
        solver: str = "lbfgs",
        max_iter: int = 100,
        verbose: int = 0,
        warm_start: bool = False,
        learning_rate_init: float = 0.1,
        batch_size: int | None = None,
    ) -> None:
        self.C = C
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.random_state = random_state
        self.solver = solver
        self.max_iter = max_iter
        self.verbose = verbose
        self.warm_start = warm_start
        self.learning_rate_init = learning_rate_init
        self.batch_size = batch_size

    def _build_network(self, sizes: tuple[int, ...], dtype: Any, rng: Any) -> Network:
        """Weights start at zero; scikit-learn's C divides the loss, so the penalty's α is 1/C."""
        return Network(
            sizes, loss=self._loss_name, l2=1 / self.C, bias=self.fit_intercept, init="zeros", dtype=dtype
        )

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from X (n, d) and the labels y (n,).

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,)
            The labels.
        sample_weight : array-like of shape (n_samples,), default=None
            Weight of each row in the loss.

        Returns
        -------
        self : LinearClassifier
            The fitted estimator.
        """
        X, y = validate_data(self, X, y, accept_sparse=["csr", "csc"], dtype=FLOATS)
        check_classification_targets(y)
        w = None if sample_weight is None else _check_sample_weight(sample_weight, X, dtype=X.dtype)
        before = getattr(self, "classes_", None)
        self._define_classes(y)
        if len(self.classes_) < 2:
            raise TasouError(
                f"y holds one class only ({self.classes_[0]!r}); a classifier needs at least two"
            )
        w = self._weighted_by_class(self.class_weight, y, w)
        Y = self._binarized(y)
        if not (self.warm_start and before is not None and np.array_equal(before, self.classes_)):
            self._bind(self._build_network((X.shape[1], Y.shape[1]), X.dtype, None))
        if self.solver == "lbfgs":
            self._fit_lbfgs(X, Y, w)
        else:
            self._fit_gradient_descent(X, Y, w)
        return self

    def _fit_lbfgs(self, X: Any, Y: Array, w: Array | None) -> None:
        network = self._network
        result = minimize(network, X, Y, w, max_iter=self.max_iter, gtol=self.tol, ftol=FTOL)
        self.n_iter_ = np.array([result.n_iter], dtype=np.int32)
        self.loss_curve_ = result.history.loss
        warn_unless_converged(result, self.max_iter)

    def _fit_gradient_descent(self, X: Any, Y: Array, w: Array | None) -> None:
        """W := W − α ∇W, b := b − α ∇b, the lecture's update (5.2), until the loss stops falling by ``tol``."""
        training = Training(
            self._network,
            lr=self.learning_rate_init,
            batch_size=self.batch_size,
            stopping=Stopping(tol=self.tol, patience=10),
            rng=check_random_state(self.random_state),
        )
        history = training.run(X, Y, w, epochs=self.max_iter)
        self.n_iter_ = np.array([len(history)], dtype=np.int32)
        self.loss_curve_ = history.loss
        if training.finished == "epochs":
            self._warn(f"gradient descent has not converged after max_iter={self.max_iter} epochs")

    @staticmethod
    def _warn(message: str) -> None:
        import warnings

        warnings.warn(message, ConvergenceWarning, stacklevel=5)

    @property
    def coef_(self) -> Array:
        """W[1]: shape (1, n_features) for one sigmoid output, (n_classes, n_features) for a softmax."""
        return self.coefs_[0].T

    @property
    def intercept_(self) -> Array:
        """b[1]: shape (1,) or (n_classes,)."""
        return self.intercepts_[0]

    def decision_function(self, X: Any) -> Array:
        """z = W x + b: shape (n, n_classes), and for two classes (n,), the log-odds of the second."""
        check_is_fitted(self)
        z = self._network.decision(self._checked_X(X))
        if len(self.classes_) > 2:
            return z
        return z.ravel() if z.shape[1] == 1 else z[:, 1] - z[:, 0]

    def predict(self, X: Any) -> Array:
        """The label of each row: shape (n,)."""
        return self._most_likely(self.predict_proba(X))

    def _most_likely(self, probabilities: Array) -> Array:
        return self.classes_[probabilities.argmax(axis=1)]  # type: ignore[no-any-return]

    def predict_proba(self, X: Any) -> Array:
        """The probability of each class: shape (n, n_classes), in the order of ``classes_``."""
        check_is_fitted(self)
        return self._probabilities(self._network.predict(self._checked_X(X)))

    def predict_log_proba(self, X: Any) -> Array:
        """Their logarithms, never -inf."""
        check_is_fitted(self)
        X = self._checked_X(X)
        return self._log_probabilities(self._network.predict(X), self._network.decision(X))

    @property
    def network_(self) -> Network:
        """The fitted `Network`, sharing its memory with ``coef_``."""
        check_is_fitted(self)
        return self._network


class LogisticRegression(LinearClassifier):
    """ŷ = σ(wᵀx + b) for two classes, Softmax(Wx + b) for more; minimises C Σ L + ½‖W‖² (lecture 1.1).

    The optimum is scikit-learn's; ``solver="gd"`` walks there by gradient descent, as in the lecture.

    Parameters
    ----------
    C : float, default=1.0
        Inverse strength of the L2 penalty; ``float("inf")`` is no penalty.
    tol : float, default=1e-4
        lbfgs: largest gradient component that counts as flat; gd: smallest improvement of the loss that counts.
    fit_intercept : bool, default=True
        Whether there is a bias b.
    class_weight : dict, "balanced" or None, default=None
        Weight of each class.
    random_state : int, RandomState instance or None, default=None
        Order of the rows with ``solver="gd"`` and a ``batch_size``.
    solver : {"lbfgs", "gd"}, default="lbfgs"
        L-BFGS, or gradient descent.
    max_iter : int, default=100
        Iterations (epochs) at most.
    verbose : int, default=0
        Kept for compatibility.
    warm_start : bool, default=False
        Whether ``fit`` starts from the weights of the last one.
    learning_rate_init : float, default=0.1
        Learning rate α of gradient descent.
    batch_size : int or None, default=None
        Rows per update of gradient descent; None is the full batch.

    Attributes
    ----------
    classes_, coef_, intercept_, n_iter_, loss_curve_, n_features_in_, feature_names_in_
        Labels, W, b, iterations, mean loss (penalty included) of each iteration, features.

    Examples
    --------
    >>> from tasou import LogisticRegression
    >>> LogisticRegression().fit([[0.0], [1.0], [3.0], [4.0]], [0, 0, 1, 1]).predict([[0.5], [3.5]])
    array([0, 1])
    """


class SoftmaxRegression(LinearClassifier):
    """ŷ = Softmax(Wx + b), with a row of W for every class, also for two; minimises C Σ L + ½‖W‖² (lecture 1.1).

    It *is* the multilayer perceptron without hidden layer: the same network, the same code (lecture 2.4).

    Parameters
    ----------
    C, tol, fit_intercept, class_weight, random_state, solver, max_iter, verbose, warm_start, learning_rate_init, \
batch_size
        As in `LogisticRegression`.

    Attributes
    ----------
    classes_, coef_, intercept_, n_iter_, loss_curve_, n_features_in_, feature_names_in_
        As in `LogisticRegression`, with one row of ``coef_`` per class.

    Examples
    --------
    >>> from tasou import SoftmaxRegression
    >>> SoftmaxRegression().fit([[0.0], [2.0], [4.0]], ["a", "b", "c"]).predict_proba([[2.0]]).round(2)
    array([[0.22, 0.57, 0.22]])
    """

    @property
    def _loss_name(self) -> str:
        return "cross_entropy"

    def _define_classes(self, y: Any) -> None:
        self._label_binarizer = LabelBinarizer().fit(y)
        self.classes_ = self._label_binarizer.classes_

    def _binarized(self, y: Any) -> Array:
        one_hot: Array = np.asarray(y)[:, None] == self.classes_
        return one_hot
