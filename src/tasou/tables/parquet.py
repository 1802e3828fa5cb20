"""Parquet files, through whichever of pyarrow, Polars and pandas is installed."""

from __future__ import annotations

import importlib
import io
from importlib.util import find_spec
from typing import Any

from tasou.errors import TableError
from tasou.tables.table import Table

READERS = {
    "pyarrow": "pyarrow.parquet:read_table",
    "polars": "polars:read_parquet",
    "pandas": "pandas:read_parquet",
}


def parse(data: bytes, source: str = "the file") -> Table:
    """A table from the bytes of a Parquet file."""
    for library, reader in READERS.items():
        if find_spec(library):
            return Table.from_frame(_read(data, reader, source), source=source)
    raise TableError(
        f"{source}: reading Parquet needs a library that is not installed: pip install tasou[parquet]"
    )


def _read(data: bytes, reader: str, source: str) -> Any:
    module, _, function = reader.partition(":")
    read = getattr(importlib.import_module(module), function)
    try:
        return read(io.BytesIO(data))
    except Exception as error:  # each library has its own tree of errors for a damaged file
        raise TableError(
            f"{source} is not a readable Parquet file: {str(error).partition(chr(10))[0]}"
        ) from None
