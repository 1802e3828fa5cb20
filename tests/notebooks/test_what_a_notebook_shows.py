"""Notebooks are executed, and what stands under their cells is looked at: scripts/test-notebooks."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.notebooks
FIRST = """
from tasou import MLPClassifier, Network, Training, check_gradients, datasets, diagnose, lecture, plots
data = datasets.make("spiral", 90)
X, y = data
mlp = MLPClassifier((10,), solver="lbfgs", max_iter=60, random_state=0).fit(X, y)
"""
PNG, HTML = "image/png", "text/html"


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """What each cell of a notebook shows, as (mime types with their data, text on the streams)."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")

    def run(*cells):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        folder = tmp_path_factory.mktemp("notebook")
        patch = pytest.MonkeyPatch()
        patch.delenv(
            "MPLBACKEND", raising=False
        )  # as in Jupyter, VS Code and Colab, whose kernels set it themselves
        patch.setenv("TASOU_LANG", "en")
        try:
            client = nbclient.NotebookClient(
                notebook,
                timeout=120,
                kernel_name=kernel(folder),
                resources={"metadata": {"path": str(folder)}},
            )
            client.execute()
        finally:
            patch.undo()
        return [shown(cell.outputs) for cell in notebook.cells]

    return run


def kernel(folder):
    """The name of a kernel that runs this very Python."""
    place = folder / "kernels" / "this-python"
    place.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (place / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "this", "language": "python"})
    )
    os.environ["JUPYTER_PATH"] = str(folder)
    return "this-python"


def shown(outputs):
    kinds = {kind: data for output in outputs for kind, data in output.get("data", {}).items()}
    return kinds, "".join(output.get("text", "") for output in outputs)


@pytest.mark.parametrize("before", ["", "%matplotlib inline"], ids=["as it is", "with %matplotlib inline"])
def test_every_plot_appears_under_its_own_cell(executed, before):
    calls = [
        "plots.network(mlp)",
        "plots.decision_boundary(mlp, X, y)",
        "plots.loss_curve(mlp)",
        "plots.network(mlp)",
    ]
    _, _, *cells = executed(before, FIRST, *calls)
    assert [PNG in kinds for kinds, _ in cells] == [True] * len(calls)


SHOWS = {
    "data": "Dataset('spiral'",
    "Network((2, 10, 3), rng=0)": "Network(2 → 10 relu → 3 softmax",
    "network.forward(X[:3])": "Trace(3 samples",
    "training": "Training(",
    "training.history": "History(20 epochs",
    "lecture.run(lecture.find('1.2')[0])": "Result(1.2",
    "check_gradients(network, X, y)": "GradientReport(ok",
    "diagnose(mlp, X, y)": "Diagnosis(",
    "mlp": "MLPClassifier(",
    "network.forward(X[:3]).table().page()": "<page of",
    "plots.animate_training(Network((2, 3, 3), rng=0), X, y, 'film.gif', epochs=2, dpi=30)": "film.gif",
}


def test_every_object_shows_itself_and_its_text_is_short(executed):
    training = """
network = Network((2, 10, 3), rng=0)
training = Training(network, lr=0.5, rng=0)
_ = training.run(X, y, epochs=20)
"""
    _, _, *cells = executed(FIRST, training, *SHOWS)
    for (code, words), (kinds, _) in zip(SHOWS.items(), cells, strict=True):
        assert HTML in kinds, code
        assert words in kinds["text/plain"], code
        assert len(kinds["text/plain"]) < 300, code
        assert "http" not in kinds[HTML] or code == "mlp", code


def test_a_model_of_a_table_shows_what_it_predicts_from_what(executed):
    code = """
import numpy as np
from tasou.models.table_model import TableModel
from tasou.tables import Table, infer
x = np.linspace(-1, 1, 60)
table = Table({"x": x, "side": np.where(x > 0, "right", "left")})
"""
    _, (kinds, _) = executed(code, "TableModel.fit(table, infer(table, 'side'))")
    assert "TableModel('side'" in kinds["text/plain"] and "side" in kinds[HTML]


def test_a_progress_bar_is_one_line_that_moves(executed):
    _, (_, text) = executed(
        FIRST, "_ = MLPClassifier((3,), max_iter=20, verbose='bar', random_state=0).fit(X, y)"
    )
    seen = [line.rsplit("\r", 1)[-1] for line in text.split("\n")]  # what a front end leaves of a line
    assert sum("epoch/s" in line for line in seen) == 1
    assert "IProgress" not in text


def test_the_notebooks_of_the_pages_run(executed, tmp_path):
    nbformat = pytest.importorskip("nbformat")
    sys.path.insert(0, "docs")
    from weaving.notebooks import NOTEBOOKS, notebook

    for name in NOTEBOOKS:
        for lang in ("en", "ja"):
            found = nbformat.from_dict(notebook(name, lang))
            cells = [cell.source for cell in found.cells if cell.cell_type == "code"]
            assert all(
                kinds or text or "=" in cell
                for cell, (kinds, text) in zip(cells, executed(*cells), strict=True)
            )


def test_the_script_skips_in_one_line_what_is_missing():
    assert subprocess.run(["sh", "-n", "scripts/test-notebooks"]).returncode == 0
