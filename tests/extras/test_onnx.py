"""ONNX graphs give the answers of the models, in a run time that knows nothing of tasou.

TASOU_MODELS says how many random models are tried, 200 where nothing else is said: for 10,000 of them
``TASOU_MODELS=10000 scripts/test-extras -k random_table_models -s``.
"""

import os
import sys
from importlib import util
from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")

import tasou  # noqa: E402
from tasou import layers  # noqa: E402
from tasou.exporting.files import exported  # noqa: E402
from tasou.tables.spelling import dates  # noqa: E402

HERE = Path(__file__).parents[1]


def neighbour(name, path):
    spec = util.spec_from_file_location(name, path)
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


ensembles = neighbour("ensembles_of_tests", HERE / "exporting" / "ensembles.py")
random_models = neighbour("random_models", HERE / "exporting" / "random_models.py")
every_layer = neighbour("every_layer", HERE / "layers" / "test_every_layer.py")


def session(model, *, check=True):
    data = exported(model, "m.onnx")
    if check:
        onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def answers(found, feeds):
    return dict(zip([output.name for output in found.get_outputs()], found.run(None, feeds), strict=True))


def feeds(case):
    """The rows as tensors by column."""
    tensors = {}
    for step in case.model.preparation.steps:
        cell, texts = step.cell, case.rows[step.cell.column]
        if cell.kind == "level":
            values = np.array(texts, dtype=object)
        elif cell.kind == "number":
            values = np.array([float(text) if text else np.nan for text in texts], np.float32)
        else:
            moments = np.array([text or "NaT" for text in texts], "datetime64[s]")
            values = dates.days(moments).astype(np.float64 if cell.exact else np.float32)
        tensors[cell.column] = values[:, None]
    return tensors


def difference(case, found):
    """The largest; of numbers in the scale of the network, relative to the largest of them if that is above 1."""
    model = case.model
    if model.task == "classification":
        p = model.predict_proba(case.table)
        first, second = np.sort(p, axis=1)[:, ::-1][:, :2].T
        same = model.predict(case.table) == found["label"]
        assert (same | (first - second < 1e-6)).all()
        return np.abs(p - found["probabilities"]).max()
    scaling = model.goal.scaling
    mine, theirs = (
        scaling.standardise(y.astype(float)) for y in (model.predict(case.table), found["value"][:, 0])
    )
    return np.abs(mine - theirs).max() / max(1.0, np.abs(mine).max())


def test_random_table_models():
    """Every kind of column, missing cells and unseen texts among them."""
    worst = 0.0
    for seed in range(int(os.environ.get("TASOU_MODELS", "200"))):
        case = random_models.case(seed)
        found = difference(case, answers(session(case.model, check=seed % 20 == 0), feeds(case)))
        assert found <= 1e-6, (seed, found)
        worst = max(worst, found)
    print(f"largest difference {worst:.2e}")


@pytest.mark.parametrize("kind", ensembles.KINDS)
def test_ensembles_of_tables_go_whole(kind, monkeypatch):
    model = ensembles.learnt(kind, monkeypatch)
    tensors = {}
    for step in model._preparation.steps:
        texts = np.array(ensembles.ROWS[step.column], object)
        if step.cell.kind == "number":
            texts = np.array([float(text or "nan") for text in texts], np.float32)
        elif step.cell.kind == "date":
            moments = np.array([text or "NaT" for text in texts], "datetime64[s]")
            texts = dates.days(moments).astype(np.float32)
        tensors[step.column] = texts[:, None]
    found = answers(session(model), tensors)
    rows = {name: np.array([str(v) if v == v else "" for v in t[:, 0].tolist()], object)
            for name, t in tensors.items() if t.dtype == np.float32 and name != "day"}  # fmt: skip
    labels, wanted = ensembles.said(model, rows)
    numbers = found["value"] if "value" in found else found["probabilities"]
    size = np.maximum(np.abs(wanted), np.abs(wanted).max(axis=0))
    assert (np.abs(numbers - wanted) / size).max() < 1e-6
    if kind == "labels":
        assert [" ".join(map(str, np.flatnonzero(row))) for row in found["label"]] == labels
    elif labels:
        assert [str(label) for label in found["label"].tolist()] == labels


