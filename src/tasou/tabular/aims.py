"""What is to be learnt: classes, several labels at once, numbers, counts, quantiles. One class each says how."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.choice import logarithms
from tasou.formulas import blending, conformal, logarithm, losses, probabilities, quantiles
from tasou.formulas.losses import Loss

Array = NDArray[Any]
NARROW = 0.05
"""of the rows kept out are narrower than the least width in which levels are moved"""


@dataclass(frozen=True)
class Aim:
    """One kind of target.

    Attributes
    ----------
    loss
        what each member minimises
    outputs
        how many outputs a network has
    probabilities
        whether the answers are probabilities of classes that sum to 1
    lr
        base rate that did well
    """

    outputs: int = 1
    lr: ClassVar[float] = 0.07
    probabilities: ClassVar[bool] = False
    linear: ClassVar[bool] = False
    """whether a linear model may be blended in"""

    @property
    def loss(self) -> Loss:
        """The loss of a network."""
        return losses.get("squared_error")

    @property
    def of_classes(self) -> bool:
        """Whether an ensemble answers with probabilities of classes, (n, K)."""
        return False

    @property
    def strata(self) -> bool:
        """Whether folds give every class its share."""
        return False

    def targets(self, y: Array, dtype: Any) -> Array:
        """Y (n, outputs) as the network learns it."""
        return np.asarray(y.reshape(len(y), -1), dtype)

    def link(self, y_hat: Array) -> Array:
        """What of a member's answers is averaged with the others': themselves."""
        return y_hat

    def judged(self, y_hat: Array, y: Array, xp: Any) -> Array:
        """The loss of each row, of answers ŷ averaged over members."""
        return np.asarray(blending.squared_error(y_hat, y, xp))

    def answers(self, y_hat: Array) -> Array:
        """What an ensemble says, of the average ŷ of its members: in the target's unit."""
        return y_hat

    def settled(self, y_hat: Array, y: Array, weight: Array | None) -> Aim:
        """The same, knowing what members said on average of rows kept out, and what was true of them."""
        return self


@dataclass(frozen=True)
class Classes(Aim):
    """One of several classes; y holds their numbers. Two classes have two outputs as well."""

    lr: ClassVar[float] = 0.04
    probabilities: ClassVar[bool] = True

    @property
    def loss(self) -> Loss:
        """Cross-entropy, behind a softmax."""
        return losses.get("cross_entropy")

    @property
    def of_classes(self) -> bool:
        """One for each class."""
        return True

    @property
    def strata(self) -> bool:
        """Classes are dealt in their shares."""
        return True

    @property
    def two(self) -> bool:
        """Whether there are two."""
        return self.outputs == 2

    def link(self, y_hat: Array) -> Array:
        """Log-probabilities."""
        return logarithms(y_hat)

    def targets(self, y: Array, dtype: Any) -> Array:
        """One-hot rows."""
        return np.asarray(y[:, None] == np.arange(self.outputs), dtype)


@dataclass(frozen=True)
class OneOfTwo(Aim):
    """One of two classes by a single sigmoid, as in the lecture; y holds their numbers, the answers are (n, 2)."""

    @property
    def loss(self) -> Loss:
        """Binary cross-entropy."""
        return losses.get("binary_cross_entropy")

    @property
    def of_classes(self) -> bool:
        """Of both."""
        return True

    @property
    def strata(self) -> bool:
        """Classes are dealt in their shares."""
        return True

    def answers(self, y_hat: Array) -> Array:
        """(n, 2) 1 − p and p."""
        return np.asarray(probabilities.of_classes(y_hat, np))


@dataclass(frozen=True)
class Labels(Aim):
    """Several labels at once, each there or not: a sigmoid each."""

    lr: ClassVar[float] = 0.04

    @property
    def loss(self) -> Loss:
        """Binary cross-entropy."""
        return losses.get("binary_cross_entropy")

    def judged(self, y_hat: Array, y: Array, xp: Any) -> Array:
        """Its mean over the labels."""
        return np.asarray(blending.binary_log_loss(y_hat, y, xp))


