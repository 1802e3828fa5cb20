"""A file is there wholly or not at all."""

import os
import stat
import sys

import pytest

from tasou.errors import ModelFileError, TasouError
from tasou.writing import check, write

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and links")


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_new_file_and_replaced_file(tmp_path):
    path = tmp_path / "モデル 1.tasou"
    write(path, [b"ab", memoryview(b"cd")])
    assert path.read_bytes() == b"abcd"
    write(str(path), [b"e"])
    assert path.read_bytes() == b"e"
    assert listing(tmp_path) == [path.name]


def test_failure_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "m"
    path.write_bytes(b"old")

    def chunks():
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(path, chunks())
    assert path.read_bytes() == b"old"
    assert listing(tmp_path) == ["m"]


def test_full_disk_is_one_clear_error(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TasouError, match=r"cannot write .*m: No space left on device"):
        write(tmp_path / "m", [b"x"])
    assert listing(tmp_path) == []


def test_the_kind_of_error_is_the_callers(tmp_path):
    with pytest.raises(ModelFileError, match="it is a folder"):
        write(tmp_path, [b"x"], error=ModelFileError)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_devices_are_written_into_and_never_replaced():
    check("/dev/full")
    with pytest.raises(TasouError, match="cannot write /dev/full: No space left on device"):
        write("/dev/full", [b"x"])
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_written_into(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        check(pipe)
        write(pipe, [b"ab", b"c"])
        assert os.read(reader, 9) == b"abc"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_could_not_be_written_is_said_beforehand(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for name, words in {
        "nowhere/a": "there is no folder .*nowhere",
        "file/a": ".*file is a file, not a folder",
        "folder": "it is a folder; name a file in it",
        f"x{os.sep}": "it is a folder; name a file in it",
        "n" * 300: "File name too long",
    }.items():
        with pytest.raises(TasouError, match=f"cannot write .*: {words}"):
            check(f"{tmp_path}/{name}")
    check(tmp_path / "file")
    check("new")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(TasouError, match="no permission to write in"):
        check(tmp_path / "new")
    with pytest.raises(TasouError, match="write-protected"):
        check(tmp_path / "file")
    monkeypatch.setattr(os, "access", lambda path, mode: not os.path.isdir(path))
    with pytest.raises(
        TasouError, match="no permission to write in"
    ):  # a file is replaced, so its folder counts
        check(tmp_path / "file")


def test_the_empty_name_is_no_file():
    with pytest.raises(TasouError, match="cannot write : the name is empty"):
        check("")


def test_folder_and_missing_folder(tmp_path):
    with pytest.raises(TasouError, match="it is a folder"):
        write(tmp_path, [b"x"])
    with pytest.raises(TasouError, match="No such file or directory"):
        write(tmp_path / "none" / "m", [b"x"])
    assert listing(tmp_path) == []


@posix
def test_permissions_are_kept_and_new_files_follow_the_umask(tmp_path):
    old = tmp_path / "old"
    old.write_bytes(b"")
    old.chmod(0o640)
    write(old, [b"x"])
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        write(tmp_path / "new", [b"x"])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anything")
def test_write_protected_file_is_left_alone(tmp_path):
    path = tmp_path / "m"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(TasouError, match="write-protected"):
        write(path, [b"x"])
    assert path.read_bytes() == b"old"


@posix
def test_symbolic_link_keeps_pointing(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write(tmp_path / "link", [b"new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
