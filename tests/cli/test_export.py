"""``tasou export`` on the command line."""

import numpy as np
import pytest

import tasou
from tasou.cli import main
from tasou.network import Network


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tasou.save(Network((2, 3, 2), rng=0), "m.tasou")
    return "m.tasou"


@pytest.mark.parametrize("out", ["m.onnx", "m.c", "m.mjs", "m.js", "m.py"])
def test_the_suffix_says_the_format(model, out, capsys, tmp_path):
    assert main(["export", model, out, "--lang", "en"]) == 0
    assert (tmp_path / out).stat().st_size > 300
    assert capsys.readouterr().out.startswith(f"{out}: ")


def test_options_act(model, tmp_path):
    assert main(["export", model, "m.txt", "--format", "c", "--float", "--no-main", "-q"]) == 0
    text = (tmp_path / "m.txt").read_text("utf-8")
    assert "typedef float real" in text and "int main" not in text
    assert main(["export", model, "m.mjs", "--training", "-q"]) == 0
    assert "class Learner" in (tmp_path / "m.mjs").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments", [["m.tasou", "m.doc"], ["m.tasou", "m.tasou"], ["nowhere.tasou", "m.c"]]
)
def test_mistakes_are_one_line(model, arguments, capsys):
    assert main(["export", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_own_formula_that_branches_is_named(tmp_path):
    from tasou.formulas.activations import Activation

    def f(z, xp):
        return z if z > 0 else 0 * z

    own = Activation("own", f=f, slope=lambda z, a, xp: z)
    with pytest.raises(tasou.errors.TasouError, match=r"f cannot be exported: .* xp\.where"):
        tasou.export(Network((2, 3, 2), own, rng=0), tmp_path / "m.c")


def test_an_own_formula_of_known_functions_is_exported(tmp_path):
    from tasou.formulas.activations import Activation

    own = Activation("cube", f=lambda z, xp: xp.tanh(z) ** 3, slope=lambda z, a, xp: z)
    network = Network((2, 3, 2), own, rng=0)
    tasou.export(network, tmp_path / "m.py")
    names: dict = {"__name__": "m"}
    exec((tmp_path / "m.py").read_text("utf-8"), names)
    np.testing.assert_allclose(names["answers"]([1.0, 2.0]), network.predict([[1.0, 2.0]])[0], rtol=1e-12)
