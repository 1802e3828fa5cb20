"""A table model: rows with names in, answers in their unit out; saved, loaded, interrupted, scored."""

import json

import numpy as np
import pytest

import tasou
from tasou.errors import ModelFileError, TableError, TasouError
from tasou.formats.model_file import read_model, write_model
from tasou.models.importances import importances_of
from tasou.models.scores import of_classes, of_numbers
from tasou.models.table_model import TableModel
from tasou.tables import Table, infer
from tasou.tabular.plain import Settings

N = 300
RNG = np.random.default_rng(5)
X = RNG.normal(size=(N, 2))
KIND = np.array(["a", "b", "c"])[RNG.integers(0, 3, N)]
COLUMNS = {
    "x": X[:, 0],
    "noise": X[:, 1],
    "kind": KIND,
    "two": np.where(X[:, 0] + (KIND == "a") > 0.3, "はい", "いいえ"),
    "three": np.digitize(X[:, 0], [-0.5, 0.5]) + 7,
    "price": np.exp(3 + X[:, 0] + (KIND == "b")),
}
QUICK = Settings(hidden=(16,), epochs=30, lr=0.01, dropout=0.0)


def fitted(target, settings=QUICK, **options):
    table = Table({n: COLUMNS[n] for n in ("x", "noise", "kind", target)})
    return table, TableModel.fit(table, infer(table, target), settings, **options)


def test_two_classes():
    table, model = fitted("two")
    assert repr(model.network).startswith("Network(5 → 16 relu → 1 sigmoid")
    assert (model.predict(table) == table["two"]).mean() > 0.9
    P = model.predict_proba(table)
    assert P.shape == (N, 2) and np.allclose(P.sum(axis=1), 1)
    assert model.goal.classes == ("いいえ", "はい")


def test_three_classes_keep_their_type():
    table, model = fitted("three")
    assert model.predict(table).dtype == np.int64 and set(model.predict(table)) <= {7, 8, 9}
    assert model.evaluate(table).values["accuracy"] > 0.85


def test_a_number_comes_back_in_its_unit():
    table, model = fitted("price")
    assert model.goal.scaling.unit is not None
    scores = model.evaluate(table)
    assert scores.values["r2"] > 0.9 and scores.baseline["r2"] == pytest.approx(0)
    with pytest.raises(TasouError, match="'price' is a number, not a class"):
        model.predict_proba(table)


def test_prediction_reads_frames_and_needs_no_target():
    table, model = fitted("two")
    frame = {name: table[name][:3] for name in ("kind", "noise", "x")}
    assert model.predict(frame).tolist() == model.predict(table)[:3].tolist()
    with pytest.raises(TableError, match="lacks the column 'x'"):
        model.predict({"kind": ["a"], "noise": [0.0]})


def test_the_same_seed_gives_the_same_network():
    one, two, other = (fitted("two", Settings(hidden=(4,), epochs=3, seed=s))[1] for s in (1, 1, 2))
    assert (one.network.theta == two.network.theta).all()
    assert (one.network.theta != other.network.theta).any()


def test_rows_without_target_are_left_out():
    table = Table({"x": X[:, 0], "y": np.where(np.arange(N) % 3 == 0, "", COLUMNS["two"])})
    assert TableModel.fit(table, infer(table, "y"), QUICK).rows == 200


def test_interruption_keeps_what_was_learnt():
    def interrupt(training):
        if len(training.history) == 4:
            raise KeyboardInterrupt

    table, model = fitted("two", callbacks=[interrupt])
    assert model.finished == "interrupted" and len(model.history["loss"]) == 4
    assert len(model.predict(table)) == N


@pytest.mark.parametrize("target", ["two", "three", "price"])
def test_saved_and_loaded_it_predicts_the_same(tmp_path, target):
    table, model = fitted(target, Settings(hidden=(4,), epochs=80, patience=80))
    model.test = model.evaluate(table)
    tasou.save(model, tmp_path / "m.tasou")
    again = tasou.load(tmp_path / "m.tasou")
    assert (again.predict(table) == model.predict(table)).all()
    for name in ("preparation", "settings", "history", "finished", "rows", "baseline", "unused", "test"):
        assert getattr(again, name) == getattr(model, name), name


