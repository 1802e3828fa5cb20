"""Measure the rows of Y, and how well the network does on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.diagnostics.record import NAN, Fit, Target
from tasou.formulas import probabilities
from tasou.network import Network, Trace

Array = NDArray[Any]

CLASSES = {"one_hot", "binary", "sign"}


def measure_target(network: Network, Y: Array, labels: Sequence[object] = ()) -> Target:
    """The rows of Y (n, K), and the classes' shares where y is one class per row."""
    n, K = Y.shape
    rows, mean = Y @ np.ones(K, Y.dtype), np.ones(n) @ Y / n
    off, index = Y - mean, class_index(network, Y)
    shares = np.empty(0) if index is None else np.bincount(index, minlength=_n_classes(network)) / n
    names = labels if len(labels) == len(shares) else range(len(shares))
    return Target(
        mean=mean,
        std=np.sqrt(np.einsum("ij,ij->j", off, off) / n),
        smallest=float(Y.min()),
        largest=float(Y.max()),
        zero_one=bool(((Y == 0) | (Y == 1)).all()),
        row_sums=(float(rows.min()), float(rows.max())),
        classes=tuple(map(str, names)),
        shares=shares,
    )


def _n_classes(network: Network) -> int:
    return max(2, network.sizes[-1])


def class_index(network: Network, Y: Array) -> NDArray[np.intp] | None:
    """The class of each row (n,); None where Y holds numbers or several labels at once."""
    targets = network.loss.targets
    if (targets == "one_hot" and Y.shape[1] > 1) or (targets in CLASSES and Y.shape[1] == 1):
        threshold = 0.0 if targets == "sign" else 0.5
        return np.asarray(probabilities.classes(Y, np, threshold=threshold), np.intp)
    return None


def measure_fit(trace: Trace, Y: Array, validation: tuple[Any, Array] | None = None) -> Fit:
    """Score of the prediction in the trace and the loss measured there, beside what the best constant would reach."""
    network, recall = trace.network, np.empty(0)
    index, found = class_index(network, Y), class_index(network, trace.y_hat)
    if index is None or found is None:
        reached = score(network, trace.y_hat, Y)
    else:
        hit = index[found == index]
        counts = np.bincount(index, minlength=_n_classes(network))
        right, reached = np.bincount(hit, minlength=len(counts)), len(hit) / len(index)
        recall = np.divide(right, counts, out=np.full(len(counts), NAN), where=counts > 0)
    return Fit(
        loss=trace.loss / len(Y),
        baseline=baseline(network, Y),
        score=reached,
        recall=recall,
        validation_score=NAN
        if validation is None
        else score(network, network.predict(validation[0]), validation[1]),
    )


def score(network: Network, y_hat: Array, Y: Array) -> float:
    """Accuracy where Y is classes (every label right, where there are several), R² where it is numbers."""
    index = class_index(network, Y)
    if index is not None:
        return float(np.mean(class_index(network, y_hat) == index))
    if network.loss.targets in CLASSES:
        return float(np.mean(((y_hat > 0.5) == (Y > 0.5)).all(axis=1)))
    around = float(((Y - Y.mean(axis=0)) ** 2).sum())
    return 1 - float(((Y - y_hat) ** 2).sum()) / around if around > 0 else NAN


def baseline(network: Network, Y: Array, weight: Array | None = None) -> float:
    """Mean loss of the constant prediction ŷ = mean of Y, each row counting by its weight."""
    w = np.ones(len(Y)) if weight is None else weight
    mean = w @ Y / w.sum()
    with np.errstate(divide="ignore"):
        z = probabilities.raw(mean, network.loss.output, np)
    raw = np.empty(Y.shape)
    raw[...] = z
    return float((w @ network.loss.value(raw, Y, np)).sum() / w.sum())
