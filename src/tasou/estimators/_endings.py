"""What an estimator says of how its training ended: scikit-learn's warnings with a code, and words for bad data."""

from __future__ import annotations

from typing import Any

from sklearn.exceptions import ConvergenceWarning

from tasou.errors import Coded, DivergenceError, warn
from tasou.estimators._advice import BOTH, NOTHING, unscaled_inputs, unscaled_target, worse_than_constant
from tasou.messages import Message
from tasou.training import Training
from tasou.training.learning import Rows


class NotConverged(Coded, ConvergenceWarning):
    """The fit is worse than it could be."""


class Noted(Coded, UserWarning):
    """Something a user should know of a fit."""


NON_FINITE = Message(
    "mlp.non_finite",
    en="Solver produced non-finite parameter weights. The input data may contain large values and need to be "
    "preprocessed. ({why}){advice}",
    ja="学習で重みが有限でなくなりました。入力に大きな値があれば前処理してください（{why}）{advice}",
)
DIVERGED_EARLY = Message(
    "mlp.diverged_early_stopping",
    en="{why} The weights of the epoch with the best validation score before that are kept.{advice}",
    ja="{why} それまでで検証スコアが最良だったエポックの重みを使います。{advice}",
)
MAX_ITER = Message(
    "mlp.max_iter",
    en="Stochastic Optimizer: Maximum iterations ({n}) reached and the optimization hasn't converged yet.{advice}",
    ja="最大エポック数（{n}）に達しましたが、まだ収束していません。{advice}",
)
LBFGS_FAILED = Message(
    "lbfgs.not_converged",
    en="lbfgs failed to converge after {n} iteration(s): {why}. Increase the number of iterations "
    "(max_iter={max_iter}) to improve the convergence, or scale the data.",
    ja="lbfgs は {n} 回の反復で収束しませんでした：{why}。反復の上限（max_iter={max_iter}）を増やすか、"
    "データを標準化してください。",
)
INTERRUPTED = Message(
    "mlp.interrupted", en="Training interrupted by user.", ja="学習は利用者により中断されました。"
)
CLIPPED = Message(
    "mlp.batch_size_clipped",
    en="Got `batch_size` less than 1 or larger than sample size. It is going to be clipped",
    ja="batch_size がサンプル数より大きいため、サンプル数に切り詰めます",
)
TO_USER = 5
"""frames between a warning and the call of ``fit``"""


def non_finite(error: DivergenceError, rows: Rows) -> DivergenceError:
    """The error in scikit-learn's words, with what may be the reason."""
    return DivergenceError(NON_FINITE, why=error, advice=unscaled_inputs(rows))


def tell_clipped() -> None:
    """A batch is to hold more rows than there are."""
    warn(CLIPPED, Noted, stacklevel=TO_USER + 1)


def tell_end(training: Training, rows: Rows, max_iter: int) -> None:
    """The warnings scikit-learn gives (interrupted, out of iterations), and words for unscaled data."""
    history, target = training.history, NOTHING
    if training.divergence is not None:
        parts = {"why": training.divergence.sentence, "advice": unscaled_inputs(rows)}
        return warn(DIVERGED_EARLY, NotConverged, stacklevel=TO_USER, **parts)
    if training.verdict is not None:
        if training.finished in ("epochs", "interrupted"):
            tell_lbfgs(training, len(history), max_iter, TO_USER + 1)
        return None
    if training.network.loss.name == "squared_error" and history.loss:
        target = unscaled_target(rows, history.loss[-1])
    elif training.finished == "converged" and not training.history.validation_loss:
        target = worse_than_constant(training.network, rows, history.loss[-1])
    if training.finished == "interrupted":
        warn(INTERRUPTED, Noted, stacklevel=TO_USER)
    elif training.finished == "epochs":
        advice = unscaled_inputs(rows)
        advice = advice if target is NOTHING else BOTH(inputs=advice, target=target)
        warn(MAX_ITER, NotConverged, stacklevel=TO_USER, n=max_iter, advice=advice)
    elif training.finished == "converged" and target is not NOTHING:
        warn(target, NotConverged, stacklevel=TO_USER)
    return None


def tell_lbfgs(training: Training, n: int, max_iter: int, stacklevel: int) -> None:
    """L-BFGS was cut short, for SciPy's reason."""
    assert training.verdict is not None
    parts: dict[str, Any] = {"n": n, "why": training.verdict.message, "max_iter": max_iter}
    warn(LBFGS_FAILED, NotConverged, stacklevel=stacklevel, **parts)
