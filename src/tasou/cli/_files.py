"""Files that a command writes, and its standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from tasou import writing
from tasou.errors import TasouError
from tasou.messages import Message

READ_ALREADY = Message(
    "command.read_already",
    en="this command reads that file already; choose another name",
    ja="このコマンドがそのファイルを読んでいます。別の名前にしてください",
)
WRITTEN_ALREADY = Message(
    "command.written_already",
    en="this command writes that file already; choose another name",
    ja="このコマンドがそのファイルにほかのものを書きます。別の名前にしてください",
)


def check_outputs(*outputs: str | None, inputs: Iterable[str]) -> None:
    """Raise `TasouError` where a file could not be written, or would take the place of one that is read or written too.

    This comes first, before minutes are spent on what goes into the files.
    """
    taken = {os.path.realpath(path): READ_ALREADY for path in inputs if path != "-"}
    for path in (path for path in outputs if path is not None):
        writing.check(path)
        place = os.path.realpath(path)
        if place in taken and (os.path.isfile(path) or not os.path.exists(path)):
            raise TasouError(writing.CANNOT_WRITE, path=path, reason=taken[place])
        taken[place] = WRITTEN_ALREADY


def write_to_standard_output(chunks: Iterable[bytes]) -> None:
    """Write ``chunks``, all of them: an unbuffered stream may take only a part at a time."""
    for chunk in chunks:
        rest = memoryview(chunk)
        while rest:
            rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()


def size_of(path: str) -> str:
    """The size of a file, for people: ``"57 kB"``."""
    size = os.path.getsize(path)
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1e6:.1f} MB"
