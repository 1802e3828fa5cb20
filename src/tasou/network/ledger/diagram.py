"""The network as a drawing beside the ledger: a circle per unit, a line per weight, softmax unfolded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.language import say
from tasou.network.ledger.quantity import Quantity

MOST, FIRST = 10, 6
"""units of a layer that are drawn; of a larger layer the first ones"""
ACROSS, DOWN, RADIUS, TOP = 96, 50, 19, 34
THIN, THICK = 0.6, 4.5
TITLE = {"en": "The network {sizes}", "ja": "ネットワーク {sizes}"}

Parents = list[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """Circles that stand below one another: the units of a layer, or a part of the output function."""

    key: str
    """what the script calls it: the number of the layer, or e, S, y, L"""
    head: str
    size: int
    under: str = ""

    @property
    def shown(self) -> int:
        """How many circles are drawn."""
        return self.size if self.size <= MOST else FIRST


@dataclass(frozen=True)
class Diagram:
    """The columns of a network from left to right, and the lines between them."""

    columns: list[Column]
    weights: list[NDArray[Any]] = field(default_factory=list)
    output: str = "identity"

    @classmethod
    def of(cls, network: Any, *, loss: bool = False) -> Diagram | None:
        """The diagram of a network of dense layers; of others there is none."""
        if not network.plain:
            return None
        last, output = network.L, network.loss.output
        heads = ["x", *(f"a[{l}]" for l in range(1, last)), f"z[{last}]" if output != "identity" else "ŷ"]
        under = ["", *(layer.activation.label for layer in network.layers[:-1]), ""]
        columns = [
            Column(str(l), head, size, name)
            for l, (head, size, name) in enumerate(zip(heads, network.sizes, under, strict=True))
        ]
        if output == "softmax":
            columns += [Column("e", "e", network.sizes[-1], "exp"), Column("S", "S", 1, "Σ")]
        if output != "identity":
            columns.append(Column("y", "ŷ", network.sizes[-1], "e / S" if output == "softmax" else output))
        if loss:
            columns.append(Column("L", "L", 1))
        return cls(columns, [np.asarray(layer.W, float) for layer in network.layers], output)

    @property
    def answer(self) -> str:
        """The column in which ŷ stands."""
        return "y" if self.output != "identity" else str(len(self.weights))

    def place(self, quantity: Quantity) -> tuple[str, Parents]:
        """The column that a quantity belongs to, and what it is computed from: (column, "same" unit or "all")."""
        l = quantity.layer
        here, before, after = str(l), str(l - 1), str(l + 1)
        if quantity.kind == "update" and quantity.symbol.startswith("b"):
            return here, [(here, "same")]
        places: dict[str, tuple[str, Parents]] = {
            "input": ("0", []),
            "affine": (here, [(before, "all")]),
            "activation": (here, [(here, "same")]),
            "dropout": (here, [(here, "same")]),
            "exponentials": ("e", [(here, "same")]),
            "sum_of_exponentials": ("S", [("e", "all")]),
            "quotient": ("y", [("e", "same"), ("S", "all")]),
            "prediction": (self.answer, [(here, "same")]),
            "loss": ("L", [(self.answer, "all")]),
            "output_error": (here, [(self.answer, "same")]),
            "hidden_error": (here, [(after, "all")]),
            "grad_W": (here, [(here, "same"), (before, "all")]),
            "grad_b": (here, [(here, "same")]),
            "update": (here, [(here, "same"), (before, "all")]),
        }
        return places.get(quantity.kind, ("", []))

    # --- drawing -------------------------------------------------------------------------------------------------

    def svg(self, lang: str | None = None, *, values: dict[str, Sequence[str]] | None = None) -> str:
        """The drawing as SVG: no script, no colour but classes; ``values`` are written into the circles."""
        tallest = max(column.shown + (column.size > column.shown) for column in self.columns)
        width, height = ACROSS * (len(self.columns) - 1) + 2 * RADIUS + 30, TOP + DOWN * tallest + 26
        sizes = " → ".join(str(c.size) for c in self.columns[: len(self.weights) + 1])
        parts = [*self._lines(tallest), *self._units(tallest, values or {})]
        title = escape(say(TITLE, lang, sizes=sizes))
        return (
            f'<svg class="net" viewBox="0 0 {width} {height}" role="img" aria-label="{title}" '
            f'style="--wide:{width}px">{"".join(parts)}</svg>'
        )

    def _at(self, c: int, j: int, tallest: int) -> tuple[float, float]:
        """The middle of circle j of column c."""
        rows = self.columns[c].shown + (self.columns[c].size > self.columns[c].shown)
        return RADIUS + 15 + ACROSS * c, TOP + DOWN * ((tallest - rows) / 2 + j + 0.5)

    def _pairs(self) -> Iterator[tuple[int, int, int, int, float]]:
        """Every line: column and unit where it begins and ends, and the weight on it (0: none)."""
        keys = {column.key: c for c, column in enumerate(self.columns)}
        for l, W in enumerate(self.weights):
            for j in range(self.columns[l + 1].shown):
                for i in range(self.columns[l].shown):
                    yield l, i, l + 1, j, float(W[j, i])
        last, k = len(self.weights), range(self.columns[len(self.weights)].shown)
        if "e" in keys:
            yield from ((last, j, keys["e"], j, 0.0) for j in k)
            yield from ((keys["e"], j, keys["S"], 0, 0.0) for j in k)
            yield from ((keys["S"], 0, keys["y"], j, 0.0) for j in k)
        elif "y" in keys:
            yield from ((last, j, keys["y"], j, 0.0) for j in k)
        if "L" in keys:
            yield from ((keys[self.answer], j, keys["L"], 0, 0.0) for j in k)

    def _lines(self, tallest: int) -> Iterator[str]:
        most = max((float(np.abs(W).max()) for W in self.weights if W.size), default=0.0) or 1.0
        for a, i, b, j, weight in self._pairs():
            (x1, y1), (x2, y2) = self._at(a, i, tallest), self._at(b, j, tallest)
            wide = THIN + (THICK - THIN) * abs(weight) / most if weight else 1.0
            sign = "plus" if weight > 0 else "minus" if weight < 0 else "none"
            ends = f'data-a="{self.columns[a].key}:{i}" data-b="{self.columns[b].key}:{j}"'
            title = f"<title>{weight:.4g}</title>" if weight else ""
            yield (
                f'<line class="{sign}" {ends} x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" '
                f'stroke-width="{wide:.1f}">{title}</line>'
            )

    def _units(self, tallest: int, values: dict[str, Sequence[str]]) -> Iterator[str]:
        for c, column in enumerate(self.columns):
            x, top = self._at(c, 0, tallest)
            yield f'<text class="head" x="{x:g}" y="{top - RADIUS - 9:g}">{escape(_head(column.head))}</text>'
            for j in range(column.shown):
                y = self._at(c, j, tallest)[1]
                written = values.get(column.key, ())
                value = escape(written[j]) if j < len(written) else ""
                yield (
                    f'<g class="unit" data-u="{column.key}:{j}"><circle cx="{x:g}" cy="{y:g}" r="{RADIUS}"/>'
                    f'<text x="{x:g}" y="{y + 3.5:g}">{value}</text></g>'
                )
            bottom = self._at(c, column.shown - 1, tallest)[1] + RADIUS
            if column.size > column.shown:
                yield f'<text class="under" x="{x:g}" y="{bottom + 16:g}">⋮ +{column.size - column.shown}</text>'
                bottom += 16
            yield f'<text class="under" x="{x:g}" y="{bottom + 15:g}">{escape(column.under)}</text>'


def _head(symbol: str) -> str:
    """``a[1]`` with its layer raised."""
    return symbol.translate(str.maketrans("[]0123456789", "⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹")) if "[" in symbol else symbol


STYLE = (
    "svg.net{width:100%;max-width:var(--wide);height:auto;font:10px system-ui,sans-serif;text-anchor:middle}"
    "svg.net circle{fill:Canvas;stroke:currentColor;stroke-width:1.2}svg.net text{fill:currentColor}"
    "svg.net .head{font-size:13px;font-style:italic}svg.net .under{font-size:10px;opacity:.75}"
    "svg.net line{stroke:currentColor;opacity:.55}svg.net .plus{stroke:#3f90da}"
    "svg.net .minus{stroke:#d0402b;stroke-dasharray:5 3}svg.net .none{stroke-dasharray:2 3}"
)
"""what a drawing needs where no page brings a style of its own"""


def network_html(network: Any, lang: str | None = None) -> str:
    """A network as a notebook shows it: its diagram, and the table of its layers."""
    from tasou.network.summary import composition, layer_rows
    from tasou.shown import fragment, html_table

    found = Diagram.of(network)
    head, *rows = layer_rows(network, lang)
    drawing = f"<style>{STYLE}</style>{found.svg(lang)}" if found else ""
    table = html_table(head, rows, right=(3, 4))
    return fragment(repr(network), drawing, table, f"<p><code>{escape(composition(network))}</code></p>")
