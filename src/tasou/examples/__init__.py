"""Example tables to try things on, made by formulas of our own from a seed: the same cells on every machine.

Every file has a ``title``, the ``target`` that is usually predicted, ``about`` (what is in it), and a function
``columns(n, rng)``, which gives the cells of each column as texts: a new table is a new file.

>>> names()
['customers', 'flats', 'icecream']
>>> example = make("icecream", 3)
>>> example.target, example.csv().splitlines()[0]
('sold', 'date,weather,temperature,festival,sold')
"""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tasou.errors import TasouError, UnknownName
from tasou.language import Texts, language, say
from tasou.messages import Message
from tasou.registry import names_in
from tasou.shown import fragment, html_table

EXAMPLE = Message("kind.example", en="example table", ja="例の表")
ROWS = Message(
    "example.rows",
    en="an example table has at least 1 row, not {n}",
    ja="例の表の行数は1以上にしてください（{n} は使えません）",
)

__all__ = ["Example", "make", "names"]

SEED = 20261
SHOWN = 5
HEADING = {"en": "{name}: {about}; target: {target}", "ja": "{name}：{about}。目的変数：{target}"}


@dataclass(frozen=True, repr=False)
class Example:
    """A table with names over its columns, and what is usually predicted from it; ``columns`` is what a frame takes."""

    name: str
    title: Texts
    about: Texts
    target: str
    columns: Mapping[str, list[str]]

    def __len__(self) -> int:
        return len(self.columns[self.target])

    def __repr__(self) -> str:
        return f"Example({self.name!r}: {len(self)} rows, {', '.join(self.columns)}; target {self.target!r})"

    def _repr_html_(self) -> str:
        """What it is, and the first rows."""
        rows = list(zip(*(cells[:SHOWN] for cells in self.columns.values()), strict=True))
        told = HEADING[language()].format(name=self.name, about=say(self.about), target=self.target)
        return fragment(told, html_table(tuple(self.columns), rows))

    def csv(self, *, target: bool = True) -> str:
        """The table as CSV; without the target column it is what one predicts."""
        kept = [name for name in self.columns if target or name != self.target]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(kept)
        writer.writerows(zip(*(self.columns[name] for name in kept), strict=True))
        return text.getvalue()


def names() -> list[str]:
    """All example tables there are, in alphabetical order."""
    return names_in(__name__)


def make(name: str, n: int | None = None, *, seed: int = SEED) -> Example:
    """The example table called ``name``, with ``n`` rows (its usual number if not given).

    Raises
    ------
    UnknownName
        there is none of that name
    TasouError
        fewer than one row
    """
    if name not in names():
        raise UnknownName(EXAMPLE, name, names())
    module = importlib.import_module(f"{__name__}.{name}")
    n = module.rows if n is None else n
    if n < 1:
        raise TasouError(ROWS, n=n)
    columns = module.columns(n, np.random.default_rng(seed))
    return Example(name, module.title, module.about, module.target, columns)
