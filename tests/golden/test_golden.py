"""Model files that earlier versions wrote are read, and predict what they predicted then (made by `make.py`)."""

import json
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

import tasou

ARCHIVES = sorted(Path(__file__).parent.glob("*.zip"))
TOLERANCE = {"float64": 1e-12, "float32": 1e-5}


@cache
def contents(archive):
    with ZipFile(archive) as files:
        return json.loads(files.read("answers.json"))


FILES = [(archive, name) for archive in ARCHIVES for name in contents(archive)["answers"]]


@pytest.fixture(params=FILES, ids=[f"{archive.stem}-{name}" for archive, name in FILES])
def golden(request, tmp_path):
    archive, name = request.param
    with ZipFile(archive) as files:
        path = Path(files.extract(f"{name}.tasou", tmp_path))
    return tasou.load(path), contents(archive)["answers"][name], contents(archive)["inputs"]


def rows_for(model, inputs, kind):
    if kind == "table":
        return inputs["table"]
    rows = np.array(inputs["numbers"])
    if not hasattr(model, "feature_names_in_"):
        return rows
    pandas = pytest.importorskip("pandas")
    return pandas.DataFrame(rows, columns=model.feature_names_in_)


def test_a_file_of_an_earlier_version_predicts_what_it_did(golden):
    model, said, inputs = golden
    rows = rows_for(model, inputs, said["inputs"])
    for method in said.keys() & {"predict", "predict_proba", "decision_function"}:
        found = np.asarray(getattr(model, method)(rows))
        if found.dtype.kind == "f":
            tolerance = TOLERANCE[said["dtype"]]
            np.testing.assert_allclose(found, said[method], rtol=tolerance, atol=tolerance, err_msg=method)
        else:
            assert found.tolist() == said[method], method
    if "then" in said:
        learns_on(model, said, inputs)


def learns_on(model, said, inputs):
    """The optimizer's memory and the random stream are in the file: one more epoch moves the weights as it did then."""
    model.partial_fit(np.array(inputs["more"]), np.array(inputs[said["then"]["learn"]]))
    for W, then in zip(model.coefs_, said["then"]["coefs"], strict=True):
        np.testing.assert_allclose(W, then, rtol=1e-9, atol=1e-9)


def test_there_are_golden_files():
    assert len(FILES) >= 194
