"""Layers of features: what each computes where it can be said in another way, and what each refuses."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import Network, Training
from tasou.errors import TasouError
from tasou.layers import Columns, Dense, Embedding, LayerNorm, Periodic, PiecewiseLinear, PReLU, Scale, Skip

X = np.random.default_rng(0).normal(size=(20, 2))


def first(card, rows, inputs=None):
    """What the layer makes of the rows as it begins."""
    rows = np.asarray(rows, np.float64)
    return Network(layers=[card, Dense(1)], inputs=inputs or rows.shape[1], rng=0).hidden(rows, 1)


def test_layers_begin_as_their_papers_say():
    assert np.array_equal(first(Scale(), X), X)
    assert np.array_equal(first(PReLU(), X), np.where(X > 0, X, 0.25 * X))
    normal = first(LayerNorm(), X)
    assert normal.mean(axis=1) == pytest.approx(0, abs=1e-12) and normal.std(axis=1) == pytest.approx(
        1, rel=1e-2
    )
    network = Network(layers=[Periodic(2000, sigma=0.3), Dense(1)], inputs=1, rng=0)
    assert network[1].c.std() == pytest.approx(0.3, rel=0.1) and abs(network[1].c.mean()) < 0.03
    assert Network(layers=[Embedding(4000, 2), Dense(1)], inputs=1, rng=0)[1].E.std() == pytest.approx(
        1, rel=0.05
    )


def test_an_embedding_is_a_dense_layer_behind_one_hot_columns():
    codes, levels = np.array([[0, 2], [1, 0], [1, 1]]), (2, 3)
    network = Network(layers=[Embedding(levels, 2), Dense(2)], inputs=2, rng=0)
    E = network[1].E
    for j, start in enumerate((0, 2)):
        one_hot = np.eye(levels[j])[codes[:, j]]
        expected = one_hot @ E[start : start + levels[j]]
        assert np.array_equal(network.hidden(codes, 1)[:, 2 * j : 2 * j + 2], expected)


def test_bins_tell_where_a_number_lies_and_a_missing_one_lies_nowhere():
    card = PiecewiseLinear([(0, 1, 3)])
    found = first(card, [[-5], [0.25], [2], [9], [np.nan]])
    assert found.tolist() == [[0, 0], [0.25, 0], [1, 0.5], [1, 1], [0.5, 0.5]]
    assert first(PiecewiseLinear([(0, 1, 3)], low=-1), [[2.0], [np.nan]]).tolist() == [[1, 0], [0, 0]]


def test_bins_are_taken_from_quantiles():
    rows = np.c_[np.arange(101.0), np.repeat([1.0, 2.0], [90, 11]), np.full(101, 7.0)]
    rows[3] = np.nan
    card = PiecewiseLinear.of(rows, bins=4)
    assert [len(column) for column in card.edges] == [5, 2, 2]
    assert card.edges[1:] == ((1.0, 2.0), (7.0, 8.0))


def test_a_skip_whose_layers_give_nothing_is_no_layer():
    network = Network(layers=[Skip([Dense(3, "relu"), Dense(2)]), Dense(1)], inputs=2, rng=0)
    assert network.cards[0].shapes(2).keys() == {"1.W", "1.b", "2.W", "2.b"}
    network[1].part(2).W[:] = 0
    assert np.array_equal(network.hidden(X, 1), X)


def test_columns_go_their_ways_side_by_side():
    card = Columns([((1,), [Scale()]), ((0, 1), [PReLU()])])
    assert np.array_equal(first(card, X), np.hstack([X[:, 1:], np.where(X > 0, X, 0.25 * X)]))


def test_a_scale_of_rate_six_moves_six_times_as_far():
    moved = []
    for rate in (1.0, 6.0):
        network = Network(layers=[Scale(rate), Dense(2)], inputs=2, rng=0)
        Training(network, lr=0.01, shuffle=False).run(X, (X[:, 0] > 0).astype(int), epochs=1)
        moved.append(network[1].s - 1)
    assert moved[1] == pytest.approx(6 * moved[0], rel=1e-12)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: first(Embedding((3, 2), 2), [[2, 1], [0, 2]]), "column 1 .* 0 … 1; row 1 holds 2"),
        (lambda: first(Embedding(3, 2), [[0.5]]), "whole numbers"),
        (lambda: first(Embedding(3, 2), [[np.nan]]), "row 0 holds nan"),
        (lambda: first(Columns([(1, [Embedding(3, 2)])]), [[9, 3]]), "0 … 2; row 0 holds 3"),
        (lambda: Embedding((2**23, 2**23 + 1), 2), "at most 16777216 can be told apart"),
        (lambda: first(Embedding((3, 2), 2), [[0]]), "given for 2 columns of codes, but 1 come in"),
        (
            lambda: Network(layers=[Dense(1), Embedding(3, 2)], inputs=2),
            "layer 2, .* looks codes up, so it must be",
        ),
        (lambda: Skip([Dense(1), Embedding(3, 2)]), "nothing can stand before it"),
        (lambda: first(Skip([Dense(3)]), X), "turn 2 into 3"),
        (lambda: Skip([]), "one or more layers"),
        (lambda: Columns([((0,), [])]), "one or more layers"),
        (lambda: Columns([(("a",), [Scale()])]), "must pair columns with layers"),
        (lambda: first(Columns([((0, 5), [Scale()])]), X), "no column 5: 2 come in"),
        (lambda: PiecewiseLinear([(0, 1), (1, 1)]), "column 1 has"),
        (lambda: first(PiecewiseLinear([(0, 1)]), X), "given for 1 columns, but 2 come in"),
        (lambda: Scale(-1), "factor of the learning rate"),
        (lambda: LayerNorm(0), "eps must be a number > 0"),
        (lambda: Periodic(2, sigma=-1), "sigma must be a number > 0"),
        (lambda: Network(layers=[Scale()], inputs=(2, 0)), "the shape of one input"),
        (lambda: first(Scale(), X.reshape(20, 2), inputs=(2, 2)), r"X must have shape \(n, 2, 2\)"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(make, says):
    with pytest.raises(TasouError, match=says):
        make()


def test_a_sparse_table_is_refused_where_the_first_layer_cannot_read_it():
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(TasouError, match=r"layer 1, Scale\(rate=1.0\), cannot read a sparse X"):
        Network(layers=[Scale(), Dense(1)], inputs=2).predict(sparse.csr_matrix(X))
