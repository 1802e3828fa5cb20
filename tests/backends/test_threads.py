"""Threads of our own: the same bits for any number of them, wherever a call pauses, and whoever else computes."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

from tasou import backends
from tasou.backends import parallel, pools, processors
from tasou.backends.native import description, predict, run
from tasou.network import Network
from tasou.training import Training

pytestmark = [pytest.mark.usefixtures("native"), pytest.mark.apart]

SIZES = [(30, 260, 5), (40, 130, 90, 3), (20, 200, 1)]
"""networks whose batches are cut into shards"""


def data(network, n):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, network.sizes[0])).astype(network.dtype)
    return X, rng.normal(size=(n, network.sizes[-1])), rng.uniform(0, 2, n)


def trained(
    backend, sizes=SIZES[1], *, dtype="f8", n=1200, batch_size=500, epochs=2, dropout=0.0, **options
) -> bytes:
    rng = np.random.RandomState(0)
    network = Network(
        sizes, "gelu", loss="squared_error", dtype=dtype, l2=1e-3, dropout=dropout, rng=rng, init="glorot_uniform"
    )  # fmt: skip
    X, Y, weight = data(network, n)
    training = Training(network, optimizer="adam", lr=0.01, batch_size=batch_size, rng=rng, **options)
    with backends.use(backend):
        training.run(X, Y, weight, epochs=epochs)
        predicted = network.predict(X)
    assert getattr(backend, "reason", "") == ""
    history = np.array([*training.history.loss, *training.history.gradient_norm])
    return network.theta.tobytes() + history.tobytes() + predicted.tobytes()


WAYS = [
    dict(),
    dict(batch_size=None),
    dict(batch_size=70),
    dict(dropout=0.3),
    dict(clip_norm=0.05),
    dict(weight_decay=0.1, shuffle=False),
    dict(n=9000, batch_size=None, epochs=1),
    dict(n=5000, batch_size=4500, epochs=1, dropout=0.2),
]


SMALL, LARGE = WAYS[:-2], WAYS[-2:]
CUT = [*((sizes, way) for sizes in SIZES for way in SMALL), *((SIZES[1], way) for way in LARGE)]


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("sizes, way", CUT, ids=str)
def test_the_same_bits_with_one_two_three_and_four_threads(sizes, way, dtype):
    results = {trained(backends.make("native", n_threads=k), sizes, dtype=dtype, **way) for k in (1, 2, 3, 4)}
    assert len(results) == 1


def test_shards_add_up_to_what_numpy_computes():
    native = np.frombuffer(trained(backends.make("native", n_threads=2)))
    numpy = np.frombuffer(trained(backends.NumpyBackend()))
    np.testing.assert_allclose(native, numpy, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("way", [dict(), dict(dropout=0.3, batch_size=None, n=9000)], ids=str)
def test_products_in_parts_and_at_once_are_the_same_bits_where_they_are_said_to_be(way, monkeypatch):
    """One thread multiplies for all shards at once only if that was found to be the same."""
    backend = backends.make("native", n_threads=1)
    alone = trained(backend, **way)
    settled = description.settle

    def in_parts(described):
        settled(described)
        described.job.agree = 0

    monkeypatch.setattr(run, "settle", in_parts)
    assert trained(backend, **way) == alone


def test_blas_that_does_not_agree_is_noticed(monkeypatch):
    backend = backends.make("native", n_threads=1)
    real = backend.library.function
    monkeypatch.setattr(
        backend.library, "function", lambda name, *a: (lambda *_: 0) if name == "agree" else real(name, *a)
    )
    trained(backend)
    assert list(backend.library.agreed.values()) == [0]


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_where_a_call_pauses_changes_no_bit(way, threads, monkeypatch):
    expected = trained(backends.make("native", n_threads=threads), **way)
    monkeypatch.setattr(description, "SECONDS", -1.0)  # after each step, and between the rounds of one
    assert trained(backends.make("native", n_threads=threads), **way) == expected


@pytest.mark.parametrize("agree", [True, False])
def test_where_a_round_of_a_wide_network_pauses_changes_no_bit(agree, monkeypatch):
    """Between its layers; also where it was begun by one thread and is ended by two, or the other way round."""
    way = dict(sizes=(8, 1800, 1500, 3), dtype="f4", n=200, batch_size=100, epochs=1, dropout=0.2)
    settled = description.settle

    def told(described):
        settled(described)
        described.job.agree *= agree

    monkeypatch.setattr(run, "settle", told)
    expected = trained(backends.make("native", n_threads=1), **way)
    monkeypatch.setattr(description, "SECONDS", -1.0)
    allowed = threads_in_turn = [1, 2, 2, 1, 1]

    @contextmanager
    def turned(described, blas, wanted):
        with threads_of(described, blas, wanted):
            threads_in_turn.append(threads_in_turn.pop(0))
            described.job.allowed = min(wanted, allowed[0])
            yield

    threads_of = run.threads_of
    monkeypatch.setattr(run, "threads_of", turned)
    assert trained(backends.make("native", n_threads=2), **way) == expected


@pytest.mark.parametrize("n", [1, 1000, 9001])
def test_an_objective_is_the_same_with_any_threads_and_pauses(n, monkeypatch):
    from tasou.backends.job import Goal

    network = Network(SIZES[1], "tanh", loss="squared_error", l2=0.1, rng=0)
    X, Y, weight = data(network, n)
    results = set()
    for k, seconds in ((1, 0.05), (2, 0.05), (4, 0.05), (1, -1.0), (3, -1.0)):
        monkeypatch.setattr(description, "SECONDS", seconds)
        grad = np.full_like(network.theta, np.nan)
        objective = backends.make("native", n_threads=k).objective(Goal(network.plan, grad, X, Y, weight))
        results |= {(objective(), grad.tobytes()) for _ in range(2)}
    assert len(results) == 1


@pytest.mark.parametrize("output", [True, False])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_prediction_is_the_same_in_parts(output, order, monkeypatch):
    network = Network((20, 50, 3), "gelu", rng=0)
    X = np.asarray(data(network, 20_001)[0], order=order)
    results = set()
    for k, work in ((1, 1 << 27), (2, 1), (4, 1 << 22)):
        monkeypatch.setattr(predict, "WORK_PER_CALL", work)
        monkeypatch.setattr(predict, "WORK_PER_THREAD", 1)
        monkeypatch.setattr(predict, "SECONDS", 1e-4)
        with backends.use("native", n_threads=k):
            results.add((network.predict(X) if output else network.decision(X)).tobytes())
    assert len(results) == 1


def test_several_python_threads_train_at_once_with_threads_of_their_own():
    expected, found = trained(backends.make("native", n_threads=1)), []
    workers = [
        threading.Thread(target=lambda: found.append(trained(backends.make("native", n_threads=2))))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [expected] * 4


FORK = """
import hashlib, os, sys
sys.path.insert(0, {folder!r})
from test_threads import backends, trained
def told():
    return hashlib.sha256(trained(backends.make("native", n_threads=3))).hexdigest().encode()
