"""Axes to draw on without pyplot, and a small trained classifier."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tasou import datasets
from tasou.network import Network
from tasou.training import Recorder, Training


@pytest.fixture
def ax():
    """Small, and without a layout engine, which draws everything three times to find its places."""
    figure = Figure(figsize=(4, 3), dpi=50)
    FigureCanvasAgg(figure)
    return figure.subplots()


@pytest.fixture(scope="session")
def trained():
    """The lecture's network after a short training: network, X, y, history, recorder, training."""
    X, y = datasets.make("spiral")
    network, recorder = Network((2, 10, 3), rng=0), Recorder()
    training = Training(network, lr=1.0, callbacks=[recorder])
    history = training.run(X, y, epochs=60)
    return network, X, y, history, recorder, training


@pytest.fixture(scope="session")
def spiral(trained):
    """The same: network, X, y, history."""
    return trained[:4]


class Sign:
    """A classifier that answers with the sign of a feature, and remembers what it was asked."""

    def __init__(self, feature=0, answers=("minus", "plus")):
        self.feature, self.answers = feature, np.array(answers)

    def predict(self, X):
        self.asked = X
        values = np.asarray(X)[:, self.feature].astype(float)
        return self.answers[(values > 0).astype(int)]


@pytest.fixture
def sign():
    return Sign