@dataclass(frozen=True)
class Numbers(Aim):
    """Numbers, standardised for the network; answers stay within the range of the rows that were learnt from."""

    mean: tuple[float, ...] = (0.0,)
    scale: tuple[float, ...] = (1.0,)
    low: tuple[float, ...] = (-np.inf,)
    high: tuple[float, ...] = (np.inf,)

    @classmethod
    def of(cls, y: Array, weight: Array | None = None) -> Numbers:
        """Read mean, deviation and range of y (n, K).

        >>> Numbers.of(np.array([[1.0], [3.0]])).targets(np.array([[3.0]]), float).tolist()
        [[1.0]]
        """
        mean = np.average(y, axis=0, weights=weight)
        scale = np.sqrt(np.average((y - mean) ** 2, axis=0, weights=weight))
        scale = np.where(scale > 1e-12 * np.maximum(abs(mean), 1e-300), scale, 1.0)
        found = (mean, scale, y.min(axis=0), y.max(axis=0))
        return cls(y.shape[1], *(tuple(part.tolist()) for part in found))

    @property
    def linear(self) -> bool:  # type: ignore[override]
        """Of one number alone."""
        return self.outputs == 1

    def targets(self, y: Array, dtype: Any) -> Array:
        """(y − mean) / deviation."""
        return np.asarray((y.reshape(len(y), -1) - self.mean) / self.scale, dtype)

    def answers(self, y_hat: Array) -> Array:
        """In the unit of y, within its range."""
        unit = {name: np.array(getattr(self, name)) for name in ("mean", "scale", "low", "high")}
        return np.asarray(blending.in_unit(y_hat, np, **unit))


@dataclass(frozen=True)
class Logarithms(Numbers):
    """A number from 0 with a heavy tail, learnt by its logarithm; answers are means, in the target's unit."""

    unit: float = 1.0
    smear: float = 1.0
    """by how much the mean exceeds the exponential of what is said; found on rows kept out"""

    @classmethod
    def of(cls, y: Array, weight: Array | None = None) -> Logarithms:
        """The unit is the median of what is above 0; mean and deviation are those of logarithms.

        >>> aim = Logarithms.of(np.array([[1.0], [2.0], [10.0]]))
        >>> aim.unit, aim.answers(aim.targets(np.array([[5.0], [99.0]]), float)).round(6).tolist()
        (2.0, [[5.0], [10.0]])
        """
        unit = float(np.median(y[y > 0])) if (y > 0).any() else 1.0
        of = Numbers.of(logarithm.learnt(y, np, unit=unit), weight)
        return cls(1, of.mean, of.scale, (float(y.min()),), (float(y.max()),), unit)

    def targets(self, y: Array, dtype: Any) -> Array:
        """Standardised logarithms."""
        return super().targets(logarithm.learnt(np.asarray(y, np.float64), np, unit=self.unit), dtype)

    def answers(self, y_hat: Array) -> Array:
        """In the unit of y, within its range."""
        unit = {"unit": self.unit, "smear": self.smear, "low": self.low[0], "high": self.high[0]}
        return np.asarray(logarithm.back(y_hat * self.scale[0] + self.mean[0], np, **unit))

    def settled(self, y_hat: Array, y: Array, weight: Array | None) -> Aim:
        """With the factor that rows kept out show."""
        v = np.ones(len(y)) if weight is None else weight
        residual = (self.targets(y, np.float64) - y_hat)[:, 0] * self.scale[0]
        return replace(self, smear=float(logarithm.smearing(residual, v, np)))


