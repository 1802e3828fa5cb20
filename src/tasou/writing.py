"""Write a file wholly or not at all: a reader sees the old file or the new one, never half of either."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from tasou.errors import TasouError
from tasou.messages import Message, Said

CANNOT_WRITE = Message(
    "file.cannot_write",
    en="cannot write {path}: {reason}",
    ja="{path} に書き込めません：{reason}",
)
NO_NAME = Message("file.no_name", en="the name is empty", ja="名前が空です")
A_FOLDER = Message(
    "file.a_folder",
    en="it is a folder; name a file in it",
    ja="フォルダです。その中のファイル名を指定してください",
)
NO_STREAM = Message("file.no_stream", en="no permission to write to it", ja="書き込む権限がありません")
NO_FOLDER = Message("file.no_folder", en="there is no folder {folder}", ja="フォルダ {folder} がありません")
FILE_AS_FOLDER = Message(
    "file.file_as_folder",
    en="{folder} is a file, not a folder",
    ja="{folder} はファイルで、フォルダではありません",
)
PROTECTED = Message(
    "file.protected",
    en="the file there is write-protected",
    ja="既にあるファイルは書き込み禁止です",
)
IN_USE = Message(
    "file.in_use",
    en="another program has the file open; close it there and try again",
    ja="ほかのプログラムがこのファイルを開いています。閉じてからやり直してください",
)
FOLDER_PROTECTED = Message(
    "file.folder_protected",
    en="no permission to write in {folder}",
    ja="{folder} に書き込む権限がありません",
)


WINDOWS = os.name == "nt"
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.0)
"""seconds between the tries to rename a file that is open elsewhere"""


def check(path: str | os.PathLike[str]) -> None:
    """Raise `TasouError` where ``path`` could not be written, before minutes are spent on what goes into it.

    >>> check("results/")
    Traceback (most recent call last):
    ...
    tasou.errors.TasouError: cannot write results/: it is a folder; name a file in it
    """
    reason: Said | OSError | None
    try:
        reason = _obstacle(path)
    except OSError as error:
        reason = error
    if reason:
        raise TasouError(CANNOT_WRITE, path=path, reason=reason)


def _obstacle(path: str | os.PathLike[str]) -> Said | None:
    """Why ``path`` cannot be written, or nothing."""
    if not os.fspath(path):
        return NO_NAME
    if os.fspath(path).endswith(os.sep) or os.path.isdir(path):
        return A_FOLDER
    if _is_stream(path):
        return None if os.access(path, os.W_OK) else NO_STREAM
    target = Path(os.path.realpath(path))
    folder = target.parent
    if not folder.exists():
        return NO_FOLDER(folder=Path(path).parent)
    if not folder.is_dir():
        return FILE_AS_FOLDER(folder=Path(path).parent)
    if target.exists() and not os.access(target, os.W_OK):
        return PROTECTED
    return None if os.access(folder, os.W_OK | os.X_OK) else FOLDER_PROTECTED(folder=Path(path).parent)


def write(
    path: str | os.PathLike[str],
    chunks: Iterable[bytes | memoryview],
    *,
    error: type[TasouError] = TasouError,
) -> None:
    """Write ``chunks`` one after another to ``path``, replacing what was there in a single step.

    The bytes go to a hidden file in the same folder, are forced to the disk, and only then take the name.
    Permissions of a file already there are kept; a symbolic link goes on pointing at the new content. What is no
    file (``/dev/stdout``, a named pipe) cannot be replaced: the bytes are written into it.

    Raises
    ------
    TasouError
        (or the kind of it given as ``error``) the folder does not exist or cannot be written, the disk is full,
        ``path`` is a folder; nothing is left behind and an older file is untouched
    """
    try:
        if _is_stream(path):
            with open(path, "wb") as stream:
                stream.writelines(chunks)
        else:
            _replace(Path(os.path.realpath(path)), chunks)
    except OSError as reason:
        raise error(CANNOT_WRITE, path=path, reason=reason) from reason


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write ``text`` as UTF-8, like `write`."""
    write(path, [text.encode()])


class _Obstacle(OSError):
    """What stands in the way of a file, in words."""

    def __init__(self, reason: Message) -> None:
        super().__init__(0, reason.en)
        self.sentence = reason()


def _is_stream(path: str | os.PathLike[str]) -> bool:
    """Whether ``path`` is a device or a pipe."""
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _replace(target: Path, chunks: Iterable[bytes | memoryview]) -> None:
    mode = _mode_to_keep(target)
    temporary = target.parent / f".tasou-{secrets.token_hex(8)}.tmp"
    try:
        with open(temporary, "xb") as file:
            if mode is not None:
                temporary.chmod(mode)
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        _rename(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _rename(temporary: Path, target: Path) -> None:
    """Give the new file its name; Windows refuses that while a program (often just a virus scanner) has it open."""
    for pause in PAUSES:
        try:
            return os.replace(temporary, target)
        except PermissionError:
            if not WINDOWS:
                raise
            time.sleep(pause)
    raise _Obstacle(IN_USE)


def _mode_to_keep(target: Path) -> int | None:
    """The permissions of the file about to be replaced; OSError when it must not be."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise _Obstacle(A_FOLDER)
    if not os.access(target, os.W_OK):
        raise _Obstacle(PROTECTED)
    return stat.S_IMODE(mode)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can do so."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
