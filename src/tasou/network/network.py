"""The multilayer perceptron as a parameterised function: forward, loss, backward (lecture 2.2-2.4, 3, 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou import layers
from tasou.backends.job import Goal, Predictor
from tasou.backends.verbs import Random
from tasou.errors import ShapeError, TasouError
from tasou.formulas import penalties
from tasou.messages import Message
from tasou.network.architecture import Architecture
from tasou.network.chunks import chunks, in_chunks
from tasou.network.gradient import Gradient
from tasou.network.parameters import Parameters
from tasou.network.targets import batch_of, check_first, target_rows
from tasou.network.trace import Trace

BATCH_SHAPES = Message(
    "network.batch_shapes",
    en="X has {n} rows, so Y must have shape {shape} and sample_weight {weights}; got {found} and {found_weights}",
    ja=(
        "X は {n} 行なので、Y の形は {shape}、sample_weight の形は {weights} にしてください（{found} と "
        "{found_weights} でした）"
    ),
)
NO_MEAN = Message(
    "network.no_mean",
    en="there is no mean loss: no rows are given, or all their weights are 0",
    ja="損失の平均がありません。行がないか、重みがすべて0です",
)

Array = NDArray[Any]

MANY_ROWS = 1024
"""rows through the first layers that are worth a program of their own"""


class Network(Architecture):
    """ŷ = f[L](W[L] … f[1](W[1] x + b[1]) … + b[L]), with its loss and the gradients written by hand.

    Parameters
    ----------
    sizes
        units per layer, inputs first: (2, 10, 3) is the lecture's network. With two numbers there is no hidden layer:
        that is softmax regression (or logistic or linear regression, by its loss).
    activation
        of the hidden layers: a name or an `Activation` for all, or a sequence with one per hidden layer
    layers, inputs
        in place of sizes: any stack of `layers`, the last one's outputs being what the loss is taken of, and the
        number of inputs of the first, or the shape of one input: (height, width, channels), (time, features)
    loss
        a name or a `Loss`; it brings the output function (softmax for "cross_entropy", sigmoid for
        "binary_cross_entropy", identity for "squared_error", …)
    output_activation
        f[L], applied to z[L] before the loss sees it: "identity" unless you want, say, "tanh" with squared error
    dropout
        share of each hidden layer silenced in training: a number for all, or one per hidden layer
    l2
        α of the penalty α/2 ‖W‖² that is added to the summed loss of a batch
    bias
        whether the layers have biases; without, every b[l] stays 0
    init
        a name or an `Initializer`; by default He for ReLU-like, LeCun for SELU, Glorot for other activations
    dtype
        float32 or float64; everything the network computes has it
    rng
        where the initial weights come from: a seed, a `numpy.random.Generator` or a `numpy.random.RandomState`

    Raises
    ------
    TasouError
        sizes, layers, activations, dropout or dtype that make no network
    UnknownName
        an activation, loss or initializer that is not registered

    Examples
    --------
    >>> import numpy as np
    >>> network = Network((2, 10, 3), rng=0)
    >>> network
    Network(2 → 10 relu → 3 softmax, 63 parameters, float64)
    >>> network.predict(np.zeros((1, 2))).round(3)
    array([[0.333, 0.333, 0.333]])
    >>> from tasou.layers import Dense, Dropout
    >>> Network(layers=[Dropout(0.1), Dense(10, "relu"), Dense(3)], inputs=2)
    Network(2 → dropout(0.1) → 10 relu → 3 softmax, 63 parameters, float64)
    """

    def forward(self, X: Any, trace: Trace | None = None, *, rng: Random | None = None) -> Trace:
        """Run the batch X (n, n_0) through the layers; every z[l], a[l] stands in the trace that is returned.

        A trace given is written into; a random stream given switches dropout on.
        """
        if trace is None:
            X = self.as_input(X)
            trace = Trace(self, X.shape[0])
        trace.x, do = X, self.backend.drawing_from(rng)
        trace.raw = layers.forward(do, self.cards, self.parameters.by_layer, trace.layers, X)
        trace.y_hat = do.apply(self.loss.predict, trace.raw, into=trace.y_hat)
        trace.layers[-1].hold(a=trace.y_hat)
        return trace

    def measure(self, trace: Trace, Y: Array, sample_weight: Array | None = None) -> float:
        """Σ w L(ŷ, y) over the batch in the trace: the summed loss, without the penalty."""
        Y, sample_weight = self._rows_of(trace, Y, sample_weight)
        trace.error = L = self.backend.apply(
            self.loss.value, trace.raw, Y, into=trace.error
        )  # backward fills it anew
        if sample_weight is None:
            trace.loss = float(np.sum(L, dtype=np.float64))
        else:
            trace.loss = float(np.dot(sample_weight, np.sum(L, axis=1, dtype=np.float64)))
        return trace.loss

    def backward(self, trace: Trace, Y: Array, sample_weight: Array | None = None) -> Parameters:
        """The gradient of Σ w L by the chain rule, from the last layer to the first; it stands in ``trace.grad``."""
        Y, sample_weight = self._rows_of(trace, Y, sample_weight)
        do, p = self.backend, self.parameters.by_layer
        g = do.apply(self.loss.delta, trace.raw, trace.y_hat, Y, into=trace.error)
        if sample_weight is not None:
            g = do.times(g, sample_weight[:, None], into=g)
        layers.backward(do, self.cards, p, trace.layers, trace.x, g, trace.gradients)
        return trace.grad

    def gradient(self, X: Any, Y: Any, sample_weight: Any = None, trace: Trace | None = None) -> Gradient:
        """Σ w ∂L/∂θ over the rows of X with Σ w L and Σ w; the sum is a view into the trace, where one is given."""
        trace = self.forward(self.as_input(X), trace)
        Y, sample_weight = self._rows_of(trace, Y, sample_weight)
        loss = self.measure(trace, Y, sample_weight)
        return Gradient(self.backward(trace, Y, sample_weight).theta, loss, trace.total_weight)

    def _rows_of(self, trace: Trace, Y: Any, sample_weight: Any) -> tuple[Array, Array | None]:
        """The targets (n, K) and weights (n,) of the batch in the trace, noted there."""
        shape = trace.raw.shape
        if getattr(Y, "shape", None) != shape or Y.dtype != self.dtype:
            Y = self.as_target(Y)
        if sample_weight is not None:
            sample_weight = np.asarray(sample_weight, self.dtype)
        if Y.shape != shape or (sample_weight is not None and sample_weight.shape != shape[:1]):
            wanted = {"n": shape[0], "shape": shape, "weights": shape[:1]}
            raise ShapeError(BATCH_SHAPES, **wanted, found=Y.shape, found_weights=np.shape(sample_weight))
        trace.y, trace.sample_weight = Y, sample_weight
        return Y, sample_weight

    # --- what is minimised ---------------------------------------------------------------------------------------

    def penalty(self) -> float:
        """The penalty α/2 ‖W‖²."""
        return float(penalties.l2(self.parameters.weights, self.l2, np)) if self.l2 else 0.0

    def add_penalty(self, summed: Array, into: Parameters) -> None:
        """Σ w ∂L/∂θ + α W: the penalty's gradient added to a summed one, in the memory of ``into``."""
        if not self.l2:
            np.copyto(into.theta, summed)
            return
        n = into.weights.size
        np.add(summed[:n], penalties.l2_gradient(self.parameters.weights, self.l2), out=into.weights)
        into.biases[...] = summed[n:]

    def mean(self, gradient: Gradient, into: Parameters) -> tuple[float, Parameters]:
        """(Σ w L + α/2 ‖W‖²) / Σ w and its gradient (Σ w ∂L/∂θ + α W) / Σ w, from the sums over the rows.

        Raises
        ------
        TasouError
            there are no rows, or none weighs anything
        """
        _check_weighs(gradient.weight)
        self.add_penalty(gradient.sum, into)
        if gradient.weight != 1:
            into.theta /= gradient.weight
        return (gradient.loss + self.penalty()) / gradient.weight, into

    def objective(
        self, X: Any, Y: Any, sample_weight: Any = None, trace: Trace | None = None
    ) -> tuple[float, Array]:
        """(Σ w L + α/2 ‖W‖²) / Σ w and its gradient, flat as θ."""
        value, grad = self.mean(self.gradient(X, Y, sample_weight, trace), self.parameters.like())
        return value, grad.theta

    def objective_on(self, X: Any, Y: Any, sample_weight: Any = None) -> Callable[[], tuple[float, Array]]:
        """A function that computes `objective` on this data at whatever θ is then, over and over in the same memory.

        The gradient is a view that the next call overwrites. The backend computes it in one call where it can.

        Raises
        ------
        TasouError
            there are no rows, or none weighs anything
        """
        X, Y, grad = self.as_input(X), self.as_target(Y), self.parameters.like()
        if sample_weight is not None:
            sample_weight = np.ascontiguousarray(sample_weight, self.dtype)
        _check_weighs(len(Y) if sample_weight is None else float(sample_weight.sum()))
        plan = self.plan
        resting = replace(plan, dropout=(0.0,) * len(plan.dropout), drawing=False)
        value = self.backend.objective(Goal(resting, grad.theta, X, Y, sample_weight))
        if value is not None:
            return lambda: (value(), grad.theta)
        trace = Trace(self, X.shape[0])

        def on_rows() -> tuple[float, Array]:
            found, _ = self.mean(self.gradient(X, Y, sample_weight, trace), grad)
            return found, grad.theta

        return on_rows

    # --- predictions ---------------------------------------------------------------------------------------------

    def predict(self, X: Any) -> Array:
        """ŷ (n, K) for the rows of X, in chunks, so that memory stays bounded."""
        X = self.as_input(X)
        y_hat = self._by_backend(X, output=True)
        return in_chunks(self, X, lambda trace: trace.y_hat) if y_hat is None else y_hat

    def decision(self, X: Any) -> Array:
        """The values f[L](z[L]) before the output function, (n, K): log-odds, or unnormalised log-probabilities."""
        X = self.as_input(X)
        raw = self._by_backend(X, output=False)
        return in_chunks(self, X, lambda trace: trace.raw) if raw is None else raw

    def _by_backend(self, X: Any, *, output: bool) -> Array | None:
        """The prediction, if the backend can make it in one call."""
        predict = self._predictor_of(self.L)
        return None if predict is None else predict(X, output)

    def _predictor_of(self, l: int) -> Predictor | None:
        """What the backend has for the first l layers: kept, as long as the backend is the same."""
        backend = self.backend
        kept, predict = self._predictors.get(l, (None, None))
        if kept is not backend:
            predict = backend.predictor(self.plan if l == self.L else self.plan_until(l))
            self._predictors[l] = (backend, predict)
        return predict

    def hidden(self, X: Any, l: int) -> Array:
        """a[l] for the rows of X, (n, n_l): what layer l makes of them."""
        self[l]
        X = self.as_input(X)
        if l < self.L and X.shape[0] >= MANY_ROWS and (predict := self._predictor_of(l)) is not None:
            a = predict(X, False)
            if a is not None:
                return a
        return in_chunks(self, X, lambda trace: trace[l].a)

    def mean_loss(self, X: Any, Y: Array, sample_weight: Array | None = None) -> float:
        """Σ w L / Σ w over the rows of X, without penalty and dropout."""
        return self.evaluate(X, Y, sample_weight)[0]

    def evaluate(self, X: Any, Y: Any, sample_weight: Array | None = None) -> tuple[float, Array]:
        """The mean loss Σ w L / Σ w, without penalty and dropout, and the predictions ŷ (n, K), in one pass."""
        X, Y = self.as_input(X), self.as_target(Y)
        loss = weight = 0.0
        y_hat = []
        for rows, trace in chunks(self, X):
            w = None if sample_weight is None else sample_weight[rows]
            loss += self.measure(trace, Y[rows], w)
            weight += trace.total_weight
            y_hat.append(trace.y_hat.copy())
        _check_weighs(weight)
        return loss / weight, np.concatenate(y_hat)

    # --- what it accepts -----------------------------------------------------------------------------------------

    def as_input(self, X: Any) -> Any:
        """X as a batch (n, n_0) of the network's dtype; sparse matrices stay sparse."""
        X = batch_of(X, self.shapes[0], self.dtype, self)
        check_first(self.cards[0], X)
        return X

    def as_target(self, Y: Any) -> Array:
        """Y as (n, K) of the network's dtype; integer labels become one-hot rows, and (n,) becomes (n, 1)."""
        return target_rows(Y, self.loss, self.sizes[-1], self.dtype, self)


def _check_weighs(total: float) -> None:
    if not total > 0:
        raise TasouError(NO_MEAN)
