"""What every epoch of a run came to, kept once for the whole run whatever step it stands at."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.training import History

Array = NDArray[Any]
NAMES = ("loss", "accuracy", "validation_loss", "validation_accuracy", "lr", "gradient_norm")


class Curves:
    """One row per epoch, one column per quantity of `NAMES`; what was not measured is not a number.

    >>> curves = Curves()
    >>> curves.add(1, {"loss": 0.5})
    >>> curves.epochs, curves.since(0)[0, 0]
    (1, np.float64(0.5))
    """

    def __init__(self) -> None:
        self._rows = np.full((256, len(NAMES)), np.nan)
        self.epochs = 0

    def add(self, epoch: int, values: dict[str, float]) -> None:
        """Note an epoch, counted from 1; one that is known already is the same again."""
        if epoch <= self.epochs:
            return
        if epoch > len(self._rows):
            self._rows = np.concatenate([self._rows, np.full_like(self._rows, np.nan)])
        self._rows[epoch - 1] = [values.get(name, np.nan) for name in NAMES]
        self.epochs = epoch

    def since(self, epoch: int) -> Array:
        """The rows of the epochs after this one."""
        return self._rows[epoch : self.epochs]

    def column(self, name: str, epochs: int | None = None) -> Array:
        """One quantity over the epochs."""
        return self._rows[: self.epochs if epochs is None else epochs, NAMES.index(name)]

    def upto(self, epoch: int) -> Curves:
        """Those of the first epochs, for a branch."""
        found = Curves()
        found._rows, found.epochs = self._rows[: max(256, epoch)].copy(), min(epoch, self.epochs)
        found._rows[found.epochs :] = np.nan
        return found

    def history(self, epochs: int) -> History:
        """The first epochs as a training's own history: what a diagnosis reads."""
        told = {
            name: self.column(column, epochs).tolist()
            for name, column in (
                ("loss", "loss"), ("lr", "lr"), ("gradient_norm", "gradient_norm"),
                ("validation_loss", "validation_loss"), ("validation_score", "validation_accuracy"),
            )
        }  # fmt: skip
        if not np.isfinite(self.column("validation_loss", epochs)).any():
            told |= {"validation_loss": [], "validation_score": []}
        return History(**told, seconds=[0.0] * len(told["loss"]))
