"""A skip connection: what layers compute is added to what enters them (He, Zhang, Ren & Sun 2016)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from tasou.backends.verbs import Random, Verbs
from tasou.errors import TasouError
from tasou.formulas.activations import identity
from tasou.formulas.initializers import Initializer
from tasou.layers._card import Layer, Shape
from tasou.layers._nest import Chain, Nest, checked
from tasou.layers._record import Record
from tasou.layers._size import Size
from tasou.layers._stack import sizes
from tasou.messages import Message

WIDTH = Message(
    "layer.skip_width",
    en="a skip adds what comes out to what goes in: {layers} turn {takes} into {gives}",
    ja="スキップ接続では入力と出力を足すため、大きさが同じでなければなりません（{layers}：{takes} → {gives}）",
)


@dataclass(frozen=True)
class Skip(Nest):
    """a[l] = x + f(x), x = a[l-1], where f is a chain of layers: the chain learns what is to be added to its input.

    The error flows back through the sum unchanged, beside what comes back through the chain, however deep it is. The
    parameters within are called by their place: ``W[2.1]`` is the W of the first layer within layer 2.

    Parameters
    ----------
    layers
        the chain, whose outputs are as many as its inputs

    Raises
    ------
    TasouError
        no layers, or layers whose output cannot be added to their input

    Examples
    --------
    >>> from tasou.layers import Dense
    >>> list(Skip([Dense(8, "relu"), Dense(3)]).shapes(3))
    ['1.W', '1.b', '2.W', '2.b']
    """

    layers: tuple[Layer, ...]
    latex: ClassVar[str] = r"x + f(x)"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Adds the input to what the layers within make of it: the error finds a way around them.",
        "ja": "中の層の出力に入力を足す。誤差が層を通らずに戻る近道ができる。",
    }
    told: ClassVar[Mapping[str, str]] = {"sum": "{x} + {f}"}

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", checked(self.layers))

    @cached_property
    def chain(self) -> Chain:
        """The layers within."""
        return Chain(self.layers)

    @property
    def label(self) -> str:
        """``skip(relu → identity)``."""
        return f"skip({self.chain.label})"

    @property
    def takes_codes(self) -> bool:  # type: ignore[override]
        """As the first layer within."""
        return self.layers[0].takes_codes

    def chains(self) -> Mapping[str, Sequence[Layer]]:
        """The one chain."""
        return {"": self.layers}

    def shapes(self, n: Size) -> Mapping[str, Shape]:
        """Those of the layers within."""
        return self.chain.shapes(n)

    def width(self, n: Size) -> Size:
        """As the input."""
        gives = sizes(self.layers, n)[-1]
        if gives != n:
            raise TasouError(WIDTH, layers=self.chain.label, takes=n, gives=gives)
        return n

    def start(self, p: Any, n: Size, init: str | Initializer | None, rng: Random) -> None:
        """As the layers within say."""
        self.chain.start(p, n, init, rng)

    def check(self, X: Any) -> None:
        """As the first layer within."""
        self.layers[0].check(X)

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """What comes out of the layers within."""
        return {"f": t.part(len(self.layers)).a}

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """a[l] = x + f(x)."""
        t.sum = do.add(a, self.chain.forward(do, p, t, a, t.shape), into=t.sum)
        return t.sum

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """∂L/∂x = g + f'(x)ᵀ g; the g that is added is kept aside, because the chain may overwrite its own."""
        if not back:
            return self.chain.backward(do, p, t, a, g, d, back)
        t.kept = do.apply(identity.f, g, into=t.kept)
        return do.add(t.kept, self.chain.backward(do, p, t, a, g, d, back), into=t.kept)
