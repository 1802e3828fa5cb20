"""Class labels on one side, the rows of Y that the losses want on the other."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import LabelBinarizer

from tasou.estimators._labels import check_labels
from tasou.formulas import losses, probabilities
from tasou.training.class_weights import class_weights

Array = NDArray[Any]


def _of_whole_numbers(y: Any) -> LabelBinarizer | None:
    """The fitted LabelBinarizer of a column of whole numbers, without its examination; None for any other y."""
    if not isinstance(y, np.ndarray) or y.ndim != 1 or y.dtype.kind not in "iub" or not y.size:
        return None
    binarizer, classes = LabelBinarizer(), np.unique(y)
    binarizer.y_type_ = "binary" if len(classes) <= 2 else "multiclass"  # in the order of fit: files have it
    binarizer.sparse_input_, binarizer.classes_ = False, classes
    return binarizer


OF_ARRAYS = SimpleNamespace(argmax=np.ndarray.argmax, astype=np.astype, int64=np.int64)
"""NumPy's functions without their detour for lists, which takes a tenth of the time of predicting one row"""


class Classes:
    """What the classifiers share: labels to Y and back, probabilities in the order of ``classes_``.

    Two classes are one sigmoid output, more are a softmax, several labels at once are a sigmoid each (lecture 4.3).
    """

    classes_: Array
    n_outputs_: int
    class_weight: Any
    _label_binarizer: LabelBinarizer

    def _define_classes(self, y: Any) -> None:
        self._label_binarizer = _of_whole_numbers(y) or LabelBinarizer().fit(check_labels(y))
        self.classes_ = self._label_binarizer.classes_

    def _binarized(self, y: Any) -> Array:
        """Y as zeros and ones: (n, 1) for two classes, one column per class or label otherwise."""
        kind, labels = self._label_binarizer.y_type_, np.asarray(y)
        if labels.ndim == 1 and kind == "multiclass":
            one_hot: Array = labels[:, None] == self.classes_
            return one_hot
        if labels.ndim == 1 and kind == "binary" and len(self.classes_) == 2:
            second: Array = labels[:, None] == self.classes_[1]
            return second
        return np.asarray(self._label_binarizer.transform(y)).astype(bool)

    @property
    def _loss_name(self) -> str:
        multiclass = self._label_binarizer.y_type_ == "multiclass"
        return "cross_entropy" if multiclass else "binary_cross_entropy"

    def _labels(self, y_hat: Array, threshold: float = 0.5) -> Array:
        kind, outputs = self._label_binarizer.y_type_, y_hat.shape[1]
        if kind == "multiclass" or (kind == "binary" and len(self.classes_) == 2):
            return self.classes_[probabilities.classes(y_hat, OF_ARRAYS, threshold=threshold)]  # type: ignore[no-any-return]
        values = y_hat[:, -1] if outputs == 1 or kind == "binary" else y_hat
        return self._label_binarizer.inverse_transform(values, threshold)  # type: ignore[no-any-return]

    @staticmethod
    def _probabilities(y_hat: Array) -> Array:
        """(n, classes) from the network's prediction."""
        p: Array = probabilities.of_classes(y_hat, np)
        return p

    def _log_probabilities(self, y_hat: Array, z: Array) -> Array:
        """log of the probabilities; the losses of the answers, which z gives, help out where they round to zero."""
        one = z.shape[1] == 1
        loss, answers = (
            losses.get("binary_cross_entropy" if one else "cross_entropy"),
            (0.0, 1.0) if one else (1.0,),
        )
        of_answers = np.concatenate([loss.value(z, y, np) for y in answers], axis=1)
        log_p: Array = probabilities.logarithms(self._probabilities(y_hat), of_answers, np)
        return log_p

    def _weights_of_classes(self, Y: Array, sample_weight: Array | None) -> list[Array] | None:
        """What each class weighs, for every output; None if all weigh the same.

        "balanced" gives every class the same total weight, sample weights included.
        """
        if self.class_weight is None:
            return None
        several = self._label_binarizer.y_type_.startswith("multilabel")
        asked = self.class_weight if several and isinstance(self.class_weight, list) else [self.class_weight]
        if several and len(asked) == 1:
            asked = asked * Y.shape[1]
        if not several or len(asked) != Y.shape[1]:
            classes = [0, 1] if several else self.classes_
            return [class_weights(asked[0], classes, self._codes(Y)[:, 0], sample_weight)]
        codes = self._codes(Y)
        return [class_weights(one, [0, 1], codes[:, k], sample_weight) for k, one in enumerate(asked)]

    def _codes(self, Y: Array) -> Array:
        """The place of each row's class in ``classes_``, a column per output."""
        codes: Array = Y if self._label_binarizer.y_type_ != "multiclass" else Y.argmax(axis=1)[:, None]
        return codes.astype(np.intp)

    def _weighted(
        self, of_classes: list[Array] | None, Y: Array, sample_weight: Array | None
    ) -> Array | None:
        """Sample weights times the weights of the rows' classes; None if neither is asked for."""
        if of_classes is None:
            return sample_weight
        codes = self._codes(Y)
        w: Array = np.prod([of[codes[:, k]] for k, of in enumerate(of_classes)], axis=0)
        return w if sample_weight is None else w * sample_weight
