"""The perceptron learning rule in native code: the mistakes and the weights of the readable walk."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import backends
from tasou.network import Network
from tasou.training.mistakes import learn_from_mistakes

pytestmark = pytest.mark.skipif(
    backends.describe()["backend"] != "native", reason="there is no native library"
)


def learnt(backend: str, X, y, **options):
    with backends.use(backend):
        network = Network(
            (X.shape[1], 1), loss="perceptron", init="zeros", dtype=X.dtype, bias=options["bias"]
        )
        mistakes = learn_from_mistakes(
            network,
            0,
            X,
            y,
            options["weight"],
            lr=options.get("lr", 0.5),
            epochs=7,
            tol=None,
            patience=5,
            rng=np.random.default_rng(0),
            l2=options.get("l2", 0.0),
        )
    return mistakes, network.theta, network.backend


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("d", [1, 5, 40])
def test_mistakes_and_weights(dtype, weighted, bias, d):
    rng = np.random.default_rng(d)
    X = rng.integers(-4, 5, (200, d)).astype(dtype)  # whole numbers: sums without rounding, in whatever order
    y = np.where(rng.random(200) < 0.5, -1, 1).astype(dtype)
    weight = rng.integers(0, 3, 200).astype(dtype) if weighted else None
    found, expected = (learnt(b, X, y, weight=weight, bias=bias) for b in ("native", "numpy"))
    assert found[0] == expected[0] and sum(found[0]) > 0
    np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize("kind", ["sparse", "columns apart", "penalty"])
def test_what_is_left_to_numpy(kind):
    rng = np.random.default_rng(0)
    X, y = rng.integers(-4, 5, (50, 6)).astype(float), np.where(rng.random(50) < 0.5, -1.0, 1.0)
    if kind == "sparse":
        X = pytest.importorskip("scipy.sparse").csr_array(X)
    elif kind == "columns apart":
        X = X[:, ::2]
    options = {"weight": None, "bias": True, "l2": 0.1 if kind == "penalty" else 0.0}
    found, expected = (learnt(b, X, y, **options) for b in ("native", "numpy"))
    assert found[0] == expected[0]
    np.testing.assert_array_equal(found[1], expected[1])


def test_an_order_beyond_the_rows_is_refused():
    from tasou.backends.job import Walk

    network = Network((2, 1), loss="perceptron")
    loss = (network.loss.value, network.loss.delta)
    walk = Walk(network[1].W[0], network[1].b, True, loss, np.ones((3, 2)), np.ones(3), None, 1.0)
    native = network.backend.walker(walk)
    with pytest.raises(ValueError, match="order"):
        native(np.array([0, 1, 3]))
