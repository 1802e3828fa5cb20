"""A picture of a run as it stands: boundary, what each unit has learnt, weights, points; numbers only, drawn elsewhere.

All of it comes from forward passes of the engine: of a grid over the plane, which gives the boundary, of some of its
points, which give every unit's map, and of the rows that are shown. Those of a large network are made in pieces:
between two of them whoever gives a command is heard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.diagnostics.layers import measure_layers
from tasou.formulas import activations, probabilities
from tasou.network import Trace
from tasou.play.run import Run
from tasou.play.scene import Scene
from tasou.play.scoring import classes_of
from tasou.play.setup import measured_rows

Array = NDArray[Any]

MOST_MAPS = 96
"""units that are shown as small maps; larger networks are shown by numbers"""
MAP = 25
MOST_WEIGHTS = 4_096
"""parameters that are sent one by one"""
MOST_TILES = 24
"""units of the first layer whose weights are shown as pictures"""
MEASURED, QUICK = 5_000, 400
"""rows on which the loss of the moment is measured; fewer while a large network plays"""
LATTICE = 21
"""lines of the grid that is seen bent in a layer's space"""
PAINTED = 300
"""rows on which units are measured"""
PIECE = 20_000_000
"""rows times parameters of a piece of a picture: some milliseconds"""


class Disturbed(Exception):
    """Somebody has given a command while a picture was made: it would be one of the past."""


def never() -> bool:
    """Nobody disturbs."""
    return False


@dataclass
class View:
    """What somebody looks at."""

    grid: int = 100
    maps: bool = True
    edges: str = "value"
    """value, gradient, update or firing"""
    layer: int = 0
    """whose space is shown; 0 is the plane of the input"""
    quick: bool = False
    """whether to spend little, because a large network is being played"""
    still: bool = True
    """whether units and their maps are looked at, too"""
    units: tuple[int, int] | None = None
    """the two units that span the layer's picture; its main directions if not given"""


