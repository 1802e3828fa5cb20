"""The perceptron learning rule, sample by sample, walking quickly past the samples that change nothing (lecture 2.1).

The rule is gradient descent on the perceptron loss, one sample at a time. A sample on the right side has δ = 0 and
changes nothing, so a whole block of samples is measured at once and only the first mistake in it is learnt from,
before the rest of the block is measured again: the very numbers of the plain loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tasou.backends.job import Walk, Walker
from tasou.formulas import penalties
from tasou.network import Network

Array = NDArray[Any]

SMALLEST, LARGEST = 4, 1024
"""rows measured at once: few while mistakes are frequent, more the longer none is met"""


class Shuffler(Protocol):
    """What brings the samples into the order of the next epoch: a random generator of NumPy, or the like."""

    def shuffle(self, x: NDArray[np.intp]) -> None: ...  # noqa: D102


def learn_from_mistakes(
    network: Network,
    k: int,
    X: Any,
    y: Array,
    sample_weight: Array | None,
    *,
    lr: float,
    epochs: int,
    tol: float | None,
    patience: float,
    rng: Shuffler | None,
    l2: float = 0.0,
    l1: float = 0.0,
    score: Callable[[], float] | None = None,
) -> list[int]:
    """Train output k of a network without hidden layer on y = ±1, in place; the mistakes of each epoch.

    With a penalty the weights shrink with every sample: by lr · l2 of themselves, and by lr · l1 towards zero.

    Ends after ``epochs``, or when the mean objective (loss and penalty, each sample before its update) has not fallen
    by ``tol`` for ``patience`` epochs; with a ``score``, which is taken after each epoch, when that has not risen.
    """
    walk = _Walk(network, k, X, y, sample_weight, lr, l2, l1)
    mistakes: list[int] = []
    best, stalled = -np.inf, 0
    for _ in range(epochs):
        order = np.arange(len(y))
        if rng is not None:
            rng.shuffle(order)
        wrong, objective = walk.epoch(order)
        mistakes.append(wrong)
        if tol is not None:
            value = -objective if score is None else score()
            stalled = stalled + 1 if value < best + tol else 0
            best = max(best, value)
            if stalled >= patience:
                break
    return mistakes


class _Walk:
    """One output's w and b, and the samples it walks past."""

    def __init__(
        self,
        network: Network,
        k: int,
        X: Any,
        y: Array,
        sample_weight: Array | None,
        lr: float,
        l2: float,
        l1: float,
    ) -> None:
        self.network, self.loss, self.lr, self.l2, self.l1 = network, network.loss, lr, l2, l1
        self.w, self.b = network[1].W[k], network[1].b[k : k + 1]
        self.X, self.y, self.sample_weight = X, y, sample_weight
        self.due, self.paid = 0.0, np.zeros_like(self.w)
        self.longest = 1 if l2 or l1 else LARGEST  # a shrinking w changes with every sample: walk past none
        self.native = None if l2 or l1 else self._walker()

    def _walker(self) -> Walker | None:
        """The backend's walk over an epoch, if it has one."""
        loss = (self.loss.value, self.loss.delta)
        return self.network.backend.walker(
            Walk(self.w, self.b, self.network.bias, loss, self.X, self.y, self.sample_weight, self.lr)
        )

    def epoch(self, order: NDArray[np.intp]) -> tuple[int, float]:
        """Walk all samples once; the number of mistakes and the mean objective."""
        if self.native is not None:
            wrong, loss = self.native(order)
            return wrong, loss / len(order)
        return self._epoch(order)

    def _epoch(self, order: NDArray[np.intp]) -> tuple[int, float]:
        at, ahead, mistakes, total = 0, min(SMALLEST, self.longest), 0, 0.0
        while at < len(order):
            rows = order[at : at + ahead]
            z = np.asarray(self.X[rows] @ self.w).ravel() + self.b
            delta = self.loss.delta(z, z, self.y[rows], np)
            wrong = np.flatnonzero(delta)
            total += self._penalty()
            self._shrink()
            if len(wrong):
                first = int(wrong[0])
                total += float(self.loss.value(z, self.y[rows], np)[first])
                self._learn(rows[first], float(delta[first]))
                mistakes += self._weight(rows[first]) > 0
            self._pay_l1()
            at += int(wrong[0]) + 1 if len(wrong) else len(rows)
            ahead = min(SMALLEST if len(wrong) else 2 * ahead, self.longest)
        return mistakes, total / len(order)

    def _learn(self, i: np.intp, delta: float) -> None:
        """W := W − α δ xᵀ, b := b − α δ: one sample's step."""
        x = self.X[[i]]
        x = x.toarray()[0] if hasattr(x, "toarray") else x[0]
        step = self.lr * self._weight(i) * delta
        self.w -= step * x
        if self.network.bias:
            self.b -= step

    def _penalty(self) -> float:
        l2 = float(penalties.l2(self.w, self.l2, np)) if self.l2 else 0.0
        return l2 + (float(penalties.l1(self.w, self.l1, np)) if self.l1 else 0.0)

    def _shrink(self) -> None:
        if self.l2:
            self.w[...] = penalties.decay(self.w, self.lr, self.l2)

    def _pay_l1(self) -> None:
        if self.l1:
            self.due += self.lr * self.l1
            self.w[...], self.paid = penalties.cumulative_l1(self.w, self.paid, self.due, np)

    def _weight(self, i: np.intp) -> float:
        return 1.0 if self.sample_weight is None else float(self.sample_weight[i])
