"""Estimators of tables in files: the same answers, out of fold too; small on request, and nothing of it is executed."""

import json
import os

import numpy as np
import pytest

import tasou
from tasou import TableClassifier, TableRegressor
from tasou.errors import ModelFileError
from tasou.formats.model_file import read_model, write_model
from tasou.models.verify import verify

N = 120
RNG = np.random.default_rng(3)
X = {
    "x": RNG.normal(size=N).round(3),
    "kind": RNG.choice(["a", "b", "ü"], N),
    "same": np.full(N, 7),
    "city": RNG.choice([f"town {i}" for i in range(30)], N),
}
Y = np.where(X["x"] + (X["kind"] == "a") > 0.3, "yes", "no")


@pytest.fixture(scope="module")
def classifier():
    return TableClassifier("fast", random_state=0).fit(X, Y)


@pytest.fixture(scope="module")
def regressor():
    return TableRegressor("fast", random_state=0).fit(X, np.stack([X["x"], -3 * X["x"]], axis=1))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "m.tasou"


def again(model, path):
    tasou.save(model, path)
    return tasou.load(path)


def test_a_classifier_says_the_same_from_its_file(classifier, path):
    found = again(classifier, path)
    assert (found.predict_proba(X) == classifier.predict_proba(X)).all()
    assert np.array_equal(found.oof_proba_, classifier.oof_proba_, equal_nan=True)
    assert found.roles_.table() == classifier.roles_.table()
    assert found.roles_.table("ja") == classifier.roles_.table("ja")
    assert found.choice_ == classifier.choice_
    assert found._ensemble.singles == classifier._ensemble.singles
    assert [said.text("ja") for said in found.effort_] == [said.text("ja") for said in classifier.effort_]
    assert found.get_params() == classifier.get_params()
    assert found.feature_names_in_.tolist() == list(X) and found.score(X, Y) == classifier.score(X, Y)
    assert verify(path).exact and verify(path).rows == 12


def test_several_numbers_come_back_from_a_file(regressor, path):
    found = again(regressor, path)
    assert (found.predict(X) == regressor.predict(X)).all()
    assert np.array_equal(found.oof_prediction_, regressor.oof_prediction_, equal_nan=True)


def test_intervals_quantiles_and_thresholds_come_back_from_a_file(path):
    model = TableRegressor("fast", loss="quantile", random_state=0).fit(X, X["x"])
    found = again(model, path)
    assert (found.predict(X) == model.predict(X)).all()
    assert (found.predict_interval(X, 0.8) == model.predict_interval(X, 0.8)).all()
    model = TableClassifier("fast", random_state=0, threshold="balanced").fit(X, Y)
    found = again(model, path)
    assert found.threshold_ == model.threshold_ and found.calibration_.error == model.calibration_.error
    assert list(map(str, found.notes_)) == list(map(str, model.notes_))


def test_a_linear_model_of_three_classes_is_blended_and_comes_back_from_a_file(path):
    rows = RNG.normal(size=(150, 6))
    y = (rows @ RNG.normal(size=(6, 3)) + 0.3 * RNG.gumbel(size=(150, 3))).argmax(axis=1)
    model = TableClassifier("fast", random_state=0).fit(rows, y)
    assert model.choice_.w > 0 and model._ensemble.linear.w.ndim == 3  # classes that lie linearly
    assert min(model.importances_.mean) > 0  # each row is asked of the fold model that has not seen it
    told = model.contributions(rows[:2])
    assert told.base + told.values.sum(axis=1) == pytest.approx(told.answer)
    found = again(model, path)
    assert (found.predict_proba(rows) == model.predict_proba(rows)).all()
    assert np.array_equal(found.oof_proba_, model.oof_proba_, equal_nan=True) and verify(path).exact
    assert tasou.save(model, path, float16=True) < 0.01 and verify(path).exact
    contents = read_model(path)
    tensors = {**contents.tensors, "linear.w": contents.tensors["linear.w"][:, 0]}
    write_model(path, contents.kind, contents.model, tensors)
    with pytest.raises(ModelFileError, match=r"linear\.w"):
        tasou.load(path)


@pytest.mark.parametrize("target", [Y, np.digitize(X["x"], [-1, 1]), (X["x"][:, None] > [0, 1]).astype(int)])
def test_the_plain_preset_is_one_network_in_a_file_too(target, path):
    model = TableClassifier("plain", random_state=0).fit(X, target)
    assert len(model.members_) == 1
    assert (again(model, path).predict_proba(X) == model.predict_proba(X)).all()


def test_an_estimator_that_was_given_an_array_or_nothing_to_learn_from(path):
    rows = np.column_stack([X["x"], X["x"] ** 2])
    model = TableRegressor("fast", random_state=0).fit(rows, X["x"])
    assert (again(model, path).predict(rows) == model.predict(rows)).all()
    with pytest.warns(match="no column of X tells anything"):
        model = TableRegressor("fast").fit({"same": X["same"]}, X["x"])
    assert (again(model, path).predict({"same": X["same"]}) == model.predict({"same": X["same"]})).all()


