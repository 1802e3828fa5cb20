"""The calculation of one sample or of a batch, from the library's own ledger: what the page unfolds row by row.

Formulas and numbers are those of `tasou.network.ledger`; here they become plain lists (a MathML element is a list of
its name and its parts), so that the page builds them element by element and never reads markup.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import numpy as np

from tasou.errors import TasouError
from tasou.formulas import optimizers
from tasou.language import LANGUAGES
from tasou.messages import Message
from tasou.network import Gradient, Network, Trace
from tasou.network.ledger import Ledger, Quantity, ledger
from tasou.network.ledger.books import sample_quantities
from tasou.network.ledger.diagram import Diagram
from tasou.network.ledger.notation import mathml, mathml_matrix
from tasou.network.ledger.quantity import Pen
from tasou.network.ledger.sample import given
from tasou.network.ledger.words import PHASES, explanation, shape_text
from tasou.play.run import Run
from tasou.play.scene import Scene

MOST_ROWS = 24
DIGITS = (2, 17)

NO_POINT = Message(
    "play.no_point",
    en="there is no point {index}: {n} are shown",
    ja="点 {index} はありません（表示しているのは {n} 個）",
)
NO_ROW = Message(
    "play.no_row", en="a row of {n} finite numbers is needed", ja="{n} 個の有限の数からなる行が必要です"
)
OTHER_UPDATE = {
    "en": "{optimizer} turns the mean gradient into this step (with whatever else is set: clipping, decay, momentum).",
    "ja": "{optimizer} が平均勾配からこの更新を決める（クリッピングや重み減衰、モーメンタムの設定も含む）。",
}


@dataclass(frozen=True)
class Later:
    """The rest of an answer, which touches nothing of the run: it can be written while the training goes on."""

    rest: Callable[[], Any]


def calculation(
    run: Run,
    scene: Scene,
    *,
    sample: int = 0,
    point: int | None = None,
    batch: bool = False,
    digits: int = 4,
    phase: str | None = None,
) -> Later:
    """Every quantity of a step: of a sample of the coming batch, of a point that is shown, or of the whole batch.

    The numbers are those of now; writing them out, which takes longer, is left for later. Where only a ``phase`` is
    looked at, the numbers of the others are left out.

    Raises
    ------
    TasouError
        there is no such point or sample
    """
    X, Y, sample = rows_for(run, scene, sample=sample, point=None if batch else point)
    digits = min(max(digits, DIGITS[0]), DIGITS[1])
    network, lr, update = deepcopy(run.network), run.lr, run.update
    with np.errstate(all="ignore"):
        trace = network.forward(X)
        network.measure(trace, Y)
        network.backward(trace, Y)
    moved = None if is_plain(run) else _moved(run, trace)
    optimizer = run.training.optimizer

    def rest() -> dict[str, Any]:
        with np.errstate(all="ignore"):
            i = None if batch else min(sample, trace.n - 1)
            found = _ledger(trace, i, lr if moved is None else None, digits)
        diagram = Diagram.of(network, loss=True)
        shown = [phase in (None, q.phase) for q in found.quantities]
        quantities = [
            _quantity(q, diagram, batch, whole=whole)
            for q, whole in zip(found.quantities, shown, strict=True)
        ]
        if moved is not None:
            quantities += _updates(network, moved, optimizer, digits)
        return {
            "quantities": quantities,
            "note": {lang: _note(lr, found, lang, point) for lang in LANGUAGES},
            "values": _values(trace, found, i, lr, digits),
            "phases": {name: dict(words) for name, words in PHASES.items()},
            "sample": sample,
            "n": trace.n,
            "batch": batch,
            "update": update,
        }

    return Later(rest)


def rows_for(run: Run, scene: Scene, *, sample: int = 0, point: Any = None) -> tuple[Any, Any, int]:
    """The coming batch, or a point that is shown as a batch of its own; and which of the rows is looked at."""
    if point is not None:
        return (*_point(run, scene, point), 0)
    coming = run.coming()
    return coming.X, coming.Y, sample


def _ledger(trace: Trace, sample: int | None, lr: float | None, digits: int) -> Ledger:
    """The ledger of one sample, without those of its neighbours, which a page of the ledger's own would hold."""
    if sample is None:
        return ledger(trace, None, lr=lr, digits=digits)
    return Ledger(trace, sample, list(sample_quantities(trace, sample, digits, lr)), None)


CELLS = 6
"""numbers of a vector that stand in place of its symbol"""


def _values(trace: Trace, found: Ledger, sample: int | None, lr: float, digits: int) -> dict[str, Any]:
    """What may stand in a formula in place of a symbol, by the symbol's letters: a number, a vector, a matrix."""
    cells = dict(given(trace, sample or 0, digits, lr))
    if sample is None:  # x and y are those of one row
        cells = {symbol: rows for symbol, rows in cells.items() if symbol not in ("x", "y")}
    for q in found.quantities:
        if q.phase != "update" and q.symbol not in cells:
            rows = q.matrix or tuple((row.value,) for row in q.rows[:CELLS])
            cells[q.symbol] = rows if q.matrix or q.count <= CELLS else (*rows, ("⋮",))
    return {letters(tree(symbol)): _as_value(rows) for symbol, rows in cells.items() if rows}


