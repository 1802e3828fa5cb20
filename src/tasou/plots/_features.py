"""Two features of a table at a time: which they are, what they are called, the others held still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasou.errors import ShapeError, TasouError, UnknownName
from tasou.language import Language
from tasou.messages import Message
from tasou.plots import theme

NO_PLANE = Message(
    "plot.no_plane",
    en="a plane needs rows of two features or more, and X has the shape {shape}",
    ja="平面を描くには2つ以上の特徴量が必要ですが、X の形は {shape} です",
)
TWO_FEATURES = Message(
    "plot.two_features",
    en="features must be two, by index or name, not {features!r}",
    ja="features には、番号か名前で特徴量を2つ指定してください（{features!r} は使えません）",
)
DRAWN_AND_FIXED = Message(
    "plot.drawn_and_fixed",
    en="a feature that is drawn cannot be fixed, too",
    ja="描いている特徴量を同時に固定することはできません",
)
NOT_NUMERIC = Message(
    "plot.not_numeric",
    en="feature {name!r} is not numeric; choose two numeric features",
    ja="特徴量 {name!r} は数値ではありません。数値の特徴量を2つ選んでください",
)
FEATURE = Message("kind.feature", en="feature", ja="特徴量")
NO_FEATURE = Message(
    "plot.no_feature",
    en="there is no feature {feature}: X has {n}, counted from 0",
    ja="特徴量 {feature} はありません。X の特徴量は {n} 個で、0から数えます",
)


@dataclass(frozen=True)
class Plane:
    """The plane through two features of X (an array or a data frame), every other one at its usual value.

    The usual value is the median of a numeric feature and the most frequent value of any other, or the one that
    is ``fixed`` (by the feature's index).
    """

    X: Any
    names: list[str]
    pair: tuple[int, int]
    symbols: tuple[str, str]
    fixed: Mapping[int, Any] = field(default_factory=dict)

    @classmethod
    def through(
        cls,
        X: Any,
        features: Sequence[int | str],
        names: Sequence[str] | None = None,
        fixed: Mapping[int | str, Any] | None = None,
    ) -> Plane:
        """Find the two ``features`` of X, by index or name; an array has the ``names`` given, or x1, x2, …."""
        X = X.tocsc() if hasattr(X, "tocsc") else X if hasattr(X, "columns") else np.asarray(X)
        if len(X.shape) != 2 or X.shape[1] < 2:
            raise ShapeError(NO_PLANE, shape=X.shape)
        if len(features) != 2:
            raise TasouError(TWO_FEATURES, features=features)
        given = X.columns if hasattr(X, "columns") else names
        n = X.shape[1]
        known = [f"x{j}" for j in range(1, n + 1)] if given is None else [str(name) for name in given]
        first, second = (_index(feature, known) for feature in features)
        symbols = (
            [f"$x_{{{j}}}$" for j in range(1, n + 1)] if given is None else [theme.plain(k) for k in known]
        )
        still = {_index(feature, known): value for feature, value in (fixed or {}).items()}
        if {first, second} & set(still):
            raise TasouError(DRAWN_AND_FIXED)
        return cls(X, known, (first, second), (symbols[first], symbols[second]), still)

    def labels(self, lang: Language) -> tuple[str, str]:
        """What the axes are called: as the features are, in any language."""
        return self.symbols

    def points(self) -> NDArray[np.float64]:
        """The two features of every row, (n, 2)."""
        return np.column_stack([self._numbers(j) for j in self.pair])

    def at(self, points: NDArray[np.float64]) -> Any:
        """Rows like those of X with the two features at ``points``, of the same type as X."""
        if hasattr(self.X, "tocsr"):
            return self._sparse_at(points)
        columns = [self._filled(j, len(points)) for j in range(len(self.names))]
        for axis, j in enumerate(self.pair):
            columns[j] = points[:, axis]
        if isinstance(self.X, np.ndarray):
            return np.column_stack(columns).astype(np.result_type(self.X, np.float32), copy=False)
        return type(self.X)(dict(zip(self.X.columns, columns, strict=True)))

    def _sparse_at(self, points: NDArray[np.float64]) -> Any:
        """The same as a sparse matrix: of the features held still, those are stored that are not 0."""
        n, d = len(points), len(self.names)
        still = {j: self.fixed.get(j, np.median(self._column(j))) for j in range(d) if j not in self.pair}
        stored = sorted([*self.pair, *(j for j, value in still.items() if value)])
        rows = np.column_stack(
            [points[:, self.pair.index(j)] if j in self.pair else np.full(n, still[j]) for j in stored]
        )
        data = rows.astype(np.result_type(self.X.dtype, np.float32), copy=False).ravel()
        places = np.tile(stored, n), np.arange(0, len(data) + 1, len(stored))
        return type(self.X.tocsr()[:0])((data, *places), shape=(n, d))

    def _numbers(self, j: int) -> NDArray[np.float64]:
        try:
            return np.asarray(self._column(j), dtype=np.float64)
        except (TypeError, ValueError):
            raise TasouError(NOT_NUMERIC, name=self.names[j]) from None

    def _column(self, j: int) -> Any:
        if hasattr(self.X, "tocsc"):
            return self.X[:, [j]].toarray().ravel()
        return self.X[:, j] if isinstance(self.X, np.ndarray) else self.X[self.X.columns[j]]

    def _filled(self, j: int, n: int) -> Any:
        """A column of ``n`` times the fixed or usual value, in the type the table keeps it in."""
        column = self._column(j)
        values = np.asarray(column)
        if j in self.fixed:
            return np.full(n, self.fixed[j])
        if (
            getattr(getattr(column, "dtype", None), "kind", values.dtype.kind) in "iuf"
        ):  # nullable ones as well
            return np.full(n, np.nanmedian(values.astype(np.float64)))
        row = np.full(n, _most_frequent(values))
        return column.array[row] if hasattr(column, "array") else column[row]


def _most_frequent(values: NDArray[Any]) -> int:
    """The first row that holds the most frequent value."""
    text = values.astype(str)
    _, first, count = np.unique(text, return_index=True, return_counts=True)
    return int(first[np.argmax(count)])


def _index(feature: int | str, names: list[str]) -> int:
    if isinstance(feature, str):
        if feature not in names:
            raise UnknownName(FEATURE, feature, names)
        return names.index(feature)
    if not -len(names) <= feature < len(names):
        raise TasouError(NO_FEATURE, feature=feature, n=len(names))
    return int(feature) % len(names)
