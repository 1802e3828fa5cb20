"""What all plots share: colours and markers that everyone can tell apart, fonts, themes, axes to draw on.

The colours are the ten of Petroff, "Accessible Color Sequences for Data Visualization" (2021), chosen to
stay apart under the common kinds of colour blindness; every class has a marker of its own besides.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from tasou.language import Language, language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, AMBER, RED = "#3f90da", "#ffa90e", "#bd1f01"
COLOURS = (
    BLUE, AMBER, RED, "#832db6", "#92dadd", "#a96b59", "#e76300", "#94a4a2", "#b9ac70", "#717581",
)  # fmt: skip
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*", "p", "h")
DASHES = ("-", "--", "-.", ":")
OUTLINE = "#1c1c1c"

JAPANESE_FONTS = (
    "Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "Source Han Sans", "Hiragino Sans",
    "Hiragino Kaku Gothic ProN", "Yu Gothic", "Meiryo", "BIZ UDGothic", "MS Gothic", "IPAexGothic", "IPAPGothic",
    "IPAGothic", "TakaoPGothic", "TakaoGothic", "VL Gothic", "Droid Sans Fallback", "WenQuanYi Zen Hei",
)  # fmt: skip

NO_JAPANESE_FONT = (
    "no Japanese font was found, so the labels of this picture are in English; install one, e.g. Noto Sans CJK JP "
    "(Debian and Ubuntu: apt install fonts-noto-cjk)"
)


def colour(k: int) -> str:
    """The colour of class ``k``."""
    return COLOURS[k % len(COLOURS)]


def marker(k: int) -> str:
    """The marker of class ``k``; where the colours begin anew the markers are shifted, so no pair repeats."""
    return MARKERS[(k + k // len(COLOURS)) % len(MARKERS)]


@cache
def japanese_font() -> str | None:
    """The first Japanese font on this machine that we know to be good, or None."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in JAPANESE_FONTS if name in installed), None)


@cache
def _warn_once() -> None:
    warnings.warn(NO_JAPANESE_FONT, stacklevel=5)


@contextmanager
def lettering(lang: str | None) -> Iterator[Language]:
    """Draw text inside: gives the language to write in, and makes every letter of it available.

    The Japanese font only stands behind the one in use: Latin letters, digits and signs keep their look, and
    Japanese names in the user's data are drawn whatever the language.
    """
    import matplotlib

    chosen, japanese = language(lang), japanese_font()
    if japanese is None and chosen == "ja":
        _warn_once()
        chosen = "en"
    families = [*matplotlib.rcParams["font.family"], *([japanese] if japanese else [])]
    with matplotlib.rc_context({"font.family": families}):
        yield chosen


def axes(ax: Axes | None, size: tuple[float, float] = (5.6, 4.6)) -> Axes:
    """``ax`` itself, or the axes of a new pyplot figure, which a notebook shows by itself."""
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(figsize=size, layout="constrained")[1]


def ink(ax: Axes) -> tuple[float, float, float]:
    """The colour that stands out most from the ground of ``ax``: nearly black, or nearly white."""
    red, green, blue = ground(ax)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (0.11, 0.11, 0.11) if light > 0.4 else (0.95, 0.95, 0.95)


def ground(ax: Axes) -> tuple[float, float, float]:
    """The background colour of ``ax`` as it will look on the figure, or on white paper where both are clear."""
    from matplotlib.colors import to_rgba

    seen = (1.0, 1.0, 1.0)
    for layer in (ax.get_figure(root=True).get_facecolor(), ax.get_facecolor()):
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