before = told()
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, told())
    os._exit(0)
os.close(write)
assert os.read(read, 100) == before, "another result in the child"
assert os.wait()[1] == 0
assert told() == before
print("same")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_after_a_fork_threads_start_anew():
    code = FORK.format(folder=os.path.dirname(__file__))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "same", done.stderr


INTERRUPTED = """
import sys, time
import numpy as np
from tasou import Network, Training, backends
network = Network((50, {width}, {width}, 5), dtype="f4", rng=0)
X, y = np.zeros(({rows}, 50), "f4"), np.zeros({rows}, int)
with backends.use("native", n_threads={threads}):
    try:
        print("begun", flush=True)
        {what}
    except KeyboardInterrupt:
        pass  # a fit ends by itself, with what was learnt
    print(time.time(), flush=True)
"""
LONG = {
    "predict": "while True: network.predict(X)",
    "fit": "Training(network, batch_size=256, rng=0).run(X, y, epochs=1000)",
    "whole batch": "Training(network, batch_size=None, rng=0).run(X, y, epochs=1000)",
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way")
@pytest.mark.parametrize(
    "what, threads, width", [*((what, k, 400) for what in LONG for k in (1, 2)), ("fit", 1, 3000)]
)
def test_ctrl_c_is_heard_soon(what, threads, width):
    rows = 400_000 if width < 1000 else 2_000  # a step of a wide network is long itself
    code = INTERRUPTED.format(what=LONG[what], threads=threads, width=width, rows=rows)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.7)
    sent = time.time()
    process.send_signal(signal.SIGINT)
    heard = float(process.communicate(timeout=30)[0])
    assert heard - sent < 0.2 * (
        1 + os.getloadavg()[0] / os.cpu_count()
    )  # others may want the processors, too


def test_ctrl_c_breaks_off_what_other_threads_compute():
    """Python tells the main thread alone."""
    network = Network(SIZES[0], rng=0)
    X, y = data(network, 2000)[0], np.zeros(2000, int)

    def learn(item):
        if item == 0:
            raise KeyboardInterrupt
        with backends.use("native"):
            Training(network, batch_size=50, rng=0).run(X, y, epochs=100_000)

    begun = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        parallel.each(learn, [0, 1], n_jobs=2)
    assert time.perf_counter() - begun < 20


JOBS = """
import sys
from concurrent.futures import ThreadPoolExecutor
import joblib
sys.path.insert(0, {folder!r})
def told(n_threads):
    import hashlib
    from test_threads import backends, trained
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: trained(backends.make("native", n_threads=n_threads)), range(2)))
    return [hashlib.sha256(bits).hexdigest() for bits in found], backends.describe()["threads"]
alone, _ = told(1)
jobs = joblib.Parallel(n_jobs=2, backend="loky")(joblib.delayed(told)(3) for _ in range(2))
assert all(found == alone for found, _ in jobs), "other bits"
assert all(2 * threads <= max(2, joblib.cpu_count()) for _, threads in jobs), jobs
print("same")
"""


