"""Measure the columns of X in one walk through its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
MARKS = 4
NEAR = 4e-3
"""marks of two columns that may be the same differ by no more"""
ROUNDING = 1e-3


def measure_inputs(
    X: Array, *, complete: bool = True, names: Sequence[str] = (), sources: Sequence[str] = ()
) -> Inputs:
    """The columns of X (n, d): their centres, scales, constants and repetitions."""
    found = _walk(X)
    constant = tuple(int(k) for k in np.flatnonzero(found.low == found.high)) if len(X) > 1 else ()
    return Inputs(
        n=len(X),
        complete=complete,
        mean=found.mean,
        std=found.std,
        largest=np.maximum(np.abs(found.low), np.abs(found.high)),
        row_norm=found.row_norm,
        constant=constant,
        duplicates=_duplicates(X, found, set(constant)),
        names=tuple(map(str, names)),
        sources=tuple(sources),
    )


class Columns(NamedTuple):
    """What one walk tells of each column."""

    low: Array
    high: Array
    mean: Array
    std: Array
    marks: Array
    """(d, MARKS): the centred and scaled column along fixed random directions"""
    row_norm: float


def _walk(X: Array) -> Columns:
    n, d = X.shape
    shift = np.asarray(X[: max(1, BLOCK // d)].mean(axis=0), np.float64)[:, None]
    directions = (np.random.default_rng(0).random((n, MARKS)) - 0.5) * np.sqrt(12 / n)
    low, high, total, squares = np.full(d, np.inf), np.full(d, -np.inf), np.zeros(d), np.zeros(d)
    marks, norms = np.zeros((d, MARKS)), np.empty(n)
    for rows, block in _blocks(X):
        np.einsum("ij,ij->j", block, block, out=norms[rows])
        np.minimum(low, block.min(axis=1), out=low)
        np.maximum(high, block.max(axis=1), out=high)
        block -= shift
        total += block.sum(axis=1)
        squares += np.einsum("ij,ij->i", block, block)
        marks += block @ directions[rows]
    off = total / n
    std = np.sqrt(np.maximum(squares / n - off * off, 0))
    marks -= off[:, None] * directions.sum(axis=0)
    marks /= np.where(std > 0, std, 1)[:, None]
    return Columns(low, high, shift[:, 0] + off, std, marks, median(np.sqrt(norms)))


def _blocks(X: Array) -> Iterator[tuple[slice, Array]]:
    """The rows, a few at a time, as a block (d, rows) in which a column lies together; it is written over."""
    n, d = X.shape
    size = min(n, max(1, BLOCK // d))
    memory = np.empty((d, size))
    for start in range(0, n, size):
        rows = slice(start, min(start + size, n))
        block = memory[:, : rows.stop - start]
        block[...] = X[rows].T
        yield rows, block


def _duplicates(X: Array, found: Columns, constant: set[int]) -> tuple[tuple[int, int], ...]:
    """Columns that are equal once centred and scaled; each is named with the first of its kind.

    The marks tell most columns apart: only where all of them agree the columns themselves are compared.
    """
    n, d = X.shape
    if n < FEWEST_ROWS or d > MOST_COLUMNS:
        return ()
    marks, groups = found.marks, list[list[int]]()
    for j in (int(j) for j in np.argsort(marks[:, 0]) if int(j) not in constant):
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
