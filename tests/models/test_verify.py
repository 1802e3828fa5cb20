"""A model file can be tried on another machine: made-up rows and their answers lie in it."""

import json

import numpy as np
import pytest

import tasou
from tasou.cli import main
from tasou.errors import ModelFileError
from tasou.formats.model_file import read_model, write_model
from tasou.models.table_model import TableModel
from tasou.models.verify import verify
from tasou.network import Network
from tasou.tables import Table, infer

SECRET = 123.456789


@pytest.fixture(scope="module")
def table_model():
    x = np.linspace(-1, 1, 60)
    x[7] = SECRET
    day = np.datetime64("2024-01-01") + np.arange(60)
    cells = {
        "x": x,
        "day": day,
        "kind": np.array(["a", "b", "ü"] * 20),
        "y": np.where(x > 0, "right", "left"),
    }
    table = Table(cells)
    return TableModel.fit(table, infer(table, "y"))


def change(path, value):
    """Another bias of the last layer in the file, sealed anew."""
    contents = read_model(path)
    tensors = {key: np.array(array) for key, array in contents.tensors.items()}
    tensors[max(name for name in tensors if name.startswith("b"))].flat[0] += value
    write_model(path, contents.kind, dict(contents.model), tensors)


def test_a_table_model_predicts_the_same_here(table_model, tmp_path):
    tasou.save(table_model, tmp_path / "m.tasou")
    found = verify(tmp_path / "m.tasou")
    assert found.exact and found.rows == 12 and found.made_with == tasou.__version__


def test_a_weight_that_has_changed_is_noticed(table_model, tmp_path, capsys):
    path = tmp_path / "m.tasou"
    tasou.save(table_model, path)
    change(path, 0.5)
    assert not verify(path).same
    assert main(["verify", str(path), "--lang", "en"]) == 1
    assert "NOT the same" in capsys.readouterr().out


def test_no_training_row_is_in_the_file(table_model, tmp_path):
    """Not the value that one row alone had, beyond what medians and ends of ranges say."""
    tasou.save(table_model, tmp_path / "m.tasou")
    rows = read_model(tmp_path / "m.tasou").model["made_up"]["rows"]
    assert set(rows) == {"x", "day", "kind"}
    assert str(SECRET) not in json.dumps(rows)
    assert "" in rows["kind"] and any("never" in text for text in rows["kind"])


@pytest.mark.parametrize("model", ["classifier", "network"])
def test_estimators_and_networks_are_verified_too(model, tmp_path, capsys):
    X, y = np.random.default_rng(0).normal(size=(30, 3)), np.arange(30) % 3
    found = tasou.SoftmaxRegression().fit(X, y) if model == "classifier" else Network((3, 4, 2), rng=0)
    tasou.save(found, tmp_path / "m.tasou")
    assert main(["verify", str(tmp_path / "m.tasou"), "--lang", "en"]) == 0
    assert "the same to the last bit" in capsys.readouterr().out


def test_an_older_file_says_that_it_holds_none(table_model, tmp_path, capsys):
    path = tmp_path / "m.tasou"
    tasou.save(table_model, path)
    contents = read_model(path)
    older = {key: value for key, value in contents.model.items() if key != "made_up"}
    write_model(path, contents.kind, older, dict(contents.tensors))
    with pytest.raises(ModelFileError, match="no made-up rows"):
        verify(path)
    assert main(["verify", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert tasou.load(path).predict({"x": [0.5], "day": ["2024-02-01"], "kind": ["a"]}).shape == (1,)
