"""The multilayer perceptron as a parameterised function: forward, loss, backward (lecture 2.2-2.4, 3, 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tasou import backends
from tasou.backends import NumpyBackend
from tasou.backends.job import Goal, Layers, Predictor
from tasou.errors import ShapeError, TasouError
from tasou.formulas import activations as activation_family
from tasou.formulas import losses as loss_family
from tasou.formulas import penalties
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.formulas.losses import Loss
from tasou.network.architecture import checked_dropout, checked_sizes, one_per_layer
from tasou.network.dense import Dense, Random
from tasou.network.initialize import draw_parameters
from tasou.network.parameters import Parameters
from tasou.network.targets import target_rows
from tasou.network.trace import Trace

Array = NDArray[Any]

CHUNK = 1 << 20
"""elements of the widest layer that a prediction holds at a time"""


class Network:
    """ŷ = f[L](W[L] … f[1](W[1] x + b[1]) … + b[L]), with its loss and the gradients written by hand.

    Parameters
    ----------
    sizes
        units per layer, inputs first: (2, 10, 3) is the lecture's network. With two numbers there is no hidden layer:
        that is softmax regression (or logistic or linear regression, by its loss).
    activation
        of the hidden layers: a name or an `Activation` for all, or a sequence with one per hidden layer
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
        sizes, activations, dropout or dtype that make no network
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
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str | Activation | Sequence[str | Activation] = "relu",
        *,
        loss: str | Loss = "cross_entropy",
        output_activation: str | Activation = "identity",
        dropout: float | Sequence[float] = 0.0,
        l2: float = 0.0,
        bias: bool = True,
        init: str | Initializer | None = None,
        dtype: DTypeLike = np.float64,
        rng: int | Random | None = None,
    ) -> None:
        self.sizes = checked_sizes(sizes)
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise TasouError(f"dtype must be float32 or float64, got {self.dtype}")
        if not l2 >= 0:
            raise TasouError(f"l2 must be a number >= 0, got {l2!r}")
        self.l2, self.bias = float(l2), bias
        self.loss = loss_family.get(loss)
        hidden = [activation_family.get(f) for f in one_per_layer(activation, self.L - 1, "activation")]
        self.activations = (*hidden, activation_family.get(output_activation))
        self.dropout = (*checked_dropout(one_per_layer(dropout, self.L - 1, "dropout")), 0.0)
        self.parameters = Parameters(self.sizes, self.dtype)
        self.layers = self._stack()
        self._predictor: tuple[NumpyBackend, Predictor | None] | None = None
        draw_parameters(self, init, rng if isinstance(rng, Random) else np.random.default_rng(rng))

    def _stack(self) -> list[Dense]:
        """The layers, each working on its views of the parameters."""
        return [
            Dense(l, self.parameters[l], f, p)
            for l, (f, p) in enumerate(zip(self.activations, self.dropout, strict=True), start=1)
        ]

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key not in ("layers", "_predictor")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _predictor=None)
        self.layers = self._stack()  # a copy's W[l], b[l] must be views of the copy's own vector

    # --- what it is --------------------------------------------------------------------------------------------

    @property
    def L(self) -> int:
        """The number of layers with weights; the hidden layers are 1 … L-1."""
        return len(self.sizes) - 1

    @property
    def theta(self) -> Array:
        """All parameters as one flat vector: every W, then every b. Writing into it changes the network."""
        return self.parameters.theta

    @theta.setter
    def theta(self, values: Array) -> None:
        self.parameters.theta[...] = values

    @property
    def backend(self) -> NumpyBackend:
        """What evaluates the formulas: see `tasou.backends.use`."""
        return backends.current()

    @property
    def plan(self) -> Layers:
        """The network as a backend sees it that takes over a whole computation."""
        return Layers(
            self.sizes,
            [None if layer.linear else (layer.activation.f, layer.activation.slope) for layer in self.layers],
            (self.loss.predict, self.loss.value, self.loss.delta),
            self.theta,
            self.dropout,
            self.bias,
            self.l2,
        )

    @property
    def output(self) -> str:
        """The name of the output layer's function: that of the loss, or f[L] where one is set."""
        return self.loss.output if self.layers[-1].linear else self.activations[-1].label

    def __getitem__(self, l: int) -> Dense:
        """Layer l, from 1: its ``.W``, ``.b``, ``.activation``."""
        if not 1 <= l <= self.L:
            raise IndexError(f"layers count from 1 to {self.L}, got {l}")
        return self.layers[l - 1]

    def __repr__(self) -> str:
        names = [*(f.label for f in self.activations[:-1]), self.output]
        chain = " → ".join(
            [str(self.sizes[0]), *(f"{n} {f}" for n, f in zip(self.sizes[1:], names, strict=True))]
        )
        return f"Network({chain}, {self.theta.size} parameters, {self.dtype})"

    def summary(self, lang: str | None = None) -> str:
        """The role, the function and the output size of each layer, as a table (lecture 2.3)."""
        from tasou.network.summary import layer_table

        return layer_table(self, lang)

    def collapse(self) -> Network:
        """One layer with the same outputs, W = W[L]…W[1]: what a network without activations is (lecture 3.3).

        Raises
        ------
        TasouError
            a hidden layer has an activation, so the network is not one linear map
        """
        for layer in self.layers[:-1]:
            if not layer.linear:
                raise TasouError(
                    f"layer {layer.l} has the activation {layer.activation.name!r}: not one linear map, cannot collapse"
                )
        W, b = np.eye(self.sizes[0], dtype=self.dtype), np.zeros(self.sizes[0], self.dtype)
        for layer in self.layers:
            W, b = layer.W @ W, layer.W @ b + layer.b
        single = Network(
            (self.sizes[0], self.sizes[-1]),
            loss=self.loss,
            output_activation=self.activations[-1],
            l2=self.l2,
            bias=self.bias,
            dtype=self.dtype,
            init="zeros",
        )
        single[1].W[...], single[1].b[...] = W, b
        return single

    # --- what it computes ----------------------------------------------------------------------------------------

    def forward(self, X: Any, trace: Trace | None = None, *, rng: Random | None = None) -> Trace:
        """Run the batch X (n, n_0) through the layers; every z[l], a[l] stands in the trace that is returned.

        A trace given is written into; a random stream given switches dropout on.
        """
        if trace is None:
            X = self.as_input(X)
            trace = Trace(self, X.shape[0])
        trace.x = a = X
        for layer, t in zip(self.layers, trace.layers, strict=True):
            layer.forward(a, t, rng)
            a = t.a
        self.backend.apply(self.loss.predict, trace.raw, out=trace.y_hat)
        return trace

    def measure(self, trace: Trace, Y: Array, sample_weight: Array | None = None) -> float:
        """Σ w L(ŷ, y) over the batch in the trace: the summed loss, without the penalty."""
        Y, sample_weight = self._rows_of(trace, Y, sample_weight)
        L = trace.layers[-1].delta  # its memory is free until backward fills it
        self.backend.apply(self.loss.value, trace.raw, Y, out=L)
        if sample_weight is None:
            trace.loss = float(np.sum(L, dtype=np.float64))
        else:
            trace.loss = float(np.dot(sample_weight, np.sum(L, axis=1, dtype=np.float64)))
        return trace.loss

    def backward(self, trace: Trace, Y: Array, sample_weight: Array | None = None) -> Parameters:
        """The gradient of Σ w L by the chain rule, from the last layer to the first; it stands in ``trace.grad``."""
        Y, sample_weight = self._rows_of(trace, Y, sample_weight)
        last = trace.layers[-1]
        self.backend.apply(self.loss.delta, trace.raw, trace.y_hat, Y, out=last.delta)
        if sample_weight is not None:
            last.delta *= sample_weight[:, None]
        for layer in reversed(self.layers):
            t = trace.layers[layer.l - 1]
            layer.local_error(t)
            layer.gradients(trace[layer.l - 1].a, t)
            if layer.l > 1:
                layer.pass_back(t, out=trace.layers[layer.l - 2].delta)
        if not self.bias:
            trace.grad.biases[...] = 0
        return trace.grad

    def _rows_of(self, trace: Trace, Y: Any, sample_weight: Any) -> tuple[Array, Array | None]:
        """The targets (n, K) and weights (n,) of the batch in the trace, noted there."""
        shape = trace.raw.shape
        if getattr(Y, "shape", None) != shape or Y.dtype != self.dtype:
            Y = self.as_target(Y)
        if sample_weight is not None:
            sample_weight = np.asarray(sample_weight, self.dtype)
        if Y.shape != shape or (sample_weight is not None and sample_weight.shape != shape[:1]):
            raise ShapeError(
                f"X has {shape[0]} rows, so Y must have shape {shape} and sample_weight {shape[:1]}; "
                f"got {Y.shape} and {np.shape(sample_weight)}"
            )
        trace.y, trace.sample_weight = Y, sample_weight
        return Y, sample_weight

    def add_penalty(self, grad: Parameters) -> None:
        """Add the penalty's gradient α W to a summed gradient."""
        if self.l2:
            grad.weights += penalties.l2_gradient(self.parameters.weights, self.l2)

    def penalty(self) -> float:
        """The penalty α/2 ‖W‖²."""
        return float(penalties.l2(self.parameters.weights, self.l2, np)) if self.l2 else 0.0

    def objective(
        self, X: Any, Y: Any, sample_weight: Any = None, trace: Trace | None = None
    ) -> tuple[float, Array]:
        """(Σ w L + α/2 ‖W‖²) / Σ w and its gradient as a flat vector (a view into the trace)."""
        trace = self.forward(self.as_input(X), trace)
        Y, sample_weight = self._rows_of(trace, Y, sample_weight)
        _check_weighs(trace.total_weight)
        loss = self.measure(trace, Y, sample_weight)
        grad = self.backward(trace, Y, sample_weight)
        self.add_penalty(grad)
        total = trace.total_weight
        grad.theta /= total
        return (loss + self.penalty()) / total, grad.theta

    def objective_on(self, X: Any, Y: Any, sample_weight: Any = None) -> Callable[[], tuple[float, Array]]:
        """A function that computes `objective` on this data at whatever θ is then, over and over in the same memory.

        The gradient is a view that the next call overwrites. The backend computes it in one call where it can.

        Raises
        ------
        TasouError
            there are no rows, or none weighs anything
        """
        X, Y, grad = self.as_input(X), self.as_target(Y), self.parameters.like().theta
        if sample_weight is not None:
            sample_weight = np.ascontiguousarray(sample_weight, self.dtype)
        _check_weighs(len(Y) if sample_weight is None else float(sample_weight.sum()))
        layers = replace(self.plan, dropout=(0.0,) * self.L)
        value = self.backend.objective(Goal(layers, grad, X, Y, sample_weight))
        if value is not None:
            return lambda: (value(), grad)
        trace = Trace(self, X.shape[0])
        return lambda: self.objective(X, Y, sample_weight, trace)

    def predict(self, X: Any) -> Array:
        """ŷ (n, K) for the rows of X, in chunks, so that memory stays bounded."""
        X = self.as_input(X)
        y_hat = self._by_backend(X, output=True)
        return self._in_chunks(X, lambda trace: trace.y_hat) if y_hat is None else y_hat

    def decision(self, X: Any) -> Array:
        """The values f[L](z[L]) before the output function, (n, K): log-odds, or unnormalised log-probabilities."""
        X = self.as_input(X)
        raw = self._by_backend(X, output=False)
        return self._in_chunks(X, lambda trace: trace.raw) if raw is None else raw

    def _by_backend(self, X: Any, *, output: bool) -> Array | None:
        """The prediction, if the backend can make it in one call."""
        backend = self.backend
        if self._predictor is None or self._predictor[0] is not backend:
            self._predictor = (backend, backend.predictor(self.plan))
        predict = self._predictor[1]
        return None if predict is None else predict(X, output)

    def hidden(self, X: Any, l: int) -> Array:
        """a[l] for the rows of X, (n, n_l): what layer l makes of them."""
        self[l]
        return self._in_chunks(self.as_input(X), lambda trace: trace[l].a)

    def mean_loss(self, X: Any, Y: Array, sample_weight: Array | None = None) -> float:
        """Σ w L / Σ w over the rows of X, without penalty and dropout."""
        return self.evaluate(X, Y, sample_weight)[0]

    def evaluate(self, X: Any, Y: Any, sample_weight: Array | None = None) -> tuple[float, Array]:
        """The mean loss Σ w L / Σ w, without penalty and dropout, and the predictions ŷ (n, K), in one pass."""
        X, Y = self.as_input(X), self.as_target(Y)
        loss = weight = 0.0
        y_hat = []
        for rows, trace in self._chunks(X):
            w = None if sample_weight is None else sample_weight[rows]
            loss += self.measure(trace, Y[rows], w)
            weight += trace.total_weight
            y_hat.append(trace.y_hat.copy())
        _check_weighs(weight)
        return loss / weight, np.concatenate(y_hat)

    def _in_chunks(self, X: Any, read: Any) -> Array:
        parts = [read(trace).copy() for _, trace in self._chunks(X)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _chunks(self, X: Any) -> Iterator[tuple[slice, Trace]]:
        n = X.shape[0]
        size = max(1, min(n, CHUNK // max(self.sizes)))
        trace = Trace(self, size)
        for start in range(0, max(n, 1), size):
            rows = slice(start, min(start + size, n))
            yield rows, self.forward(X[rows], trace.first(rows.stop - rows.start))

    # --- what it accepts -----------------------------------------------------------------------------------------

    def as_input(self, X: Any) -> Any:
        """X as a batch (n, n_0) of the network's dtype; sparse matrices stay sparse."""
        if not hasattr(X, "tocsr"):
            X = np.asarray(X, self.dtype)
        if X.ndim != 2 or X.shape[1] != self.sizes[0]:
            raise ShapeError(f"X must have shape (n, {self.sizes[0]}) for {self!r}, got {X.shape}")
        return X if X.dtype == self.dtype else X.astype(self.dtype)

    def as_target(self, Y: Any) -> Array:
        """Y as (n, K) of the network's dtype; integer labels become one-hot rows, and (n,) becomes (n, 1)."""
        return target_rows(Y, self.loss, self.sizes[-1], self.dtype, self)


def _check_weighs(total: float) -> None:
    if not total > 0:
        raise TasouError("there is no mean loss: no rows are given, or all their weights are 0")
