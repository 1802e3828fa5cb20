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
from tasou.layers import (
    GRU,
    Attention,
    AveragePool,
    Columns,
    Conv1d,
    Conv2d,
    Dense,
    Dropout,
    Embedding,
    LayerNorm,
    MaxPool,
    Periodic,
    PiecewiseLinear,
    Position,
    PReLU,
    Record,
    Recurrent,
    Scale,
    Skip,
    Squash,
)
from tasou.network import Trace
from tasou.network.named import named

spec = importlib.util.spec_from_file_location("functional", Path(__file__).with_name("functional.py"))
functional = importlib.util.module_from_spec(spec)
spec.loader.exec_module(functional)

N = 3


class Case:
    """A layer to be tried, how a row of its input is to be read, and for codes how many there are in each column."""

    def __init__(self, card, inputs=None, levels=None):
        self.card, self.inputs, self.levels = card, inputs or N, levels
        self.alone = inputs is not None

    def network(self, dtype=np.float64, rng=0):
        """The layer between two dense ones; by itself before one, if it wants a shape or codes."""
        before = [Dense(4, "tanh")] if not self.alone else []
        found = Network(
            layers=[*before, self.card, Dense(2)], inputs=self.inputs, l2=0.1, dtype=dtype, rng=rng
        )
        found.theta = np.random.default_rng(5).normal(0, 0.7, found.theta.size)
        return found

    def rows(self, n=7, dtype=np.float64):
        rng = np.random.default_rng(1)
        X = rng.normal(size=(n, layers.numbers(self.inputs)))
        for j, levels in enumerate(self.levels or ()):
            if levels:
                X[:, j] = rng.integers(0, levels, n)
        return X.astype(dtype), rng.integers(0, 2, n)


MADE = {
    "columns": [
        Case(
            Columns(
                [
                    ((0, 2), [Scale(), Dense(2, "tanh", bias=False)]),
                    ((1, 3), [Embedding((4, 3), 2), Dense(3, "tanh", dropout=0.2)]),
                    ((2, 0, 2), [Skip([Periodic(1), Dense(3)])]),
                ]
            ),
            4,
            (0, 4, 0, 3),
        ),
        Columns([((3, 1), [PReLU()]), (0, [Dense(1)])]),
    ],
    "dense": [
        Dense(5, "tanh"),
        Dense(4, "relu", dropout=0.3),
        Dense(3, bias=False),
        Case(Dense(3), (2, 3)),
        Dense(4, "mish", rates=(0.5, 0.1)),
    ],
    "dropout": [Dropout(0.4), Dropout(0.0)],
    "embedding": [Case(Embedding((4, 3), 2), 2, (4, 3)), Case(Embedding(5, 3, std=0.5, rate=2.0), 1, (5,))],
    "layer_norm": [LayerNorm(), Case(LayerNorm(1e-3), (2, 3))],
    "periodic": [Periodic(3), Case(Periodic(2, 0.5, rate=0.1), (2, 3))],
    "piecewise_linear": [
        Case(PiecewiseLinear([(-0.5, 0.5), (-0.2, 0.3), (0, 0.2, 1)], low=-1.0), N),
        Case(PiecewiseLinear([(-1, 0), (0, 1, 2)]), (3, 2)),
    ],
    "prelu": [PReLU(), Case(PReLU(0.1), (2, 2, 3))],
    "skip": [
        Skip([Dense(3, "relu"), Skip([Dense(2, "tanh"), Dense(3)]), Dropout(0.3), Dense(4)]),
        Case(Skip([LayerNorm(), PReLU()]), (2, 3)),
        Case(Skip(Dense(3, "tanh")), N),
    ],
    "scale": [Scale(), Case(Scale(rate=6.0), (4, 2))],
    "conv1d": [
        Case(Conv1d(3, 2, "tanh"), (5, 2)),
        Case(Conv1d(2, 3, stride=2, padding="same", bias=False), (6, 2)),
    ],
    "conv2d": [
        Case(Conv2d(2, 2, "sigmoid"), (3, 4, 2)),
        Case(Conv2d(2, (3, 2), "tanh", stride=(2, 1), padding="same"), (4, 3, 1)),
    ],
    "max_pool": [
        Case(MaxPool(2), (5, 4, 2)),
        Case(MaxPool(2, stride=1), (4, 2)),
        Case(MaxPool(None), (3, 3, 2)),
    ],
    "average_pool": [
        Case(AveragePool(2), (5, 4, 2)),
        Case(AveragePool((3,), stride=2), (6, 2)),
        Case(AveragePool(None), (4, 2)),
    ],
    "recurrent": [Case(Recurrent(3), (4, 2)), Case(Recurrent(2, "sigmoid", output="all"), (3, 2))],
    "gru": [Case(GRU(2), (4, 2)), Case(GRU(2, output="all"), (3, 2))],
    "attention": [
        Case(Attention(2), (4, 3)),
        Case(Attention(2, causal=True), (3, 2)),
        Case(Attention(3, output="last"), (4, 2)),
    ],
    "position": [Case(Position(), (4, 2))],
    "squash": [Squash(), Squash(2.5)],
}
"""layers of each kind, or cases where they want more than so many numbers; of the others their own `examples`"""


