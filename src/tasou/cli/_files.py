"""Files that a command writes: checked before the work begins, written wholly or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tasou.errors import TasouError
from tasou.formats.atomic import write_atomically


def check_output(path: str | None) -> None:
    """Raise `TasouError` where a file could not be written, before minutes are spent on what goes into it."""
    if path is None or path == "-":
        return
    target = Path(path)
    folder = target.parent
    if target.is_dir() or path.endswith(os.sep):
        raise TasouError(f"cannot write {path}: it is a folder; name a file in it")
    if not folder.exists():
        raise TasouError(f"cannot write {path}: there is no folder {folder}")
    if not folder.is_dir():
        raise TasouError(f"cannot write {path}: {folder} is no folder")
    if not os.access(target if target.exists() else folder, os.W_OK):
        raise TasouError(f"cannot write {path}: no permission to write there")


def write_text(path: str, text: str) -> None:
    """Write ``text`` as UTF-8 to ``path``, wholly or not at all."""
    write_atomically(path, [text.encode()])


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
