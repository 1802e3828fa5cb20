"""The ledger of a step: every quantity with its formula, the formula with its numbers, its value and shape.

The lecture's steps for one sample or for the batch (3.2, 3.5, 5.2), as text for a terminal, as HTML for a notebook,
as Markdown and LaTeX for a handout, and as a page to click through. One file finds the quantities (`sample`,
`batch`), one reads the notation, and one writes each form.
"""

from __future__ import annotations

from typing import Any

from tasou.network.ledger.book import Ledger
from tasou.network.ledger.quantity import Quantity, Row

__all__ = ["Ledger", "Quantity", "Row", "ledger"]


def ledger(
    trace: Any, sample: int | None = 0, *, lr: float | None = None, lang: str | None = None, digits: int = 4
) -> Ledger:
    """The ledger of a trace, for one sample of the batch or (``None``) for the batch as a whole; see `Ledger`.

    Raises
    ------
    TasouError
        the batch has no such sample
    """
    from tasou.network.ledger.batch import batch_quantities
    from tasou.network.ledger.books import sample_quantities
    from tasou.network.ledger.sample import given

    if sample is None:
        return Ledger(trace, None, list(batch_quantities(trace, digits, lr)), lang)
    found = list(sample_quantities(trace, sample, digits, lr))
    others = [
        (i, list(sample_quantities(trace, i, digits, lr)))
        for i in range(min(trace.n, CHOICE))
        if i != sample % trace.n
    ]
    return Ledger(trace, sample, found, lang, others, list(given(trace, sample, digits, lr)))


CHOICE = 6
"""samples that the picture lets choose from, at most"""
