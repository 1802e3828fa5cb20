"""What the C code works on, described and checked: a network, its training, its rows."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.blas import Blas
from tasou.backends.job import Layers
from tasou.backends.native import program
from tasou.backends.native.library import SUFFIX, Library, NotNative
from tasou.backends.native.program import Program
from tasou.backends.native.structs import Job
from tasou.backends.processors import check_goes_on
from tasou.backends.recording import NotRecorded
from tasou.errors import TasouError
from tasou.messages import Message

FOREIGN = Message(
    "native.foreign",
    en="the layer {layer} computes something itself, or asks for what is no verb: {reason}",
    ja="層 {layer} が自分で計算しているか、動詞にないことを求めています：{reason}",
)
DTYPE = Message("native.dtype", en="numbers of type {dtype}", ja="{dtype} 型の数")
OTHER_ARRAY = Message(
    "native.other_array",
    en="an array of {n} {dtype} numbers where {expected} {expected_dtype} were expected",
    ja="{expected} 個の {expected_dtype} のはずが、{n} 個の {dtype} の配列",
)
SPARSE = Message("native.sparse", en="a sparse X", ja="疎行列の X")
OTHER_X = Message(
    "native.other_x",
    en="X of type {dtype} and shape {shape}",
    ja="{dtype} 型、形 {shape} の X",
)
ORDER = Message(
    "native.order",
    en="the order of rows must hold {n} numbers of rows, each one of 0 … {last}",
    ja="行の順序には、0 から {last} までの行番号を {n} 個入れてください",
)

Array = NDArray[Any]
NUMBERS: dict[Any, Any] = {np.int64: ctypes.c_int64, np.float64: ctypes.c_double, np.uint64: ctypes.c_uint64}

MOST_KEPT = 32
"""tapes that are kept for networks alike: those of an ensemble, in training and in prediction"""
PAUSED = 3
"""what a call returns that came back before its end (engine.h)"""
SECONDS = 0.05
"""how long a call goes on before Python can hear a Ctrl-C"""


class Description:
    """A job as C reads it (`Job` in structs.h), together with everything it points at: kept as long as it is."""

    def __init__(self, library: Library, layers: Layers) -> None:
        self.library, self.layers, self.dtype = library, layers, layers.theta.dtype
        self.job, self._kept = Job(), list[Any]()
        self.program: Program | None = None
        if self.dtype not in SUFFIX:
            raise NotNative(DTYPE, dtype=str(self.dtype))
        self.job.layers = len(layers.sizes) - 1
        self.job.sizes = self.numbers(np.int64, layers.sizes)
        self._set_formulas(layers)
        self.job.dropout = self.numbers(np.float64, layers.dropout)
        self.job.bias, self.job.l2 = layers.bias, layers.l2
        self.n_parameters = len(layers.theta)
        self._set_segments(layers)
        self.job.theta = self.array(layers.theta, self.n_parameters)

    def _set_segments(self, layers: Layers) -> None:
        """What of θ decays, and how fast each run of it learns."""
        job, runs = self.job, layers.segments
        job.n_weights = sum(stop - start for start, stop, decays, _ in runs if decays)
        job.n_biases = self.n_parameters - job.n_weights
        job.segments = len(runs)
        job.segment_at = self.numbers(np.int64, [0, *(stop for _, stop, *_ in runs)])
        job.segment_decays = self.numbers(np.int64, [int(decays) for *_, decays, _ in runs])
        job.segment_rate = self.numbers(np.float64, [rate for *_, rate in runs])

    def set_tape(self, batch: int, *, learning: bool = True) -> None:
        """The tape of other layers than dense ones, for batches of so many rows."""
        if self.layers.tape is None:
            return
        drawing, likeness, kept = self.layers.drawing, self.layers.likeness, self.library.programs
        key = (likeness, learning, drawing, batch, self.dtype, self.n_parameters, program.VALUES)
        self.program = None if likeness is None else kept.get(key)
        if self.program is None:
            self.program = self._written(batch, learning)
        if likeness is not None:
            kept[key] = self.program
            for oldest in list(kept)[:-MOST_KEPT]:
                kept.pop(oldest, None)
        self.job.tape = self.program.address

    def _written(self, batch: int, learning: bool) -> Program:
        """The layers' tape, laid out."""
        assert self.layers.tape is not None
        try:
            tape = self.layers.tape(learning, self.layers.drawing)
        except NotRecorded as reason:
            raise NotNative(FOREIGN, layer=reason.layer, reason=reason.why) from None
        return Program(tape, self.library, self.dtype, batch, self.n_parameters)

    @property
    def products(self) -> list[int]:
        """Multiplications in each product of a forward pass, for one row."""
        return (
            [a * b for a, b in pairwise(self.layers.sizes)] if self.program is None else self.program.products
        )

    def _set_formulas(self, layers: Layers) -> None:
        job = self.job
        indices, constants = [], []
        for pair in layers.activations:
            index, values = (-1, ()) if pair is None else self.library.activation(*pair)
            indices.append(index)
            constants.append(self.numbers(np.float64, values))
        job.activation = self.numbers(np.int64, indices)
        job.activation_constants = self.numbers(np.uint64, [c or 0 for c in constants])
        for i, function in enumerate(layers.loss):
            job.loss[i], values, job.loss_steps[i] = self.library.loss(function, layers.sizes[-1])
            job.loss_constants[i] = self.numbers(np.float64, values)

    @property
    def at(self) -> int:
        """Where the description itself lies."""
        return ctypes.addressof(self.job)

    def keep(self, *things: Any) -> None:
        """Let these live as long as the description, which points into them."""
        self._kept += things

    def numbers(self, dtype: Any, values: Sequence[Any]) -> int | None:
        """The address of a small array of numbers, kept here."""
        if not len(values):
            return None
        array = (NUMBERS[dtype] * len(values))(*values)
        self._kept.append(array)
        return ctypes.addressof(array)

    def array(self, array: Array, size: int) -> int:
        """The address of an array of the network's type with ``size`` numbers one after the other."""
        if array.dtype != self.dtype or array.size != size or not array.flags.c_contiguous:
            found = {"n": array.size, "dtype": str(array.dtype)}
            raise NotNative(OTHER_ARRAY, **found, expected=size, expected_dtype=str(self.dtype))
        self._kept.append(array)
        return address(array)

    def set_rows(self, X: Any, n_columns: int) -> None:
        """X (n, n_0): in whatever order it lies in memory."""
        if not isinstance(X, np.ndarray):
            raise NotNative(SPARSE)
        if X.dtype != self.dtype or X.ndim != 2 or X.shape[1] != n_columns or not X.flags.aligned:
            raise NotNative(OTHER_X, dtype=str(X.dtype), shape=X.shape)
        self._kept.append(X)
        self.set_place(X)

    def set_place(self, X: Array) -> None:
        """Where X lies, and how; who calls keeps it alive."""
        job, itemsize = self.job, X.itemsize
        job.X, job.n = address(X), len(X)
        job.X_row, job.X_column = X.strides[0] // itemsize, X.strides[1] // itemsize

    def set_data(self, X: Any, Y: Array, sample_weight: Array | None) -> None:
        """X, the rows of Y and their weights."""
        sizes, job = self.layers.sizes, self.job
        self.set_rows(X, sizes[0])
        job.Y = self.array(np.ascontiguousarray(Y), job.n * sizes[-1])
        job.weight = None if sample_weight is None else self.array(sample_weight, job.n)

    def allocate(self, tile: int = 1) -> None:
        """The working memory, for shards of whole tiles: how much, C knows."""
        self.job.tile = tile
        size = self.library.function("work_size", self.dtype, ctypes.c_int64)(ctypes.byref(self.job))
        self._memory = np.zeros(size + 64, np.uint8)
        touch(self._memory)
        self.job.work = address(self._memory) + -address(self._memory) % 64


