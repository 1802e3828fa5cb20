"""Draw a picture twice, for light and for dark pages, and show it with its text alternative."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from weaving.blocks import Block
    from weaving.page import Page

DPI = 144
DARK = {"figure.facecolor": "#131416", "axes.facecolor": "#131416", "savefig.facecolor": "#131416"}
THEMES: dict[str, list[Any]] = {"light": ["default"], "dark": ["dark_background", DARK]}
STEPS = str(Path(__file__).parents[1] / "steps")


def make(block: Block, page: Page) -> str:
    """The code (unless ``:code: no``) and the picture that its last line hands back."""
    with speaking(page.lang):
        shown = show(lambda: drawn_by(block.text), page, block.options.get("alt"))
    code = "" if block.options.get("code") == "no" else f"```python\n{block.text}\n```\n\n"
    return code + shown


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


def show(draw: Callable[[], Figure], page: Page, alt: str | None = None) -> str:
    """Call ``draw`` in a light and in a dark style, save both, and give the Markdown that shows them."""
    import matplotlib
    from matplotlib import pyplot

    matplotlib.use("agg")
    name, parts = page.picture_name(), []
    page.pictures.mkdir(parents=True, exist_ok=True)
    light = None
    for theme, style in THEMES.items():
        with pyplot.style.context(style):
            figure = draw()
            if light is not None:
                lay_out_as(light, figure)
            light = figure
            file = page.pictures / f"{name}-{theme}.png"
            figure.savefig(file, dpi=DPI)
            parts.append(image(file, theme, alt or _describe(figure), figure.get_figwidth()))
            pyplot.close("all")
    return "\n\n".join(parts)


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


def image(file: Path, theme: str, alt: str, inches: float) -> str:
    """A picture for light or for dark pages, as Markdown."""
    options = f":class: only-{theme}\n:alt: {' '.join(alt.split())}\n:width: {inches * 84:.0f}px"
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
