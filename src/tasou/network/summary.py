"""The layers of a network as a table: role, function, size of output, parameters (lecture 2.3)."""

from __future__ import annotations

from typing import Any

from tasou.language import language
from tasou.layers import Size
from tasou.text import aligned

HEAD = {
    "en": ("layer", "role", "function", "output", "parameters"),
    "ja": ("層", "役割", "関数", "出力の大きさ", "パラメータ数"),
}
ROLES = {"en": ("input", "hidden", "output"), "ja": ("入力層", "隠れ層", "出力層")}


def layer_table(network: Any, lang: str | None = None) -> str:
    """One line per layer, the input first, and the network as a composition of functions below.

    >>> from tasou.network import Network
    >>> print(layer_table(Network((2, 10, 3), rng=0), "en"))
    layer  role    function                        output  parameters
    0      input   x                                 (2,)           0
    1      hidden  a[1] = relu(W[1] x + b[1])       (10,)          30
    2      output  ŷ = softmax(W[2] a[1] + b[2])     (3,)          33
    ŷ = f2(f1(x))
    """
    return Text(aligned(layer_rows(network, lang), right=(3, 4)) + "\n" + composition(network))


class Text(str):
    """A text of several lines that a notebook or a console shows as it is printed, not as a quoted string."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def layer_rows(network: Any, lang: str | None = None) -> list[tuple[str, ...]]:
    """The headings, and a row of cells for each layer, the input first."""
    lang = language(lang)
    roles = ROLES[lang]
    rows: list[tuple[str, ...]] = [HEAD[lang], ("0", roles[0], "x", _shape(network.shapes[0]), "0")]
    for layer in network.layers:
        role = roles[2 if layer.l == network.L else 1]
        rows.append((str(layer.l), role, _formula(network, layer), _shape(layer.gives), f"{layer.size}"))
    return rows


def _shape(n: Size) -> str:
    return str(n if isinstance(n, tuple) else (n,))


def _formula(network: Any, layer: Any) -> str:
    """a[1] = relu(W[1] x + b[1]); of another layer than a dense one, its name in place of the function."""
    l, last = layer.l, layer.l == network.L
    before = "x" if l == 1 else f"a[{l - 1}]"
    inner = f"W[{l}] {before} + b[{l}]" if layer.card.drawn else before
    names = [layer.label] if not layer.card.drawn else []
    names += [network.output] if last else [layer.label] if layer.card.drawn else []
    for name in names:
        inner = inner if name == "identity" else f"{name}({inner})"
    return f"{'ŷ' if last else f'a[{l}]'} = {inner}"


def composition(network: Any) -> str:
    """The network as a composition of its layers: ŷ = f3(f2(f1(x)))."""
    inner = "x"
    for layer in network.layers:
        inner = f"f{layer.l}({inner})"
    return f"ŷ = {inner}"
