"""What `LogisticRegression` and `SoftmaxRegression` share: parameters, and two roads to the same optimum."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Hidden, Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from tasou.errors import TasouError, warn
from tasou.estimators import _shown
from tasou.estimators._classes import Classes
from tasou.estimators._endings import NotConverged, tell_lbfgs
from tasou.estimators._labels import check_labels, check_objects
from tasou.estimators._linear import LinearNetwork
from tasou.estimators._network import FLOATS, Array
from tasou.estimators._penalty import check_offered
from tasou.estimators._sklearn_callbacks import CallbackSupport, Tasks, tasks_of
from tasou.estimators._texts import refuse_text
from tasou.messages import Message
from tasou.network import Network
from tasou.training import Recipe, Training, learn
from tasou.training.class_weights import class_weights
from tasou.training.iterations import LBFGS
from tasou.training.learning import Rows

NO_CALLBACKS = Message(
    "logistic.no_callbacks",
    en="Callbacks are only supported in {name} for solver='lbfgs' (and 'gd'). This estimator has solver={solver!r}.",
    ja="{name} でコールバックが使えるのは solver='lbfgs' と 'gd' だけです（solver={solver!r} が指定されています）",
)

ONE_CLASS = Message(
    "labels.one_class",
    en="{where} holds one class only ({only!r}); a classifier needs samples of at least 2 classes",
    ja="{where} には1つのクラス（{only!r}）しかありません。分類には2クラス以上が必要です",
)
GD_FAILED = Message(
    "gd.not_converged",
    en="gradient descent has not converged after {n} epochs. Increase max_iter or learning_rate_init, or scale the "
    "data.",
    ja="勾配降下法は {n} エポックで収束しませんでした。max_iter か learning_rate_init を増やすか、"
    "データを標準化してください。",
)
OFFERED = ("lbfgs", "gd")
SOLVERS = {*OFFERED, "liblinear", "newton-cg", "newton-cholesky", "sag", "saga"}

FTOL = 64 * float(np.finfo(np.float64).eps)
"""the loss of a convex problem is followed to its rounding error, so that ``tol`` decides, as in scikit-learn"""

LINE_SEARCH = 50
"""evaluations per iteration at most, as in scikit-learn"""


class BaseLogistic(CallbackSupport, ClassifierMixin, Classes, LinearNetwork):
    """A network without hidden layer that gives probabilities, trained by L-BFGS or by gradient descent."""

    _counterpart = "linear_model.LogisticRegression"
    _parameter_constraints: dict[str, list[Any]] = {  # noqa: RUF012
        "penalty": [StrOptions({"l1", "l2", "elasticnet"}), None, Hidden(StrOptions({"deprecated"}))],
        "C": [Interval(Real, 0, None, closed="right")],
        "l1_ratio": [Interval(Real, 0, 1, closed="both"), None],
        "dual": ["boolean"],
        "tol": [Interval(Real, 0, None, closed="left")],
        "fit_intercept": ["boolean"],
        "intercept_scaling": [Interval(Real, 0, None, closed="neither")],
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "random_state": ["random_state"],
        "solver": [StrOptions(SOLVERS)],
        "max_iter": [Interval(Integral, 0, None, closed="left")],
        "verbose": ["verbose"],
        "warm_start": ["boolean"],
        "n_jobs": [None, Integral],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "batch_size": [Interval(Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        penalty: str | None = "deprecated",
        *,
        C: float = 1.0,
        l1_ratio: float | None = 0.0,
        dual: bool = False,
        tol: float = 1e-4,
        fit_intercept: bool = True,
        intercept_scaling: float = 1,
        class_weight: Any = None,
        random_state: int | np.random.RandomState | None = None,
        solver: str = "lbfgs",
        max_iter: int = 100,
        verbose: int = 0,
        warm_start: bool = False,
        n_jobs: int | None = None,
        learning_rate_init: float = 0.1,
        batch_size: int | None = None,
    ) -> None:
        self.penalty = penalty
        self.C = C
        self.l1_ratio = l1_ratio
        self.dual = dual
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.class_weight = class_weight
        self.random_state = random_state
        self.solver = solver
        self.max_iter = max_iter
        self.verbose = verbose
        self.warm_start = warm_start
        self.n_jobs = n_jobs
        self.learning_rate_init = learning_rate_init
        self.batch_size = batch_size

    def set_callbacks(self, *callbacks: Any) -> Self:
        """Set scikit-learn's callbacks, such as ProgressBar; they follow the iterations (scikit-learn 1.9 or newer)."""
        if self.solver not in OFFERED:
            warn(NO_CALLBACKS, name=type(self).__name__, solver=self.solver, stacklevel=2)
        super().set_callbacks(*callbacks)
        return self

    def _learnt_html(self) -> str:
        return _shown.linear_learnt(self)

    # --- fitting -----------------------------------------------------------------------------------------------------

    @property
    def _loss_name(self) -> str:
        """Two classes are one sigmoid output, more are a softmax."""
        return "cross_entropy" if len(self.classes_) > 2 else "binary_cross_entropy"

    @property
    def _architecture(self) -> tuple[Any, ...]:
        return (self.penalty, self.C, self.fit_intercept)

    def _build_network(self, sizes: tuple[int, ...], dtype: Any) -> Network:
        """Weights start at zero; scikit-learn's C multiplies the loss, so the penalty's α is 1/C."""
        l2 = 0.0 if self.penalty is None else 1 / self.C
        return Network(sizes, loss=self._loss_name, l2=l2, bias=self.fit_intercept, init="zeros", dtype=dtype)

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
        self : BaseLogistic
            The fitted estimator.
        """
        check_offered(self, OFFERED)
        given = X
        check_objects(y)
        refuse_text(X, self)
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=FLOATS, order="C")
        check_classification_targets(check_labels(y))
        w = None if sample_weight is None else _check_sample_weight(sample_weight, X, dtype=X.dtype)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise TasouError(ONE_CLASS, where="y", only=self.classes_.tolist()[0])
        Y = self._binarized(y)
        self._start(X.shape[1], Y.shape[1], X.dtype, go_on=self.warm_start)
        tasks = tasks_of(self, given, y, w, self.max_iter)
        if self.class_weight is not None:
            codes = np.searchsorted(self.classes_, y)
            of_class = class_weights(self.class_weight, self.classes_, codes, w)[codes]
            w = (of_class if w is None else w * of_class).astype(X.dtype)
        self._learn(Rows(X, Y, w), tasks)
        if tasks is not None:
            tasks.close()
        return self

    def _binarized(self, y: Any) -> Array:
        """Y as zeros and ones: one column for two classes, else one per class."""
        Y: Array = np.asarray(y)[:, None] == self.classes_
        return Y[:, 1:] if self._loss_name == "binary_cross_entropy" else Y

    def _learn(self, rows: Rows, tasks: Tasks | None) -> None:
        """Down to the optimum by L-BFGS; or by the lecture's update (5.2), until the loss stops falling by ``tol``."""
        network, lbfgs = self._network, self.solver == "lbfgs"
        if lbfgs and network.dtype != np.float64:  # a float32 loss is too coarse for the last steps
            network = self._build_network(network.sizes, np.float64)
            network.theta = self._network.theta
        watch = _Watch(self, network, tasks)
        rng = check_random_state(self.random_state)
        training = learn(network, rows, self._recipe(), callbacks=[watch], rng=rng)
        if network is not self._network:
            self._network.theta = network.theta
        self.n_iter_ = np.array([min(len(training.history), self.max_iter)], dtype=np.int32)
        self.loss_curve_ = training.history.loss
        if training.verdict is not None:
            if training.finished in ("epochs", "interrupted"):
                tell_lbfgs(training, int(self.n_iter_[0]), self.max_iter, 5)
        elif training.finished == "epochs":
            warn(GD_FAILED, NotConverged, stacklevel=4, n=self.max_iter)

    def _recipe(self) -> Recipe:
        epochs = max(self.max_iter, 1)
        if self.solver == "lbfgs":
            rule = LBFGS.with_parameters(ftol=FTOL, max_line_search=LINE_SEARCH)
            return Recipe(optimizer=rule, tol=self.tol, epochs=epochs, on_divergence="ignore")
        return Recipe(
            lr=self.learning_rate_init,
            batch_size=self.batch_size,
            monitor="loss",
            tol=self.tol,
            epochs=epochs,
        )

    # --- predicting --------------------------------------------------------------------------------------------------

    def predict(self, X: Any) -> Array:
        """The label of each row: shape (n,)."""
        z = self.decision_function(X)
        labels: Array = self.classes_[(z > 0).astype(int) if z.ndim == 1 else z.argmax(axis=1)]
        return labels

    def predict_proba(self, X: Any) -> Array:
        """The probability of each class: shape (n, n_classes), in the order of ``classes_``."""
        check_is_fitted(self)
        return self._probabilities(self._network.predict(self._checked_X(X)))

    def predict_log_proba(self, X: Any) -> Array:
        """Their logarithms, never -inf."""
        check_is_fitted(self)
        X = self._checked_X(X)
        return self._log_probabilities(self._network.predict(X), self._network.decision(X))


class _Watch:
    """After each iteration: print its line, tell scikit-learn's callbacks; True ends the run."""

    def __init__(self, estimator: BaseLogistic, network: Network, tasks: Tasks | None) -> None:
        self.estimator, self.network, self.tasks = estimator, network, tasks

    def __call__(self, run: Training) -> bool:
        if self.estimator.verbose:
            print(f"Iteration {len(run.history)}, loss = {run.history.loss[-1]:.8f}")
        if self.tasks is not None:
            if self.network is not self.estimator._network:
                self.estimator._network.theta = self.network.theta
            return self.tasks(run)
        return False
