"""Frames of other libraries, dicts and arrays as columns of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables import arrow
from tasou.tables.column import Array, Column

CANNOT_MAKE = Message(
    "table.cannot_make",
    en="a table cannot be made from {kind}: give a frame, a dict of columns, a list of dicts (one a row) or an array",
    ja="{kind} から表は作れません。データフレーム、列の辞書、行ごとの辞書のリスト、配列のどれかを渡してください",
)
ARRAY_SHAPE = Message(
    "table.array_shape",
    en="a table needs a 2-D or a structured array, not shape {shape}",
    ja="表には2次元の配列か構造化配列が必要です（形 {shape} は使えません）",
)
TWICE = Message(
    "table.frame_names_twice",
    en="the name {name!r} stands above several columns of the frame: rename all but one",
    ja="列名 {name!r} がデータフレームの複数の列に付いています。1つだけ残して名前を変えてください",
)


def columns(frame: Any) -> Iterator[tuple[str, Any]]:
    """(name, cells) of every column of a frame, a dict of columns, dicts of rows, a structured or a 2-D array."""
    if is_rows(frame):
        frame = of_rows(frame)
    if isinstance(frame, Mapping):
        yield from ((str(name), frame[name]) for name in frame)
    elif isinstance(frame, np.ndarray):
        yield from _array_columns(frame)
    elif hasattr(frame, "column_names"):  # Arrow
        yield from arrow.columns(frame)
    elif hasattr(frame, "columns"):  # pandas, Polars
        refuse_names_twice(frame.columns)
        yield from ((str(name), _series(frame[name])) for name in frame.columns)
    else:
        raise TableError(CANNOT_MAKE, kind=type(frame).__name__)


def is_rows(frame: Any) -> bool:
    """Whether it is a list of dicts, one for each row, as JSON has them.

    >>> is_rows([{"town": "Nara"}]), is_rows([["Nara"]]), is_rows([])
    (True, False, False)
    """
    return isinstance(frame, list | tuple) and bool(frame) and all(isinstance(row, Mapping) for row in frame)


def of_rows(rows: Sequence[Mapping[Any, Any]]) -> dict[str, list[Any]]:
    """Their columns in the order in which the names first stand; what a row does not name has no value in it.

    >>> of_rows([{"town": "Nara", "size": 3}, {"size": 4}])
    {'town': ['Nara', None], 'size': [3, 4]}
    """
    names = dict.fromkeys(name for row in rows for name in row)
    return {str(name): [row.get(name) for row in rows] for name in names}


def refuse_names_twice(names: Iterable[Any]) -> None:
    """Raise `TableError` where a name stands above several columns of a frame."""
    called = [str(name) for name in names]
    if len(set(called)) < len(called):
        raise TableError(TWICE, name=next(name for name in called if called.count(name) > 1))


def _series(series: Any) -> Any:
    """A column of pandas or Polars; integers stay exact where some are missing."""
    if hasattr(series, "is_null") and series.dtype.is_integer() and series.null_count():  # Polars
        return Column(series.fill_null(0).to_numpy(), series.is_null().to_numpy())
    kind = getattr(series.dtype, "kind", "")
    own = hasattr(series.dtype, "numpy_dtype")  # pandas' own types, which know missing values
    if kind in ("i", "u") and own and series.isna().any():
        return Column(series.fillna(0).to_numpy(series.dtype.numpy_dtype), series.isna().to_numpy())
    return series.to_numpy()


def _array_columns(array: Array) -> Iterator[tuple[str, Array]]:
    if array.dtype.names:
        yield from ((name, array[name]) for name in array.dtype.names)
    elif array.ndim == 2:
        yield from ((f"x{j}", array[:, j]) for j in range(array.shape[1]))
    else:
        raise TableError(ARRAY_SHAPE, shape=array.shape)
