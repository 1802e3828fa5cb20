"""Two languages: whatever a learner reads exists in English and in Japanese.

Texts live beside the code that says them, as ``{"en": …, "ja": …}``; this file only chooses.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

from tasou.errors import UnknownName

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")


def default_language() -> Language:
    """The language of the environment: ``TASOU_LANG``, else the POSIX locale, else English."""
    for variable in ("TASOU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"


def language(lang: str | None = None) -> Language:
    """``lang`` itself if tasou speaks it; ``None`` means the language of the environment.

    >>> language("ja")
    'ja'
    """
    if lang is None:
        return default_language()
    for known in LANGUAGES:
        if lang == known:
            return known
    raise UnknownName("language", lang, LANGUAGES)


def say(texts: Mapping[str, str], lang: str | None = None, **values: object) -> str:
    """The text in ``lang``, its ``{placeholders}`` filled with ``values``.

    >>> say({"en": "epoch {n}", "ja": "エポック {n}"}, "ja", n=3)
    'エポック 3'
    """
    return texts[language(lang)].format(**values)
