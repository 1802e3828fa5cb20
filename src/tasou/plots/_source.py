"""What a plot is handed: a network, a fitted estimator or a training; here each gives what the plot needs of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError

if TYPE_CHECKING:
    from tasou.network import Network


def network_of(source: Any) -> Network:
    """The `Network` itself, that of a fitted estimator (``network_``) or of a training (``network``)."""
    for name in ("network_", "network"):
        inner = getattr(source, name, None)
        if inner is not None:
            source = inner
    if not (hasattr(source, "parameters") and hasattr(source, "layers")):
        name = type(source).__name__
        raise TasouError(f"{name} holds no network: hand in a Network, a fitted estimator or a Training")
    network: Network = source
    return network


def predictor_of(source: Any) -> Any:
    """Whatever has ``predict``: the source itself, or the network of a training."""
    chosen = source if hasattr(source, "predict") else getattr(source, "network", source)
    if not hasattr(chosen, "predict"):
        raise TasouError(f"{type(source).__name__} has no predict: hand in a fitted estimator or a Network")
    return chosen


def history_of(source: Any) -> Any:
    """What wrote the losses down: the history of a training, else the source itself."""
    return source.history if hasattr(source, "history") and hasattr(source, "network") else source


def targets_of(source: Any, y: Any) -> NDArray[Any]:
    """``y`` as the network of ``source`` learns it: labels become indices of the estimator's ``classes_``."""
    y = np.asarray(y)
    if y.ndim == 1 and hasattr(source, "classes_"):
        position = {label: k for k, label in enumerate(source.classes_)}
        unknown = [label for label in np.unique(y) if label not in position]
        if unknown:
            known = ", ".join(map(str, position))
            raise TasouError(f"y holds {str(unknown[0])!r}, which is none of the classes {known}")
        y = np.array([position[label] for label in y])
    network = network_of(source)
    return network.as_target(y.astype(np.intp) if network.loss.targets == "one_hot" and y.ndim == 1 else y)
