"""Run rows through the network and add to the record what its layers and its answers show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tasou.diagnostics.data import measure_fit
from tasou.diagnostics.layers import measure_layers
from tasou.diagnostics.record import Record
from tasou.diagnostics.sample import Array
from tasou.network import Network, Trace
from tasou.training.divergence import first_non_finite

Held = tuple[Any, Array] | None
"""X and Y of rows kept out of training"""


def with_forward(record: Record, network: Network, X: Array) -> Record:
    """Without y there are no errors and no gradients, but the units can be looked at."""
    with np.errstate(all="ignore"):
        trace = network.forward(X)
    for t in trace.layers:
        if t.delta is not None:
            t.delta[...] = 0
    if not np.isfinite(trace.raw).all():
        return with_divergence(record, trace)
    return replace(record, layers=measure_layers(trace))


def with_fit(
    record: Record,
    network: Network,
    X: Array,
    Y: Array,
    validation: Held = None,
    update_ratios: Sequence[float] | None = None,
    trace: Trace | None = None,
    back: int | None = None,
) -> Record:
    """A forward pass of the rows, and a backward pass of the first ``back`` of them: layers, loss and score."""
    with np.errstate(all="ignore"):
        trace = run_through(trace or Trace(network, len(X)), X, Y, back)
        if not (np.isfinite(trace.raw).all() and np.isfinite(trace.loss)):
            return with_divergence(record, trace)
        layers, fit = measure_layers(trace, update_ratios, back), measure_fit(trace, Y, validation)
    return replace(record, layers=layers, fit=fit)


def run_through(trace: Trace, X: Array, Y: Array, back: int | None = None) -> Trace:
    """All rows forward, the first ``back`` of them backward as well (all, if not given)."""
    network = trace.network
    network.forward(network.as_input(X), trace)
    network.measure(trace, Y)
    part = trace if back is None else trace.first(back)
    part.x = trace.x[: part.n]
    if part.n:
        network.backward(part, Y[: part.n])
    return trace


def with_divergence(record: Record, trace: Trace) -> Record:
    """The name of the first value that is not finite, unless the training has told it already."""
    return replace(record, run=replace(record.run, diverged=record.run.diverged or first_non_finite(trace)))
