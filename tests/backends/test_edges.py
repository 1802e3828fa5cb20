"""Bins by their edges: what native code computes in place of bins is what the layers say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tasou import Network, Training, backends
from tasou.backends.native import program
from tasou.backends.native.folding import folded
from tasou.backends.native.interpolating import BY_EDGES, interpolated
from tasou.formulas import edges
from tasou.layers import Columns, Dense, Embedding, PiecewiseLinear, Scale, Squash

EDGES = tuple(tuple(np.linspace(-2, 2, n) ** 3) for n in (9, 8, 7, 18, 12))
BINS = ((0, 1, 2, 3, 5), (PiecewiseLinear(EDGES, low=-0.7, high=0.9),))
RAW = ((0, 1, 2, 3, 5), (Squash(0.5),))
LEVELS = ((4,), (Embedding((5,), 3),))
LAYOUTS = {
    "behind": (RAW, BINS),
    "between": (RAW, BINS, LEVELS),
    "before": (BINS, LEVELS, RAW),
    "alone": (BINS,),
    "between others": (RAW, LEVELS, BINS, LEVELS, RAW),
}
layouts = pytest.mark.parametrize("parts", LAYOUTS.values(), ids=LAYOUTS)


def network(parts, *cards, dtype=np.float64):
    rest = cards or (Scale(6), Dense(20, "mish"), Dense(2))
    return Network(layers=[Columns(parts), *rest], inputs=6, loss="squared_error", dtype=dtype, rng=1)


def rows(n=200, dtype=np.float64):
    rng = np.random.default_rng(0)
    X = 2 * rng.normal(size=(n, 6))
    X[:, 4] = rng.integers(0, 5, n)
    X[:4, 0] = -1e9, 1e9, EDGES[0][3], EDGES[0][-1]
    y = np.stack([np.sin(X[:, 1]), X[:, 2] ** 2 / 4], axis=1)
    return X.astype(dtype), y.astype(dtype)


def learnt(parts, backend, *, dtype=np.float64, threads=None):
    net, (X, y) = network(parts, dtype=dtype), rows(dtype=dtype)
    with backends.use(backend if threads is None else backends.make(backend, threads)) as used:
        used.reason = ""
        Training(net, optimizer="adam", lr=0.02, batch_size=90, rng=3).run(X, y, epochs=3)
        assert not used.reason
        return net.theta, net.predict(X)


def by_edges(tape):
    return [op.verb for op in interpolated(tape) if op.verb in BY_EDGES]


class Player:
    """A tape by its edges, played with NumPy and the formulas as they are read; other verbs by the backend."""

    def __init__(self, net, X):
        self.do, self.theta, self.n = backends.make("numpy"), net.theta, len(X)
        self.grad, self.found = np.full_like(net.theta, np.nan), {}

    def numbers(self, operand):
        if operand.base is not None:
            base = self.numbers(operand.base)
            if operand.kind == "transposed":
                return base.T
            if operand.kind == "columns":
                return base[..., operand.start : operand.start + operand.shape[-1]]
            return base.reshape(self.n, *operand.per_row[1:])
        if operand.kind in ("parameter", "gradient"):
            flat = self.theta if operand.kind == "parameter" else self.grad
            return flat[operand.start : operand.start + operand.size].reshape(operand.shape)
        return operand.array if operand.kind == "constant" else self.found[operand]

    def play(self, ops):
        for op in ops:
            arrays = [self.numbers(operand) for operand in op.inputs]
            formula = () if op.formula is None else (op.formula,)
            if op.verb in BY_EDGES:
                value = getattr(self, op.verb)(*arrays[:-1], arrays[-1], *op.numbers)
            elif op.verb == "scaled":
                value = self.do.scaled(arrays[0].copy(), *formula, *arrays[1:])
            else:
                value = getattr(self.do, op.verb)(*formula, *arrays, *map(int, op.numbers))
            if op.output.root.kind == "gradient":
                self.numbers(op.output)[...] = value
            else:
                self.found[op.output] = np.array(value)

    def locate(self, x, ends, first):
        rows, shares = np.empty(x.shape), np.empty(x.shape)
        for c, (a, b) in enumerate(pairwise(first)):
            bin = np.clip(np.searchsorted(ends[a:b], x[:, c], "right") - 1, 0, b - a - 2)
            rows[:, c] = a + bin
            shares[:, c] = edges.way(x[:, c], ends[a + bin], ends[a + bin + 1], np)
        return np.hstack([rows, shares])

    def edge_values(self, W, s, first, low, high):
        weights = np.split((W * s).T, (first[1:-1] - np.arange(1, len(first) - 1)))
        return np.concatenate([edges.at_edges(w, np, low=low, high=high) for w in weights])

    def interpolate(self, where, values, *given):
        at, t = (part[..., None] for part in np.hsplit(where, 2))
        at = at[..., 0].astype(int)
        found = edges.between(values[at], values[at + 1], t, np).sum(axis=1)
        return found + given[0] if len(given) > 1 else found

    def edge_sums(self, where, delta, first):
        sums, (at, t) = np.zeros((first[-1], delta.shape[1])), np.hsplit(where, 2)
        for c in range(len(first) - 1):
            np.add.at(sums, at[:, c].astype(int), (1 - t[:, c, None]) * delta)
            np.add.at(sums, at[:, c].astype(int) + 1, t[:, c, None] * delta)
        return sums

    def edge_gradients(self, sums, W, s, grad_s, first, low, high):
        parts = np.split(sums, first[1:-1])
        G = np.concatenate([edges.at_edges_back(part, np, low=low, high=high) for part in parts]).T
        grad_s[...] = (G * W).sum(axis=0)
        return G * s


@layouts
def test_the_tape_by_edges_says_what_the_layers_say(parts):
    net, (X, y) = network(parts), rows(50)
    found = []
    for tape in (net.tape(), folded(interpolated(net.tape()))):
        player = Player(net, X)
        player.found[tape.x] = X
        player.play(tape.forward)
        player.found[tape.error] = player.numbers(tape.output) - y + 1
        player.play(tape.backward)
        found.append((player.numbers(tape.output), player.grad))
    assert by_edges(net.tape()) == list(BY_EDGES)
    assert found[1][0] == pytest.approx(found[0][0], rel=1e-12, abs=1e-12)
    assert found[1][1] == pytest.approx(found[0][1], rel=1e-11, abs=1e-11)


def test_a_scale_in_front_of_a_dense_layer_needs_no_error_of_its_input():
    plain = Network(layers=[Scale(), Dense(4, "tanh"), Scale(), Dense(2)], inputs=3, rng=0)
    behind = folded(plain.tape()).backward
    products = [op for op in behind if op.verb == "product"]
    assert len(products) == 4 - 1 and len(folded(interpolated(network((RAW, BINS)).tape())).backward) < 17
    asked = network((RAW, BINS, LEVELS)).tape()  # the embedding asks for it
    assert sum(op.output.name == "back" for op in folded(interpolated(asked)).backward) == 1


@layouts
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_native_code_learns_and_predicts_by_edges_what_numpy_does_by_bins(parts, dtype, native, monkeypatch):
    monkeypatch.setattr(program, "VALUES", 1)  # several shards
    tolerance = {"rel": 2e-3, "abs": 2e-3} if dtype is np.float32 else {"rel": 1e-8, "abs": 1e-9}
    found, expected = (learnt(parts, backend, dtype=dtype) for backend in ("native", "numpy"))
    assert found[0] == pytest.approx(expected[0], **tolerance)
    assert found[1] == pytest.approx(expected[1], **tolerance)


def test_bins_by_edges_are_the_same_bits_by_any_number_of_threads(native, monkeypatch):
    monkeypatch.setattr(program, "VALUES", 1)
    one, *others = (learnt(LAYOUTS["between"], "native", threads=threads)[0] for threads in (1, 2, 3))
    assert all(np.array_equal(one, other) for other in others)


def test_a_number_that_is_missing_stands_halfway_in_its_bins(native):
    X = rows(20)[0]
    X[3, 1], X[:, 4] = np.nan, 0
    found = []
    for backend in ("native", "numpy"):
        net = network(LAYOUTS["alone"])
        with backends.use(backend):
            Training(net, lr=0.1, batch_size=20, rng=0).run(X, np.ones((20, 2)), epochs=2)
            found.append((net.theta, net.predict(X)))
    assert np.isfinite(found[0][1]).all()
    for one, other in zip(*found, strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-10)


def test_bins_that_are_few_or_used_otherwise_stay_bins():
    few = ((0, 1), (PiecewiseLinear(((0, 1, 2), (0, 1, 2))),))
    inner = network([((0, 1, 2, 3, 5), (Scale(), PiecewiseLinear(EDGES)))])
    twice = network((BINS,), Scale(), Scale(), Dense(2))
    for net in (network((RAW, few)), inner, twice, network((BINS,), Dense(4), Dense(2))):
        assert not by_edges(net.tape())


def test_the_values_at_edges_are_products_with_bins():
    rng = np.random.default_rng(0)
    w, ends = rng.normal(size=(5, 3)), np.array([0.0, 1, 3, 4, 8, 9])
    bins = PiecewiseLinear((tuple(ends),), low=-0.5, high=2.0)
    a = Network(layers=[bins], inputs=1, loss="squared_error").predict(ends[:, None])
    assert edges.at_edges(w, np, low=-0.5, high=2.0) == pytest.approx(a @ w)
    g = rng.normal(size=(6, 3))
    assert edges.at_edges_back(g, np, low=-0.5, high=2.0) == pytest.approx(a.T @ g)


def test_networks_alike_are_laid_out_once_and_others_by_themselves(native):
    X, y = rows(60)
    kept = native.library.programs
    with backends.use(native):
        kept.clear()
        for parts in (LAYOUTS["between"], LAYOUTS["between"], LAYOUTS["before"]):
            Training(network(parts), batch_size=30, rng=0).run(X, y, epochs=1)
        assert len(kept) == 2
        for _ in range(2):
            Training(network((RAW,), Own(4), Dense(2)), batch_size=30, rng=0).run(X, y, epochs=1)
        assert len(kept) == 2


class Own(Dense):
    """A layer of somebody's own may change from one network to the next."""
