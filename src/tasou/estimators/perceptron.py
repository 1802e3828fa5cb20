"""Rosenblatt's perceptron: ŷ = sign(wᵀx + b), learnt from its mistakes, one sample at a time (lecture 2.1)."""

from __future__ import annotations

import warnings
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from tasou.errors import TasouError
from tasou.estimators._classes import Classes
from tasou.estimators._network import FLOATS, Array, NetworkEstimator
from tasou.language import say
from tasou.network import Network
from tasou.training.mistakes import learn_from_mistakes

TEXTS = {
    True: {
        "en": "The perceptron converged: epoch {n} made no mistake.",
        "ja": "パーセプトロンは収束しました（エポック {n} で誤りが 0 になりました）。",
    },
    False: {
        "en": "The perceptron did not converge: epoch {n} still made {m} mistake(s). The classes may not be linearly "
        "separable.",
        "ja": "パーセプトロンは収束しませんでした（エポック {n} でも {m} 件の誤り）。"
        "線形分離できないデータかもしれません。",
    },
}


class Perceptron(ClassifierMixin, Classes, NetworkEstimator):
    """ŷ = sign(wᵀx + b); for each mistake w := w + η y x, b := b + η y (Rosenblatt 1958; lecture 2.1).

    It converges if the classes can be separated by a line, and ``converged_`` says whether it did. More than two
    classes are learnt one against the rest.

    Parameters
    ----------
    penalty : {"l2", "l1", "elasticnet"} or None, default=None
        Whether the weights also shrink with each sample, by eta0 · alpha of themselves (l2), towards zero (l1) or both.
    alpha : float, default=0.0001
        Strength of the penalty.
    l1_ratio : float, default=0.15
        Share of l1 in elasticnet.
    fit_intercept : bool, default=True
        Whether there is a bias b.
    max_iter : int, default=1000
        Epochs at most.
    tol : float or None, default=1e-3
        Stop when the mean loss has not improved by ``tol`` for ``n_iter_no_change`` epochs; None never does.
    shuffle : bool, default=True
        Whether each epoch walks the samples in a new random order.
    verbose : int, default=0
        Whether to print how it ended.
    eta0 : float, default=1.0
        Learning rate η.
    random_state : int, RandomState instance or None, default=0
        Seed of the order.
    n_iter_no_change : int, default=5
        Epochs without improvement that are borne.
    class_weight : dict, "balanced" or None, default=None
        Weight of each class.
    warm_start : bool, default=False
        Whether ``fit`` starts from the weights of the last one.

    Attributes
    ----------
    coef_, intercept_, classes_
        w (one row for two classes, else a row per class), b, labels.
    n_iter_, converged_, mistakes_
        Epochs run; whether the last made no mistake; mistakes of each epoch (of the slowest of several classes).
    n_features_in_, feature_names_in_
        Number and names of the features.

    Examples
    --------
    >>> from tasou import Perceptron
    >>> X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> land = Perceptron().fit(X, [0, 0, 0, 1])
    >>> bool(land.converged_), land.score(X, [0, 0, 0, 1])
    (True, 1.0)
    >>> bool(Perceptron().fit(X, [0, 1, 1, 0]).converged_)
    False
    """

    _parameter_constraints: dict[str, list[Any]] = {  # noqa: RUF012
        "penalty": [StrOptions({"l2", "l1", "elasticnet"}), None],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "l1_ratio": [Interval(Real, 0, 1, closed="both")],
        "fit_intercept": ["boolean"],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left"), None],
        "shuffle": ["boolean"],
        "verbose": ["verbose"],
        "eta0": [Interval(Real, 0, None, closed="neither")],
        "random_state": ["random_state"],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left")],
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "warm_start": ["boolean"],
    }

    def __init__(
        self,
        *,
        penalty: str | None = None,
        alpha: float = 0.0001,
        l1_ratio: float = 0.15,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float | None = 1e-3,
        shuffle: bool = True,
        verbose: int = 0,
        eta0: float = 1.0,
        random_state: int | np.random.RandomState | None = 0,
        n_iter_no_change: float = 5,
        class_weight: Any = None,
        warm_start: bool = False,
    ) -> None:
        self.penalty = penalty
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.shuffle = shuffle
        self.verbose = verbose
        self.eta0 = eta0
        self.random_state = random_state
        self.n_iter_no_change = n_iter_no_change
        self.class_weight = class_weight
        self.warm_start = warm_start

    def _build_network(self, sizes: tuple[int, ...], dtype: Any, rng: Any) -> Network:
        return Network(sizes, loss="perceptron", bias=self.fit_intercept, init="zeros", dtype=dtype)

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
            Weight of each row's step.

        Returns
        -------
        self : Perceptron
            The fitted estimator.
        """
        return self._learn(X, y, sample_weight, epochs=self.max_iter, go_on=self.warm_start)

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Learn one epoch more from these rows; ``classes`` (all labels) is needed in the first call."""
        if not hasattr(self, "classes_"):
            if classes is None:
                raise ValueError("classes must be passed on the first call to partial_fit.")
            self._define_classes(classes)
        return self._learn(X, y, sample_weight, epochs=1, go_on=True, classes=self.classes_)

    def _learn(
        self, X: Any, y: Any, sample_weight: Any, *, epochs: int, go_on: bool, classes: Array | None = None
    ) -> Perceptron:
        first = not (go_on and hasattr(self, "coefs_"))
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=FLOATS, reset=first)
        check_classification_targets(y)
        w = None if sample_weight is None else _check_sample_weight(sample_weight, X, dtype=X.dtype)
        if classes is None:
            self._define_classes(y)
        elif unknown := set(y.tolist()) - set(classes.tolist()):
            raise ValueError(f"y holds labels that are not in classes: {sorted(unknown)}")
        if len(self.classes_) < 2:
            raise TasouError(
                f"y holds one class only ({self.classes_[0]!r}); a classifier needs at least two"
            )
        w = self._weighted_by_class(self.class_weight, y, w)
        Y = np.where(self._binarized(y), 1.0, -1.0).astype(X.dtype)
        if first or self.coefs_[0].shape[1] != Y.shape[1]:
            self._bind(self._build_network((X.shape[1], Y.shape[1]), X.dtype, None))
        self._learn_each(X, Y, w, epochs)
        return self

    def _learn_each(self, X: Any, Y: Array, w: Array | None, epochs: int) -> None:
        """One perceptron per column of Y; each walks the same orders and stops by itself."""
        share = {None: 0.0, "l2": 0.0, "l1": 1.0, "elasticnet": self.l1_ratio}[self.penalty]
        alpha = self.alpha if self.penalty else 0.0
        runs = [
            learn_from_mistakes(
                self._network,
                k,
                X,
                Y[:, k],
                w,
                lr=self.eta0,
                epochs=epochs,
                tol=self.tol,
                patience=self.n_iter_no_change,
                rng=check_random_state(self.random_state) if self.shuffle else None,
                l2=alpha * (1 - share),
                l1=alpha * share,
            )
            for k in range(Y.shape[1])
        ]
        slowest = max(runs, key=len)
        self.n_iter_ = len(slowest)
        self.mistakes_ = slowest
        self.converged_ = all(run[-1] == 0 for run in runs)
        if self.verbose:
            print(self.report())
        if self.n_iter_ == self.max_iter and epochs > 1 and self.tol is not None and not self.converged_:
            warnings.warn(
                "Maximum number of iteration reached before convergence. Consider increasing max_iter to improve "
                "the fit.",
                ConvergenceWarning,
                stacklevel=5,
            )

    def report(self, lang: str | None = None) -> str:
        """Whether it converged, as a sentence."""
        check_is_fitted(self)
        return say(TEXTS[self.converged_], lang, n=self.n_iter_, m=self.mistakes_[-1])

    @property
    def coef_(self) -> Array:
        """W[1]: shape (1, n_features) for two classes, else (n_classes, n_features)."""
        return self.coefs_[0].T

    @property
    def intercept_(self) -> Array:
        """b[1]: shape (1,) or (n_classes,)."""
        return self.intercepts_[0]

    def decision_function(self, X: Any) -> Array:
        """z = W x + b: shape (n,) for two classes, else (n, n_classes)."""
        check_is_fitted(self)
        z = self._network.decision(self._checked_X(X))
        return z.ravel() if z.shape[1] == 1 else z

    def predict(self, X: Any) -> Array:
        """The label of each row: shape (n,)."""
        z = self.decision_function(X)
        labels: Array = self.classes_[(z > 0).astype(int) if z.ndim == 1 else z.argmax(axis=1)]
        return labels

    @property
    def network_(self) -> Network:
        """The fitted `Network`, sharing its memory with ``coef_``."""
        check_is_fitted(self)
        return self._network
