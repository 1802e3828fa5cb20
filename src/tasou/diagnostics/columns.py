"""Measure the columns of X in one walk through its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasou.diagnostics.curve import median
from tasou.diagnostics.record import Inputs

Array = NDArray[Any]

BLOCK = 1 << 15
"""cells that are walked through at a time: they stay in the cache"""
MOST_COLUMNS = 5_000
"""columns that are compared with each other"""
FEWEST_ROWS = 10
"""two columns may agree by accident if fewer rows than these differ from the rest"""
ROOTS = np.sqrt([2.0, 3.0, 5.0, 7.0])
MARKS = len(ROOTS)
NEAR = 4e-3
"""marks of two columns that may be the same differ by no more"""
ROUNDING = 1e-3


def measure_inputs(
    X: Array, *, complete: bool = True, names: Sequence[str] = (), sources: Sequence[str] = ()
) -> Inputs:
    """The columns of X (n, d): their centres, scales, constants and repetitions."""
    found = _walk(X)
    constant = np.flatnonzero(found.std == 0) if len(X) > 1 else np.empty(0, np.intp)
    return Inputs(
        n=len(X),
        complete=complete,
        mean=found.mean,
        std=found.std,
        row_norm=_row_norm(X),
        constant=tuple(constant.tolist()),
        duplicates=_duplicates(X, found),
        names=tuple(map(str, names)),
        sources=tuple(sources),
    )


def _row_norm(X: Array) -> float:
    """The median length of a row, of as many as a block holds."""
    some = np.asarray(X[:: -(-X.size // BLOCK)], np.float64)
    return median(np.sqrt(np.einsum("ij,ij->i", some, some)))


class Columns(NamedTuple):
    """What one walk tells of each column."""

    mean: Array
    std: Array
    """0 where all values are equal"""
    marks: Array
    """(d, MARKS): the centred and scaled column along fixed directions"""


def _walk(X: Array) -> Columns:
    """Sums over the rows less the first of them: it is one of n, so no spread of the others drowns in rounding."""
    n, d = X.shape
    first, directions = np.asarray(X[0], np.float64), _directions(n)
    along, squares = np.zeros((1 + MARKS, d)), np.zeros(d)
    size = min(n, max(1, BLOCK // d))
    memory = np.empty((size, d))
    for start in range(0, n, size):
        rows = slice(start, min(start + size, n))
        block = np.subtract(X[rows], first, out=memory[: rows.stop - start])
        along += directions[:, rows] @ block
        squares += np.einsum("ij,ij->j", block, block)
    off = along[0] / n
    std = np.sqrt(np.maximum(squares / n - off * off, 0))
    scale = np.where(std > 0, std, 1)
    marks = (along[1:] - off * directions[1:].sum(axis=1, keepdims=True)) / scale
    return Columns(first + off, std, marks.T)


def _directions(n: int) -> Array:
    """(1 + MARKS, n): ones, along which a column is its sum, and numbers of mean 0 and variance 1/n.

    These are the fractions of k² √2, k² √3, …: as good as random here, and sooner at hand than a generator.
    """
    directions, k = np.ones((1 + MARKS, n)), np.arange(n, dtype=np.float64)
    numbers = np.multiply(ROOTS[:, None], k * k, out=directions[1:])
    numbers -= np.floor(numbers) + 0.5
    numbers *= np.sqrt(12 / n)
    return directions


def _duplicates(X: Array, found: Columns) -> tuple[tuple[int, int], ...]:
    """Columns that are equal once centred and scaled; each is named with the first of its kind.

    The marks tell most columns apart: only where all of them agree the columns themselves are compared.
    """
    n, d = X.shape
    if n < FEWEST_ROWS or d > MOST_COLUMNS:
        return ()
    marks, groups = found.marks, list[list[int]]()
    for j in _with_neighbours(found):
        for group in reversed(groups):
            i = group[0]
            if marks[j, 0] - marks[i, 0] > NEAR:
                groups.append([j])
                break
            if np.abs(marks[j] - marks[i]).max() <= NEAR and _same(
                _scaled(X, found, i), _scaled(X, found, j)
            ):
                group.append(j)
                break
        else:
            groups.append([j])
    return tuple(sorted((min(group), j) for group in groups for j in group if j > min(group)))


def _with_neighbours(found: Columns) -> list[int]:
    """The columns by their first mark; without those that are constant, and those that no other comes near."""
    varied = np.flatnonzero(found.std > 0)
    order = varied[np.argsort(found.marks[varied, 0])]
    ordered, near = found.marks[order, 0], np.zeros(len(order), bool)
    pairs = np.flatnonzero(ordered[1:] - ordered[:-1] <= NEAR)
    near[pairs] = near[pairs + 1] = True
    chosen: list[int] = order[near].tolist()
    return chosen


def _scaled(X: Array, found: Columns, j: int) -> Array:
    scaled: Array = (X[:, j].astype(np.float64) - found.mean[j]) / found.std[j]
    return scaled


def _same(z: Array, other: Array) -> bool:
    """Whether two columns, centred and scaled, differ by no more than the rounding of another unit.

    What counts as little is measured by the rows off the median: a few values far out must not hide the rest.
    """
    off = np.abs(z - median(z))
    off = off[off > 0]
    return len(off) >= FEWEST_ROWS and bool(np.abs(other - z).max() <= ROUNDING * median(off))
