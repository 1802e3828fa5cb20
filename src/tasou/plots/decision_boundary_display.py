"""`decision_boundary` in the form of scikit-learn's Display classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from tasou.plots import theme
from tasou.plots._boundary import Boundary

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage


class DecisionBoundaryDisplay:
    """What a classifier answers over a plane, computed once and drawn as often as wanted.

    Make one with `from_estimator`.

    Attributes
    ----------
    xx0, xx1 : ndarray of shape (resolution, resolution)
        where on the plane was asked
    response : ndarray of shape (resolution, resolution) or (resolution, resolution, K)
        the index of the class predicted there, or with ``proba=True`` the probability of each
    classes : ndarray of shape (K,)
        the labels that the indices count
    ax_, figure_, surface_
        the axes, their figure and the image behind the points, after `plot`

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou.network import Network
    >>> X, y = [[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> display = DecisionBoundaryDisplay.from_estimator(
    ...     Network((2, 3, 2), rng=0), X, y, resolution=50, ax=Figure().subplots(), lang="en"
    ... )
    >>> display.response.shape, display.classes.tolist()
    ((50, 50), [0, 1])
    """

    ax_: Axes
    figure_: Figure
    surface_: AxesImage

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        n = len(boundary.raster.ys)
        self.xx0, self.xx1 = (axis.reshape(n, -1) for axis in boundary.raster.middles.T)
        asked = boundary.answers.pixels if boundary.shares is None else boundary.shares
        self.response = boundary.raster.shaped(asked)
        self.classes = np.asarray(boundary.answers.classes)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: Any,
        *,
        features: Sequence[int | str] | str = (0, 1),
        fixed: Mapping[int | str, Any] | None = None,
        resolution: int = 300,
        proba: bool = False,
        ax: Axes | None = None,
        lang: str | None = None,
    ) -> Self:
        """Ask a fitted classifier and draw its answers; the arguments are those of `decision_boundary`."""
        return cls(Boundary.of(estimator, X, y, features, resolution, proba, fixed)).plot(ax, lang=lang)

    def plot(self, ax: Axes | None = None, *, lang: str | None = None) -> Self:
        """Draw on ``ax``, or on a new figure; returns the display."""
        with theme.lettering(lang) as lang:
            self.ax_ = theme.axes(ax)
            self._boundary.draw(self.ax_, lang)
        self.figure_, self.surface_ = theme.figure(self.ax_), self.ax_.images[-1]
        return self
