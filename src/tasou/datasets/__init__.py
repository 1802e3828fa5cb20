"""Small data sets to learn with: points in the plane, drawn from a seed, one file each.

Every file has a ``title`` and a function ``points(n, rng, *, noise=…, …)``: a new data set is a new file.

>>> names()
['and_gate', 'blobs', 'circles', 'moons', 'or_gate', 'spiral', 'xor']
>>> X, y = make("xor", n=4)
>>> [(*row, label) for row, label in zip(X.astype(int).tolist(), y.tolist())]
[(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
"""

from __future__ import annotations

import importlib
import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import TasouError, UnknownName
from tasou.language import say
from tasou.messages import Message
from tasou.registry import names_in
from tasou.shown import fragment, html_table

DATA_SET = Message("kind.data_set", en="data set", ja="データセット")
NO_OPTION = Message(
    "data_set.no_option",
    en="data set {name!r} has no option {option!r}; it has {known:list}",
    ja="データセット {name!r} に指定 {option!r} はありません。あるものは {known:list} です",
)
CLASSES = Message(
    "data_set.classes",
    en="classes must be a whole number of at least 2, not {classes!r}",
    ja="classes は2以上の整数にしてください（{classes!r} は使えません）",
)
POINTS = Message(
    "data_set.points",
    en="the number of points must be whole and at least {classes}, one a class, not {n!r}",
    ja="点の数は {classes}以上の整数にしてください（1クラスに1点以上、{n!r} は使えません）",
)
NOISE = Message(
    "data_set.noise",
    en="noise must be a finite number of at least 0, not {noise!r}",
    ja="noise は0以上の有限の数にしてください（{noise!r} は使えません）",
)

NAMED = {"en": "{key}: {value}", "ja": "{key}：{value}"}
BETWEEN = {"en": ", ", "ja": "、"}
SHOWN = {
    "en": "{n} points; points of each class: {counts}. The first rows:",
    "ja": "{n}点。クラスごとの点の数：{counts}。最初の行：",
}
FIRST = 5
"""rows that a notebook shows"""

__all__ = ["Dataset", "make", "names"]

Points = tuple[NDArray[np.float64], NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Points X (n, 2) with their classes y (n,); unpacks as ``X, y``.

    >>> X, y = Dataset(np.zeros((5, 2)), np.zeros(5, np.int64), "none", {"en": "Nothing", "ja": "無"})
    >>> X.shape, y.shape
    ((5, 2), (5,))
    """

    X: NDArray[np.float64]
    y: NDArray[np.int64]
    name: str
    title: Mapping[str, str]

    def __iter__(self) -> Iterator[NDArray[Any]]:
        yield self.X
        yield self.y

    def __repr__(self) -> str:
        n, d = self.X.shape
        return f"Dataset({self.name!r}: X {n} × {d}, y {len(np.unique(self.y))} classes; X, y = … unpacks it)"

    def _repr_html_(self) -> str:
        n, d = self.X.shape
        labels, sizes = np.unique(self.y, return_counts=True)
        sized = (say(NAMED, key=label, value=size) for label, size in zip(labels, sizes, strict=True))
        counts = say(BETWEEN).join(sized)
        first = zip(self.X[:FIRST], self.y[:FIRST], strict=True)
        rows = [[i, *(f"{value:.4g}" for value in x), label] for i, (x, label) in enumerate(first, 1)]
        table = html_table(["", *(f"x_{j + 1}" for j in range(d)), "y"], rows, right=range(d + 2))
        return fragment(
            say(NAMED, key=self.name, value=say(self.title)),
            f"<p>{say(SHOWN, n=n, counts=counts)}</p>",
            table,
        )


@dataclass(frozen=True)
class Maker:
    """A data set as its file describes it: a title, the drawing function, and what can be set."""

    name: str
    title: Mapping[str, str]
    points: Callable[..., Points]
    options: Mapping[str, Any]


def names() -> list[str]:
    """All data sets there are, in alphabetical order."""
    return names_in(__name__)


def _maker(name: str) -> Maker:
    if name not in names():
        raise UnknownName(DATA_SET, name, names())
    module = importlib.import_module(f"{__name__}.{name}")
    arguments = inspect.signature(module.points).parameters.values()
    options = {p.name: p.default for p in arguments if p.kind is p.KEYWORD_ONLY}
    return Maker(name, module.title, module.points, options)


def make(
    name: str,
    n: int = 300,
    *,
    rng: int | np.random.Generator | None = 0,
    noise: float | None = None,
    **options: Any,
) -> Dataset:
    """Draw ``n`` points of the data set called ``name``: X float64 (n, 2), y int64 (n,) counting from 0.

    The classes take turns row by row, so they are as even as ``n`` allows and any stretch of rows is
    a fair batch.

    Parameters
    ----------
    name
        one of `names()`
    n
        number of points; ``n=4`` gives the gates and XOR as their truth tables
    rng
        a seed or a `numpy.random.Generator`; the same seed draws the same points
    noise
        standard deviation of the noise, in the units of X; ``None`` is what suits the data set
    **options
        what the data set's file offers further, e.g. ``classes`` of the spiral

    Raises
    ------
    UnknownName
        no data set is called so (the nearest name is suggested)
    TasouError
        ``n``, ``noise`` or an option cannot be used

    Examples
    --------
    >>> X, y = make("spiral")
    >>> X.shape, np.bincount(y).tolist()
    ((300, 2), [100, 100, 100])
    """
    maker = _maker(name)
    _check(maker, n, noise, options)
    if noise is not None:
        options["noise"] = float(noise)
    X, y = maker.points(index(n), np.random.default_rng(rng), **options)
    return Dataset(X, y, name, maker.title)


def _check(maker: Maker, n: int, noise: float | None, options: Mapping[str, Any]) -> None:
    for option in options:
        if option not in maker.options:
            raise TasouError(NO_OPTION, name=maker.name, option=option, known=sorted(maker.options))
    classes = options.get("classes", maker.options.get("classes", 2))
    if not _whole(classes) or classes < 2:
        raise TasouError(CLASSES, classes=classes)
    if not _whole(n) or n < classes:
        raise TasouError(POINTS, classes=classes, n=n)
    if noise is not None and not (math.isfinite(noise) and noise >= 0):
        raise TasouError(NOISE, noise=noise)


def _whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
