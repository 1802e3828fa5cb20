"""Write a file wholly or not at all: a reader sees the old file or the new one, never half of either."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from tasou.errors import ModelFileError


def write_atomically(path: str | os.PathLike[str], chunks: Iterable[bytes | memoryview]) -> None:
    """Write ``chunks`` one after another to ``path``, replacing what was there in a single step.

    The bytes go to a hidden file in the same folder, are forced to the disk, and only then take the name.
    Permissions of a file already there are kept; a symbolic link goes on pointing at the new content.

    Raises
    ------
    ModelFileError
        the folder does not exist or cannot be written, the disk is full, ``path`` is a folder or a device;
        nothing is left behind and an older file is untouched
    """
    target = Path(os.path.realpath(path))
    temporary = target.parent / f".tasou-{secrets.token_hex(8)}.tmp"
    try:
        mode = _mode_to_keep(target)
        try:
            with open(temporary, "xb") as file:
                if mode is not None:
                    temporary.chmod(mode)
                file.writelines(chunks)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ModelFileError(f"cannot write {os.fspath(path)}: {error.strerror or error}") from error
    _sync_folder(target.parent)


def _mode_to_keep(target: Path) -> int | None:
    """The permissions of the file about to be replaced; OSError when it must not be."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(0, "it is a folder; name a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, "it is not a regular file")
    if not os.access(target, os.W_OK):
        raise PermissionError(0, "the file there is write-protected")
    return stat.S_IMODE(status.st_mode)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can do so."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
