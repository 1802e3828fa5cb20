"""Whole trainings arrive at the same parameters in native code as in NumPy."""

from itertools import product

import numpy as np
import pytest

from tasou import backends
from tasou.errors import DivergenceError
from tasou.formulas import activations, losses, optimizers
from tasou.network import Network
from tasou.training import Stopping, Training

SMALL, WIDE = (3, 6, 4, 2), (20, 40, 24, 3)
"""sizes that are computed in blocks, and by BLAS"""


def data(network, n, seed=0):
    rng = np.random.default_rng(seed)
    K, X = network.sizes[-1], rng.normal(size=(n, network.sizes[0]))
    match network.loss.targets:
        case "one_hot":
            return X, np.eye(K)[rng.integers(K, size=n)]
        case "binary":
            return X, rng.integers(2, size=(n, K))
        case "sign":
            return X, 2 * rng.integers(2, size=(n, K)) - 1
        case "count":
            return X, rng.poisson(2, size=(n, K))
    return X, rng.normal(size=(n, K))


def trained(backend, sizes, activation="relu", loss="cross_entropy", *, dtype="f8", n=150, batch_size=64, weights=True,
            epochs=4, seed=1, legacy=True, dropout=0.0, bias=True, output="identity", **options):  # fmt: skip
    rng = np.random.RandomState(seed) if legacy else np.random.default_rng(seed)
    network = Network(
        sizes, activation, loss=loss, l2=1e-3, dropout=dropout, dtype=dtype, rng=rng, init="glorot_uniform",
        bias=bias, output_activation=output,
    )  # fmt: skip
    X, Y = data(network, n)
    w = np.random.default_rng(5).uniform(0, 2, n) if weights else None
    training = Training(network, lr=0.01, batch_size=batch_size, rng=rng, **options)
    with backends.use(backend):
        training.run(X, Y, w, epochs=epochs)
    return training, rng


def assert_same(native, sizes, *args, dtype="f8", tol=None, **options):
    (ours, mine), (theirs, other) = (
        trained(b, sizes, *args, dtype=dtype, **options) for b in (native, "numpy")
    )
    assert native.reason == ""  # it did not fall back
    tol = tol or (1e-10 if dtype == "f8" else 2e-4)
    np.testing.assert_allclose(ours.network.theta, theirs.network.theta, rtol=0, atol=tol)
    for quantity in ("loss", "lr", "gradient_norm"):
        found, expected = getattr(ours.history, quantity), getattr(theirs.history, quantity)
        np.testing.assert_allclose(found, expected, rtol=tol, atol=tol)
    for name, vector in ours.memory.items():
        np.testing.assert_allclose(vector.theta, theirs.memory[name].theta, rtol=0, atol=max(tol, 1e-10))
    assert ours.clock == theirs.clock and ours.finished == theirs.finished
    assert mine.random() == other.random()  # the random stream stands at the same place


@pytest.fixture(autouse=True)
def fresh(native):
    native.reason = ""


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("sizes", [SMALL, WIDE])
@pytest.mark.parametrize("activation", activations.names())
def test_every_activation(native, activation, sizes, dtype):
    assert_same(native, sizes, activation, optimizer="adam", dtype=dtype)


@pytest.mark.parametrize("sizes", [SMALL, WIDE])
@pytest.mark.parametrize("loss", losses.names())
def test_every_loss(native, loss, sizes):
    assert_same(native, sizes, "tanh", loss, optimizer="sgd")


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("sizes", [SMALL, WIDE])
@pytest.mark.parametrize("optimizer", optimizers.names())
def test_every_optimizer(native, optimizer, sizes, dtype):
    assert_same(native, sizes, "relu", "binary_cross_entropy", optimizer=optimizer, dtype=dtype)


OPTIONS = [
    dict(batch_size=None),
    dict(batch_size=1, n=20),
    dict(batch_size=150),
    dict(weights=False),
    dict(weights=False, batch_size=None, shuffle=False),
    dict(shuffle=False),
    dict(legacy=False),
    dict(dropout=0.3),
    dict(dropout=0.3, legacy=False, batch_size=None),
    dict(clip_norm=0.05),
    dict(weight_decay=0.1),
    dict(weight_decay=0.1, clip_norm=0.05, optimizer="adamw"),
    dict(bias=False),
    dict(output="tanh", loss="squared_error"),
    dict(activation="identity"),
    dict(schedule="cosine"),
    dict(schedule="adaptive", stopping=Stopping(tol=10.0, patience=2), epochs=20),
    dict(schedule="inverse_scaling", epochs=6),
    dict(schedule="step", warmup=4),
    dict(warmup=7),
    dict(epochs=40, optimizer="nesterov", n=30),
    dict(epochs=50, optimizer="adam", batch_size=None, stopping=Stopping(tol=1e-3, patience=3)),
    dict(epochs=5, callbacks=[lambda training: len(training.history) == 3]),
]


