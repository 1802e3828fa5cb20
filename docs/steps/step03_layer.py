"""A layer of neurons, and two layers that compute XOR.

ニューロンを並べた層。2層あれば XOR が計算できる。
"""

import numpy as np

from step02_activation import relu

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])


def linear(A, W, b):
    """Z = A Wᵀ + b: (n, d) → (n, units). W has one row for each unit (out × in)."""
    return A @ W.T + b


# (2 → 2 → 1)
W1, b1 = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
W2, b2 = np.array([[1.0, -2.0]]), np.array([0.0])


def network(X):
    """ŷ = W2 relu(W1 x + b1) + b2, for every row of X at once."""
    A1 = relu(linear(X, W1, b1))
    return linear(A1, W2, b2)


if __name__ == "__main__":
    Z1 = linear(X, W1, b1)
    for x, z1, a1, y in zip(X, Z1, relu(Z1), network(X), strict=True):
        print(f"x = {x}   z[1] = {z1}   a[1] = {a1}   ŷ = {y}")

    row_by_row = np.array([network(x[None])[0] for x in X])
    print("batch = row by row:", np.array_equal(network(X), row_by_row))
