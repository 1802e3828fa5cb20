"""L-BFGS on the flat vector theta, by SciPy: full batch, no learning rate (Liu & Nocedal 1989)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.network import Network
from tasou.training.callbacks import Callbacks
from tasou.training.data import Data
from tasou.training.divergence import Divergence
from tasou.training.history import History

Array = NDArray[Any]

FTOL = 1e7 * float(np.finfo(np.float64).eps)
"""SciPy's usual tolerance: a relative fall of the loss below it ends the run"""


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
    is kept. ``callbacks`` are those of a `Training`: an iteration is an epoch to them, and the `Run` stands for the
    training.

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
    try:
        from scipy import optimize
    except ImportError:
        raise TasouError("L-BFGS needs SciPy: pip install scipy") from None
    limits = {"maxiter": max_iter, "maxfun": max_fun, "gtol": gtol, "ftol": ftol, "maxls": max_line_search}
    data = Data(network, X, Y, sample_weight)
    run = Run(network, data, on_iteration, callbacks, gtol)
    try:
        run.callbacks.on_start(run, data)
        found = optimize.minimize(
            run.objective,
            network.theta.astype(np.float64),
            jac=True,
            method="L-BFGS-B",
            callback=run.iteration,
            options=limits,
        )
        run.ended(found)
    except KeyboardInterrupt:
        run.interrupted()
    finally:
        run.callbacks.on_end(run)
    return run.result


class Run:
    """The objective as SciPy wants it, and the record of the iterations; to callbacks, what a `Training` is."""

    divergence: Divergence | None = None

    def __init__(
        self,
        network: Network,
        data: Data,
        on_iteration: Callable[[LBFGSResult], bool | None] | None,
        callbacks: Iterable[Any],
        tol: float,
    ) -> None:
        self.network, self.data, self.on_iteration, self.tol = network, data, on_iteration, tol
        self.callbacks = Callbacks(callbacks)
        self.measured = network.objective_on(data.X, data.Y, data.sample_weight)
        self.latest: Array = network.theta.astype(np.float64)
        self.result = LBFGSResult(0, 0, float("nan"), False, "")
        self.start = time.perf_counter()

    @property
    def history(self) -> History:
        """Loss and seconds of each iteration."""
        return self.result.history

    @property
    def finished(self) -> str:
        """Why the run ended; empty while it goes on."""
        return self.result.finished

    # --- what SciPy calls ------------------------------------------------------------------------------------------

    def objective(self, theta: Array) -> tuple[float, Array]:
        """Loss and gradient at theta."""
        self.result.n_fun += 1
        self.network.theta = theta
        loss, grad = self.measured()
        return loss, grad.astype(np.float64)

    def iteration(self, intermediate_result: Any) -> None:
        """Note an iterate, and tell of it."""
        history = self.result.history
        self.latest = intermediate_result.x.copy()
        history.loss.append(float(intermediate_result.fun))
        history.seconds.append(time.perf_counter() - self.start)
        self.network.theta = self.latest
        self.result.n_iter = len(history)
        asked = self.on_iteration is not None and self.on_iteration(self.result) is True
        if self.callbacks.on_epoch(self) or asked:
            self.result.finished = "callback"
            raise StopIteration

    def ended(self, found: Any) -> None:
        """Take over what SciPy found."""
        result, self.network.theta = self.result, found.x
        result.n_iter, result.n_fun, result.loss = int(found.nit), int(found.nfev), float(found.fun)
        result.converged, result.message = bool(found.status == 0), str(found.message)
        finite = np.isfinite(result.loss) and np.isfinite(found.x).all()
        ending = ("converged" if result.converged else "epochs") if finite else "diverged"
        result.finished = result.finished or ending

    def interrupted(self) -> None:
        """Go back to the newest iterate: what stands in the network may be a trial of the line search."""
        self.network.theta = self.latest
        self.result.loss = (self.result.history.loss or [float("nan")])[-1]
        self.result.interrupted, self.result.message = True, "interrupted"
        self.result.finished = "interrupted"
