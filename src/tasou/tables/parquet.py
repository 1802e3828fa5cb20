"""Parquet and Feather (Arrow) files, through whichever of pyarrow, Polars and pandas is installed."""

from __future__ import annotations

import importlib
import io
from importlib.util import find_spec
from typing import Any

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables import arrow, headings
from tasou.tables.table import Table

READERS = {
    "Parquet": {
        "pyarrow": "pyarrow.parquet:read_table",
        "polars": "polars:read_parquet",
        "pandas": "pandas:read_parquet",
    },
    "Feather": {"pyarrow": "pyarrow.feather:read_table", "polars": "polars:read_ipc"},
}
NEEDS = Message(
    "table.needs_parquet",
    en="{source}: reading {format} needs a library that is not installed: pip install tasou[parquet]",
    ja="{source}：{format} を読むライブラリがありません。pip install tasou[parquet] で入れてください",
)
DAMAGED = Message(
    "table.unreadable",
    en="{source} is not a readable {format} file: is it damaged, or cut off?",
    ja="{source} は {format} として読めません。壊れているか、途中で切れている可能性があります",
)


def parse(data: bytes, source: str = "the file", format: str = "Parquet") -> Table:
    """A table from the bytes of a Parquet or Feather file."""
    for library, reader in READERS[format].items():
        if find_spec(library):
            frame = _read(data, reader, source, format)
            return _table(frame, source) if library == "pyarrow" else Table.from_frame(frame, source=source)
    raise TableError(NEEDS, source=source, format=format)


def _table(frame: Any, source: str) -> Table:
    names, repeated = headings.numbered(frame.column_names)
    found = (column for _, column in arrow.columns(frame))
    table = Table(dict(zip(names, found, strict=True)), source=source)
    table.note_repeated(repeated)
    return table


def _read(data: bytes, reader: str, source: str, format: str) -> Any:
    module, _, function = reader.partition(":")
    read = getattr(importlib.import_module(module), function)
    try:
        return read(io.BytesIO(data))
    except Exception:  # each library has its own tree of errors for a damaged file
        raise TableError(DAMAGED, source=source, format=format) from None
