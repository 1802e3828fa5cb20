"""One output of a perceptron: class k on one side, all others on the other, learnt and counted by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.utils import check_random_state

from tasou.errors import TasouError
from tasou.estimators._network import Array
from tasou.messages import Message
from tasou.network import Network

NO_WEIGHT = Message(
    "validation.no_weight",
    en="The sample weights for validation set are all zero, consider using a different random state.",
    ja="検証に回す行の sample_weight がすべて0です。random_state を変えてみてください",
)


@dataclass(frozen=True)
class OneAgainstRest:
    """Output k of the network with rows X (n, d), whether each is of class k, and what it weighs."""

    network: Network
    k: int
    X: Any
    is_k: Array
    w: Array

    @property
    def y(self) -> Array:
        """The answers as the perceptron wants them: +1 for class k, else -1."""
        return np.where(self.is_k, 1.0, -1.0).astype(self.X.dtype)

    @property
    def says_k(self) -> Array:
        """Whether wᵀx + b > 0."""
        W, b = self.network.parameters[1]
        said: Array = self.X @ W[self.k] + b[self.k] > 0
        return said

    def mistakes(self) -> int:
        """Rows on the wrong side; those that weigh nothing do not count."""
        return int(np.sum((self.says_k != self.is_k) & (self.w > 0)))

    def accuracy(self) -> float:
        """The weighted share of the rows on the right side."""
        return float(accuracy_score(self.is_k, self.says_k, sample_weight=self.w))


def random_states(random_state: Any, n_outputs: int) -> list[np.random.RandomState]:
    """Where the order of each output comes from, as in scikit-learn."""
    first = check_random_state(random_state)
    if n_outputs == 1:
        return [first]
    seeds = first.randint(np.iinfo(np.int32).max, size=n_outputs)
    return [np.random.RandomState(seed) for seed in seeds]


def rows_kept_out(y: Array, w: Array, share: float, random_state: Any) -> Array:
    """True for the rows kept out, drawn as scikit-learn draws them."""
    draw = StratifiedShuffleSplit(test_size=share, random_state=random_state)
    rows = next(draw.split(np.zeros((len(y), 1)), y))[1]
    if not w[rows].any():
        raise TasouError(NO_WEIGHT)
    kept_out = np.zeros(len(y), bool)
    kept_out[rows] = True
    return kept_out
