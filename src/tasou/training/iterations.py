"""L-BFGS as an optimizer among others: all rows at once, no learning rate, an iteration an epoch (Liu & Nocedal 1989).

SciPy finds the way; here it is told iteration by iteration. SciPy cannot be stopped and taken up again: a run that
goes on repeats its iterations silently from the θ where it began, to the same bits. What it remembers is that θ, and
the clock counts the iterations since. Where the repeated losses are not those of before (other rows, or weights that
somebody has changed), a new run begins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from tasou.backends.pools import one_thread_elsewhere
from tasou.errors import TasouError
from tasou.formulas import optimizers
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Clock
from tasou.messages import Message
from tasou.network import Network, Trace
from tasou.training.data import Data
from tasou.training.divergence import first_non_finite
from tasou.training.history import History

Array = NDArray[Any]

SCIPY = Message(
    "lbfgs.scipy",
    en="L-BFGS needs SciPy: pip install scipy",
    ja="L-BFGS には SciPy が必要です：pip install scipy",
)
NO_STEPS = Message(
    "lbfgs.no_steps",
    en="L-BFGS makes iterations over all rows, not steps: use run() and callbacks",
    ja="L-BFGS は全行での反復を行い、1ステップずつは進めません。run() とコールバックを使ってください",
)

FTOL = 1e7 * float(np.finfo(np.float64).eps)
"""SciPy's usual tolerance: a relative fall of the loss below it ends the run"""


def _no_steps(
    *_: Any, gtol: float = 1e-4, ftol: float = FTOL, max_fun: int = 15_000, max_line_search: int = 20
) -> NoReturn:
    raise TasouError(NO_STEPS)


LBFGS = Optimizer(
    "lbfgs",
    update=_no_steps,
    state=("begin",),
    lr=1.0,
    latex=r"\theta := \theta - H \nabla, \quad H \approx (\nabla^2)^{-1}",
    parameters={"gtol": 1e-4, "ftol": FTOL, "max_fun": 15_000, "max_line_search": 20},
    notes={
        "en": "All rows at once; the curvature is learnt from the last ten gradients. For few rows and few parameters.",
        "ja": "全行を一度に使い、直近10回の勾配から曲率を推定する。行もパラメータも少ないときに向く。",
    },
)
"""the run ends when no component of the gradient exceeds ``gtol``, or the loss falls by less than ``ftol`` of itself"""


def optimizer_of(optimizer: str | Optimizer, **constants: float) -> Optimizer:
    """The optimizer of that name, L-BFGS among them.

    >>> optimizer_of("lbfgs", gtol=1e-6).parameters["gtol"], optimizer_of("adam").name
    (1e-06, 'adam')
    """
    rule: str | Optimizer = LBFGS if optimizer == "lbfgs" else optimizer
    return optimizers.get(rule, **constants)


def is_lbfgs(optimizer: Any) -> bool:
    """Whether an optimizer, by its name or as an object, is L-BFGS, which takes all rows at once."""
    return optimizer == LBFGS.name or getattr(optimizer, "name", "") == LBFGS.name


class Verdict(NamedTuple):
    """What SciPy says of a run: evaluations of the loss, the loss at the end, whether it converged, and why not."""

    n_fun: int
    loss: float
    converged: bool
    message: str


class Afresh(Exception):
    """The iterations repeated are not those of before: this is another run."""


