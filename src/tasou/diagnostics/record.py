"""What is known about a training: measured numbers only, so that every rule is a pure function of them.

Whatever is not known stays empty, and a rule that needs it keeps silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.diagnostics.curve import Curve
from tasou.formulas.activations import Activation
from tasou.formulas.losses import Loss

Array = NDArray[Any]
NAN = float("nan")


@dataclass(frozen=True)
class Layer:
    """One layer, measured on a batch or a sample of rows."""

    l: int
    units: int
    activation: str
    hidden: bool
    bounded: bool
    """whether the activation flattens on both sides, as sigmoid and tanh do"""
    dead: tuple[int, ...]
    """units whose slope is 0 for every row"""
    stuck: tuple[int, ...]
    """units of a bounded activation that are in its flat part for (almost) every row"""
    saturated: float
    """share of all values in the flat part of a bounded activation"""
    error: float
    """root mean square of δ[l]; NaN where no errors were followed back"""
    weight: float
    """root mean square of W[l]"""
    identical: int
    """units whose incoming weights and bias another unit of the layer has, too"""
    update_ratio: float = NAN
    """‖ΔW[l]‖ / ‖W[l]‖ of an update, the median over the times it was looked at"""


@dataclass(frozen=True)
class Inputs:
    """The columns of X."""

    n: int
    complete: bool
    """whether all rows were seen, not a sample alone"""
    mean: Array
    std: Array
    row_norm: float
    """median length ‖x‖ of a row"""
    constant: tuple[int, ...] = ()
    duplicates: tuple[tuple[int, int], ...] = ()
    """pairs (i, j): column j repeats column i, up to its scale"""
    names: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """the table's column that each column of X was made from, where several may be made from one"""

    @property
    def rms(self) -> Array:
        """Root mean square of each column."""
        return np.hypot(self.mean, self.std)

    def name(self, column: int) -> str:
        """The column's name, or where it stands in X."""
        return self.names[column] if self.names else f"X[:, {column}]"

    def source(self, column: int) -> str:
        """The column of the table behind a column of X."""
        return self.sources[column] if self.sources else self.name(column)

    def whole(self, columns: Iterable[int]) -> list[int]:
        """Those of the columns whose source is among them with all that was made from it.

        A level of a category that happens to be missing does not make the category constant.
        """
        columns = list(columns)
        left = set(self.sources) - {self.source(j) for j in set(range(len(self.mean))).difference(columns)}
        return [j for j in columns if not self.sources or self.source(j) in left]


@dataclass(frozen=True)
class Target:
    """The rows of Y, as the loss sees them."""

    mean: Array
    std: Array
    smallest: float
    largest: float
    zero_one: bool
    """whether Y holds zeros and ones alone"""
    row_sums: tuple[float, float]
    """smallest and largest sum of a row"""
    classes: tuple[str, ...] = ()
    shares: Array = field(default_factory=lambda: np.empty(0))
    """share of the rows in each class; empty if y is no class"""


@dataclass(frozen=True)
class Fit:
    """How well the network does on rows whose y is known."""

    loss: float
    """mean loss, without penalty"""
    baseline: float
    """mean loss of the best constant prediction"""
    score: float
    """accuracy of classes, R² of numbers"""
    recall: Array = field(default_factory=lambda: np.empty(0))
    """share of each class that is recognised"""
    validation_score: float = NAN

    @property
    def learnt(self) -> float:
        """The share of the baseline's loss that is gone: 0 has learnt nothing, 1 everything."""
        return 1 - self.loss / self.baseline if self.baseline > 0 else NAN


@dataclass(frozen=True)
class Model:
    """The network: what its rules need to know of it."""

    sizes: tuple[int, ...]
    loss: Loss
    output_activation: Activation
    l2: float = 0.0
    dropout: tuple[float, ...] = ()


@dataclass(frozen=True)
class Run:
    """How the training was set up and how it ended."""

    optimizer: str = ""
    lr: float = NAN
    batch_size: int = 0
    n: int = 0
    """rows of the training data"""
    updates: int = 0
    finished: str = ""
    """"converged", "epochs", "callback", "interrupted", "diverged"; empty if not known"""
    running: bool = False
    monitor: str = "loss"
    tol: float = 0.0
    patience: float = 10
    relative: bool = False
    restores_best: bool = False
    lands: bool = False
    """whether the learning rate came down to zero at the planned end"""
    chosen: tuple[int, ...] = ()
    """the epochs of which some are chosen afterwards, by rows kept out: their weights are kept"""
    weight_decay: float = 0.0
    diverged: str = ""
    """the first quantity that was not finite"""
    diverged_at: tuple[int, int] | None = None
    """update and epoch of it"""

    @property
    def updates_per_epoch(self) -> int:
        """ceil(n / batch size); 0 if not known."""
        return -(-self.n // self.batch_size) if self.batch_size and self.n else 0

    @property
    def at_lr(self) -> Mapping[str, str]:
        """The learning rate in brackets, as words for an evidence; nothing if there was none (L-BFGS)."""
        if not np.isfinite(self.lr):
            return {"en": "", "ja": ""}
        return {"en": f" (lr {self.lr:g})", "ja": f"（学習率 {self.lr:g}）"}


@dataclass(frozen=True)
class Record:
    """All that was measured; the rules read it."""

    losses: Sequence[float] = ()
    """mean training loss of each epoch"""
    validation_losses: Sequence[float] = ()
    run: Run = field(default_factory=Run)
    model: Model | None = None
    layers: tuple[Layer, ...] = ()
    """the layers now (or when it was last looked)"""
    start: tuple[Layer, ...] = ()
    """the layers at the first update, where it was watched"""
    inputs: Inputs | None = None
    target: Target | None = None
    fit: Fit | None = None

    def has(self, part: str) -> bool:
        """Whether this part is known; ``"validation"`` asks for anything measured on rows kept out."""
        if part == "validation":
            return len(self.validation_losses) > 0 or bool(
                self.fit and np.isfinite(self.fit.validation_score)
            )
        if part == "network":
            return self.model is not None
        value = getattr(self, part)
        return value is not None and (not isinstance(value, Sequence) or len(value) > 0)

    @cached_property
    def curve(self) -> Curve:
        """The shape of the training loss."""
        return Curve(self.losses)

    @property
    def learnt(self) -> float:
        """The share of the loss that is gone: against the best constant if known, else against the first epoch."""
        if self.fit is not None and np.isfinite(self.fit.learnt):
            return self.fit.learnt
        return self.curve.fall
