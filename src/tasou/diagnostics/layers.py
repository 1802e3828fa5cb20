"""Measure the layers from the record of a step: from z, f(z), δ and ∇W as they stand in the trace."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.diagnostics.record import NAN, Layer
from tasou.formulas.activations import Activation
from tasou.network import Network, Trace
from tasou.network.placed import PlacedLayer

Array = NDArray[Any]

FLAT = 0.05
"""a slope below this share of the activation's steepest slope counts as flat"""
STUCK = 0.99
"""a unit flat for this share of the rows is stuck"""
FAR = 50.0
"""the units' z where an activation that flattens has flattened"""
SAME = 1e-9


def measure_layers(
    trace: Trace, update_ratios: Sequence[float] | None = None, back: int | None = None
) -> tuple[Layer, ...]:
    """Every layer of the trace; ``update_ratios`` are those of the watched steps, one per layer.

    Only the first ``back`` rows went through the backward pass; all of them, if that is not given.
    """
    ratios = update_ratios or [NAN] * trace.network.L
    with np.errstate(all="ignore"):
        pairs = zip(trace.network.layers, ratios, strict=True)
        return tuple(_measure(layer, trace, ratio, back) for layer, ratio in pairs if layer.card.drawn)


def _measure(layer: PlacedLayer, trace: Trace, update_ratio: float, back: int | None) -> Layer:
    t = trace.layers[layer.l - 1]
    bounded = flattens(layer.activation)
    dead, stuck, saturated = _flat_parts(layer, t.z, t.f, bounded)
    return Layer(
        l=layer.l,
        units=len(layer.b),
        activation=layer.activation.name,
        hidden=layer.l < trace.network.L,
        bounded=bounded,
        dead=dead,
        stuck=stuck,
        saturated=saturated,
        error=_rms(t.delta[:back]),
        weight=_rms(layer.W),
        identical=_identical(layer),
        update_ratio=update_ratio,
    )


def _flat_parts(
    layer: PlacedLayer, z: Array, a: Array, bounded: bool
) -> tuple[tuple[int, ...], tuple[int, ...], float]:
    """Units with slope 0 for every row, units stuck in a flat part, share of values in a flat part."""
    if layer.linear or not len(z):
        return (), (), 0.0
    slope = layer.activation.slope(z, a, np)
    if not bounded:
        return _units(~slope.any(axis=0)), (), 0.0
    flat = (np.abs(slope) < FLAT * steepest(layer.activation)).mean(axis=0)
    return (), _units(flat >= STUCK), float(flat.mean())


def _units(mask: Array) -> tuple[int, ...]:
    return tuple(np.flatnonzero(mask).tolist())


@cache
def flattens(activation: Activation) -> bool:
    """Whether f no longer changes far out on either side.

    >>> from tasou.formulas import activations
    >>> [name for name in activations.names() if flattens(activations.get(name))]
    ['hard_sigmoid', 'sigmoid', 'tanh']
    """
    z = np.array([-2 * FAR, -FAR, FAR, 2 * FAR])
    a = activation.f(z, np)
    return bool(abs(a[1] - a[0]) < SAME and abs(a[3] - a[2]) < SAME)


@cache
def steepest(activation: Activation) -> float:
    """The largest slope near the origin, where units work.

    >>> from tasou.formulas import activations
    >>> steepest(activations.get("sigmoid"))
    0.25
    """
    z = np.linspace(-8, 8, 321)
    return float(np.abs(activation.slope(z, activation.f(z, np), np)).max())


def _identical(layer: PlacedLayer) -> int:
    """How many units have the same incoming weights and bias as an earlier one.

    One number per unit, its weights along a fixed random direction, tells units apart without comparing pairs.
    """
    marks = np.sort(layer.W @ _direction(layer.W.shape[1]) + np.pi * layer.b)
    return int(np.count_nonzero(marks[1:] - marks[:-1] <= SAME * np.abs(marks[1:])))


@cache
def _direction(n: int) -> Array:
    return np.random.default_rng(0).standard_normal(n)


def _rms(values: Array) -> float:
    flat = values.ravel()
    return float(np.sqrt(np.dot(flat, flat) / flat.size)) if flat.size else NAN


def lengths(network: Network, theta: Array | None = None) -> list[float]:
    """‖W[l]‖ of each layer, or its distance from the W[l] of another theta; NaN of a layer without one."""
    norms = [NAN] * network.L
    for place in network.parameters.layout.places:
        if place.name == "W":
            W = place.view(network.theta)
            norms[place.l - 1] = float(np.linalg.norm(W if theta is None else W - place.view(theta)))
    return norms
