"""What several experiments do: train, count what is right, look back through a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.formulas import probabilities
from tasou.layers import Layer
from tasou.network import Network, Trace
from tasou.training import Training

Array = NDArray[Any]


def train(network: Network, X: Array, y: Array, *, epochs: int, **options: Any) -> Training:
    """Train by gradient descent on the full batch unless told otherwise."""
    training = Training(network, **{"rng": 0, **options})
    training.run(X, y, epochs=epochs)
    return training


def labels(network: Network, X: Array) -> Array:
    """The class of each row: the likeliest, or the side of one half."""
    y_hat = network.predict(X)
    found: Array = probabilities.classes(y_hat, np)
    return found


def right(network: Network, X: Array, y: Array) -> int:
    """How many rows get their own class."""
    return int((labels(network, X) == y).sum())


def look_back(network: Network, X: Array, y: Array) -> Trace:
    """Forward, loss and backward on one batch, the weights left as they are."""
    X, Y = network.as_input(X), network.as_target(y)
    trace = network.forward(X)
    network.measure(trace, Y)
    network.backward(trace, Y)
    return trace


def ledger(trace: Trace, **options: Any) -> dict[str, Any]:
    """The ledger of a step, as text and as a page, in the language that is asked for: parts of an `Outcome`."""
    found = {lang: trace.table(lang=lang, **options) for lang in ("en", "ja")}
    return {
        "text": lambda lang: str(found[lang]),
        "pages": {"ledger.html": lambda lang: found[lang].page()},
    }


def small_step(layers: Sequence[Layer], theta: Sequence[float], x: Array) -> Trace:
    """A step of a network so small that its ledger can be read: weights with one decimal, one sample of class 0."""
    network = Network(layers=layers, inputs=x.shape, rng=0)
    network.theta = np.array(theta)
    return look_back(network, x[None], np.array([0]))


def largest_difference(a: Any, b: Any) -> float:
    """The largest absolute difference of two arrays."""
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())
