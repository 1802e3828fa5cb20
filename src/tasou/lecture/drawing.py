"""What the experiments' pictures share: figures in light and dark, captions, points of classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou import writing
from tasou.language import language, say
from tasou.lecture.experiment import Result
from tasou.lecture.outcome import written

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[Any]
DARK: dict[str, Any] = {
    name: "#0d1117" for name in ("figure.facecolor", "axes.facecolor", "savefig.facecolor")
}
"""the ground of Marp's dark slides"""


def draw(result: Result, lang: str | None = None, *, dark: bool = False, letters: float = 12) -> Figure:
    """The picture of an experiment that has been run: in the Matplotlib style in force, or for a dark page.

    ``letters`` is their size in points.
    """
    from matplotlib import style

    from tasou.plots import theme

    styles: list[Any] = [*(["dark_background", DARK] if dark else []), {"font.size": letters}]
    with (
        style.context(styles),
        theme.lettering(lang) as spoken,
        new_figure(result.experiment.size) as figure,
    ):
        result.experiment.draw(figure, result.outcome.shown, spoken)
        _make_ticks(figure)
    return figure


def _make_ticks(figure: Figure) -> None:
    """Matplotlib makes ticks when they are first asked for; later they would have neither the style nor the fonts."""
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            axis.get_ticklabels(which="both")


@contextmanager
def new_figure(size: tuple[float, float]) -> Iterator[Figure]:
    """A figure that no window shows."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    yield figure


def save(
    result: Result, folder: Path, lang: str | None = None, *, ending: str = "", dark: bool = False
) -> list[Path]:
    """Write the picture as PNG and SVG (or with one ending), its text alternative inside, and the pages that go with it."""
    from tasou import plots

    name = f"lecture-{result.experiment.number}"
    paths = plots.save(draw(result, lang, dark=dark), folder / f"{name}{ending}", alt=alt(result, lang))
    for page_name, page in result.outcome.pages.items():
        path = folder / f"{name}-{page_name}"
        writing.write_text(path, page(language(lang)))
        paths.append(path)
    return paths


def png(result: Result, lang: str | None = None, *, dark: bool = False, letters: float = 12) -> bytes:
    """The picture as the bytes of a PNG file, its text alternative inside."""
    from tasou.plots.save import rendered

    return rendered(draw(result, lang, dark=dark, letters=letters), ".png", alt=alt(result, lang))


def alt(result: Result, lang: str | None = None) -> str:
    """The text alternative of an experiment's picture: title, what is seen, and the numbers."""
    experiment = result.experiment
    numbers = "; ".join(f"{say(m.what, lang)}: {m.number}" for m in result.outcome.measures)
    return f"{say(experiment.title, lang)}. {say(experiment.seen, lang)} {numbers}"


def caption(ax: Axes, title: str, xlabel: str | None = None, ylabel: str | None = None) -> None:
    """Title and labels, and the frame's upper and right line taken away."""
    from tasou.plots import theme

    theme.label(ax, title=title, xlabel=xlabel, ylabel=ylabel)
    theme.frame(ax)


def look(ax: Axes, k: int, *, marker: bool = False) -> dict[str, Any]:
    """How line ``k`` of several is drawn: told apart by its colour, its dashes and perhaps its marker."""
    from tasou.plots import theme

    style: dict[str, Any] = {"color": theme.colour(k, ax), "ls": theme.dash(k), "lw": 2.5}
    return style | ({"marker": theme.marker(k)} if marker else {})


def coincide(ax: Axes, curves: Mapping[str, Array]) -> None:
    """Two curves that should be one: the first broad and pale, the second thin and dashed upon it."""
    from tasou.plots import theme

    styles: list[dict[str, Any]] = [
        {"color": theme.BLUE, "lw": 6, "alpha": 0.5},
        {"color": theme.red_on(ax), "lw": 1.8, "ls": "--"},
    ]
    for (name, values), style in zip(curves.items(), styles, strict=True):
        ax.plot(range(1, len(values) + 1), values, label=name, **style)
    ax.legend()


def name_ends(ax: Axes) -> None:
    """Each line's name where it ends, in place of a legend."""
    from tasou.plots import theme

    for curve in ax.lines:
        x, y = np.asarray(curve.get_xydata())[-1]
        style: dict[str, Any] = {"textcoords": "offset fontsize", "va": "center_baseline"}
        ax.annotate(str(curve.get_label()), (x, y), (0.5, 0), color=theme.ink(ax), **style)


def scientific(value: float) -> str:
    """A number as one writes it by hand.

    >>> scientific(1.5), scientific(7.5e-6)
    ('1.5', '7.5×10⁻⁶')
    """
    if abs(int(f"{value:.1e}".partition("e")[2])) < 3:
        return f"{value:.2g}"
    return written(f"{value:.1e}")
