"""Learning from one sample at a time in native code: an epoch in one call."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.backends.job import Walk
from tasou.backends.native import structs
from tasou.backends.native.description import address, check_order
from tasou.backends.native.library import SUFFIX, Library, NotNative
from tasou.messages import Message

OTHER_ROWS = Message("native.other_rows", en="rows of another type or order", ja="型や並び順の違う行")
SEVERAL = Message("native.several_outputs", en="a loss of several outputs", ja="複数の出力の損失")

i64, pointer = ctypes.c_int64, ctypes.c_void_p


class NativeWalk:
    """The mistakes of an epoch, learnt from one by one."""

    def __init__(self, library: Library, walk: Walk) -> None:
        X, n = walk.X, len(walk.y)
        self.dtype = dtype = walk.w.dtype
        rows = isinstance(X, np.ndarray) and dtype in SUFFIX and X.dtype == dtype and X.flags.aligned
        if not rows or X.shape != (n, len(walk.w)) or X.strides[1] != X.itemsize:
            raise NotNative(OTHER_ROWS)
        weight = None if walk.sample_weight is None else np.ascontiguousarray(walk.sample_weight, np.float64)
        y = np.ascontiguousarray(walk.y, dtype)
        value, delta = (library.formula(function) for function in walk.loss)
        if value[0].form != "map" or delta[0].form != "map":
            raise NotNative(SEVERAL)
        constants = [np.array([*values, 0.0]) for _, values in (value, delta)]
        self._kept: list[Any] = [walk, weight, y, *constants]
        self._walk = structs.Walk(
            n=n,
            d=len(walk.w),
            X_row=X.strides[0] // X.itemsize,
            bias=walk.bias,
            X=address(X),
            y=address(y),
            weight=None if weight is None else address(weight),
            w=address(walk.w),
            b=address(walk.b),
            lr=walk.lr,
            value=value[0].index,
            delta=delta[0].index,
            value_constants=address(constants[0]),
            delta_constants=address(constants[1]),
        )
        self._call = library.function("walk", dtype, i64)

    def __call__(self, order: NDArray[np.intp]) -> tuple[int, float]:
        """Walk the rows in this order; how many were learnt from, and the sum of their losses."""
        check_order(order, self._walk.n, self._walk.n)
        order, loss = np.ascontiguousarray(order), ctypes.c_double()
        mistakes = self._call(ctypes.byref(self._walk), pointer(address(order)), ctypes.byref(loss))
        return int(mistakes), loss.value