def picture(
    run: Run, scene: Scene, view: View, disturbed: Callable[[], bool] = never
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Numbers and arrays of the moment.

    Raises
    ------
    Disturbed
        between two pieces of a large network's picture, where ``disturbed`` says so
    """
    with np.errstate(all="ignore"):
        facts, arrays = _measured(run, view)
        arrays |= _boundary(run, scene, view, disturbed)
        if not view.quick or view.layer:
            arrays |= _points(run, scene, view, disturbed)
        arrays |= _weights(run, view)
    return facts, arrays


def _answers(run: Run, X: Array, disturbed: Callable[[], bool], l: int = 0) -> tuple[Array, Array | None]:
    """ŷ of these rows, and the activations of a layer if it is not the input, piece by piece."""
    network, n = run.network, max(64, PIECE // run.network.theta.size)
    y_hat, a = [], []
    for begin in range(0, len(X), n):
        if begin and disturbed():
            raise Disturbed
        trace = network.forward(X[begin : begin + n])
        y_hat.append(trace.y_hat)
        if l:
            a.append(trace[l].a)
    return np.concatenate(y_hat), np.concatenate(a) if l else None


# --- how well it does -------------------------------------------------------------------------------------------------


def _measured(run: Run, view: View) -> tuple[dict[str, Any], dict[str, Array]]:
    """Loss and score on the rows with the weights of the moment, and the units on some of them."""
    facts: dict[str, Any] = {}
    for name, (X, Y) in {"": (run.data.X, run.data.Y), "held_": held_of(run)}.items():
        rows = QUICK if view.quick else min(MEASURED, measured_rows(run.network))
        X, Y = X[:rows], Y[:rows]
        if not len(X):
            continue
        loss, y_hat = run.network.evaluate(X, Y)
        facts[f"{name}loss"] = finite(loss)
        facts[f"{name}score"] = finite(_score(run, y_hat, Y))
    return facts, {"units": _units(run)} if view.still else {}


def held_of(run: Run) -> tuple[Array, Array]:
    """The rows held back, as the network takes them."""
    validation = run.training.validation
    return (run.data.X[:0], run.data.Y[:0]) if validation is None else (validation.X, validation.Y)


def _score(run: Run, y_hat: Array, Y: Array) -> float:
    """The share of right classes, or R² of values."""
    if run.classifies:
        truth = Y.argmax(axis=1) if Y.shape[1] > 1 else (Y[:, 0] > 0).astype(int)
        return float((classes_of(run.network, y_hat) == truth).mean())
    spread = float(((Y - Y.mean(axis=0)) ** 2).sum())
    return 1.0 - float(((y_hat - Y) ** 2).sum()) / spread if spread else float("nan")


def finite(value: float) -> float | None:
    """JSON has no infinity."""
    return float(value) if np.isfinite(value) else None


def look(run: Run) -> Trace:
    """Forward, loss and backward of some rows; the weights stay as they are."""
    X, Y = run.data.X[:PAINTED], run.data.Y[:PAINTED]
    trace = run.network.forward(X)
    run.network.measure(trace, Y)
    run.network.backward(trace, Y)
    return trace


def _units(run: Run) -> Array:
    """(units, 4) per unit: mean a, share of rows on which it is not 0, |δ| on the mean, 1 dead or 2 saturated.

    What a layer does not have (a pooling has no δ) is not a number.
    """
    trace = look(run)
    parts, measured = [], {layer.l: layer for layer in measure_layers(trace)}
    for l in range(1, run.network.L + 1):
        t, state = trace[l], np.zeros(run.network.sizes[l])
        if l in measured:
            state[list(measured[l].dead)], state[list(measured[l].stuck)] = 1, 2
        told = t.delta is not None and t.delta.shape == t.a.shape
        delta = np.abs(t.delta).mean(0) if told else np.full(len(state), np.nan)
        parts.append(np.column_stack([t.a.mean(0), (t.a != 0).mean(0), delta, state]))
    return np.concatenate(parts).astype(np.float32)


# --- the plane --------------------------------------------------------------------------------------------------------


def _boundary(run: Run, scene: Scene, view: View, disturbed: Callable[[], bool]) -> dict[str, Array]:
    """The plane coloured by the prediction, and every unit's part in it."""
    n = max(20, min(view.grid, 200))
    grid = scene.at(scene.grid(n))
    y_hat, _ = _answers(run, grid, disturbed)
    found = {"curve": y_hat.astype(np.float32)} if scene.curve else _painted(run, y_hat, n)
    if view.still and mapped(run, view):
        found["maps"] = _maps(run.network.forward(grid[_places(scene, n)]))
    return found


def mapped(run: Run, view: View) -> bool:
    """Whether units are shown as small maps: not where there are too many."""
    return view.maps and sum(run.network.sizes[1:]) <= MOST_MAPS


def _painted(run: Run, y_hat: Array, n: int) -> dict[str, Array]:
    """Class and confidence of each point as bytes; of a regression the value within its range."""
    if not run.classifies:
        low, high = _range(run)
        share = np.clip((y_hat[:, 0] - low) / (high - low), 0, 1)
        return {"level": np.nan_to_num(255 * share).astype(np.uint8).reshape(n, n)}
    if run.network.loss.output == "identity":  # no probabilities: how far on its side
        signed = y_hat.shape[1] == 1 and run.network.loss.targets == "sign"
        p = activations.get("sigmoid").f(y_hat, np) if signed else y_hat
        p = np.clip(p, 0, 1)
    else:
        p = y_hat
    p = probabilities.of_classes(p, np)
    p = np.nan_to_num(p)
    rows, best = np.arange(len(p)), p.argmax(axis=1)
    top = p[rows, best]
    p[rows, best] = -1.0
    margin = top - p.max(axis=1)  # the border between two points runs where the margins meet
    found = {
        "class": classes_of(run.network, y_hat),
        "top": 255 * top,
        "margin": np.ceil(254 * np.clip(margin, 0, 1)) + 1,
    }
    return {name: values.astype(np.uint8).reshape(n, n) for name, values in found.items()}


def _range(run: Run) -> tuple[float, float]:
    low, high = float(run.rows.y.min()), float(run.rows.y.max())
    return (low, high) if high > low else (low - 1, high + 1)


def _places(scene: Scene, n: int) -> Array:
    """Which points of the grid the units' maps show."""
    if scene.curve:
        return np.linspace(0, len(scene.grid(n)) - 1, MAP * MAP).round().astype(int)
    k = np.linspace(0, n - 1, MAP).round().astype(int)
    found: Array = (k[:, None] * n + k).ravel()
    return found


def _maps(trace: Trace) -> Array:
    """(units, MAP, MAP) what each unit answers over the plane: a byte, 128 for 0."""
    parts = []
    for l in range(1, trace.network.L + 1):
        a = trace[l].a
        size = np.abs(a).max(axis=0)
        parts.append((a / np.where(size > 0, size, 1)).T)
    bytes_ = np.nan_to_num(np.concatenate(parts) * 127 + 128, nan=128.0)
    return np.asarray(np.clip(bytes_, 0, 255).astype(np.uint8).reshape(-1, MAP, MAP))


# --- the points -------------------------------------------------------------------------------------------------------


def _points(run: Run, scene: Scene, view: View, disturbed: Callable[[], bool]) -> dict[str, Array]:
    """Which of the points shown are right, and where they stand in a layer's space, with the grid bent as they are."""
    l = min(view.layer, run.network.L - 1)
    y_hat, a = _answers(run, scene.X, disturbed, l)
    found: dict[str, Array] = {}
    if run.classifies:
        told = classes_of(run.network, y_hat)
        found |= {"found": told.astype(np.uint8), "right": (told == scene.y).astype(np.uint8)}
    if a is not None:
        found |= _space(run, scene, a, l, view)
    return found


def _space(run: Run, scene: Scene, a: Array, l: int, view: View) -> dict[str, Array]:
    units = view.units
    if units is not None and max(units) < a.shape[1] and units[0] != units[1]:
        centre, directions = np.zeros(a.shape[1]), np.eye(a.shape[1])[list(units)]
    else:
        centre, directions = a.mean(axis=0), _main_directions(a)
    lattice = scene.at(scene.grid(LATTICE))
    bent = run.network.forward(lattice)[l].a
    return {
        "space": ((a - centre) @ directions.T).astype(np.float32),
        "lattice": ((bent - centre) @ directions.T).astype(np.float32),
    }


def _main_directions(a: Array) -> Array:
    """The two directions in which the points spread widest, each made to point to the positive side."""
    if a.shape[1] == 1:
        return np.array([[1.0], [0.0]])
    _, directions = np.linalg.eigh(np.nan_to_num(np.cov(a.T)))
    widest = directions.T[:-3:-1]
    largest = np.take_along_axis(widest, np.abs(widest).argmax(axis=1)[:, None], axis=1)
    return np.asarray(widest * np.where(largest < 0, -1, 1))


# --- the weights ------------------------------------------------------------------------------------------------------


def _tiles(run: Run) -> dict[str, Array]:
    """(units, pixels): what each unit of a first dense layer looks for in a picture, a byte a weight, 128 for 0."""
    first = run.network[1]
    if run.rows.image is None or not first.card.drawn or len(first.W) > MOST_TILES:
        return {}
    size = np.abs(first.W).max(axis=1, keepdims=True)
    tiles = np.nan_to_num(128 + 127 * first.W / np.where(size > 0, size, 1), nan=128.0)
    return {"tiles": np.clip(tiles, 0, 255).astype(np.uint8)}


def _weights(run: Run, view: View) -> dict[str, Array]:
    """θ, and what else the lines of the network show: the gradient, or the coming update."""
    if run.network.theta.size > MOST_WEIGHTS:
        return _tiles(run)
    found = {"theta": run.network.theta.astype(np.float32)}
    if view.edges in ("gradient", "update"):
        X, Y = run.data.X[:MEASURED], run.data.Y[:MEASURED]
        _, grad = run.network.objective(X, Y)
        shown = grad if view.edges == "gradient" else run.preview(grad) - run.network.theta
        found["shown"] = shown.astype(np.float32)
    return found
