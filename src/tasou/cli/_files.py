"""Files that a command writes, and its standard output."""

from __future__ import annotations

import os
import sys

from tasou import writing


def check_output(path: str | None) -> None:
    """Raise `TasouError` where a file could not be written, before minutes are spent on what goes into it."""
    if path is not None and path != "-":
        writing.check(path)


def write_to_standard_output(text: str) -> None:
    """Write ``text`` as UTF-8, all of it: an unbuffered stream may take only a part at a time."""
    rest = memoryview(text.encode())
    while rest:
        rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()


def size_of(path: str) -> str:
    """The size of a file, for people: ``"57 kB"``."""
    size = os.path.getsize(path)
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1e6:.1f} MB"