TOUCHED = 1 << 22
"""bytes of memory that are touched before Python looks whether there is a Ctrl-C"""


def touch(array: Array) -> None:
    """Let the system hand out memory that nobody has written to yet: within C, that would be one long pause."""
    step, page = TOUCHED // array.itemsize, 4096 // array.itemsize
    for begin in range(0, array.size, step):
        array[begin : begin + step : page] += array.dtype.type(0)


def n_parameters(sizes: Sequence[int]) -> int:
    """How long θ is."""
    return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(sizes))


def address(array: Array) -> int:
    """Where an array begins.

    A structured array is to be handed in as bytes: NumPy describes its fields in Python, and loses a Ctrl-C there.
    """
    return array.ctypes.data


def check_order(order: Array, n: int, rows: int) -> None:
    """Numbers of n rows come from outside: none may lie beyond the data."""
    if order.dtype != np.int64 or order.shape != (n,) or order.min() < 0 or order.max() >= rows:
        raise TasouError(ORDER, n=n, last=rows - 1)


TILES = (4, 12, 16, 48)
"""rows that shards may be multiples of: the fewer, the more equal they are"""


def settle(description: Description) -> None:
    """Working memory for shards as equal as this BLAS allows, and whether one thread may multiply for all at once.

    What a BLAS computes for a row can depend on where the row stands: that is tried out, once for the shapes (agree.h).
    """
    library, job = description.library, description.job
    key = (description.dtype, description.layers.sizes, job.batch, job.n % job.batch)
    if job.gemm and not job.tape and key not in library.agreed:
        library.agreed[key] = next((tile for tile in TILES if _agrees(description, tile)), 0)
    job.agree = library.agreed.get(key, 0)
    description.allocate(job.agree or TILES[-1])


def _agrees(description: Description, tile: int) -> bool:
    """Whether products in shards of such tiles are those of all rows, for every hidden layer and size of a batch."""
    job, sizes, library, dtype = (
        description.job,
        description.layers.sizes,
        description.library,
        description.dtype,
    )
    description.allocate(tile)
    rows = library.function("rows_of_round", dtype, ctypes.c_int64)(ctypes.byref(job))
    last = job.n % job.batch
    several = {min(rows, job.batch), job.batch % rows, min(rows, last), last % rows} - {0}
    spare = max((3 * a * b + 2 * rows * (a + b) for a, b in pairwise(sizes[:-1])), default=1)
    memory = np.zeros(spare, dtype)
    touch(memory)
    agree = library.function("agree", dtype, ctypes.c_int64)
    return all(
        agree(ctypes.byref(job), *map(ctypes.c_int64, pair), ctypes.c_void_p(address(memory)))
        for pair in product(range(len(sizes) - 2), several)
    )


@contextmanager
def threads_of(description: Description, blas: Blas | None, wanted: int) -> Iterator[None]:
    """For a call: products by one thread each, as many threads of our own as others have allowed, its end in time."""
    check_goes_on()
    job = description.job
    job.until, job.allowed = time.time() + SECONDS, 1
    if blas is None:
        yield
        return
    with blas.pool.one_each() as limit:
        job.allowed = max(1, int(min(wanted, limit)))
        yield
