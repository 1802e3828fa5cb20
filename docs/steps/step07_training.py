"""Training: forward → loss → backward → update, until the loss is small.

学習：順伝播 → 損失 → 逆伝播 → 更新を、損失が小さくなるまで繰り返す。
"""

import numpy as np

from step04_loss import one_hot
from step05_gradient import backward, forward, initial, loss


def spiral(n=300, seed=0):
    """Three arms that wind around one another: X (n, 2), labels (n,)."""
    label, place = np.arange(n) % 3, np.arange(n) // 3
    r = np.sqrt((place + 0.5) / (place[-1] + 1))
    angle = 2 * np.pi * (label / 3 + 0.6 * r)
    arms = 2 * r[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return arms + 0.2 * np.random.default_rng(seed).standard_normal((n, 2)), label


def train(X, Y, theta, lr, epochs):
    """Gradient descent on the whole batch; theta is changed, the losses are returned."""
    losses = []
    for _ in range(epochs):
        losses.append(loss(X, Y, theta))
        for p, g in zip(theta, backward(X, Y, theta), strict=True):
            p -= lr * g
    return losses


def accuracy(X, labels, theta):
    """Share of rows whose most probable class is the right one."""
    return (forward(X, theta)[-1].argmax(axis=1) == labels).mean()


if __name__ == "__main__":
    X, labels = spiral()
    Y = one_hot(labels, 3)
    for lr in (0.001, 0.5, 50.0):
        theta = initial(2, 10, 3, np.random.default_rng(0))
        losses = train(X, Y, theta, lr, epochs=500)
        curve = "  ".join(f"{losses[e]:8.3g}" for e in (0, 10, 100, 300, 499))
        print(f"α = {lr:<6} L = {curve}   {accuracy(X, labels, theta):.1%}")
