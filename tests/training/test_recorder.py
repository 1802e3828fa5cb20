"""What is recorded is what the steps held."""

from __future__ import annotations

import numpy as np
import pytest

from tasou.errors import TasouError
from tasou.network import Network
from tasou.training import Recorder, Training

X = np.random.default_rng(0).normal(size=(12, 3))
Y = np.arange(12) % 2


def trained(recorder, epochs=5, **settings):
    network = Network((3, 4, 2), **{"rng": 0, **settings})
    training = Training(network, lr=0.3, batch_size=6, callbacks=[recorder], rng=0)
    return training, training.steps(X, Y, epochs=epochs)


def test_every_moment_holds_the_numbers_of_its_step():
    recorder = Recorder(parameters=True)
    training, steps = trained(recorder)
    for step in steps:
        moment = recorder.moments[-1]
        assert (moment.update, moment.epoch, moment.loss, moment.lr) == (
            step.update, step.epoch, step.loss, step.lr,
        )  # fmt: skip
        assert moment.gradient_norms == [np.linalg.norm(step.gradient[l].W) for l in (1, 2)]
        assert moment.weight_norms == [np.linalg.norm(training.network[l].W) for l in (1, 2)]
        assert np.array_equal(moment.theta, training.network.theta)
    assert len(recorder) == 10 and recorder.gradient_norms.shape == recorder.weight_norms.shape == (10, 2)
    assert not np.array_equal(recorder.moments[0].theta, recorder.moments[-1].theta)


def test_the_first_and_every_nth_update_are_kept():
    recorder = Recorder(every=4)
    list(trained(recorder)[1])
    assert recorder.updates.tolist() == [1, 4, 8]
    assert recorder.moments[0].theta is None


def test_dead_units_are_counted():
    recorder = Recorder()
    training, steps = trained(recorder, epochs=1)
    training.network[1].b[:3] = -1e3
    list(steps)
    assert recorder.dead_shares.tolist() == [[0.75], [0.75]]


def test_linear_units_never_die_and_no_hidden_layer_has_none():
    recorder = Recorder()
    list(trained(recorder, activation="identity")[1])
    assert not recorder.dead_shares.any()
    recorder = Recorder()
    Training(Network((3, 2), rng=0), callbacks=[recorder]).run(X, Y, epochs=1)
    assert recorder.dead_shares.shape == (1, 0)


def test_every_counts_from_one():
    with pytest.raises(TasouError, match="every must be at least 1, got 0"):
        Recorder(every=0)
