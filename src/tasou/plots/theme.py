"""What all plots share: colours and markers that everyone can tell apart, fonts, themes, axes to draw on.

The colours are the ten of Petroff, "Accessible Color Sequences for Data Visualization" (2021), chosen to
stay apart under the common kinds of colour blindness; every class has a marker of its own besides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tasou.errors import TasouError
from tasou.formulas import activations
from tasou.language import Language, language
from tasou.messages import Message
from tasou.plots import fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AXES_REMOVED = Message(
    "plot.axes_removed",
    en="these axes have been removed from their figure; hand in others, or none",
    ja="この ax は図から取り除かれています。別の ax を渡すか、指定せずに呼んでください",
)

BLUE, AMBER, RED = "#3f90da", "#ffa90e", "#bd1f01"
COLOURS = (
    BLUE, AMBER, RED, "#832db6", "#92dadd", "#a96b59", "#e76300", "#94a4a2", "#b9ac70", "#717581",
)  # fmt: skip
LIGHTER = {RED: "#f0506e", "#832db6": "#b983e6", "#717581": "#a3a7b3"}
"""what the darkest of them become on a dark ground, the red far enough from the amber for every kind of eye"""
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*", "p", "h")

OUTPUTS = {"logistic": "Sigmoid", "softmax": "Softmax"}
"""output functions that are no activation of their own"""
JAPANESE = {"Sigmoid": "シグモイド", "Softmax": "ソフトマックス"}
"""names that Japanese writes in its own letters"""


def colour(k: int, ax: Axes | None = None) -> str:
    """The colour of class ``k``; where ``ax`` has a dark ground, one that is light enough for it."""
    chosen = COLOURS[k % len(COLOURS)]
    return LIGHTER.get(chosen, chosen) if ax is not None and ink(ax)[0] > 0.5 else chosen


def ordered(ax: Axes, n: int) -> list[tuple[float, float, float]]:
    """``n`` colours with an order that is seen in grey, too, none of them close to the ground of ``ax``."""
    from matplotlib import colormaps

    low, high = (0.0, 0.82) if ink(ax)[0] < 0.5 else (0.3, 1.0)
    places = [low + (high - low) * k / max(1, n - 1) for k in range(n)]
    return [(r, g, b) for r, g, b, _ in (colormaps["viridis"](place) for place in places)]


def dash(k: int) -> Any:
    """The dashes of line ``k`` of several: through, dashed, dash-dotted, dotted, and again."""
    return ("-", (0, (5, 1.5)), (0, (5, 1.5, 1, 1.5)), (0, (1, 1)))[k % 4]


def red_on(ax: Axes) -> str:
    """Our red, lighter on a dark ground."""
    return colour(COLOURS.index(RED), ax)


def signed(ax: Axes, values: Any) -> Any:
    """Colours (n, 3) of values from -1 (red) over 0 (the ground of ``ax``) to 1 (blue)."""
    import numpy as np
    from matplotlib.colors import to_rgb

    ground_, blue, red = (np.array(to_rgb(c)) for c in (ground(ax), BLUE, red_on(ax)))
    size = np.clip(np.abs(np.asarray(values, dtype=np.float64)), 0, 1)[..., None]
    return ground_ + size * (np.where(np.asarray(values)[..., None] > 0, blue, red) - ground_)


def marker(k: int) -> str:
    """The marker of class ``k``; where the colours begin anew the markers are shifted, so no pair repeats."""
    return MARKERS[(k + k // len(COLOURS)) % len(MARKERS)]


@contextmanager
def lettering(lang: str | None) -> Iterator[Language]:
    """Draw text inside: gives the language to write in, and makes every letter of it available.

    The Japanese font only stands behind the one in use: Latin letters, digits and signs keep their look, and
    Japanese names in the user's data are drawn whatever the language.
    """
    import matplotlib

    chosen, japanese = language(lang), fonts.japanese_font()
    if japanese is None and chosen == "ja":
        fonts.warn_once()
        chosen = "en"
    before = matplotlib.rcParams["font.family"]
    # One setting alone is put back, not all: pyplot, first asked for in here, may load a notebook's backend, and what
    # that sets (that pictures appear under their cell) must stay.
    matplotlib.rcParams["font.family"] = [*before, *([japanese] if japanese else [])]
    try:
        yield chosen
    finally:
        matplotlib.rcParams["font.family"] = before


def label(
    ax: Axes, *, title: str | None = None, xlabel: str | None = None, ylabel: str | None = None
) -> None:
    """Write title and axis labels: they exist from the birth of ``ax`` on, so their font must be renewed.

    A title too wide for ``ax`` is set smaller, down to 60 %.
    """
    for write, text in ((ax.set_title, title), (ax.set_xlabel, xlabel), (ax.set_ylabel, ylabel)):
        if text is not None:
            write(text, fontfamily=_family(text))
    if title:
        full = float(ax.title.get_fontsize())
        ax.title.set_fontsize(full * min(1.0, max(0.6, room(ax) / (width(title) * full / 72))))


def _family(text: str) -> list[str]:
    """The fonts of a text. Beside a formula Matplotlib asks the first of them alone, so that must have the letters."""
    import matplotlib

    chosen: list[str] = matplotlib.rcParams["font.family"]
    beside = "".join(re.split(r"(?<!\\)\$", text)[::2])
    foreign = "$" in text and any(unicodedata.east_asian_width(letter) in "WF" for letter in beside)
    return chosen[::-1] if foreign else chosen


def axes(ax: Axes | None, size: tuple[float, float] = (5.6, 4.6)) -> Axes:
    """``ax`` itself, or the axes of a new pyplot figure, which a notebook shows by itself."""
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(figsize=size, layout="constrained")[1]


def legend_below(ax: Axes, *, lines: float = 2.7) -> None:
    """A legend some lines under ``ax``, where it hides nothing: as many entries side by side as there is room for."""
    import matplotlib
    from matplotlib.transforms import ScaledTranslation

    em = matplotlib.rcParams["font.size"] / 72
    widths = [width(text) + 3.6 for text in ax.get_legend_handles_labels()[1]]
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        bbox_transform=ax.transAxes + ScaledTranslation(0, -lines * em, figure(ax).dpi_scale_trans),
        ncols=_most_columns(widths, room(ax) / em + 1.4),
        frameon=False,
        columnspacing=1.4,
        handletextpad=0.5,
    )


def _most_columns(widths: list[float], room: float) -> int:
    """Into how many columns, filled one after another and alike, entries of such widths go."""
    for columns in range(len(widths), 1, -1):
        rows = -(-len(widths) // columns)
        if sum(max(widths[i : i + rows]) for i in range(0, len(widths), rows)) <= room:
            return -(-len(widths) // rows)
    return 1


def figure(ax: Axes) -> Figure:
    """The whole figure that ``ax`` belongs to."""
    root = ax.get_figure(root=True)
    if root is None:
        raise TasouError(AXES_REMOVED)
    return root


def room(ax: Axes) -> float:
    """About how wide ``ax`` will be, in inches: a layout engine, which runs later, makes it wider than it is.

    The larger the letters beside it, the less.
    """
    import matplotlib

    gain = 1.32 - 0.02 * float(matplotlib.rcParams["font.size"]) if figure(ax).get_layout_engine() else 1.0
    return float(gain * ax.get_position().width * figure(ax).get_figwidth())


def width(text: str) -> float:
    """About how wide a text is, in units of its font size: its widest line, formulas as they are set."""
    return max(map(_line_width, text.split("\n")))


def _line_width(line: str) -> float:
    parts = re.split(r"(?<!\\)\$", line)  # words and formulas in turn
    formulas = (re.sub(r"\\(max|min|log|exp|tanh)|\\[A-Za-z]+", _sign, part) for part in parts[1::2])
    return sum(_breadth(part, 0.54) for part in parts[::2]) + sum(_breadth(part, 0.46) for part in formulas)


def _sign(command: re.Match[str]) -> str:
    """What is seen of a command of a formula: the name of a function, or one sign."""
    return command[1] or "m"


def _breadth(text: str, narrow: float) -> float:
    seen = text.translate(dict.fromkeys(map(ord, "${}^_\\")))
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else narrow for letter in seen)


def plain(text: object) -> str:
    """A user's text as it stands: a dollar sign in it begins no formula."""
    return str(text).replace("$", r"\$")


