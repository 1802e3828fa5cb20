"""How long an epoch takes: a few batches of a network that is thrown away, learnt beside as many others as later."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from tasou.backends import parallel
from tasou.messages import Message, Sentence
from tasou.network import Network
from tasou.tabular.controls import Controls
from tasou.tabular.plans import Plan
from tasou.training import Recipe, learn
from tasou.training.learning import Rows

SLOWER = Message(
    "tabular.slower",
    en="the machine became slower: epochs of the members, in their order: {epochs}",
    ja="途中で計算が遅くなりました。各ネットワークのエポック数：{epochs}",
)
BATCHES = 24
"""how many are measured, after as many that are not: the first ones set things up"""


def seconds_per_epoch(
    make: Callable[[], Network], rows: Rows, recipe: Recipe, kept: int, *, n_jobs: int = 1
) -> float:
    """Of a network that learns from so many rows, while ``n_jobs`` do so at once."""
    batch = recipe.batch_size or kept
    n = min(kept, BATCHES * batch)
    few = Rows(rows.X[:n], rows.Y[:n])

    def measured(_: int) -> float:
        history = learn(make(), few, recipe.but(epochs=2, max_time=None), rng=0).history
        return float(history.seconds[-1] - history.seconds[0])

    found = parallel.each(measured, range(n_jobs), n_jobs=n_jobs)
    return max(found) * kept / n


def within(
    plan: Plan,
    makers: Sequence[Callable[[], Network]],
    recipe: Recipe,
    rows: Rows,
    kept: int,
    controls: Controls,
) -> Plan:
    """What of the plan can be done before the deadline, by the pace of a network of each group of members."""
    if controls.deadline is None:
        return plan
    pace = [seconds_per_epoch(make, rows, recipe, kept, n_jobs=controls.n_jobs) for make in makers]
    return plan.within(max(0.0, controls.deadline - time.monotonic()), pace, controls.n_jobs)


def told(epochs: Sequence[int], planned: Plan, seconds: float | None) -> list[Sentence]:
    """In words: what was given up on the way, because epochs took longer than was measured before.

    >>> told([8, 8], Plan(2, 8, 128), 10.0), str(told([8, 5], Plan(2, 8, 128), 10.0)[0])
    ([], 'the machine became slower: epochs of the members, in their order: 8, 5')
    """
    if seconds is None or (len(epochs) == planned.members and all(np.array(epochs) >= planned.epochs)):
        return []
    return [SLOWER(epochs=", ".join(map(str, epochs)))]
