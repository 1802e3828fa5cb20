"""The description of a network and its training that the C code works on: `Plan` in engine.h, checked here."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.blas import LARGEST, Blas
from tasou.backends.job import Job, Layers, Part
from tasou.backends.native import twister
from tasou.backends.native.library import SUFFIX, Library, NotNative

Array = NDArray[Any]
i64, f64, pointer = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p

MAX_STATE = 4
STOPPED = ("", "loss", "theta")


class Plan(ctypes.Structure):
    """Field by field the struct in engine.h."""

    _fields_ = [
        ("layers", i64),
        ("sizes", pointer),
        ("activation", pointer),
        ("activation_constants", pointer),
        ("dropout", pointer),
        ("loss", i64 * 3),
        ("loss_constants", pointer * 3),
        ("rule", i64),
        ("rule_constants", pointer),
        ("l2", f64),
        ("weight_decay", f64),
        ("clip_norm", f64),
        ("bias", i64),
        ("theta", pointer),
        ("grad", pointer),
        ("state", pointer * MAX_STATE),
        ("n", i64),
        ("batch", i64),
        ("X", pointer),
        ("Y", pointer),
        ("weight", pointer),
        ("X_row", i64),
        ("X_column", i64),
        ("order", pointer),
        ("rates", pointer),
        ("rates_step", i64),
        ("update", i64),
        ("random", pointer),
        ("twister", pointer),
        ("tempered", pointer),
        ("shuffled", pointer),
        ("gemm", pointer),
        ("work", pointer),
    ]


OUTCOME = np.dtype(
    [("loss", "f8"), ("gradient_norm", "f8"), ("seconds", "f8"), ("row", "i8"), ("stopped", "i8")]
)
"""what an epoch, or a part of it, came to: `Outcome` in engine.h"""


class Memory:
    """A plan together with everything it points at: kept as long as the plan is."""

    def __init__(self, library: Library, layers: Layers) -> None:
        self.library, self.layers, self.dtype = library, layers, layers.theta.dtype
        self.plan, self._kept = Plan(), list[Any]()
        if self.dtype not in SUFFIX:
            raise NotNative(f"numbers of type {self.dtype}")
        L = len(layers.sizes) - 1
        self.plan.layers = L
        self.plan.sizes = self.numbers(np.int64, layers.sizes)
        self._set_formulas(layers)
        self.plan.dropout = self.numbers(np.float64, layers.dropout)
        self.plan.bias, self.plan.l2 = layers.bias, layers.l2
        self.plan.theta = self.array(layers.theta, n_parameters(layers.sizes))

    def _set_formulas(self, layers: Layers) -> None:
        plan = self.plan
        indices, constants = [], []
        for pair in layers.activations:
            index, values = (-1, ()) if pair is None else self.activation(*pair)
            indices.append(index)
            constants.append(self.numbers(np.float64, values))
        plan.activation = self.numbers(np.int64, indices)
        plan.activation_constants = self.numbers(np.uint64, [c or 0 for c in constants])
        for i, function in enumerate(layers.loss):
            printed, values = self.library.formula(function)
            if i == 2 and printed.form != "map":
                raise NotNative("a local error that is not computed element by element")
            plan.loss[i] = printed.index
            plan.loss_constants[i] = self.numbers(np.float64, values)

    def activation(self, f: Any, slope: Any) -> tuple[int, tuple[float, ...]]:
        """An activation's place in the table (that of its slope), and the parameters of both functions."""
        (printed_f, of_f), (printed, of_slope) = self.library.formula(f), self.library.formula(slope)
        if printed.index != printed_f.index + 1:
            raise NotNative("an activation and a slope from different files")
        both = dict(zip((name for name, _ in printed_f.defaults), of_f, strict=True))
        return printed.index, tuple(
            (both | dict(zip((name for name, _ in printed.defaults), of_slope, strict=True))).values()
        )

    @property
    def at(self) -> int:
        """Where the plan itself lies."""
        return ctypes.addressof(self.plan)

    def numbers(self, dtype: Any, values: Sequence[Any]) -> int | None:
        """The address of a small array of numbers, kept here."""
        array = np.array(values, dtype)
        self._kept.append(array)
        return address(array) if array.size else None

    def array(self, array: Array, size: int) -> int:
        """The address of an array of the plan's type with ``size`` numbers one after the other."""
        if array.dtype != self.dtype or array.size != size or not array.flags.c_contiguous:
            raise NotNative(
                f"an array of {array.size} {array.dtype} numbers where {size} {self.dtype} were expected"
            )
        self._kept.append(array)
        return address(array)

    def set_rows(self, X: Any, n_columns: int) -> None:
        """X (n, n_0): in whatever order it lies in memory."""
        if not isinstance(X, np.ndarray):
            raise NotNative("a sparse X")
        if X.dtype != self.dtype or X.ndim != 2 or X.shape[1] != n_columns or not X.flags.aligned:
            raise NotNative(f"X of type {X.dtype} and shape {X.shape}")
        self._kept.append(X)
        plan, itemsize = self.plan, X.itemsize
        plan.X, plan.n = address(X), len(X)
        plan.X_row, plan.X_column = X.strides[0] // itemsize, X.strides[1] // itemsize

    def set_data(self, X: Any, Y: Array, sample_weight: Array | None) -> None:
        """X, the rows of Y and their weights."""
        sizes, plan = self.layers.sizes, self.plan
        self.set_rows(X, sizes[0])
        plan.Y = self.array(np.ascontiguousarray(Y), plan.n * sizes[-1])
        plan.weight = None if sample_weight is None else self.array(sample_weight, plan.n)

    def allocate(self) -> None:
        """The working memory: how much, C knows."""
        size = self.library.function("work_size", self.dtype, i64)(ctypes.byref(self.plan))
        memory = np.zeros(size + 64, np.uint8)
        self._kept.append(memory)
        self.plan.work = address(memory) + -address(memory) % 64


