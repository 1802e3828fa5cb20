"""Training as a stream of steps: forward → loss → backward → update, in batches of any size (lecture 3.5, 5.2, 5.3)."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from scipy import sparse

from tasou import Network, Training, datasets
from tasou.errors import ShapeError, TasouError
from tasou.formulas import optimizers
from tasou.training.data import Data


def network(dropout=0.0, **options):
    return Network((2, 6, 3), "tanh", rng=1, dropout=dropout, **options)


@pytest.fixture
def spiral():
    return datasets.make("spiral", n=30)


def test_a_step_shows_forward_loss_backward_and_update(spiral):
    X, y = spiral
    learner, before = network(l2=0.1), network(l2=0.1)
    stream = Training(learner, lr=0.5).steps(X, y, epochs=2)
    step = next(stream)
    expected_loss, expected_gradient = before.objective(X, y)
    assert (step.update, step.epoch, step.lr, step.batch.n) == (1, 1, 0.5, 30)
    assert step.trace.y_hat == pytest.approx(before.predict(X))  # the pass before the update
    assert step.loss == pytest.approx(expected_loss)
    assert step.gradient.theta == pytest.approx(expected_gradient)
    assert step.trace.grad.theta == pytest.approx(before.gradient(X, y).sum)  # the sum over the batch
    assert step.gradient_norm == pytest.approx(np.linalg.norm(expected_gradient))
    assert learner.theta == pytest.approx(before.theta - 0.5 * expected_gradient)  # W := W − α ∇W
    second = next(stream)
    assert (second.update, second.epoch) == (2, 2)
    assert second.loss < step.loss
    with pytest.raises(StopIteration):
        next(stream)


@pytest.mark.parametrize("name", optimizers.names())
@pytest.mark.parametrize("weight_decay", [None, 0.2])
def test_every_optimizer_makes_the_updates_of_its_rule(name, weight_decay, spiral):
    X, y = spiral
    learner, twin, rule = network(), network(), optimizers.get(name)
    Training(learner, optimizer=name, lr=0.03, weight_decay=weight_decay, shuffle=False, batch_size=10).run(
        X, y, epochs=4
    )
    decay = rule.weight_decay if weight_decay is None else weight_decay
    state = [np.zeros(twin.theta.size) for _ in rule.state]
    for t in range(1, 13):
        rows = slice(10 * ((t - 1) % 3), 10 * ((t - 1) % 3) + 10)
        gradient = twin.objective(X[rows], y[rows])[1]
        twin.parameters.weights[:] *= 1 - 0.03 * decay
        twin.theta, *state = rule.update(twin.theta.copy(), gradient, *state, t, 0.03, np)
    assert learner.theta == pytest.approx(twin.theta, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize(
    "size, updates", [(None, [30]), (30, [30]), (100, [30]), (8, [8, 8, 8, 6]), (1, [1] * 30)]
)
def test_full_batch_mini_batches_and_single_samples(size, updates, spiral):
    X, y = spiral
    seen = []
    training = Training(network(), batch_size=size, rng=0)
    for step in training.steps(X, y, epochs=2):
        rows = np.arange(30)[step.batch.index]
        assert np.array_equal(step.batch.X, X[rows]) or size in (None, 30, 100)
        assert np.array_equal(step.batch.Y.argmax(axis=1), y[rows])
        seen.append(rows)
    assert [len(rows) for rows in seen] == 2 * updates
    for epoch in (seen[: len(updates)], seen[len(updates) :]):
        assert sorted(np.concatenate(epoch)) == list(range(30))  # each row once
    assert training.clock.updates == 2 * len(updates) and training.clock.samples == 60


def test_rows_are_walked_in_a_new_order_each_epoch_unless_they_are_not(spiral):
    X, y = spiral

    def orders(shuffle):
        steps = Training(network(), batch_size=5, shuffle=shuffle, rng=0).steps(X, y, epochs=2)
        rows = np.concatenate([np.arange(30)[step.batch.index] for step in steps])
        return rows[:30].tolist(), rows[30:].tolist()

    first, second = orders(True)
    assert first != second and first != sorted(first)
    assert orders(False) == (list(range(30)), list(range(30)))


def test_history_holds_an_entry_per_epoch(spiral):
    X, y = spiral
    training, losses, last = Training(network(), batch_size=12, lr=0.2, schedule="step", rng=0), [], []
    for step in training.steps(X, y, epochs=3):
        losses.append((step.loss, step.batch.n))
        last.append((step.lr, step.gradient_norm))
    history = training.history
    for epoch in range(3):
        mean = sum(loss * n for loss, n in losses[3 * epoch : 3 * epoch + 3]) / 30
        assert history.loss[epoch] == pytest.approx(mean)
        assert (history.lr[epoch], history.gradient_norm[epoch]) == last[3 * epoch + 2]
    assert len(history) == 3 and history.seconds == sorted(history.seconds) and history.seconds[0] > 0
    assert set(history.as_dict()) == set(history.last()) == {"loss", "lr", "gradient_norm", "seconds"}
    assert training.finished == "epochs"


def test_one_seed_decides_everything(spiral):
    X, y = spiral

    def weights(seed):
        learner = network(dropout=0.3)
        Training(learner, optimizer="adam", batch_size=4, rng=seed).run(X, y, epochs=5)
        return learner.theta

    assert np.array_equal(weights(7), weights(7))
    assert not np.array_equal(weights(7), weights(8))
    assert np.array_equal(weights(np.random.RandomState(7)), weights(np.random.RandomState(7)))


def test_a_run_can_be_continued(spiral):
    X, y = spiral
    whole, parts = network(), network()
    in_one = Training(whole, optimizer="adam", batch_size=7, rng=3)
    in_two = Training(parts, optimizer="adam", batch_size=7, rng=3)
    in_one.run(X, y, epochs=9)
    in_two.run(X, y, epochs=4)
    in_two.run(X, y, epochs=5)
    assert in_one.history.loss[:4] == in_two.history.loss[:4]
    assert len(in_two.history) == 9 and in_two.clock.updates == in_one.clock.updates == 45
    # the order of rows begins anew with a run, so the two differ; memory and clock of the optimizer do not
    assert in_two.history.loss[4] < in_two.history.loss[3]


def test_a_run_without_shuffling_goes_on_as_if_never_interrupted(spiral):
    X, y = spiral
    whole, parts = network(), network()
    Training(whole, optimizer="adam", batch_size=7, shuffle=False).run(X, y, epochs=9)
    training = Training(parts, optimizer="adam", batch_size=7, shuffle=False)
    training.run(X, y, epochs=4)
    for _ in training.steps(X, y, epochs=5):
        pass
    np.testing.assert_allclose(
        parts.theta, whole.theta, rtol=0, atol=1e-12
    )  # native code adds in another order


def test_a_copy_of_a_run_goes_on_by_itself(spiral):
    X, y = spiral
    training = Training(network(), optimizer="adam", batch_size=7, rng=3)
    training.run(X, y, epochs=3)
    twin = copy.deepcopy(training)
    twin.run(X, y, epochs=3)
    before = training.network.theta.copy()
    assert not np.array_equal(twin.network.theta, before)
    training.run(X, y, epochs=3)
    assert np.array_equal(twin.network.theta, training.network.theta)


def test_sparse_rows_are_learnt_from_like_dense_ones(spiral):
    X, y = spiral
    X = np.where(X > 0, X, 0.0)
    dense, thin = network(), network()
    for size in (None, 7):
        Training(dense, batch_size=size, rng=0).run(X, y, epochs=3)
        Training(thin, batch_size=size, rng=0).run(sparse.csr_matrix(X), y, epochs=3)
    assert dense.theta == pytest.approx(thin.theta, rel=1e-10, abs=1e-12)


def test_a_batch_that_weighs_nothing_teaches_nothing(spiral):
    X, y = spiral
    learner = network(l2=0.1)
    w = np.ones(30)
    w[:10] = 0
    stream = Training(learner, batch_size=10, shuffle=False).steps(X, y, w, epochs=1)
    before = learner.theta.copy()
    assert next(stream).loss == 0 and np.array_equal(learner.theta, before)
    next(stream)
    assert not np.array_equal(learner.theta, before)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"lr": 0}, "lr must be a number > 0"),
        ({"lr": float("nan")}, "lr must be a number > 0"),
        ({"lr": float("inf")}, "lr must be a number > 0"),
        ({"batch_size": 0}, "batch_size must be a whole number >= 1"),
        ({"batch_size": 2.5}, "batch_size must be a whole number >= 1"),
        ({"warmup": -1}, "warmup must be a whole number"),
        ({"on_divergence": "rise"}, "did you mean 'raise'"),
        ({"clip_norm": 0}, "clip_norm must be a number > 0"),
        ({"clip_norm": float("nan")}, "clip_norm must be a number > 0"),
        ({"weight_decay": -0.1}, "weight_decay must be a number >= 0"),
        ({"optimizer": "adma"}, "did you mean 'adam'"),
        ({"schedule": "cosinus"}, "did you mean 'cosine'"),
    ],
    ids=str,
)
def test_what_cannot_be_trained_with(options, words):
    with pytest.raises(TasouError, match=words):
        Training(network(), **options)


@pytest.mark.parametrize(
    "X, Y, w, error, words",
    [
        (np.ones((3, 2)), [0, 1], None, ShapeError, "same number of rows, at least 1; got 3 and 2"),
        (np.ones((0, 2)), np.ones((0, 3)), None, ShapeError, "at least 1; got 0 and 0"),
        (np.ones((3, 4)), [0, 1, 2], None, ShapeError, r"X must have shape \(n, 2\)"),
        (np.ones((2, 2)), [0, 1], [1.0], ShapeError, r"sample_weight must have shape \(2,\), got \(1,\)"),
        (np.ones((2, 2)), [0, 1], [1.0, -1], TasouError, "sample_weight must be finite, not negative"),
        (np.ones((2, 2)), [0, 1], [np.nan, 1], TasouError, "sample_weight must be finite"),
        (np.ones((2, 2)), [0, 1], [0, 0], TasouError, "not all zero"),
    ],
)
def test_data_that_cannot_be_learnt_from(X, Y, w, error, words):
    with pytest.raises(error, match=words):
        Training(network()).run(X, Y, w)
    with pytest.raises(error, match=words):
        Data(network(), X, Y, w)
