"""scikit-learn's parameters for the penalty: what they ask for, what of it is offered, what is on its way out."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from tasou.errors import TasouError


def check_offered(estimator: Any, solvers: tuple[str, ...]) -> None:
    """Pass if the parameters ask for an L2 penalty or none and for one of our solvers; warn as scikit-learn does.

    Raises
    ------
    TasouError
        another penalty, the dual problem, or another solver
    """
    _warn_of_changes(estimator)
    asked = _asked_penalty(estimator)
    solver = estimator.solver
    if solver not in solvers:
        raise TasouError(
            f"solver={solver!r} is not offered here; solver='lbfgs' arrives at the same optimum of an L2-penalised "
            "or unpenalised loss, solver='gd' walks there by gradient descent"
        )
    if asked not in ("l2", None):
        raise TasouError(
            f"Solver {solver} supports only 'l2' or None penalties, got {asked} penalty. Set l1_ratio=0, or use "
            "scikit-learn's solver='saga' for l1 and elastic net."
        )
    if estimator.dual:
        raise TasouError(f"Solver {solver} supports only dual=False, got dual=True")


def _asked_penalty(estimator: Any) -> str | None:
    """The penalty's name, from ``penalty`` where it is still given, else from ``l1_ratio`` and ``C``."""
    if estimator.penalty != "deprecated":
        if estimator.penalty == "elasticnet" and estimator.l1_ratio is None:
            raise TasouError("l1_ratio must be specified when penalty is elasticnet.")
        return estimator.penalty  # type: ignore[no-any-return]
    if np.isinf(estimator.C):
        return None
    return {0: "l2", 1: "l1"}.get(estimator.l1_ratio or 0, "elasticnet")


def _warn_of_changes(estimator: Any) -> None:
    """scikit-learn's warnings about parameters it is about to remove, and about values that contradict each other."""
    penalty, l1_ratio = estimator.penalty, estimator.l1_ratio
    if penalty != "deprecated":
        _warn(
            "'penalty' was deprecated in scikit-learn 1.8 and will be removed in 1.10. Leave it out: l1_ratio=0 is "
            "penalty='l2', and C=np.inf is penalty=None.",
            FutureWarning,
        )
    elif l1_ratio is None:
        _warn(
            "'l1_ratio=None' was deprecated in scikit-learn 1.8 and will be an error in 1.10. Use l1_ratio=0.",
            FutureWarning,
        )
    if penalty is None and estimator.C != 1:
        _warn("Setting penalty=None will ignore the C and l1_ratio parameters", UserWarning)
    if penalty == "l2" and l1_ratio != 0:
        _warn(f"Inconsistent values: penalty=l2 with l1_ratio={l1_ratio}. Leave penalty out.", UserWarning)
    if estimator.n_jobs is not None:
        _warn(
            f"'n_jobs' has no effect since scikit-learn 1.8 and will be removed in 1.10; leave n_jobs="
            f"{estimator.n_jobs} out.",
            FutureWarning,
        )


def _warn(message: str, category: type[Warning]) -> None:
    warnings.warn(message, category, stacklevel=6)
