"""What is printed computes what the model computes, from the same CSV."""

import csv
import io
import subprocess
import sys
from importlib import util

import numpy as np
import pytest

import tasou
from tasou import export, layers
from tasou.cli import main
from tasou.exporting.words import csv_line
from tasou.formulas import activations, losses
from tasou.network import Network

pytestmark = pytest.mark.apart

HERE = __import__("pathlib").Path(__file__).parent


def neighbour(name, path):
    """A file of the tests that is no test of this room."""
    spec = util.spec_from_file_location(name, path)
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


random_models = neighbour("random_models", HERE / "random_models.py")
every_layer = neighbour("every_layer", HERE.parent / "layers" / "test_every_layer.py")


def table(text):
    """Header and cells; numbers as numbers."""
    header, *rows = csv.reader(io.StringIO(text))
    return header, rows


def alike(mine, theirs, tolerance):
    """Equal texts, and numbers that agree."""
    assert mine[0] == theirs[0]
    assert len(mine[1]) == len(theirs[1])
    for row, other in zip(mine[1], theirs[1], strict=True):
        for cell, wanted in zip(row, other, strict=True):
            if cell != wanted:
                assert float(cell) == pytest.approx(float(wanted), rel=tolerance, abs=tolerance)


def data(network, n=5, seed=0):
    X = np.random.default_rng(seed).normal(0, 2, (n, network.sizes[0]))
    X = X.astype("float32").astype(network.dtype)
    return X, as_csv(X)


def as_csv(X):
    names = [f"x{j + 1}" for j in range(X.shape[1])]
    lines = [csv_line(names), *(csv_line([repr(v) for v in row]) for row in X.tolist())]
    return "\n".join(lines).encode() + b"\n"


def numbers(text):
    return np.array([[float(cell) for cell in row] for row in table(text)[1]])


@pytest.mark.parametrize("seed", range(6))
def test_a_table_model_writes_what_predict_writes(programs, suffix, seed, tmp_path):
    found = random_models.case(seed)
    tasou.save(found.model, tmp_path / "m.tasou")
    (tmp_path / "rows.csv").write_bytes(found.csv)
    out, proba = str(tmp_path / "out.csv"), ["--proba"] if found.model.task == "classification" else []
    assert (
        main(["predict", str(tmp_path / "m.tasou"), str(tmp_path / "rows.csv"), *proba, "-o", out, "-q"]) == 0
    )
    with open(out, encoding="utf-8", newline="") as file:
        wanted = table(file.read())
    alike(table(programs.run(found.model, suffix, found.csv)), wanted, 2e-6)
    if suffix == "c" and not any(name.startswith("moments") for name in found.rows):
        alike(table(programs.run(found.model, suffix, found.csv, single=True)), wanted, 2e-5)


def test_float_refuses_what_it_cannot_hold(programs):
    found = random_models.case(4)
    with pytest.raises(tasou.errors.TasouError, match="double"):
        export(found.model, programs.folder / "m.c", single=True)


@pytest.mark.parametrize("of", ["activation", "loss"])
def test_every_formula_is_printed(programs, suffix, of):
    """All of them in one network each: few programs have to be started."""
    names = activations.names() if of == "activation" else losses.names()
    deep = Network((3, *[4] * len(names), 2), names, rng=1) if of == "activation" else None
    for network in [deep] if deep else [Network((3, 4, 2), "tanh", loss=name, rng=1) for name in names]:
        X, rows = data(network)
        text = programs.run(network, suffix, rows)
        np.testing.assert_allclose(numbers(text), network.predict(X), rtol=1e-6, atol=1e-9)


FIRST = {case.id.split("-")[0]: case.values[0] for case in reversed(every_layer.CASES)}


@pytest.mark.parametrize("name", layers.names())
def test_every_layer_is_printed(programs, suffix, name):
    network = FIRST[name].network()
    X = FIRST[name].rows()[0]
    text = programs.run(network, suffix, as_csv(X))
    np.testing.assert_allclose(numbers(text), network.predict(X), rtol=2e-6, atol=1e-9)


