"""A page on its way from source to Markdown that Sphinx reads."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from weaving import commands, formulas, lecture, pictures, steps
from weaving.blocks import FENCE, Block

DOCS = Path(__file__).parents[1]


@dataclass
class Page:
    """One page in one language; ``pictures`` is the folder that takes what it draws."""

    name: str
    lang: str
    pictures: Path
    drawn: int = field(default=0, init=False)

    @cached_property
    def folder(self) -> Path:
        """A folder of the page's own, with the example tables in it; the commands of the page run there."""
        self._folder = tempfile.TemporaryDirectory(prefix="tasou-docs-")
        shutil.copytree(DOCS / "data", self._folder.name, dirs_exist_ok=True)
        return Path(self._folder.name)

    def picture_name(self) -> str:
        """A new name for the next picture."""
        self.drawn += 1
        return f"{self.name.replace('/', '-')}-{self.drawn}"

    def weave(self, text: str) -> str:
        """The page with its computed blocks replaced by what they compute."""
        return FENCE.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        block = Block.read(match)
        maker = MAKERS.get(block.kind)
        return match[0] if maker is None else maker(block, self)


MAKERS: dict[str, Callable[[Block, Page], str]] = {
    "{picture}": pictures.make,
    "{command}": commands.make,
    "{step}": steps.make,
    "{formulas}": formulas.make,
    "{experiment}": lecture.make,
}
