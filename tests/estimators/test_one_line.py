"""A new setting is one line in one file: estimators, command line in both languages and model files show it at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tasou
from tasou.estimators import _parameters, _signature

LINE = """
    looseness: float = knob(0.25, Number(0, below=1), "how loose the belt is", "ベルトのゆるさ", metavar="SHARE")
"""
LOOK = """
import inspect, json, sys, numpy as np, tasou
from tasou.cli import main
from tasou.models.table_model import TableModel
from tasou.tabular.plain import Settings
from tasou.tables import Table, infer

print(tasou.__file__)
found = {}
for cls in (tasou.MLPClassifier, tasou.MLPRegressor):
    found[cls.__name__] = inspect.signature(cls).parameters["looseness"].default
    found[cls.__name__ + " doc"] = "looseness : float, default=0.25\\n        How loose the belt is." in cls.__doc__
try:
    tasou.MLPClassifier(looseness=1.5).fit([[0.0], [1.0]], [0, 1])
except ValueError as error:
    found["refused"] = "looseness" in str(error)
X, y = np.arange(40.0).reshape(-1, 1), np.arange(40) // 20
tasou.save(tasou.MLPClassifier((2,), looseness=0.5, max_iter=2).fit(X, y), "e.tasou")
found["estimator file"] = tasou.load("e.tasou").looseness
table = Table({"x": X[:, 0], "y": np.array(["a", "b"])[y]})
table_model = TableModel.fit(table, infer(table, "y"), Settings(looseness=0.75, epochs=2))
tasou.save(table_model, "t.tasou")
found["table file"] = tasou.load("t.tasou").settings.looseness
with open("t.csv", "w") as file:
    file.write("x,y\\n" + "".join(f"{i},{'ab'[i // 20]}\\n" for i in range(40)))
main(["train", "--preset", "plain", "t.csv", "--target", "y", "--epochs", "2", "--looseness", "0.125", "-q"])
found["command"] = tasou.load("t.tasou").settings.looseness
found["refused by the command"] = main(["train", "--preset", "plain", "t.csv", "--target", "y", "--looseness", "2"])
json.dump(found, open("found.json", "w"))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the package with one line more in its recipe."""
    folder = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(tasou.__file__).parent, folder / "src" / "tasou", ignore=ignored)
    recipe = folder / "src" / "tasou" / "training" / "recipe.py"
    text = recipe.read_text("utf-8")
    before = "    # --- its training"
    assert text.count(before) == 1
    recipe.write_text(text.replace(before, LINE + before), "utf-8")
    return folder


def run(copy, *command):
    env = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONWARNINGS": "ignore", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, env=env, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.apart
def test_a_new_setting_is_one_line_in_one_file(copy):
    assert run(copy, "-c", LOOK).startswith(str(copy)), "the copy is what runs"
    assert json.loads((copy / "found.json").read_text()) == {
        "MLPClassifier": 0.25,
        "MLPClassifier doc": True,
        "MLPRegressor": 0.25,
        "MLPRegressor doc": True,
        "refused": True,
        "estimator file": 0.5,
        "table file": 0.75,
        "command": 0.125,
        "refused by the command": 2,
    }


@pytest.mark.parametrize(
    "lang, words",
    [("en", "how loose the belt is (default: 0.25)"), ("ja", "ベルトのゆるさ（既定：0.25）")],
)
def test_its_help_is_there_in_both_languages(copy, lang, words):
    shown = run(copy, "-m", "tasou", "train", "--preset", "plain", "--help", "--lang", lang)
    assert "--looseness SHARE" in shown and words in " ".join(shown.split())


def test_the_stub_for_editors_is_up_to_date():
    """``scripts/stub`` writes it anew."""
    written = Path(_parameters.__file__).with_suffix(".pyi").read_text("utf-8")
    assert "".join(written.split()) == "".join(_signature.stub().split())
