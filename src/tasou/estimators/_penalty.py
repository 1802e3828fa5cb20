"""scikit-learn's parameters for the penalty: what they ask for, what of it is offered, what is on its way out."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.errors import Coded, TasouError, warn
from tasou.messages import Message

NO_SOLVER = Message(
    "logistic.no_solver",
    en=(
        "solver={solver!r} is not offered here; solver='lbfgs' arrives at the same optimum of an "
        "L2-penalised or unpenalised loss, solver='gd' walks there by gradient descent"
    ),
    ja=(
        "solver={solver!r} はありません。L2 正則化の有無にかかわらず、solver='lbfgs' で同じ最適解に"
        "着きます。solver='gd' は勾配降下法でそこへ向かいます"
    ),
)
L2_ALONE = Message(
    "logistic.l2_alone",
    en=(
        "Solver {solver} supports only 'l2' or None penalties, got {penalty} penalty. Set l1_ratio=0, or use "
        "scikit-learn's solver='saga' for l1 and elastic net."
    ),
    ja=(
        "solver={solver!r} で使える正則化は 'l2' か None だけです（{penalty} でした）。l1_ratio=0 にするか、l1 "
        "と elastic net には scikit-learn の solver='saga' を使ってください"
    ),
)
NO_DUAL = Message(
    "logistic.no_dual",
    en="Solver {solver} supports only dual=False, got dual=True",
    ja="solver={solver!r} で使えるのは dual=False だけです（dual=True でした）",
)
NO_RATIO = Message(
    "logistic.no_ratio",
    en="l1_ratio must be specified when penalty is elasticnet.",
    ja="penalty='elasticnet' には l1_ratio の指定が必要です",
)
PENALTY_DEPRECATED = Message(
    "logistic.penalty_deprecated",
    en=(
        "'penalty' was deprecated in scikit-learn 1.8 and will be removed in 1.10. Leave it out: l1_ratio=0 "
        "is penalty='l2', and C=np.inf is penalty=None."
    ),
    ja=(
        "penalty は scikit-learn 1.8 で非推奨になり、1.10 でなくなります。指定を省いてください。penalty='l2' "
        "は l1_ratio=0、penalty=None は C=np.inf にあたります"
    ),
)
RATIO_DEPRECATED = Message(
    "logistic.ratio_deprecated",
    en="'l1_ratio=None' was deprecated in scikit-learn 1.8 and will be an error in 1.10. Use l1_ratio=0.",
    ja="l1_ratio=None は scikit-learn 1.8 で非推奨になり、1.10 でエラーになります。l1_ratio=0 にしてください",
)
IGNORED = Message(
    "logistic.penalty_ignored",
    en="Setting penalty=None will ignore the C and l1_ratio parameters",
    ja="penalty=None では、C と l1_ratio は使われません",
)
INCONSISTENT = Message(
    "logistic.inconsistent",
    en="Inconsistent values: penalty=l2 with l1_ratio={l1_ratio}. Leave penalty out.",
    ja="penalty='l2' と l1_ratio={l1_ratio} が食い違っています。penalty の指定を省いてください",
)
NO_JOBS = Message(
    "logistic.n_jobs",
    en="'n_jobs' has no effect since scikit-learn 1.8 and will be removed in 1.10; leave n_jobs={n_jobs} out.",
    ja="n_jobs は scikit-learn 1.8 から効果がなく、1.10 でなくなります。n_jobs={n_jobs} の指定を省いてください",
)


TO_USER = 5
"""frames between a warning and the call of ``fit``"""


class Deprecated(Coded, FutureWarning):
    """A parameter that scikit-learn is about to remove, or to change."""


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
        raise TasouError(NO_SOLVER, solver=solver)
    if asked not in ("l2", None):
        raise TasouError(L2_ALONE, solver=solver, penalty=asked)
    if estimator.dual:
        raise TasouError(NO_DUAL, solver=solver)


def _asked_penalty(estimator: Any) -> str | None:
    """The penalty's name, from ``penalty`` where it is still given, else from ``l1_ratio`` and ``C``."""
    if estimator.penalty != "deprecated":
        if estimator.penalty == "elasticnet" and estimator.l1_ratio is None:
            raise TasouError(NO_RATIO)
        return estimator.penalty  # type: ignore[no-any-return]
    if np.isinf(estimator.C):
        return None
    return {0: "l2", 1: "l1"}.get(estimator.l1_ratio or 0, "elasticnet")


def _warn_of_changes(estimator: Any) -> None:
    """scikit-learn's warnings about parameters it is about to remove, and about values that contradict each other."""
    penalty, l1_ratio = estimator.penalty, estimator.l1_ratio
    if penalty != "deprecated":
        warn(PENALTY_DEPRECATED, Deprecated, stacklevel=TO_USER)
    elif l1_ratio is None:
        warn(RATIO_DEPRECATED, Deprecated, stacklevel=TO_USER)
    if penalty is None and estimator.C != 1:
        warn(IGNORED, stacklevel=TO_USER)
    if penalty == "l2" and l1_ratio != 0:
        warn(INCONSISTENT, l1_ratio=l1_ratio, stacklevel=TO_USER)
    if estimator.n_jobs is not None:
        warn(NO_JOBS, Deprecated, n_jobs=estimator.n_jobs, stacklevel=TO_USER)
