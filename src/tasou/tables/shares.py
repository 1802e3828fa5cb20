"""How the cells of a column were filled in training: a few counts and the ends of a range, to tell drift by.

They are kept beside what a step has learnt. No row and no cell of the training table is among them: the ends lie one
standard deviation beyond the values that there were.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.messages import Message
from tasou.tables.counts import Counts
from tasou.tables.schema import Fields, is_number

OF_COLUMN = Message(
    "preparation.shares", en="{where}, counts of the training", ja="{where}、学習データの件数"
)
COUNT = Message("preparation.count", en="a whole number from 0", ja="0以上の整数")
NUMBER_OR_NULL = Message("preparation.number_or_null", en="a finite number or null", ja="有限の数か null")
OBJECT = Message("preparation.counts_object", en="an object", ja="オブジェクト")
KEY = "seen"


@dataclass(frozen=True)
class Shares:
    """Counts of a column in training.

    Attributes
    ----------
    rows
        how many cells there were
    missing
        how many held no value
    rest
        how many held a text that has no level of its own
    low, high
        the ends of the range, widened by one standard deviation; None for texts, and where there was no number
    """

    rows: int
    missing: int
    rest: int = 0
    low: float | None = None
    high: float | None = None

    @classmethod
    def of_numbers(cls, seen: Counts) -> Shares:
        """Of numbers, NaN where there is none.

        >>> Shares.of_numbers(Counts(np.array([1.0, 3.0, np.nan])))
        Shares(rows=3, missing=1, rest=0, low=0.0, high=4.0)
        """
        known = seen.only(~np.isnan(seen.values))
        if not known.n:
            return cls(seen.n, seen.n)
        mean = known.mean()
        deviation = math.sqrt(known.mean((known.values - mean) ** 2))
        low, high = float(known.values.min()) - deviation, float(known.values.max()) + deviation
        return cls(seen.n, seen.n - known.n, low=low, high=high)

    @classmethod
    def of_texts(cls, counts: Mapping[str, int], levels: Iterable[str]) -> Shares:
        """Of categories and how often each occurs; ``""`` is a missing cell.

        >>> Shares.of_texts({"a": 5, "": 2, "b": 1}, ["a"])
        Shares(rows=8, missing=2, rest=1, low=None, high=None)
        """
        rows, missing = sum(counts.values()), counts.get("", 0)
        return cls(rows, missing, rows - missing - sum(counts.get(level, 0) for level in levels if level))

    def beyond(self, x: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """(n,) which numbers lie beyond the ends."""
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        found: npt.NDArray[np.bool_] = (x < low) | (x > high)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON: nothing of what is 0."""
        counts = {"rows": self.rows, "missing": self.missing, "rest": self.rest}
        ends = {} if self.low is None else {"low": self.low, "high": self.high}
        return {KEY: {name: n for name, n in counts.items() if n or name == "rows"} | ends}

    @classmethod
    def take(cls, fields: Fields) -> Shares | None:
        """The same from the fields of a JSON object; None in files that hold no counts."""
        if not fields.has(KEY):
            return None
        data = fields.take(KEY, OBJECT, lambda v: isinstance(v, dict))
        with Fields(data, OF_COLUMN(where=fields.where)) as own:
            counts = [own.optional(name, 0, COUNT, _is_count) for name in ("rows", "missing", "rest")]
            ends = [own.optional(name, None, NUMBER_OR_NULL, is_number) for name in ("low", "high")]
        return cls(*counts, *ends)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
