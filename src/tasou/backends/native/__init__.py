"""The native backend: the formulas printed as C, whole epochs in one call, products by a BLAS of its own.

Small networks are computed in blocks of samples without BLAS (blocks.h), others by BLAS with everything between the
products fused (step.h), and any other layers than dense ones by their tape (tape.h). What is not printed in the library
(a formula of the user's own, a sparse X) runs in NumPy as ever; `NativeBackend.reason` remembers why.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from tasou.backends import blas
from tasou.backends.job import Goal, Job, Layers, Objective, Predictor, Run, Walk, Walker
from tasou.backends.native.building.forms import MAX_ARRAYS
from tasou.backends.native.description import address, n_parameters
from tasou.backends.native.library import SUFFIX, Library, NotNative, Printed
from tasou.backends.native.objective import NativeObjective
from tasou.backends.native.predict import NO_BLAS, NativePredictor
from tasou.backends.native.run import NativeRun
from tasou.backends.native.walk import NativeWalk
from tasou.backends.numpy import Array, NumpyBackend
from tasou.backends.processors import cores, limit
from tasou.messages import Message

OTHER_FORM = Message("native.other_form", en="another form", ja="別の形の式")
OTHER_TYPE = Message(
    "native.other_type",
    en="an array of another type, shape or order",
    ja="型、形、並び順の違う配列",
)

__all__ = ["NativeBackend", "NotNative"]

T = TypeVar("T")

SMALL, SMALL_BATCH = 256, 32
"""parameters up to which, and rows of a batch from which on, blocks of samples are faster than BLAS"""
LARGEST_WITHOUT_BLAS = 1024
"""parameters up to which blocks are faster than NumPy, where there is no BLAS"""
SMALL_FORMULA = 256
"""elements up to which NumPy evaluates a formula sooner than a foreign call is made"""
SMALL_STEP = 1 << 18
"""multiplications of a forward pass up to which a step is over before a second thread could help"""


class NativeBackend(NumpyBackend):
    """What `NumpyBackend` does, in compiled code where it can be.

    Parameters
    ----------
    n_threads
        threads of a training or a prediction, at most; None asks the environment (TASOU_NUM_THREADS,
        OMP_NUM_THREADS), the machine and the quota of a container. Their number changes no bit of a result.

    Raises
    ------
    NotNative
        no native library was built, or it cannot be loaded
    """

    name = "native"

    def __init__(self, n_threads: int | None = None) -> None:
        super().__init__()
        self.library = Library()
        self.unprintable = self.library.unprintable
        self._n_threads = n_threads or cores()
        self.reason = ""
        """why the last job that could not be done natively was not"""

    @property
    def n_threads(self) -> int:
        """Threads at most: those that were asked for here (`tasou.backends.processors.limited`), else its own."""
        return limit() or self._n_threads

    def take_over(self, job: Job) -> Run | None:
        """A run of whole epochs, or None where NumPy has to do it."""
        return self._if_native(lambda: NativeRun(self.library, job, *self._way(job.layers, job.batch_size)))

    def objective(self, goal: Goal) -> Objective | None:
        """The value and the gradient of a goal in one call; None where NumPy has to do it."""
        return self._if_native(
            lambda: NativeObjective(self.library, goal, *self._way(goal.layers, len(goal.Y)))
        )

    def _way(self, layers: Layers, rows: int) -> tuple[blas.Blas | None, int]:
        """By which BLAS the products of a batch are made (None: in blocks, without), and by how many threads."""
        if layers.tape is not None:
            return self.blas, self.n_threads
        in_blocks = self.in_blocks(layers.sizes, rows)
        return None if in_blocks else self.blas, 1 if in_blocks else self.threads_for(layers.sizes, rows)

    def walker(self, walk: Walk) -> Walker | None:
        """An epoch of single samples in one call; None where NumPy has to do it."""
        return self._if_native(lambda: NativeWalk(self.library, walk))

    def in_blocks(self, sizes: Sequence[int], rows: int) -> bool:
        """Whether blocks of samples, without BLAS, are faster for batches of so many rows."""
        parameters = n_parameters(sizes)
        if self.blas is None and parameters > LARGEST_WITHOUT_BLAS:
            raise NotNative(NO_BLAS)
        return self.blas is None or (parameters <= SMALL and rows >= SMALL_BATCH)

    def threads_for(self, sizes: Sequence[int], rows: int) -> int:
        """Threads for batches of so many rows, at most: how many run is measured while the training goes on."""
        work = rows * sum(a * b for a, b in pairwise(sizes))
        return self.n_threads if work > SMALL_STEP else 1

    def predictor(self, layers: Layers) -> Predictor | None:
        """What predicts with this network; None where NumPy has to do it."""
        return self._if_native(
            lambda: NativePredictor(self.library, layers, self.blas, lambda: self.n_threads)
        )

    def _if_native(self, make: Callable[[], T]) -> T | None:
        """What is made; None, and the reason noted, where it cannot be done natively."""
        try:
            return make()
        except NotNative as reason:
            self.reason = str(reason)
            return None

    # --- single operations, where steps are watched ------------------------------------------------------------------

    def apply(self, formula: Callable[..., Any], *arrays: Array, into: Array | None = None) -> Array:
        """formula(arrays…)."""
        out = np.empty_like(arrays[0]) if into is None else into
        if out.size <= SMALL_FORMULA:
            return super().apply(formula, *arrays, into=out)
        try:
            self._evaluate(*self.library.formula(formula), arrays, out)
        except NotNative:
            super().apply(formula, *arrays, into=out)
        return out

    def _evaluate(
        self, formula: Printed, constants: tuple[float, ...], arrays: Sequence[Array], out: Array
    ) -> None:
        if formula.form not in ("map", "block") or out.ndim != 2:
            raise NotNative(OTHER_FORM)
        pointers = (ctypes.c_void_p * len(arrays))(*(_checked(array, out) for array in arrays))
        p = (ctypes.c_double * len(constants))(*constants)
        index, (n, K) = ctypes.c_int64(formula.index), map(ctypes.c_int64, out.shape)
        target = ctypes.c_void_p(_checked(out, out))
        if formula.form == "map":
            self.library.function("map", out.dtype)(index, ctypes.c_int64(out.size), pointers, target, p)
        else:
            work = np.zeros((len(arrays) + 1 + MAX_ARRAYS) * out.shape[1] * 64, out.dtype)
            inputs = ctypes.c_int64(len(arrays))
            self.library.function("block", out.dtype)(
                index, inputs, n, K, pointers, target, ctypes.c_void_p(address(work)), p
            )

    def update(
        self,
        rule: Callable[..., tuple[Array, ...]],
        theta: Array,
        grad: Array,
        state: Sequence[Array],
        t: int,
        lr: float,
    ) -> None:
        """Theta and the optimizer's state in place."""
        try:
            printed, constants = self.library.formula(rule)
            if printed.form != "rule":
                raise NotNative(OTHER_FORM)
            pointers = (ctypes.c_void_p * max(1, len(state)))(*(_checked(s, theta) for s in state))
            target, source = (ctypes.c_void_p(_checked(a, theta)) for a in (theta, grad))
        except NotNative:
            super().update(rule, theta, grad, state, t, lr)
            return
        self.library.function("update", theta.dtype)(
            ctypes.c_int64(printed.index),
            ctypes.c_int64(theta.size),
            target,
            source,
            pointers,
            ctypes.c_double(t),
            ctypes.c_double(lr),
            (ctypes.c_double * len(constants))(*constants),
        )


def _checked(array: Any, like: Array) -> int:
    """The address of an array that C may walk as if it were ``like``."""
    same = isinstance(array, np.ndarray) and array.dtype == like.dtype and array.shape == like.shape
    if not same or like.dtype not in SUFFIX or not array.flags.c_contiguous:
        raise NotNative(OTHER_TYPE)
    return address(array)
