"""Average pooling: the mean of each window (LeCun et al. 1989)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np

from tasou.backends.verbs import Verbs
from tasou.formulas.layers import pooling
from tasou.layers._pooling import Pooling
from tasou.layers._record import Record
from tasou.layers._size import Size
from tasou.layers._written import Written


@dataclass(frozen=True)
class AveragePool(Pooling):
    """a[p] = the mean of window p, channel by channel.

    Parameters
    ----------
    size
        of a window: a number, or one per direction; None for one window over everything
    stride
        steps from one window to the next; by default they stand side by side

    What is left over at the end, because no window fits, is not looked at.

    Raises
    ------
    TasouError
        numbers that make no layer; a window that is larger than the image

    Examples
    --------
    >>> AveragePool(2).width((8, 8, 16)), AveragePool(None).width((10, 4))
    ((4, 4, 16), (1, 4))
    """

    what: ClassVar[str] = "average"
    latex: ClassVar[str] = r"\frac{1}{|p|} \sum_{i \in p} a_i"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "Keeps the mean of every window: a smaller image, or with size=None one number per channel.",
        "ja": "窓ごとの平均を残す。画像が小さくなり、size=None ならチャンネルごとに1つの数になる。",
    }

    told: ClassVar[Mapping[str, str]] = {"mean": "{window}"}
    told_back: ClassVar[Mapping[str, str]] = {"back": "{shares}"}

    def forward(self, do: Verbs, p: Any, t: Record, a: Any) -> Any:
        """The sum over the places of the windows, divided by their number."""
        summed, *others = self.taken(do, t, a)
        for number in others:
            summed = t.sum = do.add(summed, number, into=t.sum)
        t.mean = do.apply(self.divided(t.shape), summed, into=t.mean)
        return t.mean

    def backward(self, do: Verbs, p: Any, t: Record, a: Any, g: Any, d: Any, back: bool) -> Any:
        """Each number of a window has the same share of its error."""
        if not back:
            return None
        t.share = do.apply(self.divided(t.shape), g, into=g)
        return self.put_back(do, t, [t.share] * self.windows(t.shape).places)

    def divided(self, n: Size) -> Any:
        """The formula of the mean, with the number of places."""
        return partial(pooling.mean, count=float(self.windows(n).places))

    def seen(self, p: Any, t: Record, a: Any, g: Any) -> Mapping[str, Any]:
        """The numbers of a window; and the errors of the windows that see a number."""
        w = self.windows(t.shape)
        numbers = np.reshape(t.windows, (w.places, -1))

        def shares(pen: Any, i: int) -> str:
            windows = np.flatnonzero(w.by_place == i) % numbers.shape[1]
            return f"({pen.sum(np.ravel(g)[windows])}) / {w.places}" if len(windows) else "0"

        return {
            "window": Written(
                f"Σ {{x}} / {w.places}", lambda pen, j: f"({pen.sum(numbers[:, j])}) / {w.places}"
            ),
            "shares": Written(f"Σ ∂a[{{at}}] / {w.places}", shares),
        }
