"""tasou's MLPClassifier, NumPy backend."""

from __future__ import annotations

import os

os.environ["TASOU_BACKEND"] = "numpy"

from collections.abc import Callable
from functools import partial
from typing import Any

import tasou
from benchmarks.workers import estimators, stacks
from benchmarks.workloads import Workload
from tasou import MLPClassifier

VERSION = tasou.__version__
KINDS = stacks.KINDS
prediction = partial(estimators.prediction, MLPClassifier)


def training(workload: Workload, X: Any, y: Any) -> Callable[[], Any]:
    """``fit`` of the estimator, or the training of a network of layers."""
    if workload.kind != "dense":
        return stacks.training(workload, X, y)
    return estimators.training(MLPClassifier, workload, X, y)


def set_threads(threads: int) -> None:
    """The environment has told the BLAS already."""