def spell(function: object, lang: str | None = "en") -> str:
    """An activation's name as it is written in text, its parameters behind it: ``ReLU``, ``ELU (α = 1.0)``."""
    name, _, parameters = str(getattr(function, "label", function)).rstrip(")").partition("(")
    shown = parameters.replace("alpha", "α").replace("beta", "β").replace("=", " = ")
    known = activations.registry.get(name).spelling if name in activations.registry else OUTPUTS.get(name)
    known = known or name
    if language(lang) == "ja":
        known = JAPANESE.get(known, known)
    return known + (f" ({shown})" if shown else "")


def ink(ax: Axes) -> tuple[float, float, float]:
    """The colour that stands out most from the ground of ``ax``: nearly black, or nearly white."""
    red, green, blue = ground(ax)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (0.11, 0.11, 0.11) if light > 0.4 else (0.95, 0.95, 0.95)


def ground(ax: Axes) -> tuple[float, float, float]:
    """The background colour of ``ax`` as it will look on the figure, or on white paper where both are clear."""
    from matplotlib.colors import to_rgba

    seen = (1.0, 1.0, 1.0)
    for layer in (figure(ax).get_facecolor(), ax.get_facecolor()):
        *rgb, alpha = to_rgba(layer)
        seen = mix(seen, tuple(rgb), alpha)
    return seen


def mix(under: Any, over: Any, share: float) -> tuple[float, float, float]:
    """``share`` of the colour ``over`` laid on the colour ``under``."""
    from matplotlib.colors import to_rgb

    red, green, blue = (u + (o - u) * share for u, o in zip(to_rgb(under), to_rgb(over), strict=True))
    return red, green, blue


def frame(ax: Axes) -> None:
    """Take away the upper and right line of the box: less ink, the same information."""
    ax.spines[["top", "right"]].set_visible(False)
