"""Draw a picture for light and for dark pages, and show it with its text alternative.

A picture too wide for a phone is drawn twice more, narrow (``weaving.narrow``); the style sheet shows which one fits.
"""

from __future__ import annotations

import ast
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weaving import narrow

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from weaving.blocks import Block
    from weaving.page import Page

DPI = 144
DARK = {"figure.facecolor": "#131416", "axes.facecolor": "#131416", "savefig.facecolor": "#131416"}
THEMES: dict[str, list[Any]] = {"light": ["default"], "dark": ["dark_background", DARK]}
ENDINGS = {"wide": "", "alone": "", "narrow": "-narrow"}
"""of the files: one that fits every page, or is moved sideways on a phone, is alone"""
TURNED = {
    "en": "On this narrow page, what the text calls left stands above, what it calls right below.",
    "ja": "幅の狭い画面では、本文で「左」「右」と呼ぶ図を、上から順に並べています。",
}
"""of panels that stand below each other"""
STEPS = str(Path(__file__).parents[1] / "steps")


def make(block: Block, page: Page) -> str:
    """The code (unless ``:code: no``) and the picture that its last line hands back."""
    with speaking(page.lang):
        shown = show(lambda: drawn_by(block.text), page, block.options.get("alt"), scroll=scrolls(block))
    code = "" if block.options.get("code") == "no" else f"```python\n{block.text}\n```\n\n"
    return code + shown


def scrolls(block: Block) -> bool:
    """Whether the block says that a phone shows its picture as it is, to be moved sideways."""
    return block.options.get("narrow") == "scroll"


def drawn_by(code: str) -> Figure:
    """Run the code; its last line is an expression that gives a figure, axes, or something that has a figure."""
    tree = ast.parse(code)
    last = tree.body.pop()
    if not isinstance(last, ast.Expr):
        raise ValueError(f"the last line of a picture must be an expression, not {ast.unparse(last)!r}")
    names: dict[str, Any] = {}
    if STEPS not in sys.path:
        sys.path.insert(0, STEPS)
    exec(compile(tree, "<picture>", "exec"), names)
    return _figure(eval(compile(ast.Expression(last.value), "<picture>", "eval"), names))


def _figure(drawn: Any) -> Figure:
    if hasattr(drawn, "savefig"):
        return drawn
    if hasattr(drawn, "get_figure"):
        return drawn.get_figure(root=True)
    for name in ("figure_", "figure", "ax_", "ax", "axes"):
        if hasattr(drawn, name):
            return _figure(getattr(drawn, name))
    return _figure(next(iter(drawn)))  # several axes, or whatever else was drawn: the first tells the figure


def show(
    draw: Callable[[], Figure],
    page: Page,
    alt: str | None = None,
    *,
    scroll: bool = False,
    sides: bool = False,
) -> str:
    """Call ``draw`` in a light and in a dark style, save both, and give the Markdown that shows them.

    ``sides``: the text speaks of left and right, which on a narrow page are above and below.
    """
    import matplotlib

    matplotlib.use("agg")
    name = page.picture_name()
    page.pictures.mkdir(parents=True, exist_ok=True)
    wide, parts = _both(draw, page, name, alt, "alone" if scroll else "wide")
    if narrow.needed(wide) and not scroll:
        with narrow.drawing():
            figure, drawn = _both(draw, page, name, alt, "narrow")
        parts += drawn
        if sides and narrow.turned(figure):
            parts.append(f":::{{container}} turned\n{TURNED[page.lang]}\n:::")
    elif not scroll:
        parts = [part.replace(" wide\n", " alone\n", 1) for part in parts]
    shown = "\n\n".join(parts)
    return f":::{{container}} panorama\n{shown}\n:::" if scroll else shown


def _both(
    draw: Callable[[], Figure], page: Page, name: str, alt: str | None, form: str
) -> tuple[Figure, list[str]]:
    """The light figure, and the Markdown of both."""
    from matplotlib import pyplot

    parts, light = [], None
    for theme, style in THEMES.items():
        with pyplot.style.context(style):
            figure = draw()
            narrow.finish(figure)
            if light is not None:
                lay_out_as(light, figure)
            light = figure if light is None else light
            file = page.pictures / f"{name}-{theme}{ENDINGS[form]}.png"
            figure.savefig(file, dpi=DPI)
            parts.append(image(file, theme, alt or _describe(figure), figure.get_figwidth(), form))
            pyplot.close("all")
    assert light is not None
    return light, parts


def lay_out_as(model: Figure, figure: Figure) -> None:
    """Put everything where it is in a figure that differs in colours alone; to find the places takes its time."""
    if model.get_layout_engine() is None:
        return
    figure.set_layout_engine("none")
    for name in ("_suptitle", "_supxlabel", "_supylabel"):
        if getattr(model, name) is not None:
            getattr(figure, name).set_position(getattr(model, name).get_position())
    for there, ax in zip(model.axes, figure.axes, strict=True):
        ax.set_position(there.get_position(original=True))


def _describe(figure: Figure) -> str:
    from tasou.plots.save import describe

    return describe(figure)


def image(file: Path, theme: str, alt: str, inches: float, form: str = "alone") -> str:
    """A picture for light or for dark pages, as Markdown; a narrow one is not fetched where it is not seen."""
    options = f":class: only-{theme} {form}\n:alt: {' '.join(alt.split())}\n:width: {inches * 84:.0f}px"
    options += "\n:loading: lazy" if form == "narrow" else ""
    return f"```{{image}} /{file.parent.name}/{file.name}\n{options}\n```"


@contextmanager
def speaking(lang: str):
    """What runs inside speaks this language, as on a learner's machine; a training may end before it has converged."""
    before = os.environ.get("TASOU_LANG")
    os.environ["TASOU_LANG"] = lang
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*converge")
            yield
    finally:
        if before is None:
            del os.environ["TASOU_LANG"]
        else:
            os.environ["TASOU_LANG"] = before
