"""Network, Parameters, Trace: shapes and views, the lecture's passes in plain NumPy, what is refused and how."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from tasou import Network, Trace
from tasou.errors import ShapeError, TasouError, UnknownName
from tasou.formulas import activations, initializers
from tasou.network import Parameters


def relu(z):
    return np.maximum(z, 0)


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


# --- shapes and views ---------------------------------------------------------------------------------------


def test_weights_are_out_by_in_and_share_the_flat_vector():
    network = Network((3, 5, 2), rng=0)
    assert [layer.W.shape for layer in network.layers] == [(5, 3), (2, 5)]
    assert [layer.b.shape for layer in network.layers] == [(5,), (2,)]
    assert network.theta.size == 15 + 10 + 5 + 2
    for l in (1, 2):
        assert np.shares_memory(network[l].W, network.theta) and np.shares_memory(network[l].b, network.theta)
    network.theta[:] = np.arange(32)
    assert network[2].W.tolist() == [[15, 16, 17, 18, 19], [20, 21, 22, 23, 24]]  # all weights first …
    assert network[2].b.tolist() == [30, 31]  # … then all biases
    network[1].W[4, 2] = -1
    assert network.theta[14] == -1
    before = network.theta
    network.theta = np.zeros(32)
    assert network.theta is before and not network[1].W.any()


def test_layers_count_from_one():
    network = Network((3, 5, 2), rng=0)
    for wrong in (0, 3, -1):
        with pytest.raises(IndexError, match="layers count from 1 to 2"):
            network[wrong]
        with pytest.raises(IndexError, match="layers count from 1 to 2"):
            network.parameters[wrong]


def test_parameters_like_are_zeros_of_the_same_kind():
    like = Parameters((2, 3), np.float32, np.ones(9, np.float32)).like()
    assert like.theta.dtype == np.float32 and like.theta.tolist() == [0] * 9
    assert len(like) == 1 and [W.shape for W, _ in like] == [(3, 2)]


def test_the_trace_has_the_lectures_shapes():
    network = Network((2, 10, 3), rng=0)
    trace = network.forward(np.ones((7, 2)))
    network.backward(trace, np.zeros(7, int))
    assert trace[0].a.shape == (7, 2)
    for l, units in ((1, 10), (2, 3)):
        assert trace[l].z.shape == trace[l].a.shape == trace[l].delta.shape == (7, units)
        assert trace[l].grad.W.shape == network[l].W.shape and trace[l].grad.b.shape == network[l].b.shape
        assert np.shares_memory(trace[l].grad.W, trace.grad.theta)
    assert trace.y_hat is trace[2].a and trace.y_hat.shape == (7, 3)
    with pytest.raises(IndexError, match="layers count from 0"):
        trace[3]


def test_a_trace_is_a_workspace_that_is_used_again():
    network, rng = Network((2, 4, 3), rng=0), np.random.default_rng(0)
    trace = Trace(network, 8)
    X = rng.normal(size=(8, 2))
    buffers = [trace[1].z, trace[1].a, trace[2].z, trace.y_hat]
    assert network.forward(X, trace) is trace
    assert all(
        a is b for a, b in zip(buffers, [trace[1].z, trace[1].a, trace[2].z, trace.y_hat], strict=True)
    )
    part = trace.first(3)
    network.forward(-X[:3], part)
    assert part.y_hat == pytest.approx(network.predict(-X[:3])) and np.shares_memory(part.y_hat, trace.y_hat)
    assert trace.first(3) is part and trace.first(8) is trace


# --- the lecture's passes, in plain NumPy -------------------------------------------------------------------


def test_forward_and_backward_are_the_lectures():
    """One sample of 3 → 4 ReLU → 3 softmax, each line as the lecture writes it (3.2, 5.2)."""
    rng = np.random.default_rng(6)
    W1, b1, W2, b2 = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(3, 4)), rng.normal(size=3)
    network = Network((3, 4, 3))
    network.theta = np.concatenate([W1.ravel(), W2.ravel(), b1, b2])
    x, y = rng.normal(size=3), np.array([0.0, 1.0, 0.0])

    z1 = W1 @ x + b1
    a1 = relu(z1)
    z2 = W2 @ a1 + b2
    y_hat = softmax(z2)
    loss = -np.sum(y * np.log(y_hat))
    delta2 = y_hat - y
    delta1 = (W2.T @ delta2) * (z1 > 0)

    trace = network.forward(x[None])
    assert network.measure(trace, y[None]) == pytest.approx(loss, rel=1e-14)
    grad = network.backward(trace, y[None])
    pairs = [
        (trace[0].a, x), (trace[1].z, z1), (trace[1].a, a1), (trace[2].z, z2), (trace[2].a, y_hat),
        (trace[2].delta, delta2), (trace[1].delta, delta1),
    ]  # fmt: skip
    for found, expected in pairs:
        assert found[0] == pytest.approx(expected, rel=1e-13)
    for l, delta, a in ((2, delta2, a1), (1, delta1, x)):
        dW, db = grad[l]
        assert dW == pytest.approx(np.outer(delta, a), rel=1e-13) and db == pytest.approx(delta)


def test_a_deep_batch_is_the_loop_over_layers():
    rng = np.random.default_rng(7)
    network = Network((4, 6, 5, 3, 2), ["tanh", "sigmoid", "tanh"], loss="squared_error", rng=rng)
    network.parameters.biases[:] = rng.normal(size=16)
    X, Y, w = rng.normal(size=(9, 4)), rng.normal(size=(9, 2)), rng.uniform(0.5, 2, 9)
    f = [np.tanh, lambda z: 1 / (1 + np.exp(-z)), np.tanh, lambda z: z]
    slope = [lambda a: 1 - a**2, lambda a: a * (1 - a), lambda a: 1 - a**2, lambda a: 1]

    Z, A = [], [X]
    for layer, g in zip(network.layers, f, strict=True):
        Z.append(A[-1] @ layer.W.T + layer.b)
        A.append(g(Z[-1]))
    delta = w[:, None] * (A[-1] - Y)
    trace = network.forward(X)
    assert network.measure(trace, Y, w) == pytest.approx(np.sum(w[:, None] * (A[-1] - Y) ** 2) / 2)
    network.backward(trace, Y, w)
    for l in (4, 3, 2, 1):
        delta = delta * slope[l - 1](A[l])
        assert trace[l].z == pytest.approx(Z[l - 1]) and trace[l].a == pytest.approx(A[l])
        assert trace[l].delta == pytest.approx(delta)
        dW, db = trace.grad[l]
        assert dW == pytest.approx(delta.T @ A[l - 1]) and db == pytest.approx(delta.sum(0))
        delta = delta @ network[l].W


def test_the_penalty_is_added_once_and_spares_the_biases():
    network = Network((2, 3, 2), l2=0.5, rng=0)
    network.parameters.biases[:] = 1
    X, Y = np.ones((4, 2)), np.zeros(4, int)
    plain = Network((2, 3, 2), rng=0)
    plain.theta = network.theta
    (loss, grad), (bare_loss, bare_grad) = network.objective(X, Y), plain.objective(X, Y)
    assert loss - bare_loss == pytest.approx(0.25 * np.sum(network.parameters.weights**2) / 4)
    expected = np.concatenate([0.5 * network.parameters.weights / 4, np.zeros(5)])
    assert grad - bare_grad == pytest.approx(expected)
    assert network.mean_loss(X, Y) == pytest.approx(bare_loss)  # without the penalty


def test_the_seed_decides_the_weights():
    def weights(rng):
        return Network((2, 5, 3), rng=rng).theta

    assert np.array_equal(weights(3), weights(3)) and not np.array_equal(weights(3), weights(4))
    assert np.array_equal(weights(3), weights(np.random.default_rng(3)))
    generator = np.random.default_rng(3)
    assert not np.array_equal(weights(generator), weights(generator))
    assert np.array_equal(weights(np.random.RandomState(3)), weights(np.random.RandomState(3)))


def test_a_network_without_biases_keeps_them_at_zero():
    network = Network((2, 4, 3), bias=False, init=initializers.get("he_normal").drawing_biases(), rng=0)
    trace = network.forward(np.ones((3, 2)))
    assert not network.parameters.biases.any()
    assert not network.backward(trace, np.zeros(3, int)).biases.any()


def test_a_copy_is_a_network_of_its_own():
    network, X = Network((2, 4, 3), rng=0), np.eye(2)
    for twin in (copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert np.array_equal(twin.predict(X), network.predict(X))
        twin.theta[:] = 0
        assert network.theta.any() and twin.predict(X) == pytest.approx(1 / 3)
        twin[1].W[:] = 1
        assert twin.theta[:8].tolist() == [1] * 8  # views still are views


# --- one linear map -----------------------------------------------------------------------------------------


def test_a_deep_linear_network_collapses():
    rng = np.random.default_rng(0)
    deep = Network((4, 7, 2, 5, 3), "identity", rng=rng)
    deep.parameters.biases[:] = rng.normal(size=17)
    flat = deep.collapse()
    X = rng.normal(size=(20, 4))
    assert flat.sizes == (4, 3)
    assert flat.predict(X) == pytest.approx(deep.predict(X), rel=1e-12)
    product = deep[4].W @ deep[3].W @ deep[2].W @ deep[1].W
    assert np.allclose(flat[1].W, product, rtol=1e-12)
    assert Network((4, 3), rng=0).collapse().predict(X) == pytest.approx(Network((4, 3), rng=0).predict(X))


def test_what_is_not_linear_does_not_collapse():
    with pytest.raises(TasouError, match=r"layer 2 has the activation 'relu': not one linear map"):
        Network((2, 3, 3, 1), ["identity", "relu"], loss="squared_error").collapse()


# --- the table of layers (2.3) ------------------------------------------------------------------------------


def test_the_table_of_layers():
    network = Network((2, 10, 5, 3), ["relu", activations.get("leaky_relu", alpha=0.2)], rng=0)
    lines = network.summary("en").splitlines()
    assert lines[0].split() == ["layer", "role", "function", "output", "parameters"]
    assert [line.split()[0:2] for line in lines[1:5]] == [
        ["0", "input"],
        ["1", "hidden"],
        ["2", "hidden"],
        ["3", "output"],
    ]
    assert [line.split()[-2:] for line in lines[1:5]] == [
        ["(2,)", "0"],
        ["(10,)", "30"],
        ["(5,)", "55"],
        ["(3,)", "18"],
    ]
    assert (
        "a[2] = leaky_relu(alpha=0.2)(W[2] a[1] + b[2])" in lines[3]
        and "ŷ = softmax(W[3] a[2] + b[3])" in lines[4]
    )
    assert lines[-1] == "ŷ = f3(f2(f1(x)))"
    assert all(word in network.summary("ja") for word in ("入力層", "隠れ層", "出力層", "パラメータ数"))


def test_the_table_of_a_regression_names_no_function_where_there_is_none():
    lines = Network((2, 1), loss="squared_error").summary("en").splitlines()
    assert "ŷ = W[1] x + b[1]" in lines[2] and lines[-1] == "ŷ = f1(x)"
    assert "ŷ = tanh(W[1] x + b[1])" in Network(
        (2, 1), loss="squared_error", output_activation="tanh"
    ).summary("en")


# --- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sizes", [(), (3,), (2, 0, 3), (2, -1), (2, 2.5), "abc", 7, None, (2, "x"), (float("nan"), 2)]
)
def test_sizes_that_make_no_network(sizes):
    with pytest.raises(TasouError, match="sizes must be"):
        Network(sizes)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"dtype": np.float16}, "dtype must be float32 or float64, got float16"),
        ({"dtype": int}, "dtype must be float32 or float64"),
        ({"dropout": 1.0}, r"dropout of layer 1 must be a share in \[0, 1\), got 1.0"),
        ({"dropout": -0.1}, "dropout of layer 1"),
        ({"dropout": float("nan")}, "dropout of layer 1"),
        ({"dropout": [0.1, 2]}, "dropout of layer 2"),
        ({"dropout": [0.1]}, r"dropout: 1 given for 2 hidden layer\(s\)"),
        ({"activation": ["relu"]}, r"activation: 1 given for 2 hidden layer\(s\)"),
        ({"l2": -1}, "l2 must be a number >= 0, got -1"),
        ({"l2": float("nan")}, "l2 must be a number >= 0, got nan"),
    ],
    ids=str,
)
def test_options_that_make_no_network(options, words):
    with pytest.raises(TasouError, match=words):
        Network((2, 4, 4, 3), **options)


@pytest.mark.parametrize(
    "options", [{"activation": "reul"}, {"loss": "mse"}, {"init": "he"}, {"output_activation": "x"}], ids=str
)
def test_names_that_nothing_is_registered_under(options):
    with pytest.raises(UnknownName, match="unknown"):
        Network((2, 4, 3), **options)


@pytest.mark.parametrize("X", [np.ones((4, 3)), np.ones(2), np.ones((1, 1, 2)), [[1.0]]])
def test_inputs_of_another_shape_name_network_and_shape(X):
    network = Network((2, 4, 3))
    for call in (network.forward, network.predict, network.decision, lambda X: network.mean_loss(X, [0])):
        with pytest.raises(
            ShapeError, match=r"X must have shape \(n, 2\) for Network\(2 → 4 relu → 3 softmax.*got \("
        ):
            call(X)


@pytest.mark.parametrize(
    "Y, words",
    [
        ([0, 3], "labels must be whole numbers 0 … 2"),
        ([-1, 0], "labels must be whole numbers"),
        ([0.5, 1.0], "labels must be whole numbers"),
        ([], "labels must be whole numbers"),
        (np.ones((2, 2)), r"Y must have shape \(n, 3\) .*got \(2, 2\)"),
        (np.eye(3), r"X has 2 rows, so Y must have shape \(2, 3\).*got \(3, 3\)"),
        (np.eye(3)[:1], r"X has 2 rows"),
        ([1], r"X has 2 rows"),
    ],
    ids=str,
)
def test_targets_that_do_not_fit(Y, words):
    network = Network((2, 4, 3))
    trace = network.forward(np.eye(2))
    for call in (network.measure, network.backward):
        with pytest.raises(ShapeError, match=words):
            call(trace, Y)
    with pytest.raises(ShapeError, match=words):
        network.objective(np.eye(2), Y)


@pytest.mark.parametrize(
    "loss, Y, words",
    [
        ("binary_cross_entropy", [0, 2], "needs numbers from 0 to 1 in Y; row 1 holds 2"),
        ("binary_cross_entropy", [np.nan, 1], "row 0 holds nan"),
        ("perceptron", [0, 1], r"the loss 'perceptron' needs -1 or \+1 in Y; row 0 holds 0"),
        ("poisson", [3, -1], "needs finite numbers >= 0 in Y; row 1 holds -1"),
        ("squared_error", [1, np.inf], "needs finite numbers in Y; row 1 holds inf"),
    ],
)
def test_targets_that_the_loss_is_not_made_for(loss, Y, words):
    with pytest.raises(TasouError, match=words):
        Network((2, 1), loss=loss).objective(np.eye(2), Y)


def test_no_rows_have_no_mean_loss():
    network = Network((2, 3), rng=0)
    assert network.predict(np.empty((0, 2))).shape == (0, 3)
    for call in (network.objective, network.mean_loss):
        with pytest.raises(TasouError, match="there is no mean loss"):
            call(np.eye(2), [0, 1], [0, 0])


def test_weights_that_do_not_fit():
    network = Network((2, 4, 3))
    with pytest.raises(ShapeError, match=r"sample_weight \(2,\); got \(2, 3\) and \(3,\)"):
        network.objective(np.eye(2), [0, 1], np.ones(3))


def test_the_error_shows_the_shape_that_was_given():
    with pytest.raises(ShapeError, match=r"got \(2,\)"):
        Network((2, 3), loss="squared_error").objective(np.eye(2), [0.5, 1.0])


def test_a_seed_that_is_none_is_refused():
    with pytest.raises((TypeError, ValueError)):
        Network((2, 3), rng="seed")


def test_the_repr_tells_the_network():
    network = Network((2, 4, 3), "tanh", dtype=np.float32)
    assert repr(network) == "Network(2 → 4 tanh → 3 softmax, 27 parameters, float32)"


def test_a_copied_trace_is_a_workspace_of_its_own():
    network = Network((2, 4, 3, 2), ["identity", "relu"], rng=0)
    trace = network.forward(np.ones((6, 2)))
    for original in (trace, trace.first(4)):
        twin = copy.deepcopy(original)
        twin.network.forward(np.eye(2), twin.first(2))
        twin.network.backward(twin.first(2), [0, 1])
        fresh = network.forward(np.eye(2))
        assert np.array_equal(network.backward(fresh, [0, 1]).theta, twin.grad.theta)
    assert np.array_equal(trace.x, np.ones((6, 2)))


def test_the_layers_behind_one_are_a_network_of_its_activation():
    network, X = Network((3, 5, 4, 2), "tanh", l2=0.1, rng=0), np.random.default_rng(0).normal(size=(6, 3))
    for l in (1, 2):
        rest = network.after(l)
        assert rest.sizes == network.sizes[l:]
        assert rest.predict(network.hidden(X, l)) == pytest.approx(network.predict(X), rel=1e-12)
        assert not np.shares_memory(rest.theta, network.theta)


def test_text_where_numbers_are_learnt_is_told_with_what_learns_it():
    network = Network((1, 1), loss="squared_error")
    with pytest.raises(TasouError, match="one of them is 'tall'; a classifier learns classes"):
        network.as_target(np.array(["1.5", "tall"]))
    assert network.as_target(np.array(["1.5", "2"])).tolist() == [[1.5], [2.0]]
