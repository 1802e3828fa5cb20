"""What MLPClassifier and MLPRegressor share: parameters, validation, the road from data to a trained network."""

from __future__ import annotations

from abc import abstractmethod
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.metrics import get_scorer_names
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, Options, StrOptions
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from tasou.estimators import _lbfgs, _stochastic
from tasou.estimators._network import Array, NetworkEstimator
from tasou.estimators._scaling import Scaling
from tasou.estimators._sklearn_callbacks import CallbackSupport, Tasks, tasks_of
from tasou.estimators._stochastic import SCHEDULES
from tasou.estimators._validation import Rows, split
from tasou.estimators._validation import measured as validation_of
from tasou.formulas import activations, initializers
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.formulas.schedules import Schedule
from tasou.network import Network
from tasou.training import Divergence

STOCHASTIC = ["sgd", "adam", "adamw", "rmsprop", "adagrad"]


def activation_of(name: str | Activation) -> Activation:
    """The activation by its name here or in scikit-learn ("logistic" is the sigmoid)."""
    return activations.get("sigmoid" if name == "logistic" else name)


class BaseMLP(CallbackSupport, ClassNamePrefixFeaturesOutMixin, TransformerMixin, NetworkEstimator):
    """A multilayer perceptron with scikit-learn's parameters; what is more comes after them and is off by default."""

    _parameter_constraints: dict[str, list[Any]] = {  # noqa: RUF012 - scikit-learn reads it off the class
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions({*activations.names(), "logistic"}), Activation, list, tuple],
        "solver": [StrOptions({"lbfgs", *STOCHASTIC})],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "learning_rate": [StrOptions(set(SCHEDULES)), Schedule],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "power_t": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "shuffle": ["boolean"],
        "random_state": ["random_state"],
        "tol": [Interval(Real, 0, None, closed="left")],
        "verbose": ["verbose", StrOptions({"bar", "log", "diagnose"})],
        "warm_start": ["boolean"],
        "momentum": [Interval(Real, 0, 1, closed="both")],
        "nesterovs_momentum": ["boolean"],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="left")],
        "beta_1": [Interval(Real, 0, 1, closed="left")],
        "beta_2": [Interval(Real, 0, 1, closed="left")],
        "epsilon": [Interval(Real, 0, None, closed="neither")],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left"), Options(Real, {np.inf})],
        "max_fun": [Interval(Integral, 1, None, closed="left")],
        "dropout": [Interval(Real, 0, 1, closed="left"), list, tuple],
        "weight_decay": [Interval(Real, 0, None, closed="left"), None],
        "clip_norm": [Interval(Real, 0, None, closed="neither"), None],
        "warmup": [Interval(Integral, 0, None, closed="left")],
        "init": [StrOptions(set(initializers.names())), Initializer, tuple, None],
        "scale": [StrOptions({"auto"}), None],
        "scoring": [StrOptions({"loss", *get_scorer_names()}), callable, None],
        "relative_tol": ["boolean"],
        "max_time": [Interval(Real, 0, None, closed="neither"), None],
        "callbacks": [list, tuple, None],
    }

    # as in scikit-learn, those of the other way to stop are None
    validation_scores_: Any
    best_validation_score_: Any
    best_loss_: Any

    _divergence: Divergence | None = None
    _active_scaling: Scaling | None = None
    _scaling: Scaling

    # --- the network -----------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def _loss(self) -> Any:
        """The loss of the network: a name or a `Loss`."""

    def _sizes(self, n_features: int, n_outputs: int) -> tuple[int, ...]:
        hidden = self.hidden_layer_sizes
        hidden = list(hidden) if hasattr(hidden, "__iter__") else [hidden]
        if any(size <= 0 for size in hidden):
            raise ValueError(f"hidden_layer_sizes must be > 0, got {hidden}.")
        return (n_features, *hidden, n_outputs)

    def _build_network(self, sizes: tuple[int, ...], dtype: Any, rng: Any) -> Network:
        """scikit-learn's initial weights unless others are asked for: Glorot uniform, biases drawn too."""
        chosen = (
            self.activation
            if isinstance(self.activation, list | tuple)
            else [self.activation] * (len(sizes) - 2)
        )
        hidden = [activation_of(f) for f in chosen]
        init = "zeros" if isinstance(self.init, tuple) else self.init
        if init is None:
            gain = 2.0 if hidden and hidden[0].name == "sigmoid" else 6.0
            init = initializers.get("glorot_uniform", gain=gain).drawing_biases()
        return Network(
            sizes,
            hidden,
            loss=self._loss,
            dropout=self.dropout,
            l2=self.alpha,
            init=init,
            dtype=dtype,
            rng=rng,
        )

    def _set_starting_weights(self, network: Network) -> None:
        """Copy ``init=(coefs, intercepts)``, in the shapes of ``coefs_`` and ``intercepts_``, into the network."""
        coefs, intercepts = self.init
        if len(coefs) != network.L or len(intercepts) != network.L:
            raise ValueError(
                f"init must hold {network.L} coefs and intercepts, got {len(coefs)} and {len(intercepts)}"
            )
        for layer, coef, intercept in zip(network.layers, coefs, intercepts, strict=True):
            W, b = np.asarray(coef).T, np.asarray(intercept)
            if W.shape != layer.W.shape or b.shape != layer.b.shape:
                raise ValueError(
                    f"init: layer {layer.l} needs coefs {layer.W.T.shape} and intercepts {layer.b.shape}, "
                    f"got {W.T.shape} and {b.shape}"
                )
            layer.W[...], layer.b[...] = W, b

    # --- fitting -----------------------------------------------------------------------------------------------------

    @abstractmethod
    def _checked_X_y(self, X: Any, y: Any, incremental: bool, reset: bool) -> tuple[Any, Array]:
        """X and the rows Y (n, K) of the targets."""

    @abstractmethod
    def _checked_validation(self, X_val: Any, y_val: Any) -> tuple[Any, Array]:
        """X and Y of the validation rows that the user gave."""

    @abstractmethod
    def _score_rows(self, y_hat: Array, Y: Array, sample_weight: Array | None) -> float:
        """scikit-learn's score of predictions ŷ against Y."""

    @abstractmethod
    def _targets_of(self, Y: Array) -> Array:
        """Y as the user would give it."""

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        validation: tuple[Any, Any, Any] = (None, None, None),
        *,
        incremental: bool = False,
    ) -> Any:
        first = not hasattr(self, "coefs_") or (not self.warm_start and not incremental)
        given = X
        X, Y = self._checked_X_y(X, y, incremental, reset=first)
        w = None if sample_weight is None else _check_sample_weight(sample_weight, X, dtype=X.dtype)
        rows = Rows(X, _columns(Y), self._final_weights(y, w))
        self.n_outputs_ = rows.Y.shape[1]
        if not (incremental and hasattr(self, "_random_state")):
            self._random_state = check_random_state(self.random_state)
        if first:
            self._start(self._sizes(X.shape[1], self.n_outputs_), X.dtype)
        if self.early_stopping and incremental:
            raise ValueError("partial_fit does not support early_stopping=True")
        rows, kept, own = self._kept_out(rows, *validation)
        tasks = None if incremental else tasks_of(self, given, y, w, self.max_iter)
        self._learn(rows, kept, own, first, incremental, tasks)
        if tasks is not None:
            tasks.close()
        return self

    def _kept_out(
        self, rows: Rows, X_val: Any, y_val: Any, weight_val: Any
    ) -> tuple[Rows, Rows | None, tuple[Any, Any] | None]:
        """The rows to learn from, those kept out, and the latter as the user gave them."""
        if (X_val is None) != (y_val is None):
            raise ValueError("X_val and y_val belong together: give both or neither")
        if X_val is not None:
            X, Y = self._checked_validation(X_val, y_val)
            w = None if weight_val is None else _check_sample_weight(weight_val, X, dtype=X.dtype)
            return rows, Rows(X, _columns(Y), w), (X_val, y_val)
        if not self.early_stopping:
            return rows, None, None
        return *split(self, rows), None

    def _learn(
        self,
        rows: Rows,
        kept: Rows | None,
        own: tuple[Any, Any] | None,
        first: bool,
        incremental: bool,
        tasks: Tasks | None,
    ) -> None:
        """Hand the rows to the solver, standardised where ``scale`` asks for it."""
        if self.scale is not None:
            if first or not hasattr(self, "_scaling"):
                self._scaling = Scaling.of(rows.X, rows.Y, scale_y=self._network.loss.targets == "real")
            else:
                self._scaling.unfold(self._network)
            rows = rows._replace(X=self._scaling.inputs(rows.X), Y=self._scaling.targets(rows.Y))
            self._active_scaling = self._scaling
        try:
            measured = None if kept is None else validation_of(self, kept, own)
            if self.solver == "lbfgs":
                _lbfgs.fit(self, rows, measured, tasks)
            else:
                _stochastic.fit(self, rows, measured, incremental, tasks)
        finally:
            if self.scale is not None:
                del self._active_scaling
                self._scaling.fold(self._network)

    def _final_weights(self, y: Any, sample_weight: Array | None) -> Array | None:
        return sample_weight

    def _start(self, sizes: tuple[int, ...], dtype: Any) -> None:
        """A fresh network, and the counters at zero."""
        network = self._build_network(sizes, dtype, self._random_state)
        if isinstance(self.init, tuple):
            self._set_starting_weights(network)
        self._bind(network)
        self.n_iter_ = self.t_ = 0
        self.n_layers_ = len(sizes)
        self.out_activation_ = {"sigmoid": "logistic"}.get(network.output, network.output)
        self.loss_curve_: list[float] = []
        self._no_improvement_count = 0
        self._optimizer_state: dict[str, Any] = {}
        self.validation_scores_: list[float] | None = [] if self.early_stopping else None
        self.validation_loss_curve_: list[float] | None = [] if self.early_stopping else None
        self.best_validation_score_ = -np.inf if self.early_stopping else None
        self.best_loss_ = None if self.early_stopping else np.inf

    def _predict_rows(self, X: Any) -> Array:
        """ŷ for checked rows; while a fit runs on standardised data, in the units of the data all the same."""
        scaling = self._active_scaling
        if scaling is None:
            return self._network.predict(X)
        return scaling.outputs(self._network.predict(scaling.inputs(X)))

    def _check_solver(self) -> bool:
        if self.solver == "lbfgs":
            raise AttributeError(
                "partial_fit is only available for stochastic optimizers. lbfgs is not stochastic."
            )
        return True

    # --- looking in --------------------------------------------------------------------------------------------------

    def transform(self, X: Any) -> Array:
        """a[L-1] for each row of X: what the last hidden layer makes of them, shape (n, units).

        Raises
        ------
        ValueError
            there is no hidden layer
        """
        return self.hidden_activations(X)

    @property
    def _n_features_out(self) -> int:
        return int(self.coefs_[-1].shape[0])

    def hidden_activations(self, X: Any, layer: int = -1) -> Array:
        """a[l] of a hidden layer for each row of X: shape (n, n_l).

        ``layer`` counts from 1 as in the lecture; negative numbers count the hidden layers from the last.
        """
        check_is_fitted(self)
        n_hidden = self.n_layers_ - 2
        l = layer + n_hidden + 1 if layer < 0 else layer
        if n_hidden == 0:
            raise ValueError("hidden_layer_sizes=() has no hidden layer, so there are no hidden activations")
        if not 1 <= l <= n_hidden:
            raise ValueError(
                f"layer must name one of the {n_hidden} hidden layers, 1 to {n_hidden}; got {layer}"
            )
        return self._network.hidden(self._checked_X(X), l)

    @property
    def network_(self) -> Network:
        """The fitted `Network`, sharing its memory with ``coefs_``: for traces, gradients, plots."""
        check_is_fitted(self)
        return self._network

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def _columns(Y: Array) -> Array:
    return Y.reshape(-1, 1) if Y.ndim == 1 else Y
