"""What shapes a step: schedule, warm-up, clipping, weight decay, dropout."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tasou import Network, Training, datasets
from tasou.errors import TasouError
from tasou.formulas import schedules
from tasou.training import Stopping

X, Y = datasets.make("spiral", n=30)


def network(**options):
    return Network((2, 6, 3), "tanh", rng=1, **options)


def rates(epochs=4, **options):
    steps = Training(network(), lr=0.1, batch_size=10, rng=0, **options).steps(X, Y, epochs=epochs)
    return [step.lr for step in steps]


def test_schedules_see_the_clock():
    assert rates() == [0.1] * 12
    assert rates(schedule=schedules.get("step", every=2, factor=0.5)) == [0.1] * 6 + [0.05] * 6
    cosine = [0.05 * (1 + math.cos(math.pi * u / 12)) for u in range(12)]
    assert rates(schedule="cosine") == pytest.approx(cosine)
    inverse = [0.1] * 3 + [0.1 / math.sqrt(30 * e + 1) for e in (1, 2, 3) for _ in range(3)]
    assert rates(schedule="inverse_scaling") == pytest.approx(inverse)


def cosine(n, begin=0.0):
    """A cosine schedule from 0.1 (or what is left of it from ``begin`` on) in n steps."""
    return [0.05 * (1 + math.cos(math.pi * (begin + u * (1 - begin) / n))) for u in range(n)]


def test_a_cosine_that_came_to_its_end_starts_anew_with_the_next_run():
    training = Training(network(), lr=0.1, batch_size=10, schedule="cosine", rng=0)
    for _ in range(2):
        assert [step.lr for step in training.steps(X, Y, epochs=4)] == pytest.approx(cosine(12))
    assert training.run(X, Y, epochs=2).lr[-2:] == pytest.approx([cosine(6)[2], cosine(6)[5]])


def test_a_cosine_that_broke_off_goes_on_where_it_stood():
    whole = Training(network(), lr=0.1, schedule="cosine", rng=0).run(X, Y, epochs=9)
    training = Training(network(), lr=0.1, schedule="cosine", rng=0)

    def at_three(training):
        return len(training.history) == 3

    training.callbacks.add(at_three)
    training.run(X, Y, epochs=9)
    training.callbacks.remove(at_three)
    assert training.run(X, Y, epochs=6).lr == pytest.approx(whole.lr)  # the epochs that were left
    assert training.history.loss == pytest.approx(whole.loss)

    training = Training(network(), lr=0.1, schedule="cosine", rng=0)
    for step in training.steps(X, Y, epochs=4):
        if step.update == 2:
            break
    stretched = training.run(X, Y, epochs=9).lr[
        2:
    ]  # the second epoch was left before it was closed: it is the first
    assert stretched == pytest.approx(cosine(8, begin=2 / 10))


def test_a_cosine_restarts_without_a_second_warm_up():
    training = Training(network(), lr=0.1, batch_size=10, schedule="cosine", warmup=3, rng=0)
    training.run(X, Y, epochs=3)
    assert [step.lr for step in training.steps(X, Y, epochs=2)] == pytest.approx(cosine(6))


def test_a_training_in_pieces_walks_one_schedule():
    whole = Training(network(), lr=0.1, schedule="cosine", batch_size=10, rng=0).run(X, Y, epochs=4)
    pieces = Training(network(), lr=0.1, schedule="cosine", batch_size=10, rng=0)
    for _ in range(6):
        pieces.run(X, Y, epochs=1, planned=4)
    assert pieces.history.lr == pytest.approx([*whole.lr, *whole.lr[:2]])


def test_warm_up_grows_to_the_full_rate_and_the_schedule_takes_the_rest():
    assert rates(warmup=4) == pytest.approx([0.025, 0.05, 0.075] + [0.1] * 9)
    cosine = [0.05 * (1 + math.cos(math.pi * u / 8)) for u in range(8)]
    assert rates(warmup=4, schedule="cosine") == pytest.approx([0.025, 0.05, 0.075, 0.1, *cosine])


def test_the_rate_shown_is_the_rate_used():
    learner, training = network(), None
    training = Training(learner, lr=0.1, warmup=3, schedule="cosine")
    for step in training.steps(X, Y, epochs=6):
        before = learner.theta + step.lr * step.gradient.theta  # plain gradient descent, taken back
        assert learner.theta == pytest.approx(before - step.lr * step.gradient.theta)
        assert step.loss == pytest.approx(at(before).objective(X, Y)[0])


def at(theta):
    found = network()
    found.theta = theta
    return found


def test_adaptive_needs_somebody_who_sees_that_nothing_is_gained():
    with pytest.raises(TasouError, match="'adaptive' lowers the rate when a stopping rule"):
        Training(network(), schedule="adaptive")


def test_adaptive_lowers_the_rate_instead_of_stopping_and_then_stops():
    training = Training(network(), lr=0.1, schedule="adaptive", stopping=Stopping(tol=10.0, patience=2))
    history = training.run(X, Y, epochs=1000)
    assert training.finished == "converged" and len(history) < 1000
    steps = sorted(set(history.lr), reverse=True)
    assert steps == pytest.approx([0.1 / 5**k for k in range(len(steps))])
    assert steps[-1] <= 1e-6 < steps[-2]  # ends once the rate is that small


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clipping_shortens_a_long_gradient_and_no_other(dtype):
    free = next(Training(network(dtype=dtype), lr=1e-9).steps(X, Y, epochs=1)).gradient_norm
    for limit in (free / 3, free * 3):
        learner = network(dtype=dtype)
        (step,) = Training(learner, lr=0.5, clip_norm=limit).steps(X, Y, epochs=1)
        assert step.gradient_norm == pytest.approx(min(free, limit), rel=1e-5)
        assert np.linalg.norm(learner.theta - network(dtype=dtype).theta) == pytest.approx(
            0.5 * min(free, limit), rel=1e-4
        )


def test_a_gradient_beyond_the_square_root_of_the_largest_number_is_clipped_not_lost():
    learner = Network((1, 1), loss="squared_error", dtype=np.float32, init="zeros")
    (step,) = Training(learner, lr=1.0, clip_norm=1.0).steps([[1e10]], [[1e15]], epochs=1)
    assert step.gradient_norm == pytest.approx(1) and learner[1].W[0, 0] == pytest.approx(1)


def test_weight_decay_shrinks_the_weights_and_spares_the_biases():
    plain, shrunk = network(), network()
    Training(plain, lr=0.1).run(X, Y, epochs=1)
    Training(shrunk, lr=0.1, weight_decay=0.5).run(X, Y, epochs=1)
    assert plain.parameters.weights - shrunk.parameters.weights == pytest.approx(
        0.05 * network().parameters.weights
    )
    assert np.array_equal(plain.parameters.biases, shrunk.parameters.biases)


def test_adamw_decays_by_itself_and_adam_does_not():
    found = []
    for options in (
        {"optimizer": "adam"},
        {"optimizer": "adamw"},
        {"optimizer": "adam", "weight_decay": 0.01},
    ):
        learner = network()
        Training(learner, lr=0.1, **options).run(X, Y, epochs=3)
        found.append(learner.theta)
    assert not np.array_equal(found[0], found[1]) and np.array_equal(found[1], found[2])


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_dropout_silences_its_share_and_keeps_the_mean(share):
    wide = Network((2, 400, 3), "sigmoid", dropout=share, rng=0)
    points = np.random.default_rng(0).normal(size=(500, 2))
    trace = wide.forward(points, rng=np.random.default_rng(0))
    silent = trace[1].a == 0
    assert silent.mean() == pytest.approx(share, abs=0.01)
    assert trace[1].a[~silent] == pytest.approx((trace[1].f / (1 - share))[~silent])
    assert trace[1].a.mean() == pytest.approx(trace[1].f.mean(), rel=0.02)
    wide.backward(trace, np.zeros(500, int))
    assert (
        not trace[1].delta[silent].any() and trace[1].delta[~silent].all()
    )  # no error through a silent unit


def test_dropout_is_for_training_alone():
    learner, twin = network(dropout=0.5), network()
    assert np.array_equal(learner.predict(X), twin.predict(X))
    assert learner.objective(X, Y)[0] == twin.objective(X, Y)[0]
    masks = [step.trace[1].mask.copy() for step in Training(learner, rng=0).steps(X, Y, epochs=2)]
    assert not np.array_equal(*masks)  # new ones in each step
    assert set(np.unique(masks)) == {0.0, 2.0}
    assert learner.forward(X)[1].a == pytest.approx(learner.forward(X)[1].f)


def test_each_hidden_layer_has_its_own_dropout():
    learner = Network((2, 50, 50, 3), dropout=[0.0, 0.5], rng=0)
    (step,) = Training(learner, rng=0).steps(X, Y, epochs=1)
    assert step.trace[1].a is step.trace[1].f and (step.trace[2].mask == 0).mean() == pytest.approx(
        0.5, abs=0.1
    )
    assert step.trace[3].mask is None  # never on the output
