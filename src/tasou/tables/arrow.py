"""Columns of Arrow tables, which Parquet and Feather files are read into: integers, dates, texts, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tasou.tables.cells import Cells
from tasou.tables.column import Column


def columns(table: Any) -> Iterator[tuple[str, Column]]:
    """(name, column) of every column of a `pyarrow.Table`."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        yield name, _column(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0))


def _column(array: Any) -> Column:
    from pyarrow import types

    kind = array.type
    if types.is_dictionary(kind):
        array = array.dictionary_decode()
        kind = array.type
    if types.is_string(kind) or types.is_large_string(kind):
        return _texts(array)
    if types.is_integer(kind) and array.null_count:
        return Column(array.fill_null(0).to_numpy(), np.asarray(array.is_null()))
    if types.is_timestamp(kind) and kind.tz is not None:
        array = _wall_clock(array)
    plain = (
        types.is_integer(kind) or types.is_floating(kind) or types.is_timestamp(kind) or types.is_date(kind)
    )
    if plain or (types.is_boolean(kind) and not array.null_count):
        return Column(array.to_numpy(zero_copy_only=False))
    return Column(Cells.of("" if cell is None else str(cell) for cell in array.to_pylist()))


def _texts(array: Any) -> Column:
    """Texts, each different one looked at once."""
    coded = array.dictionary_encode(null_encoding="encode")
    texts = Cells.of(text or "" for text in coded.dictionary.to_pylist())
    return Column(texts.take(coded.indices.to_numpy().astype(np.int64)))


def _wall_clock(array: Any) -> Any:
    """Moments with a time zone as a clock there shows them, where the machine knows the zone."""
    import pyarrow
    from pyarrow import compute

    try:
        return compute.local_timestamp(array)
    except pyarrow.ArrowInvalid:  # no such zone here
        return array.cast(pyarrow.timestamp(array.type.unit))
