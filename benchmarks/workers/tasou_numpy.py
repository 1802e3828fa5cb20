"""tasou's MLPClassifier, NumPy backend."""

from __future__ import annotations

import os

os.environ["TASOU_BACKEND"] = "numpy"

from functools import partial

import tasou
from benchmarks.workers import estimators
from tasou import MLPClassifier

VERSION = tasou.__version__
training = partial(estimators.training, MLPClassifier)
prediction = partial(estimators.prediction, MLPClassifier)


def set_threads(threads: int) -> None:
    """The environment has told the BLAS already."""
