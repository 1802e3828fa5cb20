"""Check every gradient against the definition of the derivative (lecture 5.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.language import language, say
from tasou.layers import Nest
from tasou.messages import Message
from tasou.network.network import Network
from tasou.shown import fragment, html_table

NO_GRADIENT = Message(
    "gradient.not_finite",
    en="the loss is {value} at these parameters: no gradient to check",
    ja="このパラメータでの損失は {value} なので、確かめられる勾配がありません",
)

Array = NDArray[Any]

STEPS = (1e-3, 1e-4, 1e-5)
"""step lengths, tried in turn: a shorter one misses a corner (of ReLU, say) that a longer one stepped across"""

CENTRAL = ((-2, 1), (-1, -8), (1, 8), (2, -1))
"""(L(θ - 2h) - 8 L(θ - h) + 8 L(θ + h) - L(θ + 2h)) / 12h"""
ONE_SIDED = ((0, -25), (1, 48), (2, -36), (3, 16), (4, -3))
"""the derivative from one side, from L(θ), L(θ + h), …, L(θ + 4h)"""

TEXTS = {
    "en": "gradient check {verdict}: {n} parameters, worst relative error {worst:.1e} at {where} "
    "(by hand {by_hand:.10g}, by differences {numeric:.10g}), tolerance {tol:.0e}",
    "ja": "勾配チェック{verdict}：パラメータ {n} 個、最大の相対誤差 {worst:.1e}（{where}、"
    "手計算の勾配 {by_hand:.10g}、差分 {numeric:.10g}）、許容誤差 {tol:.0e}",
}
VERDICTS = {"en": ("FAILED", "passed"), "ja": ("不合格", "合格")}


HEAD = {
    "en": ("parameter (the worst first)", "by hand", "by differences", "relative error"),
    "ja": ("パラメータ（誤差の大きい順）", "手で書いた勾配", "差分", "相対誤差"),
}


@dataclass(frozen=True, repr=False)
class GradientReport:
    """What the check found: per parameter the gradient by hand, by differences, and their relative error.

    >>> from tasou.network import Network
    >>> report = check_gradients(Network((2, 3, 2), "tanh", rng=0), [[1.0, 2.0]], [0])
    >>> report.ok, report.worst_error < 1e-7
    (True, True)
    """

    by_hand: Array
    numeric: Array
    errors: Array
    tol: float
    worst: str
    """the parameter with the largest error, e.g. ``W[1][3, 0]``"""
    names: tuple[str, ...] = ()
    """what each parameter is called"""

    @property
    def worst_error(self) -> float:
        """The largest relative error of all parameters."""
        return float(self.errors.max())

    @property
    def ok(self) -> bool:
        """Whether every parameter's error is within the tolerance."""
        return bool(self.worst_error <= self.tol)

    def __repr__(self) -> str:
        verdict = "ok" if self.ok else f"WRONG at {self.worst}"
        return f"GradientReport({verdict}: {self.errors.size} parameters, worst relative error {self.worst_error:.1e})"

    def _repr_html_(self) -> str:
        worst = np.argsort(self.errors)[::-1][:5]
        rows = [
            (
                self.names[i] if self.names else i,
                f"{self.by_hand[i]:.4g}",
                f"{self.numeric[i]:.4g}",
                f"{self.errors[i]:.1e}",
            )
            for i in map(int, worst)
        ]
        return fragment(self.text(), html_table(HEAD[language()], rows, right=(1, 2, 3)))

    def __bool__(self) -> bool:
        return self.ok

    def text(self, lang: str | None = None) -> str:
        """The report as one sentence."""
        i = int(self.errors.argmax())
        return say(
            TEXTS,
            lang,
            verdict=say({key: words[self.ok] for key, words in VERDICTS.items()}, lang),
            n=self.errors.size,
            worst=self.worst_error,
            where=self.worst,
            by_hand=self.by_hand[i],
            numeric=self.numeric[i],
            tol=self.tol,
        )

    __str__ = text


