"""The steps of a tape with memory for every value: what C plays over the rows of a shard (c/tape.h)."""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from heapq import heappop, heappush
from math import prod
from typing import Any

import numpy as np

from tasou.backends.native.building.forms import MAX_ARRAYS
from tasou.backends.native.folding import folded
from tasou.backends.native.fusing import fused
from tasou.backends.native.interpolating import interpolated
from tasou.backends.native.library import Library
from tasou.backends.native.places import Place
from tasou.backends.native.steps import ELEMENTWISE, Step, Steps
from tasou.backends.native.structs import AXES, PIECE, SPACES, VERBS, Tape
from tasou.backends.native.structs import Op as NativeOp
from tasou.backends.recording import CONSTANT, GRADIENT, PARAMETER, Operand
from tasou.backends.recording import Tape as Recorded

VALUES = 1 << 19
"""numbers that a shard's rows hold: products of many rows are worth more than that they fit into the second cache"""
FEWEST_ROWS = 32
"""rows of a product, at least: those of fewer are slow"""
WORK_AT_ONCE = 1 << 28
"""multiplications forward through a shard, at most, where its products have rows enough: a Ctrl-C waits for it"""
MOST_SHARED, WORK_OF_SHARD, WORK_OF_PARAMETER = 4, 1 << 20, 100
"""shards that a batch is cut into for the sake of threads; multiplications that are worth one, at least, and for each
parameter, because every shard has a gradient of its own"""
LINE = 16
"""numbers of a cache line, or of two"""
BLOCK = 64
"""samples that are walked together where they depend on one another's (engine.h)"""


