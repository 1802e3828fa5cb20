"""How an ensemble is to learn apart from what it learns: its seed, its threads, its time, and who is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tasou.tabular import telling

FOR_MEMBERS = 0.9
"""share of the time that is left to members where it is limited"""


@dataclass
class Controls:
    """What does not change what is learnt, but how long it takes and who is told.

    Parameters
    ----------
    seed
        of folds, initial parameters and orders
    n_jobs
        members that learn at once; the numbers do not depend on it
    n_threads
        threads of each; None: as many as are allowed. No number depends on it
    seconds
        how long all may take: fewer members, epochs, at last rows
    callbacks
        who is told of the training of each member: ``callbacks(j)``
    teller
        who is told of the whole
    curves
        whether the loss on rows kept out is measured after each epoch: for pictures and the diagnosis
    tables
        who is told the names of columns and classes before it begins: ``on_table(names, sources, labels)``
    """

    seed: int = 0
    n_jobs: int = 1
    n_threads: int | None = None
    seconds: float | None = None
    callbacks: Callable[[int], Iterable[Any]] = lambda j: ()
    teller: telling.Teller = field(default_factory=telling.Silent)
    curves: bool = False
    tables: tuple[Any, ...] = ()
    begun: float = field(default_factory=time.monotonic)

    @property
    def deadline(self) -> float | None:
        """On the clock of `time.monotonic`: a little is left for the choice."""
        return None if self.seconds is None else self.begun + FOR_MEMBERS * self.seconds

    def watchers(self, j: int) -> Iterable[Any]:
        """Everybody who is told of the training of member j."""
        return (*self.callbacks(j), *self.teller.watchers(j))
