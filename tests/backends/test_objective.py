"""L-BFGS's objective in one native call: the value and the gradient of the readable one, whatever the network."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import backends
from tasou.errors import TasouError
from tasou.network import Network

ROWS = 4096

pytestmark = pytest.mark.skipif(
    backends.describe()["backend"] != "native", reason="there is no native library"
)

NETWORKS = {
    "tiny": ((4, 5, 3), {}),
    "wide": ((6, 40, 30, 3), {}),
    "no hidden layer": ((4, 3), {}),
    "no biases": ((4, 5, 3), {"bias": False}),
    "dropout, which is for training steps": ((4, 5, 3), {"dropout": 0.5}),
    "squared error": ((4, 5, 2), {"loss": "squared_error"}),
    "output activation": ((4, 5, 2), {"loss": "squared_error", "output_activation": "tanh"}),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n", [1, 100, ROWS + 5, 2 * ROWS])
def test_value_and_gradient(name, weighted, n):
    sizes, options = NETWORKS[name]
    rng = np.random.default_rng(0)
    network = Network(sizes, "tanh", l2=0.3, rng=1, **options)
    X, w = rng.normal(size=(n, sizes[0])), rng.uniform(0.5, 2, n) if weighted else None
    Y = (
        rng.normal(size=(n, sizes[-1]))
        if options.get("loss")
        else np.eye(sizes[-1])[rng.integers(sizes[-1], size=n)]
    )
    objective = network.objective_on(X, Y, w)
    for _ in range(2):
        value, grad = objective()
        expected, by_hand = network.objective(X, Y, w)
        assert value == pytest.approx(expected, rel=1e-12)
        np.testing.assert_allclose(grad, by_hand, rtol=1e-9, atol=1e-13)
        network.theta += 0.01  # the function looks at the network as it is then


def test_it_is_native():
    network = Network((4, 5, 3), rng=1)
    network.backend.reason = "none"
    network.objective_on(np.zeros((3, 4)), np.array([0, 1, 2]))
    assert network.backend.reason == "none"


def test_a_sparse_X_is_computed_by_numpy():
    sparse = pytest.importorskip("scipy.sparse")
    network = Network((4, 5, 3), rng=1)
    X = sparse.random_array((20, 4), density=0.5, format="csr", rng=0)
    value, _ = network.objective_on(X, np.arange(20) % 3)()
    assert value == pytest.approx(network.objective(X.toarray(), np.arange(20) % 3)[0])


def test_plain_lists_and_what_has_no_mean():
    network = Network((2, 3, 2), rng=0)
    X, Y = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1]
    assert network.objective_on(X, Y, [1, 2, 0])()[0] == pytest.approx(network.objective(X, Y, [1, 2, 0])[0])
    for rows, weights in (((X, Y), [0, 0, 0]), ((np.zeros((0, 2)), np.zeros((0, 2))), None)):
        with pytest.raises(TasouError, match="there is no mean loss"):
            network.objective_on(*rows, weights)
