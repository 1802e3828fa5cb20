"""What becomes of a training that is recorded: a page of HTML that stands alone."""

from __future__ import annotations

import os
from html import escape

from tasou import writing


class Page:
    """A page of HTML that stands alone: a notebook shows it in a frame, ``save`` writes it to a file.

    >>> Page("<p>1</p>", "one").text
    '<p>1</p>'
    """

    def __init__(self, text: str, title: str, height: int = 760) -> None:
        self.text, self.title, self.height = text, title, height

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file, which any browser opens."""
        writing.write_text(path, self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Page({self.title!r}, {len(self.text.encode()) // 1000} kB): .save(path) writes it"

    def _repr_html_(self) -> str:
        """Framed, with nothing of the notebook within its reach."""
        return (
            f'<iframe title="{escape(self.title)}" sandbox="allow-scripts" srcdoc="{escape(self.text)}" '
            f'style="width:100%;height:{self.height}px;border:0"></iframe>'
        )
