"""What MLPClassifier and MLPRegressor share: the road from data to a trained network, and looking into it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.metrics import check_scoring
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from tasou.backends.processors import limited
from tasou.errors import DivergenceError, TasouError
from tasou.estimators import _results, _shown, _starting, _verbose
from tasou.estimators._endings import non_finite, tell_clipped, tell_end
from tasou.estimators._network import Array, NetworkEstimator
from tasou.estimators._scaling import Standardisation
from tasou.estimators._signature import Kind
from tasou.estimators._sklearn_callbacks import CallbackSupport, tasks_of
from tasou.estimators._translation import architecture_of, batch_size_of, recipe_of, sizes_of
from tasou.estimators._validation import keep_out, measured
from tasou.messages import Message
from tasou.network import Network
from tasou.training import Divergence, Recipe, Training, Validation, learn
from tasou.training.iterations import is_lbfgs
from tasou.training.learning import Rows, network_of

TOGETHER = Message(
    "mlp.validation_together",
    en="X_val and y_val belong together: give both or neither",
    ja="X_val と y_val は一緒に指定してください（または両方とも省く）",
)
NOT_IN_PARTS = Message(
    "mlp.partial_fit_early_stopping",
    en="partial_fit does not support early_stopping=True",
    ja="partial_fit では early_stopping=True は使えません",
)
NO_HIDDEN = Message(
    "mlp.no_hidden_layer",
    en="hidden_layer_sizes=() has no hidden layer, so there are no hidden activations",
    ja="hidden_layer_sizes=() には隠れ層がないので、隠れ層の出力はありません",
)
WHICH_LAYER = Message(
    "mlp.which_layer",
    en="layer must name one of the {n} hidden layers, 1 to {n}; got {layer}",
    ja="layer には隠れ層 {n} 層のいずれか（1〜{n}）を指定してください（指定：{layer}）",
)

NONE_KEPT = (None, None, None)
"""no validation rows of the user's own"""


