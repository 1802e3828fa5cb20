"""L-BFGS by one call: the older door to ``Training(network, optimizer="lbfgs")``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tasou.network import Network
from tasou.training.history import History
from tasou.training.iterations import FTOL, LBFGS
from tasou.training.training import Training


@dataclass
class LBFGSResult:
    """How the run ended: iterations, evaluations of the objective, final loss, and SciPy's verdict."""

    n_iter: int
    n_fun: int
    loss: float
    converged: bool
    message: str
    interrupted: bool = False
    finished: str = ""
    """as of a `Training`: "converged", "epochs", "callback", "interrupted", "diverged"; empty while it runs"""
    history: History = field(default_factory=History)


def minimize(
    network: Network,
    X: Any,
    Y: Any,
    sample_weight: Any = None,
    *,
    max_iter: int = 200,
    max_fun: int = 15_000,
    gtol: float = 1e-4,
    ftol: float = FTOL,
    max_line_search: int = 20,
    on_iteration: Callable[[LBFGSResult], bool | None] | None = None,
    callbacks: Iterable[Any] = (),
) -> LBFGSResult:
    """Minimise (Σ w L + α/2 ‖W‖²) / Σ w over the network's parameters, in place.

    The run ends when no component of the gradient exceeds ``gtol``, or when the loss falls by less than ``ftol`` of
    itself; a line search takes ``max_line_search`` evaluations at most. ``on_iteration`` is called after each
    iteration, with the network at that iterate; returning True ends the run. Ctrl-C ends it too: the newest iterate
    is kept. ``callbacks`` are those of the `Training` that it is: an iteration is an epoch to them.

    Raises
    ------
    TasouError
        SciPy is not installed

    Examples
    --------
    >>> import numpy as np
    >>> network = Network((1, 1), loss="squared_error", rng=0)
    >>> result = minimize(network, np.array([[0.0], [1.0]]), np.array([1.0, 3.0]), gtol=1e-9)
    >>> network.predict(np.array([[2.0]])).round(4)
    array([[5.]])
    """
    constants = {"gtol": gtol, "ftol": ftol, "max_fun": max_fun, "max_line_search": max_line_search}
    told = [] if on_iteration is None else [lambda training: on_iteration(_result(training))]
    training = Training(
        network,
        optimizer=LBFGS.with_parameters(**constants),
        callbacks=[*told, *callbacks],
        on_divergence="ignore",
    )
    training.run(X, Y, sample_weight, epochs=max(max_iter, 1))
    return _result(training)


def _result(training: Training) -> LBFGSResult:
    history, verdict, finished = training.history, training.verdict, training.finished
    latest = (history.loss or [float("nan")])[-1]
    interrupted = finished == "interrupted"
    return LBFGSResult(
        len(history),
        training.verdict.n_fun if training.verdict else 0,
        latest if verdict is None else verdict.loss,
        verdict is not None and verdict.converged,
        "interrupted" if interrupted else "" if verdict is None else verdict.message,
        interrupted,
        finished,
        history,
    )
