"""MLPClassifier: scikit-learn's multilayer perceptron classifier, on the engine of the lecture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
from sklearn.base import ClassifierMixin, _fit_context
from sklearn.metrics import accuracy_score
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call, type_of_target, unique_labels
from sklearn.utils.validation import column_or_1d, validate_data

from tasou.estimators._classes import Classes
from tasou.estimators._mlp import BaseMLP
from tasou.estimators._network import FLOATS, Array
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.formulas.schedules import Schedule


class MLPClassifier(ClassifierMixin, Classes, BaseMLP):
    """ŷ = Softmax(W[L] … f(W[1] x + b[1]) … + b[L]): a multilayer perceptron for classification (lecture 2-6).

    Takes the place of ``sklearn.neural_network.MLPClassifier``: same parameters, same defaults, and with the same
    ``random_state`` the same weights. Two classes get one sigmoid output, more a softmax, several labels at once a
    sigmoid each. What comes after ``max_fun`` is more than scikit-learn has.

    Parameters
    ----------
    hidden_layer_sizes : array-like of shape (n_layers - 2,), default=(100,)
        Units of each hidden layer; () is softmax (or logistic) regression.
    activation : str, Activation or list of these, default="relu"
        Of the hidden layers, or a list with one each: identity, relu, leaky_relu, sigmoid (also called logistic),
        tanh, elu, selu, softplus, gelu, silu, mish, or an object of your own.
    solver : {"adam", "sgd", "lbfgs", "adamw", "rmsprop", "adagrad"}, default="adam"
        How weights are learnt: gradient descent in one of its forms, or L-BFGS on the full batch.
    alpha : float, default=0.0001
        Strength of the L2 penalty: alpha/2 ‖W‖² is added to the summed loss of each batch.
    batch_size : int or "auto", default="auto"
        Rows per update; "auto" is min(200, n_samples).
    learning_rate : {"constant", "invscaling", "adaptive", "cosine", "step"} or Schedule, default="constant"
        Schedule of the learning rate; invscaling and adaptive act with solver="sgd" only, as in scikit-learn, the
        others (and a `Schedule` with constants of your own) with every solver but lbfgs. cosine falls over max_iter
        epochs, or as many calls of ``partial_fit``, and then starts anew; so it does with each ``fit``.
    learning_rate_init : float, default=0.001
        The learning rate α.
    power_t : float, default=0.5
        Exponent of invscaling.
    max_iter : int, default=200
        Epochs at most (with lbfgs: iterations).
    shuffle : bool, default=True
        Whether each epoch walks the rows in a new random order.
    random_state : int, RandomState instance or None, default=None
        Seed of initial weights, shuffles, dropout and the validation split.
    tol : float, default=1e-4
        An epoch that improves by less counts as none.
    verbose : bool, "bar", "log" or "diagnose", default=False
        A line per epoch as scikit-learn prints it, a progress bar, a record of the logger "tasou", or a diagnosis of
        the running training in words.
    warm_start : bool, default=False
        Whether ``fit`` starts from the weights of the last one.
    momentum : float, default=0.9
        Momentum of sgd.
    nesterovs_momentum : bool, default=True
        Whether sgd uses Nesterov's form.
    early_stopping : bool, default=False
        Whether to keep rows out and stop when their score no longer improves, with every solver; the best weights are
        restored.
    validation_fraction : float, default=0.1
        Share of the rows kept out.
    beta_1, beta_2, epsilon : float, default=0.9, 0.999, 1e-8
        Constants of adam.
    n_iter_no_change : int, default=10
        Epochs without improvement that are tolerated.
    max_fun : int, default=15000
        Evaluations of the loss at most (lbfgs).
    class_weight : dict, "balanced" or None, default=None
        Weight of each class; "balanced" weighs every class alike.
    dropout : float or list, default=0.0
        Share of each hidden layer that is silenced at random in each step.
    weight_decay : float or None, default=None
        Decoupled shrinking of the weights; None is 0.01 with adamw and 0 otherwise.
    clip_norm : float or None, default=None
        Longest gradient used.
    warmup : int, default=0
        Updates over which the learning rate first grows.
    init : str, Initializer, tuple or None, default=None
        Initial weights: a distribution, or starting values ``(coefs, intercepts)``; None draws as scikit-learn does.
    scale : "auto" or None, default=None
        "auto" trains on standardised inputs; the weights are given in the units of the data all the same.
    scoring : str, callable, "loss" or None, default=None
        What early stopping watches: any scorer, the validation loss, or (None) the accuracy.
    relative_tol : bool, default=False
        Whether ``tol`` is a share of the best value so far instead of an absolute amount.
    max_time : float or None, default=None
        Seconds after which training ends with the epoch that is running.
    callbacks : list or None, default=None
        Called after each epoch with the running `Training` (with lbfgs: after each iteration, with its
        `Run <tasou.training.lbfgs.Run>`); returning True ends it.

    Attributes
    ----------
    coefs_ : list of ndarray of shape (n_in, n_out)
        W[l]ᵀ of each layer.
    intercepts_ : list of ndarray of shape (n_out,)
        b[l] of each layer.
    classes_ : ndarray of shape (n_classes,)
        The class labels.
    loss_curve_ : list of float
        Mean training loss of each epoch.
    loss_, best_loss_ : float
        The last, and the smallest, of them.
    validation_scores_, best_validation_score_ : list of float, float
        Scores on the rows kept out (None where there are none).
    validation_loss_curve_ : list of float
        Mean loss on the rows kept out (None where there are none).
    n_iter_, t_ : int
        Epochs run, samples seen.
    n_layers_, n_outputs_, out_activation_ : int, int, str
        Layers with the input, outputs, and the output function.
    n_features_in_, feature_names_in_ : int, ndarray
        Number and names of the features.

    Examples
    --------
    >>> from tasou import MLPClassifier
    >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], ["same", "other", "other", "same"]
    >>> mlp = MLPClassifier((4,), activation="tanh", solver="lbfgs", random_state=1).fit(X, y)
    >>> mlp.predict(X).tolist()
    ['same', 'other', 'other', 'same']
    """

    _parameter_constraints = {  # noqa: RUF012
        **BaseMLP._parameter_constraints,
        "class_weight": [dict, list, StrOptions({"balanced"}), None],
    }

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str | Activation | Sequence[str | Activation] = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: int | Literal["auto"] = "auto",
        learning_rate: str | Schedule = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: int | np.random.RandomState | None = None,
        tol: float = 1e-4,
        verbose: bool | int | str = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        class_weight: Any = None,
        dropout: float | Sequence[float] = 0.0,
        weight_decay: float | None = None,
        clip_norm: float | None = None,
        warmup: int = 0,
        init: str | Initializer | tuple[Any, Any] | None = None,
        scale: Literal["auto"] | None = None,
        scoring: Any = None,
        relative_tol: bool = False,
        max_time: float | None = None,
        callbacks: Sequence[Any] | None = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.max_fun = max_fun
        self.class_weight = class_weight
        self.dropout = dropout
        self.weight_decay = weight_decay
        self.clip_norm = clip_norm
        self.warmup = warmup
        self.init = init
        self.scale = scale
        self.scoring = scoring
        self.relative_tol = relative_tol
        self.max_time = max_time
        self.callbacks = callbacks

    @property
    def _loss(self) -> Any:
        return self._loss_name

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        sample_weight_val: Any = None,
    ) -> Self:
        """Learn from X (n, d) and the labels y (n,), or y (n, n_labels) of zeros and ones for several labels at once.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
            The labels.
        sample_weight : array-like of shape (n_samples,), default=None
            Weight of each row in the loss.
        X_val, y_val : array-like, default=None
            Validation rows of your own, in place of a split: their loss and score are recorded after each epoch, and
            early stopping watches them.
        sample_weight_val : array-like, default=None
            Their weights.

        Returns
        -------
        self : MLPClassifier
            The fitted estimator.
        """
        return self._fit(X, y, sample_weight, (X_val, y_val, sample_weight_val))  # type: ignore[no-any-return]

    @available_if(lambda self: self._check_solver())
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> Self:
        """Learn one epoch more from these rows; optimizer and random stream go on where they stopped.

        Parameters
        ----------
        X, y, sample_weight
            As in ``fit``.
        classes : array-like of shape (n_classes,), default=None
            All labels that will ever come; needed in the first call.

        Returns
        -------
        self : MLPClassifier
            The estimator.
        """
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight='balanced' needs all labels at once; for partial_fit give the weights as a dict"
            )
        if _check_partial_fit_first_call(self, classes):
            self._label_binarizer = LabelBinarizer()
            self._label_binarizer.fit(y if type_of_target(y).startswith("multilabel") else classes)
        return self._fit(X, y, sample_weight, incremental=True)  # type: ignore[no-any-return]

    def _checked_X_y(self, X: Any, y: Any, incremental: bool, reset: bool) -> tuple[Any, Array]:
        X, y = validate_data(
            self, X, y, accept_sparse=["csr", "csc"], multi_output=True, dtype=FLOATS, reset=reset
        )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if not hasattr(self, "classes_") or (not self.warm_start and not incremental):
            self._define_classes(y)
        else:
            self._check_classes(y)
        return X, self._binarized(y)

    def _check_classes(self, y: Array) -> None:
        """The classes of a fit that goes on must be those it began with."""
        classes = unique_labels(y)
        if self.warm_start:
            if set(classes) != set(self.classes_):
                raise ValueError(
                    "warm_start can only be used where `y` has the same classes as in the previous call to fit. "
                    f"Previously got {self.classes_}, `y` has {classes}"
                )
        elif len(np.setdiff1d(classes, self.classes_, assume_unique=True)):
            raise ValueError(
                f"`y` has classes not in `self.classes_`. `self.classes_` has {self.classes_}. 'y' has {classes}."
            )

    def _final_weights(self, y: Any, sample_weight: Array | None) -> Array | None:
        return self._weighted_by_class(self.class_weight, y, sample_weight)

    def _checked_validation(self, X_val: Any, y_val: Any) -> tuple[Any, Array]:
        X, y = validate_data(
            self, X_val, y_val, accept_sparse=["csr", "csc"], multi_output=True, dtype=FLOATS, reset=False
        )
        unknown = np.setdiff1d(unique_labels(y), self.classes_)
        if len(unknown):
            raise ValueError(f"y_val has classes that y has not: {unknown}")
        return X, self._binarized(y)

    def _targets_of(self, Y: Array) -> Array:
        return self._label_binarizer.inverse_transform(Y)  # type: ignore[no-any-return]

    def _score_rows(self, y_hat: Array, Y: Array, sample_weight: Array | None) -> float:
        """Accuracy on rows kept out; not a number if a numeric prediction is none."""
        true, labels = self._targets_of(Y), self._labels(y_hat)
        if np.issubdtype(labels.dtype, np.floating) and not np.isfinite(labels).all():
            return float("nan")
        return float(accuracy_score(true, labels, sample_weight=sample_weight))

    def predict(self, X: Any) -> Array:
        """The label of each row: shape (n,), or (n, n_labels) of zeros and ones."""
        return self._labels(self._predict_rows(self._checked_X(X)))

    def predict_proba(self, X: Any) -> Array:
        """The probability of each class: shape (n, n_classes), in the order of ``classes_``."""
        return self._probabilities(self._predict_rows(self._checked_X(X)))

    def predict_log_proba(self, X: Any) -> Array:
        """Their logarithms, computed from z without taking the logarithm of a rounded zero: never -inf."""
        X = self._checked_X(X)
        return self._log_probabilities(self._network.predict(X), self._network.decision(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
