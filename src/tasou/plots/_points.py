"""Points of several classes, each class in its colour and shape, and a ring around some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.plots import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RASTER_FROM = 5000
TINT_ON_LIGHT, TINT_ON_DARK = 0.32, 0.38


def draw_classes(
    ax: Axes,
    points: NDArray[np.float64],
    true: NDArray[np.intp],
    classes: Sequence[Any],
    *,
    wrong: NDArray[np.bool_] | None = None,
    wrong_label: str = "",
    scale: float = 1.0,
) -> None:
    """Scatter ``points`` (n, 2); ``true`` are indices of ``classes``, and those in ``wrong`` get a ring."""
    size = scale * float(np.clip(12000 / len(points), 10, 90)) * min(1.0, theme.room(ax) / 4)
    outline = theme.mix(theme.ground(ax), theme.ink(ax), 0.95)
    style: dict[str, Any] = {
        "linewidths": 0.7 * min(1.0, scale),
        "rasterized": len(points) > RASTER_FROM,
        "zorder": 2,
    }
    for k, label in enumerate(classes):
        x1, x2 = points[true == k].T
        style |= {"color": theme.colour(k, ax), "marker": theme.marker(k), "label": theme.plain(label)}
        ax.scatter(x1, x2, s=size, edgecolors=[outline], **style)
    if wrong is not None and wrong.any():
        x1, x2 = points[wrong].T
        style = {"facecolors": "none", "edgecolors": [theme.ink(ax)], "linewidths": 1.5, "zorder": 3}
        ax.scatter(x1, x2, s=3.2 * size + 30, label=wrong_label, **style)


def tints(ax: Axes, n: int) -> NDArray[np.float64]:
    """The light colours of a background, (n, 3): the classes' own, thinned with the ground of ``ax``."""
    ground, share = theme.ground(ax), TINT_ON_LIGHT if theme.ink(ax)[0] < 0.5 else TINT_ON_DARK
    return np.array([theme.mix(ground, theme.colour(k, ax), share) for k in range(n)])