class BaseMLP(CallbackSupport, ClassNamePrefixFeaturesOutMixin, TransformerMixin, NetworkEstimator):
    """A multilayer perceptron with scikit-learn's parameters; what is more comes after them and is off by default."""

    _kind: ClassVar[Kind]

    # as in scikit-learn, those of the other way to stop are None
    validation_scores_: Any
    best_validation_score_: Any
    best_loss_: Any

    _divergence: Divergence | None = None
    _active_scaling: Standardisation | None = None
    _scaling: Standardisation

    # --- the network -----------------------------------------------------------------------------------------------

    @property
    def _given(self) -> Mapping[str, Any]:
        """The parameters, as they are set now."""
        return vars(self)

    @property
    @abstractmethod
    def _loss(self) -> Any:
        """The loss of the network: a name or a `Loss`."""

    @property
    def _architecture(self) -> tuple[Any, ...]:
        return architecture_of(vars(self)), self._loss

    def _build_network(self, sizes: tuple[int, ...], dtype: Any) -> Network:
        recipe = recipe_of(self._given, self._kind).but(hidden=sizes[1:-1], init="zeros")
        return network_of(recipe, sizes[0], sizes[-1], loss=self._loss, dtype=dtype)

    def _learnt_html(self) -> str:
        return _shown.network_learnt(self)

    # --- fitting -----------------------------------------------------------------------------------------------------

    @abstractmethod
    def _checked_X_y(self, X: Any, y: Any, *, reset: bool, define: bool) -> tuple[Any, Array]:
        """X and the rows Y (n, K) of the targets; ``define``: y says which targets there are."""

    @abstractmethod
    def _checked_validation(self, X_val: Any, y_val: Any) -> tuple[Any, Array]:
        """X and Y of the validation rows that the user gave."""

    @abstractmethod
    def _score_rows(self, y_hat: Array, Y: Array, sample_weight: Array | None) -> float:
        """scikit-learn's score of predictions ŷ against Y."""

    @abstractmethod
    def _targets_of(self, Y: Array) -> Array:
        """Y as the user would give it."""

    def _weights_of_classes(self, Y: Array, sample_weight: Array | None) -> Any:
        """What each class weighs, or None; classifiers alone have classes."""
        return None

    def _weighted(self, of_classes: Any, Y: Array, sample_weight: Array | None) -> Array | None:
        """The rows' weights times those of their classes."""
        return sample_weight

    def _fit(
        self, X: Any, y: Any, sample_weight: Any, own: tuple[Any, Any, Any], *, epochs: int | None = None
    ) -> Any:
        """Learn for as many epochs as the parameters say, or (incremental) for so many more."""
        incremental = epochs is not None
        if self.early_stopping and incremental:
            raise TasouError(NOT_IN_PARTS)
        first = not hasattr(self, "coefs_") or (not self.warm_start and not incremental)
        given, sample_weight_given = X, sample_weight
        X, Y = self._checked_X_y(X, y, reset=first, define=first and not incremental)
        Y = Y.reshape(-1, 1) if Y.ndim == 1 else Y
        w = None if sample_weight_given is None else _check_sample_weight(sample_weight, X, dtype=X.dtype)
        of_classes = self._weights_of_classes(Y, w)
        rows = Rows(X, Y, self._weighted(of_classes, Y, w))
        if not (incremental and hasattr(self, "_random_state")):
            self._random_state = check_random_state(self.random_state)
        recipe = recipe_of(self._given, self._kind)
        self._begin(recipe, rows, first)
        rows, kept = self._kept_out(rows, own, of_classes)
        tasks = None if incremental else tasks_of(self, given, y, w, self.max_iter)
        callbacks = [*self._watchers(), *([] if tasks is None else [tasks]), _results.Results(self)]
        recipe = recipe.but(batch_size=self._batch_size(rows.n))
        with self._standardised(rows, first) as scaled:
            training = self._learn(scaled, self._measured(kept, own), recipe, callbacks, epochs)
        if not incremental:
            tell_end(training, scaled, self.max_iter)
        if tasks is not None:
            tasks.close()
        return self

    def _begin(self, recipe: Recipe, rows: Rows, first: bool) -> None:
        """A fresh network and the counters at zero; or the weights of the last fit, if they fit this one."""
        n_features, self.n_outputs_ = int(rows.X.shape[1]), int(rows.Y.shape[1])
        sizes = sizes_of(self._given, n_features, self.n_outputs_)
        if not first:
            return _starting.check_sizes(self._network.sizes, sizes, warm=self.warm_start)
        network = network_of(
            recipe, n_features, self.n_outputs_, loss=self._loss, dtype=rows.X.dtype, rng=self._random_state
        )
        if isinstance(self.init, tuple):
            _starting.set_weights(network, *self.init)
        self._bind(network)
        self.n_layers_ = len(sizes)
        self.out_activation_ = {"sigmoid": "logistic"}.get(network.output, network.output)
        _results.begin(self)
        return None

    def _kept_out(self, rows: Rows, own: tuple[Any, Any, Any], of_classes: Any) -> tuple[Rows, Rows | None]:
        """The rows to learn from, and those kept out."""
        X_val, y_val, weight_val = own
        if (X_val is None) != (y_val is None):
            raise TasouError(TOGETHER)
        if X_val is not None:
            X, Y = self._checked_validation(X_val, y_val)
            Y = Y.reshape(-1, 1) if Y.ndim == 1 else Y
            w = None if weight_val is None else _check_sample_weight(weight_val, X, dtype=X.dtype)
            return rows, Rows(X, Y, self._weighted(of_classes, Y, w))
        if not self.early_stopping:
            return rows, None
        classes = getattr(self, "classes_", None) if self.n_outputs_ == 1 else None
        return keep_out(rows, self.validation_fraction, self._random_state, classes)

    def _batch_size(self, n: int) -> int | None:
        if is_lbfgs(self.solver):
            return None
        if self.batch_size != "auto" and self.batch_size > n:
            tell_clipped()
        return batch_size_of(self.batch_size, n)

    def _watchers(self) -> list[Any]:
        """What is told of each epoch: the lines of ``verbose``, and the user's own."""
        shown: list[Any] = []
        if self.verbose:
            shown = _verbose.watchers(
                self.verbose,
                self.max_iter,
                lbfgs=is_lbfgs(self.solver),
                tol=self.tol,
                patience=self.n_iter_no_change,
                names=getattr(self, "feature_names_in_", ()),
                labels=getattr(self, "classes_", ()),
            )
        return [*shown, *(self.callbacks or ())]

    @contextmanager
    def _standardised(self, rows: Rows, first: bool) -> Iterator[Rows]:
        """The rows standardised where ``scale`` asks for it; the weights speak the units of the data again after."""
        if self.scale is None:
            yield rows
            return
        known = hasattr(self, "_scaling") and not first
        if not known:
            by_weight = self._network.loss.targets == "real"
            self._scaling = Standardisation.of(*rows, scale_y=by_weight)
        if not first:
            self._scaling.unfold(self._network)
        self._active_scaling = self._scaling
        try:
            yield Rows(self._scaling.inputs(rows.X), self._scaling.targets(rows.Y), rows.sample_weight)
        finally:
            del self._active_scaling
            self._scaling.fold(self._network)

    def _measured(self, kept: Rows | None, own: tuple[Any, Any, Any]) -> Validation | None:
        return None if kept is None else measured(kept, self._active_scaling, self._score(kept, own))

    def _score(self, kept: Rows, own: tuple[Any, Any, Any]) -> Any:
        """What early stopping watches; scorers call ``predict`` on the X and y that the user gave, if he did."""
        if self.scoring == "loss":
            return None
        if self.scoring is None:
            return lambda y_hat: self._score_rows(y_hat, kept.Y, kept.sample_weight)
        scorer = check_scoring(self, scoring=self.scoring)
        X, y = own[:2] if own[0] is not None else (kept.X, self._targets_of(kept.Y))
        weights = {} if kept.sample_weight is None else {"sample_weight": kept.sample_weight}
        return lambda y_hat: (
            float(scorer(self, X, y, **weights)) if np.isfinite(y_hat).all() else float("nan")
        )

    def _learn(
        self,
        rows: Rows,
        validation: Validation | None,
        recipe: Recipe,
        callbacks: list[Any],
        epochs: int | None,
    ) -> Training:
        rule = getattr(recipe.optimizer, "name", "")
        network = self._network
        state = _results.earlier(self, rule, network.theta, incremental=epochs is not None)
        try:
            return learn(
                network,
                rows,
                recipe,
                validation=validation,
                callbacks=callbacks,
                rng=self._random_state,
                state=state,
                epochs=epochs,
            )
        except DivergenceError as error:
            raise non_finite(error, rows) from None

    def _predict_rows(self, X: Any) -> Array:
        """ŷ for checked rows; while a fit runs on standardised data, in the units of the data all the same."""
        scaling = self._active_scaling
        with limited(self.n_threads):
            if scaling is None:
                return self._network.predict(X)
            return scaling.outputs(self._network.predict(scaling.inputs(X)))

    def _check_solver(self) -> bool:
        if is_lbfgs(self.solver):
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
            raise TasouError(NO_HIDDEN)
        if not 1 <= l <= n_hidden:
            raise TasouError(WHICH_LAYER, n=n_hidden, layer=layer)
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
