"""The wire format of protocol buffers, as far as ONNX files need it: fields of numbers, texts and messages.

A message is a run of fields, each a key (number · 8 + wire type) and a value: a varint (0), four bytes (5), or a length
with so many bytes (2).

>>> field(1, 150).hex(), field(2, "testing").hex()
('089601', '120774657374696e67')
"""

from __future__ import annotations

import struct
from collections.abc import Iterable


def varint(number: int) -> bytes:
    """A whole number in groups of seven bits, the lowest first; negative ones as 64 bits.

    >>> varint(300).hex(), varint(-1).hex()
    ('ac02', 'ffffffffffffffffff01')
    """
    number &= (1 << 64) - 1
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def field(number: int, value: int | float | str | bytes) -> bytes:
    """One field: a whole number, a number of single precision, or a text or message with its length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def message(
    *fields: tuple[int, int | float | str | bytes | Iterable[int | float | str | bytes] | None],
) -> bytes:
    """Fields (number, value), a list of values being a repeated field; those that are None are left out."""
    parts = []
    for number, value in fields:
        if value is None:
            continue
        values = [value] if isinstance(value, int | float | str | bytes) else value
        parts += [field(number, one) for one in values]
    return b"".join(parts)
