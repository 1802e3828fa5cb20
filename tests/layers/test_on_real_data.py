"""Networks of layers learn real data: the digits of scikit-learn as images and as sequences."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from tasou import Network, Training
from tasou.layers import GRU, Conv2d, Dense, MaxPool

CONVOLUTION = [
    Conv2d(16, 3, "relu", padding="same"),
    MaxPool(2),
    Conv2d(32, 3, "relu", padding="same"),
    MaxPool(2),
    Dense(10),
]


@pytest.mark.parametrize(
    ("layers", "inputs", "lr", "epochs", "least"),
    [(CONVOLUTION, (8, 8, 1), 0.003, 20, 0.98), ([GRU(32), Dense(10)], (8, 8), 0.01, 20, 0.95)],
    ids=["by convolution", "row by row"],
)
def test_handwritten_digits_are_read(layers, inputs, lr, epochs, least):
    X, y = load_digits(return_X_y=True)
    X, X_test, y, y_test = train_test_split(X / 16, y, test_size=0.25, random_state=0)
    network = Network(layers=layers, inputs=inputs, dtype=np.float32, rng=0)
    Training(network, optimizer="adam", lr=lr, batch_size=50, rng=0).run(X, y, epochs=epochs)
    assert (network.predict(X_test).argmax(axis=1) == y_test).mean() >= least
