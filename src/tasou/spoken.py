"""Which language is spoken: what was chosen by `tasou.language.use`, else what the environment says."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import Literal

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")

_everywhere: Language | None = None
"""chosen for the whole process"""
_here: ContextVar[tuple[Language | None]] = ContextVar("language chosen here")
"""chosen for this thread or task alone, within a ``with`` block"""


def chosen() -> Language | None:
    """The language somebody has asked for, or None."""
    return _here.get((_everywhere,))[0]


def choose_everywhere(lang: Language | None) -> Language | None:
    """Speak ``lang`` in the whole process from now on; gives the choice before."""
    global _everywhere
    before, _everywhere = _everywhere, lang
    return before


def of_environment() -> Language:
    """The language of the environment: ``TASOU_LANG``, else the POSIX locale, else English."""
    for variable in ("TASOU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"


def to_users() -> Language:
    """What pictures, tables and the command line speak: the language chosen, else that of the environment."""
    return chosen() or of_environment()


def to_programs() -> Language:
    """What ``str(error)`` speaks: the language chosen, else English, so that patterns of messages hold everywhere."""
    return chosen() or "en"
