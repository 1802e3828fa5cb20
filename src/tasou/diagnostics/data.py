"""Measure the data: the columns of X, the rows of Y, and how well the network does on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.diagnostics.record import NAN, Fit, Inputs, Target
from tasou.formulas import probabilities
from tasou.network import Network, Trace

Array = NDArray[Any]

MOST_COLUMNS = 5_000
"""columns that are compared with each other"""
FEWEST_ROWS = 10
"""two columns may agree by accident if fewer rows than these differ from the rest"""
MARKS = 4
NEAR = 4e-3
"""marks of two columns that may be the same differ by no more"""
ROUNDING = 1e-3
CLASSES = {"one_hot", "binary", "sign"}


def measure_inputs(
    X: Array, *, complete: bool = True, names: Sequence[str] = (), sources: Sequence[str] = ()
) -> Inputs:
    """The columns of X (n, d): their centres, scales, constants and repetitions."""
    X = np.asarray(X, np.float64)
    low, high = X.min(axis=0), X.max(axis=0)
    mean, std = X.mean(axis=0), X.std(axis=0)
    constant = tuple(int(k) for k in np.flatnonzero(low == high)) if len(X) > 1 else ()
    row_norm = float(np.median(np.linalg.norm(X, axis=1)))
    largest = np.maximum(np.abs(low), np.abs(high))
    pairs = _duplicates(X, mean, std, set(constant))
    return Inputs(
        len(X),
        complete,
        mean,
        std,
        largest,
        row_norm,
        constant,
        pairs,
        tuple(map(str, names)),
        tuple(sources),
    )


def _duplicates(X: Array, mean: Array, std: Array, constant: set[int]) -> tuple[tuple[int, int], ...]:
    """Columns that are equal once centred and scaled; each is named with the first of its kind.

    A few numbers per column, its values along fixed random directions, tell most columns apart: only where all of them
    agree the columns themselves are compared.
    """
    n, d = X.shape
    if n < FEWEST_ROWS or d > MOST_COLUMNS or d < 2:
        return ()
    std = np.where(std > 0, std, 1)
    directions = np.random.default_rng(0).standard_normal((MARKS, n)) / np.sqrt(n)
    marks = ((directions @ X - directions.sum(axis=1, keepdims=True) * mean) / std).T
    groups: list[list[int]] = []
    for j in (int(j) for j in np.argsort(marks[:, 0]) if int(j) not in constant):
        for group in reversed(groups):
            i = group[0]
            if marks[j, 0] - marks[i, 0] > NEAR:
                groups.append([j])
                break
            if np.abs(marks[j] - marks[i]).max() <= NEAR and _same(
                X[:, i], X[:, j], mean[[i, j]], std[[i, j]]
            ):
                group.append(j)
                break
        else:
            groups.append([j])
    return tuple(sorted((min(group), j) for group in groups for j in group if j > min(group)))


def _same(x: Array, other: Array, mean: Array, std: Array) -> bool:
    """Whether two columns differ, once centred and scaled, by no more than the rounding of another unit.

    What counts as little is measured by the rows off the median: a few values far out must not hide the rest.
    """
    z = (x - mean[0]) / std[0]
    off = np.abs(z - np.median(z))
    off = off[off > 0]
    return len(off) >= FEWEST_ROWS and bool(
        np.abs((other - mean[1]) / std[1] - z).max() <= ROUNDING * np.median(off)
    )


def measure_target(network: Network, Y: Array, labels: Sequence[object] = ()) -> Target:
    """The rows of Y (n, K), and the classes' shares where y is one class per row."""
    sums = Y.sum(axis=1, dtype=np.float64)
    index = class_index(network, Y)
    shares = np.empty(0) if index is None else np.bincount(index, minlength=_n_classes(network)) / len(Y)
    names = labels if len(labels) == len(shares) else range(len(shares))
    return Target(
        mean=Y.mean(axis=0, dtype=np.float64),
        std=Y.std(axis=0, dtype=np.float64),
        smallest=float(Y.min()),
        largest=float(Y.max()),
        zero_one=bool(np.isin(Y, (0, 1)).all()),
        row_sums=(float(sums.min()), float(sums.max())),
        classes=tuple(map(str, names)),
        shares=shares,
    )


def _n_classes(network: Network) -> int:
    return max(2, network.sizes[-1])


def class_index(network: Network, Y: Array) -> NDArray[np.intp] | None:
    """The class of each row (n,); None where Y holds numbers or several labels at once."""
    targets = network.loss.targets
    if targets == "one_hot" and Y.shape[1] > 1:
        return np.asarray(Y.argmax(axis=1), np.intp)
    if targets in CLASSES and Y.shape[1] == 1:
        return np.asarray(Y[:, 0] > (0 if targets == "sign" else 0.5), np.intp)
    return None


def measure_fit(trace: Trace, Y: Array, validation: tuple[Any, Array] | None = None) -> Fit:
    """Loss and score of the prediction in the trace, beside what the best constant would reach."""
    network = trace.network
    values = network.loss.value(trace.raw, Y, np)
    index, found = class_index(network, Y), class_index(network, trace.y_hat)
    recall = np.empty(0)
    if index is not None and found is not None:
        counts = np.bincount(index, minlength=_n_classes(network))
        right = np.bincount(index[found == index], minlength=len(counts))
        recall = np.divide(right, counts, out=np.full(len(counts), NAN), where=counts > 0)
    return Fit(
        loss=float(values.sum(axis=1, dtype=np.float64).mean()),
        baseline=baseline(network, Y),
        score=score(network, trace.y_hat, Y),
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


def baseline(network: Network, Y: Array) -> float:
    """Mean loss of the constant prediction ŷ = mean of Y."""
    mean = Y.mean(axis=0, dtype=np.float64)
    with np.errstate(divide="ignore"):
        z = RAW[network.loss.output](mean) if network.loss.output in RAW else mean
    raw = np.broadcast_to(z, Y.shape).astype(np.float64)
    return float(network.loss.value(raw, Y, np).sum(axis=1).mean())


FAR = 30.0
"""stands for the infinite z of a class that never (or always) occurs"""
RAW: dict[str, Callable[[Array], Array]] = {
    "softmax": lambda mean: np.clip(np.log(mean), -FAR, None),
    "exp": lambda mean: np.clip(np.log(mean), -FAR, None),
    "sigmoid": lambda mean: np.clip(probabilities.logit(mean, np), -FAR, FAR),
}
"""from the mean of y to the z that predicts it, by the loss's output function"""
