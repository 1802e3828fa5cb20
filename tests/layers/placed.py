"""A layer by itself: forward and back through NumPy's verbs, with parameters that are given."""

from __future__ import annotations

from math import prod

import numpy as np

from tasou import backends
from tasou.layers import Record, numbers


def waves(*shape, start=0):
    """sin(start), sin(start + 1), …: numbers that another program can make, too."""
    return np.sin(np.arange(start, start + prod(shape), dtype=float)).reshape(shape)


def run(card, x, error=None, **parameters):
    """The output for x (n, *shape), with ∂L/∂output = ``error`` the gradients by name, and ``x`` for the input's."""
    n, shape = len(x), x.shape[1:]
    do, t, d = backends.make("numpy"), Record(shape=shape), Record()
    for name, of in card.shapes(shape).items():
        assert parameters[name].shape == of.of, name
    p, rows = Record(**parameters), np.ascontiguousarray(x.reshape(n, -1))
    width = card.width(shape)
    out = card.forward(do, p, t, rows)
    assert out.shape == (n, numbers(width))
    out = out.reshape(n, *(width if isinstance(width, tuple) else (width,))).copy()
    if error is None:
        return out
    g = error(out).reshape(n, -1)
    found = {"x": card.backward(do, p, t, rows, g, d, True).reshape(x.shape)}
    return out, found | {name: getattr(d, name) for name in parameters}
