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
        return self.xp.sum(A, axis=0)

    def zeros(self, like, into=None):
        return self.xp.zeros_like(like)

    def draw(self, formula, *constants, like, into=None):
        if self.rng is None:
            return self.xp.ones_like(like)
        drawn = formula(self.rng.random(like.shape), *constants)
        return self.xp.asarray(np.asarray(drawn, np.float64))

    def drawing_from(self, rng):
        return Functional(self.xp, rng)
