"""Where the operands of a tape lie: views become a first number and steps, found by viewing bytes with NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from tasou.backends.recording import COLUMNS, TRANSPOSED, N, Operand


@dataclass(frozen=True)
class Place:
    """The numbers of an operand for one row of the batch, or for all rows, where it does not go along them.

    They stand at ``offset`` in what it is a view of, ``row`` behind those of the row before.
    """

    root: Operand
    offset: int
    row: int
    shape: tuple[int, ...]
    steps: tuple[int, ...]
    along: int | None
    """the axis that goes along the rows"""

    @property
    def flat(self) -> bool:
        """Whether they stand one after the other, row after row."""
        whole = self.row in (0, prod(self.shape)) and bool(self.row) == (self.along is not None)
        expected, step = [], 1
        for size in reversed(self.shape):
            expected.append(step)
            step *= size
        pairs = zip(self.shape, self.steps, reversed(expected), strict=True)
        return whole and all(size == 1 or found == wanted for size, found, wanted in pairs)

    def spread(self, shape: tuple[int, ...]) -> Place:
        """The same, as an operand beside others of this shape (NumPy's broadcasting)."""
        missing = len(shape) - len(self.shape)
        own = zip((1,) * missing + self.shape, (0,) * missing + self.steps, shape, strict=True)
        steps = tuple(0 if size == 1 and wanted != 1 else step for size, step, wanted in own)
        return Place(self.root, self.offset, self.row, shape, steps, self.along)


def place_of(operand: Operand) -> Place | None:
    """Where an operand lies; None for numbers that have to be copied before they can have this shape."""
    view, first = _viewed(operand)
    if view is None:
        return None
    root = operand.root
    row = prod(root.per_row) if root.along_rows else 0
    along = [i for i, axis in enumerate(operand.shape) if axis and axis % N == 0]
    offset = view.__array_interface__["data"][0] - first
    return Place(root, offset, row, view.shape, view.strides, along[0] if along else None)


def _viewed(operand: Operand) -> tuple[NDArray[np.int8] | None, int]:
    """A row of the operand as a view of so many bytes (None, where it is none), and where these begin."""
    if operand.base is None:
        root = np.empty(operand.per_row, np.int8)
        return root, root.__array_interface__["data"][0]
    base, first = _viewed(operand.base)
    if base is None:
        return None, first
    if operand.kind == TRANSPOSED:
        return base.swapaxes(-1, -2), first
    if operand.kind == COLUMNS:
        return base[..., operand.start : operand.start + operand.shape[-1]], first
    view = base.reshape(operand.per_row)
    return (view if np.may_share_memory(view, base) else None), first


@dataclass(frozen=True)
class Matrix:
    """A matrix for gemm: from one matrix to the next, from line to line, and whether its lines are its columns."""

    each: int
    line: int
    turned: bool


def matrix_of(place: Place) -> Matrix | None:
    """The last two axes as a matrix; None, if neither its rows nor its columns stand together."""
    (rows, columns), (row_step, step) = place.shape[-2:], place.steps[-2:]
    if (
        place.along is not None
    ):  # that axis is as long as the batch, and the batch's rows stand behind one another
        if place.along == len(place.shape) - 2:
            rows, row_step = N, place.row // rows
        elif place.along == len(place.shape) - 1:
            columns, step = N, place.row // columns
    each = place.steps[-3] if len(place.steps) > 2 else 0
    if (step == 1 or columns == 1) and (rows == 1 or row_step >= columns):
        return Matrix(each, max(row_step if rows > 1 else columns, 1), False)
    if (row_step == 1 or rows == 1) and (columns == 1 or step >= rows):
        return Matrix(each, max(step if columns > 1 else rows, 1), True)
    return None