class Iterations:
    """A run of L-BFGS over the data.

    Parameters
    ----------
    rule
        `LBFGS` with its constants
    network
        whose θ is minimised over; it stands at each iterate when that is told
    data
        all rows
    begin
        θ where the run begins
    known
        the losses of the iterations that were made before, which are repeated silently
    """

    def __init__(
        self, rule: Optimizer, network: Network, data: Data, begin: Array, known: Sequence[float] = ()
    ) -> None:
        self.rule, self.network, self.known = rule, network, known
        self.measured = network.objective_on(data.X, data.Y, data.sample_weight)
        self.begin: Array = begin.astype(np.float64)
        self.goal = network.theta.copy()
        self.latest = self.goal
        """the newest iterate that was told (what stands in the network may be a trial of the line search)"""
        self.count = self.n_fun = 0

    def objective(self, theta: Array) -> tuple[float, Array]:
        """Loss and gradient at θ."""
        self.n_fun += 1
        self.network.theta = theta
        loss, grad = self.measured()
        return loss, grad.astype(np.float64)

    def minimize(self, epochs: int, tell: Callable[[float], bool]) -> Verdict:
        """Make so many iterations more; ``tell`` is told the loss of each, and True ends the run.

        Raises
        ------
        Afresh
            the iterations repeated are not those of before
        TasouError
            SciPy is not installed
        """
        try:
            from scipy import optimize
        except ImportError:
            raise TasouError(SCIPY) from None

        def iteration(intermediate_result: Any) -> None:
            loss, theta = float(intermediate_result.fun), intermediate_result.x
            self.count += 1
            if self.count <= len(self.known):
                return self._repeat(loss, theta)
            self.latest = theta.copy()
            self.network.theta = self.latest
            if tell(loss):
                raise StopIteration
            return None

        limits = {"maxiter": len(self.known) + epochs, **_names_of_scipy(self.rule)}
        with one_thread_elsewhere():
            found = optimize.minimize(
                self.objective, self.begin, jac=True, method="L-BFGS-B", callback=iteration, options=limits
            )
        self.network.theta = found.x
        return Verdict(int(found.nfev), float(found.fun), bool(found.status == 0), str(found.message))

    def _repeat(self, loss: float, theta: Array) -> None:
        if loss != self.known[self.count - 1]:
            raise Afresh
        if self.count == len(self.known) and not np.array_equal(theta.astype(self.goal.dtype), self.goal):
            raise Afresh


def _names_of_scipy(rule: Optimizer) -> dict[str, Any]:
    constants = dict(rule.parameters)
    return {
        "maxfun": constants["max_fun"],
        "gtol": constants["gtol"],
        "ftol": constants["ftol"],
        "maxls": constants["max_line_search"],
    }


class Iterated(Protocol):
    """What a `Training` is to its iterations."""

    network: Network
    optimizer: Optimizer
    history: History
    clock: Clock
    finished: str
    verdict: Verdict | None

    def note_iteration(self, loss: float) -> None: ...  # noqa: D102
    def remember(self, name: str) -> Array: ...  # noqa: D102
    def close_epoch(self, data: Data, *, last: bool) -> None: ...  # noqa: D102
    def diverge(self, where: str) -> None: ...  # noqa: D102


def run(training: Iterated, data: Data, epochs: int) -> None:
    """Make up to ``epochs`` iterations more: `Iterations` on one side, the end of an epoch on the other."""
    if epochs < 1:
        return
    done = training.clock.updates - training.clock.begin
    try:
        if done:
            return _run(training, data, epochs, training.history.loss[len(training.history) - done :])
    except Afresh:
        pass
    training.clock = training.clock._replace(begin=training.clock.updates)
    training.remember("begin")[...] = training.network.theta
    _run(training, data, epochs, [])


def _run(training: Iterated, data: Data, epochs: int, known: list[float]) -> None:
    network, history = training.network, training.history
    iterations = Iterations(training.optimizer, network, data, training.remember("begin"), known)
    not_ours, left = training.clock.epochs - len(history), epochs
    before = iterations.goal

    def tell(loss: float) -> bool:
        nonlocal left, before
        left -= 1
        training.note_iteration(loss)
        training.close_epoch(data, last=left == 0)
        before = iterations.latest
        return training.finished != "" and left > 0

    try:
        with np.errstate(over="ignore", invalid="ignore"):
            training.verdict = iterations.minimize(epochs, tell)
    except Afresh:
        network.theta = iterations.goal
        raise
    except BaseException:  # Ctrl-C, or a callback that failed
        network.theta = iterations.latest if training.clock.epochs - not_ours == len(history) else before
        loss = (history.loss or [float("nan")])[-1]
        training.verdict = Verdict(iterations.n_fun, loss, False, "interrupted")
        raise
    finally:
        ours = training.clock.epochs - not_ours
        training.clock = training.clock._replace(updates=training.clock.updates - (len(history) - ours))
        history.cut(ours)  # an iteration that was interrupted before it was measured does not count
    if not (np.isfinite(training.verdict.loss) and np.isfinite(network.theta).all()):
        training.diverge(_first_non_finite(network, data))
    elif training.finished in ("", "epochs"):
        training.finished = "converged" if training.verdict.converged else "epochs"


def _first_non_finite(network: Network, data: Data) -> str:
    trace = Trace(network, data.n)
    with np.errstate(all="ignore"):
        network.objective(data.X, data.Y, data.sample_weight, trace)
    return first_non_finite(trace)
