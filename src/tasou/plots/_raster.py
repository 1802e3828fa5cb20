"""The pixels behind a picture: a grid over a part of the plane, and the images drawn on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.messages import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RESOLUTION = Message(
    "plot.resolution",
    en="resolution must be at least 2, not {n!r}",
    ja="resolution は2以上にしてください（{n!r} は使えません）",
)
NO_FINITE_VALUE = Message(
    "plot.no_finite_value",
    en="there is nothing to draw: a chosen feature has no finite value",
    ja="描くものがありません。選んだ特徴量に有限の値がありません",
)

Numbers = NDArray[np.float64]

MARGIN, MARGIN_OF_FEW, FEW = 0.06, 0.2, 12
"""few points are drawn large, and with names beside them"""


@dataclass(frozen=True)
class Raster:
    """Pixels with their middles along each axis; ``extent`` is (left, right, bottom, top)."""

    extent: tuple[float, float, float, float]
    xs: Numbers
    ys: Numbers

    @classmethod
    def around(cls, points: Numbers, n: int) -> Raster:
        """``n`` by ``n`` pixels that cover the points (n, 2) and a margin."""
        if n < 2:
            raise TasouError(RESOLUTION, n=n)
        (left, right), (bottom, top) = (_range(column) for column in points.T)
        return cls((left, right, bottom, top), _middles(left, right, n), _middles(bottom, top, n))

    @property
    def middles(self) -> Numbers:
        """All middles as rows (x, y), the lowest line first."""
        return np.column_stack([axis.ravel() for axis in np.meshgrid(self.xs, self.ys)])

    def shaped(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """One value (or colour) a middle, as rows of pixels."""
        return values.reshape(len(self.ys), len(self.xs), *values.shape[1:])

    def draw(self, ax: Axes, colours: Numbers) -> None:
        """Paint every pixel, ``colours`` being (n, 3), one a middle."""
        # Interpolation "none" leaves the pixels to the viewer, so that an SVG holds them as they are.
        ax.imshow(
            self.shaped(np.clip(colours, 0, 1)),
            origin="lower",
            extent=self.extent,
            aspect="auto",
            interpolation="none",
            zorder=0,
        )


def _range(values: Numbers) -> tuple[float, float]:
    """From where to where an axis goes: the values and a margin."""
    values = values[np.isfinite(values)]
    if not values.size:
        raise TasouError(NO_FINITE_VALUE)
    low, high = float(values.min()), float(values.max())
    pad = (MARGIN if values.size > FEW else MARGIN_OF_FEW) * (high - low) or 0.5
    return low - pad, high + pad


def _middles(low: float, high: float, n: int) -> Numbers:
    return low + (high - low) * (np.arange(n) + 0.5) / n
