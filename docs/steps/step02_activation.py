"""Activations, each with its slope.

活性化関数と、その傾き（導関数）。
"""

import numpy as np


def relu(z):
    """max(0, z)."""
    return np.maximum(z, 0)


def relu_slope(z):
    """1 for z > 0, else 0."""
    return (z > 0).astype(float)


def sigmoid(z):
    """1 / (1 + e⁻ᶻ), between 0 and 1."""
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z):
    """Written in terms of the value itself: a (1 − a)."""
    a = sigmoid(z)
    return a * (1 - a)


def tanh_slope(z):
    """1 − a², a = tanh(z)."""
    return 1 - np.tanh(z) ** 2


ACTIVATIONS = {
    "relu": (relu, relu_slope),
    "sigmoid": (sigmoid, sigmoid_slope),
    "tanh": (np.tanh, tanh_slope),
}


def measured_slope(f, z, h=1e-6):
    """The slope without any formula: how much f changes between z − h and z + h."""
    return (f(z + h) - f(z - h)) / (2 * h)


if __name__ == "__main__":
    z = np.array([-10.0, -2.0, 0.5, 2.0, 10.0])
    print("z".rjust(12), *(f"{v:8.1f}" for v in z))
    for name, (f, slope) in ACTIVATIONS.items():
        print(f"{name:>12}", *(f"{v:8.4f}" for v in f(z)))
        print(f"{name + chr(0x2032):>12}", *(f"{v:8.4f}" for v in slope(z)))
        assert np.allclose(slope(z), measured_slope(f, z), atol=1e-8)
