"""What a ledger holds: the quantities of a step as they were, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tasou.language import language, say
from tasou.network.ledger import words
from tasou.network.ledger.quantity import Quantity


class Contents:
    """The quantities of one sample or of the batch, in the order in which the step computes them."""

    def __init__(
        self, trace: Any, sample: int | None, quantities: Sequence[Quantity], lang: str | None = None
    ) -> None:
        self.quantities = list(quantities)
        self.sample, self.n, self.lang = sample, trace.n, language(lang)
        self.network = repr(trace.network)
        self.changed = _weights_changed(trace)

    def note(self, lang: str) -> str:
        """Which sample or batch this is; and whether the weights are no longer those of the pass."""
        text = words.BATCH if self.sample is None else words.SAMPLE
        note = say(text, lang, i=self.sample, n=self.n)
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
