"""Files written wholly or not at all, and why one could not be."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tasou.errors import TasouError


def check(target: Path) -> None:
    """`TasouError` where ``target`` could not be written."""
    try:
        reason = _obstacle(target)
    except OSError as error:
        reason = error.strerror or str(error)
    if reason:
        raise TasouError(f"cannot write {target}: {reason}")


def _obstacle(target: Path) -> str:
    """Why ``target`` cannot be written, or nothing."""
    folder = target.parent
    if not folder.exists():
        return f"there is no folder {folder}"
    if not folder.is_dir():
        return f"{folder} is a file, not a folder"
    if target.is_dir():
        return "it is a folder; name a file in it"
    return "" if os.access(folder, os.W_OK | os.X_OK) else f"no permission to write in {folder}"


def replace(target: Path, content: bytes) -> None:
    """Write beside the target, then take its name: a reader sees the old file or the new one."""
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise TasouError(f"cannot write {target}: {error.strerror or error}") from error
