"""The options of a training come from its recipe: names out of the registries, L-BFGS among the optimizers."""

from __future__ import annotations

import numpy as np
import pytest

import tasou
from tasou.cli import main
from tasou.formulas import activations, initializers, optimizers, schedules
from tasou.training.faces import shown_by

PLAIN = ("train", "--preset", "plain")

FAMILIES = {
    "--activation": activations,
    "--output-activation": activations,
    "--init": initializers,
    "--optimizer": optimizers,
    "--schedule": schedules,
}


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    x = np.random.default_rng(0).normal(size=(80, 2))
    rows = (f"{a:.4f},{b:.4f},{'yes' if a > b else 'no'}\n" for a, b in x)
    (tmp_path / "t.csv").write_text("a,b,y\n" + "".join(rows))
    return [*PLAIN, "t.csv", "--target", "y", "--quiet"]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_help_lists_every_name_there_is(lang, capsys):
    assert main([*PLAIN, "--help", "--lang", lang]) == 0
    shown = "".join(capsys.readouterr().out.split())
    for option, family in FAMILIES.items():
        after = shown.split(option + "NAME")[-1]
        for name in family.names():
            assert name in after[:400], (option, name)
    assert "lbfgs" in shown


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_setting_of_a_table_has_an_option_with_help(lang, capsys):
    assert main([*PLAIN, "--help", "--lang", lang]) == 0
    shown = "".join(capsys.readouterr().out.split())
    for name, declared in shown_by("table").items():
        assert "--" + name.replace("_", "-") in shown
        assert "".join(declared.help[lang].split()) in shown, name


def test_a_table_is_learnt_by_lbfgs(table):
    assert main([*table, "--optimizer", "lbfgs", "--hidden", "0", "--tol", "1e-4"]) == 0
    model = tasou.load("t.tasou")
    assert model.settings.optimizer == "lbfgs" and model.finished == "converged"


@pytest.mark.parametrize("option, value", [("--lr", "0.1"), ("--batch-size", "8"), ("--dropout", "0.5")])
def test_what_means_nothing_to_lbfgs_is_refused(option, value, table, capsys, tmp_path):
    assert main([*table, "--optimizer", "lbfgs", option, value]) == 2
    assert f"{option} means nothing to --optimizer lbfgs" in capsys.readouterr().err
    assert not (tmp_path / "t.tasou").exists()


def test_the_rate_is_the_optimizers_own_where_none_is_given(table):
    assert main([*table, "--optimizer", "sgd", "--epochs", "2"]) == 0
    assert tasou.load("t.tasou").settings.lr == optimizers.get("sgd").lr


def test_an_unknown_name_is_told_with_the_nearest(table, capsys):
    assert main([*table, "--optimizer", "adamm"]) == 2
    assert "did you mean 'adam'" in capsys.readouterr().err
