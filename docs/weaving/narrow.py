"""Pictures for a phone: panels that stand side by side stand below one another, their letters as large as before.

While `drawing` lasts, Matplotlib's own way to axes (``figure.subplots``, which ``pyplot.subplots`` calls too) makes the
figure narrow, so that no picture needs to know of it. What would become too small to read, as a matrix of many numbers,
says ``:narrow: scroll`` in its block and is moved sideways instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 4.6
"""inches: on a phone about its width, so that letters of 12 points are 13 pixels high"""
WIDE = 5.7
"""inches up to which a picture is left as it is"""


def needed(figure: Figure) -> bool:
    """Whether a picture is too wide for a phone."""
    return bool(figure.get_figwidth() > WIDE)


@contextmanager
def drawing() -> Iterator[None]:
    """Figures that are drawn inside are narrow."""
    from matplotlib.figure import Figure

    before = Figure.subplots

    def subplots(self: Figure, nrows: int = 1, ncols: int = 1, **options: Any) -> Any:
        return stacked(before, self, nrows, ncols, **options)

    Figure.subplots = subplots  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        Figure.subplots = before  # type: ignore[method-assign]


def stacked(
    subplots: Any, figure: Figure, nrows: int, ncols: int, *, squeeze: bool = True, **options: Any
) -> Any:
    """The axes of ``figure.subplots``, each in a row of its own, in the array that was asked for.

    Panels are as high as before; one alone, which becomes narrower, becomes a little lower.
    """
    import numpy as np

    height = figure.get_figheight() / nrows
    if needed(figure):
        options = {
            key: value for key, value in options.items() if key not in ("width_ratios", "height_ratios")
        }
        each = [height] * (nrows * ncols)
        if len(each) == 1:
            each = [height * (WIDTH / figure.get_figwidth()) ** 0.5]
        figure.set_size_inches(WIDTH, sum(each))
        made = subplots(figure, nrows * ncols, 1, squeeze=False, height_ratios=each, **options)
        found = np.asarray(made).reshape(nrows, ncols)
    else:
        found = subplots(figure, nrows, ncols, squeeze=False, **options)
    figure._panels = found  # type: ignore[attr-defined]
    return (found.item() if found.size == 1 else found.squeeze()) if squeeze else found


def turned(figure: Figure) -> bool:
    """Whether panels that stood beside each other stand below each other now."""
    panels = getattr(figure, "_panels", None)
    return panels is not None and panels.shape[1] > 1 and not needed(figure)


def finish(figure: Figure) -> None:
    """Panels that shared the label of an axis with the one beside them get it themselves."""
    for row in getattr(figure, "_panels", []):
        first, *others = row
        for ax in others:
            shared = first.get_shared_y_axes().joined(first, ax)
            if shared and first.get_ylabel() and not ax.get_ylabel() and ax.axison:
                ax.set_ylabel(first.get_ylabel(), fontfamily=first.yaxis.label.get_fontfamily())
