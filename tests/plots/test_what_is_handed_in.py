"""All pictures take what fit takes, and say in one line what they cannot draw, before any work."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from matplotlib.figure import Figure
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier as Foreign
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import tasou
from tasou import MLPClassifier, MLPRegressor, Network, plots
from tasou.errors import TasouError

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 2))
Y = (X[:, 0] > 0).astype(int)


def fitted(X=X, y=Y, **options):
    return MLPClassifier((4,), max_iter=5, random_state=0, **options).fit(X, y)


def axes():
    return Figure(figsize=(4, 3), dpi=50).subplots()


WITH_LABELS = {
    "decision_boundary": lambda m, X, y: plots.decision_boundary(
        m, X, y, ax=axes(), resolution=10, lang="en"
    ),
    "confusion": lambda m, X, y: plots.confusion(m, X, y, ax=axes(), lang="en"),
    "space_warp": lambda m, X, y: plots.space_warp(m, X, y, ax=axes(), resolution=10, lang="en"),
    "unit_maps": lambda m, X, y: plots.unit_maps(m, X, y, ax=axes(), resolution=10, lang="en"),
    "loss_landscape": lambda m, X, y: plots.loss_landscape(m, X, y, ax=axes(), resolution=5, lang="en"),
}
every = pytest.mark.parametrize("draw", WITH_LABELS.values(), ids=WITH_LABELS)


def seen(ax):
    """What a picture shows, as numbers: of all its axes the lines, points and images."""
    parts = [line.get_xydata() for a in ax.figure.axes for line in a.lines]
    parts += [np.asarray(c.get_offsets()) for a in ax.figure.axes for c in a.collections]
    parts += [np.asarray(i.get_array()) for a in (*ax.figure.axes, *ax.child_axes) for i in a.images]
    return ax.get_title(), [part.round(9).tolist() for part in parts]


@every
@pytest.mark.parametrize(
    "y",
    [Y[:, None], pd.DataFrame({"y": Y}), pd.Series(Y, dtype="Int64"), Y.tolist()],
    ids=["n1", "frame", "Int64", "list"],
)
def test_y_is_taken_as_fit_takes_it(draw, y):
    assert seen(draw(fitted(), X, y)) == seen(draw(fitted(), X, Y))


@every
@pytest.mark.parametrize("missing", [np.nan, None, pd.NA], ids=repr)
def test_rows_without_a_label_are_named(draw, missing):
    y = Y.astype(object)
    y[7] = missing
    with pytest.raises(TasouError, match=r"y misses values: 1 of 60 rows has none \(the first is row 7"):
        draw(fitted(), X, y)


@every
def test_sparse_rows_are_drawn_as_dense_ones_are(draw):
    model = fitted(sp.csr_matrix(X))
    assert seen(draw(model, sp.csr_matrix(X), Y)) == seen(draw(model, X, Y))


def test_a_wide_sparse_table_is_asked_about_sparsely(monkeypatch):
    wide = sp.hstack([X, sp.random(60, 3000, density=0.01, random_state=0)], format="csr")
    model, asked = fitted(wide), []
    predict = model.predict
    monkeypatch.setattr(model, "predict", lambda rows: asked.append(rows) or predict(rows))
    plots.decision_boundary(model, sp.csc_array(wide), Y, ax=axes(), resolution=50, lang="en")
    assert all(hasattr(rows, "tocsr") and rows.nnz < 10_000 for rows in asked)


@every
@pytest.mark.parametrize("dtype", ["Float64", "double[pyarrow]", object])
def test_columns_of_any_numeric_type_are_drawn(draw, dtype):
    frame = pd.DataFrame(X, columns=["w", "h"])
    model = fitted(frame)
    assert seen(draw(model, frame.astype(dtype), Y)) == seen(draw(model, frame, Y))


@every
def test_a_pipeline_and_a_search_stand_for_the_estimator_inside(draw):
    pipeline = make_pipeline(StandardScaler(), MLPClassifier((4,), max_iter=5, random_state=0)).fit(X, Y)
    search = GridSearchCV(pipeline, {"mlpclassifier__alpha": [0.1]}, cv=2).fit(X, Y)
    for model in (pipeline, search):
        assert draw(model, X, Y).get_title()


def test_losses_weights_and_diagrams_are_those_of_the_estimator_inside():
    inner = fitted(StandardScaler().fit_transform(X))
    pipeline = make_pipeline(StandardScaler(), MLPClassifier((4,), max_iter=5, random_state=0)).fit(X, Y)
    search = GridSearchCV(MLPClassifier((4,), max_iter=5, random_state=0), {"alpha": [0.1]}, cv=2).fit(X, Y)
    for draw in (plots.loss_curve, plots.network, plots.weight_histogram):
        assert (
            draw(pipeline, ax=axes(), lang="en").get_title() == draw(inner, ax=axes(), lang="en").get_title()
        )
        assert draw(search, ax=axes(), lang="en").get_title()
        with pytest.raises(TasouError, match="not fitted yet; call fit first"):
            draw(make_pipeline(StandardScaler(), MLPClassifier()), ax=axes())
    target = TransformedTargetRegressor(MLPRegressor(max_iter=5), transformer=StandardScaler()).fit(
        X, X[:, 0]
    )
    assert plots.loss_curve(target, ax=axes(), lang="en").get_title().endswith("5 epochs")


@pytest.mark.parametrize(
    "model",
    [MLPRegressor(max_iter=5), LinearRegression(), make_pipeline(StandardScaler(), RandomForestRegressor(2))],
)
def test_a_regressor_has_no_decision_boundary_and_is_not_asked(model, monkeypatch):
    model.fit(X, X[:, 0])
    monkeypatch.setattr(type(model), "predict", lambda *_: pytest.fail("asked"))
    for draw in (WITH_LABELS["decision_boundary"], WITH_LABELS["confusion"]):
        with pytest.raises(TasouError, match="tells numbers, not classes"):
            draw(model, X, X[:, 0])


def test_measured_numbers_are_no_classes():
    with pytest.raises(TasouError, match=r"y holds numbers such as -?0\.\d+, not classes"):
        WITH_LABELS["decision_boundary"](Network((2, 3, 1), loss="squared_error", rng=0), X, X[:, 0])


@pytest.mark.parametrize("name", ["decision_boundary", "confusion", "space_warp", "loss_landscape"])
def test_labels_of_another_type_are_not_drawn_as_other_classes(name):
    with pytest.raises(TasouError, match=r"y holds '[01]', which is none of the classes 0, 1"):
        WITH_LABELS[name](fitted(), X, Y.astype(str))


FILMS = {
    "MLPRegressor tells numbers": (MLPRegressor(), X, Y),
    "scikit-learn's estimators": (Foreign(), X, Y),
    "no partial_fit": (MLPClassifier(solver="lbfgs"), X, Y),
    "y misses values": (MLPClassifier(), X, np.r_[np.nan, Y[1:]]),
    "a plane needs rows of two features": (MLPClassifier(), X[:, :1], Y),
    "not classes": (Network((2, 3, 1), loss="squared_error"), X, X[:, 0]),
}


@pytest.mark.parametrize("words", FILMS)
def test_what_cannot_be_filmed_is_refused_before_the_training(words, tmp_path, monkeypatch):
    source, rows, y = FILMS[words]
    monkeypatch.setattr(plots.animate_training.__globals__["_train"], "__code__", (lambda *_: 1 / 0).__code__)
    with pytest.raises(TasouError, match=words):
        plots.animate_training(source, rows, y, tmp_path / "a.gif", epochs=2, frames=2)
    assert list(tmp_path.iterdir()) == []


# --- the diagnosis takes the same ------------------------------------------------------------------------------------

FRAME = pd.DataFrame(X, columns=["w", "h"])
KINDS = {
    "get_dummies": pd.concat(
        [FRAME, pd.get_dummies(pd.Series(np.array(["A", "B", "C"])[np.arange(60) % 3]))], axis=1
    ),
    "Float64": FRAME.astype("Float64"),
    "Int64": FRAME.assign(n=pd.array((X[:, 0] * 9).astype(int), dtype="Int64")),
    "boolean": FRAME.assign(b=pd.array(X[:, 0] > 0, dtype="boolean")),
    "object": FRAME.astype(object),
    "Arrow": FRAME.astype("double[pyarrow]"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "model",
    [
        MLPClassifier((4,), max_iter=5),
        MLPClassifier((4,), max_iter=5, scale="auto"),
        tasou.LogisticRegression(),
        tasou.Perceptron(),
    ],
    ids=["mlp", "scaled", "logistic", "perceptron"],
)
def test_columns_of_any_type_have_the_findings_of_the_same_numbers(kind, model):
    frame, floats = KINDS[kind], KINDS[kind].astype(float)
    model.fit(frame, Y)
    found = tasou.diagnose(model, frame, Y, validation=(frame, Y))
    assert found.text("en") == tasou.diagnose(model, floats, Y, validation=(floats, Y)).text("en")
    assert tasou.diagnose(model, frame) is not None


def test_a_text_in_a_column_is_named():
    with pytest.raises(TasouError, match=r"X must be numbers; column 'h' holds '12px'"):
        tasou.diagnose(fitted(), FRAME.astype(object).replace({"h": {X[3, 1]: "12px"}}), Y)


def test_scikit_learns_mlp_has_the_findings_of_ours():
    options = {"hidden_layer_sizes": (4,), "alpha": 1e4, "max_iter": 30, "random_state": 0}
    ours, foreign = MLPClassifier(**options).fit(X, Y), Foreign(**options).fit(X, Y)
    assert tasou.diagnose(foreign, X, Y).codes == tasou.diagnose(ours, X, Y).codes
    assert "T020" in tasou.diagnose(make_pipeline(StandardScaler(), Foreign(**options)).fit(X, Y), X, Y).codes
    assert isinstance(tasou.diagnose(foreign), tasou.diagnostics.Diagnosis)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (LinearRegression().fit(X, Y), "cannot diagnose a LinearRegression"),
        (RandomForestRegressor(2).fit(X, Y), "cannot diagnose a RandomForestRegressor"),
        (MLPRegressor(), "this MLPRegressor is not fitted yet"),
        (make_pipeline(StandardScaler(), Foreign()), "this MLPClassifier is not fitted yet"),
        ([{"loss": 1.0}], "a list of losses must be numbers"),
        ("loss", "cannot diagnose a str"),
    ],
)
def test_what_has_nothing_to_diagnose_is_told_what_to_give(subject, words):
    with pytest.raises(TasouError, match=words):
        tasou.diagnose(subject)


def test_losses_may_be_an_array():
    assert (
        tasou.diagnose(np.linspace(1, 0.5, 50)).codes
        == tasou.diagnose(np.linspace(1, 0.5, 50).tolist()).codes
    )
