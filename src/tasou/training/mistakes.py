"""The perceptron learning rule, sample by sample, walking quickly past the samples that change nothing (lecture 2.1).

The rule is gradient descent on the perceptron loss, one sample at a time. A sample on the right side has δ = 0 and
changes nothing, so a whole block of samples is measured at once and only the first mistake in it is learnt from,
before the rest of the block is measured again: the very numbers of the plain loop.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.formulas import penalties
from tasou.network import Network
from tasou.network.dense import Random

Array = NDArray[Any]

SMALLEST, LARGEST = 4, 1024
"""rows measured at once: few while mistakes are frequent, more the longer none is met"""


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
    patience: int,
    rng: Random | None,
) -> list[int]:
    """Train output k of a network without hidden layer on y = ±1, in place; the mistakes of each epoch.

    Ends after ``epochs``, or when the summed loss has not fallen by ``tol`` per sample for ``patience`` epochs.
    """
    walk = _Walk(network, k, X, y, sample_weight, lr)
    mistakes: list[int] = []
    best, stalled = np.inf, 0
    for _ in range(epochs):
        order = np.arange(len(y))
        if rng is not None:
            rng.shuffle(order)
        wrong, loss = walk.epoch(order)
        mistakes.append(wrong)
        if tol is not None:
            stalled = stalled + 1 if loss > best - tol * len(y) else 0
            best = min(best, loss)
            if stalled >= patience:
                break
    return mistakes


class _Walk:
    """One output's w and b, and the samples it walks past."""

    def __init__(self, network: Network, k: int, X: Any, y: Array, sample_weight: Array | None, lr: float) -> None:
        self.network, self.loss, self.lr = network, network.loss, lr
        self.w, self.b = network[1].W[k], network[1].b[k : k + 1]
        self.X, self.y, self.sample_weight = X, y, sample_weight

    def epoch(self, order: NDArray[np.intp]) -> tuple[int, float]:
        """Walk all samples once; the number of mistakes and the summed loss, each before its update."""
        at, ahead, mistakes, total = 0, SMALLEST, 0, 0.0
        if self.network.l2:
            ahead = 1  # the weights shrink with every sample: none may be walked past
        while at < len(order):
            rows = order[at : at + ahead]
            z = np.asarray(self.X[rows] @ self.w).ravel() + self.b
            delta = self.loss.delta(z, z, self.y[rows], np)
            wrong = np.flatnonzero(delta)
            seen = wrong[0] + 1 if len(wrong) else len(rows)
            if len(wrong):
                total += float(self._weight(rows[wrong[0]]) * self.loss.value(z, self.y[rows], np)[wrong[0]])
                self._learn(rows[wrong[0]], float(delta[wrong[0]]))
                mistakes += 1
            if self.network.l2:
                self.w[...] = penalties.decay(self.w, self.lr, self.network.l2)
            else:
                ahead = SMALLEST if len(wrong) else min(2 * ahead, LARGEST)
            at += int(seen)
        return mistakes, total

    def _learn(self, i: np.intp, delta: float) -> None:
        """W := W − α δ xᵀ, b := b − α δ: one sample's step."""
        x = self.X[[i]]
        x = x.toarray()[0] if hasattr(x, "toarray") else x[0]
        step = self.lr * float(self._weight(i)) * delta
        self.w -= step * x
        if self.network.bias:
            self.b -= step

    def _weight(self, i: np.intp) -> float:
        return 1.0 if self.sample_weight is None else float(self.sample_weight[i])
