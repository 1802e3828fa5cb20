"""A file is there wholly or not at all."""

import os
import stat
import sys

import pytest

from tasou.errors import ModelFileError
from tasou.formats.atomic import write_atomically
from tasou.formats.safetensors import read_bytes

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and links")


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_new_file_and_replaced_file(tmp_path):
    path = tmp_path / "モデル 1.tasou"
    write_atomically(path, [b"ab", memoryview(b"cd")])
    assert path.read_bytes() == b"abcd"
    write_atomically(str(path), [b"e"])
    assert path.read_bytes() == b"e"
    assert listing(tmp_path) == [path.name]


def test_failure_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "m"
    path.write_bytes(b"old")

    def chunks():
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, chunks())
    assert path.read_bytes() == b"old"
    assert listing(tmp_path) == ["m"]


def test_full_disk_is_one_clear_error(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ModelFileError, match=r"cannot write .*m: No space left on device"):
        write_atomically(tmp_path / "m", [b"x"])
    assert listing(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_devices_are_never_replaced():
    with pytest.raises(ModelFileError, match="not a regular file"):
        write_atomically("/dev/full", [b"x"])
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_folder_and_missing_folder(tmp_path):
    with pytest.raises(ModelFileError, match="it is a folder"):
        write_atomically(tmp_path, [b"x"])
    with pytest.raises(ModelFileError, match="No such file or directory"):
        write_atomically(tmp_path / "none" / "m", [b"x"])
    assert listing(tmp_path) == []


@posix
def test_permissions_are_kept_and_new_files_follow_the_umask(tmp_path):
    old = tmp_path / "old"
    old.write_bytes(b"")
    old.chmod(0o640)
    write_atomically(old, [b"x"])
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new", [b"x"])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anything")
def test_write_protected_file_is_left_alone(tmp_path):
    path = tmp_path / "m"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(ModelFileError, match="write-protected"):
        write_atomically(path, [b"x"])
    assert path.read_bytes() == b"old"


@posix
def test_symbolic_link_keeps_pointing(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_atomically(tmp_path / "link", [b"new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_reading_what_is_no_file(tmp_path):
    with pytest.raises(ModelFileError, match="No such file"):
        read_bytes(tmp_path / "none")
    with pytest.raises(ModelFileError, match="is a folder"):
        read_bytes(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ModelFileError, match="not a file"):
            read_bytes(tmp_path / "pipe")
