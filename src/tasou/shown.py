"""What notebooks show of an object: small pieces of HTML without script or anything from outside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Sequence
from html import escape

STYLE = (
    "<style>.tasou-shown{text-align:left;max-width:60rem}.tasou-shown table{border-collapse:collapse;margin:.4em 0}"
    ".tasou-shown th,.tasou-shown td{padding:.15em .8em;text-align:left;border-bottom:1px solid "
    "color-mix(in srgb,currentColor 20%,transparent)}.tasou-shown .right{text-align:right;"
    "font-variant-numeric:tabular-nums}.tasou-shown td:first-child{word-break:keep-all}.tasou-shown p{margin:.3em 0}"
    ".tasou-shown img{max-width:100%;height:auto}.tasou-shown ul{margin:.4em 0;padding-left:1.3em}"
    ".tasou-row{display:flex;flex-wrap:wrap;gap:1em 2em;align-items:flex-start}.tasou-row figure{margin:.4em 0}"
    ".tasou-row figcaption{margin-bottom:.3em;max-width:30em}</style>"
)


def fragment(heading: str, *parts: str) -> str:
    """A heading, as text, and pieces of HTML below it.

    >>> fragment("a < b", "<p>text</p>").endswith("<p><strong>a &lt; b</strong></p><p>text</p></div>")
    True
    """
    head = f"<p><strong>{escape(heading)}</strong></p>" if heading else ""
    return f'<div class="tasou-shown">{STYLE}{head}{"".join(parts)}</div>'


def html_table(
    head: Sequence[object], rows: Sequence[Sequence[object]], *, right: Collection[int] = ()
) -> str:
    """Cells of text as a table; the columns in ``right`` are set flush right.

    >>> html_table(["n"], [[1]], right=[0])
    '<table><thead><tr><th class="right">n</th></tr></thead><tbody><tr><td class="right">1</td></tr></tbody></table>'
    """

    def row(kind: str, cells: Sequence[object]) -> str:
        marks = [' class="right"' if c in right else "" for c in range(len(cells))]
        inside = (
            f"<{kind}{mark}>{escape(str(cell))}</{kind}>" for mark, cell in zip(marks, cells, strict=True)
        )
        return f"<tr>{''.join(inside)}</tr>"

    body = "".join(row("td", cells) for cells in rows)
    return f"<table><thead>{row('th', head)}</thead><tbody>{body}</tbody></table>"


def unfolding(title: str, inside: str) -> str:
    """HTML that is shown when its title is clicked.

    >>> unfolding("a < b", "<p>text</p>")
    '<details><summary>a &lt; b</summary><p>text</p></details>'
    """
    return f"<details><summary>{escape(title)}</summary>{inside}</details>"


def picture(png: bytes, alt: str) -> str:
    """A picture that is part of the page."""
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{b64encode(png).decode()}">'


def curve(values: Sequence[float], title: str, *, second: Sequence[float] = ()) -> str:
    """A line (and a dashed one) over the epochs as SVG, which needs no Matplotlib.

    >>> "polyline" in curve([2.0, 1.0], "loss")
    True
    """
    finite = [v for v in (*values, *second) if v == v and abs(v) != float("inf")]
    if not finite or not values:
        return ""
    low, high = min(0.0, *finite), max(finite)
    width, height = 420, 140
    lines = [
        _polyline(line, low, high, width, height, dash)
        for line, dash in ((values, ""), (second, "5 3"))
        if line
    ]
    text = 'font-size="11" font-family="system-ui,sans-serif" fill="currentColor"'
    return (
        f'<svg viewBox="0 0 {width + 70} {height + 30}" width="{width + 70}" role="img" aria-label="{escape(title)}" '
        f'style="max-width:100%"><g transform="translate(50,8)"><path d="M0 0V{height}H{width}" fill="none" '
        f'stroke="currentColor" opacity=".5"/>{"".join(lines)}'
        f'<text {text} text-anchor="end" x="-6" y="8">{high:.3g}</text>'
        f'<text {text} text-anchor="end" x="-6" y="{height}">{low:.3g}</text>'
        f'<text {text} x="0" y="{height + 16}">1</text>'
        f'<text {text} text-anchor="end" x="{width}" y="{height + 16}">{len(values)}</text></g></svg>'
    )


def _polyline(values: Sequence[float], low: float, high: float, width: int, height: int, dash: str) -> str:
    """The line, through at most a point for each unit of its width."""
    step = max(1, len(values) // width)
    chosen = sorted({*range(0, len(values), step), len(values) - 1})
    span, last = (high - low) or 1.0, max(1, len(values) - 1)
    points = " ".join(
        f"{width * k / last:.1f},{height * (1 - (values[k] - low) / span):.1f}"
        for k in chosen
        if values[k] == values[k] and abs(values[k]) != float("inf")
    )
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{points}" fill="none" stroke="#3f90da" stroke-width="2"{dashes}/>'
