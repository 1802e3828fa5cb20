"""What layers over sequences and images share: shapes that must have so many axes, and the steps of a batch as rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.backends.verbs import Random, Verbs
from tasou.errors import TasouError
from tasou.formulas import initializers
from tasou.formulas.initializers import Initializer
from tasou.layers import _checks
from tasou.layers._card import Layer
from tasou.layers._drawing import drawn
from tasou.layers._size import Size
from tasou.layers._written import Written
from tasou.messages import Message

NO_PLACES = Message(
    "layer.no_places",
    en="{layer} reads {wanted}, not rows of the form {n!r}: say how a row is to be read by inputs=(…)",
    ja="{layer} が読むのは {wanted} で、{n!r} の形の行ではありません。1行の読み方を inputs=(…) で指定してください",
)
SEQUENCE = Message("layer.a_sequence", en="sequences (time, features)", ja="系列（時間、特徴）")
IMAGE = Message("layer.an_image", en="images (height, width, channels)", ja="画像（高さ、幅、チャンネル）")
EITHER = Message(
    "layer.a_sequence_or_an_image",
    en="sequences (time, features) or images (height, width, channels)",
    ja="系列（時間、特徴）か画像（高さ、幅、チャンネル）",
)


def places(layer: Any, n: Size, directions: tuple[int, ...] = (1,)) -> tuple[int, ...]:
    """A shape with an axis for each direction and one for the features, as it is.

    Raises
    ------
    TasouError
        a row that is to be read otherwise
    """
    if isinstance(n, int) or len(n) - 1 not in directions:
        wanted = EITHER if len(directions) > 1 else SEQUENCE if directions == (1,) else IMAGE
        raise TasouError(NO_PLACES, layer=repr(layer), wanted=wanted(), n=n)
    return n


class OverTime(Layer):
    """A layer that answers at every step of a sequence (time, features); of the answers the last one, or all."""

    units: int
    output: str

    def __post_init__(self) -> None:
        _checks.units(self.units)
        _checks.one_of(self.output, "output", ("last", "all"))

    def width(self, n: Size) -> Size:
        """So many numbers: of the last step, or of each."""
        time, _ = places(self, n)
        return self.units if self.output == "last" else (time, self.units)


def steps(do: Verbs, A: Any, width: int) -> Any:
    """(n, T · width) as (n · T, width): a step per row."""
    return do.reshaped(A, -1, width)


def step(do: Verbs, A: Any, k: int, width: int) -> Any:
    """Step k of every sequence of (n, T · width), counted from 0: (n, width)."""
    return do.columns(A, k * width, (k + 1) * width)


def draw_blocks(W: Any, blocks: int, init: Initializer, rng: Random) -> None:
    """Draw W (blocks · units, n) block by block: the parts of several gates, each as large as it would be alone."""
    n_out, n_in = W.shape[0] // blocks, W.shape[1]
    for i in range(blocks):
        W[i * n_out : (i + 1) * n_out] = drawn(init, init.size(n_in, n_out), (n_in, n_out), rng).T


def suiting(init: str | Initializer | None, otherwise: str) -> Initializer:
    """The initializer that the user chose, or the one that suits."""
    return initializers.get(init or otherwise)


def written_step(p: Any, t: Any, a: Any, h: Any, units: int, first: int = 0) -> Any:
    """For the ledger: W x[t] + U h[t-1] of one sample, by the rows of W and U from ``first`` on."""
    F = t.shape[1]

    def inner(pen: Any, j: int) -> str:
        k, u = divmod(j, units)
        text: str = pen.dot(p.W[first + u], np.ravel(a)[k * F : (k + 1) * F])
        return f"{text} + {pen.dot(p.U[first + u], h[0, (k - 1) * units : k * units])}" if k else text

    return inner


def written_sums(p: Any, t: Any, a: Any, through: Any) -> dict[str, Any]:
    """For the ledger: the gradients as sums over the steps, by δ as W and b meet it, and as U does."""
    T, F = t.shape

    def by_step(errors: Any, j: int) -> Any:
        return np.reshape(errors, (T, -1))[:, j]

    def rows(values: Any) -> Any:
        return np.reshape(values, (T, -1))

    return {
        "dW": Written("Σ δ[{at}] {x}ᵀ", lambda pen, j: pen.weighted(by_step(t.delta, j), rows(a))),
        "dU": Written("Σ δ[{at}] h[t-1]ᵀ", lambda pen, j: pen.weighted(by_step(through, j), rows(t.before))),
        "db": Written("Σ δ[{at}]", lambda pen, j: pen.sum(by_step(t.delta, j))),
        "dx": Written("W[{at}]ᵀ δ[{at}]", lambda pen, i: pen.dot(p.W[:, i % F], rows(t.delta)[i // F])),
    }


def written_last(h: Any, units: int) -> Written:
    """For the ledger: the last state."""
    return Written("h[{at}]", lambda pen, j: pen.num(h[0, j - units]))


def side_by_side(t: Any, name: str) -> Any:
    """For the ledger: what stands under a name in the records of the steps."""
    return np.hstack([getattr(t.part(k), name) for k in range(1, t.shape[0] + 1)])
