"""Trainings on some of a table's rows: the numbers are those of a copy of these rows, and there is no copy."""

import tracemalloc

import numpy as np
import pytest
from scipy import sparse

from tasou import Network, Training, backends
from tasou.errors import TasouError
from tasou.layers import Columns, Dense, PiecewiseLinear, Squash
from tasou.training.data import Data

N, D = 240, 5
RNG = np.random.default_rng(0)
X, Y, WEIGHT = RNG.normal(size=(N, D)), RNG.integers(3, size=N), RNG.random(N)
INDEX = np.sort(RNG.permutation(N)[:170]).astype(np.int32)
OTHERS = np.sort(RNG.permutation(N)[:170])
WAYS = {
    "shuffled": dict(batch_size=32),
    "by RandomState": dict(batch_size=32, rng="old"),
    "as they lie": dict(batch_size=32, shuffle=False),
    "all at once": dict(),
    "all at once, by RandomState": dict(rng="old"),
    "one by one": dict(batch_size=1),
    "L-BFGS": dict(optimizer="lbfgs"),
}


def plain():
    return Network((D, 40, 3), "tanh", dropout=0.2, rng=1)


def small():
    return Network((D, 4, 3), "tanh", rng=1)


def binned():
    edges = tuple((-1.0, 0.0, 0.5, 1.0) for _ in range(D))
    card = Columns((((0, 1), (Squash(),)), (tuple(range(D)), (PiecewiseLinear(edges),))))
    return Network(layers=[card, Dense(12, "mish"), Dense(3)], inputs=D, loss="cross_entropy", rng=1)


def learnt(network, data, rng=0, epochs=(3, 2), **way):
    training = Training(network, rng=np.random.RandomState(0) if rng == "old" else rng, **way)
    for n in epochs:
        training.run(data(network), None, epochs=n)
    return [network.theta.tobytes(), *training.history.loss]


@pytest.mark.parametrize("backend", ["numpy", "native"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("make", [plain, small, binned])
def test_the_same_bits_by_rows_of_a_table_and_by_a_copy_of_them(make, way, backend, request):
    if backend == "native":
        request.getfixturevalue("native")
    with backends.use(backend):
        views = learnt(make(), lambda network: Data(network, X, Y, WEIGHT, index=INDEX), **WAYS[way])
        copies = learnt(make(), lambda network: Data(network, X[INDEX], Y[INDEX], WEIGHT[INDEX]), **WAYS[way])
    assert views == copies


def test_rows_of_a_sparse_table_are_learnt_like_a_copy():
    A = sparse.random(N, D, 0.4, "csr", random_state=0)
    views = learnt(small(), lambda network: Data(network, A, Y, index=INDEX), batch_size=16)
    assert views == learnt(small(), lambda network: Data(network, A[INDEX], Y[INDEX]), batch_size=16)


def test_other_rows_of_the_table_begin_anew():
    training = Training(plain(), batch_size=32, rng=0)
    training.run(Data(training.network, X, Y, index=INDEX), None, epochs=2)
    training.run(Data(training.network, X, Y, index=OTHERS), None, epochs=1)
    assert sorted(training.order) == OTHERS.tolist()


def test_a_state_goes_on_with_the_same_rows_of_the_table_only():
    whole = Training(plain(), batch_size=32, rng=0)
    whole.run(Data(whole.network, X, Y, index=INDEX), None, epochs=2)
    resumed = Training(plain(), batch_size=32)
    resumed.restore(whole.state())
    with pytest.raises(TasouError, match="not the rows"):
        resumed.run(Data(resumed.network, X, Y, index=OTHERS), None, epochs=1)
    whole.run(Data(whole.network, X, Y, index=INDEX), None, epochs=1)
    resumed.run(Data(resumed.network, X, Y, index=INDEX), None, epochs=1)
    assert whole.network.theta.tobytes() == resumed.network.theta.tobytes()


@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_of_a_large_table_no_row_is_copied(backend, request):
    if backend == "native":
        request.getfixturevalue("native")
    table, labels = np.ones((30_000, 100)), np.zeros(30_000, int)
    network = Network((100, 8, 2), rng=0)
    tracemalloc.start()
    with backends.use(backend):
        Training(network, batch_size=1_000, rng=0).run(
            Data(network, table, labels, index=np.arange(0, 30_000, 2)), None, epochs=1
        )
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 0.2 * table.nbytes


@pytest.mark.parametrize("index", [[0, N], [-1, 2], [], [0.5], [[0, 1]]])
def test_numbers_of_rows_that_there_are_not_are_refused(index):
    with pytest.raises(TasouError, match="0 … 239"):
        Data(plain(), X, Y, index=index)