class NativeRun:
    """A training run in native code: by BLAS with so many threads, or in blocks."""

    def __init__(self, library: Library, job: Job, blas: Blas | None = None, threads: int = 1) -> None:
        self._blas, self._threads = blas, threads
        self._memory = memory = Memory(library, job.layers)
        self._call = library.function("epochs", memory.dtype, i64)
        plan, sizes = memory.plan, job.layers.sizes
        if max(*sizes, job.batch_size) > LARGEST:
            raise NotNative("layers or batches of more than 2^31 numbers")
        memory.set_data(job.X, job.Y, job.sample_weight)
        n = plan.n
        plan.batch = min(max(job.batch_size, 1), n)
        plan.weight_decay, plan.clip_norm = job.weight_decay, job.clip_norm or 0.0
        self._set_rule(job)
        self._set_order(job, n)
        plan.gemm = blas.gemm[memory.dtype] if blas else None
        memory.allocate()

    def _set_rule(self, job: Job) -> None:
        memory, plan, n = self._memory, self._memory.plan, len(job.layers.theta)
        rule, constants = memory.library.formula(job.rule)
        if rule.form != "rule" or len(job.state) > MAX_STATE:
            raise NotNative("an optimizer that is not one of tasou's")
        plan.rule, plan.rule_constants = rule.index, memory.numbers(np.float64, constants)
        plan.grad = memory.array(job.grad, n)
        for i, vector in enumerate(job.state):
            plan.state[i] = memory.array(vector, n)

    def _set_order(self, job: Job, n: int) -> None:
        """The order of the rows, and the random stream that shuffles it."""
        memory, plan = self._memory, self._memory.plan
        self.shuffles = isinstance(job.rng, np.random.RandomState)
        bits = job.rng._bit_generator if self.shuffles else job.rng.bit_generator
        plan.random, self._lock = bits.ctypes.bit_generator.value, bits.lock
        plan.twister, tempered = twister.of(bits), np.empty(twister.WORDS, np.uint32)
        plan.tempered = address(tempered)
        memory._kept += [bits, tempered]
        self._shuffled: Array | None = None
        self._order = job.order
        if job.shuffled is not None and self.shuffles:
            self._shuffled = np.empty(3 * n, np.int64)
            self._shuffled[:n] = job.shuffled
            self._back = job.shuffled
            self._order = self._shuffled[:n] if job.order is not None else None
        if self._order is not None:
            check_order(self._order, n)
            plan.order = address(self._order)
            memory._kept.append(self._order)

    def epochs(self, n: int, begin: int, end: int, rates: Array, update: int, *, shuffle: bool) -> Part:
        """Run n epochs, or rows begin … end of one; where one stops before its end it is the last."""
        plan = self._memory.plan
        if not 0 <= begin < end <= plan.n or (n != 1 and end - begin < plan.n) or n < 1:
            raise ValueError(f"{n} epochs from row {begin} to {end} of {plan.n}")
        rates = np.ascontiguousarray(rates, np.float64)
        if 1 < rates.size < n * math.ceil((end - begin) / plan.batch) or rates.size < 1:
            raise ValueError(f"{rates.size} rates are too few for {n} epochs from row {begin} to {end}")
        plan.rates, plan.rates_step, plan.update = address(rates), int(rates.size > 1), update
        own = self._shuffled
        plan.shuffled = address(own) if shuffle and own is not None else None
        if not shuffle and self._order is not None and own is None:
            check_order(self._order, plan.n)
        outcomes = np.zeros(n, OUTCOME)
        if self._blas is not None:
            self._blas.use_threads(self._threads)
        with self._lock:
            done = self._call(
                ctypes.byref(plan), i64(n), i64(begin), i64(end), pointer(address(outcomes.view(np.uint8)))
            )
        if own is not None:
            self._back[:] = own[: plan.n]
        done = outcomes[: min(done + 1, n)]
        loss, norm, seconds = (done[name].tolist() for name in ("loss", "gradient_norm", "seconds"))
        return Part(loss, norm, seconds, int(done["row"][-1]), STOPPED[done["stopped"][-1]])


def n_parameters(sizes: Sequence[int]) -> int:
    """How long θ is."""
    return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(sizes))


def address(array: Array) -> int:
    """Where an array begins.

    A structured array is to be handed in as bytes: NumPy describes its fields in Python, and loses a Ctrl-C there.
    """
    return int(array.__array_interface__["data"][0])


def check_order(order: Array, n: int) -> None:
    """Row numbers come from outside: none may lie beyond the data."""
    if order.dtype != np.int64 or order.shape != (n,) or order.min() < 0 or order.max() >= n:
        raise ValueError(f"the order of rows must hold each of 0 … {n - 1}")
