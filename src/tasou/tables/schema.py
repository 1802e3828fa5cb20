"""Read plain data (from JSON) strictly: every key known, every value of its type, every number finite."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from tasou.errors import TableError
from tasou.messages import Message, Said
from tasou.tables.spelling.habits import Notation

NO_OBJECT = Message(
    "preparation.no_object",
    en="{where}: an object is expected, not {value}",
    ja="{where}：オブジェクトが必要です（{value} でした）",
)
UNKNOWN_FIELD = Message(
    "preparation.unknown_field",
    en="{where}: unknown field {key!r}",
    ja="{where}：未知の項目 {key!r} があります",
)
NO_FIELD = Message(
    "preparation.no_field",
    en="{where}: field {key!r} is missing",
    ja="{where}：項目 {key!r} がありません",
)
FIELD = Message(
    "preparation.field",
    en="{where}: field {key!r} must be {what}, not {value}",
    ja="{where}：項目 {key!r} は{what}にしてください（{value} でした）",
)
POINT_OR_COMMA = Message("preparation.point_or_comma", en="a point or a comma", ja="ピリオドかコンマ")
TEXT = Message("preparation.text", en="a text", ja="テキスト")
ONE_OF = Message("preparation.one_of", en="one of {known:list}", ja="{known:list} のどれか")
NUMBER = Message("preparation.number", en="a finite number", ja="有限の数")
POSITIVE = Message("preparation.positive", en="a number above zero", ja="0より大きい数")
POSITIVE_OR_NULL = Message(
    "preparation.positive_or_null",
    en="a number above zero or null",
    ja="0より大きい数か null ",
)
FLAG = Message("preparation.flag", en="true or false", ja="true か false ")
TEXTS = Message("preparation.texts", en="a list of different texts", ja="互いに異なるテキストのリスト")
LIST = Message("preparation.list", en="a list", ja="リスト")


class Fields:
    """The fields of one JSON object; each is taken once, and what is left over is an error.

    >>> with Fields({"mean": 2}, "column 'age'") as fields:
    ...     fields.number("mean")
    2.0
    """

    def __init__(self, data: object, where: Said) -> None:
        if not isinstance(data, Mapping):
            raise TableError(NO_OBJECT, where=where, value=_shown(data))
        self._left = dict(data)
        self.where = where

    def __enter__(self) -> Fields:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None and self._left:
            raise TableError(UNKNOWN_FIELD, where=self.where, key=next(iter(self._left)))

    def take(self, key: str, what: Said, fits: Callable[[Any], bool]) -> Any:
        """The value of ``key`` if it ``fits``; ``what`` says in the error message what would."""
        if key not in self._left:
            raise TableError(NO_FIELD, where=self.where, key=key)
        value = self._left.pop(key)
        if not fits(value):
            raise TableError(FIELD, where=self.where, key=key, what=what, value=_shown(value))
        return value

    def has(self, key: str) -> bool:
        """Whether ``key`` is there and not yet taken."""
        return key in self._left

    def optional(self, key: str, default: Any, what: Said, fits: Callable[[Any], bool]) -> Any:
        """The value of ``key`` if it is there, which it need not be."""
        return self.take(key, what, fits) if self.has(key) else default

    def notation(self) -> Notation:
        """How the numbers of a column are written; the usual way if nothing is said."""
        decimal = self.optional("decimal", ".", POINT_OR_COMMA, lambda v: v in (".", ","))
        return Notation(decimal, self.optional("written_unit", "", TEXT, lambda v: isinstance(v, str)))

    def number(self, key: str) -> float:
        """A finite number."""
        return float(self.take(key, NUMBER, is_number))

    def positive(self, key: str) -> float:
        """A finite number above zero."""
        return float(self.take(key, POSITIVE, lambda v: is_number(v) and v > 0))

    def positive_or_none(self, key: str) -> float | None:
        """A finite number above zero, or null."""
        value = self.take(key, POSITIVE_OR_NULL, lambda v: v is None or (is_number(v) and v > 0))
        return None if value is None else float(value)

    def text(self, key: str, known: tuple[str, ...] | None = None) -> str:
        """A text, one of ``known`` if given."""
        what = TEXT if known is None else ONE_OF(known=list(known))
        value: str = self.take(key, what, lambda v: isinstance(v, str) and (known is None or v in known))
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value: bool = self.take(key, FLAG, lambda v: isinstance(v, bool))
        return value

    def texts(self, key: str) -> list[str]:
        """A list of different texts."""
        value: list[str] = self.take(key, TEXTS, _different_texts)
        return list(value)

    def objects(self, key: str) -> list[Any]:
        """A list of anything."""
        value: list[Any] = self.take(key, LIST, lambda v: isinstance(v, list))
        return value


def is_number(value: object) -> bool:
    """Whether a JSON value is a finite number (true and false are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _different_texts(value: object) -> bool:
    return (
        isinstance(value, list) and all(isinstance(v, str) for v in value) and len(set(value)) == len(value)
    )


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