@pytest.mark.parametrize("options, sizes", list(product(OPTIONS, [SMALL, WIDE])))
def test_every_way_to_train(native, options, sizes):
    options = {**options}
    if "stopping" in options:  # a rule counts: each training needs one of its own
        rule = options["stopping"]
        options["stopping"] = None
        ours, theirs = (
            trained(b, sizes, **{**options, "stopping": Stopping(tol=rule.tol, patience=rule.patience)})[0]
            for b in (native, "numpy")
        )
        assert ours.finished == theirs.finished and len(ours.history) == len(theirs.history)
        np.testing.assert_allclose(ours.history.loss, theirs.history.loss, atol=1e-10)
        np.testing.assert_allclose(ours.history.lr, theirs.history.lr)
        return
    assert_same(native, sizes, **options)


@pytest.mark.parametrize("sizes", [SMALL, WIDE])
def test_fifty_epochs_stay_together(native, sizes):
    assert_same(native, sizes, "tanh", optimizer="adam", epochs=50)


@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_x_is_read_in_whatever_order_it_lies(native, order):
    networks = [Network(WIDE, rng=0) for _ in range(2)]
    X, Y = data(networks[0], 90)
    lies = {"C": X, "F": np.asfortranarray(X), "strided": np.repeat(np.repeat(X, 2, 0), 3, 1)[::2, ::3]}[
        order
    ]
    for network, rows, backend in zip(networks, (lies, X), (native, "numpy"), strict=True):
        with backends.use(backend):
            Training(network, batch_size=32, rng=0).run(rows, Y, epochs=3)
            network.predict(rows)
    np.testing.assert_allclose(networks[0].theta, networks[1].theta, rtol=0, atol=1e-12)
    assert native.reason == ""


@pytest.mark.parametrize("sizes", [SMALL, WIDE])
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_long_epochs_are_run_in_parts(native, sizes, schedule, monkeypatch):
    from tasou.training import whole_epochs

    monkeypatch.setattr(whole_epochs, "WORK_PER_CALL", 1)
    assert_same(native, sizes, optimizer="adam", schedule=schedule, dropout=0.2, batch_size=20)


@pytest.mark.parametrize("sizes", [SMALL, WIDE])
def test_the_same_bits_on_every_run(native, sizes):
    runs = [trained(native, sizes, optimizer="adam")[0].network.theta.tobytes() for _ in range(3)]
    assert len(set(runs)) == 1


def test_the_same_bits_in_blocks_with_any_number_of_threads(native):
    runs = [
        trained(backends.make("native", n_threads=k), SMALL)[0].network.theta.tobytes() for k in (1, 2, 4)
    ]
    assert len(set(runs)) == 1


@pytest.mark.parametrize("sizes", [SMALL, WIDE])
def test_a_value_that_is_not_finite_is_named_at_its_step(native, sizes):
    def told(backend, **options):
        network = Network(sizes, "tanh", loss="squared_error", rng=0)
        X, Y = data(network, 60)
        X[17, 1] = np.nan
        training = Training(network, batch_size=10, shuffle=False, **options)
        with backends.use(backend):
            if options.get("on_divergence") != "stop":
                with pytest.raises(DivergenceError):
                    training.run(X, Y, epochs=3)
            else:
                training.run(X, Y, epochs=3)
        return training.divergence, training.clock.updates, training.finished, len(training.history)

    assert told(native) == told("numpy")
    assert told(native)[0].update == 2 and told(native)[0].where == "x"
    assert told(native, on_divergence="stop") == told("numpy", on_divergence="stop")


@pytest.mark.parametrize("sizes", [SMALL, WIDE])
def test_parameters_that_overflow_are_noticed_at_their_update(native, sizes):
    def told(backend):
        network = Network(sizes, "relu", loss="squared_error", rng=0)
        X, Y = data(network, 60)
        training = Training(network, lr=1e306, batch_size=10, shuffle=False)
        with backends.use(backend), np.errstate(all="ignore"), pytest.raises(DivergenceError):
            training.run(X * 1e4, Y * 1e4, epochs=3)
        return training.divergence

    assert told(native) == told("numpy")


def test_divergence_may_be_ignored(native):
    network = Network(SMALL, loss="squared_error", rng=0)
    X, Y = data(network, 60)
    X[17, 1] = np.inf
    training = Training(network, batch_size=20, shuffle=False, on_divergence="ignore")
    with backends.use(native), np.errstate(all="ignore"):
        training.run(X, Y, epochs=2)
    assert training.clock.updates == 6 and len(training.history) == 2


def test_rows_that_weigh_nothing_teach_nothing(native):
    def after(backend):
        network = Network(WIDE, rng=0)
        X, Y = data(network, 40)
        w = np.r_[np.zeros(20), np.ones(20)]
        with backends.use(backend):
            Training(network, batch_size=20, shuffle=False, optimizer="adam").run(X, Y, w, epochs=2)
        return network.theta

    np.testing.assert_allclose(after(native), after("numpy"), rtol=0, atol=1e-12)
