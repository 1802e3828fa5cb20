"""Windows that slide over a sequence or an image: which numbers of a row each of them sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.messages import Message

TOO_LARGE = Message(
    "layer.window_too_large",
    en="a window of {size} does not fit into {shape}: make it smaller, or take padding='same'",
    ja="大きさ {size} の窓は {shape} に収まりません。窓を小さくするか、padding='same' を指定してください",
)


@dataclass(frozen=True, eq=False)
class Windows:
    """Where windows stand over an array of the shape (…, channels), and the columns of a row that each one sees."""

    out: tuple[int, ...]
    """how many stand in each direction"""
    columns: NDArray[np.intp]
    """(windows, places, channels), each in the order of rows; beyond the edge, the column behind the last one"""
    width: int
    """how many columns the row has"""

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.columns)

    @property
    def seen(self) -> int:
        """How many numbers each of them sees."""
        return prod(self.columns.shape[1:])

    @property
    def places(self) -> int:
        """How many places each of them has."""
        return int(self.columns.shape[1])

    @cached_property
    def by_place(self) -> NDArray[np.intp]:
        """What is seen at the first place of all windows, then at the second, …, as one list."""
        return np.moveaxis(self.columns, 1, 0).reshape(-1)

    @cached_property
    def index(self) -> NDArray[np.intp]:
        """All that is seen, window by window, as one list."""
        return self.columns.reshape(-1)

    @cached_property
    def overhang(self) -> bool:
        """Whether any of them reaches beyond the edge."""
        return bool(self.columns.max() == self.width)


@lru_cache(maxsize=256)
def windows(shape: tuple[int, ...], size: tuple[int, ...], stride: tuple[int, ...], padding: str) -> Windows:
    """The windows over an array of that shape, its last axis the channels.

    "valid" windows lie within; with "same" there are ⌈length / stride⌉ of them in each direction, and beyond the edge
    they see column 4 of 4, say, which is to hold zeros; one more behind than in front where their number is odd.

    >>> windows((5, 1), (3,), (1,), "valid").columns[..., 0].tolist()
    [[0, 1, 2], [1, 2, 3], [2, 3, 4]]
    >>> windows((4, 1), (3,), (2,), "same").columns[..., 0].tolist()
    [[0, 1, 2], [2, 3, 4]]

    Raises
    ------
    TasouError
        a window is larger than the array
    """
    lengths, directions = shape[:-1], tuple(range(len(shape) - 1))
    if padding == "valid" and any(k > n for k, n in zip(size, lengths, strict=True)):
        raise TasouError(TOO_LARGE, size=_said(size), shape=_said(lengths))
    margins = [
        (0, 0) if padding == "valid" else _margin(*of) for of in zip(lengths, size, stride, strict=True)
    ]
    numbers = np.pad(np.arange(prod(shape)).reshape(shape), [*margins, (0, 0)], constant_values=prod(shape))
    seen = sliding_window_view(numbers, size, axis=directions)[tuple(slice(None, None, s) for s in stride)]
    out = seen.shape[: len(lengths)]
    columns = np.moveaxis(seen, len(lengths), -1).reshape(prod(out), prod(size), shape[-1])
    return Windows(out, columns, prod(shape))


def _margin(length: int, size: int, stride: int) -> tuple[int, int]:
    """Zeros in front and behind, so that ⌈length / stride⌉ windows fit."""
    missing = max((-(-length // stride) - 1) * stride + size - length, 0)
    return missing // 2, missing - missing // 2


def _said(lengths: Sequence[int]) -> str:
    """3 × 3."""
    return " × ".join(map(str, lengths))


def each(value: Any, directions: int) -> tuple[int, ...]:
    """One number per direction: the same for all, or a tuple as it is.

    >>> each(3, 2), each((2, 1), 2)
    ((3, 3), (2, 1))
    """
    return (int(value),) * directions if hasattr(value, "__index__") else tuple(map(int, value))
