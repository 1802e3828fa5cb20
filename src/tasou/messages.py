"""What is said to a user, kept apart from how it is said: a code, its parts, and a sentence in each language.

A message is a constant beside the code that says it. The sentence is made where it is shown.

>>> ROWS = Message("doc.rows", en="{n} {n:row|rows} in {files:list}", ja="{files:list} に {n} 行")
>>> told = ROWS(n=2, files=["a.csv", "b.csv"])
>>> told.text("en"), told.text("ja")
('2 rows in a.csv, b.csv', 'a.csv、b.csv に 2 行')

A ``{placeholder}`` knows what `str.format` knows, and three things more: ``{n:row|rows}`` chooses by a number (or the
length of a list), ``{files:list}`` joins the texts of a list and ``{names:names}`` their quoted forms, each as the
language does. A part may be a message or a sentence itself, and is then said in the same language.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from tasou import spoken
from tasou.spoken import Language

COMMA: Mapping[Language, str] = {"en": ", ", "ja": "、"}
PLAIN_TYPES = (type(None), bool, int, float, str, bytes)


@dataclass(frozen=True)
class Message:
    """One thing that may have to be said, by a stable code, in both languages."""

    code: str
    """``room.what``: what programs look at; it stays when a text gets better"""
    en: str = field(kw_only=True)
    ja: str = field(kw_only=True)

    def __call__(self, **parts: object) -> Sentence:
        """The message with its parts."""
        return Sentence(self, {name: plain(value) for name, value in parts.items()})

    def text(self, lang: str | None = None) -> str:
        """The text of a message without placeholders, see `Sentence.text`."""
        return self().text(lang)


FILLED_BY_PYTHON = frozenset({str, int, float, bool, type(None)})
"""types of parts for which `str.format`, which is much faster, says what `_Speaker` says"""


@dataclass(frozen=True)
class Sentence:
    """A message and what fills its placeholders: plain values alone, so that it can be stored and sent."""

    message: Message
    parts: Mapping[str, Any]

    def text(self, lang: str | None = None) -> str:
        """The sentence in ``lang``: None is the user's language, and one that tasou does not speak gives English."""
        lang = spoken.to_users() if lang is None else lang
        template = self.message.ja if lang == "ja" else self.message.en
        parts = {
            name: part.text(lang) if isinstance(part, Message | Sentence) else part
            for name, part in self.parts.items()
        }
        if "|" not in template and all(type(part) in FILLED_BY_PYTHON for part in parts.values()):
            return template.format(**parts)
        return _Speaker("ja" if lang == "ja" else "en").vformat(template, (), parts)

    def __str__(self) -> str:
        return self.text(spoken.to_programs())


Said = Message | Sentence | str
"""what may be raised or warned: a message whose parts come with it, one that has them, or a user's own text"""

AS_IT_STANDS = Message("plain", en="{text}", ja="{text}")
"""a text of the user's own, which has no other language"""


def sentence(said: Said, parts: Mapping[str, object] | None = None) -> Sentence:
    """Any of the three as a sentence."""
    if isinstance(said, Sentence):
        return said
    if isinstance(said, Message):
        return said(**(parts or {}))
    return AS_IT_STANDS(text=str(said))


class _Speaker(Formatter):
    """Fills the placeholders of one language."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return super().convert_field(self._word(value), conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            one, many = format_spec.split("|")
            return one if (len(value) if isinstance(value, (list, tuple)) else value) == 1 else many
        if format_spec == "list":
            return self._joined(str(self._word(item)) for item in value)
        if format_spec == "names":
            return self._joined(repr(self._word(item)) for item in value)
        return str(super().format_field(value, format_spec))

    def _word(self, value: Any) -> Any:
        return value.text(self.lang) if isinstance(value, (Message, Sentence)) else value

    def _joined(self, texts: Iterable[str]) -> str:
        return COMMA[self.lang].join(texts)


@dataclass(frozen=True)
class Foreign:
    """What is left of an object that is no plain value: how it is written."""

    text: str
    shown: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.shown


def plain(value: Any) -> Any:
    """A part as it is kept: numbers, texts, lists of them, messages; of anything else how it is written.

    >>> from pathlib import Path
    >>> plain(("a", Path("b.csv"), range(3)))
    ('a', 'b.csv', range(0, 3))
    """
    if type(value) in PLAIN_TYPES or isinstance(value, (Message, Sentence)):
        return value
    if isinstance(told := getattr(value, "sentence", None), Sentence):  # an error or a warning of ours
        return told
    if isinstance(value, OSError):
        return SYSTEM.get(value.errno or 0) or value.strerror or str(value)
    if isinstance(value, BaseException):
        return str(value)
    if isinstance(value, list | tuple):
        items = [plain(item) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "dtype") and getattr(value, "shape", None) == ():  # a number of NumPy's
        return value.item()
    return Foreign(str(value), repr(value))


SYSTEM: Mapping[int, Message] = {
    errno.ENOENT: Message(
        "system.no_such_file", en="No such file or directory", ja="ファイルやフォルダがありません"
    ),
    errno.EACCES: Message("system.permission", en="Permission denied", ja="権限がありません"),
    errno.EPERM: Message("system.not_permitted", en="Operation not permitted", ja="操作が許可されていません"),
    errno.ENOSPC: Message("system.no_space", en="No space left on device", ja="ディスクに空きがありません"),
    errno.EISDIR: Message("system.is_folder", en="Is a directory", ja="フォルダです"),
    errno.ENOTDIR: Message("system.no_folder", en="Not a directory", ja="フォルダではありません"),
    errno.EEXIST: Message("system.exists", en="File exists", ja="同じ名前のものがすでにあります"),
    errno.EROFS: Message(
        "system.read_only", en="Read-only file system", ja="読み取り専用のファイルシステムです"
    ),
    errno.ENAMETOOLONG: Message("system.long_name", en="File name too long", ja="名前が長すぎます"),
    errno.EMFILE: Message("system.many_files", en="Too many open files", ja="開いているファイルが多すぎます"),
    errno.EIO: Message("system.io", en="Input/output error", ja="入出力エラーが起きました"),
    errno.EINVAL: Message("system.argument", en="Invalid argument", ja="引数が正しくありません"),
}
"""what the operating system says most often, by its number"""
