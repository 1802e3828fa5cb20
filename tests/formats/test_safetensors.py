"""The container: what is written is read, and every rule of the format is kept."""

import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tasou.errors import ModelFileError
from tasou.formats.header import DTYPES
from tasou.formats.safetensors import decode, encode, read, read_bytes, write

DTYPE = st.sampled_from([np.float64, np.float32, np.int64, np.uint8])
FINITE = {"allow_nan": False, "allow_infinity": False}
ARRAY = DTYPE.flatmap(
    lambda d: npst.arrays(
        d,
        npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
        elements=npst.from_dtype(np.dtype(d), **FINITE),
    )
)
TENSORS = st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_.]{0,9}", fullmatch=True), ARRAY, max_size=6)
METADATA = st.dictionaries(st.text(max_size=6), st.text(max_size=20), max_size=4)


def raw(header, body=b"", length=None):
    """The bytes of a file with any header at all."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return (len(text) if length is None else length).to_bytes(8, "little") + text + body


def entry(begin=0, end=16, shape=(2,), dtype="F64", **more):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end], **more}


@given(TENSORS, METADATA)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read(tensors, metadata):
    found, texts = decode(b"".join(encode(tensors, metadata)))
    assert texts == metadata
    assert found.keys() == tensors.keys()
    for name, array in tensors.items():
        assert found[name].dtype == array.dtype and found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()
        assert found[name].flags.writeable


def test_arrays_of_any_memory_order_and_byte_order(tmp_path):
    grid = np.arange(12.0).reshape(3, 4)
    write(tmp_path / "m", {"t": grid.T, "big": grid.astype(">f4"), "step": grid[:, ::2]}, {})
    tensors, _ = read(tmp_path / "m")
    np.testing.assert_array_equal(tensors["t"], grid.T)
    np.testing.assert_array_equal(tensors["big"], grid)
    np.testing.assert_array_equal(tensors["step"], grid[:, ::2])
    assert tensors["big"].dtype == np.float32


def test_every_array_lies_on_a_multiple_of_its_element_size():
    data = b"".join(encode({"a": np.ones(3, np.uint8), "b": np.ones(3, np.float32), "c": np.ones(1)}, {}))
    start = 8 + int.from_bytes(data[:8], "little")
    assert start % 8 == 0
    for line in json.loads(data[8:start]).values():
        if "dtype" in line:
            assert line["data_offsets"][0] % DTYPES[line["dtype"]].itemsize == 0


BODY = np.ones(2).tobytes()
BAD = {
    "empty": (b"", "too few"),
    "seven bytes": (b"\x08" * 7, "too few"),
    "a zip file": (b"PK\x03\x04" + b"\0" * 90, "not a model file"),
    "a pickle": (b"\x80\x04\x95\x10" + b"\0" * 90, "not a model file"),
    "length beyond the file": (raw({"a": entry()}, BODY, length=1 << 40), "not a model file"),
    "length not of 8": (raw({}, b"      ", length=7)[:15], "not a multiple of 8|not JSON"),
    "not JSON": (raw(b'{"a": oops}', BODY), "not JSON at byte 14"),
    "text after the object": (raw(b"{} {}"), "not JSON at byte 11"),
    "not UTF-8": (raw(b'{"\xff": 1}'), "not UTF-8 text at byte 10"),
    "a list": (raw(b'["a"]'), "not a model file"),
    "NaN in JSON": (raw(b'{"a": NaN}'), "NaN"),
    "lone surrogate": (raw(b'{"__metadata__": {"a": "\\ud800"}}'), "surrogate"),
    "deep nesting": (raw(b'{"a":' * 30000), "nested too deeply"),
    "huge number": (raw(b'{"a":' + b"9" * 5000 + b"}"), "at byte 8"),
    "duplicate array": (raw(b'{"a": 1, "a": 2}'), "'a' twice"),
    "duplicate field": (raw(b'{"a": {"dtype": "F64", "dtype": "F32"}}'), "'dtype' twice"),
    "metadata no texts": (raw({"__metadata__": {"a": 1}}), "named texts"),
    "metadata a list": (raw({"__metadata__": []}), "named texts"),
    "bad name": (raw({"../a": entry()}, BODY), "characters"),
    "entry a list": (raw({"a": []}, BODY), "needs dtype, shape and data_offsets"),
    "field missing": (raw({"a": {"dtype": "F64", "shape": [2]}}, BODY), "needs dtype"),
    "field too many": (raw({"a": entry(more=1)}, BODY), "nothing else"),
    "unknown dtype": (raw({"a": entry(dtype="BF16")}, BODY), "dtype 'BF16'"),
    "dtype a list": (raw({"a": entry(dtype=["F64"])}, BODY), "dtype"),
    "negative shape": (raw({"a": entry(shape=(-1, -2))}, BODY), "shape"),
    "true as a size": (raw({"a": entry(shape=(True, 2))}, BODY), "shape"),
    "float as a size": (raw({"a": entry(shape=(2.0,))}, BODY), "shape"),
    "too many dimensions": (raw({"a": entry(shape=(1,) * 8 + (2,))}, BODY), "shape"),
    "overflowing shape": (raw({"a": entry(0, 0, shape=(0, 1 << 62, 1 << 62))}), "shape"),
    "offsets reversed": (raw({"a": entry(16, 0)}, BODY), "data_offsets"),
    "one offset": (raw({"a": {"dtype": "U8", "shape": [], "data_offsets": [0]}}, BODY), "data_offsets"),
    "size and shape differ": (raw({"a": entry(shape=(3,))}, BODY), "16 bytes where shape"),
    "unaligned": (
        raw({"a": entry(0, 4, (1,), "F32"), "b": entry(4, 12, (1,))}, BODY[:12]),
        "not a multiple of 8",
    ),
    "hole": (
        raw({"a": entry(0, 8, (1,)), "b": entry(16, 24, (1,))}, BODY + BODY[:8]),
        "a hole before array 'b'",
    ),
    "hole at the start": (raw({"a": entry(8, 24)}, BODY + BODY[:8]), "a hole before array 'a'"),
    "overlap": (raw({"a": entry(0, 16), "b": entry(8, 16, (1,))}, BODY), "an overlap at array 'b'"),
    "cut off": (raw({"a": entry()}, BODY[:15]), "cut off"),
    "trailing byte": (raw({"a": entry()}, BODY + b"\0"), "1 bytes too many from byte 88 on"),
    "NaN": (raw({"a": entry()}, np.array([1, np.nan]).tobytes()), "holds nan at byte 80"),
    "inf": (raw({"a": entry()}, np.array([np.inf, 0]).tobytes()), "holds inf at byte 72"),
    "too many arrays": (raw({f"a{i}": 1 for i in range(4097)}), "4097 arrays"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_broken_file_is_refused_and_the_place_named(name, tmp_path):
    data, message = BAD[name]
    (tmp_path / "m").write_bytes(data)
    with pytest.raises(ModelFileError, match=message) as caught:
        read(tmp_path / "m")
    assert "byte" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nonfinite_numbers_only_where_asked(tmp_path):
    arrays = {"history.loss": np.array([1.0, np.nan]), "W": np.ones(1)}
    with pytest.raises(ModelFileError, match=r"history.loss.*nan at flat index 1"):
        write(tmp_path / "m", arrays, {})
    assert list(tmp_path.iterdir()) == []
    write(tmp_path / "m", arrays, {}, nonfinite=("history.",))
    with pytest.raises(ModelFileError, match="holds nan at byte"):
        read(tmp_path / "m")
    assert np.isnan(read(tmp_path / "m", nonfinite=("history.",))[0]["history.loss"][1])


@pytest.mark.parametrize(
    ("tensors", "metadata", "message"),
    [
        ({"a b": np.ones(1)}, {}, "called 'a b'"),
        ({"a": np.ones(1, np.complex64)}, {}, "complex64"),
        ({"a": np.array(["x"])}, {}, "dtype <U1"),
        ({"a": np.array([None])}, {}, "dtype object"),
        ({}, {"long": "x" * (1 << 25)}, "too large"),
        ({f"a{i}": np.ones(0) for i in range(4097)}, {}, "too large"),
    ],
)
def test_what_the_format_does_not_take_is_not_written(tensors, metadata, message, tmp_path):
    with pytest.raises(ModelFileError, match=message):
        write(tmp_path / "m", tensors, metadata)
    assert list(tmp_path.iterdir()) == []


SAMPLE = b"".join(
    encode(
        {"W1": np.linspace(-1, 1, 6).reshape(2, 3), "b1": np.ones(2, np.float32)},
        {"format": "tasou", "名": "値"},
    )
)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_no_damage_raises_anything_but_model_file_error(data):
    damaged = bytearray(SAMPLE[: data.draw(st.integers(0, len(SAMPLE)))] + data.draw(st.binary(max_size=4)))
    for _ in range(data.draw(st.integers(0, 4))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        tensors, metadata = decode(bytes(damaged))
    except ModelFileError as error:
        str(error).encode()
    else:  # what is accepted is a file: written again it means the same
        again = decode(b"".join(encode(tensors, metadata)))
        assert again[1] == metadata and again[0].keys() == tensors.keys()


def test_every_single_flipped_bit_of_the_header_is_survived():
    start = 8 + int.from_bytes(SAMPLE[:8], "little")
    for at in range(start):
        for bit in range(8):
            damaged = bytearray(SAMPLE)
            damaged[at] ^= 1 << bit
            try:
                decode(bytes(damaged))
            except ModelFileError:
                continue


def test_reading_what_is_no_file(tmp_path):
    with pytest.raises(ModelFileError, match="No such file"):
        read_bytes(tmp_path / "none")
    with pytest.raises(ModelFileError, match="is a folder"):
        read_bytes(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ModelFileError, match="not a file"):
            read_bytes(tmp_path / "pipe")
