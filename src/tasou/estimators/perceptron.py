"""Rosenblatt's perceptron: ŷ = sign(wᵀx + b), learnt from its mistakes, one sample at a time (lecture 2.1)."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import _check_partial_fit_first_call, check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from tasou.errors import DivergenceError, TasouError, warn
from tasou.estimators import _perceptron_notices as notices
from tasou.estimators import _shown
from tasou.estimators._endings import NotConverged
from tasou.estimators._labels import check_labels, check_objects
from tasou.estimators._linear import LinearNetwork
from tasou.estimators._network import FLOATS, Array
from tasou.estimators._one_against_rest import (
    OneAgainstRest,
    random_states,
    rows_kept_out,
)
from tasou.estimators._sample_order import SampleOrder
from tasou.estimators._texts import refuse_text
from tasou.language import say
from tasou.network import Network
from tasou.training.class_weights import class_weights
from tasou.training.mistakes import learn_from_mistakes

TEXTS = {
    True: {
        "en": "The perceptron converged: after {n} epoch(s) it makes no mistake.",
        "ja": "パーセプトロンは収束しました（{n} エポックで誤りが 0 になりました）。",
    },
    False: {
        "en": "The perceptron did not converge: after {n} epoch(s) it still makes {m} mistake(s). "
        "The classes may not be linearly separable.",
        "ja": "パーセプトロンは収束しませんでした（{n} エポック後も {m} 件の誤り）。"
        "線形分離できないデータかもしれません。",
    },
}


class Perceptron(ClassifierMixin, LinearNetwork):
    """ŷ = sign(wᵀx + b); for each mistake w := w + η y x, b := b + η y (Rosenblatt 1958; lecture 2.1).

    It converges if the classes can be separated by a line, and ``converged_`` says whether it did. More than two
    classes are learnt one against the rest.

    Takes the place of ``sklearn.linear_model.Perceptron``: with the same ``random_state`` the samples come in the same
    order, and the weights are the same.

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
    n_jobs : int, default=None
        Without effect: the classes are learnt one after another.
    random_state : int, RandomState instance or None, default=0
        Seed of the order, and of the rows kept out.
    early_stopping : bool, default=False
        Whether to keep rows out and stop when their accuracy no longer rises by ``tol``.
    validation_fraction : float, default=0.1
        Share of the rows kept out, drawn so that every class keeps its share.
    n_iter_no_change : int, default=5
        Epochs without improvement that are tolerated.
    class_weight : dict, "balanced" or None, default=None
        Weight of each class.
    warm_start : bool, default=False
        Whether ``fit`` starts from the weights of the last one.

    Attributes
    ----------
    coef_, intercept_ : ndarray
        w and b: one row for two classes, else a row per class.
    classes_ : ndarray of shape (n_classes,)
        The labels.
    n_iter_, t_ : int
        Epochs run (of the slowest of several classes), and samples walked past, plus 1.
    mistakes_ : list of int
        Mistakes of each epoch (of the slowest of several classes).
    converged_ : bool
        Whether the weights make no mistake on the rows they were learnt from.
    n_features_in_, feature_names_in_ : int, ndarray
        Number and names of the features.

    Examples
    --------
    >>> from tasou import Perceptron
    >>> X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> land = Perceptron().fit(X, [0, 0, 0, 1])
    >>> land.converged_, land.score(X, [0, 0, 0, 1])
    (True, 1.0)
    >>> Perceptron().fit(X, [0, 1, 1, 0]).converged_
    False
    """

    _counterpart = "linear_model.Perceptron"
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
        "n_jobs": [None, Integral],
        "random_state": ["random_state"],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
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
        n_jobs: int | None = None,
        random_state: int | np.random.RandomState | None = 0,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
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
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.class_weight = class_weight
        self.warm_start = warm_start

    @property
    def _architecture(self) -> tuple[Any, ...]:
        return (self.fit_intercept,)

    def _build_network(self, sizes: tuple[int, ...], dtype: Any) -> Network:
        return Network(sizes, loss="perceptron", bias=self.fit_intercept, init="zeros", dtype=dtype)

    def _learnt_html(self) -> str:
        return _shown.perceptron_learnt(self)

    # --- fitting -----------------------------------------------------------------------------------------------------

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Any, y: Any, coef_init: Any = None, intercept_init: Any = None, sample_weight: Any = None
    ) -> Self:
        """Learn from X (n, d) and the labels y (n,).

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,)
            The labels.
        coef_init, intercept_init : array-like, default=None
            Weights to start from, shaped as ``coef_`` and ``intercept_``; None starts from zero.
        sample_weight : array-like of shape (n_samples,), default=None
            Weight of each row's step.

        Returns
        -------
        self : Perceptron
            The fitted estimator.
        """
        X, y, w = self._checked(X, y, sample_weight, reset=True)
        self.classes_ = np.unique(y)
        self._check_classes("y")
        self._start(X.shape[1], self._n_outputs, X.dtype, go_on=self.warm_start)
        W, b = self._network.parameters[1]
        if coef_init is not None:
            W[...] = np.reshape(coef_init, W.shape)
        if intercept_init is not None:
            b[...] = np.reshape(intercept_init, b.shape)
        self.t_ = 1
        return self._learn(X, y, w, epochs=self.max_iter)

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Learn one epoch more from these rows; ``classes`` (all labels) is needed in the first call.

        Parameters
        ----------
        X, y, sample_weight
            As in ``fit``.
        classes : array-like of shape (n_classes,), default=None
            All labels that will ever come.

        Returns
        -------
        self : Perceptron
            The estimator.
        """
        if self.early_stopping:
            raise TasouError(notices.NO_PARTS_STOPPING)
        if isinstance(self.class_weight, str):
            raise TasouError(notices.NO_PARTS_BALANCED)
        known = None if classes is None else check_labels(classes)
        first = _check_partial_fit_first_call(self, known)
        self._check_classes("classes")
        X, y, w = self._checked(X, y, sample_weight, reset=first)
        if unknown := sorted(set(y.tolist()) - set(self.classes_.tolist())):
            raise TasouError(notices.UNKNOWN_LABELS, unknown=unknown)
        if first:
            self._start(X.shape[1], self._n_outputs, X.dtype, go_on=False)
            self.t_ = 1
        return self._learn(X, y, w, epochs=1)

    def _checked(self, X: Any, y: Any, sample_weight: Any, reset: bool) -> tuple[Any, Array, Array]:
        check_objects(y)
        refuse_text(X, self)
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=FLOATS, reset=reset)
        check_classification_targets(check_labels(y))
        w = _check_sample_weight(sample_weight, X, dtype=X.dtype)
        if not w.any():
            raise TasouError(notices.NO_WEIGHT)
        return X, y, w

    def _check_classes(self, where: str) -> None:
        if len(self.classes_) < 2:
            raise TasouError(notices.ONE_CLASS, where=where, only=self.classes_.tolist()[0])

    @property
    def _n_outputs(self) -> int:
        return 1 if len(self.classes_) == 2 else len(self.classes_)

    def _learn(self, X: Any, y: Array, w: Array, epochs: int) -> Self:
        """One perceptron per output; each walks orders of its own and stops by itself."""
        kept_out = np.zeros(len(y), bool)
        if self.early_stopping:
            kept_out = rows_kept_out(y, w, self.validation_fraction, self.random_state)
        train, runs, wrong = np.flatnonzero(~kept_out), [], 0
        codes = np.searchsorted(self.classes_, y)
        of_class = class_weights(
            self.class_weight, self.classes_, codes
        )  # "balanced" by rows, as in scikit-learn
        for k, random_state in enumerate(random_states(self.random_state, self._n_outputs)):
            c = k if self._n_outputs > 1 else 1
            is_k = y == self.classes_[c]
            w_k = w * self._against_rest(of_class, is_k, c)
            learner = OneAgainstRest(self._network, k, X[train], is_k[train], w_k[train])
            held = OneAgainstRest(self._network, k, X[kept_out], is_k[kept_out], w[kept_out])
            order = SampleOrder(~kept_out, random_state) if self.shuffle else None
            runs.append(
                self._learn_one(learner, epochs, order, held.accuracy if self.early_stopping else None)
            )
            wrong = max(wrong, learner.mistakes())
        self.mistakes_ = max(runs, key=len)
        self.n_iter_ = len(self.mistakes_)
        self.t_ += self.n_iter_ * len(y)
        self.converged_ = wrong == 0
        self._tell_end(epochs, wrong)
        return self

    def _against_rest(self, of_class: Array, is_k: Array, k: int) -> Any:
        """Weight of each row by its class; of several classes the rest weighs 1, as in scikit-learn."""
        if self.class_weight is None:
            return 1
        return np.where(is_k, of_class[k], of_class[0] if len(self.classes_) == 2 else 1)

    def _learn_one(self, learner: OneAgainstRest, epochs: int, order: Any, score: Any) -> list[int]:
        """The mistakes of each epoch."""
        share = {None: 0.0, "l2": 0.0, "l1": 1.0, "elasticnet": self.l1_ratio}[self.penalty]
        alpha = self.alpha if self.penalty else 0.0
        return learn_from_mistakes(
            learner.network,
            learner.k,
            learner.X,
            learner.y,
            learner.w,
            lr=self.eta0,
            epochs=epochs,
            tol=self.tol,
            patience=self.n_iter_no_change,
            rng=order,
            l2=alpha * (1 - share),
            l1=alpha * share,
            score=score,
        )

    def _tell_end(self, epochs: int, wrong: int) -> None:
        if not np.isfinite(self._network.theta).all():
            raise DivergenceError(notices.NOT_FINITE, epoch=self.n_iter_)
        self._wrong = wrong
        if self.verbose:
            print(self.report())
        if epochs > 1 and self.n_iter_ == self.max_iter and self.tol is not None and not self.converged_:
            warn(notices.NOT_CONVERGED, NotConverged, stacklevel=5)

    # --- looking in --------------------------------------------------------------------------------------------------

    def report(self, lang: str | None = None) -> str:
        """Whether it converged, as a sentence."""
        check_is_fitted(self)
        return say(TEXTS[self.converged_], lang, n=self.n_iter_, m=self._wrong)

    def predict(self, X: Any) -> Array:
        """The label of each row: shape (n,)."""
        z = self.decision_function(X)
        labels: Array = self.classes_[(z > 0).astype(int) if z.ndim == 1 else z.argmax(axis=1)]
        return labels
