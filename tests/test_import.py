"""`import tasou` is light, and everything it promises is there."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tasou

HEAVY = ["scipy", "sklearn", "matplotlib", "pandas", "polars", "pyarrow", "tqdm"]


def modules_after(code):
    """Top-level names of all modules that a fresh interpreter holds after ``code``."""
    report = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_import_loads_no_library():
    assert not modules_after("import tasou") & {*HEAVY, "numpy"}


@pytest.mark.parametrize(
    "names", ["Network, Trace, check_gradients, Training", "datasets, formulas, tables, plots"]
)
def test_the_engine_loads_numpy_alone(names):
    assert not modules_after(f"from tasou import {names}") & set(HEAVY)


def test_the_playground_model_files_and_the_list_of_experiments_load_no_heavy_library():
    loaded = modules_after(
        "import tasou.models; from tasou.play import Session; Session().frames(); "
        "from tasou import lecture; lecture.run(lecture.find('2.3a')[0])"
    )
    assert not loaded & {"sklearn", "scipy", "pandas", "matplotlib"}


def test_training_and_asking_an_ensemble_on_the_command_line_waits_for_no_heavy_library(tmp_path):
    (tmp_path / "t.csv").write_text("x,y\n" + "".join(f"{i},{'ab'[i > 40]}\n" for i in range(80)))
    fast = (
        f"'train', '{tmp_path}/t.csv', '--target', 'y', '--preset', 'fast', '--epochs', '4', '--hidden', '4'"
    )
    loaded = modules_after(
        f"from tasou.cli import main; main([{fast}, '-q', '-o', '{tmp_path}/m.tasou']); "
        f"main(['predict', '{tmp_path}/m.tasou', '{tmp_path}/t.csv', '-q'])"
    )
    assert not loaded & {"sklearn", "scipy", "pandas", "matplotlib"}


@pytest.mark.parametrize("name", tasou.__all__)
def test_every_exported_name_is_there(name):
    assert getattr(tasou, name) is not None
    assert name in dir(tasou)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'MLP'"):
        tasou.MLP  # noqa: B018


def test_one_version():
    pyproject = Path(__file__).parents[1] / "pyproject.toml"
    assert tomllib.loads(pyproject.read_text("utf-8"))["project"]["version"] == tasou.__version__


def test_dir_shows_nothing_but_public_names():
    assert [name for name in dir(tasou) if not name.startswith("__")] == sorted(tasou.__all__)
