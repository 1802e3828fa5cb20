"""MLPRegressor: scikit-learn's multilayer perceptron regressor, on the engine of the lecture."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import RegressorMixin, _fit_context
from sklearn.metrics import r2_score
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import column_or_1d, validate_data

from tasou.errors import TasouError
from tasou.estimators._mlp import NONE_KEPT, BaseMLP
from tasou.estimators._network import FLOATS, Array
from tasou.estimators._parameters import RegressorParameters
from tasou.estimators._signature import Kind
from tasou.estimators._texts import refuse_text
from tasou.formulas import losses
from tasou.messages import Message

NEGATIVE = Message(
    "mlp.negative_count",
    en="loss={loss!r} needs y >= 0; row {row} holds {value:g}",
    ja="loss={loss!r} には0以上の y が必要ですが、{row} 行目は {value:g} です",
)


class MLPRegressor(RegressorParameters, RegressorMixin, BaseMLP):
    """ŷ = W[L] … f(W[1] x + b[1]) … + b[L]: a multilayer perceptron for regression (lecture 2-5).

    Takes the place of ``sklearn.neural_network.MLPRegressor``: same parameters, same defaults, and with the same
    ``random_state`` the same weights. What comes after ``max_fun`` is more than scikit-learn has.

    Parameters
    ----------
    loss : str or Loss, default="squared_error"
        A loss of numbers or counts by its name in ``tasou.formulas.losses``, or a `Loss` (for other constants:
        ``tasou.formulas.losses.get("quantile", quantile=0.9)``). As in scikit-learn the squared error is halved.
    hidden_layer_sizes : array-like of shape (n_layers - 2,), default=(100,)
        Units of each hidden layer; () is linear regression.
    activation, solver, alpha, batch_size, learning_rate, learning_rate_init, power_t, max_iter, shuffle, \
random_state, tol, verbose, warm_start, momentum, nesterovs_momentum, early_stopping, validation_fraction, beta_1, \
beta_2, epsilon, n_iter_no_change, max_fun
        As in `MLPClassifier`; early stopping watches R² on the rows kept out unless ``scoring`` says otherwise.
    {more}

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

    _kind: ClassVar[Kind] = "regressor"
    _counterpart = "neural_network.MLPRegressor"

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
        return self._fit(X, y, sample_weight, NONE_KEPT, epochs=1)  # type: ignore[no-any-return]

    def _checked_X_y(self, X: Any, y: Any, *, reset: bool, define: bool) -> tuple[Any, Array]:
        refuse_text(X, self)
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
        if losses.get(self.loss).targets == "count" and np.min(y) < 0:
            loss, row = losses.get(self.loss).name, int(np.argmin(y))
            raise TasouError(NEGATIVE, loss=loss, row=row, value=float(np.min(y)))
        return X, y

    def _checked_validation(self, X_val: Any, y_val: Any) -> tuple[Any, Array]:
        return self._checked_X_y(X_val, y_val, reset=False, define=False)

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
