"""The ledger on paper: what is given, and the steps with room to compute them by hand; or, as the key, filled in."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from tasou.language import say
from tasou.network.ledger.notation import mathml, mathml_matrix
from tasou.network.ledger.page import values_in_circles
from tasou.network.ledger.quantity import MOST, Quantity
from tasou.network.ledger.words import PHASES, SHEET, explanation

if TYPE_CHECKING:
    from tasou.network.ledger.contents import Contents


def as_sheet(ledger: Contents, lang: str, *, key: bool) -> str:
    """The sheet as a page of its own, for the printer; nothing in it is fetched."""
    words = {name: escape(say(text, lang)) for name, text in SHEET.items()}
    style = files(__package__).joinpath("sheet.css").read_text("utf-8")
    title = words["key"] if key else words["title"]
    name = "" if key else f'<p class="name"><span>{words["name"]}</span><span>{words["date"]}</span></p>'
    values: dict[str, Sequence[str]] = {}
    if key and ledger.diagram:
        for quantity in ledger.quantities:
            if quantity.phase in ("forward", "loss"):
                values[ledger.diagram.place(quantity)[0]] = values_in_circles(quantity)
    drawing = ledger.diagram.svg(lang, values=values) if ledger.diagram else ""
    phases = "".join(
        f'<h2>{escape(say(PHASES[phase], lang))}</h2><table class="{"" if key else "blank"}">'
        f"{''.join(_rows(quantity, lang, key) for quantity in quantities if quantity.kind != 'input')}</table>"
        for phase, quantities in ledger.phases()
    )
    given = "".join(
        f"<span>{mathml(symbol + ' =')} {_matrix(cells)}</span>" for symbol, cells in ledger.given
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><title>{title}</title><style>{style}</style></head><body><main>'
        f"<h1>{title}</h1><p><small>{escape(ledger.network)} · {escape(ledger.note(lang))}</small></p>{name}{drawing}"
        f'<h2>{words["given"]}</h2><div class="given">{given}</div>{phases}</main></body></html>\n'
    )


def _matrix(cells: tuple[tuple[str, ...], ...]) -> str:
    return mathml(cells[0][0]) if cells == ((cells[0][0],),) else mathml_matrix(cells)


def _rows(quantity: Quantity, lang: str, key: bool) -> str:
    """A line for each unit, with the formula in the first; the numbers stand in the key alone."""
    title = f'<tr><td colspan="4"><small>{escape(explanation(quantity.kind, quantity.layer, lang))}</small></td></tr>'
    lines = []
    for j, row in enumerate(quantity.rows[:MOST]):
        formula = mathml(quantity.formula) if j == 0 and quantity.formula != quantity.symbol else ""
        numbers, value = (mathml(row.numbers), mathml(row.value)) if key else ("", "")
        symbol = mathml(row.symbol)
        lines.append(f"<tr><td>{symbol}</td><td>{formula}</td><td>{numbers}</td><td>{value}</td></tr>")
    return f"<tbody>{title}{''.join(lines)}</tbody>"
