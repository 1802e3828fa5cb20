"""MLPRegressor: scikit-learn's multilayer perceptron regressor, on the engine of the lecture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
from sklearn.base import RegressorMixin, _fit_context
from sklearn.metrics import r2_score
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import column_or_1d, validate_data

from tasou.errors import TasouError
from tasou.estimators._mlp import BaseMLP
from tasou.estimators._network import FLOATS, Array
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.formulas.losses import Loss
from tasou.formulas.schedules import Schedule

LOSSES = ("squared_error", "poisson", "absolute_error", "huber", "quantile", "log_cosh")


class MLPRegressor(RegressorMixin, BaseMLP):
    """ŷ = W[L] … f(W[1] x + b[1]) … + b[L]: a multilayer perceptron for regression (lecture 2-5).

    Takes the place of ``sklearn.neural_network.MLPRegressor``: same parameters, same defaults, and with the same
    ``random_state`` the same weights. What comes after ``max_fun`` is more than scikit-learn has.

    Parameters
    ----------
    loss : str or Loss, default="squared_error"
        squared_error, poisson, absolute_error, huber, quantile, log_cosh, or a `Loss` (for other constants:
        ``tasou.formulas.losses.get("quantile", quantile=0.9)``). As in scikit-learn the squared error is halved.
    hidden_layer_sizes : array-like of shape (n_layers - 2,), default=(100,)
        Units of each hidden layer; () is linear regression.
    activation, solver, alpha, batch_size, learning_rate, learning_rate_init, power_t, max_iter, shuffle, \
random_state, tol, verbose, warm_start, momentum, nesterovs_momentum, early_stopping, validation_fraction, beta_1, \
beta_2, epsilon, n_iter_no_change, max_fun
        As in `MLPClassifier`; early stopping watches R² on the rows kept out unless ``scoring`` says otherwise.
    dropout, weight_decay, clip_norm, warmup, init, scale, scoring, relative_tol, max_time, callbacks
        As in `MLPClassifier`; ``scale="auto"`` standardises y too (not for poisson).

    Attributes
    ----------
    coefs_, intercepts_, loss_curve_, loss_, best_loss_, validation_scores_, best_validation_score_, \
validation_loss_curve_, n_iter_, t_, n_layers_, n_outputs_, out_activation_, n_features_in_, feature_names_in_
        As in `MLPClassifier`.

    Examples
    --------
    >>> from tasou import MLPRegressor
    >>> X, y = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]
    >>> MLPRegressor(hidden_layer_sizes=(), solver="lbfgs", alpha=0, tol=1e-8).fit(X, y).predict([[10.0]]).round(3)
    array([21.])
    """

    _parameter_constraints = {  # noqa: RUF012
        **BaseMLP._parameter_constraints,
        "loss": [StrOptions(set(LOSSES)), Loss],
    }

    def __init__(
        self,
        loss: str | Loss = "squared_error",
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
        self.loss = loss
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
        return self.loss

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
        """Learn from X (n, d) and the targets y (n,) or (n, n_outputs).

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
            The inputs.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The targets.
        sample_weight : array-like of shape (n_samples,), default=None
            Weight of each row in the loss.
        X_val, y_val : array-like, default=None
            Validation rows of your own, in place of a split: their loss and score are recorded after each epoch, and
            early stopping watches them.
        sample_weight_val : array-like, default=None
            Their weights.

        Returns
        -------
        self : MLPRegressor
            The fitted estimator.
        """
        return self._fit(X, y, sample_weight, (X_val, y_val, sample_weight_val))  # type: ignore[no-any-return]

    @available_if(lambda self: self._check_solver())
    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn one epoch more from these rows; optimizer and random stream go on where they stopped."""
        return self._fit(X, y, sample_weight, incremental=True)  # type: ignore[no-any-return]

    def _checked_X_y(self, X: Any, y: Any, incremental: bool, reset: bool) -> tuple[Any, Array]:
        X, y = validate_data(
            self,
            X,
            y,
            accept_sparse=["csr", "csc"],
            multi_output=True,
            y_numeric=True,
            dtype=FLOATS,
            reset=reset,
        )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if self.loss == "poisson" and np.min(y) < 0:
            raise TasouError(f"loss='poisson' needs y >= 0; row {int(np.argmin(y))} holds {np.min(y):g}")
        return X, y

    def _checked_validation(self, X_val: Any, y_val: Any) -> tuple[Any, Array]:
        return self._checked_X_y(X_val, y_val, incremental=False, reset=False)

    def _targets_of(self, Y: Array) -> Array:
        return Y.ravel() if Y.shape[1] == 1 else Y

    def _score_rows(self, y_hat: Array, Y: Array, sample_weight: Array | None) -> float:
        """R² on rows kept out; not a number if a prediction is none."""
        if not np.isfinite(y_hat).all():
            return float("nan")
        return float(r2_score(Y, y_hat, sample_weight=sample_weight))

    def predict(self, X: Any) -> Array:
        """The prediction for each row: shape (n,) or (n, n_outputs)."""
        y_hat = self._predict_rows(self._checked_X(X))
        return y_hat.ravel() if y_hat.shape[1] == 1 else y_hat
