"""The cells of one column of a text file, each kept as it stood, in a fraction of the memory that texts would take.

A plain number (`figures`) is its float64 and the number of its decimals; every other cell is its text, and equal texts
are kept once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.tables import figures
from tasou.tables.figures import WIDEST, Places

Codes = npt.NDArray[np.int32]
SEPARATOR = "\0"  # no cell of a text file holds it: a file with zero bytes is refused


@dataclass(frozen=True)
class Cells:
    """The cells of one column.

    Attributes
    ----------
    numbers
        (n,) the plain numbers; NaN where a cell is a text
    decimals
        (n,) how many decimals each plain number was written with
    rows
        (k,) which rows hold texts, ascending
    codes
        (k,) which of ``texts`` they hold
    texts
        the different texts, as they stood, in order of appearance
    """

    numbers: npt.NDArray[np.float64]
    decimals: npt.NDArray[np.int8]
    rows: Codes
    codes: Codes
    texts: list[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Cells:
        """The cells that say ``texts``.

        >>> cells = Cells.of(["1.50", "x", "007"])
        >>> cells.numbers, cells.texts, cells[0]
        (array([1.5, nan, nan]), ['x', '007'], '1.50')
        """
        builder = Builder()
        builder.add_texts(list(texts))
        return builder.cells()

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row: int) -> str:
        """The text of one cell."""
        row = range(len(self))[row]
        place = int(np.searchsorted(self.rows, row))
        if place < len(self.rows) and self.rows[place] == row:
            return self.texts[int(self.codes[place])]
        return figures.written(float(self.numbers[row]), int(self.decimals[row]))

    @property
    def all_plain(self) -> bool:
        """Whether no cell is a text."""
        return not len(self.rows)

    @property
    def plain(self) -> npt.NDArray[np.bool_]:
        """(n,) whether each cell is a plain number."""
        mask = np.ones(len(self), dtype=bool)
        mask[self.rows] = False
        return mask

    def set_apart(self, texts: Iterable[str]) -> Cells:
        """The same cells, but those that are written as one of these are texts, plain numbers too.

        >>> Cells.of(["-999", "5", "-999.0"]).set_apart(["-999"]).numbers
        array([   nan,    5., -999.])
        """
        codes, names = self.spread(np.arange(len(self.texts), dtype=np.int32), np.int32(-1)), list(self.texts)
        for text in sorted(texts):
            one = Cells.of([text])
            here = (self.numbers == one.numbers[0]) & (self.decimals == one.decimals[0]) & (codes < 0)
            if one.all_plain and here.any():
                codes[here] = len(names)
                names.append(text)
        if len(names) == len(self.texts):
            return self
        rows = np.flatnonzero(codes >= 0).astype(np.int32)
        return Cells(np.where(codes < 0, self.numbers, np.nan), self.decimals, rows, codes[rows], names)

    def spread(self, values: npt.NDArray[Any], other: object) -> npt.NDArray[Any]:
        """(n,) for rows with a text the one of ``values`` (one per text) that belongs to it, elsewhere ``other``."""
        found = np.full(len(self), other, dtype=values.dtype)
        found[self.rows] = values[self.codes]
        return found

    def take(self, rows: npt.NDArray[Any]) -> Cells:
        """Some rows only, by index or mask; texts that none of them holds are forgotten."""
        if rows.dtype == np.bool_:
            rows = np.flatnonzero(rows)
        if len(rows) and rows[-1] - rows[0] + 1 == len(rows) and (rows[1:] - rows[:-1] == 1).all():
            return self._stretch(int(rows[0]), int(rows[-1]) + 1)
        numbers = self.numbers[rows]
        codes = self.spread(np.arange(len(self.texts), dtype=np.int32), np.int32(-1))[rows]
        places = np.flatnonzero(codes >= 0).astype(np.int32)
        return Cells(numbers, self.decimals[rows], places, *self._used(codes[places]))

    def _stretch(self, start: int, end: int) -> Cells:
        """The rows from ``start`` to before ``end``, without a look at the others."""
        first, last = np.searchsorted(self.rows, [start, end])
        places = self.rows[first:last] - np.int32(start)
        used = self._used(self.codes[first:last])
        return Cells(self.numbers[start:end], self.decimals[start:end], places, *used)

    def _used(self, codes: Codes) -> tuple[Codes, list[str]]:
        """The codes among the texts that are used, and these texts."""
        used, inverse = np.unique(codes, return_inverse=True)
        return inverse.astype(np.int32), [self.texts[code] for code in used.tolist()]

    def written(self) -> list[str]:
        """(n,) the text of every cell."""
        pairs = zip(self.numbers.tolist(), self.decimals.tolist(), strict=True)
        if self.all_plain:
            return [figures.written(value, decimals) for value, decimals in pairs]
        texts, place = self.texts, self.spread(np.arange(len(self.texts), dtype=np.int32), np.int32(-1))
        return [
            texts[code] if code >= 0 else figures.written(value, decimals)
            for code, (value, decimals) in zip(place.tolist(), pairs, strict=True)
        ]

    def distinct(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        """The different cells as they stood, and for every row which of them it holds."""
        plain = self.plain
        values, codes = np.unique(self.numbers[plain], return_inverse=True)
        spellings, codes = np.unique(codes * 32 + self.decimals[plain], return_inverse=True)
        spelled = zip(values[spellings // 32].tolist(), (spellings % 32).tolist(), strict=True)
        found = [figures.written(value, decimals) for value, decimals in spelled]
        all_codes = np.empty(len(self), dtype=np.int64)
        all_codes[plain] = codes
        all_codes[self.rows] = self.codes.astype(np.int64) + len(found)
        return found + self.texts, all_codes


@dataclass
class Builder:
    """Puts a column together block by block."""

    _numbers: list[npt.NDArray[np.float64]] = field(default_factory=list)
    _decimals: list[npt.NDArray[np.int8]] = field(default_factory=list)
    _rows: list[Codes] = field(default_factory=list)
    _codes: list[Codes] = field(default_factory=list)
    _known: dict[bytes, int] = field(default_factory=dict)
    _count: int = 0

    def __len__(self) -> int:
        return self._count

    def add(self, data: bytes, starts: Places, lengths: Places) -> None:
        """The cells of UTF-8 text that begin at ``starts``; the data go on for `WIDEST` bytes behind them."""
        values, decimals, plain = figures.parse(np.frombuffer(data, np.uint8), starts, lengths)
        if not plain.all():
            others = np.flatnonzero(~plain)
            ends = (starts + lengths)[others].tolist()
            known = self._known
            codes = [
                known.setdefault(data[start:end], len(known))
                for start, end in zip(starts[others].tolist(), ends, strict=True)
            ]
            self._rows.append((others + self._count).astype(np.int32))
            self._codes.append(np.array(codes, dtype=np.int32))
        self._numbers.append(values)
        self._decimals.append(decimals)
        self._count += len(values)

    def add_texts(self, texts: Sequence[str]) -> None:
        """Some cells as texts."""
        if not texts:
            return
        joined = SEPARATOR.join(texts)
        if joined.count(SEPARATOR) >= len(texts) or not _encodable(joined):  # none of this is from a file
            self._add_strange(texts)
            return
        self.add(*laid_out(joined))

    def _add_strange(self, texts: Sequence[str]) -> None:
        codes = [self._known.setdefault(_bytes(text), len(self._known)) for text in texts]
        self._numbers.append(np.full(len(texts), np.nan))
        self._decimals.append(np.zeros(len(texts), np.int8))
        self._rows.append(np.arange(self._count, self._count + len(texts), dtype=np.int32))
        self._codes.append(np.array(codes, dtype=np.int32))
        self._count += len(texts)

    def cells(self) -> Cells:
        """The whole column."""
        return Cells(
            _joined(self._numbers, np.float64),
            _joined(self._decimals, np.int8),
            _joined(self._rows, np.int32),
            _joined(self._codes, np.int32),
            [text.decode("utf-8", "surrogatepass") for text in self._known],
        )


def laid_out(joined: str) -> tuple[bytes, Places, Places]:
    """Texts joined by `SEPARATOR` as UTF-8, and where in it each begins and how long it is."""
    data = joined.encode() + SEPARATOR.encode()
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 0).astype(np.int32)
    starts = np.concatenate([np.zeros(1, np.int32), ends[:-1] + np.int32(1)])
    return data + bytes(WIDEST), starts, ends - starts


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character
        return False
    return True


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _joined(parts: list[npt.NDArray[Any]], dtype: Any) -> npt.NDArray[Any]:
    joined = np.concatenate(parts) if parts else np.empty(0, dtype)
    parts.clear()
    return joined.astype(dtype, copy=False)
