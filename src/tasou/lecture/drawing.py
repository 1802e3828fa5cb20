"""What the experiments' pictures share: figures, plain lines, points of classes, networks as matrices of colour."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou import writing
from tasou.language import language, say
from tasou.lecture.experiment import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[Any]
INFINITE_SLOPE = 1e-12
DASHES = ("-", "--", "-.", ":")


def draw(result: Result, lang: str | None = None) -> Figure:
    """The picture of an experiment that has been run."""
    from tasou.plots import _style

    with _style.lettering(lang) as spoken, new_figure(result.experiment.size) as figure:
        result.experiment.draw(figure, result.outcome.shown, spoken)
    return figure


@contextmanager
def new_figure(size: tuple[float, float]) -> Iterator[Figure]:
    """A figure that no window shows."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    yield figure


def save(result: Result, folder: Path, lang: str | None = None, *, ending: str = "") -> list[Path]:
    """Write the picture as PNG and SVG (or with one ending), its text alternative inside, and the pages that go with it."""
    from tasou import plots

    name = f"lecture-{result.experiment.number}"
    paths = plots.save(draw(result, lang), folder / f"{name}{ending}", alt=alt(result, lang))
    for page_name, page in result.outcome.pages.items():
        path = folder / f"{name}-{page_name}"
        writing.write_text(path, page(language(lang)))
        paths.append(path)
    return paths


def alt(result: Result, lang: str | None = None) -> str:
    """The text alternative of an experiment's picture: title, what is seen, and the numbers."""
    experiment = result.experiment
    numbers = "; ".join(f"{say(m.what, lang)}: {m.number}" for m in result.outcome.measures)
    return f"{say(experiment.title, lang)}. {say(experiment.seen, lang)} {numbers}"


def caption(ax: Axes, title: str, xlabel: str | None = None, ylabel: str | None = None) -> None:
    """Title and labels, and the frame's upper and right line taken away."""
    from tasou.plots import _style

    _style.label(ax, title=title, xlabel=xlabel, ylabel=ylabel)
    _style.frame(ax)


def scatter(ax: Axes, points: Array, classes: Array, *, size: float = 26, names: bool = False) -> None:
    """Points in the colour and the shape of their class."""
    from tasou.plots import _style

    for k in np.unique(classes):
        x, y = points[classes == k].T
        style: dict[str, Any] = {"color": _style.colour(int(k)), "marker": _style.marker(int(k)), "zorder": 3}
        label = f"y = {int(k)}" if names else None
        ax.scatter(x, y, s=size, edgecolors=[_style.ink(ax)], linewidths=0.7, label=label, **style)


def line(ax: Axes, w: Array, b: float, **style: Any) -> None:
    """The line w·x + b = 0, as long as the axes, whose limits it leaves alone."""
    limits = ax.get_xlim(), ax.get_ylim()
    if abs(w).max() > INFINITE_SLOPE:
        x, y = -b * np.asarray(w) / float(np.dot(w, w))
        ax.axline((x, y), (x - w[1], y + w[0]), **style)
    ax.set(xlim=limits[0], ylim=limits[1])


def corners(ax: Axes, margin: float = 0.35) -> None:
    """Room around the corners of the unit square."""
    ax.set(
        xlim=(-margin, 1 + margin), ylim=(-margin, 1 + margin), aspect="equal", xticks=(0, 1), yticks=(0, 1)
    )


def cells(ax: Axes, values: Array, form: str = ".2f") -> None:
    """A matrix as coloured cells with their numbers: blue positive, red negative, nothing white."""
    from matplotlib.colors import LinearSegmentedColormap

    from tasou.plots import _style

    grid = np.atleast_2d(values)
    colours = [_style.mix(_style.ground(ax), c, 0.75) for c in (_style.RED, _style.ground(ax), _style.BLUE)]
    limit = float(np.abs(grid).max()) or 1.0
    cmap = LinearSegmentedColormap.from_list("signed", colours)
    ax.imshow(grid, cmap=cmap, vmin=-limit, vmax=limit, aspect="equal")
    for (i, j), value in np.ndenumerate(grid):
        ax.text(
            j,
            i,
            f"{round(value, 6) + 0.0:{form}}",
            ha="center",
            va="center",
            fontsize=8,
            color=_style.ink(ax),
        )
    ax.set(xticks=[], yticks=[])
