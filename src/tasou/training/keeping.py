"""A training's state, taken and put back."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tasou.backends.verbs import Random
from tasou.errors import ShapeError, TasouError
from tasou.formulas.optimizers import Optimizer
from tasou.formulas.schedules import Clock
from tasou.messages import Message
from tasou.network import Network, Parameters
from tasou.training import randomness
from tasou.training.divergence import Divergence
from tasou.training.history import History
from tasou.training.state import Begun, State
from tasou.training.step import length
from tasou.training.stopping import Stopping

Array = NDArray[Any]

OTHER_NETWORK = Message(
    "state.other_network",
    en="the state holds {found} parameters, the network of this training has {wanted}",
    ja="この状態のパラメータは {found} 個ですが、この学習のネットワークのパラメータは {wanted} 個です",
)
OTHER_OPTIMIZER = Message(
    "state.other_optimizer",
    en="the state was left by another optimizer than {optimizer}, which remembers {wanted}: it holds {found}",
    ja="この状態を残したのは {optimizer}（覚えているもの：{wanted}）ではありません（状態にあるもの：{found}）",
)
OTHER_STOPPING = Message(
    "state.other_stopping",
    en="the state was left by a training with another stopping rule",
    ja="この状態を残した学習とは終了条件が違います",
)


class Kept(Protocol):
    """What a `Training` is to those who keep its state."""

    network: Network
    optimizer: Optimizer
    memory: dict[str, Parameters]
    gradient: Parameters
    clock: Clock
    rng: Random
    order: NDArray[np.intp] | None
    begun: Begun | None
    stopping: Stopping | None
    ahead: Array | None
    history: History
    finished: str
    divergence: Divergence | None

    @property
    def fingerprint(self) -> str: ...  # noqa: D102
    def await_rows(self, fingerprint: str) -> None: ...  # noqa: D102


def state_of(training: Kept) -> State:
    """Everything that the coming steps depend on, in arrays of its own."""
    begun = training.begun
    if begun is not None and begun.gradient_norm is None:
        begun = begun._replace(gradient_norm=length(training.gradient.theta))
    return State(
        theta=training.network.theta.copy(),
        memory={name: vector.theta.copy() for name, vector in training.memory.items()},
        clock=training.clock,
        rng=randomness.state_of(training.rng),
        order=_copied(training.order),
        begun=begun,
        stopping=None if training.stopping is None else training.stopping.seen(),
        ahead=_copied(training.ahead),
        history=training.history.as_dict(),
        rows=training.fingerprint,
        finished=training.finished,
    )


def put_back(training: Kept, state: State) -> None:
    """Bring the training to where another stood."""
    _check_fits(training, state)
    training.network.theta = state.theta
    for name, vector in training.memory.items():
        vector.theta[...] = state.memory[name]
    training.clock, training.begun, training.finished = state.clock, state.begun, state.finished
    training.rng = randomness.put_back(training.rng, state.rng)
    training.order, training.ahead = _copied(state.order), _copied(state.ahead)
    if training.stopping is not None and state.stopping is not None:
        training.stopping.resume(state.stopping)
    training.history = History(**{name: list(values) for name, values in state.history.items()})
    training.divergence = None
    training.await_rows(state.rows)


def _copied(array: Any) -> Any:
    return None if array is None else np.array(array)


def _check_fits(training: Kept, state: State) -> None:
    size = training.network.theta.size
    if np.shape(state.theta) != (size,):
        raise ShapeError(OTHER_NETWORK, found=np.size(state.theta), wanted=size)
    if set(state.memory) != set(training.memory):
        wanted, found = (", ".join(sorted(names)) or "-" for names in (training.memory, state.memory))
        raise TasouError(OTHER_OPTIMIZER, optimizer=training.optimizer.label, wanted=wanted, found=found)
    if (state.stopping is None) != (training.stopping is None):
        raise TasouError(OTHER_STOPPING)
