"""What a classifier answers, as indices of classes: for the data, and for every pixel behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ShapeError, TasouError
from tasou.formulas import probabilities
from tasou.given import labels_of
from tasou.messages import Message
from tasou.plots._source import check_known

ONE_LABEL = Message(
    "plot.one_label",
    en="y must be one label a row, of shape {shape}, not {found}",
    ja="y は1行に1つのラベルで、形は {shape} にしてください（{found} は使えません）",
)
SEVERAL_LABELS = Message(
    "plot.several_labels",
    en="{source} answers with {n} labels a row, and this picture shows one class: draw a model of a single label",
    ja="{source} は1行に {n} 個のラベルを答えますが、この図が示すのは1つのクラスです。"
    "1つのラベルのモデルを描いてください",
)
NO_PROBABILITIES = Message(
    "plot.no_probabilities",
    en="{source} has no predict_proba; draw it with proba=False",
    ja="{source} には predict_proba がありません。proba=False を指定して描いてください",
)

NO_CLASSIFIER = Message(
    "plot.no_classifier",
    en="{source} tells numbers, not classes; this picture shows classes",
    ja="{source} はクラスではなく数値を答える回帰モデルです。この図が示すのはクラスです",
)

NUMBERS = Message(
    "plot.numbers",
    en="y holds numbers such as {value:g}, not classes; this picture shows classes",
    ja="y にあるのはクラスではなく {value:g} のような数値です。この図が示すのはクラスです",
)

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Answers:
    """The classes, and by their index: the true one and the predicted one of each point, the one of each pixel."""

    classes: list[Any]
    true: Indices
    predicted: Indices
    pixels: Indices

    @classmethod
    def of(cls, classifier: Any, X: Any, y: Any, grid: Any = None) -> Answers:
        """Ask ``classifier`` about the rows of X, whose true labels are y, and about those of ``grid``."""
        check_classifier(classifier)
        true = classes_of(y)
        if hasattr(classifier, "classes_") and true.ndim == 1:
            check_known(true, classifier.classes_, every=False)
        predicted = _labels(classifier, X)
        if predicted.ndim == 2 and predicted.shape[1] > 1:
            raise ShapeError(SEVERAL_LABELS, source=type(classifier).__name__, n=predicted.shape[1])
        pixels = predicted[:0] if grid is None else _labels(classifier, grid)
        if true.shape != predicted.shape:
            raise ShapeError(ONE_LABEL, shape=predicted.shape, found=true.shape)
        classes = list(getattr(classifier, "classes_", ()))
        for seen in (true, predicted, pixels):
            classes += [label for label in _distinct(seen) if label not in classes]
        if not hasattr(classifier, "classes_"):
            classes.sort()
        return cls(classes, *(_index(labels, classes) for labels in (true, predicted, pixels)))

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which points are predicted as what they are."""
        return np.equal(self.true, self.predicted)


def check_classifier(source: Any) -> None:
    """Raise `TasouError` for a regressor, before it is asked about thousands of pixels."""
    if hasattr(source, "classes_"):
        return
    tags = source.__sklearn_tags__() if hasattr(source, "__sklearn_tags__") else None
    kind = getattr(tags, "estimator_type", None) or getattr(source, "_estimator_type", "")
    if kind == "regressor" or getattr(source, "task", "") == "regression":
        raise TasouError(NO_CLASSIFIER, source=type(source).__name__)


def classes_of(y: Any) -> NDArray[Any]:
    """y as ``fit`` takes it, if it names classes: no row without a label, and no measured numbers."""
    found = labels_of(y)
    if found.dtype.kind == "f" and not (found == np.round(found)).all():
        raise TasouError(NUMBERS, value=float(found[found != np.round(found)][0]))
    return found


def _distinct(labels: NDArray[Any]) -> list[Any]:
    """The different labels in order, as far as they have one."""
    try:
        return list(np.unique(labels))
    except TypeError:  # numbers and texts together
        return list(dict.fromkeys(labels.tolist()))


def shares(classifier: Any, grid: Any) -> NDArray[np.float64]:
    """The probability of every class at every pixel, (n, K)."""
    if hasattr(classifier, "predict_proba"):
        return np.asarray(classifier.predict_proba(grid), dtype=np.float64)
    outputs = np.asarray(classifier.predict(grid), dtype=np.float64)
    if outputs.ndim != 2:
        raise TasouError(NO_PROBABILITIES, source=type(classifier).__name__)
    if outputs.shape[1] > 1:
        return outputs
    positive = np.clip((outputs + 1) / 2 if _signed(classifier) else outputs, 0, 1)
    return np.column_stack([1 - positive, positive])


def _labels(classifier: Any, X: Any) -> NDArray[Any]:
    """One label a row; a network answers with its outputs, of which the largest names the class."""
    answer: NDArray[Any] = np.asarray(classifier.predict(X))
    if answer.ndim == 1 or hasattr(classifier, "classes_"):
        return answer
    if answer.shape[1] == 1 and _signed(classifier):
        return np.where(answer[:, 0] > 0, 1, -1)
    labels: NDArray[Any] = probabilities.classes(answer, np)
    return labels


def _signed(classifier: Any) -> bool:
    """Whether a network answers with -1 and +1, as the perceptron does."""
    return bool(getattr(getattr(classifier, "loss", None), "targets", "") == "sign")


def _index(labels: NDArray[Any], classes: Sequence[Any]) -> Indices:
    """The position of every label among the classes."""
    position = {label: k for k, label in enumerate(classes)}
    if labels.dtype.kind == "O":
        return np.array([position[label] for label in labels.tolist()], dtype=np.intp)
    found, inverse = np.unique(labels, return_inverse=True)
    return np.array([position[label] for label in found], dtype=np.intp)[inverse]
