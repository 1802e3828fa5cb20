"""The ledger as an object: printed it is text, in a notebook it is HTML, and it writes the other forms on demand."""

from __future__ import annotations

from html import escape
from os import PathLike

from tasou import writing
from tasou.network.ledger.contents import Contents


class Ledger(Contents):
    r"""Every number of a step with its formula, as it was when the ledger was made.

    ``print(ledger)`` writes text, a notebook shows HTML, ``markdown()`` and ``latex()`` give what a handout needs,
    and ``page()`` a page to click through: forward → loss → backward → update.

    Examples
    --------
    >>> import numpy as np
    >>> from tasou.network import Network
    >>> network = Network((2, 2, 2), rng=0)
    >>> network.theta = np.arange(12) / 10
    >>> ledger = network.forward(np.array([[1.0, 2.0]])).table(lang="en")
    >>> print(ledger.markdown().splitlines()[8])
    | $z^{[1]}_{1}$ | $W^{[1]} x + b^{[1]}$ | $0 \cdot 1 + 0.1 \cdot 2 + 0.8$ | $1$ | (2,) |
    """

    def __str__(self) -> str:
        from tasou.network.ledger.text import as_text

        return as_text(self, self.lang)

    __repr__ = __str__

    def text(self, lang: str | None = None) -> str:
        """The ledger for a terminal: of letters that the standard output can show."""
        from tasou.network.ledger.text import as_text

        return as_text(self, lang or self.lang)

    def _repr_html_(self) -> str:
        return self.html()

    def html(self, lang: str | None = None) -> str:
        """The ledger as tables with MathML, no script and nothing from outside: what a notebook shows."""
        from tasou.network.ledger.html import as_html

        return as_html(self, lang or self.lang)

    def markdown(self, lang: str | None = None) -> str:
        """The ledger as Markdown tables, the formulas in LaTeX between dollar signs."""
        from tasou.network.ledger.markdown import as_markdown

        return as_markdown(self, lang or self.lang)

    def latex(self, lang: str | None = None) -> str:
        """The ledger as LaTeX ``align*`` blocks (package amsmath), one per phase."""
        from tasou.network.ledger.markdown import as_latex

        return as_latex(self, lang or self.lang)

    def page(self, path: str | PathLike[str] | None = None, lang: str | None = None) -> str:
        """The network beside its numbers on a self-contained page to click through; written to ``path`` if given.

        Raises
        ------
        TasouError
            the file cannot be written
        """
        from tasou.network.ledger.page import as_page

        return self._written(as_page(self, lang or self.lang), path)

    def picture(self, lang: str | None = None) -> str:
        """The same as one ``<div>`` with style, data and script inside: what a notebook shows of a trace."""
        from tasou.network.ledger.page import as_fragment

        return as_fragment(self, lang or self.lang)

    def sheet(
        self, path: str | PathLike[str] | None = None, lang: str | None = None, *, key: bool = False
    ) -> str:
        """The step on paper, to be computed by hand, as a page for the printer; ``key=True`` has the numbers in it.

        Raises
        ------
        TasouError
            the file cannot be written
        """
        from tasou.network.ledger.sheet import as_sheet

        return self._written(as_sheet(self, lang or self.lang, key=key), path)

    @staticmethod
    def _written(html: str, path: str | PathLike[str] | None) -> str:
        if path is not None:
            writing.write_text(path, html)
        return Page(html)


class Page(str):
    """The text of a whole page; a notebook shows it in a frame, and a console tells what it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<page of {len(self):,} characters: .page(path) writes it to a file>"

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{escape(self)}" style="width:100%;height:620px;border:0"></iframe>'
