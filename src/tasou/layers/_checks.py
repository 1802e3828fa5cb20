"""What layers ask of the numbers they are made with."""

from __future__ import annotations

from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message

UNITS = Message(
    "layer.units",
    en="units must be a whole number >= 1, got {value!r}",
    ja="units は1以上の整数にしてください（指定：{value!r}）",
)
WHOLE = Message(
    "layer.whole",
    en="{name} must be a whole number >= 1, got {value!r}",
    ja="{name} は1以上の整数にしてください（指定：{value!r}）",
)
EACH_WAY = Message(
    "layer.each_way",
    en="{name} must be a whole number >= 1, or {n} of them, one per direction; got {value!r}",
    ja="{name} は1以上の整数1個か、方向ごとに1個ずつ計 {n} 個にしてください（指定：{value!r}）",
)
ONE_OF = Message(
    "layer.one_of",
    en="{name} must be {known:list}, got {value!r}",
    ja="{name} は {known:list} のどれかにしてください（指定：{value!r}）",
)
SHARE = Message(
    "layer.share",
    en="dropout must be a share in [0, 1), got {value!r}",
    ja="ドロップアウトの割合は0以上1未満にしてください（指定：{value!r}）",
)
RATE = Message(
    "layer.rate",
    en="rate, a factor of the learning rate, must be a number >= 0, got {value!r}",
    ja="rate（学習率に掛ける係数）は0以上の数にしてください（指定：{value!r}）",
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
    if not _counts(value):
        raise TasouError(UNITS, value=value)


def whole(value: Any, name: str) -> None:
    """A whole number, at least one."""
    if not _counts(value):
        raise TasouError(WHOLE, name=name, value=value)


def each_way(value: Any, name: str, directions: int) -> int | tuple[int, ...]:
    """A whole number, or a tuple of as many as there are directions; a list, as files have it, becomes one."""
    if _counts(value):
        return int(value)
    if not (isinstance(value, list | tuple) and len(value) == directions and all(map(_counts, value))):
        raise TasouError(EACH_WAY, name=name, n=directions, value=value)
    return tuple(map(int, value))


def one_of(value: Any, name: str, known: tuple[str, ...]) -> None:
    """One of a few words."""
    if value not in known:
        raise TasouError(ONE_OF, name=name, known=known, value=value)


def _counts(value: Any) -> bool:
    return not isinstance(value, bool) and hasattr(value, "__index__") and value >= 1


def share(value: Any) -> None:
    """A share of units that leaves some."""
    if not 0 <= value < 1:
        raise TasouError(SHARE, value=value)
