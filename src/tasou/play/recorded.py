"""A training recorded from Python: trained as it would be, its parameters kept, and shown as one page in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tasou.language import language
from tasou.network import Network
from tasou.play.recording import MOST_BYTES, MOST_FRAMES, check_recordable, engine_of, page_of
from tasou.play.rows import Rows
from tasou.play.scoring import classes_of
from tasou.training import Training
from tasou.training.data import Batch, Data
from tasou.training.iterations import is_lbfgs
from tasou.training.page import Page

TITLE = {"en": "A recorded training", "ja": "学習の記録"}


def record(
    training: Training, X: Any, Y: Any, *, epochs: int = 100, rows: bool = True, lang: str | None = None
) -> Page:
    """Train for so many epochs as ``training.run`` does, and keep them on one page that needs no server.

    The page has a slider over the epochs, decision boundary, curves, network, and the calculation of any sample; its
    arithmetic is printed from the formulas. In a notebook it shows itself below the cell.

    Parameters
    ----------
    training
        of a network of dense layers; it goes on where it stands
    X, Y
        the rows, as ``training.run`` takes them
    epochs
        how many to make; of very many some are kept
    rows
        whether the page holds the rows of the data
    lang
        the language in which it opens; that of `tasou.language` if not given

    Raises
    ------
    TasouError
        other layers than dense ones, or a training that cannot be printed

    Examples
    --------
    >>> import tasou
    >>> X, y = tasou.datasets.make("moons", 60, rng=0)
    >>> training = tasou.Training(tasou.Network((2, 4, 2), rng=0), lr=0.5, rng=0)
    >>> page = tasou.record(training, X, y, epochs=20)
    >>> str(page)[:15], len(training.history)
    ('<!DOCTYPE html>', 20)
    """
    network, data = training.network, Data(training.network, X, Y)
    check_recordable(network)
    engine_of(training)  # refused before it trains, not after
    thetas, first = [network.theta.copy()], len(training.history)

    def keep(training: Training) -> None:
        thetas.append(training.network.theta.copy())

    training.callbacks.add(keep)
    try:
        training.run(data, None, epochs=epochs)
    finally:
        training.callbacks.remove(keep)
    kept = _thinned(len(thetas), network.theta.size)
    shown = _Shown(training, data, rows_of(network, data))
    curves = _curves(shown, thetas, training.history.loss[first:])
    here = network.theta.copy()
    try:
        network.theta = thetas[0]
        frames = np.array([thetas[k] for k in kept])
        text = page_of(shown, kept, frames, curves, seed=0, live=False, rows=rows, lang=language(lang))
    finally:
        network.theta = here
    return Page(text, TITLE[language(lang)])


def _thinned(n: int, size: int) -> list[int]:
    """Which of n epochs are kept, the first and the last among them."""
    most = max(2, min(MOST_FRAMES, MOST_BYTES // (8 * size)))
    return sorted(set(np.linspace(0, n - 1, min(n, most)).round().astype(int).tolist()))


def _curves(shown: _Shown, thetas: list[Any], losses: list[float]) -> list[list[float | None]]:
    """Loss and accuracy of every epoch; the accuracy where the rows have classes, after the epoch."""
    network, accuracy = shown.network, []
    if shown.rows.task == "classification":
        here = network.theta.copy()
        for theta in thetas[1:]:
            network.theta = theta
            right = classes_of(network, network.predict(shown.data.X)) == shown.rows.y
            accuracy.append(float(right.mean()))
        network.theta = here
    return [[float(loss), accuracy[k] if k < len(accuracy) else None, None] for k, loss in enumerate(losses)]


def rows_of(network: Network, data: Data) -> Rows:
    """Rows that were handed to a training, as the playground knows rows."""
    X, Y, K = data.X, data.Y, data.Y.shape[1]
    names = ("x",) if X.shape[1] == 1 else tuple(f"x{i + 1}" for i in range(X.shape[1]))
    if network.loss.targets in ("one_hot", "binary", "sign"):
        y = (
            Y.argmax(axis=1)
            if K > 1
            else (Y[:, 0] > (0 if network.loss.targets == "sign" else 0.5)).astype(int)
        )
        classes = tuple(map(str, range(max(K, 2))))
        return Rows("rows", TITLE, X, y, X[:0], y[:0], classes=classes, features=names)
    return Rows("rows", TITLE, X, Y[:, 0], X[:0], Y[:0, 0], "regression", features=names)


@dataclass
class _Shown:
    """What a page asks of a run, of a training that has no past."""

    training: Training
    data: Data
    rows: Rows

    @property
    def network(self) -> Network:
        return self.training.network

    @property
    def lr(self) -> float:
        return float(self.training.rate())

    @property
    def rates(self) -> list[tuple[int, float]]:
        return [(0, self.lr)]

    update = 0

    def preview(self, grad: Any) -> Any:
        if is_lbfgs(self.training.optimizer):  # its next iteration is not known; the page leaves updates out
            return self.network.theta
        return self.training.preview(grad)

    def coming(self) -> Batch:
        return self.data.batch(0, min(self.training.batch_size or self.data.n, self.data.n), None)