class Program:
    """A tape for C, for batches of so many rows.

    Raises
    ------
    NotNative
        something on the tape is not known to the native code
    """

    def __init__(
        self, tape: Recorded, library: Library, dtype: np.dtype[Any], batch: int, n_parameters: int
    ) -> None:
        found = Steps(folded(interpolated(tape)), library)
        self.steps = fused(found.steps, library)
        self.forward = sum(not step.late for step in self.steps)
        self.x, self.output, self.error = tape.x, found.output, tape.error
        self.dtype, self.batch, self._kept = dtype, batch, list[Any]()
        self.n_parameters = n_parameters
        self._masks = self._mask_places()
        _, width = self._laid_out(BLOCK)
        self.shard = self._shard(width // BLOCK)
        self._at, size = self._laid_out(self.shard)
        self._constants = _Constants(dtype)
        ops = (NativeOp * len(self.steps))(*(self._native(step) for step in self.steps))
        constants = self._constants.whole()
        self._kept += [ops, constants]
        self.native = Tape(
            ops=len(self.steps),
            forward=self.forward,
            op=ctypes.addressof(ops),
            constants=constants.ctypes.data,
            shard=self.shard,
            values=size,
            masks=sum(prod(step.shape) for step in self.steps if step.verb == "draw"),
            scratch=max(map(_scratch, self.steps), default=0),
            output=self._at[self.output],
            error=self._at[self.error] if self.error is not None else 0,
        )

    @property
    def address(self) -> int:
        """Where C finds it; it lives as long as this does."""
        return ctypes.addressof(self.native)

    @property
    def products(self) -> list[int]:
        """Multiplications in each product of a forward pass, for one row."""
        own = [
            prod(step.sizes) * step.width for step in self.steps if step.verb == "product" and not step.late
        ]
        return own or [1]

    def _shard(self, width: int) -> int:
        """Rows of a shard, of so many numbers each: not too large for the caches, and for threads to share a batch."""
        work = sum(self.products)
        fewest = max(
            1, min(FEWEST_ROWS, FEWEST_ROWS * self.n_parameters // work)
        )  # places of an image are rows, too
        most = max(fewest, min(max(FEWEST_ROWS, VALUES // max(1, width)), WORK_AT_ONCE // work))
        worth = max(WORK_OF_SHARD, WORK_OF_PARAMETER * self.n_parameters)
        shared = min(MOST_SHARED, self.batch * work // worth, self.batch // FEWEST_ROWS)
        shards = max(1, -(-self.batch // most), shared)
        return -(-self.batch // shards)

    # --- memory ------------------------------------------------------------------------------------------------------

    def _laid_out(self, rows: int) -> tuple[dict[Operand, int], int]:
        """Where every value begins, each in memory that is free as long as it is needed; and the size of all."""
        needed, at, memory = self._lives(), dict[Operand, int](), _Memory()
        for value, (begin, end) in needed.items():
            memory.free_before(begin)
            room = -(-prod(value.per_row) * (rows if value.along_rows else 1) // LINE) * LINE
            before = self._replaced(value, begin, needed)
            at[value] = memory.take(room, end) if before is None else memory.hand_on(at[before], begin, end)
        return at, memory.size

    def _lives(self) -> dict[Operand, tuple[int, int]]:
        """Each value with the step that makes it and the last that needs it (in halves of steps), in their order."""
        lives: dict[Operand, tuple[int, int]] = {}
        loss = self.forward - 0.5
        marks: list[tuple[float, Operand]] = [(loss, self.output)]
        for i, step in enumerate(self.steps):
            marks += [(i, place.root) for place in step.places]
        if self.error is not None:
            marks.append((loss, self.error))
        for when, value in sorted(marks, key=lambda mark: mark[0]):
            if self._is_value(value):
                begin, _ = lives.get(value, (int(2 * when), 0))
                lives[value] = (begin, int(2 * when))
        return lives

    def _is_value(self, operand: Operand) -> bool:
        given = operand is self.x or operand.kind in (CONSTANT, PARAMETER, GRADIENT)
        return not given and operand not in self._masks

    def _replaced(self, value: Operand, begin: int, lives: dict[Operand, tuple[int, int]]) -> Operand | None:
        """An input whose memory the value can take: it ends with the step that makes the value, element by element."""
        if begin % 2:
            return None
        step = self.steps[begin // 2]
        out, inputs = step.places[0], step.places[1:]
        if (
            out.root is not value
            or step.verb not in ELEMENTWISE
            or not out.flat
            or out.shape != value.per_row
        ):
            return None
        for place in inputs:
            root = place.root
            alike = place.flat and place.shape == step.shape and root.along_rows == value.along_rows
            alone = sum(other.root is root for other in inputs) == 1 and root.size == value.size
            if alike and alone and root in lives and lives[root][1] == begin:
                return root
        return None

    def _mask_places(self) -> dict[Operand, int]:
        places, at = {}, 0
        for step in self.steps:
            if step.verb == "draw":
                places[step.output] = at * self.batch
                at += prod(step.shape)
        return places

    # --- what C reads ------------------------------------------------------------------------------------------------

    def _native(self, step: Step) -> Any:
        op = NativeOp(verb=VERBS[step.verb], formula=step.formula, inputs=len(step.places) - 1)
        op.along, op.way, op.width = step.along, step.way, step.width
        op.m, op.k, op.n = step.sizes
        op.constants = self._numbers(np.array([*step.constants, 0.0]))
        if step.index is not None:
            op.index, op.indices = self._numbers(step.index), len(step.index)
        op.shape[:] = [*(1,) * (AXES - len(step.shape)), *step.shape]
        for i, place in enumerate(step.places):
            op.space[i], op.at[i] = self._address(place)
            op.row[i], op.flat[i] = place.row, place.flat and place.shape == step.shape
            steps = [*(0,) * (AXES - len(place.steps)), *place.steps]
            if step.matrices:
                matrix = step.matrices[i]
                steps = [matrix.each, matrix.line, int(matrix.turned), 0]
            op.step[i * AXES : (i + 1) * AXES] = steps
        return op

    def _address(self, place: Place) -> tuple[int, int]:
        root = place.root
        if root is self.x:
            return SPACES["x"], place.offset
        if root in self._masks:
            return SPACES["masks"], self._masks[root] + place.offset
        match root.kind:
            case "parameter":
                return SPACES["theta"], root.start + place.offset
            case "gradient":
                return SPACES["gradient"], root.start + place.offset
            case "constant":
                return SPACES["constants"], self._constants.at(root) + place.offset
        return SPACES["values"], self._at[root] + place.offset

    def _numbers(self, values: Any) -> int:
        self._kept.append(values)
        return int(values.ctypes.data)


class _Constants:
    """The arrays that layers bring along, one after the other."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype, self.parts, self.size = dtype, list[Any](), 0
        self.places: dict[Operand, int] = {}

    def at(self, operand: Operand) -> int:
        """Where an array begins."""
        if operand not in self.places:
            assert operand.array is not None
            self.places[operand] = self.size
            self.parts.append(operand.array.astype(self.dtype).ravel())
            self.size += operand.array.size
        return self.places[operand]

    def whole(self) -> Any:
        """All of them."""
        return np.concatenate([*self.parts, np.zeros(1, self.dtype)])


class _Memory:
    """Rooms that are taken and given back; the first gap that is large enough is taken."""

    def __init__(self) -> None:
        self.size = 0
        self.gaps: list[tuple[int, int]] = []
        """(begin, end), in order"""
        self.taken: list[tuple[int, int, int]] = []
        """(until when, begin, end): a heap"""
        self.handed: set[tuple[int, int]] = set()
        """(until when, begin) of rooms that went to another value"""

    def take(self, room: int, until: int) -> int:
        """So many numbers."""
        for i, (begin, end) in enumerate(self.gaps):
            if end - begin >= room:
                self.gaps[i : i + 1] = [(begin + room, end)] if end - begin > room else []
                break
        else:
            begin, self.size = self.size, self.size + room
        heappush(self.taken, (until, begin, begin + room))
        return begin

    def hand_on(self, begin: int, when: int, until: int) -> int:
        """The room of a value that ends just then, for another one."""
        found = next(room for room in self.taken if room[:2] == (when, begin))
        self.handed.add(found[:2])
        heappush(self.taken, (until, *found[1:]))
        return begin

    def free_before(self, when: int) -> None:
        """Give back the rooms of all values that have come to their end."""
        while self.taken and self.taken[0][0] < when:
            until, begin, end = heappop(self.taken)
            if (until, begin) not in self.handed:
                self._give_back(begin, end)

    def _give_back(self, begin: int, end: int) -> None:
        i = bisect_left(self.gaps, (begin, end))
        if i < len(self.gaps) and self.gaps[i][0] == end:
            end = self.gaps.pop(i)[1]
        if i and self.gaps[i - 1][1] == begin:
            begin = self.gaps.pop(i - 1)[0]
            i -= 1
        self.gaps.insert(i, (begin, end))


def _scratch(step: Step) -> int:
    """Numbers of spare room that a step needs (tape.h)."""
    piece = max(PIECE, prod(step.shape)) + LINE
    own = (len(step.places) + 1) * piece
    turned = (len(step.places) + 1 + MAX_ARRAYS) * step.shape[-1] * BLOCK if step.shape else 0
    return own + turned + step.sizes[1] * step.sizes[2]
