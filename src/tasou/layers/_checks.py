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


def units(value: Any) -> None:
    """A whole number of units, at least one."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < 1:
        raise TasouError(UNITS, value=value)


def share(value: Any) -> None:
    """A share of units that leaves some."""
    if not 0 <= value < 1:
        raise TasouError(SHARE, value=value)