def cases(name):
    """What is tried of a kind of layer."""
    made = MADE.get(name) or [Case(card, inputs) for card, inputs in layers.kind(name).examples()]
    return [each if isinstance(each, Case) else Case(each) for each in made]


CASES = [pytest.param(case, id=f"{name}-{case.card!r}") for name in layers.names() for case in cases(name)]
CLASSES = [layers.kind(name).__name__ for name in layers.names()]
every_layer = pytest.mark.parametrize("case", CASES)


def quiet(record):
    """All arrays of a record, those of the layers within too."""
    own = [value for value in vars(record).values() if isinstance(value, np.ndarray)]
    return own + [array for part in record.parts().values() for array in quiet(part)]


def gradients(record, names):
    """The arrays of a layer's gradients by their names, where the record's parts are the layers within."""
    for name in names:
        *path, leaf = name.split(".")
        inner = record
        for i in path:
            inner = inner.part(int(i))
        yield getattr(inner, leaf)


def test_every_layer_of_the_folder_is_tried():
    assert {type(case.values[0].card) for case in CASES} == {layers.kind(name) for name in layers.names()}
    assert set(MADE) <= set(layers.names())
    for name in MADE:
        assert all(isinstance(getattr(made, "card", made), layers.kind(name)) for made in MADE[name])


@every_layer
def test_its_gradients_are_the_derivatives(case):
    report = check_gradients(case.network(), *case.rows())
    assert report.ok and report.worst_error <= 1e-7, report.text("en")


@every_layer
def test_the_error_of_its_input_is_the_derivative(case):
    card, n = case.card, case.inputs if case.alone else 4
    rng = np.random.default_rng(2)
    x = case.rows()[0] if case.alone else rng.normal(size=(7, n))
    shapes = card.shapes(n)
    p = named(tuple(shapes))(rng.normal(size=shape.of) for shape in shapes.values())
    R = np.random.default_rng(3).normal(size=(len(x), layers.numbers(card.width(n))))

    def run(x):
        """By verbs that draw the same numbers each time: with dropout, too, the output is a function of x."""
        do = backends.make("numpy").drawing_from(np.random.default_rng(4))
        t = Record(shape=n)
        return do, t, card.forward(do, p, t, x)

    do, t, _ = run(x)
    d = Record.nested(p.names, map(np.zeros_like, p))
    g = card.backward(do, p, t, x, R.copy(), d, True)
    measured = [j for j in range(x.shape[1]) if not (case.levels or [0] * x.shape[1])[j]]
    for j in measured:
        step = np.zeros_like(x)
        step[:, j] = 1e-6
        numeric = ((run(x + step)[2] - run(x - step)[2]) * R).sum(axis=1) / 2e-6
        assert g[:, j] == pytest.approx(numeric, rel=1e-6, abs=1e-8)
    assert not np.delete(g, measured, axis=1).any()  # a code is no number: there is nothing to follow


@every_layer
def test_shards_add_up(case):
    network, (X, y) = case.network(), case.rows()
    w = np.linspace(0.5, 2, len(X))
    whole = network.gradient(X, y, w)
    parts = network.gradient(X[:2], y[:2], w[:2]) + network.gradient(X[2:], y[2:], w[2:])
    assert parts.sum == pytest.approx(whole.sum, rel=1e-12, abs=1e-14)
    assert (parts.loss, parts.weight) == pytest.approx((whole.loss, whole.weight))


