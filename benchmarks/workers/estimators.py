"""What the workers of estimators with scikit-learn's interface share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.workloads import Workload


def training(MLPClassifier: Any, workload: Workload, X: Any, y: Any) -> Callable[[], Any]:
    """``fit`` with everything it includes; no rule stops it early (of L-BFGS, SciPy's own may)."""
    estimator = MLPClassifier(
        hidden_layer_sizes=workload.hidden,
        batch_size=workload.batch,
        solver=workload.solver,
        learning_rate_init=workload.lr,
        max_iter=workload.epochs,
        n_iter_no_change=10**6,
        tol=0.0,
        random_state=0,
    )
    return lambda: estimator.fit(X, y)


def prediction(
    MLPClassifier: Any, rows: int, features: int, hidden: tuple[int, ...], classes: int
) -> Callable[[], Any]:
    """``predict`` of a fitted estimator."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(1000, features)).astype(np.float32), rng.integers(classes, size=1000)
    fitted = MLPClassifier(hidden, max_iter=2, random_state=0).fit(X, y)
    many = rng.normal(size=(rows, features)).astype(np.float32)
    return lambda: fitted.predict(many)
