"""The loss over the epochs: does it fall, how fast, and has it converged (lecture 5.3, 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.given import inside, members_of
from tasou.language import Language, say
from tasou.messages import Message
from tasou.plots import theme
from tasou.plots._source import history_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_LOSS = Message(
    "plot.no_loss",
    en="there is no loss to draw: the mapping is empty",
    ja="描く損失がありません。渡された辞書が空です",
)
NO_CURVE = Message(
    "plot.no_curve",
    en="{source} has neither 'loss_curve_' nor 'loss'; fit it first, or hand in the losses",
    ja="{source} には 'loss_curve_' も 'loss' もありません。先に学習させるか、損失を渡してください",
)
LOSSES = Message(
    "plot.losses",
    en="the losses must be a sequence of numbers, one an epoch",
    ja="損失には、エポックごとに1つの数の列を渡してください",
)
LOSSES_SHAPE = Message(
    "plot.losses_shape",
    en="the losses must be a non-empty sequence of numbers, not of shape {shape}",
    ja="損失には、空でない数の列を渡してください（形 {shape} は使えません）",
)

EPOCH = {"en": "epoch", "ja": "エポック"}
LOSS = {"en": "loss", "ja": "損失"}
TRAINING = {"en": "training", "ja": "訓練"}
VALIDATION = {"en": "validation", "ja": "検証"}
MEMBERS = {"en": "each of {n} members", "ja": "{n} メンバーのそれぞれ"}
SCORE = {"en": "validation score", "ja": "検証スコア"}
BEST = {"en": "lowest at {epoch}", "ja": "最小：{epoch}"}
ONE = {"en": "Loss {first} → {last} in {n} epochs", "ja": "損失 {first} → {last}（{n}エポック）"}
MANY = {"en": "Loss over the epochs", "ja": "エポックごとの損失"}

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Record:
    """What one training has written down, one number an epoch."""

    loss: Values
    validation_loss: Values | None = None
    validation_score: Values | None = None

    @classmethod
    def mean(cls, of: Sequence[Record]) -> Record:
        """The mean of several, as far as all of them went."""
        n = min(len(record.loss) for record in of)
        held = [record.validation_loss[:n] for record in of if record.validation_loss is not None]
        loss = np.mean([record.loss[:n] for record in of], axis=0)
        return cls(loss, np.mean(held, axis=0) if len(held) == len(of) else None)


def loss_curve(
    source: Any,
    *,
    ax: Axes | None = None,
    log: bool = False,
    lang: str | None = None,
    label: str | None = None,
    loss_name: str | None = None,
) -> Axes:
    """Draw the training loss, and what was measured on validation data, epoch by epoch; returns the axes.

    Parameters
    ----------
    source
        a fitted estimator (its ``loss_curve_``, ``validation_loss_curve_`` or ``validation_scores_``), a history
        (``loss``, ``validation_loss``) or the `Training` that holds one, the losses themselves, or a mapping from
        labels to any of these; of an ensemble each member is a thin line and their mean a thick one
    ax
        where to draw; a new figure if None
    log
        logarithmic loss axis
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None
    label
        name of the curve in the legend
    loss_name
        what the loss is, for the axis

    Raises
    ------
    TasouError
        there is no loss in ``source``

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = loss_curve([1.1, 0.5, 0.25], ax=Figure().subplots(), lang="en")
    >>> ax.get_title()
    'Loss 1.1 → 0.25 in 3 epochs'
    """
    members = [record_of(member) for member in members_of(inside(source).subject) or ()]
    named = source if isinstance(source, Mapping) else {label: Record.mean(members) if members else source}
    records = {name: record_of(value) for name, value in named.items()}
    if not records:
        raise TasouError(NO_LOSS)
    with theme.lettering(lang) as lang:
        ax = theme.axes(ax)
        _draw_members(ax, members, lang)
        for k, (name, record) in enumerate(records.items()):
            _draw(ax, k, record, name, lang)
        _finish(ax, list(records.values()), log, lang)
        theme.label(ax, ylabel=loss_name or say(LOSS, lang))
    return ax


def losses_of(source: Any) -> Values:
    """The training losses alone, of whatever `loss_curve` draws."""
    return record_of(source).loss


def record_of(source: Any) -> Record:
    """Read the losses off an estimator, a history or a plain sequence."""
    if isinstance(source, Record):
        return source
    source = history_of(source)
    loss = _first(source, "loss_curve_", "loss")
    if loss is None or not isinstance(loss, Iterable):  # a network's ``loss`` is a formula
        if not isinstance(source, Iterable):
            raise TasouError(NO_CURVE, source=type(source).__name__)
        return Record(_numbers(source))
    validation_loss = _first(source, "validation_loss_curve_", "validation_loss")
    score = _first(source, "validation_scores_", "validation_score")
    return Record(
        _numbers(loss),
        None if validation_loss is None else _numbers(validation_loss),
        None if score is None else _numbers(score),
    )


def _first(source: Any, *names: str) -> Any:
    """The first of these attributes that holds something."""
    values = (getattr(source, name, None) for name in names)
    return next((value for value in values if value is not None and np.size(value)), None)


def _numbers(values: Iterable[float]) -> Values:
    try:
        numbers = np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.float64)
    except (TypeError, ValueError):
        raise TasouError(LOSSES) from None
    if numbers.ndim != 1 or not numbers.size:
        raise TasouError(LOSSES_SHAPE, shape=numbers.shape)
    return numbers


def _draw(ax: Axes, k: int, record: Record, name: str | None, lang: Language) -> None:
    """One training: its loss drawn through and ending in a marker of its own, its validation dashed."""
    colour = theme.colour(k, ax)
    (line,) = ax.plot(
        _epochs(record.loss), record.loss, color=colour, lw=2.2, label=name or say(TRAINING, lang)
    )
    ax.plot(
        len(record.loss), record.loss[-1], theme.marker(k), color=colour, mec=theme.ink(ax), ms=7, zorder=3
    )
    if record.validation_loss is not None:
        _draw_validation(ax, record.validation_loss, colour if name else theme.AMBER, name, lang)
    if np.all(record.loss >= 0):  # a loss cannot be negative, so its axis begins at 0, where it wants to go
        line.sticky_edges.y.append(0)
        ax.update_datalim([(1, 0)])


def _draw_members(ax: Axes, members: Sequence[Record], lang: Language) -> None:
    """Every member of an ensemble by itself, in the background."""
    thin: dict[str, Any] = {"lw": 0.8, "alpha": 0.35, "zorder": 1}
    for k, member in enumerate(members):
        label = say(MEMBERS, lang, n=len(members)) if k == 0 else None
        ax.plot(_epochs(member.loss), member.loss, color=theme.colour(0, ax), label=label, **thin)
        if member.validation_loss is not None:
            ax.plot(_epochs(member.loss), member.validation_loss, "--", color=theme.AMBER, **thin)


def _draw_validation(ax: Axes, values: Values, colour: str, name: str | None, lang: Language) -> None:
    """The dashed curve, with a ring around its lowest point: where early stopping takes the weights."""
    label = f"{name} ({say(VALIDATION, lang)})" if name else say(VALIDATION, lang)
    ax.plot(_epochs(values), values, "--", color=colour, lw=2.2, label=label)
    if np.isfinite(values).any():
        best = int(np.nanargmin(values))
        text = say(BEST, lang, epoch=best + 1)
        ax.plot(best + 1, values[best], "o", mfc="none", mec=theme.ink(ax), ms=11, mew=1.6, label=text)


def _draw_score(ax: Axes, values: Values, lang: Language) -> None:
    """The score rises while the loss falls and has a scale of its own, so its axis is on the right."""
    right = ax.twinx()
    right.plot(_epochs(values), values, "--", color=theme.AMBER, lw=2.2)
    theme.label(right, ylabel=say(SCORE, lang))
    right.spines["top"].set_visible(False)
    ax.plot([], [], "--", color=theme.AMBER, lw=2.2, label=say(SCORE, lang))


def _finish(ax: Axes, records: list[Record], log: bool, lang: Language) -> None:
    from matplotlib.ticker import MaxNLocator

    theme.frame(ax)
    score = records[0].validation_score if len(records) == 1 and records[0].validation_loss is None else None
    if score is not None:
        _draw_score(ax, score, lang)
    theme.label(ax, title=_title(records, lang), xlabel=say(EPOCH, lang))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    if log:
        ax.set_yscale("log")
    ax.autoscale_view()
    if score is not None:
        theme.legend_below(ax)
    elif len(ax.get_legend_handles_labels()[0]) > 1:
        ax.legend(loc="upper right")


def _title(records: list[Record], lang: Language) -> str:
    if len(records) > 1:
        return say(MANY, lang)
    loss = records[0].loss
    return say(ONE, lang, first=f"{loss[0]:.3g}", last=f"{loss[-1]:.3g}", n=len(loss))


def _epochs(values: Values) -> NDArray[np.int64]:
    return np.arange(1, len(values) + 1)
