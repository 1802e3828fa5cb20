"""What a ledger holds: the quantities of a step as they were, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tasou.language import language, say
from tasou.network.ledger import words
from tasou.network.ledger.diagram import Diagram
from tasou.network.ledger.quantity import Quantity


class Contents:
    """The quantities of one sample or of the batch, in the order in which the step computes them."""

    def __init__(
        self,
        trace: Any,
        sample: int | None,
        quantities: Sequence[Quantity],
        lang: str | None = None,
        others: Sequence[tuple[int, Sequence[Quantity]]] = (),
        given: Sequence[tuple[str, tuple[tuple[str, ...], ...]]] = (),
    ) -> None:
        self.quantities = list(quantities)
        self.sample = None if sample is None else sample % max(1, trace.n)
        self.n, self.lang = trace.n, language(lang)
        alike = [q.kind for q in self.quantities]
        own = [] if self.sample is None else [(self.sample, self.quantities)]
        kept = [(i, list(qs)) for i, qs in others if i != self.sample and [q.kind for q in qs] == alike]
        self.samples = sorted([*own, *kept], key=lambda pair: pair[0])
        """the samples that the picture lets choose from, each with its quantities"""
        self.given = list(given)
        """x, y, α and the parameters, as cells: what a sheet to fill in begins with"""
        measured = any(q.phase == "loss" for q in self.quantities)
        self.diagram = None if self.sample is None else Diagram.of(trace.network, loss=measured)
        self.network = repr(trace.network)
        self.changed = _weights_changed(trace)

    def note(self, lang: str) -> str:
        """Which sample or batch this is; and whether the weights are no longer those of the pass."""
        text = words.BATCH if self.sample is None else words.SAMPLE
        note = say(text, lang, i=(self.sample or 0) + 1, n=self.n)
        return f"{note}\n{say(words.CHANGED, lang)}" if self.changed else note

    def phases(self) -> list[tuple[str, list[Quantity]]]:
        """The quantities of each phase that there is, in order."""
        found = [(phase, [q for q in self.quantities if q.phase == phase]) for phase in words.PHASES]
        return [(phase, quantities) for phase, quantities in found if quantities]


def _weights_changed(trace: Any) -> bool:
    """Whether the network no longer gives z[1] for x: the update has been made since."""
    if not trace.n or trace[1].z is None:
        return False
    z, now = trace[1].z[:1], trace.network.forward(trace.x[:1])[1].z
    slack = 1e4 * float(np.finfo(z.dtype).eps) * (1 + float(np.abs(z).max()))
    return bool(np.abs(now - z).max() > slack)
