"""Which backend computes, predictions, what falls back, and what is refused."""

import subprocess
import sys
import threading

import numpy as np
import pytest
import scipy.sparse

from tasou import backends
from tasou.backends import blas, pools
from tasou.backends.native import description as descriptions
from tasou.backends.native.library import Library, NotNative
from tasou.errors import UnknownName
from tasou.formulas import losses
from tasou.formulas.activations import Activation
from tasou.network import Network
from tasou.training import Training


def test_use_chooses_for_a_while():
    before = backends.current()
    with backends.use("numpy") as chosen:
        assert backends.current() is chosen and chosen.name == "numpy"
        assert Network((1, 1)).backend is chosen
        assert backends.describe()["why"] == "chosen by use()"
    assert backends.current() is before


def test_unknown_backends_are_named():
    with pytest.raises(UnknownName, match="did you mean 'native'"), backends.use("natve"):
        pass


@pytest.mark.parametrize("asked", ["numpy", "native", "nonsense"])
def test_the_environment_chooses_the_default(asked, native):
    code = "from tasou import backends; d = backends.describe(); print(d['backend'], '|', d['why'])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**__import__("os").environ, "TASOU_BACKEND": asked}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    name, why = done.stdout.strip().split(" | ")
    assert name == {"numpy": "numpy"}.get(asked, "native")
    assert asked == "nonsense" or why == f"TASOU_BACKEND={asked}"


def test_describe_names_blas_and_threads(native):
    with backends.use(native):
        about = backends.describe()
    assert about["backend"] == "native" and about["threads"] == 1
    assert about["blas"] and isinstance(about["core"], str)


def test_a_missing_library_says_so(tmp_path):
    with pytest.raises(NotNative, match="no native library was built"):
        Library(tmp_path / "none.so")
    (tmp_path / "bad.so").write_bytes(b"not a library")
    with pytest.raises(NotNative, match="cannot be loaded"):
        Library(tmp_path / "bad.so")


def test_a_formula_changed_since_the_build_runs_in_numpy(native, monkeypatch):
    library = Library()
    index, form, _ = library.table["activations/relu", "f"]
    library.table["activations/relu", "f"] = (index, form, "another")
    from tasou.formulas import activations

    with pytest.raises(NotNative, match=r"relu\.py has changed since"):
        library.formula(activations.get("relu").f)


# --- predictions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("loss", losses.names())
@pytest.mark.parametrize("n", [0, 1, 63, 5000])
def test_predictions_are_the_same(native, loss, dtype, n):
    network = Network((7, 30, 20, 4), ["gelu", "identity"], loss=loss, dtype=dtype, rng=0)
    X = np.random.default_rng(0).normal(size=(n, 7)).astype(dtype)
    with backends.use("numpy"):
        expected = network.predict(X), network.decision(X)
    with backends.use(native):
        found = network.predict(X), network.decision(X)
    for a, b in zip(found, expected, strict=True):
        assert a.shape == b.shape and a.dtype == b.dtype
        np.testing.assert_allclose(
            a, b, rtol=1e-4 if dtype == "f4" else 1e-12, atol=1e-5 if dtype == "f4" else 1e-13
        )


def test_many_rows_are_shared_by_threads(native, monkeypatch):
    from tasou.backends.native import predict

    monkeypatch.setattr(predict, "WORK_PER_THREAD", 1000)
    network, X = Network((5, 8, 2), "tanh", rng=0), np.random.default_rng(0).normal(size=(4001, 5))
    with backends.use("numpy"):
        expected = network.predict(X)
    with backends.use("native", n_threads=3):
        np.testing.assert_allclose(network.predict(X), expected, atol=1e-13)


def test_a_prediction_follows_the_parameters(native):
    network, X = Network((2, 3, 2), rng=0), np.ones((1, 2))
    with backends.use(native):
        before = network.predict(X)
        network.theta = np.zeros(network.theta.size)
        assert (network.predict(X) == 0.5).all() and not (before == 0.5).any()


