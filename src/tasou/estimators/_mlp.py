"""What MLPClassifier and MLPRegressor share: parameters, validation, the road from data to a trained network."""

from __future__ import annotations

from abc import abstractmethod
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, Options, StrOptions
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from tasou.estimators import _lbfgs, _stochastic
from tasou.estimators._network import Array, NetworkEstimator
from tasou.formulas import activations, initializers
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.network import Network

STOCHASTIC = ["sgd", "adam", "adamw", "rmsprop", "adagrad"]
SCHEDULES = {
    "constant": "constant",
    "invscaling": "inverse_scaling",
    "adaptive": "adaptive",
    "cosine": "cosine",
}


def activation_of(name: str | Activation) -> Activation:
    """The activation by its name here or in scikit-learn ("logistic" is the sigmoid)."""
    return activations.get("sigmoid" if name == "logistic" else name)


class BaseMLP(NetworkEstimator):
    """A multilayer perceptron with scikit-learn's parameters; what is more comes after them and is off by default."""

    _parameter_constraints: dict[str, list[Any]] = {  # noqa: RUF012 - scikit-learn reads it off the class
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions({*activations.names(), "logistic"}), Activation, list, tuple],
        "solver": [StrOptions({"lbfgs", *STOCHASTIC})],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "learning_rate": [StrOptions(set(SCHEDULES))],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "power_t": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "shuffle": ["boolean"],
        "random_state": ["random_state"],
        "tol": [Interval(Real, 0, None, closed="left")],
        "verbose": ["verbose"],
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
        "init": [StrOptions(set(initializers.names())), Initializer, None],
        "callbacks": [list, tuple, None],
    }

    # as in scikit-learn, those of the other way to stop are None
    validation_scores_: Any
    best_validation_score_: Any
    best_loss_: Any

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
        init = self.init
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

    # --- fitting -----------------------------------------------------------------------------------------------------

    @abstractmethod
    def _checked_X_y(self, X: Any, y: Any, incremental: bool, reset: bool) -> tuple[Any, Array]:
        """X and the rows Y (n, K) of the targets."""

    def _fit(self, X: Any, y: Any, sample_weight: Any = None, *, incremental: bool = False) -> Self:
        first = not hasattr(self, "coefs_") or (not self.warm_start and not incremental)
        X, Y = self._checked_X_y(X, y, incremental, reset=first)
        w = None if sample_weight is None else _check_sample_weight(sample_weight, X, dtype=X.dtype)
        w = self._final_weights(y, w)
        Y = Y.reshape(-1, 1) if Y.ndim == 1 else Y
        self.n_outputs_ = Y.shape[1]
        if not (incremental and hasattr(self, "_random_state")):
            self._random_state = check_random_state(self.random_state)
        if first:
            self._start(self._sizes(X.shape[1], self.n_outputs_), X.dtype)
        if self.solver == "lbfgs":
            _lbfgs.fit(self, X, Y, w)
        else:
            _stochastic.fit(self, X, Y, w, incremental)
        return self

    def _final_weights(self, y: Any, sample_weight: Array | None) -> Array | None:
        return sample_weight

    def _start(self, sizes: tuple[int, ...], dtype: Any) -> None:
        """A fresh network, and the counters at zero."""
        self._bind(self._build_network(sizes, dtype, self._random_state))
        self.n_iter_ = self.t_ = 0
        self.n_layers_ = len(sizes)
        out = self._network.output
        self.out_activation_ = {"sigmoid": "logistic"}.get(out, out)
        self.loss_curve_: list[float] = []
        self._no_improvement_count = 0
        self._optimizer_state: dict[str, Any] = {}
        self.validation_scores_ = [] if self.early_stopping else None
        self.best_validation_score_ = -np.inf if self.early_stopping else None
        self.best_loss_ = None if self.early_stopping else np.inf

    def _check_solver(self) -> bool:
        if self.solver == "lbfgs":
            raise AttributeError(
                "partial_fit is only available for stochastic optimizers. lbfgs is not stochastic."
            )
        return True

    # --- looking in --------------------------------------------------------------------------------------------------

    def hidden_activations(self, X: Any, layer: int = -1) -> Array:
        """a[l] of a hidden layer for each row of X: shape (n, n_l).

        ``layer`` counts from 1 as in the lecture; negative numbers count the hidden layers from the last.
        """
        check_is_fitted(self)
        n_hidden = self.n_layers_ - 2
        l = layer + n_hidden + 1 if layer < 0 else layer
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
