"""What was said of a training, as JSON: its code, and the sentence as it stood in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tasou.formats.schema import Schema
from tasou.messages import AS_IT_STANDS, Sentence
from tasou.spoken import LANGUAGES

SCHEMA: Schema = {
    "type": "object",
    "required": ["code", *LANGUAGES],
    "properties": {key: {"type": "string"} for key in ("code", *LANGUAGES)},
}


def describe(sentence: Sentence) -> dict[str, str]:
    """The sentence as JSON."""
    return {"code": sentence.message.code, **{lang: sentence.text(lang) for lang in LANGUAGES}}


def rebuild(said: Mapping[str, str]) -> Sentence:
    """The sentence that `describe` was given; the texts are its parts, so that braces in them mean nothing.

    >>> from tasou.tables.role import ASKED
    >>> rebuild(describe(ASKED())).text("en")
    'as asked'
    """
    templates = {lang: f"{{{lang}}}" for lang in LANGUAGES}
    return replace(AS_IT_STANDS, code=said["code"], **templates)(**{lang: said[lang] for lang in LANGUAGES})
