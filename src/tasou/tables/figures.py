"""Plain numbers out of bytes, all cells of a block at once; what is not plain is left to whoever reads texts.

A cell is plain if it is ASCII digits with an optional minus sign and an optional decimal point between digits, has no
leading zero that its value would lose (``007``), and is told exactly by its value and the number of its decimals: the
cell is then ``f"{value:.{decimals}f}"`` again. Nobody doubts what such a cell means, and nothing of it is forgotten.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int32]

WIDEST = 24
"""longer cells are not looked at; a buffer must have as many bytes beyond its last cell"""
EXACT = 15
"""decimal digits that a float64 always keeps"""
_LONGEST = 18  # digits that fit into an int64
_MOST_DECIMALS = 22  # a larger power of ten is no float64
_POWERS = np.array([float(f"1e{k}") for k in range(_MOST_DECIMALS + 1)], dtype=np.float64)  # exact everywhere
_DOUBT = 1e-6
_ZERO, _MINUS, _POINT = b"0-."


class Figures(NamedTuple):
    """For each cell its number, the number of decimals it is written with, and whether it is plain at all."""

    values: npt.NDArray[np.float64]
    decimals: npt.NDArray[np.int8]
    plain: npt.NDArray[np.bool_]


def parse(buffer: Bytes, starts: Places, lengths: Places) -> Figures:
    """The numbers of the cells that begin at ``starts`` of ``buffer`` (which goes on for `WIDEST` bytes behind them).

    A mantissa of at most 15 digits and a power of ten of at most 22 are exact in float64, so that their quotient is the
    nearest float64; for up to 18 digits see `_long`.

    >>> line = np.frombuffer(b"12.50,007,-3" + bytes(WIDEST), np.uint8)
    >>> parse(line, np.array([0, 6, 10]), np.array([5, 3, 2]))
    Figures(values=array([12.5,  nan, -3. ]), decimals=array([2, 0, 0], dtype=int8), plain=array([ True, False, True]))
    """
    width = min(int(lengths.max(initial=1)), WIDEST)
    windows = np.lib.stride_tricks.sliding_window_view(buffer, max(width, 2))
    letters = np.ascontiguousarray(windows[starts].T)  # (width, n): the bytes at one place of all cells
    inside = np.arange(len(letters), dtype=np.int32)[:, None] < lengths
    digits = letters - np.uint8(_ZERO)  # other letters wrap to 10 and more
    is_digit = (digits < 10) & inside
    is_point = (letters == _POINT) & inside
    minus = letters[0] == _MINUS
    n_digits, points = is_digit.sum(axis=0, dtype=np.int8), is_point.sum(axis=0, dtype=np.int8)
    decimals = _decimals(is_digit, is_point)
    plain = (n_digits + points + minus == lengths) & (points <= 1) & (n_digits > 0)
    plain &= decimals <= _MOST_DECIMALS
    plain &= (points == 0) | ((decimals > 0) & (decimals < n_digits))
    plain &= ~_leading_zero(digits, is_digit, minus)
    mantissa = np.zeros(len(starts), np.int64)
    for figure, here in zip(digits, is_digit, strict=True):
        mantissa = np.where(here, mantissa * 10 + figure, mantissa)
    plain &= ~minus | (mantissa > 0)  # a zero with a sign
    values: npt.NDArray[Any] = mantissa / _POWERS[np.where(plain, decimals, 0)]
    if (long := np.flatnonzero(plain & (n_digits > EXACT))).size:
        first = np.argmax((digits[:, long] > 0) & is_digit[:, long], axis=0)  # zeros in front do not count
        significant = lengths[long] - first - (points[long] > 0) * (first < lengths[long] - decimals[long])
        plain[long] = significant <= _LONGEST
        long = long[plain[long]]
        values[long], plain[long] = _long(mantissa[long], decimals[long])
    np.negative(values, out=values, where=minus)
    values[~plain] = np.nan
    return Figures(values, decimals, plain)


def _long(
    mantissa: npt.NDArray[np.int64], decimals: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The float64 nearest to mantissa / 10^decimals, and whether it is written as that with so many decimals.

    Both are worked out with twice the digits of a float64 (a value and its rest). Where that leaves a doubt, the number
    lies halfway between two others, and the cell is left to be a text.
    """
    power: npt.NDArray[np.float64] = _POWERS[decimals]
    high = mantissa.astype(np.float64)
    low = (mantissa - high.astype(np.int64)).astype(np.float64)
    quotient = high / power
    product, rest = _product(quotient, power)
    correction = ((high - product) - rest + low) / power
    value = quotient + correction
    left = correction - (value - quotient)
    halfway = np.abs(np.abs(left) / np.spacing(np.maximum(value, 1e-300)) - 0.5) < _DOUBT
    product, rest = _product(value, power)
    off = np.abs((product - high) + (rest - low))
    return value, ~halfway & (off < 0.5 - _DOUBT)


def _product(
    a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """a b, rounded, and the rest that rounding cut off (T. J. Dekker, 1971)."""
    product = a * b
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    return product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2


def _halves(a: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The upper and the lower 26 bits of a."""
    scaled = 134217729.0 * a  # 2^27 + 1
    upper = scaled - (scaled - a)
    return upper, a - upper


def _decimals(is_digit: npt.NDArray[np.bool_], is_point: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    """How many digits stand behind the point."""
    behind = np.zeros(is_digit.shape[1], dtype=bool)
    count = np.zeros(is_digit.shape[1], dtype=np.int8)
    for digit, point in zip(
        is_digit, is_point, strict=True
    ):  # row by row: accumulate takes ten times as long
        behind |= point
        count += behind & digit
    return count


def _leading_zero(
    digits: Bytes, is_digit: npt.NDArray[np.bool_], minus: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Whether a cell begins with a zero and another digit, behind its sign."""
    found: npt.NDArray[np.bool_] = (digits[0] == 0) & is_digit[1]
    if len(digits) >= 3:
        found |= minus & (digits[1] == 0) & is_digit[1] & is_digit[2]
    return found


def written(value: float, decimals: int) -> str:
    """A plain cell as it stood.

    >>> written(12.5, 2)
    '12.50'
    """
    return f"{value:.{decimals}f}"
