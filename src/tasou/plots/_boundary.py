"""What a decision boundary consists of, computed once and drawn as often as wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.language import Language, say
from tasou.plots import theme
from tasou.plots._answers import Answers, Indices, shares
from tasou.plots._features import Plane
from tasou.plots._points import draw_classes, tints
from tasou.plots._principal import PrincipalPlane
from tasou.plots._raster import Numbers, Raster
from tasou.plots._source import predictor_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = {
    "en": "Decision boundary: {right} of {n} right ({share:.1%})",
    "ja": "決定境界：{n}点中{right}点が正解（{share:.1%}）",
}
WRONG = {"en": "misclassified ({n})", "ja": "誤分類（{n}）"}


@dataclass(frozen=True)
class Boundary:
    """The plane, its pixels, what is answered there, and with what probabilities (None: the classes alone)."""

    plane: Plane | PrincipalPlane
    raster: Raster
    answers: Answers
    shares: Numbers | None

    @classmethod
    def of(
        cls,
        classifier: Any,
        X: Any,
        y: Any,
        features: Sequence[int | str] | str,
        resolution: int,
        proba: bool,
        fixed: Mapping[int | str, Any] | None,
    ) -> Boundary:
        """Ask ``classifier`` about every pixel and every point."""
        classifier = predictor_of(classifier)
        plane = plane_through(X, features, getattr(classifier, "feature_names_in_", None), fixed)
        raster = Raster.around(plane.points(), resolution)
        grid = plane.at(raster.middles)
        answers = Answers.of(classifier, plane.X, y, grid)
        return cls(plane, raster, answers, shares(classifier, grid) if proba else None)

    def draw(self, ax: Axes, lang: Language) -> None:
        """Background, borders, points, rings, and the words around them."""
        answers, colours = self.answers, tints(ax, len(self.answers.classes))
        self.raster.draw(ax, colours[answers.pixels] if self.shares is None else self.shares @ colours)
        if self.shares is None:
            draw_borders(ax, self.raster, answers.pixels)
        else:
            draw_margins(ax, self.raster, self.shares)
        wrong = ~answers.right
        note = say(WRONG, lang, n=int(wrong.sum()))
        points = self.plane.points()
        draw_classes(ax, points, answers.true, answers.classes, wrong=wrong, wrong_label=note)
        xlabel, ylabel = self.plane.labels(lang)
        theme.label(ax, title=_title(answers, lang), xlabel=xlabel, ylabel=ylabel)
        theme.legend_below(ax)


def plane_through(
    X: Any,
    features: Sequence[int | str] | str,
    names: Sequence[str] | None,
    fixed: Mapping[int | str, Any] | None = None,
) -> Plane | PrincipalPlane:
    """The plane of two features, or (``"pca"``) that of the two widest directions of X."""
    if isinstance(features, str):
        return PrincipalPlane.through(X, features, fixed)
    return Plane.through(X, features, names, fixed)


def draw_borders(ax: Axes, raster: Raster, pixels: Indices) -> None:
    """A line wherever the predicted class changes."""
    for k in np.unique(pixels)[1:]:
        inside = _smooth((pixels == k).reshape(len(raster.ys), len(raster.xs)))
        _draw_line(ax, raster, inside, 0.5)


def draw_margins(ax: Axes, raster: Raster, shares: Numbers) -> None:
    """The same lines where the probabilities (n, K) of all pixels are known: exact, so that a straight line is one."""
    for k in range(1, shares.shape[1]):
        margin = shares[:, k] - np.delete(shares, k, axis=1).max(axis=1)
        if margin.min() < 0 < margin.max():
            _draw_line(ax, raster, raster.shaped(margin), 0.0)


def _draw_line(ax: Axes, raster: Raster, values: Any, level: float) -> None:
    colour = theme.mix(theme.ground(ax), theme.ink(ax), 0.6)
    ax.contour(raster.xs, raster.ys, values, levels=[level], colors=[colour], linewidths=1.2, zorder=1)


def _smooth(inside: NDArray[np.bool_]) -> Numbers:
    """The share of neighbouring pixels that lie inside: its contour at one half has no stairs."""
    share = inside.astype(np.float64)
    for _ in range(4):  # twice along each axis
        padded = np.pad(share, ((1, 1), (0, 0)), mode="edge")
        share = ((padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4).T
    return share


def _title(answers: Answers, lang: Language) -> str:
    right = answers.right
    return say(TITLE, lang, right=int(right.sum()), n=len(right), share=float(right.mean()))
