"""The ledger as HTML with MathML: no script, no colour of its own but the reader's, nothing from outside."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from tasou.language import language, say
from tasou.network.ledger.notation import mathml, mathml_matrix
from tasou.network.ledger.quantity import UNITS, Quantity, Row
from tasou.network.ledger.words import HEADS, MATRIX, MORE, PHASES, explanation, shape_text

if TYPE_CHECKING:
    from tasou.network.ledger.contents import Contents

STYLE = (
    "<style>.tasou-ledger{overflow-x:auto;text-align:left}"
    ".tasou-ledger table{border-collapse:collapse;margin:.3em 0}"
    ".tasou-ledger th,.tasou-ledger td{text-align:left;white-space:nowrap;padding:.2em .8em;border-bottom:1px solid "
    "color-mix(in srgb,currentColor 18%,transparent);vertical-align:top}"
    ".tasou-ledger .phase{margin:.9em 0 .2em;font-weight:600}"
    ".tasou-ledger math{white-space:nowrap;font-family:'STIX Two Math','Cambria Math','Latin Modern Math',"
    "'STIX Math','DejaVu Math TeX Gyre',math,sans-serif}</style>"
)


def as_html(ledger: Contents, lang: str) -> str:
    """A section per phase, as a notebook shows it; large layers unfold at a click."""
    sections = []
    for phase, quantities in ledger.phases():
        body = "".join(quantity_rows(quantity, lang) for quantity in quantities)
        sections.append(f'<p class="phase">{escape(say(PHASES[phase], lang))}</p>{table(body, lang)}')
    note = "<br>".join(map(escape, ledger.note(lang).splitlines()))
    return f'<div class="tasou-ledger" lang="{lang}">{STYLE}<p>{note}</p>{"".join(sections)}</div>'


def table(body: str, lang: str) -> str:
    """A table with the ledger's headings."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in HEADS[language(lang)])
    return f"<table><thead><tr>{head}</tr></thead>{body}</table>"


def quantity_rows(quantity: Quantity, lang: str) -> str:
    """A quantity's rows: the first units in view, the others behind a click."""
    title = escape(explanation(quantity.kind, quantity.layer, lang))
    shown = "".join(_row(quantity, j, row, lang) for j, row in enumerate(quantity.rows[:UNITS]))
    shown += _matrix(quantity, lang) if quantity.matrix else ""
    return f'<tbody title="{title}">{shown}{_folded(quantity, lang)}</tbody>'


def _row(quantity: Quantity, j: int, row: Row, lang: str) -> str:
    formula = mathml(quantity.formula) if j == 0 else ""
    shape = escape(shape_text(quantity.shape, lang)) if j == 0 else ""
    cells = (mathml(row.symbol), formula, mathml(row.numbers), mathml(row.value), shape)
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _matrix(quantity: Quantity, lang: str) -> str:
    details = f"<details><summary>{say(MATRIX, lang)}</summary>{mathml_matrix(quantity.matrix)}</details>"
    return f'<tr><td></td><td colspan="4">{details}</td></tr>'


def _folded(quantity: Quantity, lang: str) -> str:
    """The rest of a large layer, and how many units are not written at all."""
    hidden = quantity.folded(UNITS)
    if not hidden:
        return ""
    rows = "".join(
        f"<tr><td>{mathml(row.symbol)}</td><td>{mathml(row.numbers)}</td><td>{mathml(row.value)}</td></tr>"
        for row in quantity.rows[UNITS:]
    )
    left = quantity.folded(len(quantity.rows))
    rows += f'<tr><td colspan="3">… (+{left})</td></tr>' if left else ""
    summary = say(MORE, lang, n=hidden)
    return (
        f'<tr><td colspan="5"><details><summary>{summary}</summary><table>{rows}</table></details></td></tr>'
    )
