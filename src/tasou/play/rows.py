"""The rows a playground learns from: where they come from, what they are called, which are held back to validate.

Whatever the source (a data set, clicked points, a table, digits), the rest sees `Rows`: X (n, d) in float64, y as
class numbers or as values, and the names to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tasou import datasets
from tasou.errors import TasouError
from tasou.formulas.losses import Loss
from tasou.language import LANGUAGES
from tasou.layers import Size
from tasou.messages import Message

Array = NDArray[Any]
Task = Literal["classification", "regression"]

FEW_POINTS = Message(
    "play.few_points",
    en="at least two points are needed, and of two classes: click on the plane to add some",
    ja="点は2つ以上、クラスは2種類以上必要です。平面をクリックして点を追加してください",
)
BAD_POINT = Message(
    "play.bad_point",
    en="point {row}: x1 and x2 must be finite numbers and the class a whole number from 0 to {most}",
    ja="点 {row}：x1 と x2 は有限の数、クラスは 0 から {most} までの整数にしてください",
)
TOO_MANY_POINTS = Message(
    "play.too_many_points",
    en="{n} points are more than the {most} that can be drawn: {what}",
    ja="点が {n} 個あります。上限は {most} 個です：{what}",
)
DATA = Message("kind.play_data", en="data of the playground", ja="プレイグラウンドのデータ")
OTHER_LOSS = Message(
    "play.other_loss",
    en="the loss {loss!r} does not suit {task} with {classes} classes; choose {fitting:names}",
    ja="損失 {loss!r} はこの課題（{task}、{classes} クラス）には使えません。{fitting:names} から選んでください",
)
SHARE = Message(
    "play.share",
    en="the share of rows to validate on must be at least 0 and below 1, not {share!r}",
    ja="検証に使う割合は0以上1未満にしてください（{share!r} は使えません）",
)

NO_OPTION = Message(
    "play.no_data_option",
    en="the data {name!r} cannot be made with {options:list}: {reason}",
    ja="データ {name!r} を {options:list} で作れません：{reason}",
)

MOST_POINTS, MOST_CLASSES = 5_000, 10
FIRST = ("spiral", "moons", "circles", "blobs", "xor")
"""the data sets that are shown first"""
FRESH = 1_000
"""added to the seed of a data set for the points that are only validated on"""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to learn from, and rows held back."""

    name: str
    title: Mapping[str, str]
    X: Array
    y: Array
    """class numbers (n,), or values (n,)"""
    held_X: Array
    held_y: Array
    task: Task = "classification"
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ("x1", "x2")
    image: tuple[int, int] | None = None
    """height and width, where a row is a picture"""
    notes: tuple[Any, ...] = field(default=())
    """sentences on how the rows were read"""
    shape: tuple[int, ...] | None = None
    """how a row is to be read, where it is a picture or a sequence to the layers, too"""
    steps: Callable[[Any], list[str]] | None = None
    """what stands at each step of a sequence, in words"""

    @property
    def n(self) -> int:
        """Rows to learn from."""
        return len(self.y)

    @property
    def reads(self) -> Size:
        """How the network is to read a row."""
        return self.shape or int(self.X.shape[1])

    def outputs(self, loss: Loss) -> int:
        """Units that the last layer needs under this loss."""
        if self.task == "regression" or loss.targets in ("sign", "binary"):
            return 1
        return 1 if loss.targets == "real" and len(self.classes) == 2 else len(self.classes)

    def targets(self, loss: Loss, y: Array) -> Array:
        """y as the loss wants it: class numbers, 0/1, -1/+1, one-hot rows or values."""
        if self.task == "regression" or loss.targets == "one_hot":
            return y
        if loss.targets == "sign":
            return 2.0 * y - 1
        if loss.targets == "binary" or self.outputs(loss) == 1:
            return y.astype(float)
        one_hot: Array = np.eye(len(self.classes))[y]
        return one_hot

    def losses(self) -> list[str]:
        """The losses that suit, the usual one first (lecture 4.3)."""
        if self.task == "regression":
            counts = bool(len(self.y)) and bool((self.y >= 0).all())
            return ["squared_error", "absolute_error", "huber", "log_cosh", "quantile", *["poisson"] * counts]
        if len(self.classes) == 2:
            return ["binary_cross_entropy", "cross_entropy", "squared_error", "perceptron"]
        return ["cross_entropy", "squared_error"]

    def check_loss(self, loss: str) -> None:
        """Raise `TasouError` where the loss is made for other targets."""
        if loss not in self.losses():
            raise TasouError(
                OTHER_LOSS, loss=loss, task=self.task, classes=len(self.classes), fitting=self.losses()
            )


