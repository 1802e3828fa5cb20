"""How far the next update would move the weights, computed beside the training, which goes on undisturbed."""

from __future__ import annotations

import numpy as np

from tasou.diagnostics.layers import lengths
from tasou.diagnostics.sample import Array
from tasou.training import Training


def update_ratios(training: Training, grad: Array) -> list[float]:
    """‖ΔW[l]‖ / ‖W[l]‖ of each layer, for the update that this mean gradient would make.

    Examples
    --------
    >>> from tasou import Network, datasets
    >>> network = Network((2, 4, 2), rng=0)
    >>> X, y = datasets.make("moons", 50)
    >>> _, grad = network.objective(X, y)
    >>> ratios = update_ratios(Training(network, lr=0.1), grad)
    >>> [0 < ratio < 0.1 for ratio in ratios]
    [True, True]
    """
    network = training.network
    with np.errstate(all="ignore"):
        moved = training.preview(grad)
        changes, sizes = lengths(network, moved), lengths(network)
    return [change / size if size else 0.0 for change, size in zip(changes, sizes, strict=True)]
