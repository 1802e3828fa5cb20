"""`loss_curve` in the form of scikit-learn's Display classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from tasou.plots import theme
from tasou.plots.loss_curve import loss_curve, record_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D


class LossCurveDisplay:
    """The loss of a training, read once and drawn as often as wanted.

    Make one with `from_estimator`, or from whatever `loss_curve` draws.

    Parameters
    ----------
    source
        what holds the losses; they are read here, so that what the source does later changes nothing
    name
        name of the curve in the legend

    Attributes
    ----------
    loss, validation_loss, validation_score : ndarray or None
        one number an epoch
    ax_, figure_, lines_
        the axes, their figure and the curves, after `plot`

    Raises
    ------
    TasouError
        there is no loss in ``source``

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> display = LossCurveDisplay([1.1, 0.5, 0.25]).plot(ax=Figure().subplots(), lang="en")
    >>> display.ax_.get_title(), len(display.lines_)
    ('Loss 1.1 → 0.25 in 3 epochs', 1)
    """

    ax_: Axes
    figure_: Figure
    lines_: list[Line2D]

    def __init__(self, source: Any, *, name: str | None = None) -> None:
        self._record = record_of(source)
        self.name = name
        self.loss = self._record.loss
        self.validation_loss = self._record.validation_loss
        self.validation_score = self._record.validation_score

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        *,
        name: str | None = None,
        ax: Axes | None = None,
        log: bool = False,
        lang: str | None = None,
        loss_name: str | None = None,
    ) -> Self:
        """Read the losses off a fitted estimator and draw them; the rest is as for `loss_curve`."""
        return cls(estimator, name=name).plot(ax, log=log, lang=lang, loss_name=loss_name)

    def plot(
        self,
        ax: Axes | None = None,
        *,
        name: str | None = None,
        log: bool = False,
        lang: str | None = None,
        loss_name: str | None = None,
    ) -> Self:
        """Draw on ``ax``, or on a new figure; returns the display."""
        before = [] if ax is None else list(ax.lines)
        label = name if name is not None else self.name
        self.ax_ = loss_curve(self._record, ax=ax, log=log, lang=lang, label=label, loss_name=loss_name)
        self.figure_ = theme.figure(self.ax_)
        new = (line for line in self.ax_.lines if line not in before)
        self.lines_ = [line for line in new if np.size(line.get_xdata()) == len(self.loss) > 1]
        return self