def test_joblibs_processes_with_pools_of_threads_in_them_share_the_processors():
    pytest.importorskip("joblib")
    code = JOBS.format(folder=os.path.dirname(__file__))
    environment = {k: v for k, v in os.environ.items() if not k.endswith("NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, timeout=120, check=False, env=environment,
    )  # fmt: skip
    assert done.stdout.strip() == "same", done.stderr


@pytest.mark.parametrize("l", [1, 2])
def test_hidden_units_of_many_rows_are_the_same_with_any_threads(l):
    network = Network(SIZES[1], "gelu", rng=0)
    X = data(network, 20_000)[0]
    results = set()
    for k in (1, 2, 4):
        with backends.use("native", n_threads=k):
            results.add(network.hidden(X, l).tobytes())
    assert len(results) == 1
    with backends.use("numpy"):
        np.testing.assert_allclose(np.frombuffer(results.pop()), network.hidden(X, l).ravel(), atol=1e-12)


@pytest.mark.parametrize("n_threads", [1, 2])
def test_steps_that_are_watched_keep_to_n_threads(n_threads):
    seen, network = set(), Network((2, 3, 2), rng=0)
    before = processors.cores()
    watch = lambda step: seen.add(processors.cores())  # noqa: E731
    training = Training(network, n_threads=n_threads, callbacks=[watch], rng=0)
    for _ in training.steps(np.eye(2), [0, 1], epochs=2):
        assert processors.cores() == before
    assert seen == {n_threads}


class Counted:
    """A library that only remembers its number of threads."""

    def __init__(self, number):
        self.number = number
        self.pool = pools.Pool(lambda: self.number, lambda n: setattr(self, "number", n))


def test_threads_are_limited_from_outside():
    library = Counted(2)
    library.number = 3  # as threadpoolctl does
    with library.pool.one_each() as allowed:
        assert (allowed, library.number) == (3, 1)
        with library.pool.one_each() as inner:
            assert (inner, library.number) == (3, 1)
        library.pool.use(2)
        assert library.number == 1  # nobody else's products may take threads meanwhile
    assert library.number == 3
    library.number = 1
    with library.pool.one_each() as allowed:
        assert allowed == 1


@pytest.mark.parametrize("limit", [1, 2])
def test_threadpoolctl_limits_a_training(limit, monkeypatch):
    """A limit that others set for BLAS holds for threads of ours, and is found again afterwards."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    allowed, threads_of = [], run.threads_of

    @contextmanager
    def told(described, *others):
        with threads_of(described, *others):
            yield
            allowed.append(described.job.allowed)

    monkeypatch.setattr(run, "threads_of", told)
    backend = backends.make("native", n_threads=3)
    monkeypatch.setattr(backend.blas.pool, "limit", np.inf)
    backend.blas.pool.use(3)
    with threadpoolctl.threadpool_limits(limit, user_api="blas"):
        trained(backend)
        assert backend.blas.pool.get() == limit
    assert set(allowed[1:]) == {limit}  # the first call only tries out


def test_lbfgs_leaves_no_threads_of_scipy_spinning():
    """Many small products in SciPy would wake its threads each time, beside ours."""
    pytest.importorskip("scipy.optimize")
    found = pools.elsewhere()
    if not found:
        pytest.skip("NumPy and SciPy have other libraries here")
    before, during = [pool.get() for pool in found], []
    network = Network((4, 20, 2), rng=0)
    X, y = data(network, 40)[0], np.arange(40) % 2
    callback = lambda step: during.append([pool.get() for pool in found])  # noqa: E731
    Training(network, optimizer="lbfgs", rng=0, callbacks=[callback]).run(X, y, epochs=3)
    assert during and all(set(numbers) == {1} for numbers in during)
    assert [pool.get() for pool in found] == before


@pytest.mark.parametrize(
    "own, files, expected",
    [
        ("0::/a/b\n", {"a/b/cpu.max": "150000 100000\n"}, 1.5),
        ("0::/a/b\n", {"a/cpu.max": "50000 100000", "a/b/cpu.max": "max 100000"}, 0.5),
        ("0::/\n", {"cpu.max": "max 100000"}, np.inf),
        ("3:cpu,cpuacct:/d\n0::/\n", {"cpu/d/cpu.cfs_quota_us": "200000", "cpu/d/cpu.cfs_period_us": "100000"}, 2.0),
        ("3:cpu,cpuacct:/d\n", {"cpu/d/cpu.cfs_quota_us": "-1", "cpu/d/cpu.cfs_period_us": "100000"}, np.inf),
        ("0::/\n", {}, np.inf),
    ],
)  # fmt: skip
def test_a_containers_quota_is_read(tmp_path, own, files, expected):
    (tmp_path / "own").write_text(own)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert processors.quota.__wrapped__(tmp_path, tmp_path / "own") == expected


def test_a_quota_rounds_up_to_whole_threads(monkeypatch):
    for variable in ("TASOU_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(processors, "quota", lambda: 0.3)
    assert processors.cores() == 1
    monkeypatch.setattr(processors, "quota", lambda: np.inf)
    assert processors.cores() >= 1
    monkeypatch.setenv("TASOU_NUM_THREADS", "3")
    assert processors.cores() == 3
