"""What holds for every layer in the folder: gradients, shards, dtypes, backends, a second array library."""

from __future__ import annotations

import copy
import importlib.util
import pickle
from pathlib import Path

import numpy as np
import pytest

from tasou import Network, Training, backends, check_gradients, layers
from tasou.errors import TasouError, UnknownName
from tasou.formulas import activations
from tasou.layers import Dense, Dropout, Record

spec = importlib.util.spec_from_file_location("functional", Path(__file__).with_name("functional.py"))
functional = importlib.util.module_from_spec(spec)
spec.loader.exec_module(functional)

MADE = {
    "dense": [Dense(5, "tanh"), Dense(4, "relu", dropout=0.3), Dense(3, bias=False)],
    "dropout": [Dropout(0.4), Dropout(0.0)],
}
"""layers of each kind; one that is missing here is made without arguments"""
CASES = [pytest.param(card, id=f"{name}-{card!r}") for name in layers.names() for card in MADE.get(name, [])]
N = 3


def network_with(card, dtype=np.float64, rng=0):
    """The layer between two dense ones."""
    found = Network(layers=[Dense(4, "tanh"), card, Dense(2)], inputs=N, l2=0.1, dtype=dtype, rng=rng)
    found.theta = np.random.default_rng(5).normal(0, 0.7, found.theta.size)
    return found


def rows(n=7, dtype=np.float64):
    rng = np.random.default_rng(1)
    return rng.normal(size=(n, N)).astype(dtype), rng.integers(0, 2, n)


def test_every_layer_of_the_folder_is_tried():
    assert set(MADE) == set(layers.names())
    for name in layers.names():
        assert all(isinstance(card, layers.kind(name)) for card in MADE[name])


@pytest.mark.parametrize("card", CASES)
def test_its_gradients_are_the_derivatives(card):
    report = check_gradients(network_with(card), *rows())
    assert report.ok and report.worst_error <= 1e-7, report.text("en")


