"""One joint choice for all members, by rows kept out: which snapshots, how much of a second model, what temperature.

Everything is chosen together by the loss to expect of the whole ensemble (`criterion <tasou.formulas.blending>`):
chosen one after the other, a snapshot that is best alone would win where an average of bolder ones, cooled down, is
better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.out_of_fold import OutOfFold
from tasou.formulas import blending
from tasou.language import say
from tasou.shown import fragment, html_table

Array = NDArray[Any]
Loss = Callable[[Array, Array, Any], Array]

WEIGHTS = tuple(np.linspace(0, 1, 21).tolist())
"""shares of the second model that are tried; every second one for classes, where temperatures are tried as well"""
TEMPERATURES = tuple(np.geomspace(0.6, 4, 8).tolist())
"""where the loss is computed at first; between them it follows a parabola of log T closely, and the best is refined"""


REFINEMENTS = 2


TEXTS = (
    {"en": "moments that are averaged", "ja": "平均する時点"},
    {"en": "share of the linear model", "ja": "線形モデルの割合"},
    {"en": "temperature", "ja": "温度"},
    {"en": "loss to expect", "ja": "予想される損失"},
)


class Choice(NamedTuple):
    """What was chosen, and the loss to expect of it.

    >>> Choice((1, 2), 0.1, 1.2, 0.5).snapshots
    (1, 2)
    """

    snapshots: tuple[int, ...]
    w: float = 0.0
    temperature: float = 1.0
    loss: float = float("inf")

    def facts(self) -> list[tuple[str, str]]:
        """What was chosen, in words; nothing of what there was no choice of.

        >>> [value for _, value in Choice((0, 1), 0.0, 1.0, 0.5).facts()]
        ['1, 2', '0.5']
        """
        values = (
            ", ".join(str(m + 1) for m in self.snapshots),
            f"{self.w:.2g}" if self.w else "",
            f"{self.temperature:.3g}" if self.temperature != 1 else "",
            f"{self.loss:.4g}" if np.isfinite(self.loss) else "",
        )
        return [(say(text), value) for text, value in zip(TEXTS, values, strict=True) if value]

    def _repr_html_(self) -> str:
        return fragment("", html_table(("", ""), self.facts()))


def candidates(n: int) -> list[tuple[int, ...]]:
    """Sets of neighbouring snapshots, of n in the order of time: late ones first, so that they win a draw.

    >>> candidates(3)
    [(2,), (1, 2), (0, 1, 2), (1,), (0, 1), (0,)]
    """
    return [tuple(range(first, last + 1)) for last in range(n - 1, -1, -1) for first in range(last, -1, -1)]


def choose(
    snapshots: Sequence[OutOfFold],
    y: Array,
    k: int,
    *,
    classes: bool,
    second: Array | None = None,
    weight: Array | None = None,
    loss: Loss = blending.squared_error,
    sets: Iterable[tuple[int, ...]] | None = None,
    least_saved: float = 0.0,
) -> Choice:
    """The snapshots, the share w of the second model and the temperature T of the least loss to expect of k members.

    Parameters
    ----------
    snapshots
        what all members said at each moment, of rows kept out: probabilities (m, K), or numbers (m, K)
    y
        (n,) class numbers, or (n, K) numbers
    k
        how many members there are
    classes
        whether probabilities of classes are said: members are averaged by their logarithms, and judged by log-loss
    second
        (n, K) what another model says of every row, kept out of it too: log-probabilities, or numbers
    weight
        (n,) what each row weighs; all alike if not given
    loss
        of numbers: ``loss(y_hat, y, xp)``, one per row
    sets
        sets of snapshots to try; all neighbours if not given
    least_saved
        share of the loss to expect that the second model must save, or it is not asked

    Examples
    --------
    >>> bold = OutOfFold(4, [np.arange(4)] * 2, [np.array([[0.99, 0.01]] * 4)] * 2)
    >>> choose([bold], np.array([0, 0, 0, 1]), 2, classes=True).temperature > 2
    True
    """
    found = []

    def judged(chosen: tuple[int, ...]) -> _Judged:
        said = snapshots[chosen[0]].averaged([snapshots[j] for j in chosen[1:]])
        return _Judged(said.through(logarithms) if classes else said, y, k, second, weight)

    for chosen in sets or candidates(len(snapshots)):
        tried = judged(chosen).classes() if classes else judged(chosen).numbers(loss)
        found += [Choice(chosen, w, t, value) for (w, t), value in tried]
    best, alone = _least(found), _least(choice for choice in found if not choice.w)
    best = best if best.loss < (1 - least_saved) * alone.loss else alone
    return judged(best.snapshots).refined(best) if classes else best


def _least(found: Iterable[Choice]) -> Choice:
    """The first of the least loss."""
    return reduce(lambda best, next_: next_ if next_.loss < best.loss else best, found)


class _Judged:
    """What was said of rows kept out, beside a second model; every share and temperature has its loss."""

    def __init__(self, said: OutOfFold, y: Array, k: int, second: Array | None, weight: Array | None) -> None:
        self.said, self.y, self.k, self.second, self.weight = said, y, k, second, weight

    def numbers(self, loss: Loss) -> Iterator[tuple[tuple[float, float], float]]:
        """By the share of the second model."""
        parts = ((self.said.said, self.said.rows), (self.said.mean, self.said.covered))
        for w in WEIGHTS if self.second is not None else (0.0,):
            mixed = (a if self.second is None else blending.mixed(a, self.second[at], w=w) for a, at in parts)
            losses = (loss(a, self.y[at], np) for a, (_, at) in zip(mixed, parts, strict=True))
            yield (w, 1.0), self._criterion(*losses)

    def classes(self) -> Iterator[tuple[tuple[float, float], float]]:
        """By the share of the second model, each with its best temperature."""
        for w in WEIGHTS[::2] if self.second is not None else (0.0,):
            at = self.by_temperature(w)
            values = [at(T) for T in TEMPERATURES]
            T, value = lowest(TEMPERATURES, values)
            yield (w, T), value

    def by_temperature(self, w: float) -> Callable[[float], float]:
        """The loss to expect as a function of the temperature, at a share of the second model."""
        each, mean = self.said.said, self.said.mean
        of, seen = self.said.rows, self.said.covered
        z = each if self.second is None else (1 - w) * each + w * self.second[of]
        z_mean = mean if self.second is None else (1 - w) * mean + w * self.second[seen]
        return lambda T: self._criterion(_log_loss(z, self.y[of], T), _log_loss(z_mean, self.y[seen], T))

    def refined(self, found: Choice) -> Choice:
        """The same with its temperature to three digits."""
        at, T, width = self.by_temperature(found.w), found.temperature, TEMPERATURES[1] / TEMPERATURES[0]
        for _ in range(REFINEMENTS):
            width = width**0.4
            around = (T / width, T, T * width)
            T, _ = lowest(around, [at(t) for t in around])
        T = min(max(T, TEMPERATURES[0]), TEMPERATURES[-1])
        return found._replace(temperature=T, loss=at(T))

    def _criterion(self, one: Array, some: Array) -> float:
        """Of the losses of every answer, and of the average of those for a row."""
        if self.weight is None:
            means = one.mean(), some.mean()
        else:
            of, seen = self.weight[self.said.rows], self.weight[self.said.covered]
            means = np.average(one, weights=of), np.average(some, weights=seen)
        return float(blending.criterion(*means, r=self.said.r, k=self.k))


def logarithms(p: Array) -> Array:
    """What of a member's probabilities is averaged with those of others."""
    return np.asarray(blending.logarithms(p, np))


def lowest(at: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """Where on a logarithmic scale the parabola through the least value and its neighbours is lowest; and how low.

    >>> T, least = lowest((1, 2, 4), (5.0, 4.0, 7.0))
    >>> round(T, 2), round(least, 2)
    (1.68, 3.88)
    """
    j = int(np.argmin(values))
    if not 0 < j < len(at) - 1:
        return at[j], values[j]
    before, here, after = values[j - 1 : j + 2]
    curvature = before - 2 * here + after
    if curvature <= 0:
        return at[j], here
    step = (before - after) / (2 * curvature)
    return float(at[j] * (at[j + 1] / at[j]) ** step), here - curvature * step * step / 2


def _log_loss(z: Array, y: Array, temperature: float) -> Array:
    """The log-loss of each row at a temperature; of two classes by their margin alone, which is half the work."""
    if z.shape[1] == 2:
        return np.asarray(blending.log_loss_of_two((z[:, 1] - z[:, 0]) / temperature, 2 * y - 1, np))
    return np.asarray(blending.log_loss(blending.softened(z, np, temperature=temperature), y, np))
