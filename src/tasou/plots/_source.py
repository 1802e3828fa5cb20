"""What a plot is handed: a network, a fitted estimator or a training; here each gives what the plot needs of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.given import check_fitted, inside, labels_of, rows_of, single
from tasou.messages import Message

if TYPE_CHECKING:
    from tasou.network import Network

NO_NETWORK = Message(
    "plot.no_network",
    en="{source} holds no network: hand in a Network, a fitted estimator or a Training",
    ja="{source} にはネットワークがありません。Network、学習済みの推定器、Training のどれかを渡してください",
)
NO_PREDICT = Message(
    "plot.no_predict",
    en="{source} has no predict: hand in a fitted estimator or a Network",
    ja="{source} には predict がありません。学習済みの推定器か Network を渡してください",
)
NO_CLASS = Message(
    "plot.no_class",
    en="y holds {label!r}, which is none of the classes {known:list}",
    ja="y にある {label!r} は、クラス {known:list} のどれでもありません",
)


def check_known(y: NDArray[Any], classes: Any, *, every: bool = True) -> None:
    """Raise `TasouError` if y holds a label that is none of the classes learnt, or (not ``every``) no other at all."""
    known = set(np.asarray(classes).tolist())
    labels = list(dict.fromkeys(y.tolist()))
    unknown = [label for label in labels if label not in known]
    if unknown and (every or len(unknown) == len(labels)):
        raise TasouError(
            NO_CLASS, label=unknown[0], known=[repr(label) for label in np.asarray(classes).tolist()]
        )


def network_of(source: Any) -> Network:
    """The `Network` itself, that of a fitted estimator (``network_``) or of a training (``network``)."""
    source = single(inside(source).subject)
    check_fitted(source)
    for name in ("network_", "network"):
        inner = getattr(source, name, None)
        if inner is not None:
            source = inner
    if not (hasattr(source, "parameters") and hasattr(source, "layers")):
        raise TasouError(NO_NETWORK, source=type(source).__name__)
    network: Network = source
    return network


def inputs_of(source: Any, X: Any) -> Any:
    """X as the network of ``source`` takes it: numbers, after the steps of the pipeline that it stands in."""
    rows = inside(source).rows(X)
    return network_of(source).as_input(rows if hasattr(rows, "tocsr") else rows_of(rows))


def predictor_of(source: Any) -> Any:
    """Whatever has ``predict``: the source itself, or the network of a training."""
    check_fitted(inside(source).subject)
    chosen = source if hasattr(source, "predict") else getattr(source, "network", source)
    if not hasattr(chosen, "predict"):
        raise TasouError(NO_PREDICT, source=type(source).__name__)
    return chosen


def history_of(source: Any) -> Any:
    """What wrote the losses down: the history of a training, else the source itself."""
    source = inside(source).subject
    check_fitted(source)
    return source.history if hasattr(source, "history") and hasattr(source, "network") else source


def targets_of(source: Any, y: Any) -> NDArray[Any]:
    """``y`` as the network of ``source`` learns it: labels become indices of the estimator's ``classes_``."""
    found = inside(source)
    y, source = labels_of(found.targets(y)), found.subject
    if y.ndim == 1 and hasattr(source, "classes_"):
        position = {label: k for k, label in enumerate(source.classes_)}
        check_known(y, source.classes_)
        y = np.array([position[label] for label in y])
    network = network_of(source)
    return network.as_target(y.astype(np.intp) if network.loss.targets == "one_hot" and y.ndim == 1 else y)
