"""The glass box holds for an ensemble: every member, and how their answers become one, is open to who wants to see."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.pipeline import make_pipeline

import tasou
from tasou import TableClassifier, TableRegressor, diagnose, language, plots
from tasou.errors import OutOfRange, TasouError
from tasou.models.table_model import TableModel
from tasou.tables import Table, infer
from tasou.tabular.wish import Wish

N = 240
RNG = np.random.default_rng(0)
X = pd.DataFrame(
    {
        "size": np.where(RNG.random(N) < 0.1, np.nan, RNG.exponential(size=N)),
        "age": RNG.normal(size=N),
        "town": RNG.choice(["Kyoto", "Nara", "Osaka"], N),
    }
)
NUMBERS = np.nan_to_num(X["size"].to_numpy()) + (X["town"] == "Nara") + 0.1 * RNG.normal(size=N)
CLASSES = np.where(NUMBERS > 1, "high", "low")


@pytest.fixture(scope="module")
def classifier():
    return TableClassifier("fast", random_state=0).fit(X, CLASSES)


@pytest.fixture(scope="module")
def regressor():
    return TableRegressor("fast", random_state=0).fit(X, NUMBERS)


@pytest.fixture(scope="module")
def model():
    """What ``tasou train`` makes."""
    table = Table.from_frame(X.assign(y=CLASSES))
    return TableModel.fit(table, infer(table, "y"), Wish("fast"))


@pytest.mark.parametrize("name", ["classifier", "regressor", "model"])
def test_the_numbers_of_an_answer_follow_from_one_another(name, request):
    model = request.getfixturevalue(name)
    found, choice = model.forward(X[:5]), model.ensemble.choice if name == "model" else model.choice_
    assert found.members.shape[:2] == (8, 5)
    of_classes = name != "regressor"
    said = np.log(np.maximum(found.members, 1e-7)) if of_classes else found.members
    assert found.mean == pytest.approx(said.mean(axis=0))
    z = found.mean
    if found.second is not None:
        z = (1 - choice.w) * z + choice.w * found.second
    assert found.mixed == pytest.approx(z)
    if of_classes:
        e = np.exp(z / choice.temperature)
        assert found.y_hat == pytest.approx(e / e.sum(axis=1, keepdims=True))
        assert found.y_hat == pytest.approx(model.predict_proba(X[:5]), abs=1e-12)
    else:
        assert found.y_hat[:, 0] == pytest.approx(model.predict(X[:5]), abs=1e-12)


def test_an_answer_is_written_down_number_by_number(classifier):
    found = classifier.forward(X[:3])
    told = found.table(1, lang="en")
    assert str(told).splitlines()[0] == "How the answer for row 2 of 3 comes about"
    assert "member 8" in str(told) and "z̄ = mean of log p over 8 members" in str(told)
    assert f"{found.y_hat[1, 0]:.4g}" in str(told).splitlines()[-1]
    assert "3行中2行目の答えができるまで" in found.text(1, "ja")
    assert "<table>" in found._repr_html_()
    assert repr(found).startswith("Together(3 rows through 8 members")
    with pytest.raises(OutOfRange, match="no sample 3"):
        found.table(3).of.text(3)


def test_numbers_are_told_in_the_unit_of_the_target_at_the_end(regressor):
    told = regressor.forward(X[:1]).text(lang="en")
    assert "in the unit of the target" in told.splitlines()[-1]
    assert "temper" not in told


def test_a_member_shows_its_training_and_its_ledger(classifier):
    member = classifier.members_[2]
    assert (member.number, member.finished) == (3, "epochs")
    assert len(member.history) > 5 and len(member.kept_out) < N
    assert member.alone.loss > 0
    trace = member.forward(X[:4], CLASSES[:4])
    assert trace.loss > 0 and trace.table(sample=1, lang="en").text().startswith("sample 2 of 4")
    assert trace.y_hat == pytest.approx(member[-1].predict(member.rows(X[:4])), abs=1e-6)
    assert (member.predict(X) == CLASSES).mean() > 0.8
    assert len(str(repr(member))) < 320 and "polyline" in member._repr_html_()
    with language.use("ja"):
        assert "単独での損失" in classifier.members_.text()


@pytest.mark.parametrize("name", ["classifier", "regressor", "model"])
def test_plots_look_into_a_member_with_rows_of_the_table(name, request):
    model = request.getfixturevalue(name)
    y = NUMBERS if name == "regressor" else CLASSES
    member = (model.members if name == "model" else model.members_)[0]
    assert plots.network(member, lang="en", ax=Figure().subplots()).get_title().endswith("parameters")
    plots.weight_histogram(member, ax=Figure().subplots())
    plots.loss_landscape(member, X, y, resolution=3, ax=Figure().subplots())
    plots.unit_maps(member, X, features=("size", "age"), units=[0, 1], ax=Figure().subplots())
    curves = plots.loss_curve(model, lang="en", ax=Figure().subplots())
    assert len(curves.lines) >= 9 and "each of 8 members" in curves.get_legend_handles_labels()[1]
    if name != "regressor":
        ax = plots.decision_boundary(
            member, X, y, features=("size", "age"), ax=Figure().subplots(), lang="en"
        )
        assert "of 240 right" in ax.get_title()
    with pytest.raises(TasouError, match=r"ensemble of 8 networks.*members_\[0\]"):
        plots.network(model)


def test_a_diagnosis_of_the_whole_names_the_members(classifier):
    twice = X.assign(again=X["age"] * 2)
    pipeline = make_pipeline(TableClassifier("fast", random_state=0)).fit(twice, CLASSES)
    found = diagnose(pipeline, twice, CLASSES)
    assert found.codes == ["T015"]
    assert "all 8 members, e.g. the first: " in found.text("en") and "again" in found.text("en")
    assert "全 8 メンバー" in found.text("ja")
    assert diagnose(pipeline[-1].members_[1], twice, CLASSES).codes == ["T015"]
    assert diagnose(classifier).healthy


def test_what_swings_by_plan_is_healthy(regressor):
    assert diagnose(regressor, X, NUMBERS).healthy


def test_an_only_network_is_meant_where_one_is_wanted():
    model = TableClassifier("plain", random_state=0).fit(X, CLASSES)
    assert plots.network(model, lang="en", ax=Figure().subplots()).get_title().endswith("parameters")
    assert plots.loss_curve(model, ax=Figure().subplots()).get_title()
    assert diagnose(model, X, CLASSES).healthy
    assert "softmax" not in model.forward(X[:1]).text(lang="en")
    assert model.forward(X[:3]).y_hat == pytest.approx(model.predict_proba(X[:3]))


def test_a_file_keeps_its_inside(classifier, model, tmp_path):
    for each, name in ((classifier, "a.tasou"), (model, "b.tasou")):
        tasou.save(each, tmp_path / name)
        found = tasou.load(tmp_path / name)
        assert found.forward(X[:2]).text(lang="en") == each.forward(X[:2]).text(lang="en")
        assert diagnose(found, X, CLASSES).healthy


def test_a_notebook_says_nothing_of_what_was_not_chosen(regressor):
    page = regressor._learnt_html()
    assert "temperature" not in page and "mean of all members" in page
    assert TableRegressor("fast").look_inside() is None
