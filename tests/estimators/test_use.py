"""Estimators in daily use: pipelines and searches, frames, labels, copies, several outputs, sparse rows, weights."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.fixes import parse_version

from tasou import LogisticRegression, MLPClassifier, MLPRegressor, Perceptron, SoftmaxRegression, datasets

pytestmark = pytest.mark.filterwarnings("ignore:.*(converge|Maximum).*")

IRIS, SPECIES = load_iris(return_X_y=True)
IRIS = StandardScaler().fit_transform(IRIS)
POLARS_NAMES = hasattr(pl.DataFrame, "__dataframe__") or parse_version(sklearn.__version__) >= parse_version(
    "1.9"
)
"""older scikit-learn reads the names of a polars frame by a way that newer polars has closed"""
NAMES = np.array(["setosa", "versicolor", "virginica"])

CLASSIFIERS = [
    MLPClassifier((8,), learning_rate_init=0.02, max_iter=60, random_state=0),
    MLPClassifier((8,), solver="lbfgs", max_iter=50, random_state=0),
    LogisticRegression(),
    SoftmaxRegression(),
    SoftmaxRegression(solver="gd", max_iter=300, random_state=0),
    Perceptron(),
]
REGRESSOR = MLPRegressor(hidden_layer_sizes=(8,), learning_rate_init=0.02, max_iter=60, random_state=0)
every_classifier = pytest.mark.parametrize(
    "model", CLASSIFIERS, ids=lambda m: f"{type(m).__name__}-{getattr(m, 'solver', '')}"
)
every_model = pytest.mark.parametrize(
    "model", [*CLASSIFIERS, REGRESSOR], ids=lambda m: f"{type(m).__name__}-{getattr(m, 'solver', '')}"
)


def answers(model, X):
    return model.predict_proba(X) if hasattr(model, "predict_proba") else model.predict(X)


# --- it really learns ------------------------------------------------------------------------------------------


@every_classifier
def test_it_learns_iris(model):
    train, test, y_train, y_test = train_test_split(IRIS, SPECIES, random_state=1, stratify=SPECIES)
    assert clone(model).fit(train, y_train).score(test, y_test) >= (
        0.7 if isinstance(model, Perceptron) else 0.92
    )


def test_it_learns_digits():
    X, y = load_digits(return_X_y=True)
    train, test, y_train, y_test = train_test_split(X / 16, y, random_state=0)
    assert (
        MLPClassifier((40,), max_iter=40, learning_rate_init=0.005, random_state=0)
        .fit(train, y_train)
        .score(test, y_test)
        > 0.95
    )


@pytest.mark.parametrize("solver", ["adam", "lbfgs", "sgd"])
def test_it_learns_diabetes(solver):
    X, y = load_diabetes(return_X_y=True)
    X, y = StandardScaler().fit_transform(X), (y - y.mean()) / y.std()
    train, test, y_train, y_test = train_test_split(X, y, random_state=0)
    mlp = MLPRegressor(
        hidden_layer_sizes=(8,),
        solver=solver,
        alpha=30.0,
        max_iter=150,
        learning_rate_init=0.01,
        random_state=0,
    )
    assert mlp.fit(train, y_train).score(test, y_test) > 0.3


# --- among scikit-learn's tools ----------------------------------------------------------------------------------


@every_classifier
def test_in_a_pipeline_and_in_cross_validation(model):
    X = IRIS * [1, 100, 0.01, 10]
    scores = cross_val_score(make_pipeline(StandardScaler(), clone(model)), X, NAMES[SPECIES], cv=3)
    assert scores.shape == (3,) and scores.min() > 0.75


def test_in_a_grid_search():
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(solver="lbfgs", max_iter=30, random_state=0))
    grid = {"mlpclassifier__hidden_layer_sizes": [(), (4,)], "mlpclassifier__alpha": [1e-3, 1e4]}
    search = GridSearchCV(pipeline, grid, cv=3).fit(IRIS, SPECIES)
    assert search.best_params_["mlpclassifier__alpha"] == 1e-3 and search.best_score_ > 0.9
    assert search.best_estimator_.predict(IRIS).shape == (150,)


@every_model
def test_clone_copies_the_parameters_and_nothing_learnt(model):
    fitted = clone(model).fit(IRIS, SPECIES)
    fresh = clone(fitted)
    assert fresh.get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        fresh.predict(IRIS)


@every_model
def test_pickle_and_deepcopy_give_an_equal_and_separate_model(model):
    fitted = clone(model).fit(IRIS, SPECIES)
    before = answers(fitted, IRIS)
    for twin in (pickle.loads(pickle.dumps(fitted)), copy.deepcopy(fitted)):
        assert np.array_equal(answers(twin, IRIS), before)
        twin.coefs_[0][:] = 0  # into the copy's own memory …
        assert not np.array_equal(answers(twin, IRIS), before)
        assert np.array_equal(answers(fitted, IRIS), before)  # … not the original's


def test_a_pickle_holds_the_weights_once():
    fitted = MLPClassifier((200,), solver="sgd", momentum=0.0, max_iter=1, random_state=0).fit(IRIS, SPECIES)
    weights = sum(W.nbytes for W in (*fitted.coefs_, *fitted.intercepts_))
    assert len(pickle.dumps(fitted)) < 3.5 * weights + 8000


# --- what it takes -----------------------------------------------------------------------------------------------


@every_model
def test_frames_of_pandas_and_polars(model):
    columns = ["sepal length", "sepal width", "花弁の長さ", "petal width"]
    plain = answers(clone(model).fit(IRIS, SPECIES), IRIS)
    frames = [pd.DataFrame(IRIS, columns=columns), pl.DataFrame(dict(zip(columns, IRIS.T, strict=True)))]
    for frame in frames if POLARS_NAMES else frames[:1]:
        target = pd.Series(SPECIES) if isinstance(frame, pd.DataFrame) else pl.Series(SPECIES)
        fitted = clone(model).fit(frame, target)
        assert fitted.feature_names_in_.tolist() == columns
        assert answers(fitted, frame) == pytest.approx(plain, rel=1e-9)
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict(pd.DataFrame(IRIS, columns=["a", "b", "c", "d"]))


@every_classifier
def test_labels_of_any_kind(model):
    expected = clone(model).fit(IRIS, SPECIES).predict(IRIS)
    for labels in (NAMES, np.array(["あ", "い", "う"]), np.array([-5, 0, 7]), NAMES.astype(object)):
        fitted = clone(model).fit(IRIS, labels[SPECIES])
        assert fitted.classes_.tolist() == labels.tolist()
        assert fitted.predict(IRIS).tolist() == labels[expected].tolist()


@every_classifier
def test_two_classes_true_and_false(model):
    y = SPECIES == 2
    fitted = clone(model).fit(IRIS, y)
    assert fitted.classes_.tolist() == [False, True] and fitted.predict(IRIS).dtype == bool
    assert fitted.score(IRIS, y) > 0.9


@every_model
def test_sparse_rows(model):
    X = np.where(np.abs(IRIS) > 0.3, IRIS, 0)
    dense = clone(model).fit(X, SPECIES)
    for make in (sparse.csr_matrix, sparse.csc_matrix, sparse.csr_array):
        thin = clone(model).fit(make(X), SPECIES)
        assert np.allclose(answers(thin, make(X)), answers(dense, X), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@every_model
def test_the_dtype_of_the_data_is_kept(model, dtype):
    fitted = clone(model).fit(IRIS.astype(dtype), SPECIES)
    assert all(W.dtype == dtype for W in (*fitted.coefs_, *fitted.intercepts_))
    if hasattr(fitted, "predict_proba"):
        assert fitted.predict_proba(IRIS.astype(dtype)).dtype == dtype


@every_model
def test_a_weight_counts_rows_and_weight_zero_is_no_row(model):
    model = clone(model).set_params(**({"shuffle": False} if hasattr(model, "shuffle") else {}))
    w = np.random.default_rng(0).integers(0, 3, 150)
    assert w.sum() <= 200  # one batch, either way
    weighted = clone(model).fit(IRIS, SPECIES, sample_weight=w)
    repeated = clone(model).fit(np.repeat(IRIS, w, axis=0), np.repeat(SPECIES, w))
    if isinstance(model, Perceptron):  # one step of weight 2 is not two steps: only weight 0 is the same
        present = clone(model).fit(IRIS, SPECIES, sample_weight=w > 0)
        absent = clone(model).fit(IRIS[w > 0], SPECIES[w > 0])
        assert np.array_equal(present.mistakes_[:3], absent.mistakes_[:3])
    else:
        assert np.allclose(answers(weighted, IRIS), answers(repeated, IRIS), atol=1e-3)
        plain = clone(model).fit(IRIS, SPECIES)
        assert not np.allclose(answers(weighted, IRIS), answers(plain, IRIS), atol=1e-3)


# --- what it answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 3])
@every_classifier
def test_probabilities(model, k):
    if isinstance(model, Perceptron):
        assert not hasattr(model, "predict_proba")
        return
    rows = k > SPECIES
    fitted = clone(model).fit(IRIS[rows], NAMES[SPECIES[rows]])
    p = fitted.predict_proba(IRIS)
    assert p.shape == (150, k) and (p >= 0).all() and p.sum(axis=1) == pytest.approx(1)
    assert np.exp(fitted.predict_log_proba(IRIS)) == pytest.approx(p, abs=1e-12)
    assert np.array_equal(fitted.predict(IRIS), fitted.classes_[p.argmax(axis=1)])
    far = fitted.predict_log_proba(1e6 * IRIS)
    assert np.isfinite(far).all()  # never the logarithm of a rounded zero


def test_several_labels_at_once():
    Y = np.column_stack([SPECIES == 0, SPECIES != 1, IRIS[:, 0] > 0]).astype(int)
    mlp = MLPClassifier((8,), solver="lbfgs", max_iter=100, random_state=0).fit(IRIS, Y)
    assert mlp.network_.loss.name == "binary_cross_entropy" and mlp.n_outputs_ == 3
    assert mlp.predict(IRIS).shape == (150, 3) and (mlp.predict(IRIS) == Y).mean() > 0.95
    p = mlp.predict_proba(IRIS)
    assert np.array_equal(mlp.predict(IRIS), (p > 0.5).astype(int)) and not np.allclose(p.sum(axis=1), 1)


def test_several_outputs_at_once():
    targets = IRIS[:, 2:]
    mlp = MLPRegressor(hidden_layer_sizes=(8,), solver="lbfgs", max_iter=100, random_state=0).fit(
        IRIS[:, :2], targets
    )
    assert mlp.predict(IRIS[:, :2]).shape == (150, 2) and mlp.n_outputs_ == 2
    assert mlp.score(IRIS[:, :2], targets) > 0.7
    one = clone(mlp).fit(IRIS[:, :2], targets[:, 0])
    assert one.predict(IRIS[:, :2]).shape == (150,)


def test_hidden_activations_are_what_the_layers_hold():
    mlp = MLPClassifier((6, 5), "tanh", solver="lbfgs", max_iter=20, random_state=0).fit(IRIS, SPECIES)
    first = np.tanh(IRIS @ mlp.coefs_[0] + mlp.intercepts_[0])
    second = np.tanh(first @ mlp.coefs_[1] + mlp.intercepts_[1])
    assert mlp.hidden_activations(IRIS, 1) == pytest.approx(first)
    assert mlp.hidden_activations(IRIS) == pytest.approx(second)
    assert mlp.hidden_activations(IRIS, -2) == pytest.approx(first)
    for wrong in (0, 3, -3):
        with pytest.raises(ValueError, match="layer must name one of the 2 hidden layers"):
            mlp.hidden_activations(IRIS, wrong)


@every_model
def test_weights_put_in_are_the_weights_used(model):
    fitted = clone(model).fit(IRIS, SPECIES)
    other = clone(model).fit(-IRIS, SPECIES)
    expected = answers(other, IRIS)
    fitted.coefs_ = [W.copy() for W in other.coefs_]
    fitted.intercepts_ = [b.copy() for b in other.intercepts_]
    assert np.array_equal(answers(fitted, IRIS), expected)
    fitted.coefs_[0] = np.zeros_like(fitted.coefs_[0])  # one array of the list replaced
    blank = answers(fitted, IRIS)
    assert np.allclose(blank, blank[0])
    fitted.intercepts_[-1][...] = 0  # written into
    fitted.coefs_[-1][...] = 0
    if hasattr(fitted, "predict_proba"):
        assert np.allclose(answers(fitted, IRIS), 1 / answers(fitted, IRIS).shape[1])


# --- what it refuses ---------------------------------------------------------------------------------------------


@every_model
def test_errors_a_user_can_act_on(model):
    fresh = clone(model)
    with pytest.raises(NotFittedError):
        fresh.predict(IRIS)
    with pytest.raises(ValueError, match="NaN"):
        fresh.fit(np.full((150, 4), np.nan), SPECIES)
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples"):
        fresh.fit(IRIS, SPECIES[:-1])
    with pytest.raises(ValueError, match="expecting 4 features"):
        clone(model).fit(IRIS, SPECIES).predict(IRIS[:, :3])


@pytest.mark.parametrize("Model", [LogisticRegression, SoftmaxRegression, Perceptron])
def test_one_class_only_is_refused(Model):
    with pytest.raises(ValueError, match="one class"):
        Model().fit(IRIS, np.zeros(150, int))


@pytest.mark.parametrize(
    "parameters",
    [
        {"activation": "reul"},
        {"solver": "newton"},
        {"dropout": 1.5},
        {"clip_norm": 0},
        {"warmup": -1},
        {"weight_decay": -1},
        {"hidden_layer_sizes": (3, 0)},
        {"alpha": -1},
        {"max_iter": 0},
        {"init": "zero"},
        {"learning_rate": "fast"},
    ],
    ids=str,
)
def test_parameters_out_of_range_are_refused_in_fit(parameters):
    for Model in (MLPClassifier, MLPRegressor):
        with pytest.raises(ValueError, match=next(iter(parameters))):
            Model(**parameters).fit(IRIS, SPECIES)


def test_training_that_diverges_is_an_error_that_says_where():
    mlp = MLPRegressor(solver="sgd", learning_rate_init=10.0, random_state=0)
    with pytest.raises(ValueError, match="training diverged at update"):
        mlp.fit(100 * IRIS, 1e4 * SPECIES)


def test_ctrl_c_during_the_validation_of_an_iteration_leaves_all_lists_of_one_length():
    asked = []

    def score(model, X, y):
        asked.append(y)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return 0.5

    model = MLPClassifier((3,), solver="lbfgs", early_stopping=True, scoring=score, random_state=0)
    with pytest.warns(ConvergenceWarning, match="interrupted"):
        model.fit(*datasets.make("spiral", n=90))
    assert model.n_iter_ == 3
    assert len(model.loss_curve_) == len(model.validation_scores_) == len(model.validation_loss_curve_) == 3
