"""The ledger as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasou.language import language, say
from tasou.network.ledger.quantity import UNITS, Quantity
from tasou.network.ledger.words import BATCH_HEADS, HEADS, PHASES, shape_text
from tasou.text import aligned, showable

if TYPE_CHECKING:
    from tasou.network.ledger.contents import Contents


def as_text(ledger: Contents, lang: str) -> str:
    """A table per phase, one line per unit, the units of large layers folded.

    Letters that the standard output has not got (ŷ and · in cp932) are replaced before the columns are set.
    """
    code = language(lang)
    head = BATCH_HEADS[code] if ledger.sample is None else HEADS[code]
    parts = [ledger.note(lang)]
    for phase, quantities in ledger.phases():
        rows = [row for quantity in quantities for row in table_rows(quantity, ledger.sample is None, lang)]
        shown = [[showable(cell) for cell in row] for row in (head, *rows)]
        parts.append(f"── {say(PHASES[phase], lang)} ──\n{aligned(shown)}")
    return showable("\n".join(parts))


def table_rows(quantity: Quantity, batch: bool, lang: str) -> list[tuple[str, ...]]:
    """The lines of one quantity; formula and shape stand in the first."""
    shape = shape_text(quantity.shape, lang)
    if batch:
        return [(quantity.symbol, quantity.formula, shape, row.value) for row in quantity.rows]
    rows: list[tuple[str, ...]] = []
    for j, row in enumerate(quantity.rows[:UNITS]):
        formula = quantity.formula if j == 0 else ""
        rows.append((row.symbol, formula, row.numbers, row.value, shape if j == 0 else ""))
    if hidden := quantity.folded(UNITS):
        rows.append((f"… (+{hidden})", "", "", "", ""))
    return rows
