"""What layers beyond dense ones make of one row: the maps of filters, states over time, the weights of attention."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.layers import Attention, Conv2d
from tasou.network import Trace
from tasou.play.calculation import row_of, rows_for
from tasou.play.picture import finite
from tasou.play.run import Run
from tasou.play.scene import Scene

MOST_MAPS, MOST_UNITS = 16, 64


def within(
    run: Run, scene: Scene, *, sample: int = 0, point: int | None = None, x: Any = None
) -> dict[str, Any]:
    """One row, layer by layer, in the form in which each is read: of the coming batch, a point, or one handed in.

    Raises
    ------
    TasouError
        there is no such point, or x is no row of the data
    """
    if x is None:
        X, _, sample = rows_for(run, scene, sample=sample, point=point)
        x = X[min(sample, len(X) - 1)][None]
    else:
        x = row_of(run, x)
    with np.errstate(all="ignore"):
        trace = run.network.forward(x)
        found = [_input(run, x), *(_layer(trace, l) for l in range(1, run.network.L))]
    answer = {"kind": "numbers", "values": _plain(trace.y_hat[0]), "names": list(run.rows.classes)}
    return {"layers": [*found, answer], "update": run.update}


def _input(run: Run, x: Any) -> dict[str, Any]:
    shape = run.network.shapes[0]
    found = _shaped(x[0], shape)
    if isinstance(shape, tuple) and len(shape) == 2 and run.rows.steps is not None:
        return {"kind": "items", "items": run.rows.steps(x[0].reshape(shape))}
    return found


def _layer(trace: Trace, l: int) -> dict[str, Any]:
    layer, t = trace.network[l], trace[l]
    if isinstance(layer.card, Attention):
        weights = t.weights[0]
        if len(weights) == 1:
            return {"kind": "weights", "values": _plain(weights[0])}
        return {"kind": "states", "values": _plain(weights)}
    states = [t.part(k).h for k in t.parts()] if t.parts() else []
    if states and states[0] is not None:  # of a recurrent layer every step is told, whatever goes on
        return {"kind": "states", "values": _plain(np.stack([h[0] for h in states]).T)}
    found = _shaped(t.a[0], layer.gives)
    if isinstance(layer.card, Conv2d) and found["kind"] == "maps":
        kernel = layer.card.kernel
        high, wide = (kernel, kernel) if isinstance(kernel, int) else kernel
        filters = layer.W.reshape(len(layer.W), high, wide, -1)[..., 0]
        found["filters"] = _plain(filters[:MOST_MAPS])
    return found


def _shaped(a: Any, shape: Any) -> dict[str, Any]:
    """The numbers of a row by its shape: a map per channel, a line per feature over time, or numbers."""
    if isinstance(shape, tuple) and len(shape) == 3 and shape[0] * shape[1] > 1:
        return {"kind": "maps", "values": _plain(np.moveaxis(a.reshape(shape), -1, 0)[:MOST_MAPS])}
    if isinstance(shape, tuple) and len(shape) == 2:
        return {"kind": "states", "values": _plain(a.reshape(shape).T[:MOST_MAPS])}
    return {"kind": "numbers", "values": _plain(a[:MOST_UNITS])}


def _plain(values: Any) -> Any:
    """Nested lists with four digits that count; what is not finite is null."""
    values = np.asarray(values)
    if values.ndim > 1:
        return [_plain(part) for part in values]
    return [finite(float(f"{value:.4g}")) for value in values]
