"""What the poolings share: windows over a sequence or an image, each channel by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tasou.backends.verbs import Verbs
from tasou.errors import TasouError
from tasou.layers import _checks, _sequences
from tasou.layers._card import Layer
from tasou.layers._record import Record
from tasou.layers._size import Size, features
from tasou.layers._windows import Windows, each, windows
from tasou.messages import Message

DIRECTIONS = Message(
    "layer.pool_directions",
    en="{layer} must have one size and one stride per direction of {n}",
    ja="{layer} の size と stride は、{n} の方向の数に合わせてください",
)


@dataclass(frozen=True)
class Pooling(Layer):
    """One number for every window and channel; over a sequence or an image, as the input's shape says."""

    size: int | tuple[int, ...] | None = 2
    stride: int | tuple[int, ...] | None = None
    what: ClassVar[str]
    """which number: largest, mean"""

    def __post_init__(self) -> None:
        for name in ("size", "stride"):
            value = getattr(self, name)
            if value is not None:
                directions = 1 if isinstance(value, int) else len(value)
                object.__setattr__(self, name, _checks.each_way(value, name, directions))

    @property
    def label(self) -> str:
        """``max pool(2)``: which number, of how large a window."""
        size = "all" if self.size is None else "×".join(map(str, each(self.size, 1)))
        return f"{self.what} pool({size})"

    def windows(self, n: Size) -> Windows:
        """Where they stand; by default side by side."""
        of = _sequences.places(self, n, (1, 2))
        size = of[:-1] if self.size is None else each(self.size, len(of) - 1)
        stride = size if self.stride is None else each(self.stride, len(of) - 1)
        if len(size) != len(of) - 1 or len(stride) != len(of) - 1:
            raise TasouError(DIRECTIONS, layer=repr(self), n=n)
        return windows(of, size, stride, "valid")

    def width(self, n: Size) -> Size:
        """As many channels, at fewer places."""
        return (*self.windows(n).out, features(n))

    def taken(self, do: Verbs, t: Record, a: Any) -> list[Any]:
        """The numbers at the first place of all windows, at the second, …; each is (n, windows · channels)."""
        t.windows = do.take(a, self.windows(t.shape).by_place, into=t.windows)
        return self.places(do, t)

    def places(self, do: Verbs, t: Record) -> list[Any]:
        """The same, as they stand in the record."""
        w = self.windows(t.shape)
        each_place = len(w.by_place) // w.places
        return [do.columns(t.windows, k * each_place, (k + 1) * each_place) for k in range(w.places)]

    def put_back(self, do: Verbs, t: Record, errors: Sequence[Any]) -> Any:
        """∂L/∂a: the error of a number is the sum over the windows that see it."""
        w = self.windows(t.shape)
        t.errors = do.joined(*errors, into=t.errors)
        t.back = do.put(t.errors, w.by_place, w.width, into=t.back)
        return t.back
