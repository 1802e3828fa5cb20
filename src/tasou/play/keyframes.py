"""Where a run has stood now and then, so that any of its steps can be gone to again: restore the nearest, walk on.

What is kept is bounded in bytes: where it would be more, every second frame is let go, and the stretch between two
doubles.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import Any

import numpy as np

from tasou.training import History, State, Training

BUDGET = 48 << 20
Counted = tuple[int, int]
"""rows that were right, and rows seen, in the epoch under way"""


def state_of(training: Training) -> State:
    """The training's state without the story of its epochs, which the run keeps once for all its frames."""
    history, training.history = training.history, History()
    try:
        return training.state()
    finally:
        training.history = history


def size_of(state: State) -> int:
    """Roughly how many bytes it takes."""
    arrays = [state.theta, *state.memory.values()]
    return 2_000 + sum(array.nbytes for array in arrays) + (0 if state.order is None else state.order.nbytes)


def _same(a: Any, b: Any) -> bool:
    return a is not None and b is not None and np.array_equal(a, b)


class Keyframes:
    """States by the number of updates made.

    >>> frames = Keyframes()
    >>> len(frames)
    0
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.at: list[int] = []
        """the updates at which there is one, in order"""
        self.stretch = 1
        """frames that are let go for one that is kept"""
        self._states: dict[int, tuple[State, Counted]] = {}
        self._bytes = 0
        self._offered = 0

    def __len__(self) -> int:
        return len(self.at)

    def add(self, state: State, counted: Counted = (0, 0)) -> None:
        """Keep a state, and what has been counted in its epoch; the order of rows is shared with a neighbour's."""
        update = state.clock.updates
        if update in self._states:
            return
        self._offered += 1
        if self.at and self._offered % self.stretch:
            return
        before = self.before(update)[0] if self.at and self.at[0] <= update else None
        if before is not None and _same(before.order, state.order):
            state = state._replace(order=before.order)
        self._states[update] = (state, counted)
        insort(self.at, update)
        self._bytes += size_of(state)
        while self._bytes > self.budget and len(self.at) > 2:
            self._thin()

    def _thin(self) -> None:
        """Let every second one go, never the first."""
        gone = self.at[1::2]
        self.at = self.at[::2]
        for update in gone:
            self._bytes -= size_of(self._states.pop(update)[0])
        self.stretch *= 2

    def before(self, update: int) -> tuple[State, Counted]:
        """The nearest state at or before a step, and what had been counted in its epoch by then."""
        return self._states[self.at[bisect_right(self.at, update) - 1]]
