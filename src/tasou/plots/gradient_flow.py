"""The length of every layer's gradient over the training: does it vanish on its way back, or explode (lecture 4, 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError, UnknownName
from tasou.language import Language, say
from tasou.messages import Message
from tasou.plots import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tasou.training import Recorder

QUANTITY = Message("kind.quantity", en="quantity", ja="量")
NO_LAYERS = Message(
    "plot.no_layers",
    en="{source} has recorded no layers: train with callbacks=[tasou.training.Recorder()]",
    ja="{source} には層の記録がありません。callbacks=[tasou.training.Recorder()] をつけて学習してください",
)
NOTHING_RECORDED = Message(
    "plot.nothing_recorded",
    en="nothing was recorded: train with the recorder among the callbacks first",
    ja="何も記録されていません。先に Recorder を callbacks に入れて学習してください",
)

UPDATE = {"en": "update", "ja": "更新回数"}
LAYER = {"en": "layer {l}", "ja": "第{l}層"}
YLABEL = {
    "gradient": {"en": "gradient norm ‖∇W[l]‖", "ja": "勾配のノルム ‖∇W[l]‖"},
    "weight": {"en": "weight norm ‖W[l]‖", "ja": "重みのノルム ‖W[l]‖"},
    "dead": {"en": "share of dead units", "ja": "死んだユニットの割合"},
}
RATIO = {
    "en": "Gradient of layer 1 at the start: {ratio} that of layer {L}",
    "ja": "はじめの第1層の勾配は第{L}層の{ratio}",
}
TITLE = {
    "gradient": {"en": "Gradient norm of the only layer", "ja": "ただ1つの層の勾配のノルム"},
    "weight": {
        "en": "Weight norms: {first:.3g} → {last:.3g} in layer 1",
        "ja": "重みのノルム：第1層は {first:.3g} → {last:.3g}",
    },
    "dead": {
        "en": "Dead units: up to {top:.0%} of a layer at the end",
        "ja": "死んだユニット：最後は最も多い層で{top:.0%}",
    },
}
ALIVE = {"en": "No dead units at the end", "ja": "最後に死んだユニットはなし"}
TIMES = {"en": "{r} times", "ja": "{r}倍"}
MOST_POINTS = 400

Numbers = NDArray[np.float64]


def gradient_flow(
    recorder: Recorder | Any,
    *,
    ax: Axes | None = None,
    lang: str | None = None,
    quantity: Literal["gradient", "weight", "dead"] = "gradient",
) -> Axes:
    """Draw ‖∇W[l]‖ of each layer over the updates, on a logarithmic axis; returns the axes.

    Long trainings are thinned to 400 points, each the geometric mean of its stretch.

    Parameters
    ----------
    recorder
        a `tasou.training.Recorder` that was a callback of the training, or what has its arrays
        (``updates``, ``gradient_norms``, …)
    ax
        where to draw; a new figure if None
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    quantity
        ``"gradient"``, or what else was recorded: ``"weight"`` norms, or the share of ``"dead"`` units (of the hidden
        layers, on a linear axis)

    Raises
    ------
    TasouError
        nothing was recorded
    UnknownName
        there is no such quantity

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from tasou.network import Network
    >>> from tasou.training import Recorder, Training
    >>> recorder = Recorder()
    >>> training = Training(Network((2, 4, 2), rng=0), callbacks=[recorder])
    >>> _ = training.run([[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], epochs=5)
    >>> gradient_flow(recorder, ax=Figure().subplots(), lang="en").get_yscale()
    'log'
    """
    updates, values = _read(recorder, quantity)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        x, thinned = _thin(updates, values, geometric=quantity != "dead")
        for k, colour in enumerate(theme.ordered(ax, values.shape[1])):
            text = say(LAYER, lang, l=k + 1)
            ax.plot(x, thinned[:, k], ls=theme.dash(k), color=colour, lw=2, label=text)
        _scale(ax, quantity, values)
        theme.frame(ax)
        ylabel, title = say(YLABEL[quantity], lang), _title(quantity, values, lang)
        theme.label(ax, title=title, xlabel=say(UPDATE, lang), ylabel=ylabel)
        theme.legend_below(ax)
    return ax


def _read(recorder: Any, quantity: str) -> tuple[Numbers, Numbers]:
    names = {"gradient": "gradient_norms", "weight": "weight_norms", "dead": "dead_shares"}
    if quantity not in names:
        raise UnknownName(QUANTITY, quantity, names)
    values: Any = getattr(recorder, names[quantity], None)
    if values is None:
        raise TasouError(NO_LAYERS, source=type(recorder).__name__)
    if np.size(values) == 0:
        raise TasouError(NOTHING_RECORDED)
    return np.asarray(recorder.updates, np.float64), np.asarray(values, np.float64)


def _thin(x: Numbers, values: Numbers, *, geometric: bool) -> tuple[Numbers, Numbers]:
    """Few enough points to draw; noise is averaged, as the axis asks for."""
    if len(x) <= MOST_POINTS:
        return x, values
    parts = np.array_split(np.arange(len(x)), MOST_POINTS)
    with np.errstate(divide="ignore"):
        seen = np.log(values) if geometric else values
    means = np.array([seen[part].mean(axis=0) for part in parts])
    return np.array([x[part].mean() for part in parts]), np.exp(means) if geometric else means


def _scale(ax: Axes, quantity: str, values: Numbers) -> None:
    if quantity == "dead":
        ax.set_ylim(-0.03, 1.03)
    elif (values > 0).any():
        ax.set_yscale("log", nonpositive="mask")


def _title(quantity: str, values: Numbers, lang: Language) -> str:
    L = values.shape[1]
    if quantity == "gradient" and L > 1:
        with np.errstate(all="ignore"):
            ratio = float(values[0, 0] / values[0, -1])
        return say(RATIO, lang, L=L, ratio=_ratio(ratio, lang))
    first, last, top = values[0, 0], values[-1, 0], values[-1].max()
    return say(TITLE[quantity] if quantity != "dead" or top else ALIVE, lang, first=first, last=last, top=top)


def _ratio(ratio: float, lang: Language) -> str:
    """A ratio as people say it: 1/300, or 4 times."""
    return f"1/{1 / ratio:,.0f}" if 1e-6 < ratio < 0.1 else say(TIMES, lang, r=f"{ratio:.2g}")
