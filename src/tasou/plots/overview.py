"""The lecture's last picture: the decision boundary on the left, the loss on the right (lecture 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tasou.language import Language
from tasou.plots import theme
from tasou.plots.decision_boundary import decision_boundary
from tasou.plots.loss_curve import loss_curve

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Text = str | Mapping[str, str]


def overview(
    classifier: Any,
    X: Any,
    y: Any,
    *,
    losses: Any = None,
    loss_name: Text | None = None,
    title: Text | None = None,
    lang: str | None = None,
) -> Figure:
    """Draw what ``classifier`` has learnt beside how it learnt it; returns the figure, which `save` writes.

    Parameters
    ----------
    classifier
        fitted on X and y; its ``loss_curve_`` is drawn unless ``losses`` are given
    X, y
        points and true labels, as for `decision_boundary`
    losses
        whatever `loss_curve` draws
    loss_name, title
        what the loss is, and the heading of the whole: a text, or one for each language
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None

    Examples
    --------
    >>> from tasou.network import Network
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> len(overview(Network((2, 3, 2), rng=0), X, y, losses=[0.7, 0.1], lang="en").axes)
    2
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure(figsize=(11, 5), layout="constrained")
    FigureCanvasAgg(fig)
    left, right = fig.subplots(1, 2)
    decision_boundary(classifier, X, y, ax=left, lang=lang)
    with theme.lettering(lang) as lang:
        loss_name = in_language(loss_name, lang)
        loss_curve(classifier if losses is None else losses, ax=right, lang=lang, loss_name=loss_name)
        fig.suptitle(in_language(title, lang) or "")
    return fig


def in_language(text: Text | None, lang: Language) -> str | None:
    """The text itself, or the one of the language drawn."""
    return text[lang] if isinstance(text, Mapping) else text
