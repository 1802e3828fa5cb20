"""The recipes of CONTRIBUTING.md: each file is put into a copy of the source, and the tests of its kind pass."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.recipes
ROOT = Path(__file__).parents[1]
FILES = dict(
    re.findall(
        r"^```python\n# (src/\S+)\n(.*?)^```$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M | re.S
    )
)
CALLED = {"s4_3c_soft_corner": "4.3c", "e4_2_way_back": "4.2", "single_unit": "T021"}
"""what the tests call a file, where that is not its name"""
NAMES = sorted(CALLED.get(Path(path).stem, Path(path).stem) for path in FILES if "/cli/" not in path)
ROOMS = {
    "formulas/activations": [
        "formulas/test_activations.py", "formulas/test_files.py", "formulas/test_namespaces.py",
        "network/test_ledger_numbers.py", "plots/test_activation.py",
    ],
    "formulas/losses": [
        "formulas/test_losses.py", "formulas/test_files.py", "formulas/test_namespaces.py",
        "network/test_ledger_numbers.py", "estimators/test_losses_of_classes.py",
    ],
    "formulas/optimizers": ["formulas/test_optimizers.py", "formulas/test_files.py", "formulas/test_namespaces.py"],
    "formulas/schedules": ["formulas/test_schedules.py", "formulas/test_files.py"],
    "formulas/initializers": ["formulas/test_initializers.py", "formulas/test_files.py"],
    "layers": ["layers/test_every_layer.py", "exporting/test_programs.py"],
    "diagnostics/rules": ["cli/test_explain.py"],
    "lecture/experiments": ["lecture/test_experiments.py", "play/test_lessons.py"],
    "lecture/exercises": ["lecture/test_exercises.py"],
    "tables/steps": ["tables/test_spelling_rooms.py"],
    "datasets": ["datasets/test_datasets.py"],
    "plots": ["plots/test_every_plot.py"],
}  # fmt: skip
"""by the folder of a new file: the tests that iterate over it"""

USED = """
import contextlib, io, sys
from tasou import MLPClassifier, Network, backends, cli, datasets, diagnose, layers
from tasou.formulas import optimizers
X, y = datasets.make("stripes", 60)
network = Network(layers=[layers.Dense(1, "tanh"), layers.Shift(0.5), layers.get("dense", units=2)], inputs=2, rng=0)
assert "T021" in diagnose(network, X, y).codes and network[2].b.tolist() == [0.5]
try:
    native = backends.make("native")
except Exception:
    native = None
with backends.use(native or "numpy"):
    MLPClassifier((3,), "square_root", solver="signum", loss="squared_hinge", init="fan_in_uniform",
                  learning_rate="halving", max_iter=2, tol=0, random_state=0, n_iter_no_change=5).fit(X, y)
    told = backends.describe()["fallback"]
assert native is None or "came after the native library was built" in told, told
with contextlib.redirect_stdout(io.StringIO()) as out:
    assert cli.main(["losses", "--lang", "en"]) == 0 and cli.main(["train", "--help"]) == 0
said = " ".join(out.getvalue().split())
assert "squared_hinge: Hinge loss without its corner." in said
assert "signum" in said and "square_root" in said and "halving" in said
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The source and its tests, with one more of each."""
    folder = tmp_path_factory.mktemp("copy")
    for part in ("src", "tests"):
        left_out = shutil.ignore_patterns("__pycache__", "golden", "upstream", "*.zip")
        shutil.copytree(ROOT / part, folder / part, ignore=left_out)
    for part in ("en", "ja", "weaving", "steps"):
        shutil.copytree(
            ROOT / "docs" / part,
            folder / "docs" / part,
            ignore=shutil.ignore_patterns("*.ipynb", "__pycache__"),
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    for path, text in FILES.items():
        assert not (folder / path).exists(), f"{path} of CONTRIBUTING.md is there already"
        (folder / path).write_text(text, "utf-8")
    return folder


ASKED = {
    "formulas/test_optimizers.py": (
        "every_rule_has_its_papers_loop",
        ["into LOOPS of test_optimizers.py for ['signum']"],
    ),
    "diagnostics/test_illnesses.py": (
        "every_rule_is_provoked",
        ["add a test to test_illnesses.py that provokes ['T021']"],
    ),
    "cli/test_diagnoses_cured.py": (
        "every_diagnosis",
        [
            "add a line to ROWS in test_diagnoses_cured.py for ['T021']",
            "add a row to the table of docs/en/guides/diagnose.md and docs/ja/guides/diagnose.md for ['T021']",
        ],
    ),
    "docs/test_pages.py": (
        "is_in_the_chapter",
        [
            f"docs/{lang}/lecture/4-activations.md wants the block ```{{{kind}}} {number}"
            for kind, number in (("experiment", "4.3c"), ("exercise", "4.2"))
            for lang in ("en", "ja")
        ],
    ),
}
"""by the test: its name, and what it asks a person to write"""


def run(folder, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "MPLBACKEND": "agg", "TASOU_LANG": "en"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def tried(copy):
    """What the tests of each kind say of the new files, and those that ask a person: one run, it is quicker."""
    files = {*(file for room in ROOMS.values() for file in room), *ASKED}
    names = ["(4.2 and test_exercises)" if name == "4.2" else name for name in NAMES]
    chosen = " or ".join([*names, *(name for name, _ in ASKED.values())])
    quick = ("-n", "0", "-p", "no:cacheprovider", "--tb=line", "-v")
    return run(copy, "-m", "pytest", *quick, "-k", chosen, *sorted(f"tests/{file}" for file in files)).stdout


def test_a_new_file_of_each_kind_passes_the_tests_of_its_kind(tried):
    """They are found by their folders, and the tests are not edited."""
    folders = {Path(path).parent.relative_to("src/tasou").as_posix() for path in FILES}
    assert folders >= set(ROOMS)
    tested = {name for name in NAMES if re.search(rf"\[.*{re.escape(name)}.*\] PASSED", tried)}
    assert tested == set(NAMES), tried[-3000:]
    failed = re.findall(r"^FAILED \S+::(\w+)|^(ERROR .*)$", tried, re.M)
    asking = [name for name, _ in ASKED.values()]
    assert not [test for test, error in failed if error or not any(name in test for name in asking)], tried[
        -3000:
    ]


def test_what_a_person_has_to_write_is_asked_for_by_file_and_line(tried):
    for _, lines in ASKED.values():
        for line in lines:
            assert line in tried


def test_what_is_new_is_used_by_its_name_and_told_of_in_help(copy):
    done = run(copy, "-c", USED)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
