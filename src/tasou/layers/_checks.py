"""What layers ask of the numbers they are made with."""

from __future__ import annotations

from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message

UNITS = Message(
    "layer.units",
    en="units must be a whole number >= 1, got {value!r}",
    ja="units は 1 以上の整数にしてください（指定：{value!r}）",
)
SHARE = Message(
    "layer.share",
    en="dropout must be a share in [0, 1), got {value!r}",
    ja="ドロップアウトの割合は 0 以上 1 未満にしてください（指定：{value!r}）",
)
RATE = Message(
    "layer.rate",
    en="rate, a factor of the learning rate, must be a number >= 0, got {value!r}",
    ja="rate（学習率に掛ける係数）は 0 以上の数にしてください（指定：{value!r}）",
)
POSITIVE = Message(
    "layer.positive",
    en="{name} must be a number > 0, got {value!r}",
    ja="{name} は 0 より大きい数にしてください（指定：{value!r}）",
)


def rate(value: Any) -> None:
    """A factor of the learning rate."""
    if not 0 <= value < float("inf"):
        raise TasouError(RATE, value=value)


def positive(name: str, value: Any) -> None:
    """A number above zero."""
    if not 0 < value < float("inf"):
        raise TasouError(POSITIVE, name=name, value=value)


def units(value: Any) -> None:
    """A whole number of units, at least one."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < 1:
        raise TasouError(UNITS, value=value)


def share(value: Any) -> None:
    """A share of units that leaves some."""
    if not 0 <= value < 1:
        raise TasouError(SHARE, value=value)