@pytest.mark.parametrize("card", CASES)
def test_the_error_of_its_input_is_the_derivative(card):
    x, n = rows()[0], N
    p = [np.random.default_rng(2).normal(size=shape.of) for shape in card.shapes(n).values()]
    names = list(card.shapes(n))
    R = np.random.default_rng(3).normal(size=(len(x), card.width(n)))

    def drawing():
        """Verbs that draw the same numbers each time: with dropout, too, the output is a function of x."""
        return backends.make("numpy").drawing_from(np.random.default_rng(4))

    def output(x):
        return card.forward(drawing(), Record(**dict(zip(names, p, strict=True))), Record(), x)

    t, parameters = Record(), Record(**dict(zip(names, p, strict=True)))
    do = drawing()
    card.forward(do, parameters, t, x)
    g = card.backward(
        do,
        parameters,
        t,
        x,
        R.copy(),
        Record(**{k: np.zeros_like(v) for k, v in vars(parameters).items()}),
        True,
    )
    numeric = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[place] = 1e-6
        numeric[place] = ((output(x + step) - output(x - step)) * R).sum() / 2e-6
    assert g == pytest.approx(numeric, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("card", CASES)
def test_shards_add_up(card):
    network, (X, y) = network_with(card), rows()
    w = np.linspace(0.5, 2, len(X))
    whole = network.gradient(X, y, w)
    parts = network.gradient(X[:2], y[:2], w[:2]) + network.gradient(X[2:], y[2:], w[2:])
    assert parts.sum == pytest.approx(whole.sum, rel=1e-12, abs=1e-14)
    assert (parts.loss, parts.weight) == pytest.approx((whole.loss, whole.weight))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("card", CASES)
def test_it_stays_in_its_dtype(card, dtype):
    network, (X, y) = network_with(card, dtype), rows(dtype=dtype)
    step = next(Training(network, optimizer="adam", rng=0).steps(X, y, epochs=1))
    arrays = [network.theta, step.gradient.theta, step.trace.y_hat, network.predict(X)]
    arrays += [
        value for t in step.trace.layers for value in vars(t).values() if isinstance(value, np.ndarray)
    ]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize("card", CASES)
def test_both_backends_learn_the_same(card):
    found = []
    X, y = rows(60)
    for name in backends.names():
        try:
            backend = backends.make(name)
        except TasouError as reason:
            pytest.skip(str(reason))
        with backends.use(backend):
            network = network_with(card)
            Training(network, optimizer="adam", lr=0.01, batch_size=16, rng=3).run(X, y, epochs=5)
            found.append(network.theta)
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("card", CASES)
def test_it_runs_on_arrays_that_cannot_be_written_to(card):
    xp = pytest.importorskip("array_api_strict")
    network, (X, y) = network_with(card), rows()
    trace = network.forward(X, rng=np.random.default_rng(4))
    network.backward(trace, y)

    do = functional.Functional(xp, np.random.default_rng(4))
    p = [Record(**{k: xp.asarray(v) for k, v in part._asdict().items()}) for part in network.parameters]
    t, d = ([Record() for _ in network.cards] for _ in range(2))
    raw = layers.forward(do, network.cards, p, t, xp.asarray(X))
    assert np.asarray(raw) == pytest.approx(trace.raw, rel=1e-12, abs=1e-14)
    g = network.loss.delta(
        xp.asarray(trace.raw), xp.asarray(trace.y_hat), xp.asarray(network.as_target(y)), xp
    )
    for l in (2, 1, 0):  # every layer that has parameters; p is no tuple here, so all are walked
        before = t[l - 1].a if l else xp.asarray(X)
        g = network.cards[l].backward(do, p[l], t[l], before, g, d[l], l > 0)
    for found, expected in zip(d, network.parameters.like().layout.views(trace.grad.theta), strict=True):
        for name, values in expected._asdict().items():
            assert np.asarray(getattr(found, name)) == pytest.approx(values, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("card", CASES)
def test_it_is_copied_and_says_what_it_is(card):
    network, X = network_with(card), rows()[0]
    for twin in (pickle.loads(pickle.dumps(network)), copy.deepcopy(network)):
        assert np.array_equal(twin.predict(X), network.predict(X))
        twin.theta[:] = 0
        assert network.theta.any()
    assert card.label in repr(network) and (card.label in network.summary("en") or card.label == "identity")
    assert eval(repr(card), {"Dense": Dense, "Dropout": Dropout}) == card


def test_a_layer_is_found_by_its_name():
    assert layers.get("dense", units=3) == Dense(3)
    with pytest.raises(UnknownName, match="unknown layer 'dens': did you mean 'dense'"):
        layers.get("dens")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Dense(0), "units must be a whole number >= 1, got 0"),
        (lambda: Dense(2, dropout=1), "dropout must be a share in"),
        (lambda: Dropout(-0.1), "dropout must be a share in"),
        (lambda: Dense(2, "reul"), "did you mean 'relu'"),
        (lambda: Network(layers=[]), "layers must be one or more layers"),
        (lambda: Network(layers=["relu"], inputs=2), "layers must be one or more layers"),
        (lambda: Network(layers=[Dense(2)]), "needs the number of its inputs"),
        (lambda: Network((2, 2), layers=[Dense(2)], inputs=2), "sizes or of layers, not of both"),
        (lambda: Network(), "sizes must be whole numbers"),
    ],
)
def test_what_makes_no_layer_or_network_is_refused_in_words(make, says):
    with pytest.raises(TasouError, match=says):
        make()


def test_a_layer_without_weights_says_so():
    network = Network(layers=[Dropout(0.1), Dense(2)], inputs=2)
    with pytest.raises(AttributeError, match=r"layer 1 \(Dropout\(share=0.1\)\) has no 'W'"):
        _ = network[1].W
    assert network[2].W.shape == (2, 2) and network[2].activation == activations.get("identity")


def test_dropout_behind_a_dense_layer_is_the_dropout_of_that_layer():
    X, y = rows(60)
    stacks = [
        Network((N, 6, 2), "tanh", dropout=0.3, rng=0),
        Network(layers=[Dense(6, "tanh"), Dropout(0.3), Dense(2)], inputs=N, rng=0),
    ]
    for network in stacks:
        Training(network, optimizer="adam", batch_size=20, rng=1).run(X, y, epochs=4)
    assert np.array_equal(stacks[0].theta, stacks[1].theta)
    assert stacks[1].plan.tape is None  # as one


def test_a_segment_learns_at_its_own_rate():
    class Slow(Dense):
        def shapes(self, n):
            return {
                k: layers.Shape(s.of, s.decays, 0.5 if k == "W" else 0.0)
                for k, s in super().shapes(n).items()
            }

    X, y = rows()
    usual, slow = (Network(layers=[kind(2)], inputs=N, rng=0) for kind in (Dense, Slow))
    before = slow.theta.copy()
    for network in (usual, slow):
        Training(network, lr=0.1, weight_decay=0.5, shuffle=False).run(X, y, epochs=1)
    assert slow[1].b.tolist() == [0, 0] and usual[1].b.all()  # a rate of 0: kept as it is
    W = before[: 2 * N]
    moved = slow.theta[: 2 * N] - W
    assert moved == pytest.approx((usual.theta[: 2 * N] - W) / 2)
