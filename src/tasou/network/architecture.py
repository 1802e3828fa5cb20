"""What a network is: its layers in their places, one flat vector of parameters, its loss (lecture 2.2, 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tasou import backends
from tasou.backends import NumpyBackend
from tasou.backends.job import Layers, Predictor
from tasou.backends.recording import Tape
from tasou.backends.verbs import Random
from tasou.errors import OutOfRange, TasouError
from tasou.formulas import losses as loss_family
from tasou.formulas.activations import Activation
from tasou.formulas.initializers import Initializer
from tasou.formulas.losses import Loss
from tasou.layers import Dense, Layer, Size, numbers
from tasou.layers import sizes as sizes_of
from tasou.messages import Message
from tasou.network import checks
from tasou.network.collapse import one_linear_map
from tasou.network.initialize import draw_parameters
from tasou.network.layout import Layout
from tasou.network.native_form import first_layers, layers_for_backend
from tasou.network.parameters import Parameters
from tasou.network.placed import PlacedLayer
from tasou.network.summary import layer_table
from tasou.network.tape import record

SIZES_OR_LAYERS = Message(
    "network.sizes_or_layers",
    en="a network is made of sizes or of layers, not of both",
    ja="ネットワークは sizes か layers のどちらか一方から作ります",
)
PENALTY = Message(
    "network.l2",
    en="l2 must be a number >= 0, got {l2!r}",
    ja="l2 は0以上の数にしてください（{l2!r} は使えません）",
)
LAYER_FROM_1 = Message(
    "network.layer_from_1",
    en="layers count from 1 to {last}, got {layer}",
    ja="層の番号は1から {last} までです（{layer} は使えません）",
)

Array = NDArray[Any]


class Architecture:
    """Layers, parameters and loss of a `Network <tasou.network.Network>`, which says what they mean."""

    def __init__(
        self,
        sizes: Sequence[int] | None = None,
        activation: str | Activation | Sequence[str | Activation] = "relu",
        *,
        layers: Sequence[Layer] | None = None,
        inputs: Size | None = None,
        loss: str | Loss = "cross_entropy",
        output_activation: str | Activation = "identity",
        dropout: float | Sequence[float] = 0.0,
        l2: float = 0.0,
        bias: bool = True,
        init: str | Initializer | None = None,
        dtype: DTypeLike = np.float64,
        rng: int | Random | None = None,
    ) -> None:
        if layers is None:
            checked = checks.checked_sizes(sizes)
            self.cards = _dense(checked, activation, output_activation, dropout, bias)
            inputs = checked[0]
        elif sizes is not None:
            raise TasouError(SIZES_OR_LAYERS)
        else:
            self.cards, inputs = checks.checked_stack(layers, inputs)
        self.dtype = checks.checked_dtype(dtype)
        if not l2 >= 0:
            raise TasouError(PENALTY, l2=l2)
        self.l2, self.loss = float(l2), loss_family.get(loss)
        self.shapes = tuple(sizes_of(self.cards, inputs))
        """how a row is to be read, inputs first: a number of numbers, or a shape"""
        self.sizes = tuple(map(numbers, self.shapes))
        self.draws = any(card.draws for card in self.cards)
        """whether a step of training draws random numbers: for dropout"""
        self.parameters = Parameters(Layout.of(self.cards, self.shapes[0]), self.dtype)
        self.layers = self._placed()
        self._predictors: dict[int, tuple[NumpyBackend, Predictor | None]] = {}
        """how far through the layers, by which backend, what computes it"""
        draw_parameters(self.layers, init, rng if isinstance(rng, Random) else np.random.default_rng(rng))

    def _placed(self) -> list[PlacedLayer]:
        """The layers, each with its views of the parameters."""
        own = zip(self.cards, self.parameters, pairwise(self.shapes), strict=True)
        return [
            PlacedLayer(l, card, p, takes, gives) for l, (card, p, (takes, gives)) in enumerate(own, start=1)
        ]

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key not in ("layers", "_predictors")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _predictors={})
        self.layers = self._placed()  # a copy's W[l], b[l] must be views of the copy's own vector

    @property
    def L(self) -> int:
        """The number of layers; the hidden layers are 1 … L-1."""
        return len(self.cards)

    @property
    def theta(self) -> Array:
        """All parameters as one flat vector: every W, then every b. Writing into it changes the network."""
        return self.parameters.theta

    @theta.setter
    def theta(self, values: Array) -> None:
        self.parameters.theta[...] = values

    @property
    def activations(self) -> tuple[Activation, ...]:
        """f[l] of every layer that has one; the last is what stands before the output function."""
        return tuple(card.f for card in self.cards if isinstance(card, Dense))

    @property
    def dropout(self) -> tuple[float, ...]:
        """The share of each dense layer that is silenced in training."""
        return tuple(card.dropout for card in self.cards if isinstance(card, Dense))

    @property
    def bias(self) -> bool:
        """Whether any layer has biases."""
        return any(card.bias for card in self.cards if isinstance(card, Dense))

    @property
    def plain(self) -> bool:
        """Whether it is the lecture's network: dense layers and nothing else, all with biases or all without."""
        rows = isinstance(self.shapes[0], int)
        return rows and all(
            type(card) is Dense and card.bias == self.bias and card.rates == (1, 1) for card in self.cards
        )

    @property
    def backend(self) -> NumpyBackend:
        """What evaluates the formulas: see `tasou.backends.use`."""
        return backends.current()

    @property
    def plan(self) -> Layers:
        """The network as a backend sees it that takes over a whole computation."""
        layout = self.parameters.layout
        return layers_for_backend(self.cards, layout, self.shapes, self.loss, self.theta, self.l2)

    def plan_until(self, l: int) -> Layers:
        """Its first l layers, with the parameters where they are; what comes out is a[l]."""
        return first_layers(self.cards[:l], self.parameters.layout, self.shapes, self.loss, self.theta)

    def tape(self, *, learning: bool = True) -> Tape:
        """What its layers ask of a backend in a step of learning, or else in a prediction.

        Raises
        ------
        NotRecorded
            a layer does not keep to the verbs
        """
        return record(self.cards, self.parameters.layout, self.shapes[0], learning=learning)

    @property
    def output(self) -> str:
        """The name of the output layer's function: that of the loss, or f[L] where one is set."""
        last = self.cards[-1]
        return last.label if isinstance(last, Dense) and not last.linear else self.loss.output

    def __getitem__(self, l: int) -> PlacedLayer:
        """Layer l, from 1: its ``.W``, ``.b``, ``.activation``."""
        if not 1 <= l <= self.L:
            raise OutOfRange(LAYER_FROM_1, last=self.L, layer=l)
        return self.layers[l - 1]

    def __repr__(self) -> str:
        words = [f"{layer.width} {layer.label}" if layer.card.drawn else layer.label for layer in self.layers]
        if self.cards[-1].drawn:
            words[-1] = f"{self.sizes[-1]} {self.output}"
        chain = " → ".join([str(self.shapes[0]), *words])
        return f"Network({chain}, {self.theta.size} parameters, {self.dtype})"

    def _repr_html_(self) -> str:
        from tasou.network.ledger.diagram import network_html

        return network_html(self)

    def summary(self, lang: str | None = None) -> str:
        """The role, the function and the output size of each layer, as a table (lecture 2.3)."""
        return layer_table(self, lang)

    def collapse(self) -> Self:
        """One layer with the same outputs, W = W[L]…W[1]: what a network without activations is (lecture 3.3).

        Raises
        ------
        TasouError
            a hidden layer has an activation, so the network is not one linear map
        """
        W, b = one_linear_map(self.layers, self.sizes[0], self.dtype)
        card = Dense(self.sizes[-1], self.activations[-1], bias=self.bias)
        single = type(self)(
            layers=[card], inputs=self.sizes[0], loss=self.loss, l2=self.l2, dtype=self.dtype, init="zeros"
        )
        single[1].W[...], single[1].b[...] = W, b
        return single

    def after(self, l: int) -> Self:
        """The layers l + 1 … L as a network of a[l], with parameters of its own: f₃(f₂(·)) of f₃(f₂(f₁(x)))."""
        rest = type(self)(
            layers=self.cards[l:],
            inputs=self.shapes[l],
            loss=self.loss,
            l2=self.l2,
            dtype=self.dtype,
            init="zeros",
        )
        for own, values in zip(rest.parameters, self.parameters.by_layer[l:], strict=True):
            for target, value in zip(own, values, strict=True):
                target[...] = value
        return rest

    def in_float64(self) -> Self:
        """The same network in float64, with parameters of its own and nothing drawn: its numbers can be differenced."""
        cards = [replace(card, dropout=0.0) if isinstance(card, Dense) else card for card in self.cards]
        twin = type(self)(layers=cards, inputs=self.shapes[0], loss=self.loss, l2=self.l2, init="zeros")
        twin.theta = self.theta
        return twin


def _dense(
    sizes: Sequence[int], activation: Any, output_activation: str | Activation, dropout: Any, bias: bool
) -> tuple[Layer, ...]:
    """The dense layers that sizes describe."""
    hidden = len(sizes) - 2
    functions = [*checks.one_per_layer(activation, hidden, "activation"), output_activation]
    shares = [*checks.checked_dropout(checks.one_per_layer(dropout, hidden, "dropout")), 0.0]
    return tuple(Dense(n, f, share, bias) for n, f, share in zip(sizes[1:], functions, shares, strict=True))
