"""The plane as a classifier sees it: predicted classes behind, the true ones as points (lecture 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tasou.plots import theme
from tasou.plots._boundary import Boundary

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def decision_boundary(
    classifier: Any,
    X: Any,
    y: Any,
    *,
    ax: Axes | None = None,
    features: Sequence[int | str] | str = (0, 1),
    fixed: Mapping[int | str, Any] | None = None,
    lang: str | None = None,
    resolution: int = 300,
    proba: bool = False,
) -> Axes:
    """Draw the class predicted everywhere and the points with their true class on it; returns the axes.

    Misclassified points are ringed. Where X has more than two features, the plane is the one through the
    median (numeric) or the most frequent value (other) of all the rest, or through the values ``fixed``; with
    ``features="pca"`` it is the plane in which the standardised features spread widest. Points are drawn where they
    lie on the plane seen from above, so where there are more features one may stand on ground of another class and
    be right all the same.

    Parameters
    ----------
    classifier
        anything fitted with a ``predict`` that answers with labels, or a `Network` (or the `Training` of one) that
        tells classes apart
    X
        (n, d) array or data frame, as ``classifier`` was fitted on
    y
        (n,) true labels, numbers or strings
    ax
        where to draw; a new figure if None
    features
        the two features to draw, by index or by name; or ``"pca"``
    fixed
        values at which other features are held, by index or by name
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
    boundary = Boundary.of(classifier, X, y, features, resolution, proba, fixed)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        boundary.draw(ax, lang)
    return ax
