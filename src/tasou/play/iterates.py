"""L-BFGS walked iteration by iteration: SciPy finds the way in a thread of its own, which waits at every iterate.

SciPy cannot be stopped and taken up again, but it can be kept waiting: it tells each iterate, and goes on when the next
one is asked for. All iterates are kept, so that each can be gone back to.
"""

from __future__ import annotations

import queue
import threading
import weakref
from collections.abc import Mapping
from contextvars import copy_context
from typing import Any, NamedTuple

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.network import Network
from tasou.play import keyframes
from tasou.training import State, Training
from tasou.training.data import Data

MOST_WORK, MOST_PARAMETERS = 30_000_000, 10_000
MOST_BYTES = 64 << 20
NO_PARTS = Message(
    "play.lbfgs_whole",
    en="L-BFGS takes all rows at once: a step by sample or by mini-batch is not defined there, one by epoch is an "
    "iteration",
    ja="L-BFGS は全行を一度に使うため、サンプルやミニバッチごとのステップは定義されません。"
    "1エポックが1反復になります",
)
TOO_DEAR = Message(
    "play.lbfgs_dear",
    en="L-BFGS takes all rows at once: {parameters:,} parameters on {rows:,} rows are too many to walk through; choose "
    "Adam, or fewer of both",
    ja="L-BFGS は全行を一度に使います。パラメータ {parameters:,} 個、{rows:,} 行では1反復ずつ進めるには重すぎます。"
    "Adam を選ぶか、どちらかを減らしてください",
)


class Iterate(NamedTuple):
    """Where the training stood after an iteration, and what that came to."""

    state: State
    last: Mapping[str, float]


def check_walkable(network: Network, rows: int) -> None:
    """Raise `TasouError` where an iteration takes too long, or many cannot be kept."""
    size = network.theta.size
    if size > MOST_PARAMETERS or size * rows > MOST_WORK:
        raise TasouError(TOO_DEAR, parameters=size, rows=rows)


class Iterates:
    """The iterates of a training by L-BFGS that nobody else touches.

    Parameters
    ----------
    training, data
        what is trained, from where it stands
    """

    def __init__(self, training: Training, data: Data) -> None:
        self.training, self.data = training, data
        self.made = [Iterate(keyframes.state_of(training), {})]
        self.first = training.clock.updates
        self.ended = False
        """whether there are no more"""
        self._told: queue.SimpleQueue[Iterate | Exception | None] = queue.SimpleQueue()
        self._go, self._closed = threading.Semaphore(0), False
        self._thread: threading.Thread | None = None

    def kept_by(self, owner: Any) -> None:
        """End with this object."""
        weakref.finalize(owner, self.close)

    def close(self) -> None:
        """Let SciPy go."""
        self._closed = True
        self._go.release()

    @property
    def update(self) -> int:
        """The last iteration that was made."""
        return self.first + len(self.made) - 1

    def at(self, update: int) -> Iterate:
        """What came of an iteration: of the first one known, or the last, where it is none between them."""
        return self.made[max(0, min(update - self.first, len(self.made) - 1))]

    def reach(self, update: int) -> bool:
        """Make that iteration, if it is the next; False where there is none, because it has converged or diverged."""
        if update <= self.update:
            return True
        if self.ended or len(self.made) * keyframes.size_of(self.made[0].state) > MOST_BYTES:
            return False
        if self._thread is None:
            context = copy_context()
            self._thread = threading.Thread(target=lambda: context.run(self._run), name="l-bfgs", daemon=True)
            self._thread.start()
        else:
            self._go.release()
        told = self._told.get()
        if isinstance(told, Iterate):
            self.made.append(told)
            return True
        self.ended = True
        if told is not None:
            raise told
        return False

    def _run(self) -> None:
        self.training.callbacks.add(self)
        try:
            self.training.run(self.data, None, epochs=1_000_000)
            self._told.put(None)
        except Exception as error:  # whoever asked for the iteration is told
            self._told.put(error)

    def on_epoch(self, training: Training) -> bool:
        """Tell the iterate, and wait until the next one is wanted."""
        self._told.put(Iterate(keyframes.state_of(training), training.history.last()))
        self._go.acquire()
        return self._closed