def test_float16_halves_the_file_and_says_what_it_costs(classifier, path):
    tasou.save(classifier, path)
    size = os.path.getsize(path)
    cost = tasou.save(classifier, path, float16=True)
    assert os.path.getsize(path) < 0.6 * size
    assert 0 < cost < 1e-3 and read_model(path).model["float16"]["change"] == cost
    small = tasou.load(path)
    assert np.abs(small.predict_proba(X) - classifier.predict_proba(X)).max() < 10 * cost
    assert small.members_[0][0].dtype == "float32" and verify(path).exact


def test_float16_is_for_ensembles_and_for_numbers_that_it_can_hold(classifier, path):
    with pytest.raises(
        ModelFileError, match="float16 is for ensembles of tables; a Network is saved as it is"
    ):
        tasou.save(tasou.Network((2, 1), rng=0), path, float16=True)
    network = classifier.members_[0][0]
    kept = network.theta.copy()
    network.theta[-1] = 1e5
    with pytest.raises(ModelFileError, match=r"holds 100000.0, which float16 cannot hold"):
        tasou.save(classifier, path, float16=True)
    network.theta[...] = kept
    assert not path.exists()


@pytest.mark.apart
def test_thousands_of_columns_with_edges_fit_into_a_file(path):
    """Edges of bins lie in arrays: the header, of a limited size, holds the columns' names alone."""
    from tasou.models import ensemble_state
    from tasou.tables.kind import Kind
    from tasou.tabular.aims import Classes
    from tasou.tabular.ensemble import Ensemble
    from tasou.tabular.networks import Group
    from tasou.training import Recipe

    n = 2_000
    edges = {j: tuple(np.linspace(0, j + 1, 65).tolist()) for j in range(n)}
    group = Group((Kind("number"),) * n, edges)
    network = group.network(Classes(2), Recipe(hidden=(2,)), "float32", 0)
    tensors = {}
    described = ensemble_state.describe(Ensemble.alone(network, Classes(2), {}, "epochs"), tensors)
    assert len(json.dumps(described)) < 100 * n
    rows = np.full((1, n), 0.5, np.float32)
    found = ensemble_state.rebuild(described, tensors, group.kinds)
    assert (found.members[0][0].predict(rows) == network.predict(rows)).all()


DAMAGES = {
    "is 'MLPClassifier'; known: TableClassifier, TableRegressor": lambda d: d.update(
        estimator="MLPClassifier"
    ),
    "no fitted attribute: 'predict'": lambda d: d["fitted"].update(predict=1),
    "no fitted attribute: '__class__'": lambda d: d["fitted"].update({"__class__": 1}),
    "cannot be built here: '_ensemble'": lambda d: d["fitted"].update(_ensemble=1),
    "ensemble.aim.name is 'Recipe'": lambda d: d["ensemble"]["aim"].update(name="Recipe"),
    "unexpected keyword argument 'lr'": lambda d: d["ensemble"]["aim"]["made_with"].update(lr=1),
    "the file has no array 'members2": lambda d: d["ensemble"]["forms"].append(d["ensemble"]["forms"][0]),
    "the network needs float32 of shape": lambda d: d["ensemble"].update(moments=10**9),
    "of shape .8, .*; the network needs": lambda d: d["ensemble"]["forms"][0].update(members=5),
    "a member takes and gives": lambda d: d["preparation"]["columns"].pop(),
    "the linear model is of form 7, but there is 1": lambda d: d["ensemble"].update(
        linear={"form": 7, "penalty": 1.0}
    ),
    "unreadable value|not of type": lambda d: d["ensemble"]["histories"].append({"loss": {"type": "eval"}}),
    "model.roles.columns.0..role is 'spy'": lambda d: d["roles"]["columns"][0].update(role="spy"),
    "ensemble lacks 'choice'": lambda d: d["ensemble"].pop("choice"),
    "ensemble.choice.w is 'all'": lambda d: d["ensemble"]["choice"].update(w="all"),
    "the ensemble in the file cannot be built here": lambda d: d["ensemble"].update(
        oof={"n": 3, "held": [1]}
    ),
}


@pytest.mark.parametrize("message", DAMAGES)
def test_a_hostile_file_is_refused_in_words(classifier, path, message):
    tasou.save(classifier, path)
    contents = read_model(path)
    description = json.loads(json.dumps(contents.model))
    DAMAGES[message](description)
    write_model(path, contents.kind, description, contents.tensors)
    with pytest.raises(ModelFileError, match=message):
        tasou.load(path)


def test_what_a_file_says_of_a_column_fills_in_nothing(classifier, path):
    tasou.save(classifier, path)
    contents = read_model(path)
    description = json.loads(json.dumps(contents.model))
    description["roles"]["columns"][0]["because"]["en"] = "{en.__class__} {0}"
    write_model(path, contents.kind, description, contents.tensors)
    assert tasou.load(path).roles_.columns[0].why("en") == "{en.__class__} {0}"


def test_a_class_of_the_users_own_is_refused(path):
    class Own(TableClassifier):
        pass

    with pytest.raises(ModelFileError, match="cannot save a Own"):
        tasou.save(Own("fast").fit(X, Y), path)
    with pytest.raises(ModelFileError, match="this TableClassifier is not fitted yet"):
        tasou.save(TableClassifier(), path)
