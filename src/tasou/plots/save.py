"""Write a picture as PNG and SVG: the same bytes for the same picture, wholly or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from tasou import writing
from tasou.errors import TasouError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg")


def save(
    fig: Figure, path: str | os.PathLike[str], *, dpi: float = 160, alt: str | None = None
) -> list[Path]:
    """Write ``fig`` to ``path``: with the ending .png or .svg that one file, otherwise both; returns the paths.

    The text alternative ``alt`` (by default the titles, axes and legends of the picture) goes into the files'
    metadata. Existing files are replaced, each in one step.

    Raises
    ------
    TasouError
        a file cannot be written there; nothing half-written is left

    Examples
    --------
    >>> import tempfile
    >>> from matplotlib.figure import Figure
    >>> fig = Figure()
    >>> _ = fig.subplots().set_title("nothing yet")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in save(fig, f"{folder}/empty")]
    ['empty.png', 'empty.svg']
    """
    targets = check_path(path)
    first, *others = (target.suffix for target in targets)
    contents = [rendered(fig, first, dpi, alt=alt or describe(fig))]
    with _layout_kept(fig):
        contents += [rendered(fig, ending, dpi, alt=alt or describe(fig)) for ending in others]
    for target, content in zip(targets, contents, strict=True):
        writing.write(target, [content])
    return targets


@contextmanager
def _layout_kept(fig: Figure) -> Iterator[None]:
    """Draw inside without laying out anew: a picture looks alike in all formats, and is written faster."""
    engine = fig.get_layout_engine()
    fig.set_layout_engine("none")
    try:
        yield
    finally:
        fig.set_layout_engine(engine)


def check_path(path: str | os.PathLike[str]) -> list[Path]:
    """The files that `save` would write for ``path``; `TasouError` where it could not.

    >>> [target.name for target in check_path("spiral")]
    ['spiral.png', 'spiral.svg']
    """
    chosen = Path(path)
    if not chosen.name or str(path).endswith(os.sep):
        raise TasouError(writing.CANNOT_WRITE, path=chosen, reason=writing.A_FOLDER)
    if chosen.suffix.lower() in FORMATS:
        targets = [chosen]
    else:
        targets = [chosen.with_name(chosen.name + ending) for ending in FORMATS]
    for target in targets:
        writing.check(target)
    return targets


def describe(fig: Figure) -> str:
    """What the picture shows, in words: titles, axes and legends, from left to right."""
    heading = [fig.get_suptitle()] if fig.get_suptitle() else []
    return re.sub(r"[${}_\\]", "", ". ".join([*heading, *(_describe_axes(ax) for ax in fig.axes)]))


def _describe_axes(ax: Axes) -> str:
    labels = ", ".join(filter(None, (ax.get_xlabel(), ax.get_ylabel()))) if ax.axison else ""
    legend = ax.get_legend()
    entries = ", ".join(text.get_text() for text in legend.get_texts()) if legend else ""
    return "; ".join(filter(None, (ax.get_title(), labels, entries)))


def rendered(fig: Figure, ending: str, dpi: float = 160, *, alt: str) -> bytes:
    """The picture as the bytes of a file with this ending."""
    import matplotlib

    metadata: dict[str, str | None] = {"Title": alt.partition(";")[0], "Description": alt}
    if ending.lower() == ".svg":
        metadata |= {"Date": None, "Creator": "tasou"}
    buffer = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "tasou"}):
        fig.savefig(buffer, format=ending[1:].lower(), dpi=dpi, metadata=metadata)
    # In an SVG, what a screen reader reads out is <desc>, which Matplotlib does not write.
    return buffer.getvalue().replace(b"</title>", f"</title>\n <desc>{escape(alt)}</desc>".encode(), 1)
