"""Table estimators go whole into every language: members, linear model, temperature, unit, threshold."""

import csv
import io
import sys
from copy import copy
from dataclasses import replace
from importlib import util
from pathlib import Path

import numpy as np
import pytest

import tasou
from tasou.cli import main
from tasou.errors import TasouError
from tasou.exporting.ensembles import linear_networks
from tasou.formulas import blending, quantiles

pytestmark = pytest.mark.apart

HERE = Path(__file__).parent
spec = util.spec_from_file_location("ensembles_of_tests", HERE / "ensembles.py")
ensembles = util.module_from_spec(spec)
sys.modules["ensembles_of_tests"] = ensembles
spec.loader.exec_module(ensembles)


@pytest.fixture(scope="module")
def learnt():
    kept = {}

    def found(kind):
        if kind not in kept:
            with pytest.MonkeyPatch.context() as patch:
                kept[kind] = ensembles.learnt(kind, patch)
        return kept[kind]

    return found


def compared(text, model, tolerance):
    labels, wanted = ensembles.said(model)
    _, *lines = csv.reader(io.StringIO(text))
    if labels:
        assert [line[0] for line in lines] == labels
    numbers = np.array([[float(cell) for cell in line[bool(labels) :]] for line in lines])
    size = np.maximum(np.abs(wanted), np.abs(wanted).max(axis=0))
    assert (np.abs(numbers - wanted) / size).max() < tolerance


@pytest.mark.parametrize("kind", ensembles.KINDS)
def test_an_ensemble_writes_what_predict_says(programs, suffix, kind, learnt):
    model = learnt(kind)
    compared(programs.run(model, suffix, ensembles.csv()), model, 2e-6)
    if suffix == "c" and kind in ("two", "number"):
        compared(programs.run(model, suffix, ensembles.csv(), single=True), model, 2e-5)


def test_an_ensemble_in_a_file_is_exported_by_the_command(programs, learnt, tmp_path):
    model = learnt("three")
    tasou.save(model, tmp_path / "m.tasou")
    assert main(["export", str(tmp_path / "m.tasou"), str(tmp_path / "model.py"), "-q"]) == 0
    compared(programs.run(tasou.load(tmp_path / "m.tasou"), "py", ensembles.csv()), model, 2e-6)
    assert main(["verify", str(tmp_path / "m.tasou"), "-q"]) == 0


@pytest.mark.parametrize("kind", ["two", "counts"])
def test_the_best_member_goes_alone_and_its_cost_is_told(kind, programs, learnt, tmp_path, capsys):
    model = learnt(kind)
    j = min(range(2), key=lambda j: model._ensemble.singles[j].cost)
    only = copy(model)
    only._ensemble = replace(
        model._ensemble, members=[model._ensemble.members[j]], linear=None, features=None
    )
    compared(programs.run(model, "py", ensembles.csv(), member="best"), only, 2e-6)
    single, (rows, y) = model._ensemble.singles[j], ensembles.held(kind, model, j)
    if kind == "two":
        assert single.right == pytest.approx((only._ensemble.predict(rows).argmax(axis=1) == y).mean())
    tasou.save(model, tmp_path / "m.tasou")
    capsys.readouterr()
    assert (
        main(["export", str(tmp_path / "m.tasou"), str(tmp_path / "m.c"), "--member", "best", "--lang", "en"])
        == 0
    )
    whole = np.mean([one.whole for one in model._ensemble.singles])
    assert f"{whole:.4g}" in capsys.readouterr().out
    with pytest.raises(TasouError, match="no members"):
        tasou.export(tasou.Network((2, 1), rng=0), tmp_path / "m.py", member="best")


def test_the_linear_model_is_made_of_networks(learnt):
    for kind in ("two", "three", "number"):
        ensemble = learnt(kind)._ensemble
        X = learnt(kind)._preparation.transform(tasou.tables.Table(ensembles.rows())).astype(float)
        A, said = ensemble.features(X), np.mean([n.predict(X) for n in linear_networks(ensemble)], axis=0)
        if kind != "number":
            log_p = blending.logarithms(said, np)
            np.testing.assert_allclose(log_p, ensemble.linear.logarithms(A), rtol=1e-9)
        else:
            np.testing.assert_allclose(said[:, 0], ensemble.linear.predict(A), rtol=1e-9)


def test_outputs_one_by_one_are_put_in_order_as_sorting_does():
    z = np.random.default_rng(0).normal(size=(50, 7))
    one_by_one = np.stack(quantiles.ordered(list(z.T), np), axis=1)
    assert (one_by_one == quantiles.rearranged(z, np)).all()


@pytest.mark.filterwarnings("ignore:no column of X tells")
def test_what_learnt_nothing_is_not_exported(tmp_path):
    model = tasou.TableRegressor()
    with pytest.raises(TasouError, match="not fitted"):
        tasou.export(model, tmp_path / "m.py")
    model.fit({"same": ["a"] * 30}, np.arange(30.0))
    with pytest.raises(TasouError, match="learnt nothing"):
        tasou.export(model, tmp_path / "m.py")
