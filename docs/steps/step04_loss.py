"""From numbers to probabilities (softmax), and from probabilities to one number to be made small (the loss).

数値から確率へ（ソフトマックス）、確率から「小さくしたい1つの数」へ（損失）。
"""

import numpy as np


def softmax(Z):
    """ŷ_k = exp(z_k) / Σ exp(z_j); the largest z is taken off first, so exp cannot overflow."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def one_hot(labels, K):
    """Label k becomes the k-th row of the unit matrix: (n,) → (n, K)."""
    return np.eye(K)[labels]


def cross_entropy(Z, Y):
    """The mean of L = −Σ y_k log ŷ_k over the rows; log ŷ is taken from z, so it never sees log 0."""
    S = Z - Z.max(axis=1, keepdims=True)
    log_y_hat = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    return -(Y * log_y_hat).sum(axis=1).mean()


if __name__ == "__main__":
    np.set_printoptions(precision=4, suppress=True)
    Y = one_hot([0], 3)
    for z in ([2.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 1.0, 2.0], [-1000.0, 0.0, 1000.0]):
        Z = np.array([z])
        print(f"z = {Z[0]}   ŷ = {softmax(Z)[0]}   L = {cross_entropy(Z, Y):.4f}")
