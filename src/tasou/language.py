"""Two languages: whatever a learner reads exists in English and in Japanese.

Texts live beside the code that says them, as ``{"en": …, "ja": …}`` (errors and warnings as `tasou.messages.Message`);
this file only chooses. The language is the one asked for by ``lang=``, else by `use`, else that of the environment
(``TASOU_LANG``, the locale). Errors and warnings in Python follow `use` alone and are English otherwise, so that
patterns of their messages hold on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType

from tasou import spoken
from tasou.errors import UnknownName
from tasou.messages import Message
from tasou.spoken import LANGUAGES, Language

__all__ = ["LANGUAGES", "Language", "Texts", "language", "say", "use"]

Texts = Mapping[str, str]
"""a text in both languages: ``{"en": …, "ja": …}``"""

LANGUAGE = Message("kind.language", en="language", ja="言語")


def language(lang: str | None = None) -> Language:
    """``lang`` itself if tasou speaks it; ``None`` means the one chosen by `use`, else that of the environment.

    >>> language("ja")
    'ja'
    """
    if lang is None:
        return spoken.to_users()
    for known in LANGUAGES:
        if lang == known:
            return known
    raise UnknownName(LANGUAGE, lang, LANGUAGES)


def say(texts: Mapping[str, str], lang: str | None = None, **values: object) -> str:
    """The text in ``lang``, its ``{placeholders}`` filled with ``values``.

    >>> say({"en": "epoch {n}", "ja": "エポック {n}"}, "ja", n=3)
    'エポック 3'
    """
    return texts[language(lang)].format(**values)


class use:
    """Speak ``lang`` from now on: in pictures, tables and reports, and in errors and warnings.

    A call holds for the whole process, until the next; ``use(None)`` goes back to the environment (and to English
    errors). In a ``with`` statement it holds within the block, and in this thread or task alone. Errors travel
    between processes without their sentence: it is made where they are shown.

    Raises
    ------
    UnknownName
        tasou does not speak that language

    Examples
    --------
    >>> with use("ja"):
    ...     language(), str(UnknownName(LANGUAGE, "eo", LANGUAGES))
    ('ja', "言語 'eo' はありません（使えるもの：en、ja）")
    """

    def __init__(self, lang: str | None) -> None:
        self.lang = None if lang is None else language(lang)
        self._before = spoken.choose_everywhere(self.lang)

    def __enter__(self) -> None:
        spoken.choose_everywhere(self._before)
        self._token = spoken._here.set((self.lang,))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        spoken._here.reset(self._token)
