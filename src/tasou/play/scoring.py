"""Which classes a network names, and how many of them are right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.formulas import probabilities
from tasou.network import Network

Array = NDArray[Any]


def classes_of(network: Network, y_hat: Array) -> Array:
    """The class of each row (the perceptron's only output is told by its sign)."""
    found: Array = probabilities.classes(y_hat, np, threshold=0.0 if network.loss.targets == "sign" else 0.5)
    return found


def score_of(network: Network, truth: Array) -> Callable[[Array], float]:
    """The share of right classes among rows whose classes are these; what asks for it may outlive a run."""
    return lambda y_hat: float((classes_of(network, y_hat) == truth).mean())