@every_layer.every_layer
def test_every_form_of_a_layer_is_printed(case, tmp_path):
    """In Python, which is called here."""
    network = case.network()
    export(network, tmp_path / "m.py")
    names = {"__name__": "m"}
    exec((tmp_path / "m.py").read_text("utf-8"), names)
    X = case.rows()[0]
    np.testing.assert_allclose([names["answers"](row) for row in X.tolist()], network.predict(X), rtol=1e-12)


X = np.random.default_rng(0).normal(size=(40, 2))
y = (X[:, 0] > 0.3).astype(int)
ESTIMATORS = {
    "two classes": lambda: tasou.MLPClassifier((5,), max_iter=20, random_state=0).fit(
        X, np.array(["no", "yes"])[y]
    ),
    "three classes": lambda: tasou.MLPClassifier((5,), max_iter=20, random_state=0).fit(X, y + (X[:, 1] > 0)),
    "several labels": lambda: tasou.MLPClassifier((5,), max_iter=20, random_state=0).fit(
        X, np.c_[y, X[:, 1] > 0]
    ),
    "numbers": lambda: tasou.MLPRegressor(hidden_layer_sizes=(5,), max_iter=20, random_state=0).fit(
        X, X @ [2.0, 1.0]
    ),
    "two numbers": lambda: tasou.MLPRegressor(hidden_layer_sizes=(5,), max_iter=20, random_state=0).fit(X, X),
    "logistic": lambda: tasou.LogisticRegression().fit(X, y),
    "softmax": lambda: tasou.SoftmaxRegression().fit(X, y + (X[:, 1] > 0)),
    "perceptron": lambda: tasou.Perceptron().fit(X, y),
    "perceptrons": lambda: tasou.Perceptron(max_iter=5, tol=None).fit(X, y + (X[:, 1] > 0)),
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_estimator_is_printed(programs, suffix, name):
    model = ESTIMATORS[name]()
    rows = "x1,x2\n" + "\n".join(f"{a!r},{b!r}" for a, b in X.tolist())
    header, cells = table(programs.run(model, suffix, rows.encode()))
    labels = model.predict(X)
    if hasattr(model, "classes_"):
        wanted = (
            [" ".join(map(str, np.flatnonzero(row))) for row in labels]
            if labels.ndim > 1
            else map(str, labels)
        )
        assert [row[0] for row in cells] == list(wanted)
    else:
        np.testing.assert_allclose(np.array(cells, float), labels.reshape(len(X), -1), rtol=1e-6)
    if hasattr(model, "predict_proba"):
        assert header == ["predicted_y", *(f"p_{c}" for c in model.classes_)]
        np.testing.assert_allclose(
            np.array(cells)[:, 1:].astype(float), model.predict_proba(X), rtol=6e-6, atol=1e-9
        )


REFUSED = {
    "no number": (b"size,day\n1,2024-03-01\nx,2024-03-01\n", "line 3"),
    "no date": (b"size,day\n1,2024-02-30\n", "line 2"),
    "ragged": (b"size,day\n1\n", "line 2"),
    "missing column": (b"size\n1\n", "day"),
    "thousands": (b'size,day\n"1,000",2024-03-01\n', "line 2"),
    "open quotation": (b'size,day\n1,"2024\n', "line 2"),
}


@pytest.fixture(scope="module")
def dated():
    from tasou.models.table_model import TableModel
    from tasou.tables import Preparation, Table, infer

    cells = {
        "size": np.array([str(i) for i in range(40)], object),
        "day": np.array([str(np.datetime64("2024-01-01") + i) for i in range(40)], object),
        "y": np.array(["a", "b"] * 20, object),
    }
    roles = infer(Table(cells), "y", numeric=["size"])
    preparation = Preparation.fit(Table(cells), roles)
    width = len(preparation.feature_names)
    return TableModel.of_network(
        preparation, Network((width, 1), loss="binary_cross_entropy", rng=0, dtype="float32")
    )


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_plain_is_refused_by_its_line(programs, suffix, dated, case):
    rows, said = REFUSED[case]
    complaint = programs.run(dated, suffix, rows, code=2)
    assert complaint.startswith("error:") and said in complaint and complaint.count("\n") == 1


def test_quotes_line_ends_and_marks_are_read_as_usual(programs, suffix, dated):
    plain = programs.run(dated, suffix, b"day,size,more\n2024-03-01,5,x\n,,\n")
    odd = b'\xef\xbb\xbf"day", size ,more\r\n"2024-03-01"," 5 ","a ""b""\r\n, c"\r\n\r\n,NA,'
    assert programs.run(dated, suffix, odd) == plain


def test_c_calls_nothing_of_the_mathematical_library(programs, tmp_path):
    import shutil

    if not (shutil.which("gcc") and shutil.which("nm")):
        pytest.skip("gcc is not here")
    network = Network((3, *[4] * len(activations.names()), 2), activations.names(), rng=1)
    export(network, tmp_path / "model.c", main=False)
    subprocess.run(["gcc", "-std=c99", "-O2", "-c", "model.c"], cwd=tmp_path, check=True)
    done = subprocess.run(["nm", "-u", "model.o"], cwd=tmp_path, check=True, capture_output=True, text=True)
    called = {line.split()[-1] for line in done.stdout.splitlines()}
    assert called <= {
        "memcpy",
        "memset",
        "strcmp",
        "strlen",
        "strtod",
        "strncpy",
        "__stack_chk_fail",
        "_GLOBAL_OFFSET_TABLE_",
    }


def test_python_and_javascript_are_called_with_rows(tmp_path, node, dated):
    export(dated, tmp_path / "m.py")
    export(dated, tmp_path / "m.mjs")
    spec = util.spec_from_file_location("printed", tmp_path / "m.py")
    printed = util.module_from_spec(spec)
    spec.loader.exec_module(printed)
    row = {"size": 3, "day": "2024-02-29"}
    p = printed.predict_proba(row)
    assert list(p) == ["a", "b"] and printed.predict(row) == max(p, key=p.get)
    assert p == pytest.approx(
        dict(zip("ab", dated.predict_proba({k: [v] for k, v in row.items()})[0], strict=True))
    )
    text = node(
        f'import {{ predict, predictProba }} from "{tmp_path}/m.mjs";'
        'const row = { size: 3, day: new Date("2024-02-29") };'
        "console.log(predict(row), ...predictProba(row));"
    )
    label, *shares = text.split()
    assert label == printed.predict(row) and [float(s) for s in shares] == pytest.approx(list(p.values()))


def test_printed_files_say_whose_they_are(tmp_path):
    for suffix in ("c", "mjs", "py"):
        export(Network((2, 2), rng=0), tmp_path / f"m.{suffix}")
        assert "This file is yours" in (tmp_path / f"m.{suffix}").read_text("utf-8")


def test_an_unknown_suffix_is_told():
    with pytest.raises(tasou.errors.TasouError, match=r"\.onnx"):
        export(Network((2, 2), rng=0), "model.docx")
    with pytest.raises(tasou.errors.UnknownName, match="javascript"):
        export(Network((2, 2), rng=0), "m", format="javascrip")


def test_members_are_added_by_their_weights(tmp_path):
    from tasou.exporting.plan import Answer, Member, Plan
    from tasou.exporting.targets import python
    from tasou.tables.cell import Cell

    networks = [Network((2, 3, 2), "tanh", rng=seed) for seed in range(3)]
    weights = (0.5, 0.3, 0.2)
    cells = tuple(Cell(name, "number") for name in "ab")
    members = tuple(Member((one,), weight) for one, weight in zip(networks, weights, strict=True))
    text = python.write(Plan("three", cells, (), (), members, Answer("classes", "y", ("no", "yes"))), "m")
    names = {"__name__": "m"}
    exec(text, names)
    wanted = sum(w * network.predict([[1.0, -2.0]])[0] for w, network in zip(weights, networks, strict=True))
    np.testing.assert_allclose(names["answers"]([1.0, -2.0]), wanted, rtol=1e-12)