@dataclass(frozen=True)
class Counts(Aim):
    """Numbers of events, from 0: the network says the logarithm of how many are expected (Poisson)."""

    mean: float = 1.0
    high: float = np.inf
    lr: ClassVar[float] = 0.04

    @classmethod
    def of(cls, y: Array, weight: Array | None = None) -> Counts:
        """Read the mean of y (n, 1): the network learns counts in units of it."""
        mean = float(np.average(y, weights=None if weight is None else weight[:, None]))
        return cls(1, mean or 1.0, float(y.max()))

    @property
    def loss(self) -> Loss:
        """Half the Poisson deviance."""
        return losses.get("poisson")

    def targets(self, y: Array, dtype: Any) -> Array:
        """y over its mean."""
        return np.asarray(y.reshape(len(y), -1) / self.mean, dtype)

    def judged(self, y_hat: Array, y: Array, xp: Any) -> Array:
        """Half the deviance."""
        return np.asarray(blending.half_deviance(y_hat, y, xp))

    def answers(self, y_hat: Array) -> Array:
        """In the unit of y, not above the largest that was seen."""
        return np.asarray(blending.counted(y_hat, np, mean=self.mean, high=self.high))


@dataclass(frozen=True)
class Quantiles(Numbers):
    """Several quantiles of one number, an output each; put in order after averaging, so that they never cross."""

    levels: tuple[float, ...] = (0.5,)
    shifts: tuple[float, ...] = ()
    """by what share of a row's width each level is moved, so that it holds on rows kept out"""
    least: float = 0.0
    """width, at least"""
    below: tuple[float, ...] = ()
    """the share of rows kept out that lay below each level before"""

    @classmethod
    def at(cls, levels: tuple[float, ...], y: Array, weight: Array | None = None) -> Quantiles:
        """Read mean, deviation and range of y (n, 1).

        >>> aim = Quantiles.at((0.1, 0.9), np.array([[1.0], [3.0]]))
        >>> aim.answers(np.array([[0.5, -0.5]])).tolist()
        [[1.5, 2.5]]
        """
        of = Numbers.of(y, weight)
        return cls(len(levels), of.mean, of.scale, of.low, of.high, levels)

    @property
    def linear(self) -> bool:  # type: ignore[override]
        """A ridge tells no quantiles."""
        return False

    @property
    def loss(self) -> Loss:
        """The quantile loss, each output at its level."""
        value, delta = quantiles.loss(self.levels)
        return replace(losses.get("quantile"), parameters={}, value=value, delta=delta)

    def targets(self, y: Array, dtype: Any) -> Array:
        """The same number for every output."""
        return np.repeat(super().targets(y, dtype), self.outputs, axis=1)

    def judged(self, y_hat: Array, y: Array, xp: Any) -> Array:
        """The loss of the ordered answers, averaged over the levels."""
        return np.asarray(quantiles.mean_loss(quantiles.rearranged(y_hat, xp), y, xp, levels=self.levels))

    def answers(self, y_hat: Array) -> Array:
        """Ascending, in the unit of y."""
        return super().answers(quantiles.calibrated(y_hat, np, shifts=self.shifts, least=self.least))

    def settled(self, y_hat: Array, y: Array, weight: Array | None) -> Aim:
        """Each level moved to where its share of rows kept out lies below it.

        >>> aim = Quantiles(2, levels=(0.25, 0.75))
        >>> found = aim.settled(np.zeros((7, 2)), np.arange(7.0), None)
        >>> found.answers(np.zeros((1, 2))).tolist(), [round(share, 2) for share in found.below]
        ([[1.0, 5.0]], [0.14, 0.14])
        """
        z, v = quantiles.rearranged(y_hat, np), np.ones(len(y)) if weight is None else weight
        t = super().targets(y, np.float64)
        apart = z[:, -1:] - z[:, :1]
        least = float(np.quantile(apart, NARROW)) or 1.0
        scores = (t - z) / quantiles.width(z[:, :1], z[:, -1:], np, least=least)
        order = np.argsort(scores, axis=0, kind="stable")
        shifts = []
        for k, level in enumerate(self.levels):
            at = order[:, k]
            shifts.append(
                float(scores[at, k][int(conformal.reached(conformal.shares(v[at], np), level, np))])
            )
        below = np.average(t <= z, axis=0, weights=v)
        return replace(self, shifts=tuple(shifts), least=least, below=tuple(below.tolist()))
