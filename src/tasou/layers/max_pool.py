"""Max pooling: the largest number of each window, so that it matters less where exactly something is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tasou.backends.verbs import Verbs
from tasou.formulas.layers import pooling
from tasou.layers._pooling import Pooling
from tasou.layers._record import Record
from tasou.layers._written import Written


@dataclass(frozen=True)
class MaxPool(Pooling):
    """a[p] = the largest number of window p, channel by channel.

    Parameters
    ----------
    size
        of a window: a number, or one per direction; None for one window over everything
    stride
        steps from one window to the next; by default they stand side by side

    What is left over at the end, because no window fits, is not looked at. Of several numbers that are equal the first
    one counts, and has all of the error.

    Raises
    ------
    TasouError
        numbers that make no layer; a window that is larger than the image

    Examples
    --------
    >>> MaxPool(2).width((8, 8, 16)), MaxPool(None).width((8, 8, 16)), MaxPool(3).width((10, 4))
    ((4, 4, 16), (1, 1, 16), (3, 4))
    """

    what: ClassVar[str] = "max"
    latex: ClassVar[str] = r"\max_{i \in p} a_i"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Keeps the strongest answer of every window: where exactly it stood matters less.",
        "ja": "窓ごとに最も強い反応だけを残す。正確な位置の違いに左右されにくくなる。",
    }

    told: ClassVar[Mapping[str, str]] = {"most": "{window}"}
    told_back: ClassVar[Mapping[str, str]] = {"back": "{won}"}

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """The maximum over the places of the windows, one after the other."""
        first, *others = self.taken(do, t, a)
        t.most = first
        for number in others:
            t.most = t.largest = do.apply(pooling.larger, t.most, number, into=t.largest)
        return t.most

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """The error goes to the number that was the largest."""
        if not back:
            return None
        numbers = self.places(do, t)
        for k, number in enumerate(numbers, start=1):
            t.part(k).error = do.apply(pooling.won, g, number, t.most, into=t.part(k).error)
            g = do.apply(pooling.lost, g, number, t.most, into=g)
        return self.put_back(do, t, [t.part(k).error for k in range(1, len(numbers) + 1)])

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """The numbers of a window; and the errors of the windows in which a number was the largest."""
        w = self.windows(t.shape)
        numbers = np.reshape(t.windows, (w.places, -1))

        def largest(pen: Any, j: int) -> str:
            listed: str = pen.listed(numbers[:, j])
            return f"max({listed})" if w.places > 1 else listed

        def won(pen: Any, i: int) -> str:
            errors = np.ravel(t.errors)[w.by_place == i]
            return pen.sum(errors[errors != 0]) or "0"

        return {
            "window": Written("max({x})", largest),
            "won": Written("Σ ∂a[{at}] if {x} = a[{at}]", won),
        }
