"""Is the gradient right? Ask the loss itself, one parameter at a time.

勾配は正しいか。パラメータを1つずつ動かして、損失そのものに確かめる。
"""

import numpy as np

from step02_activation import relu_slope
from step04_loss import one_hot
from step05_gradient import backward, forward, initial, loss


def differences(X, Y, theta, h=1e-6):
    """The same gradient from (L(θ + h) − L(θ − h)) / 2h: slow, but with nothing to get wrong."""
    gradients = []
    for p in theta:
        g = np.zeros_like(p)
        for i in np.ndindex(p.shape):
            before = p[i]
            p[i] = before + h
            above = loss(X, Y, theta)
            p[i] = before - h
            below = loss(X, Y, theta)
            p[i] = before
            g[i] = (above - below) / (2 * h)
        gradients.append(g)
    return gradients


def forgetful(X, Y, theta):
    """The backward pass of step 5 with a mistake: f′(z[1]) is forgotten."""
    gradients = backward(X, Y, theta)
    delta1 = (forward(X, theta)[-1] - Y) @ theta[2]  # no "* relu_slope(Z1)"
    gradients[:2] = delta1.T @ X / len(X), delta1.sum(axis=0) / len(X)
    return gradients


def compare(found, wanted):
    """The largest difference for each of W1, b1, W2, b2."""
    return [float(abs(f - w).max()) for f, w in zip(found, wanted, strict=True)]


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    theta = initial(2, 10, 3, rng)
    X, Y = rng.normal(size=(20, 2)), one_hot(np.arange(20) % 3, 3)
    assert 0 < relu_slope(forward(X, theta)[0]).mean() < 1
    for name, by_hand in (("backward", backward), ("forgetful", forgetful)):
        errors = compare(by_hand(X, Y, theta), differences(X, Y, theta))
        print(f"{name:>10}", *(f"{e:.0e}" for e in errors), "OK" if max(errors) < 1e-7 else "WRONG")
