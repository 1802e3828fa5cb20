"""What layers over sequences and images share: shapes that must have so many axes, and the steps of a batch as rows."""

from __future__ import annotations

from typing import Any

from tasou.backends.verbs import Random, Verbs
from tasou.errors import TasouError
from tasou.formulas import initializers
from tasou.formulas.initializers import Initializer
from tasou.layers._drawing import drawn
from tasou.layers._size import Size
from tasou.messages import Message

NO_PLACES = Message(
    "layer.no_places",
    en="{layer} reads {wanted}, not rows of the form {n!r}: say how a row is to be read by inputs=(…)",
    ja="{layer} が読むのは {wanted} で、{n!r} の形の行ではありません。1行の読み方を inputs=(…) で指定してください",
)
SEQUENCE = Message("layer.a_sequence", en="sequences (time, features)", ja="系列（時間, 特徴）")
IMAGE = Message("layer.an_image", en="images (height, width, channels)", ja="画像（高さ, 幅, チャンネル）")
EITHER = Message(
    "layer.a_sequence_or_an_image",
    en="sequences (time, features) or images (height, width, channels)",
    ja="系列（時間, 特徴）か画像（高さ, 幅, チャンネル）",
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
