"""The same training with several learning rates: too small, right, too large (lecture 5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.language import Language, say
from tasou.messages import Message
from tasou.plots import theme
from tasou.plots.loss_curve import EPOCH, LOSS, losses_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_MAPPING = Message(
    "plot.no_mapping",
    en="runs must be a mapping from learning rates to trainings or their losses",
    ja="runs には、学習率をキー、学習またはその損失を値とする辞書を渡してください",
)
NO_TRAINING = Message(
    "plot.no_training",
    en="there is no training to draw: the mapping is empty",
    ja="描く学習がありません。渡された辞書が空です",
)

TITLE = {
    "en": "Of {n} learning rates {best:g} ends lowest: loss {loss:.3g}",
    "ja": "{n}通りの学習率のうち {best:g} が最小：損失 {loss:.3g}",
}
NONE = {"en": "All {n} learning rates diverge", "ja": "{n}通りの学習率すべてで発散"}
RATE = {"en": "α = {lr:g}", "ja": "α = {lr:g}"}
DIVERGED = {"en": "α = {lr:g} (diverged)", "ja": "α = {lr:g}（発散）"}
CEILING = 20.0
"""how many times the first loss is still shown"""

Numbers = NDArray[np.float64]


def learning_rate_comparison(
    runs: Mapping[float, Any],
    *,
    ax: Axes | None = None,
    lang: str | None = None,
    log: bool = True,
    loss_name: str | None = None,
) -> Axes:
    """Draw the loss of one training per learning rate, from small (dark) to large (light); returns the axes.

    A training has diverged if its loss stops being finite or ends above where it began: its curve is dotted and ends
    in a cross. The one that ends lowest is drawn thickest.

    Parameters
    ----------
    runs
        a mapping from learning rates to whatever `loss_curve` draws
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    log
        logarithmic loss axis
    loss_name
        what the loss is, for the axis

    Raises
    ------
    TasouError
        ``runs`` is empty, its keys are no learning rates, or a run has no loss

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> runs = {0.1: [1.0, 0.9, 0.8], 1.0: [1.0, 0.4, 0.1], 10.0: [1.0, 7.0, 50.0]}
    >>> learning_rate_comparison(runs, ax=Figure().subplots(), lang="en").get_title()
    'Of 3 learning rates 1 ends lowest: loss 0.1'
    """
    curves = _curves(runs)
    ends = {lr: losses[-1] for lr, losses in curves.items() if not _diverged(losses)}
    best = min(ends, key=lambda lr: ends[lr]) if ends else None
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        for k, (colour, (lr, losses)) in enumerate(
            zip(theme.ordered(ax, len(curves)), curves.items(), strict=True)
        ):
            _draw(ax, k, lr, losses, colour, best=lr == best, lang=lang)
        _finish(ax, list(curves.values()), log)
        title = say(NONE, lang, n=len(curves))
        if best is not None:
            title = say(TITLE, lang, n=len(curves), best=best, loss=ends[best])
        theme.label(ax, title=title, xlabel=say(EPOCH, lang), ylabel=loss_name or say(LOSS, lang))
    return ax


def _curves(runs: Mapping[float, Any]) -> dict[float, Numbers]:
    """The losses by learning rate, the smallest rate first."""
    try:
        ordered = sorted(((float(lr), source) for lr, source in runs.items()), key=lambda run: run[0])
    except (AttributeError, TypeError, ValueError):
        raise TasouError(NO_MAPPING) from None
    if not ordered:
        raise TasouError(NO_TRAINING)
    return {lr: losses_of(source) for lr, source in ordered}


def _diverged(losses: Numbers) -> bool:
    return not np.isfinite(losses).all() or bool(losses[-1] > losses[0])


def _draw(ax: Axes, k: int, lr: float, losses: Numbers, colour: Any, *, best: bool, lang: Language) -> None:
    lost = _diverged(losses)
    text = say(DIVERGED if lost else RATE, lang, lr=lr)
    epochs = np.arange(1, len(losses) + 1)
    style = {"ls": ":" if lost else "-", "lw": 3.2 if best else 1.8, "color": colour}
    ax.plot(
        epochs, losses, label=text, marker="x" if lost else theme.marker(k), markevery=_ends(losses), **style
    )


def _ends(losses: Numbers) -> list[int]:
    """The last finite loss: there the curve ends in its marker."""
    finite = np.flatnonzero(np.isfinite(losses))
    return [int(finite[-1])] if len(finite) else []


def _finish(ax: Axes, curves: list[Numbers], log: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    theme.frame(ax)
    finite = np.concatenate([losses[np.isfinite(losses)] for losses in curves])
    first = max((losses[0] for losses in curves if np.isfinite(losses[0])), default=1.0)
    if log and (finite > 0).any():
        ax.set_yscale("log", nonpositive="mask")
    if len(finite) and finite.max() > CEILING * first > 0:
        ax.set_ylim(top=CEILING * first if log else 2 * first)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    theme.legend_below(ax)
