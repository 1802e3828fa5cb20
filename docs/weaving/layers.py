"""Every layer of the folder: what it computes, what it is for, its parameters, and the lines that run."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

CAPTION = {"en": "The lines that run:", "ja": "実行されるコード："}


def make(block: Block, page: Page) -> str:
    """All layers, each with a heading of the second level."""
    from tasou import layers

    return "\n\n".join(_show(layers.kind(name), page.lang) for name in layers.names())


def _show(card: Any, lang: str) -> str:
    parts = [f"## {card.__name__}", f"```{{math}}\n{card.latex}\n```", card.notes[lang], _call(card)]
    code = "\n".join(inspect.getsource(getattr(card, name)) for name in ("forward", "backward"))
    name = card.__module__.replace(".", "/")
    caption = f"{CAPTION[lang]} {name}.py"
    return "\n\n".join(
        [*parts, f"```{{code-block}} python\n:caption: {caption}\n\n{inspect.cleandoc(code)}\n```"]
    )


def _call(card: Any) -> str:
    """How it is called, with what stands where nothing is said."""
    told = [f.name if f.default is MISSING else f"{f.name}={f.default!r}" for f in fields(card) if f.init]
    return f"`{card.__name__}({', '.join(told)})`"
