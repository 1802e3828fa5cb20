"""A page on its way from source to Markdown that Sphinx reads."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weaving import (
    commands,
    contents,
    embedded,
    exercises,
    formulas,
    html,
    layers,
    lecture,
    notebooks,
    objects,
    pictures,
    steps,
    terms,
    usage,
    values,
)
from weaving.blocks import FENCE, Block

DOCS = Path(__file__).parents[1]


LETTER = "[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"


def joined(text: str) -> str:
    r"""Japanese has no spaces between words, so the end of a line between two of its letters is none either.

    >>> joined("学習した\nものを見る\n\n次の段落")
    '学習したものを見る\n\n次の段落'
    """
    return re.sub(f"(?<={LETTER})\n *(?={LETTER})", "", text)


@dataclass
class Page:
    """One page in one language; ``pictures`` is the folder that takes what it draws."""

    name: str
    lang: str
    pictures: Path
    folder: Path = field(init=False)
    """a folder of the page's own with the example tables in it, while it is woven; its commands run there"""
    drawn: int = field(default=0, init=False)
    names: dict[str, Any] = field(default_factory=dict, init=False)
    """what the page's ``{compute}``, ``{html}`` and ``{page}`` blocks have defined"""

    def picture_name(self) -> str:
        """A new name for the next picture."""
        self.drawn += 1
        return f"{self.name.replace('/', '-')}-{self.drawn}"

    def weave(self, text: str) -> str:
        """The page with its computed blocks replaced by what they compute."""
        with tempfile.TemporaryDirectory(prefix="tasou-docs-") as folder:
            self.folder = Path(folder)
            shutil.copytree(DOCS / "data", folder, dirs_exist_ok=True)
            text, parts, at = text if self.lang == "en" else joined(text), [], 0
            for match in FENCE.finditer(text):  # from top to bottom: a number may come from a block above it
                parts += [values.filled(text[at : match.start()], self.names), self._replace(match)]
                at = match.end()
            return "".join([*parts, values.filled(text[at:], self.names)])

    def _replace(self, match: re.Match[str]) -> str:
        block = Block.read(match)
        maker = MAKERS.get(block.kind)
        return match[0] if maker is None else maker(block, self)


MAKERS: dict[str, Callable[[Block, Page], str]] = {
    "{picture}": pictures.make,
    "{command}": commands.make,
    "{contents}": contents.make,
    "{html}": html.make,
    "{page}": embedded.make,
    "{step}": steps.make,
    "{program}": steps.program,
    "{formulas}": formulas.make,
    "{layers}": layers.make,
    "{experiment}": lecture.make,
    "{exercise}": exercises.make,
    "{compute}": values.make,
    "{solution}": values.solution,
    "{glossary}": terms.glossary,
    "{termindex}": terms.index,
    "{cell}": notebooks.cell,
    "{notebook}": notebooks.download,
    "{thumbnails}": usage.thumbnails,
    "{objects}": objects.make,
}
