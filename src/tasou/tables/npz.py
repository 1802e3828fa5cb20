"""NPZ archives of arrays: ``X`` and ``y``, or one named array per column. Pickles are never opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping

import numpy as np

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables.column import Array
from tasou.tables.table import Table

NO_NPZ = Message(
    "table.no_npz",
    en="{source} is not an NPZ file: numpy.savez makes one from arrays X and y",
    ja="{source} は NPZ ファイルではありません。numpy.savez を使うと、配列 X と y から作れます",
)
NOT_PLAIN = Message(
    "table.npz_not_plain",
    en="{source} is not an NPZ file of plain arrays: {reason}",
    ja="{source} は普通の配列だけの NPZ ファイルではありません：{reason}",
)
EMPTY_NPZ = Message(
    "table.npz_empty",
    en="{source} is empty: an NPZ file needs arrays X and y, or one array per column",
    ja="{source} は空です。NPZ ファイルには、配列 X と y か、列ごとに1つの配列が必要です",
)
SINGLE = Message(
    "table.npz_single",
    en="{source}: array {name!r} is a single value, not one per row",
    ja="{source}：配列 {name!r} は行ごとの値ではなく、1つの値です",
)


def parse(data: bytes, source: str = "the archive") -> Table:
    """A table from the bytes of an NPZ file.

    A 2-D array ``X`` becomes columns ``x0``, ``x1``, …; arrays of more dimensions (images) are flattened row by row.
    """
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise TableError(NO_NPZ, source=source)
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, KeyError) as error:
        raise TableError(NOT_PLAIN, source=source, reason=_first_line(error)) from None
    columns = dict(_columns(arrays, source))
    if not columns or not any(len(column) for column in columns.values()):
        raise TableError(EMPTY_NPZ, source=source)
    return Table(columns, source=source)


def _columns(arrays: Mapping[str, Array], source: str) -> Iterator[tuple[str, Array]]:
    for name, array in arrays.items():
        if array.ndim == 0:
            raise TableError(SINGLE, source=source, name=name)
        flat = array.reshape(len(array), -1) if array.size else array.reshape(len(array), 0)
        if array.ndim == 1 or (flat.shape[1] == 1 and name != "X"):
            yield name, flat.ravel()
        else:
            yield from ((f"{name.lower()}{j}", flat[:, j]) for j in range(flat.shape[1]))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].partition(";")[0]
