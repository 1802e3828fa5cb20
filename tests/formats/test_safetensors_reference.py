"""Our reader and writer beside the reference implementation."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasou.errors import ModelFileError
from tasou.formats.safetensors import decode, encode, read, write

reference = pytest.importorskip("safetensors")
numpy_reference = pytest.importorskip("safetensors.numpy")

ARRAYS = {
    "W1": np.linspace(-1, 1, 6).reshape(2, 3),
    "b1": np.array([1, 2, 3], np.float32),
    "codes": np.array([[7]], np.int64),
    "mask": np.array([1, 0, 1], np.uint8),
    "none": np.zeros((0, 3)),
    "one": np.array(2.5),
}


def test_the_reference_reads_what_we_write(tmp_path):
    write(tmp_path / "m.tasou", ARRAYS, {"format": "tasou", "名前": "多層"})
    with reference.safe_open(tmp_path / "m.tasou", framework="numpy") as file:
        assert file.metadata() == {"format": "tasou", "名前": "多層"}
    found = numpy_reference.load_file(tmp_path / "m.tasou")
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_we_read_what_the_reference_writes(tmp_path):
    numpy_reference.save_file(ARRAYS, tmp_path / "m.safetensors", {"a": "犬"})
    found, metadata = read(tmp_path / "m.safetensors")
    assert metadata == {"a": "犬"}
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)


def test_the_bytes_are_the_reference_s_own():
    """Same order of arrays, same alignment: only the text of the header may differ."""
    arrays = {name: array for name, array in ARRAYS.items() if array.dtype != np.int64}
    ours = b"".join(encode(arrays, {"a": "b"}))
    theirs = numpy_reference.save(arrays, {"a": "b"})
    headers = []
    for data in (ours, theirs):
        start = 8 + int.from_bytes(data[:8], "little")
        headers.append((json.loads(data[8:start]), data[start:]))
    assert headers[0] == headers[1]


SAMPLE = b"".join(encode({name: ARRAYS[name] for name in ("W1", "b1", "mask")}, {"format": "tasou"}))


@given(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255), st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_whatever_we_accept_the_reference_accepts_and_reads_alike(at, byte, cut):
    damaged = bytearray(SAMPLE)
    damaged[at] = byte
    damaged = bytes(damaged[: len(damaged) - cut])
    try:
        ours, _ = decode(damaged, nonfinite=("",))
    except ModelFileError:
        return
    theirs = numpy_reference.load(damaged)
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert array.tobytes() == theirs[name].tobytes()