def _as_value(rows: tuple[tuple[str, ...], ...]) -> list[Any]:
    if len(rows) > 1 and rows[-1] == ("⋯",):  # the end of a row that stands upright here
        rows = (*rows[:-1], ("⋮",))
    single = len(rows) == len(rows[0]) == 1
    return tree_of(mathml(rows[0][0]) if single else mathml_matrix(rows))


def letters(part: Any) -> str:
    """The letters of a formula, without its form.

    >>> letters(tree("W[1]"))
    'W[1]'
    """
    if isinstance(part, str):
        return part
    return "".join(letters(each) for each in (part or [])[1:] if not isinstance(each, dict))


def _note(lr: float, found: Ledger, lang: str, point: int | None) -> str:
    return f"{found.note(lang)}, α = {Pen().num(lr)}" if point is None else f"α = {Pen().num(lr)}"


def _point(run: Run, scene: Scene, point: Any) -> tuple[Any, Any]:
    """One of the points that are shown, as a batch of its own."""
    if not isinstance(point, int) or isinstance(point, bool) or not 0 <= point < len(scene.index):
        raise TasouError(NO_POINT, index=point, n=len(scene.index))
    y = run.rows.targets(run.network.loss, scene.y[[point]])
    return run.network.as_input(scene.X[[point]]), run.network.as_target(y)


def row_of(run: Run, x: Any) -> Any:
    """A row that was handed in, as a batch of its own."""
    n = run.network.sizes[0]
    try:
        row = np.array([x], float)
    except (TypeError, ValueError):
        raise TasouError(NO_ROW, n=n) from None
    if row.shape != (1, n) or not np.isfinite(row).all():
        raise TasouError(NO_ROW, n=n)
    return row


def is_plain(run: Run) -> bool:
    """Whether an update is W := W − α ∇W and nothing else: what the ledger writes."""
    training = run.training
    plain = optimizers.get("sgd")
    return (
        training.optimizer.name == plain.name
        and not any(training.optimizer.parameters.values())
        and not training.weight_decay
        and training.clip_norm is None
        and not any(run.network.dropout)
    )


def _moved(run: Run, trace: Trace) -> Any:
    """Where the step leads that the optimizer really makes with the batch's mean gradient."""
    _, grad = run.network.mean(_gradient(trace), run.network.parameters.like())
    return run.preview(grad.theta)


def _updates(network: Network, moved: Any, optimizer: Any, digits: int) -> list[dict[str, Any]]:
    pen, found = Pen(digits), []
    about = {lang: OTHER_UPDATE[lang].format(optimizer=optimizer.label) for lang in LANGUAGES}
    for place in network.parameters.layout.places:
        values = place.view(moved)
        found.append(
            {
                "phase": "update",
                "kind": "update",
                "layer": place.l,
                "symbol": tree(place.symbol),
                "formula": tree(f"{optimizer.name}({place.symbol}, ∇{place.symbol})"),
                "shape": {lang: str(values.shape) for lang in LANGUAGES},
                "about": about,
                "rows": [],
                "count": 0,
                "column": str(place.l),
                "parents": [],
                "matrix": tree_of(mathml_matrix(pen.matrix(values))),
            }
        )
    return found


def _gradient(trace: Trace) -> Any:
    return Gradient(trace.grad.theta, trace.loss, trace.total_weight)


def _quantity(q: Quantity, diagram: Diagram | None, batch: bool, *, whole: bool) -> dict[str, Any]:
    """One quantity as plain values; large layers are cut, and where it is not looked at, its numbers left out."""
    column, parents = ("", []) if diagram is None or batch else diagram.place(q)
    rows = q.rows[:MOST_ROWS] if whole else ()
    return {
        "phase": q.phase, "kind": q.kind, "layer": q.layer, "symbol": tree(q.symbol),
        "formula": tree("" if q.formula == q.symbol else q.formula),
        "shape": {lang: shape_text(q.shape, lang) for lang in LANGUAGES},
        "about": {lang: explanation(q.kind, q.layer, lang) for lang in LANGUAGES},
        "rows": [[tree(row.symbol), tree(row.numbers), tree(row.value), row.value] for row in rows],
        "count": q.count, "column": column, "parents": [list(parent) for parent in parents],
        "matrix": tree_of(mathml_matrix(q.matrix)) if q.matrix and whole else None,
    }  # fmt: skip


# --- MathML as lists -------------------------------------------------------------------------------------------------


def tree(text: str) -> list[Any] | None:
    """Plain text of a formula as nested lists.

    >>> tree("b[1]")
    ['math', ['msup', ['mi', 'b'], ['mrow', ['mo', '['], ['mn', '1'], ['mo', ']']]]]
    """
    return tree_of(mathml(text)) if text else None


def tree_of(markup: str) -> list[Any]:
    """An element that the library wrote, as lists: its name, its attributes where it has some, its parts."""
    return _listed(ElementTree.fromstring(markup))


def _listed(element: ElementTree.Element) -> list[Any]:
    found: list[Any] = [element.tag]
    if element.attrib:
        found.append(dict(element.attrib))
    if element.text:
        found.append(element.text)
    for child in element:
        found.append(_listed(child))
        if child.tail:
            found.append(child.tail)
    return found
