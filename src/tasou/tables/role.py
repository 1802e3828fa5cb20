"""What one column is for, what was seen in it, and why: data that says itself in English and Japanese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.language import language
from tasou.messages import Message, Sentence
from tasou.tables.column import Column, count_different
from tasou.tables.spelling.numbers import spelled

RANGE = Message("role.range", en="{low} to {high}", ja="{low} 〜 {high}")
LEVELS = Message(
    "role.levels", en="{n} {n:level|levels}: {shown:list}{more}", ja="{n} 水準：{shown:list}{more}"
)
MISSING = Message("role.missing", en="{n} missing", ja="欠損 {n}")
NOTHING = Message("role.nothing", en="nothing", ja="なし")
ASKED = Message("role.asked", en="as asked", ja="指定による")


@dataclass(frozen=True)
class Seen:
    """What a column holds: a range of numbers or dates, or its most frequent levels; and how many cells are missing."""

    missing: int = 0
    distinct: int = 0
    low: str | None = None
    high: str | None = None
    levels: tuple[str, ...] = ()

    def text(self, lang: str | None = None) -> str:
        """One short line, e.g. ``"0.42 to 80, 177 missing"``."""
        parts = []
        if self.low is not None:
            parts.append(RANGE(low=self.low, high=self.high))
        elif self.levels:
            more = ", …" if self.distinct > len(self.levels) else ""
            parts.append(LEVELS(n=self.distinct, shown=list(self.levels), more=more))
        if self.missing:
            parts.append(MISSING(n=f"{self.missing:,}"))
        return joint(lang).join(part.text(lang) for part in parts) or NOTHING.text(lang)


@dataclass(frozen=True, repr=False)
class ColumnRole:
    """The role of one column, what was seen in it, and the reason.

    Attributes
    ----------
    because
        the reason, as a sentence
    notes
        what is left out, merged or read in another way than it stands
    decided
        what a step's `fit` needs to know of how the column was recognised
    """

    name: str
    role: str
    seen: Seen
    because: Sentence
    notes: tuple[Sentence, ...] = ()
    decided: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        return f"ColumnRole({self.name!r}, {self.role}: {self.reason})"

    @property
    def reason(self) -> str:
        """The reason for programs, e.g. ``"few_texts"``."""
        return self.because.message.code.rpartition(".")[2]

    def why(self, lang: str | None = None) -> str:
        """The reason in words."""
        return self.because.text(lang)


def joint(lang: str | None) -> str:
    """What stands between two parts of a line."""
    return "、" if language(lang) == "ja" else ", "


def range_of(values: npt.NDArray[np.float64], different: int | None = None) -> Seen:
    """What is seen of numbers; ``different`` is how many different ones there are, if that is known."""
    finite = values[~np.isnan(values)]
    if not len(finite):
        return Seen(len(values))
    low, high = (_short(v) for v in (finite.min(), finite.max()))
    different = count_different(finite) if different is None else different
    return Seen(len(values) - len(finite), different, low, high)


def _short(value: Any) -> str:
    text = spelled(float(value))
    return text if len(text) <= 8 else f"{value:.6g}" if "." in text else f"{int(value):,}"


def levels_of(column: Column) -> Seen:
    """What is seen of categories."""
    counts = dict(zip(column.distinct.texts, column.distinct.counts.tolist(), strict=True))
    missing = counts.pop("", 0)
    frequent: Iterable[str] = sorted(counts, key=lambda text: (-counts[text], text))[:4]
    return Seen(missing, len(counts), levels=tuple(frequent))
