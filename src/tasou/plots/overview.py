"""The lecture's last picture: the decision boundary on the left, the loss on the right (lecture 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasou.plots import _style
from tasou.plots.decision_boundary import decision_boundary
from tasou.plots.loss_curve import loss_curve

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def overview(
    classifier: Any, X: Any, y: Any, *, losses: Any = None, title: str | None = None, lang: str | None = None
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
    title
        heading of the whole picture
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure(figsize=(11, 5), layout="constrained")
    FigureCanvasAgg(fig)
    left, right = fig.subplots(1, 2)
    decision_boundary(classifier, X, y, ax=left, lang=lang)
    loss_curve(classifier if losses is None else losses, ax=right, lang=lang)
    if title:
        with _style.lettering(lang):
            fig.suptitle(title)
    return fig
