"""Layers in native code: the tape of every layer of the folder, played in C, computes what NumPy computes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from tasou import Network, Training, backends, layers
from tasou.backends.native import program
from tasou.layers import Dense, Dropout, Scale

spec = importlib.util.spec_from_file_location(
    "every_layer", Path(__file__).parent.parent / "layers" / "test_every_layer.py"
)
every_layer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(every_layer)
Case = every_layer.Case


@pytest.fixture
def small_shards(monkeypatch):
    """Few rows go together, so that a batch is several shards."""
    monkeypatch.setattr(program, "VALUES", 1)


def rows(n=7):
    return Case(Dense(2)).rows(n)


def taped(case, dtype=np.float64):
    """The case's network, and something that makes it a tape in any case."""
    network = case.network(dtype)
    cards = [*network.cards[:-1], Dropout(0.1), Dropout(0.1), network.cards[-1]]
    found = Network(layers=cards, inputs=case.inputs, l2=0.1, dtype=dtype, rng=0)
    found.theta = network.theta
    return found


def learnt(network, X, y, backend, **options):
    how = {"optimizer": "adam", "lr": 0.01, "batch_size": 100, "rng": 3, **options}
    with backends.use(backend) as used:
        used.reason = ""
        training = Training(network, **how)
        training.run(X, y, epochs=3)
        assert not used.reason
    return network.theta, list(training.history.loss)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@every_layer.every_layer
def test_a_training_is_that_of_numpy(case, dtype, native, small_shards):
    X, y = case.rows(230, dtype)
    (theta, loss), (expected, expected_loss) = (
        learnt(taped(case, dtype), X, y, b) for b in (native, "numpy")
    )
    tolerance = {"rel": 1e-3, "abs": 1e-4} if dtype is np.float32 else {"rel": 1e-9, "abs": 1e-11}
    assert theta == pytest.approx(expected, **tolerance)
    assert loss == pytest.approx(expected_loss, rel=tolerance["rel"])


@every_layer.every_layer
def test_predictions_and_objectives_are_those_of_numpy(case, native, small_shards):
    network, (X, y) = taped(case), case.rows(150)
    w = np.linspace(0.5, 2, len(X))
    found = []
    for backend in (native, "numpy"):
        with backends.use(backend) as used:
            used.reason = ""
            value, grad = network.objective_on(X, y, w)()
            found.append((network.predict(X), network.decision(np.asfortranarray(X)), value, grad.copy()))
            assert not used.reason
    for one, other in zip(*found, strict=True):
        assert one == pytest.approx(other, rel=1e-10, abs=1e-13)


@every_layer.every_layer
def test_any_number_of_threads_gives_the_same_bits(case, native, small_shards):
    X, y = case.rows(230)
    found = [learnt(taped(case), X, y, backends.make("native", threads))[0] for threads in (1, 2, 3, 4)]
    assert all(np.array_equal(found[0], other) for other in found[1:])


def test_shards_change_nothing_but_the_order_of_sums(native, monkeypatch):
    X, y = rows(230)
    whole = learnt(taped(Case(Dense(5, "tanh"))), X, y, native)[0]
    monkeypatch.setattr(program, "VALUES", 1)
    assert learnt(taped(Case(Dense(5, "tanh"))), X, y, native)[0] == pytest.approx(
        whole, rel=1e-10, abs=1e-12
    )


@pytest.mark.parametrize(
    "cards",
    [[Dropout(0.2)], [layers.get("scale")], [Dense(3), Dropout(0.2)], [layers.get("scale"), Dropout(0.0)]],
)
def test_any_layer_may_stand_last(native, cards):
    X, found = np.random.default_rng(0).normal(size=(50, 3)), []
    for backend in (native, "numpy"):
        network = Network(layers=cards, inputs=3, loss="squared_error", rng=0)
        if network.theta.size:
            learnt(network, X, X[:, ::-1], backend)
        with backends.use(backend) as used:
            used.reason = ""
            found.append(network.predict(X))
            assert not used.reason
    assert found[0] == pytest.approx(found[1], rel=1e-10, abs=1e-12)


def test_rates_of_their_own_are_kept(native):
    class Slow(Dense):
        def shapes(self, n):
            rates = {"W": 0.5, "b": 0.0}
            return {k: layers.Shape(s.of, s.decays, rates[k]) for k, s in super().shapes(n).items()}

    X, y = rows(60)
    found = []
    for backend in (native, "numpy"):
        network = Network(layers=[Slow(4, "tanh"), Dense(2)], inputs=every_layer.N, rng=0)
        network[1].b[:] = 0.25
        learnt(network, X, y, backend, weight_decay=0.1, clip_norm=0.5, batch_size=20)
        assert np.array_equal(network[1].b, [0.25] * 4)
        found.append(network.theta)
    assert found[0] == pytest.approx(found[1], rel=1e-10, abs=1e-12)


def test_a_layer_that_computes_by_itself_runs_in_numpy_and_says_why(native):
    class Own(Dropout):
        def forward(self, do, p, t, a):
            return np.abs(a)

        def backward(self, do, p, t, a, g, d, back):
            return g * np.sign(a)

    with backends.use(native):
        network = Network(layers=[Own(0.0), Dense(2)], inputs=every_layer.N, rng=0)
        Training(network, rng=0).run(*rows(), epochs=1)
        said = backends.describe()["fallback"]
    assert "Own(share=0.0), l = 1" in said and "TypeError" in said


def test_a_formula_of_the_users_own_is_named_with_its_operation(native):
    def own(z, xp):
        return z * 2

    class Own(Dropout):
        def forward(self, do, p, t, a):
            t.out = do.apply(own, a, into=t.out)
            return t.out

        def backward(self, do, p, t, a, g, d, back):
            return do.add(g, g, into=g)

    with backends.use(native):
        network = Network(layers=[Own(0.0), Dense(2)], inputs=every_layer.N, rng=0)
        Training(network, rng=0).run(*rows(), epochs=1)
        said = backends.describe()["fallback"]
    assert "'own' is not one of tasou's formulas" in said and "own(x)" in said


def test_a_state_put_back_goes_on_bit_for_bit(native):
    X, y = rows(60)
    with backends.use(native):
        whole, parts = (
            Network(layers=[Dropout(0.2), Dense(4, "tanh"), Dense(2)], inputs=3, rng=0) for _ in "ab"
        )
        Training(whole, optimizer="adam", rng=1, batch_size=20).run(X, y, epochs=4)
        first = Training(parts, optimizer="adam", rng=1, batch_size=20)
        first.run(X, y, epochs=2)
        second = Training(parts, optimizer="adam", rng=1, batch_size=20)
        second.restore(first.state())
        second.run(X, y, epochs=2)
    assert np.array_equal(whole.theta, parts.theta)


def test_one_output_is_learnt_by_blas_as_by_numpy():
    """The only row of the last layer's gradient has no step to the next one."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 4)), rng.normal(size=(200, 1))
    found = []
    for backend in ("numpy", "native"):
        with backends.use(backend):
            network = Network(
                layers=[Scale(), Dense(64, "tanh"), Dense(1)], inputs=4, loss="squared_error", rng=0
            )
            Training(network, optimizer="adam", batch_size=32, rng=0).run(X, y, epochs=2)
            found.append(network.theta)
    assert found[1] == pytest.approx(found[0], abs=1e-12)
