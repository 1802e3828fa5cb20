"""The gradient by hand: the chain rule, from the loss back to the first layer.

勾配を手で書く。連鎖律を使って、損失から最初の層までさかのぼる。
"""

import numpy as np

from step02_activation import relu, relu_slope
from step03_layer import linear
from step04_loss import cross_entropy, one_hot, softmax


def forward(X, theta):
    """Z[1] → A[1] → Z[2] → Ŷ, everything kept: the way back needs it."""
    W1, b1, W2, b2 = theta
    Z1 = linear(X, W1, b1)
    A1 = relu(Z1)
    Z2 = linear(A1, W2, b2)
    return Z1, A1, Z2, softmax(Z2)


def loss(X, Y, theta):
    """The mean cross-entropy of the batch."""
    return cross_entropy(forward(X, theta)[2], Y)


def backward(X, Y, theta):
    """∇W1, ∇b1, ∇W2, ∇b2 of the mean loss: local error δ times what came in."""
    _, _, W2, _ = theta
    Z1, A1, _, Y_hat = forward(X, theta)
    delta2 = Y_hat - Y  # (n, K)
    delta1 = (delta2 @ W2) * relu_slope(Z1)  # (n, 10)
    n = len(X)
    return [delta1.T @ X / n, delta1.sum(axis=0) / n, delta2.T @ A1 / n, delta2.sum(axis=0) / n]


def initial(d, hidden, K, rng):
    """Small random weights (He before ReLU, Glorot before softmax), drawn as (in, out); biases 0."""
    he, glorot = np.sqrt(6 / d), np.sqrt(6 / (hidden + K))
    W1 = rng.uniform(-he, he, (d, hidden)).T.copy()
    W2 = rng.uniform(-glorot, glorot, (hidden, K)).T.copy()
    return [W1, np.zeros(hidden), W2, np.zeros(K)]


if __name__ == "__main__":
    np.set_printoptions(precision=4, suppress=True)
    theta = initial(2, 3, 3, np.random.default_rng(0))
    X, Y = np.array([[0.5, -1.2]]), one_hot([2], 3)
    print("ŷ     =", forward(X, theta)[-1][0])
    print("δ[2]  =", (forward(X, theta)[-1] - Y)[0])
    for name, gradient in zip(("∇W[1]", "∇b[1]", "∇W[2]", "∇b[2]"), backward(X, Y, theta), strict=True):
        print(name, "=", str(gradient).replace("\n", "\n" + " " * 8))
    stepped = [p - 0.1 * g for p, g in zip(theta, backward(X, Y, theta), strict=True)]
    print(f"L     = {loss(X, Y, theta):.4f} → {loss(X, Y, stepped):.4f}")