def test_copies_and_pickles_predict_by_themselves(native):
    import copy
    import pickle

    network, X = Network((2, 3, 2), rng=0), np.ones((1, 2))
    with backends.use(native):
        expected = network.predict(X)
        for twin in (copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
            network.theta[:] = 0
            np.testing.assert_array_equal(twin.predict(X), expected)
            network.theta = twin.theta


# --- what NumPy has to do --------------------------------------------------------------------------------------------


def test_a_sparse_x_is_left_to_numpy(native):
    native.reason = ""
    network = Network((6, 30, 2), rng=0)
    X = scipy.sparse.random(40, 6, 0.5, format="csr", random_state=0)
    with backends.use(native):
        Training(network, batch_size=10, rng=0).run(X, np.arange(40) % 2, epochs=2)
        sparse = network.predict(X)
    assert native.reason == "a sparse X"
    np.testing.assert_allclose(sparse, network.predict(X.toarray()), atol=1e-12)


def test_an_activation_of_ones_own_is_left_to_numpy(native):
    native.reason = ""
    square = Activation("square", f=lambda z, xp: z * z, slope=lambda z, a, xp: 2 * z)
    network = Network((2, 4, 2), square, rng=0)
    with backends.use(native):
        Training(network, rng=0).run(np.eye(2), [0, 1], epochs=3)
    assert "not one of tasou's formulas" in native.reason


def test_watched_steps_are_the_same_numbers(native):
    def theta(backend):
        network = Network((6, 40, 3), "gelu", rng=0)
        seen = []
        X, y = np.random.default_rng(0).normal(size=(90, 6)), np.arange(90) % 3
        watcher = type("Watcher", (), {"on_step": lambda self, training, step: seen.append(step.loss)})()
        with backends.use(backend):
            Training(network, optimizer="adam", batch_size=32, rng=0, callbacks=[watcher]).run(X, y, epochs=3)
        assert len(seen) == 9
        return network.theta

    np.testing.assert_allclose(theta(native), theta("numpy"), atol=1e-12)


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [[0, 1, 3], [-1, 0, 1], [0, 1]])
def test_row_numbers_beyond_the_data_are_refused(order):
    with pytest.raises(ValueError, match="order of rows"):
        descriptions.check_order(np.array(order), 3, 3)


def test_arrays_of_another_size_are_refused(native):
    layers = Network((2, 3, 2), rng=0).plan
    description = descriptions.Description(native.library, layers)
    with pytest.raises(NotNative, match="an array of 4"):
        description.array(np.zeros(4), 5)
    with pytest.raises(NotNative, match="float32"):
        description.array(np.zeros(5, "f4"), 5)
    with pytest.raises(NotNative, match="an array of 3"):
        description.array(np.zeros(6)[::2], 3)


@pytest.mark.parametrize("n, begin, end, rates", [
    (1, 0, 41, 1), (1, 40, 40, 1), (1, -1, 40, 1), (2, 0, 20, 1), (0, 0, 40, 1), (1, 0, 40, 3), (1, 0, 40, 0),
])  # fmt: skip
def test_rows_and_rates_that_do_not_fit_are_refused(native, n, begin, end, rates):
    from tasou.training.data import Data
    from tasou.training.whole_epochs import WholeEpochs

    training = Training(Network((2, 3, 2), rng=0), batch_size=10, rng=0)
    data = Data(training.network, np.ones((40, 2)), np.zeros(40, int))
    with backends.use(native):
        training.order = np.arange(40)
        whole = WholeEpochs.of(training, data, 10)
    with pytest.raises(ValueError, match="row"):
        whole.run.epochs(n, begin, end, np.full(rates, 0.1), 0, shuffle=False)


def test_trainings_run_side_by_side(native):
    """Several Python threads fit at once, as joblib's threads do; each gets what it would get alone."""

    def fit(seed):
        network = Network((10, 50, 3), rng=seed)
        X, y = np.random.default_rng(seed).normal(size=(300, 10)), np.arange(300) % 3
        with backends.use("native", n_threads=1):
            Training(network, optimizer="adam", batch_size=50, rng=seed).run(X, y, epochs=5)
        found[seed] = network.theta

    found = {}
    threads = [threading.Thread(target=fit, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = dict(found)
    for seed in range(6):
        fit(seed)
        np.testing.assert_allclose(together[seed], found[seed], rtol=0, atol=1e-13)


def test_small_work_gets_one_thread(native):
    many = backends.make("native", n_threads=8)
    assert many.threads_for((2, 10, 3), 300) == 1
    assert many.threads_for((784, 512, 512, 10), 256) == 8
    assert native.threads_for((784, 512, 512, 10), 256) == 1


def test_a_limit_from_outside_is_respected():
    numbers = [4]
    pool = pools.Pool(lambda: numbers[-1], numbers.append)
    pool.use(2)
    numbers.append(1)  # as threadpoolctl does
    pool.use(4)
    assert numbers[-1] == 1


def test_products_of_our_own_blas_are_right():
    library = blas.load()
    if library is None:
        pytest.skip("no OpenBLAS of our own")
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(200, 150)), rng.normal(size=(150, 160))
    out = np.empty((200, 160))
    for left, right in ((A, B), (np.asfortranarray(A), B), (A, np.asfortranarray(B))):
        assert library.product(left, right, out)
        np.testing.assert_allclose(out, A @ B, atol=1e-12)
    assert not library.product(A[:2], B, out[:2])  # too small to be worth it
    assert not library.product(A[::2], B, out[::2])
