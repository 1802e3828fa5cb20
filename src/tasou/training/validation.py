"""The validation data: rows kept out of training, on which loss and score are measured after each epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from tasou.network import Network

Array = NDArray[Any]


@dataclass
class Validation:
    """Validation rows and what is measured on them.

    ``score`` is any function of the network that returns a number, higher is better (an accuracy, say); the loss is
    measured where X and Y are given.
    """

    X: Any = None
    Y: Array | None = None
    sample_weight: Array | None = None
    score: Callable[[Network], float] | None = None

    def measure(self, network: Network) -> dict[str, float]:
        """The quantities for the history, by their names there."""
        found = {}
        if self.Y is not None:
            found["validation_loss"] = network.mean_loss(self.X, self.Y, self.sample_weight)
        if self.score is not None:
            found["validation_score"] = float(self.score(network))
        return found
