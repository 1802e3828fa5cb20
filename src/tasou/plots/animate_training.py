"""A training as a film: the decision boundary forms while the loss falls (lecture 5.3, 6)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError
from tasou.language import Language
from tasou.messages import Message
from tasou.plots import _film, theme
from tasou.plots._answers import check_classifier, classes_of
from tasou.plots._boundary import plane_through
from tasou.plots._source import history_of, network_of
from tasou.plots.decision_boundary import decision_boundary
from tasou.plots.loss_curve import loss_curve, losses_of
from tasou.plots.overview import Text, in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FRAMES = Message(
    "plot.frames",
    en="epochs and frames must be at least 1 and fps above 0, not {epochs}, {frames}, {fps}",
    ja="epochs と frames は1以上、fps は0より大きくしてください（順に {epochs}、{frames}、{fps} は使えません）",
)
NO_FILM = Message(
    "plot.no_film",
    en="{source} cannot be filmed: it has no partial_fit (with solver='lbfgs' none has)",
    ja="{source} の学習は動画にできません。partial_fit がないからです（solver='lbfgs' では使えません）",
)

NOT_OURS = Message(
    "plot.film_of_others",
    en="{source} cannot be filmed: scikit-learn's estimators and others do not show their network between two epochs; "
    "hand in tasou.MLPClassifier, a Network or a Training",
    ja="{source} の学習は動画にできません。scikit-learn などの推定器は、エポックの間のネットワークを見せないからです。"
    "tasou.MLPClassifier、Network、Training のどれかを渡してください",
)

Array = NDArray[Any]


@dataclass(frozen=True)
class Shot:
    """The parameters as they were at the end of an epoch."""

    epoch: int
    theta: Array


def animate_training(
    source: Any,
    X: Any,
    y: Any,
    path: str | os.PathLike[str],
    *,
    epochs: int = 300,
    frames: int = 48,
    fps: float = 12,
    features: Sequence[int | str] | str = (0, 1),
    proba: bool = False,
    resolution: int = 120,
    dpi: float = 80,
    title: Text | None = None,
    loss_name: Text | None = None,
    lang: str | None = None,
) -> Path:
    """Train for ``epochs`` epochs and film the decision boundary beside the loss; returns the path of the film.

    Frames are close together at the beginning, where most happens. The file is written at the end, in one step.

    Parameters
    ----------
    source
        what is trained, in place: a `Training`, a `Network` (by gradient descent with its usual learning rate), or a
        classifier of tasou's that learns epoch by epoch (not with ``solver="lbfgs"``)
    X, y
        (n, d) rows and (n,) labels
    path
        where to write; .gif, .html (one page with play button and slider, nothing loaded from elsewhere), or .mp4
        (where ffmpeg is installed)
    epochs, frames, fps
        how long to train, into how many frames at most, and how many of them a second
    features, proba, resolution
        as for `decision_boundary`
    dpi
        80 makes frames of 880 by 400 pixels
    title, loss_name
        heading, and what the loss is: a text, or one for each language
    lang
        ``"en"`` or ``"ja"``; the language of the environment if None

    Raises
    ------
    TasouError
        the file cannot be written, ``source`` is no classifier or cannot be trained epoch by epoch, or X and y
        cannot be drawn; all this before the training begins
    DivergenceError
        the training left the finite numbers; nothing is written

    Examples
    --------
    >>> import tempfile
    >>> from tasou.network import Network
    >>> X, y = [[0.0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     film = animate_training(Network((2, 3, 2), rng=0), X, y, f"{folder}/xor.gif", epochs=3, dpi=30)
    ...     film.read_bytes()[:6]
    b'GIF89a'
    """
    target = _film.check_path(path)
    if epochs < 1 or frames < 1 or not fps > 0:
        raise TasouError(FRAMES, epochs=epochs, frames=frames, fps=fps)
    source = _trainable(source)
    classes_of(y)
    plane_through(X, features, None)
    shots = _train(source, X, y, epochs, _chosen_epochs(epochs, frames))
    with theme.lettering(lang) as lang:
        fig, names = _new_figure(in_language(title, lang)), in_language(loss_name, lang)
        look = {"features": features, "proba": proba, "resolution": resolution, "lang": lang}
        drawn = _draw(fig, source, X, y, shots, look, names, lang)
        _film.write(fig, drawn, target, fps, dpi, lang)
    return _film.Film(target)


def _trainable(source: Any) -> Any:
    """A network gets a training; a training and an estimator are taken as they are."""
    check_classifier(source)
    if hasattr(source, "partial_fit") and not hasattr(type(source), "network_"):
        raise TasouError(NOT_OURS, source=type(source).__name__)
    if hasattr(source, "partial_fit") or (hasattr(source, "run") and hasattr(source, "network")):
        return source
    if hasattr(source, "fit"):
        raise TasouError(NO_FILM, source=type(source).__name__)
    from tasou.training import Training

    return Training(network_of(source))


def _chosen_epochs(epochs: int, frames: int) -> set[int]:
    """The first epoch, the last, and those between, ever farther apart."""
    if frames == 1:
        return {epochs}
    return {1 + round((epochs - 1) * (k / (frames - 1)) ** 2) for k in range(frames)}


def _train(source: Any, X: Any, y: Any, epochs: int, chosen: set[int]) -> list[Shot]:
    """Train, and keep the parameters of the chosen epochs and of the last."""
    shots: list[Shot] = []
    if hasattr(source, "partial_fit"):
        _train_estimator(source, X, y, epochs, chosen, shots)
    else:
        _train_network(source, X, y, epochs, chosen, shots)
    if not shots:
        raise KeyboardInterrupt  # before anything was learnt
    return shots


def _train_network(training: Any, X: Any, y: Any, epochs: int, chosen: set[int], shots: list[Shot]) -> None:
    first = len(training.history)

    def look(training: Any) -> None:
        done = len(training.history)
        if done - first in chosen:
            shots.append(Shot(done, training.network.theta.copy()))

    training.callbacks.add(look)
    try:
        training.run(X, y, epochs=epochs)
    finally:
        training.callbacks.remove(look)
    done = len(training.history)
    if done > first and (not shots or shots[-1].epoch < done):  # it ended early
        shots.append(Shot(done, training.network.theta.copy()))


def _train_estimator(
    estimator: Any, X: Any, y: Any, epochs: int, chosen: set[int], shots: list[Shot]
) -> None:
    classes = np.unique(classes_of(y))
    for epoch in range(1, epochs + 1):
        estimator.partial_fit(X, y, classes=classes)
        if epoch in chosen:
            shots.append(Shot(len(losses_of(estimator)), network_of(estimator).theta.copy()))


def _new_figure(title: str | None) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure(figsize=(11, 5), layout="constrained")
    FigureCanvasAgg(fig)
    fig.subplots(1, 2)
    if title:
        fig.suptitle(title)
    return fig


def _draw(
    fig: Figure,
    source: Any,
    X: Any,
    y: Any,
    shots: list[Shot],
    look: Mapping[str, Any],
    loss_name: str | None,
    lang: Language,
) -> Iterator[str]:
    """Draw shot after shot into the same places, each time saying in words what is seen."""
    left, right = fig.axes
    losses, network = losses_of(history_of(source)), network_of(source)
    final = network.theta.copy()
    try:
        for k, shot in enumerate(shots):
            network.theta = shot.theta
            _wipe(left)
            _wipe(right)
            decision_boundary(source, X, y, ax=left, **look)
            loss_curve(losses[: shot.epoch], ax=right, lang=lang, loss_name=loss_name)
            right.set(xlim=(0, 1.03 * len(losses)), ylim=_heights(losses))
            if k == 0:  # find the places once, so that nothing moves but what changes
                fig.draw_without_rendering()
                fig.set_layout_engine("none")
            yield f"{right.get_title()} · {left.get_title()}"
    finally:
        network.theta = final


def _wipe(ax: Axes) -> None:
    """Take away what was plotted; to clear the axes whole would make all their ticks again, which takes longer."""
    for artist in (*ax.images, *ax.collections, *ax.lines):
        artist.remove()


def _heights(losses: Array) -> tuple[float, float]:
    """Room for the whole curve, which no negative loss needs below 0."""
    low, high = float(losses.min()), float(losses.max())
    margin = 0.06 * (high - low) or 1.0
    return (0.0 if low >= 0 else low - margin), high + margin
