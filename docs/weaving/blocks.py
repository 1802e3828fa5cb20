"""Find the fenced blocks of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=ticks)[ \t]*$", re.M | re.S)
OPTION = re.compile(r"^:(?P<key>[\w-]+):[ \t]*(?P<value>.*)\n", re.M)


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind (``python``, ``{picture}``, …), the argument behind it, options, and the text inside."""

    kind: str
    argument: str
    text: str
    options: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, match: re.Match[str]) -> Block:
        """The block that `FENCE` has found."""
        kind, _, argument = match["info"].strip().partition(" ")
        text, options = match["body"], {}
        while kind.startswith("{") and (option := OPTION.match(text)):
            options[option["key"]] = option["value"].strip()
            text = text[option.end() :]
        return cls(kind, argument.strip(), text.strip("\n"), options)

    @property
    def code(self) -> str:
        """The text without comments and empty lines: what must be the same in both languages."""
        lines = (re.sub(r"(^|\s+)#.*", "", line) for line in self.text.splitlines())
        return "\n".join(line for line in lines if line.strip())


def blocks(text: str) -> list[Block]:
    r"""All fenced blocks of a page, from top to bottom.

    >>> blocks("```{step} step01\n:lines: 3\n```")
    [Block(kind='{step}', argument='step01', text='', options={'lines': '3'})]
    """
    return [Block.read(match) for match in FENCE.finditer(text)]
