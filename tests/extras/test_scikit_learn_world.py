"""Pipelines around tasou's estimators go to ONNX by skl2onnx, and through skops and back."""

import warnings

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

onnx = pytest.importorskip("onnx")
ort = pytest.importorskip("onnxruntime")
skl2onnx = pytest.importorskip("skl2onnx")
io = pytest.importorskip("skops.io")

import tasou  # noqa: E402
from tasou.errors import TasouError  # noqa: E402
from tasou.estimators import TRUSTED_TYPES  # noqa: E402

X = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)
two = np.array(["no", "yes"])[(X[:, 0] > 0).astype(int)]
three = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
MODELS = {
    "two classes": (tasou.MLPClassifier((5,), max_iter=30, random_state=0), two),
    "three classes": (tasou.MLPClassifier((5,), "tanh", max_iter=30, random_state=0), three),
    "scaled": (
        tasou.MLPClassifier((5,), scale="auto", max_iter=30, early_stopping=True, random_state=0),
        three,
    ),
    "numbers": (
        tasou.MLPRegressor(hidden_layer_sizes=(5,), max_iter=30, random_state=0),
        X @ [1.0, 2.0, 3.0],
    ),
    "several numbers": (
        tasou.MLPRegressor(hidden_layer_sizes=(5,), max_iter=30, random_state=0),
        X[:, :2] * 2,
    ),
    "logistic": (tasou.LogisticRegression(), two),
    "softmax": (tasou.SoftmaxRegression(), three),
    "perceptron": (tasou.Perceptron(max_iter=5, tol=None), two),
    "perceptrons": (tasou.Perceptron(max_iter=5, tol=None), three),
}


@pytest.fixture(params=MODELS)
def pipeline(request):
    model, y = MODELS[request.param]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make_pipeline(StandardScaler(), model).fit(X, y)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pipelines_go_to_onnx(pipeline, dtype):
    from tasou.onnx import register

    register()
    last = pipeline[-1]
    options = {id(last): {"zipmap": False}} if hasattr(last, "classes_") else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = skl2onnx.to_onnx(
            pipeline, X[:1].astype(dtype), options=options, target_opset={"": 18, "ai.onnx.ml": 3}
        )
    onnx.checker.check_model(graph, full_check=True)
    found = ort.InferenceSession(graph.SerializeToString()).run(None, {"X": X.astype(dtype)})
    if not hasattr(last, "classes_"):
        np.testing.assert_allclose(
            found[0].reshape(pipeline.predict(X).shape), pipeline.predict(X), rtol=1e-4, atol=1e-5
        )
        return
    assert found[0].tolist() == pipeline.predict(X).tolist()
    if hasattr(last, "predict_proba"):
        np.testing.assert_allclose(
            found[1], pipeline.predict_proba(X), atol=1e-6 if dtype == np.float64 else 1e-5
        )


def test_an_opset_that_is_too_old_is_told():
    from tasou.onnx import register

    register()
    with pytest.raises(TasouError, match="opset 18"):
        skl2onnx.to_onnx(tasou.LogisticRegression().fit(X, two), X[:1], target_opset=15)


def test_skops_keeps_pipelines_with_the_types_that_are_listed(pipeline):
    data = io.dumps(pipeline)
    assert set(io.get_untrusted_types(data=data)) <= set(TRUSTED_TYPES)
    again = io.loads(data, trusted=list(TRUSTED_TYPES))
    np.testing.assert_array_equal(again.predict(X), pipeline.predict(X))


def test_skops_keeps_an_ensemble_of_a_table():
    rows = {"x": X[:, 0], "kind": np.where(X[:, 1] > 0, "a", "b")}
    model = tasou.TableClassifier("fast", random_state=0).fit(rows, two)
    data = io.dumps(model)
    types = io.get_untrusted_types(data=data)
    assert {name for name in types if not name.startswith("tasou.")} <= {"functools.partial", "numpy.dtype"}
    np.testing.assert_array_equal(
        io.loads(data, trusted=types).predict_proba(rows), model.predict_proba(rows)
    )
