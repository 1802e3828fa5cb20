"""The sealed model file: kind, description, arrays, checksum."""

import json

import numpy as np
import pytest

from tasou.errors import ModelFileError
from tasou.formats.model_file import read_model, write_model
from tasou.formats.safetensors import encode, read, write

MODEL = {"classes": ["犬", "猫"], "units": [2, 10, 3], "later": {"kept": True}}
ARRAYS = {"W1": np.linspace(-1, 1, 20).reshape(10, 2), "history.loss": np.array([1.0, np.nan])}


@pytest.fixture
def path(tmp_path):
    write_model(tmp_path / "m.tasou", "estimator", MODEL, ARRAYS)
    return tmp_path / "m.tasou"


def test_round_trip(path):
    found = read_model(path)
    assert (found.kind, found.model) == ("estimator", MODEL)
    np.testing.assert_array_equal(found.tensors["W1"], ARRAYS["W1"])
    assert np.isnan(found.tensors["history.loss"][1])


def test_same_model_same_bytes(path, tmp_path):
    write_model(tmp_path / "again", "estimator", MODEL, dict(reversed(ARRAYS.items())))
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_every_changed_byte_is_noticed(path):
    data = path.read_bytes()
    for at in range(len(data)):
        damaged = bytearray(data)
        damaged[at] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(ModelFileError):
            read_model(path)


def test_every_truncation_is_noticed(path):
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(ModelFileError, match=r"m\.tasou: "):
            read_model(path)


def rewritten(path, **changes):
    tensors, metadata = read(path, nonfinite=("",))
    metadata = {key: text for key, text in {**metadata, **changes}.items() if text is not None}
    write(path, tensors, metadata, nonfinite=("",))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": None}, "not a tasou model"),
        ({"format": "pt"}, "not a tasou model"),
        ({"schema": "2"}, "made by a newer tasou .*upgrade"),
        ({"schema": "²"}, "unreadable schema"),
        ({"schema": "9" * 99}, "unreadable schema"),
        ({"kind": None}, "lacks 'kind'"),
        ({"kind": "other"}, "checksum"),
        ({"sha256": "0" * 64}, "checksum"),
        ({"sha256": ""}, "checksum"),
    ],
)
def test_foreign_newer_and_changed_files(path, changes, message):
    rewritten(path, **changes)
    with pytest.raises(ModelFileError, match=message):
        read_model(path)


def test_a_sealed_description_that_is_no_object(tmp_path, monkeypatch):
    monkeypatch.setattr("tasou.formats.model_file.dump", lambda model: json.dumps([1]))
    write_model(tmp_path / "m", "estimator", {}, {})
    with pytest.raises(ModelFileError, match="not a JSON object"):
        read_model(tmp_path / "m")


@pytest.mark.parametrize("model", [{"a": np.nan}, {"a": object()}, {"a": float("inf")}])
def test_what_json_cannot_say_is_not_written(model, tmp_path):
    with pytest.raises(ModelFileError, match="cannot be stored"):
        write_model(tmp_path / "m", "estimator", model, {})
    assert list(tmp_path.iterdir()) == []


def test_nan_weights_are_not_written(tmp_path):
    with pytest.raises(ModelFileError, match="'W1' holds nan"):
        write_model(tmp_path / "m", "estimator", {}, {"W1": np.array([np.nan])})


def test_the_seal_cannot_be_forged_by_a_text_in_the_description(tmp_path):
    write_model(tmp_path / "m", "x", {"a": '"sha256":"' + "0" * 64 + '"'}, {"sha256": np.ones(1)})
    assert read_model(tmp_path / "m").model["a"].startswith('"sha256"')


def test_an_unsealed_file_of_another_program_is_told_apart(tmp_path):
    (tmp_path / "m").write_bytes(b"".join(encode({"W": np.ones(2)}, {"format": "pt"})))
    with pytest.raises(ModelFileError, match="but not a tasou model"):
        read_model(tmp_path / "m")
