"""Whether probabilities hold: what was promised for rows kept out beside what came, bin by bin."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.formulas import calibration
from tasou.language import say
from tasou.messages import Message
from tasou.shown import fragment, html_table
from tasou.text import aligned

Array = NDArray[Any]

BINS = 15
BLUE = "#3f90da"
HEAD = {"en": "promised|came true|95 % interval|rows", "ja": "予測した確率|実際の割合|95 % 区間|行数"}
TITLE = {
    "en": "Calibration on {n} rows kept out: expected calibration error {error:.4f}",
    "ja": "学習に使わなかった {n} 行での較正：期待較正誤差 {error:.4f}",
}
TOLD = Message(
    "tabular.calibration_told",
    en="probabilities are off by {error:.3f} on average (expected calibration error on {n} rows kept out)",
    ja="確率のずれは平均 {error:.3f} です（学習に使わなかった {n} 行での期待較正誤差）",
)


@dataclass(frozen=True, eq=False)
class Calibration:
    """Probabilities beside the shares that came true; ``print`` it, or look at it in a notebook.

    Attributes
    ----------
    promised, observed
        (bins,) the mean probability of the rows in a bin, and the share of them of which it came true
    low, high
        (bins,) Wilson's interval of that share: a promise within it may be exact
    share
        (bins,) the share of all rows that lie in the bin
    error
        the expected calibration error
    n
        how many probabilities were judged

    Examples
    --------
    >>> found = Calibration.of(np.array([0.1, 0.1, 0.9, 0.9]), np.array([0, 0, 1, 1]))
    >>> found.promised.tolist(), found.observed.tolist(), round(found.error, 3)
    ([0.1, 0.9], [0.0, 1.0], 0.1)
    """

    promised: Array
    observed: Array
    low: Array
    high: Array
    share: Array
    error: float
    n: int

    @classmethod
    def of(cls, p: Array, came: Array, weight: Array | None = None, *, bins: int = BINS) -> Calibration:
        """Cut probabilities p (n,) into bins of the same width and look what came true (n,) in each."""
        v = np.ones(len(p)) if weight is None else np.asarray(weight, np.float64)
        place = np.minimum((p * bins).astype(np.int64), bins - 1)
        rows = np.bincount(place, minlength=bins)
        mass, promise, truth = (np.bincount(place, v * x, bins) for x in (np.ones(len(p)), p, came))
        used = mass > 0
        promised, observed = promise[used] / mass[used], truth[used] / mass[used]
        low, high = calibration.wilson(observed, rows[used], np)
        share = mass[used] / mass.sum()
        error = float(calibration.expected_error(promised, observed, share, np))
        return cls(promised, observed, low, high, share, error, len(p))

    @classmethod
    def of_classes(cls, p: Array, y: Array, weight: Array | None = None) -> Calibration:
        """Of two classes the probability of the second; of several, that of the class which is predicted."""
        if p.shape[1] == 2:
            return cls.of(p[:, 1], y == 1, weight)
        return cls.of(p.max(axis=1), p.argmax(axis=1) == y, weight)

    def cells(self, lang: str | None = None) -> list[list[str]]:
        """The bins as rows of texts, the header first."""
        rows = np.rint(self.share * self.n).astype(int).tolist()
        parts = zip(self.promised, self.observed, self.low, self.high, rows, strict=True)
        return [
            say(HEAD, lang).split("|"),
            *([f"{p:.3f}", f"{o:.3f}", f"{a:.3f} – {b:.3f}", str(n)] for p, o, a, b, n in parts),
        ]

    def text(self, lang: str | None = None) -> str:
        """A line for each bin, in English or Japanese."""
        return f"{self.title(lang)}\n{aligned(self.cells(lang), right=range(4))}"

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text("en")

    def svg(self, lang: str | None = None, *, side: int = 240) -> str:
        """The bins and their intervals around the line on which promises are exact, as SVG for a page."""
        room = 34

        def x(p: float) -> float:
            return room + 8 + side * p

        def y(p: float) -> float:
            return 6 + side * (1 - p)

        text = 'font-size="11" fill="currentColor"'
        tall = side / 4 / self.share.max()
        parts = [
            f'<path d="M{x(0)} {y(1)}V{y(0)}H{x(1)}" fill="none" stroke="currentColor" opacity=".5"/>',
            f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="currentColor" stroke-dasharray="5 4"/>',
        ]
        for p, o, low, high, share in zip(
            self.promised, self.observed, self.low, self.high, self.share, strict=True
        ):
            came = f"{say(HEAD, lang).split('|')[0]} {p:.3f}, {say(HEAD, lang).split('|')[1]} {o:.3f}"
            parts.append(
                f'<g fill="{BLUE}"><title>{escape(came)}</title><rect opacity=".25" x="{x(p) - 6:.1f}" '
                f'y="{y(0) - tall * share:.1f}" width="12" height="{tall * share:.1f}"/>'
                f'<path d="M{x(p):.1f} {y(low):.1f}V{y(high):.1f}" stroke="currentColor" opacity=".7"/>'
                f'<circle cx="{x(p):.1f}" cy="{y(o):.1f}" r="4"/></g>'
            )
        for tick in (0, 0.5, 1):
            parts.append(f'<text {text} text-anchor="middle" x="{x(tick)}" y="{y(0) + 15}">{tick:g}</text>')
            parts.append(f'<text {text} text-anchor="end" x="{x(0) - 5}" y="{y(tick) + 4}">{tick:g}</text>')
        promised, came, *_ = (escape(name) for name in say(HEAD, lang).split("|"))
        middle = f'text-anchor="middle" x="{x(0.5)}" y="{y(0) + 30}"'
        turned = f'text-anchor="middle" transform="translate(12 {y(0.5)}) rotate(-90)"'
        parts += [f"<text {text} {middle}>{promised}</text>", f"<text {text} {turned}>{came}</text>"]
        width, height = side + room + 18, side + 40
        return (
            f'<svg viewBox="0 0 {width} {height}" role="img" style="width:{width}px;max-width:100%;font-family:'
            f'inherit" aria-label="{escape(self.title(lang))}">{"".join(parts)}</svg>'
        )

    def title(self, lang: str | None = None) -> str:
        """On how many rows, and how far promises are off."""
        return say(TITLE, lang, n=f"{self.n:,}", error=self.error)

    def _repr_html_(self) -> str:
        head, *rows = self.cells()
        return fragment(self.title(), self.svg(), html_table(head, rows, right=range(4)))