def split(X: Array, y: Array, share: float, seed: int) -> tuple[Array, Array, Array, Array]:
    """Rows to learn from and rows held back, drawn at random from one seed; both keep their order."""
    if not 0 <= share < 1:
        raise TasouError(SHARE, share=share)
    held = np.zeros(len(y), np.bool_)
    held[np.random.default_rng(seed).permutation(len(y))[: int(share * len(y))]] = True
    return X[~held], y[~held], X[held], y[held]


# --- data sets of the library -------------------------------------------------------------------------------------


@cache
def plane_sets() -> tuple[str, ...]:
    """The data sets whose rows are points of the plane with a class."""
    names = [name for name in datasets.names() if _is_plane(name)]
    return tuple(sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name)))


def _is_plane(name: str) -> bool:
    try:
        X, y = datasets.make(name, 20)
    except (TypeError, ValueError):  # one that is not of points
        return False
    return np.shape(X) == (20, 2) and np.issubdtype(np.asarray(y).dtype, np.integer)


def data_set(
    name: str,
    *,
    n: int = 300,
    noise: float | None = None,
    seed: int = 0,
    held: int | None = None,
    **options: Any,
) -> Rows:
    """A data set of the plane; the points to validate on are fresh ones, so all ``n`` are learnt from."""
    if not isinstance(n, int) or n > MOST_POINTS:
        raise TasouError(TOO_MANY_POINTS, n=n, most=MOST_POINTS, what=name)
    made = datasets.make(name, n, noise=noise, rng=seed, **options)
    X, y = made
    fresh = n // 2 if held is None else held
    table = name in ("xor", "and_gate", "or_gate") and n == 4
    found = (
        datasets.make(name, fresh, noise=noise, rng=seed + FRESH, **options)
        if fresh >= 10 and not table
        else None
    )
    held_X, held_y = (X[:0], y[:0]) if found is None else tuple(found)
    classes = tuple(str(k) for k in range(int(y.max()) + 1))
    return Rows(name, dict(made.title), X, y, held_X, held_y, classes=classes)


# --- points of one's own ---------------------------------------------------------------------------------------------


def points(*, rows: Sequence[Sequence[float]] = (), held: float = 0.0, seed: int = 0) -> Rows:
    """Points that were clicked: [x1, x2, class]."""
    if len(rows) > MOST_POINTS:
        raise TasouError(TOO_MANY_POINTS, n=len(rows), most=MOST_POINTS, what=DATA)
    for i, row in enumerate(rows, start=1):
        if not _is_point(row):
            raise TasouError(BAD_POINT, row=i, most=MOST_CLASSES - 1)
    table = np.array(rows, float).reshape(-1, 3)
    y = table[:, 2].astype(np.int64)
    if len(np.unique(y)) < 2:
        raise TasouError(FEW_POINTS)
    X, kept, held_X, held_y = split(table[:, :2], y, held, seed)
    classes = tuple(str(k) for k in range(int(y.max()) + 1))
    title = {"en": "Points of your own", "ja": "自分で置いた点"}
    return Rows("points", title, X, kept, held_X, held_y, classes=classes)


def _is_point(row: Any) -> bool:
    if not isinstance(row, list | tuple) or len(row) != 3:
        return False
    if not all(isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < 1e9 for v in row):
        return False
    return float(row[2]).is_integer() and 0 <= row[2] < MOST_CLASSES


def told(sentence: Any) -> dict[str, str]:
    """A message, sentence or error in both languages, as the page wants it."""
    found = getattr(sentence, "sentence", sentence)
    return {lang: found.text(lang) for lang in LANGUAGES}
