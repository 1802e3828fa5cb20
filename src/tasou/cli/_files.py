"""Files that a command writes, and its standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from tasou import writing
from tasou.errors import TasouError


def check_outputs(*outputs: str | None, inputs: Iterable[str]) -> None:
    """Raise `TasouError` where a file could not be written, or would take the place of one that is read or written too.

    This comes first, before minutes are spent on what goes into the files.
    """
    taken = {os.path.realpath(path): "reads" for path in inputs if path != "-"}
    for path in (path for path in outputs if path is not None):
        writing.check(path)
        place = os.path.realpath(path)
        if place in taken and (os.path.isfile(path) or not os.path.exists(path)):
            raise TasouError(
                f"cannot write {path}: this command {taken[place]} that file already; choose another name"
            )
        taken[place] = "writes"


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
