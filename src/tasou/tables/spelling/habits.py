"""How a file, and how one column of it, writes its values."""

from __future__ import annotations

from dataclasses import dataclass

from tasou.tables.spelling.missing import Marks
from tasou.tables.spelling.numbers import Decimal


@dataclass(frozen=True)
class Habits:
    """What holds for all columns of a table.

    Parameters
    ----------
    missing
        the texts that stand for no value, besides the empty cell; ``None`` for the usual ones
    decimal
        the decimal mark where a column does not show it; ``None`` if nobody has said
    separator
        what stands between the cells of the file; ``None`` where the table comes from no text
    """

    missing: Marks | None = None
    decimal: Decimal | None = None
    separator: str | None = None


@dataclass(frozen=True)
class Notation:
    """How one column writes its numbers: learnt in training, and what decides in prediction where a column does not."""

    decimal: Decimal = "."
    unit: str = ""

    def to_dict(self) -> dict[str, str]:
        """Plain data, for JSON; nothing of what is usual, so that older versions read it."""
        found = {"decimal": self.decimal, "written_unit": self.unit}
        return {key: value for key, value in found.items() if value not in (".", "")}


USUAL = Habits()
PLAIN = Notation()
