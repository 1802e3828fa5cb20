"""One neuron, and what no single neuron can do.

ニューロン1個。そして、1個では決してできないこと。
"""

import itertools

import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
AND = np.array([-1, -1, -1, +1])
XOR = np.array([-1, +1, +1, -1])


def neuron(x, w, b):
    """ŷ = sign(w·x + b): +1 or −1."""
    z = w @ x + b
    return 1 if z > 0 else -1


def right(w, b, y):
    """How many of the four points the neuron gets right."""
    return sum(neuron(x, w, b) == target for x, target in zip(X, y, strict=True))


def best(y):
    """The best neuron among 9261: each of w1, w2, b from −2 to 2 in steps of 0.2."""
    grid = np.linspace(-2, 2, 21)
    return max(right(np.array([w1, w2]), b, y) for w1, w2, b in itertools.product(grid, grid, grid))


if __name__ == "__main__":
    w, b = np.array([1.0, 1.0]), -1.5
    for x in X:
        print(f"x = {x}   z = {w @ x + b:+.1f}   ŷ = {neuron(x, w, b):+d}")
    print("AND:", best(AND), "/ 4")
    print("XOR:", best(XOR), "/ 4")
