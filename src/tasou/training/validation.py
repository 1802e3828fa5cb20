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
    """Validation rows X (n, n_0), Y (n, K), and what is measured on them: the loss, and a score where one is given.

    ``score`` is any function of the predictions ŷ (n, K) that returns a number, higher is better; None takes the loss
    with a minus sign.
    """

    X: Any
    Y: Any
    sample_weight: Array | None = None
    score: Callable[[Array], float] | None = None

    def measure(self, network: Network) -> dict[str, float]:
        """The quantities for the history, by their names there."""
        loss, y_hat = network.evaluate(self.X, self.Y, self.sample_weight)
        score = -loss if self.score is None else float(self.score(y_hat))
        return {"validation_loss": loss, "validation_score": score}
