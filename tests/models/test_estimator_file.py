"""Every estimator saved and loaded predicts the same bits and learns on as if nothing had happened."""

import contextlib
import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

import tasou
from tasou import LogisticRegression, MLPClassifier, MLPRegressor, Perceptron, SoftmaxRegression
from tasou.errors import ModelFileError
from tasou.formats.model_file import read_model, write_model
from tasou.formulas import activations, losses
from tasou.models.estimator_state import describe, rebuild

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3))
TWO = np.where(X[:, 0] > 0, "はい", "いいえ")
THREE = np.digitize(X[:, 0], [-0.5, 0.5])
LABELS = (X > 0).astype(int)
VALUES = X @ [1.0, -2.0, 0.5]

FITTED = {
    "perceptron": lambda: Perceptron().fit(X, TWO),
    "logistic": lambda: LogisticRegression(C=1e6, class_weight={"はい": 2, "いいえ": 1.5}).fit(X, TWO),
    "softmax of objects": lambda: SoftmaxRegression().fit(X, TWO.astype(object)),
    "mlp, texts": lambda: MLPClassifier((5,), max_iter=5, random_state=0).fit(X, TWO),
    "mlp, numbers": lambda: MLPClassifier(
        (5, 4), "tanh", solver="sgd", max_iter=70, n_iter_no_change=np.inf, random_state=0
    ).fit(X, THREE),
    "mlp, truth": lambda: MLPClassifier((5,), solver="lbfgs", random_state=0).fit(X, X[:, 0] > 0),
    "mlp, several labels": lambda: MLPClassifier((5,), max_iter=5, random_state=0).fit(X, LABELS),
    "mlp, early stopping": lambda: MLPClassifier(early_stopping=True, max_iter=5, random_state=0).fit(
        X, THREE
    ),
    "mlp, float32": lambda: MLPClassifier((5,), max_iter=5, random_state=0).fit(X.astype(np.float32), TWO),
    "mlp, no hidden layer": lambda: MLPClassifier((), max_iter=5, random_state=np.random.RandomState(3)).fit(
        X, TWO
    ),
    "mlp, own parameters": lambda: MLPClassifier(
        np.array([4, 3]),
        [activations.get("leaky_relu", alpha=0.3), "gelu"],
        dropout=[0.1, 0.2],
        init="he_normal",
        max_iter=5,
        random_state=0,
    ).fit(X, TWO),
    "regressor": lambda: MLPRegressor(hidden_layer_sizes=(5,), max_iter=5, random_state=0).fit(X, VALUES),
    "regressor, huber": lambda: MLPRegressor(
        losses.get("huber", threshold=0.5), hidden_layer_sizes=(5,), max_iter=5, random_state=0
    ).fit(X, VALUES),
    "regressor, two outputs": lambda: MLPRegressor(hidden_layer_sizes=(5,), max_iter=5, random_state=0).fit(
        X, X[:, :2]
    ),
}


@pytest.fixture(params=FITTED)
def fitted(request):
    return FITTED[request.param]()


def through_a_file(model, tmp_path):
    tasou.save(model, tmp_path / "m.tasou")
    return tasou.load(tmp_path / "m.tasou")


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and a.tolist() == b.tolist()


def test_predictions_are_the_same_to_the_last_bit(fitted, tmp_path):
    again = through_a_file(fitted, tmp_path)
    assert type(again) is type(fitted)
    for method in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        if hasattr(fitted, method):
            assert same(getattr(fitted, method)(X), getattr(again, method)(X)), method


def test_everything_public_is_back(fitted, tmp_path):
    again = through_a_file(fitted, tmp_path)
    if not isinstance(fitted.random_state, np.random.RandomState):  # its repr is its address
        assert repr(again) == repr(fitted)
        assert str(clone(again).get_params()) == str(clone(fitted).get_params())
    for name, value in vars(fitted).items():
        if name.endswith("_") and not isinstance(value, list):
            assert type(getattr(again, name)) is type(value), name
            assert same(value, getattr(again, name)), name
    assert len(again.coefs_) == len(fitted.coefs_)
    assert getattr(again, "loss_curve_", None) == getattr(fitted, "loss_curve_", None)


def test_saving_what_was_loaded_gives_the_same_file(fitted, tmp_path):
    again = through_a_file(fitted, tmp_path)
    first = (tmp_path / "m.tasou").read_bytes()
    through_a_file(again, tmp_path)
    assert (tmp_path / "m.tasou").read_bytes() == first