@every_layer
def test_a_smaller_last_batch_works_in_the_same_memory(case):
    network, (X, y) = case.network(), case.rows()
    trace = Trace(network, len(X))
    network.gradient(X, y, trace=trace)
    found = network.gradient(X[:3], y[:3], trace=trace.first(3)).sum.copy()
    assert found == pytest.approx(network.gradient(X[:3], y[:3]).sum, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@every_layer
def test_it_stays_in_its_dtype(case, dtype):
    network, (X, y) = case.network(dtype), case.rows(dtype=dtype)
    step = next(Training(network, optimizer="adam", rng=0).steps(X, y, epochs=1))
    arrays = [network.theta, step.gradient.theta, step.trace.y_hat, network.predict(X)]
    arrays += [array for t in step.trace.layers for array in quiet(t)]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@every_layer
def test_both_backends_learn_the_same(case):
    found = []
    X, y = case.rows(60)
    for name in backends.names():
        try:
            backend = backends.make(name)
        except TasouError as reason:
            pytest.skip(str(reason))
        with backends.use(backend):
            network = case.network()
            Training(network, optimizer="adam", lr=0.01, batch_size=16, rng=3).run(X, y, epochs=5)
            found.append(network.theta)
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-11)


@every_layer
def test_it_runs_on_arrays_that_cannot_be_written_to(case):
    xp = pytest.importorskip("array_api_strict")
    network, (X, y) = case.network(), case.rows()
    trace = network.forward(X, rng=np.random.default_rng(4))
    network.backward(trace, y)

    do = functional.Functional(xp, np.random.default_rng(4))
    p = [type(part)(xp.asarray(values) for values in part) for part in network.parameters]
    t, d = layers.records(network.cards, case.inputs), [Record() for _ in network.cards]
    raw = layers.forward(do, network.cards, p, t, xp.asarray(X))
    assert np.asarray(raw) == pytest.approx(trace.raw, rel=1e-12, abs=1e-14)
    g = network.loss.delta(
        xp.asarray(trace.raw), xp.asarray(trace.y_hat), xp.asarray(network.as_target(y)), xp
    )
    layers.backward(do, network.cards, p, t, xp.asarray(X), g, d)
    for found, expected in zip(d, trace.grad, strict=True):
        for values, wanted in zip(gradients(found, expected.names), expected, strict=True):
            assert np.asarray(values).ravel() == pytest.approx(wanted.ravel(), rel=1e-12, abs=1e-14)


@every_layer
def test_it_is_copied_and_says_what_it_is(case):
    network, X, card = case.network(), case.rows()[0], case.card
    for twin in (pickle.loads(pickle.dumps(network)), copy.deepcopy(network)):
        assert np.array_equal(twin.predict(X), network.predict(X))
        twin.theta[:] = 0
        assert network.theta.any()
    assert card.label in repr(network) and (card.label in network.summary("en") or card.label == "identity")
    assert eval(repr(card), {name: getattr(layers, name) for name in CLASSES}) == card


@pytest.mark.parametrize("name", layers.names())
def test_it_is_explained_in_both_languages(name):
    kind = layers.kind(name)
    assert kind.latex and kind.latex.count("{") == kind.latex.count("}")
    assert kind.notes["en"].endswith(".") and kind.notes["ja"].endswith("。")


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
    X, y = Case(Dense(2)).rows(60)
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

    X, y = Case(Dense(2)).rows()
    usual, slow = (Network(layers=[kind(2)], inputs=N, rng=0) for kind in (Dense, Slow))
    before = slow.theta.copy()
    for network in (usual, slow):
        Training(network, lr=0.1, weight_decay=0.5, shuffle=False).run(X, y, epochs=1)
    assert slow[1].b.tolist() == [0, 0] and usual[1].b.all()  # a rate of 0: kept as it is
    W = before[: 2 * N]
    moved = slow.theta[: 2 * N] - W
    assert moved == pytest.approx((usual.theta[: 2 * N] - W) / 2)
