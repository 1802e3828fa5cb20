"""The plane as a classifier sees it: predicted classes behind, the true ones as points (lecture 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.language import Language, say
from tasou.plots import _style
from tasou.plots._answers import Answers, Indices, shares
from tasou.plots._features import Plane

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = {
    "en": "Decision boundary: {right} of {n} right ({share:.1%})",
    "ja": "決定境界：{n}点中{right}点が正解（{share:.1%}）",
}
WRONG = {"en": "misclassified ({n})", "ja": "誤分類（{n}）"}
TINT_ON_LIGHT, TINT_ON_DARK = 0.32, 0.38
MARGIN = 0.06
RASTER_FROM = 5000

Numbers = NDArray[np.float64]


def decision_boundary(
    classifier: Any,
    X: Any,
    y: Any,
    *,
    ax: Axes | None = None,
    features: Sequence[int | str] = (0, 1),
    lang: str | None = None,
    resolution: int = 300,
    proba: bool = False,
) -> Axes:
    """Draw the class predicted everywhere and the points with their true class on it; returns the axes.

    Misclassified points are ringed. Where X has more than two features, the plane is the one through the
    median (numeric) or the most frequent value (other) of all the rest.

    Parameters
    ----------
    classifier
        anything fitted with a ``predict`` that answers with labels, or a `Network` that tells classes apart
    X
        (n, d) array or data frame, as ``classifier`` was fitted on
    y
        (n,) true labels, numbers or strings
    ax
        where to draw; a new figure if None
    features
        the two features to draw, by index or by name
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    resolution
        number of predictions along each axis
    proba
        mix the background colours by ``predict_proba`` instead of showing the predicted class alone

    Raises
    ------
    TasouError
        the features cannot be drawn, X and y do not fit, or there is no ``predict_proba``

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], ["no", "yes", "yes", "no"]
    >>> ax = decision_boundary(DecisionTreeClassifier().fit(X, y), X, y, ax=Figure().subplots(), lang="en")
    >>> ax.get_title()
    'Decision boundary: 4 of 4 right (100.0%)'
    """
    plane = Plane.through(X, features, getattr(classifier, "feature_names_in_", None))
    raster = _Raster.around(plane.points(), resolution)
    grid = plane.at(raster.middles)
    answers = Answers.of(classifier, plane.X, y, grid)
    with _style.lettering(lang) as lang:
        ax = _style.axes(ax)
        colours = _tints(ax, len(answers.classes))
        _draw_image(ax, raster, shares(classifier, grid) @ colours if proba else colours[answers.pixels])
        _draw_borders(ax, raster, answers.pixels)
        _draw_points(ax, plane.points(), answers, lang)
        _style.label(ax, title=_title(answers, lang), xlabel=plane.labels[0], ylabel=plane.labels[1])
        _style.legend_below(ax)
    return ax


@dataclass(frozen=True)
class _Raster:
    """The pixels of the background: their middles along each axis."""

    extent: tuple[float, float, float, float]
    xs: Numbers
    ys: Numbers

    @classmethod
    def around(cls, points: Numbers, n: int) -> _Raster:
        """``n`` by ``n`` pixels that cover the points and a margin."""
        if n < 2:
            raise TasouError(f"resolution must be at least 2, not {n!r}")
        (left, right), (bottom, top) = (_range(column) for column in points.T)
        return cls((left, right, bottom, top), _middles(left, right, n), _middles(bottom, top, n))

    @property
    def middles(self) -> Numbers:
        """All middles as rows (x, y), the lowest line first."""
        return np.column_stack([axis.ravel() for axis in np.meshgrid(self.xs, self.ys)])


def _range(values: Numbers) -> tuple[float, float]:
    """From where to where an axis goes: the values and a margin."""
    values = values[np.isfinite(values)]
    if not values.size:
        raise TasouError("there is nothing to draw: a chosen feature has no finite value")
    low, high = float(values.min()), float(values.max())
    pad = MARGIN * (high - low) or 0.5
    return low - pad, high + pad


def _middles(low: float, high: float, n: int) -> Numbers:
    return low + (high - low) * (np.arange(n) + 0.5) / n


def _title(answers: Answers, lang: Language) -> str:
    right = answers.right
    return say(TITLE, lang, right=int(right.sum()), n=len(right), share=float(right.mean()))


def _tints(ax: Axes, n: int) -> Numbers:
    """The light colours of the background, (n, 3): the classes' own, thinned with the ground of ``ax``."""
    ground, share = _style.ground(ax), TINT_ON_LIGHT if _style.ink(ax)[0] < 0.5 else TINT_ON_DARK
    return np.array([_style.mix(ground, _style.colour(k), share) for k in range(n)])


def _draw_image(ax: Axes, raster: _Raster, colours: Numbers) -> None:
    image = np.clip(colours, 0, 1).reshape(len(raster.ys), len(raster.xs), 3)
    # Interpolation "none" leaves the pixels to the viewer, so that an SVG holds them as they are.
    ax.imshow(image, origin="lower", extent=raster.extent, aspect="auto", interpolation="none", zorder=0)


def _draw_borders(ax: Axes, raster: _Raster, pixels: Indices) -> None:
    """A line wherever the predicted class changes."""
    colour = _style.mix(_style.ground(ax), _style.ink(ax), 0.6)
    for k in np.unique(pixels)[1:]:
        inside = _smooth((pixels == k).reshape(len(raster.ys), len(raster.xs)))
        ax.contour(raster.xs, raster.ys, inside, levels=[0.5], colors=[colour], linewidths=1.2, zorder=1)


def _smooth(inside: NDArray[np.bool_]) -> Numbers:
    """The share of neighbouring pixels that lie inside: its contour at one half has no stairs."""
    share = inside.astype(np.float64)
    for _ in range(4):  # twice along each axis
        padded = np.pad(share, ((1, 1), (0, 0)), mode="edge")
        share = ((padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4).T
    return share


def _draw_points(ax: Axes, points: Numbers, answers: Answers, lang: Language) -> None:
    """Every class in its colour and shape; a ring around what is misclassified."""
    size = float(np.clip(12000 / len(points), 10, 90)) * min(1.0, _style.room(ax) / 4)
    outline = _style.mix(_style.ground(ax), _style.ink(ax), 0.95)
    style: dict[str, Any] = {"linewidths": 0.7, "rasterized": len(points) > RASTER_FROM, "zorder": 2}
    for k, label in enumerate(answers.classes):
        x1, x2 = points[answers.true == k].T
        style |= {"color": _style.colour(k), "marker": _style.marker(k), "label": _style.plain(label)}
        ax.scatter(x1, x2, s=size, edgecolors=[outline], **style)
    x1, x2 = points[~answers.right].T
    if len(x1):
        style = {"facecolors": "none", "edgecolors": [_style.ink(ax)], "linewidths": 1.5, "zorder": 3}
        ax.scatter(x1, x2, s=3.2 * size + 30, label=say(WRONG, lang, n=len(x1)), **style)
