"""The ledger as Markdown tables and as LaTeX, for handouts and slides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tasou.language import language, say
from tasou.network.ledger.notation import latex, latex_matrix
from tasou.network.ledger.quantity import UNITS, Quantity
from tasou.network.ledger.text import table_rows
from tasou.network.ledger.words import BATCH_HEADS, HEADS, PHASES, explanation

if TYPE_CHECKING:
    from tasou.network.ledger.contents import Contents


def as_markdown(ledger: Contents, lang: str) -> str:
    """A heading and a table per phase; symbols, formulas and numbers are LaTeX between dollar signs."""
    batch = ledger.sample is None
    head = BATCH_HEADS[language(lang)] if batch else HEADS[language(lang)]
    plain = {head.index(HEADS[language(lang)][-1])}
    lines = [ledger.note(lang)]
    for phase, quantities in ledger.phases():
        lines += ["", f"### {say(PHASES[phase], lang)}", "", _cells(head), _cells(["---"] * len(head))]
        for quantity in quantities:
            for row in table_rows(quantity, batch, lang):
                lines.append(_cells([cell if c in plain else _dollars(cell) for c, cell in enumerate(row)]))
    return "\n".join(lines) + "\n"


def _cells(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _dollars(text: str) -> str:
    return "$" + latex(text).replace("|", r"\vert ") + "$" if text else ""


def as_latex(ledger: Contents, lang: str) -> str:
    """An ``align*`` per phase: symbol = formula = formula with numbers = value, a sentence above each quantity."""
    blocks = [f"% {line}" for line in ledger.note(lang).splitlines()]
    for phase, quantities in ledger.phases():
        blocks.append(f"\\paragraph{{{say(PHASES[phase], lang)}}}")
        for quantity in quantities:
            lines = " \\\\\n".join(_equations(quantity))
            comment = explanation(quantity.kind, quantity.layer, lang)
            blocks.append(f"% {comment}\n\\begin{{align*}}\n{lines}\n\\end{{align*}}")
    return "\n".join(blocks) + "\n"


def _equations(quantity: Quantity) -> Iterator[str]:
    relation = r"&\mathrel{:=} " if quantity.phase == "update" else "&= "
    symbol = latex(quantity.symbol)
    if quantity.formula and quantity.formula != quantity.symbol:
        yield f"  {symbol} {relation}{latex(quantity.formula)}"
    if quantity.matrix:
        yield f"  {symbol} &= {latex_matrix(quantity.matrix)}"
        return
    for row in quantity.rows[:UNITS]:
        numbers = f"{latex(row.numbers)} = " if row.numbers and row.numbers != row.value else ""
        yield f"  {latex(row.symbol)} {relation}{numbers}{latex(row.value)}"
    if quantity.folded(UNITS):
        yield r"  &\;\;\vdots"
