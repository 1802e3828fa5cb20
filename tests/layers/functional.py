"""Verbs over an array library whose arrays are never written to: cards must run on it as they are."""

from __future__ import annotations

import numpy as np


class Functional:
    """Every verb returns a new array of the namespace; ``into`` is left alone."""

    def __init__(self, xp, rng=None):
        self.xp, self.rng = xp, rng

    def product(self, A, B, into=None):
        return A @ B

    def apply(self, formula, *arrays, into=None):
        return formula(*arrays, self.xp)

    def scaled(self, A, formula, *arrays, into=None):
        return A * formula(*arrays, self.xp)

    def add(self, A, B, into=None):
        return A + B

    def times(self, A, B, into=None):
        return A * B

    def total(self, A, into=None):
        return self.xp.sum(self.xp.reshape(A, (-1, A.shape[-1])), axis=0)

    def zeros(self, like, into=None):
        return self.xp.zeros_like(like)

    def draw(self, formula, *constants, like, into=None):
        if self.rng is None:
            return self.xp.ones_like(like)
        drawn = formula(self.rng.random(like.shape), *constants)
        return self.xp.asarray(np.asarray(drawn, np.float64))

    def constant(self, values, like):
        return self.xp.asarray(values, dtype=like.dtype)

    def joined(self, *arrays, into=None):
        return self.xp.concat(arrays, axis=-1)

    def take(self, A, index, into=None):
        return self.xp.take(A, self.xp.asarray(index), axis=-1)

    def put(self, G, index, width, into=None):
        return G @ self._marks(self.xp.asarray(index), width, G.dtype)

    def pick(self, E, codes, into=None):
        found = self.xp.take(E, self._whole(codes), axis=0)
        return self.xp.reshape(found, (*codes.shape, *E.shape[1:]))

    def spread(self, G, codes, rows, into=None):
        marks = self._marks(self._whole(codes), rows, G.dtype)
        found = marks.T @ self.xp.reshape(G, (marks.shape[0], -1))
        return self.xp.reshape(found, (rows, *G.shape[codes.ndim :]))

    def reshaped(self, A, *shape):
        return self.xp.reshape(A, shape)

    def columns(self, A, start, stop):
        return A[..., start:stop]

    def drawing_from(self, rng):
        return Functional(self.xp, rng)

    def _whole(self, codes):
        return self.xp.reshape(self.xp.astype(codes, self.xp.int64), (-1,))

    def _marks(self, index, width, dtype):
        """A row for each index, with a 1 at its place."""
        places = self.xp.arange(width, dtype=self.xp.int64)
        return self.xp.astype(self.xp.astype(index, self.xp.int64)[:, None] == places[None, :], dtype)