def test_any_safetensors_reader_reads_the_file(tmp_path):
    safetensors = pytest.importorskip("safetensors.numpy")
    _, model = fitted("two")
    tasou.save(model, tmp_path / "m.tasou")
    arrays = safetensors.load_file(tmp_path / "m.tasou")
    assert (arrays["W1"] == model.network[1].W).all()


def test_the_file_holds_no_row(tmp_path):
    table = Table({"x": X[:, 0], "secret": [f"name-{i}" for i in range(N)], "y": COLUMNS["two"]})
    tasou.save(TableModel.fit(table, infer(table, "y"), QUICK), tmp_path / "m.tasou")
    assert b"name-1" not in (tmp_path / "m.tasou").read_bytes()


def test_a_rare_name_does_not_stand_in_the_file(tmp_path):
    names = ["Tokyo", "Osaka"] * (N // 2 - 1) + ["Zoe", "Kim"]
    table = Table({"x": X[:, 0], "name": names, "y": COLUMNS["two"]})
    tasou.save(TableModel.fit(table, infer(table, "y"), QUICK), tmp_path / "m.tasou")
    content = (tmp_path / "m.tasou").read_bytes()
    assert b"Osaka" in content and b"Zoe" not in content and b"Kim" not in content


DAMAGES = {
    "column 1: field 'scale' must be a number above zero": lambda d: d["preparation"]["columns"][0].update(
        scale=-1
    ),
    "model.settings lacks 'lr'": lambda d: d["settings"].pop("lr"),
    "model.settings.epochs is 'rm', not of type integer": lambda d: d["settings"].update(epochs="rm"),
    "dropout must be a number >= 0 and < 1": lambda d: d["settings"].update(dropout=2),
    "unknown schedule 'cosinus': did you mean 'cosine'": lambda d: d["settings"].update(schedule="cosinus"),
    "the network takes and gives .5, 1. numbers per row": lambda d: d["preparation"]["columns"].pop(),
    "the baseline in the file has 3 numbers": lambda d: d["baseline"].append(0.5),
    "the distributions in the file are not": lambda d: d["marginals"]["fields"]["columns"].update(
        items=["a", "b", "c"]
    ),
    "differ in number from their values": lambda d: d["marginals"]["fields"].update(
        columns=d["marginals"]["fields"]["kinds"] | {"shape": [1], "items": ["x"]}
    ),
    "the Marginals in the file cannot be read": lambda d: d.update(marginals={"type": "tuple", "items": []}),
    "the preparation in the file has no target": lambda d: d["preparation"].update(target=None),
}


@pytest.mark.parametrize("message", DAMAGES)
def test_a_damaged_description_is_refused_in_words(tmp_path, message):
    _, model = fitted("two", Settings(hidden=(4,), epochs=2))
    tasou.save(model, tmp_path / "m.tasou")
    contents = read_model(tmp_path / "m.tasou")
    description = json.loads(json.dumps(contents.model))
    DAMAGES[message](description)
    write_model(tmp_path / "m.tasou", "table", description, contents.tensors)
    with pytest.raises(ModelFileError, match=message):
        tasou.load(tmp_path / "m.tasou")


def test_importances_find_the_column_that_matters_on_rows_given_or_kept_out():
    table, model = fitted("three")
    lost = importances_of(model, table)
    assert lost.names[0] == "x" and lost.low[0] > 0.3 and abs(lost.as_dict()["noise"]) < 0.1
    out = importances_of(model, table, learnt_from=True)
    assert out.kept_out and out.n < lost.n and out.names[0] == "x"


def test_a_file_that_held_counts_of_the_columns_alone_still_tells_what_lies_outside(tmp_path):
    _, model = fitted("two", Settings(hidden=(4,), epochs=2))
    tasou.save(model, tmp_path / "m.tasou")
    contents = read_model(tmp_path / "m.tasou")
    description = json.loads(json.dumps(contents.model))
    del description["marginals"]
    for column in description["preparation"]["columns"]:
        column["seen"] = {"rows": 80, "missing": 8, "low": -2.0, "high": 2.0}
    write_model(tmp_path / "m.tasou", "table", description, contents.tensors)
    seen = tasou.load(tmp_path / "m.tasou").preparation.seen
    assert seen is not None and not seen.whole and seen[0].missing == 0.1
    assert seen[0].beyond(np.array([-3.0, 0.0, 2.5])).tolist() == [True, False, True]


def test_scores_of_classes_agree_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    y = RNG.integers(0, 2, 50)
    p = np.round(RNG.uniform(size=50), 1)
    values = of_classes(y, np.column_stack([1 - p, p]), np.array([0.5, 0.5]), 0).values
    assert values["auc"] == pytest.approx(metrics.roc_auc_score(y, p))
    assert values["balanced_accuracy"] == pytest.approx(metrics.balanced_accuracy_score(y, p > 0.5))


def test_scores_of_numbers_agree_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    y, p = RNG.normal(size=(2, 40))
    values = of_numbers(y, p, 0.0).values
    assert values["r2"] == pytest.approx(metrics.r2_score(y, p))
    assert values["rmse"] == pytest.approx(metrics.root_mean_squared_error(y, p))


def test_four_rows_are_enough():
    table = Table({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "xor": ["no", "yes", "yes", "no"]})
    model = TableModel.fit(table, infer(table, "xor"))
    assert model.predict(table).tolist() == ["no", "yes", "yes", "no"]


def test_a_file_from_before_a_setting_was_there_is_read_with_its_default(tmp_path):
    _, model = fitted("two", Settings(hidden=(4,), epochs=2, seed=3))
    tasou.save(model, tmp_path / "m.tasou")
    contents = read_model(tmp_path / "m.tasou")
    description = json.loads(json.dumps(contents.model))
    first = (
        "hidden",
        "activation",
        "epochs",
        "lr",
        "batch_size",
        "dropout",
        "l2",
        "validation",
        "patience",
        "seed",
    )
    description["settings"] = {name: description["settings"][name] for name in first}
    write_model(tmp_path / "m.tasou", "table", description, contents.tensors)
    assert tasou.load(tmp_path / "m.tasou").settings == model.settings


def test_a_setting_that_a_newer_version_has_added_is_passed_over(tmp_path):
    table, model = fitted("two", Settings(hidden=(4,), epochs=2))
    tasou.save(model, tmp_path / "m.tasou")
    contents = read_model(tmp_path / "m.tasou")
    description = json.loads(json.dumps(contents.model))
    description["settings"]["averaging"] = {"type": "polyak"}
    write_model(tmp_path / "m.tasou", "table", description, contents.tensors)
    again = tasou.load(tmp_path / "m.tasou")
    assert again.settings == model.settings and (again.predict(table) == model.predict(table)).all()


def test_the_validation_loss_weighs_the_classes_as_the_training_loss_does():
    """A network that always says the same has the loss log 2 on balanced classes, however rare one of them is."""
    rare = np.where(np.arange(N) % 10 == 0, "rare", "usual")
    table = Table({"x": np.zeros(N), "y": rare, "z": np.arange(N) % 7})
    settings = Settings(hidden=(), epochs=1, lr=1e-9, init="zeros", class_weight="balanced")
    model = TableModel.fit(table, infer(table, "y"), settings)
    assert model.history["loss"][0] == pytest.approx(np.log(2))
    assert model.history["validation_loss"][0] == pytest.approx(np.log(2))


def test_a_table_is_learnt_by_lbfgs():
    table, model = fitted("two", Settings(hidden=(), optimizer="lbfgs", tol=1e-4))
    assert model.finished == "converged" and model.evaluate(table).values["accuracy"] > 0.9
