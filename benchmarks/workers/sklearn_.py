"""scikit-learn's MLPClassifier."""

from __future__ import annotations

from functools import partial

import sklearn
from sklearn.neural_network import MLPClassifier

from benchmarks.workers import estimators

VERSION = sklearn.__version__
training = partial(estimators.training, MLPClassifier)
prediction = partial(estimators.prediction, MLPClassifier)


def set_threads(threads: int) -> None:
    """The environment has told the BLAS already."""