def check_gradients(
    network: Network, X: Any, Y: Any, sample_weight: Array | None = None, *, tol: float = 1e-7
) -> GradientReport:
    """∂L/∂θ_i by hand against (L(θ_i - 2h) - 8 L(θ_i - h) + 8 L(θ_i + h) - L(θ_i + 2h)) / 12h, for every parameter.

    The objective is the mean loss of the batch with its penalty, in float64 (the network is not changed). An error
    counts relative to the size of the two gradients, or to a thousandth of the largest one where both are smaller.

    Raises
    ------
    TasouError
        the objective is not finite at the network's parameters

    Examples
    --------
    >>> import numpy as np
    >>> from tasou.network import Network
    >>> report = check_gradients(Network((2, 4, 3), "tanh", rng=0), np.eye(2), [0, 2])
    >>> report.ok, report.by_hand.size
    (True, 27)
    """
    twin = network.in_float64()
    X, Y = twin.as_input(X), twin.as_target(Y)
    value, by_hand = twin.objective(X, Y, sample_weight)
    if not np.isfinite(value):
        raise TasouError(NO_GRADIENT, value=value)
    by_hand = by_hand.copy()
    floor = max(1e-3 * float(np.abs(by_hand).max()), 1e-12)
    numeric = np.zeros_like(by_hand)
    errors = np.zeros_like(by_hand)
    for i in np.flatnonzero(_learnt(twin)):
        differences = _differences(twin, int(i), X, Y, sample_weight, by_hand[i], tol, floor)
        errors[i], numeric[i] = min(
            ((_error(by_hand[i], d, floor), d) for d in differences), key=lambda pair: pair[0]
        )
    names = tuple(parameter_name(twin, i) for i in range(errors.size))
    return GradientReport(by_hand, numeric, errors, tol, names[int(errors.argmax())], names)


def _learnt(network: Network) -> NDArray[np.bool_]:
    """Which numbers of θ are learnt: not what a layer keeps for itself, and no bias that is fixed at 0."""
    learnt = np.ones(network.theta.size, np.bool_)
    for place in network.parameters.layout.places:
        card, name = network.cards[place.l - 1], place.name
        if isinstance(card, Nest):
            card, name = card.within(name)
        if (name == "b" and not getattr(card, "bias", True)) or place.shape.rate == 0:
            place.view(learnt)[...] = False
    return learnt


def _error(a: float, b: float, floor: float) -> float:
    return abs(a - b) / max(abs(a), abs(b), floor)


def _differences(
    network: Network, i: int, X: Any, Y: Array, w: Array | None, by_hand: float, tol: float, floor: float
) -> list[float]:
    """Difference quotients with ever shorter steps, until one agrees with the gradient by hand.

    Just on a corner (z = 0 of a ReLU, say) none does: any slope between those of the two sides is right there.
    """
    found = []
    for h in STEPS:
        found.append(_quotient(network, i, h, X, Y, w))
        if _error(by_hand, found[-1], floor) <= tol:
            return found
    sides = [_quotient(network, i, h, X, Y, w, ONE_SIDED) for h in (-STEPS[1], STEPS[1])]
    return [*found, min(max(by_hand, min(sides)), max(sides))]


def _quotient(
    network: Network,
    i: int,
    h: float,
    X: Any,
    Y: Array,
    w: Array | None,
    stencil: Iterable[tuple[int, int]] = CENTRAL,
) -> float:
    theta, middle = network.theta, float(network.theta[i])
    total = 0.0
    for k, factor in stencil:
        theta[i] = middle + k * h
        total += factor * _objective(network, X, Y, w)
    theta[i] = middle
    return total / (12 * h)


def _objective(network: Network, X: Any, Y: Array, w: Array | None) -> float:
    trace = network.forward(X)
    return (network.measure(trace, Y, w) + network.penalty()) / trace.total_weight


def parameter_name(network: Network, i: int) -> str:
    """The i-th number of theta by its name in the lecture: ``W[2][0, 7]`` or ``b[1][3]``.

    >>> from tasou.network import Network
    >>> parameter_name(Network((2, 10, 3), rng=0), 20), parameter_name(Network((2, 10, 3), rng=0), 62)
    ('W[2][0, 0]', 'b[2][2]')
    """
    place = network.parameters.layout.place_of(i)
    where = [str(int(n)) for n in np.unravel_index(i - place.start, place.shape.of)]
    return f"{place.symbol}[{', '.join(where)}]"
