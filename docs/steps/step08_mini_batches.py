"""Mini-batches: many small updates in an epoch, with momentum.

ミニバッチ：1エポックの中で小さな更新を何度も行う。モーメンタムも加える。
"""

import numpy as np

from step04_loss import one_hot
from step05_gradient import backward, initial, loss
from step07_training import accuracy, spiral


def train(X, Y, theta, lr, epochs, *, batch_size, momentum=0.0, rng):
    """v := μ v − α g, θ := θ + v, batch by batch, the rows in a new order each epoch; the losses are returned."""
    n, order, losses = len(X), np.arange(len(X)), []
    velocity = [np.zeros_like(p) for p in theta]
    for _ in range(epochs):
        order = order[rng.permutation(n)]
        total = 0.0
        for start in range(0, n, batch_size):
            rows = order[start : start + batch_size]
            total += loss(X[rows], Y[rows], theta) * len(rows)
            for p, v, g in zip(theta, velocity, backward(X[rows], Y[rows], theta), strict=True):
                v[...] = momentum * v - lr * g
                p += v
        losses.append(total / n)
    return losses


if __name__ == "__main__":
    X, labels = spiral()
    Y = one_hot(labels, 3)
    for batch_size, lr, momentum in ((300, 0.5, 0.0), (30, 0.1, 0.0), (30, 0.1, 0.9), (1, 0.02, 0.0)):
        rng = np.random.default_rng(0)
        theta = initial(2, 10, 3, rng)
        losses = train(X, Y, theta, lr, 60, batch_size=batch_size, momentum=momentum, rng=rng)
        curve = "  ".join(f"{losses[e]:.4f}" for e in (0, 4, 19, 59))
        settings = f"{batch_size:>3} rows  α = {lr:<4}  μ = {momentum}"
        print(f"{settings}   L = {curve}   {accuracy(X, labels, theta):.1%}")