@pytest.mark.parametrize("solver", ["sgd", "adam", "adamw", "rmsprop"])
@pytest.mark.parametrize("cls", [MLPClassifier, MLPRegressor])
def test_training_goes_on_where_it_was(cls, solver, tmp_path):
    y = THREE if cls is MLPClassifier else VALUES
    known = {"classes": [0, 1, 2]} if cls is MLPClassifier else {}
    model = cls(hidden_layer_sizes=(5,), solver=solver, batch_size=20, random_state=0)
    model.partial_fit(X, y, **known)
    again = through_a_file(model, tmp_path)
    for _ in range(3):
        model.partial_fit(X, y)
        again.partial_fit(X, y)
    assert all(same(a, b) for a, b in zip(model.coefs_, again.coefs_, strict=True))


def test_fitting_anew_and_feature_names(tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["長さ", "幅", "高さ"])
    model = MLPClassifier((5,), max_iter=5, random_state=0).fit(frame, TWO)
    again = through_a_file(model, tmp_path)
    assert again.feature_names_in_.tolist() == ["長さ", "幅", "高さ"]
    assert same(again.predict(frame), model.predict(frame))
    with pytest.raises(ValueError, match="feature names"):
        again.predict(frame[["幅", "長さ", "高さ"]])
    assert same(again.fit(frame, TWO).coefs_[0], model.coefs_[0])


def test_callbacks_are_left_behind(tmp_path):
    model = MLPClassifier((5,), max_iter=5, random_state=0, callbacks=[lambda training: False]).fit(X, TWO)
    assert through_a_file(model, tmp_path).callbacks is None


def test_unfitted_own_and_foreign_models_are_refused(tmp_path):
    class Mine(MLPClassifier):
        pass

    from sklearn.linear_model import Ridge

    for model, message in [
        (MLPClassifier(), "not fitted yet"),
        (Perceptron(), "not fitted yet"),
        (Mine().set_params(max_iter=5).fit(X, TWO), "cannot save a Mine|class of your own"),
        (Ridge(), "cannot save a Ridge"),
    ]:
        with pytest.raises(ModelFileError, match=message):
            tasou.save(model, tmp_path / "m.tasou")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def file(tmp_path):
    tasou.save(MLPClassifier((5,), max_iter=5, random_state=0).fit(X, TWO), tmp_path / "m.tasou")
    return tmp_path / "m.tasou"


def forge(file, change):
    """A sealed file whose description or arrays were changed on purpose."""
    contents = read_model(file)
    change(contents.model, contents.tensors)
    write_model(file, contents.kind, contents.model, contents.tensors)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m, t: m.update(estimator="os.system"), r"model.estimator is 'os.system'; known"),
        (lambda m, t: m.pop("fitted"), "lacks 'fitted'"),
        (lambda m, t: m["parameters"].update(invented=1), "cannot be built here"),
        (lambda m, t: m["fitted"].update(predict=1), "no fitted attribute: 'predict'"),
        (lambda m, t: m["fitted"].update(__class__=1), "no fitted attribute"),
        (lambda m, t: m["fitted"].update(_live=1), "no fitted attribute"),
        (lambda m, t: m["fitted"].update(network_=1), "no fitted attribute"),
        (lambda m, t: m["fitted"].pop("coefs_"), "cannot be built"),
        (lambda m, t: m["fitted"].update(coefs_=[]), "cannot be built"),
        (lambda m, t: t.update({"coefs_.1": np.ones((7, 1))}), "cannot be built|do not follow"),
        (lambda m, t: t.update({"coefs_.1": np.ones((1, 1))}), "cannot be built|do not follow"),
        (lambda m, t: t.pop("coefs_.0"), "unreadable value"),
        (lambda m, t: m["parameters"].update(activation="rleu"), "did you mean 'relu'"),
        (
            lambda m, t: m["parameters"].update(activation={"type": "activation", "name": "rleu"}),
            "not known here",
        ),
        (lambda m, t: m.update(labels=[]), "model.labels is"),
    ],
)
def test_forged_descriptions_are_refused(file, change, message):
    forge(file, change)
    with pytest.raises(ModelFileError, match=message):
        tasou.load(file)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "items", "x"]), inner)
    ),
    max_leaves=5,
)
MODEL, ARRAYS = {}, {}
MODEL |= describe(MLPClassifier((3,), random_state=0).partial_fit(X, TWO, classes=["いいえ", "はい"]), ARRAYS)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_description_raises_anything_but_model_file_error(data):
    model = copy.deepcopy(MODEL)
    part = data.draw(st.sampled_from(["parameters", "fitted", "labels"]))
    model[part][data.draw(st.sampled_from(sorted(model[part])))] = data.draw(JSON)
    with contextlib.suppress(ModelFileError):
        repr(rebuild(model, ARRAYS))
