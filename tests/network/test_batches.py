"""A batch is its rows: shards add up, weights count rows, chunks change nothing, dtypes stay (lecture 3.5)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from tasou import Network
from tasou.formulas import activations, losses
from tasou.network import chunks
from tasou.training import Training

every_loss = pytest.mark.parametrize("loss", losses.names())


def summed(network, X, Y, w=None):
    """Summed loss and summed gradient of a batch."""
    trace = network.forward(X)
    loss = network.measure(trace, Y, w)
    return loss, network.backward(trace, Y, w).theta.copy()


@pytest.fixture
def setting(targets_for):
    def make(loss, n=24, dtype=np.float64):
        rng = np.random.default_rng(4)
        network = Network((3, 5, 4, 2), ["tanh", "relu"], loss=loss, dtype=dtype, rng=rng)
        network.parameters.biases[:] = rng.normal(size=11)
        return network, rng.normal(size=(n, 3)), targets_for(network.loss, n, 2, rng), rng

    return make


@every_loss
def test_shards_add_up_to_the_batch(loss, setting):
    network, X, Y, _ = setting(loss)
    value, gradient = summed(network, X, Y)
    for cuts in ([12], [1, 7, 23], range(1, 24)):  # the last: sample by sample
        parts = [summed(network, x, y) for x, y in zip(np.split(X, cuts), np.split(Y, cuts), strict=True)]
        assert sum(v for v, _ in parts) == pytest.approx(value, rel=1e-12)
        assert sum(g for _, g in parts) == pytest.approx(gradient, rel=1e-10, abs=1e-12)


@every_loss
def test_a_weight_counts_rows(loss, setting):
    network, X, Y, rng = setting(loss)
    w = rng.integers(0, 4, len(X))
    assert {0, 2} <= set(w.tolist())
    value, gradient = summed(network, X, Y, w)
    expected, expected_gradient = summed(network, np.repeat(X, w, axis=0), np.repeat(Y, w, axis=0))
    assert value == pytest.approx(expected, rel=1e-12)
    assert gradient == pytest.approx(expected_gradient, rel=1e-10, abs=1e-12)
    weighted, repeated = (
        network.objective(X, Y, w),
        network.objective(np.repeat(X, w, axis=0), np.repeat(Y, w, axis=0)),
    )
    assert weighted[0] == pytest.approx(repeated[0]) and weighted[1] == pytest.approx(repeated[1])
    mean = network.mean_loss(np.repeat(X, w, axis=0), np.repeat(Y, w, axis=0))
    assert network.mean_loss(X, Y, w) == pytest.approx(mean)


@pytest.mark.parametrize("weight, count", [(2.0, 2), (0.0, 0)])
def test_in_training_too_weight_two_is_a_row_twice_and_weight_zero_no_row(weight, count, setting):
    network, X, Y, _ = setting("cross_entropy")
    twin, *_ = setting("cross_entropy")
    w, times = np.ones(len(X)), np.ones(len(X), int)
    w[5], times[5] = weight, count
    for optimizer in ("sgd", "adam"):
        Training(network, optimizer=optimizer, lr=0.05).run(X, Y, w, epochs=20)
        Training(twin, optimizer=optimizer, lr=0.05).run(
            np.repeat(X, times, axis=0), np.repeat(Y, times, axis=0), epochs=20
        )
    assert network.theta == pytest.approx(twin.theta, rel=1e-7, abs=1e-9)


def test_labels_lists_and_integers_are_targets_too(setting):
    network, X, _, _ = setting("cross_entropy")
    labels = [0, 1] * 12
    expected = summed(network, X, np.eye(2)[labels])
    for Y in (labels, np.array(labels), np.eye(2, dtype=int)[labels], np.eye(2, dtype=bool)[labels].tolist()):
        found = summed(network, X, Y, [1] * 24)
        assert found[0] == expected[0] and np.array_equal(found[1], expected[1])


def test_as_many_labels_as_classes_are_not_taken_for_a_row():
    network = Network((2, 3), rng=0)
    X = np.eye(3)[:, :2]
    assert summed(network, X, [0, 1, 2])[0] == summed(network, X, np.eye(3))[0]


@pytest.mark.parametrize("limit", [1, 30, 90])
def test_a_prediction_in_chunks_equals_the_whole(limit, setting, monkeypatch):
    network, X, Y, rng = setting("cross_entropy", n=50)
    w = rng.uniform(size=50)
    ask = lambda: (network.predict(X), network.decision(X), network.hidden(X, 1), network.hidden(X, 2))  # noqa: E731
    whole, loss = ask(), network.mean_loss(X, Y, w)
    monkeypatch.setattr(chunks, "CHUNK", limit)
    for part, expected in zip(ask(), whole, strict=True):
        assert part.shape == expected.shape and part == pytest.approx(expected, rel=1e-12, abs=1e-14)
    assert network.mean_loss(X, Y, w) == pytest.approx(loss, rel=1e-12)


def test_a_prediction_is_a_copy(setting):
    network, X, _, _ = setting("squared_error")
    first = network.predict(X)
    kept = first.copy()
    network.predict(-X)
    assert np.array_equal(first, kept)


@every_loss
def test_sparse_rows_give_the_same_numbers(loss, setting):
    network, X, Y, _ = setting(loss)
    X[X < 0.3] = 0
    for make in (sparse.csr_matrix, sparse.csr_array):
        assert summed(network, make(X), Y)[1] == pytest.approx(summed(network, X, Y)[1], rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", activations.names())
def test_a_training_step_stays_in_its_dtype(activation, dtype, targets_for):
    for loss in losses.names():
        rng = np.random.default_rng(0)
        network = Network(
            (2, 3, 2),
            activation,
            loss=loss,
            output_activation=activation,
            dtype=dtype,
            dropout=0.5,
            l2=0.1,
            rng=0,
        )
        Y = targets_for(network.loss, 8, 2, rng)
        training = Training(
            network, optimizer="adam", weight_decay=0.1, clip_norm=1.0, schedule="cosine", warmup=2, rng=0
        )
        step = next(training.steps(rng.normal(size=(8, 2)), Y, np.ones(8), epochs=1))
        arrays = [
            network.theta,
            network.predict(np.ones((1, 2))),
            step.trace.grad.theta,
            step.batch.X,
            step.batch.Y,
        ]
        arrays += [vector.theta for vector in training.memory.values()]
        arrays += [getattr(t, name) for t in step.trace.layers for name in ("z", "f", "a", "delta")]
        arrays += [step.gradient.theta, step.trace[1].mask]
        assert {a.dtype for a in arrays} == {np.dtype(dtype)}, loss


def test_float32_learns_what_float64_learns(setting):
    errors = []
    for dtype in (np.float32, np.float64):
        network, X, Y, _ = setting("squared_error", dtype=dtype)
        Training(network, lr=0.05, shuffle=False).run(X, Y, epochs=50)
        errors.append(network.mean_loss(X, Y))
    assert errors[0] == pytest.approx(errors[1], rel=1e-4)