@every_layer.every_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_layer(case, dtype):
    network = case.network(dtype)
    rows = case.rows(dtype=dtype)[0]
    found = answers(session(network), {"X": rows})
    tolerance = 1e-5 if dtype == np.float32 else 1e-9
    np.testing.assert_allclose(found["value"], network.predict(rows), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_activation_and_loss(dtype):
    from tasou.formulas import activations, losses

    X = np.random.default_rng(0).normal(0, 2, (20, 3)).astype(dtype)
    networks = [tasou.Network((3, 4, 2), name, rng=0, dtype=dtype) for name in activations.names()]
    networks += [tasou.Network((3, 4, 2), "tanh", loss=name, rng=0, dtype=dtype) for name in losses.names()]
    for network in networks:
        found = answers(session(network), {"X": X})["value"]
        np.testing.assert_allclose(
            found, network.predict(X), rtol=5e-6, atol=2e-6 if dtype == np.float32 else 1e-9
        )


X = np.random.default_rng(0).normal(size=(40, 2))
y = (X[:, 0] > 0.3).astype(int)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("labels", ["text", "whole", "bool", "float", "several", "sides", "three sides"])
def test_labels_keep_their_type(labels):
    targets = {
        "text": np.array(["いいえ", "はい"])[y], "whole": y * 7, "bool": y == 1, "float": y * 2.0,
        "several": np.c_[y, 1 - y], "sides": y, "three sides": y + (X[:, 1] > 0),
    }[labels]  # fmt: skip
    kind = (
        tasou.Perceptron(max_iter=5, tol=None) if "sides" in labels else tasou.MLPClassifier((3,), max_iter=9)
    )
    model = kind.fit(X, targets)
    found = answers(session(model), {"X": X})
    assert found["label"].tolist() == model.predict(X).tolist()
    if hasattr(model, "predict_proba"):
        np.testing.assert_allclose(found["probabilities"], model.predict_proba(X), atol=1e-9)


def test_the_file_says_what_it_takes():
    case = random_models.case(4)
    model = onnx.load_from_string(exported(case.model, "m.onnx"))
    told = {entry.key: entry.value for entry in model.metadata_props}
    assert set(told) >= {"columns", "target", "task", "classes", "dates"} and "yours" in model.doc_string
    assert [i.name for i in model.graph.input] == case.model.preparation.columns
    assert model.ir_version <= 9 and {o.domain: o.version for o in model.opset_import} == {
        "": 18,
        "ai.onnx.ml": 3,
    }
    assert all(name in layers.names() for name in ("dense", "dropout"))


@pytest.mark.parametrize("number", ["6", "7a", "7b", "7c"])
def test_the_graph_that_the_playground_hands_out_gives_its_predictions(number):
    from tasou.play import Session
    from tasou.play.commands import call
    from tasou.play.share import write

    playground = Session()
    call(playground, "lesson", {"number": number})
    playground.step(n=3, unit="epoch")
    run = playground.run
    found = ort.InferenceSession(write(run, "onnx")[2], providers=["CPUExecutionProvider"])
    X = run.data.X[:20]
    rows = X.reshape(-1, *run.network.shapes[0]) if isinstance(run.network.shapes[0], tuple) else X
    (taken,) = found.get_inputs()
    given = rows if len(taken.shape) == rows.ndim else X
    outputs = [
        values
        for values in found.run(None, {taken.name: given})
        if np.shape(values) == (20, run.network.sizes[-1])
    ]
    assert any(np.allclose(values, run.network.predict(X), rtol=0, atol=1e-12) for values in outputs)
