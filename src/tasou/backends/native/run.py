"""A training run in native code: whole epochs in one call."""

from __future__ import annotations

import ctypes
import math

import numpy as np

from tasou.backends.blas import LARGEST, Blas
from tasou.backends.job import Array, Job, Part
from tasou.backends.native import twister
from tasou.backends.native.description import (
    PAUSED,
    Description,
    address,
    check_order,
    settle,
    threads_of,
    touch,
)
from tasou.backends.native.library import Library, NotNative
from tasou.backends.native.predict import TOO_WIDE
from tasou.backends.native.structs import MAX_STATE, OUTCOME
from tasou.errors import TasouError
from tasou.messages import Message

OTHER_OPTIMIZER = Message(
    "native.other_optimizer",
    en="an optimizer that is not one of tasou's",
    ja="tasou のものではない最適化手法",
)
NO_SUCH_ROWS = Message(
    "native.no_such_rows",
    en="{n} epochs from row {begin} to {end} of {rows}",
    ja="{rows} 行のうち {begin} 行目から {end} 行目までの {n} エポック",
)
FEW_RATES = Message(
    "native.few_rates",
    en="{rates} rates are too few for {n} epochs from row {begin} to {end}",
    ja="{begin} 行目から {end} 行目までの {n} エポックには、学習率が {rates} 個では足りません",
)

i64, pointer = ctypes.c_int64, ctypes.c_void_p

STOPPED = ("", "loss", "theta")
"""`Outcome.stopped` in words"""


class NativeRun:
    """A training run in native code: by BLAS with so many threads, or in blocks."""

    def __init__(self, library: Library, job: Job, blas: Blas | None = None, threads: int = 1) -> None:
        self._blas = blas
        self._described = described = Description(library, job.layers)
        self._call = library.function("epochs", described.dtype, i64)
        native, sizes = described.job, job.layers.sizes
        if max(*sizes, job.batch_size) > LARGEST:
            raise NotNative(TOO_WIDE)
        described.set_data(job.X, job.Y, job.sample_weight)
        self._rows, n = native.n, native.n if job.order is None else len(job.order)
        native.n = n
        native.batch = min(max(job.batch_size, 1), n)
        native.weight_decay, native.clip_norm = job.weight_decay, job.clip_norm or 0.0
        described.set_tape(native.batch)
        self._set_rule(job)
        self._set_order(job, n)
        native.gemm = blas.gemm[described.dtype] if blas else None
        native.threads = self._threads = threads
        for vector in (job.grad, *job.state):
            touch(vector)
        with threads_of(described, blas, 1):
            settle(described)

    def _set_rule(self, job: Job) -> None:
        described, native, n = self._described, self._described.job, len(job.layers.theta)
        rule, constants = described.library.formula(job.rule)
        if rule.form != "rule" or len(job.state) > MAX_STATE:
            raise NotNative(OTHER_OPTIMIZER)
        native.rule, native.rule_constants = rule.index, described.numbers(np.float64, constants)
        native.grad = described.array(job.grad, n)
        for i, vector in enumerate(job.state):
            native.state[i] = described.array(vector, n)

    def _set_order(self, job: Job, n: int) -> None:
        """The order of the rows, and the random stream that shuffles it."""
        described, native = self._described, self._described.job
        self.shuffles = isinstance(job.rng, np.random.RandomState)
        bits = job.rng._bit_generator if self.shuffles else job.rng.bit_generator
        native.random, self._lock = bits.ctypes.bit_generator.value, bits.lock
        native.twister, tempered = twister.of(bits), np.empty(twister.WORDS, np.uint32)
        native.tempered = address(tempered)
        described.keep(bits, tempered)
        self._shuffled: Array | None = None
        self._order = job.order
        if job.shuffled is not None and self.shuffles:
            self._shuffled = np.empty(3 * n, np.int64)
            self._shuffled[:n] = job.shuffled
            self._back = job.shuffled
            self._order = self._shuffled[:n] if job.order is job.shuffled else job.order
        if self._order is not None:
            check_order(self._order, n, self._rows)
            native.order = address(self._order)
            described.keep(self._order)

    def epochs(self, n: int, begin: int, end: int, rates: Array, update: int, *, shuffle: bool) -> Part:
        """Run n epochs, or rows begin … end of one; where one stops before its end it is the last."""
        native = self._described.job
        if not 0 <= begin < end <= native.n or (n != 1 and end - begin < native.n) or n < 1:
            raise TasouError(NO_SUCH_ROWS, n=n, begin=begin, end=end, rows=native.n)
        rates = np.ascontiguousarray(rates, np.float64)
        if 1 < rates.size < n * math.ceil((end - begin) / native.batch) or rates.size < 1:
            raise TasouError(FEW_RATES, rates=rates.size, n=n, begin=begin, end=end)
        native.rates, native.rates_step, native.update = address(rates), int(rates.size > 1), update
        own = self._shuffled
        native.shuffled = address(own) if shuffle and own is not None else None
        if not shuffle and self._order is not None and own is None:
            check_order(self._order, native.n, self._rows)
        outcomes = np.zeros(n, OUTCOME)
        at = pointer(address(outcomes.view(np.uint8)))
        native.updates, native.epoch, native.row, native.round, native.stage = 0, 0, -1, 0, 0
        stopped = PAUSED
        while stopped == PAUSED:  # between two calls Python hears a Ctrl-C
            with self._lock, threads_of(self._described, self._blas, self._threads):
                stopped = self._call(ctypes.byref(native), i64(n), i64(begin), i64(end), at)
        if own is not None:
            self._back[:] = own[: native.n]
        done = outcomes[: native.epoch]
        loss, norm, seconds = (done[name].tolist() for name in ("loss", "gradient_norm", "seconds"))
        return Part(loss, norm, seconds, int(done["row"][-1]), STOPPED[stopped])
