"""How many threads: one name everywhere, `n_threads`, and the same results with any number."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from tasou import MLPClassifier, Network, Training, backends
from tasou.backends import parallel
from tasou.backends.processors import cores, limited
from tasou.cli import main
from tasou.errors import TasouError
from tasou.layers import Columns, Dense, PiecewiseLinear
from tasou.training import Recipe, learn

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture
def asked(monkeypatch, native):
    """The numbers of threads that the native backend was asked for, by each training."""
    from tasou.backends.native import run

    found, make = [], run.NativeRun.__init__

    def noted(self, library, job, blas=None, threads=1):
        found.append(threads)
        make(self, library, job, blas, threads)

    monkeypatch.setattr(run.NativeRun, "__init__", noted)
    return found


def blobs(n=600, d=60):
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=n)
    return (rng.normal(size=(n, d)) + y[:, None]).astype("f4"), y


def test_a_training_a_recipe_and_an_estimator_take_n_threads(asked):
    X, y = blobs()
    with backends.use("native", n_threads=2):
        Training(Network((60, 100, 3), dtype="f4", rng=0), batch_size=200, n_threads=3, rng=0).run(
            X, y, epochs=1
        )
        learn(Network((60, 100, 3), dtype="f4", rng=0), (X, y), Recipe(batch_size=200, epochs=1, n_threads=4))
        MLPClassifier(n_threads=5, max_iter=1, random_state=0, n_iter_no_change=99).fit(X, y)
        Training(Network((60, 100, 3), dtype="f4", rng=0), batch_size=200, rng=0).run(X, y, epochs=1)
    assert asked == [3, 4, 5, 2]


def test_an_estimator_learns_and_predicts_the_same_with_any_number():
    X, y = blobs(5000)
    found = set()
    for n in (None, 1, 2, 3):
        model = MLPClassifier(n_threads=n, max_iter=2, random_state=0, n_iter_no_change=99).fit(X, y)
        found.add(model.predict_proba(X).tobytes() + b"".join(W.tobytes() for W in model.coefs_))
    assert len(found) == 1


@pytest.mark.parametrize("number", [0, -1, 1.5, "two"])
def test_a_number_that_cannot_be_is_told(number):
    with pytest.raises(TasouError, match="n_threads must be a whole number >= 1"):
        Training(Network((2, 1), rng=0), n_threads=number)


def test_the_command_line_takes_threads(tmp_path, capsys, asked):
    rng, table = np.random.default_rng(0), tmp_path / "table.csv"
    rows = [f"{a:.3f},{b:.3f},{'yes' if a > b else 'no'}" for a, b in rng.normal(size=(400, 2))]
    table.write_text("a,b,c\n" + "\n".join(rows) + "\n", encoding="utf-8")
    model = str(tmp_path / "m.tasou")
    for threads in ("1", "3"):
        options = ["-o", model, "--epochs", "2", "--hidden", "300,100", "-q", "--threads", threads]
        assert (
            main(["train", "--preset", "plain", str(table), "--target", "c", "--batch-size", "320", *options])
            == 0
        )
    assert asked == [1, 3]
    answers = set()
    for threads in ("1", "2"):
        assert main(["predict", model, str(table), "--proba", "-q", "--threads", threads]) == 0
        answers.add(capsys.readouterr().out)
    assert len(answers) == 1
    assert main(["predict", model, str(table), "--threads", "0"]) == 2


def test_the_environment_is_the_default_and_a_limit_holds_in_its_thread_alone():
    code = "from tasou import backends; print(backends.describe()['threads'])"
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"TASOU_NUM_THREADS": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "3"
    others = []
    with limited(7):
        other = threading.Thread(target=lambda: others.append(cores()))
        other.start()
        other.join()
        assert cores() == 7 and others != [7]


def test_work_at_once_is_that_of_one_after_the_other():
    def work(seed):
        X, y = blobs(300)
        return MLPClassifier(max_iter=2, random_state=seed, n_iter_no_change=99).fit(X, y).predict_proba(
            X
        ).tobytes(), cores()

    one, several = (parallel.each(work, range(5), n_jobs=n) for n in (1, 3))
    assert one == several
    assert {threads for _, threads in several} == {1}
    with limited(4):
        assert parallel.each(lambda _: cores(), range(2), n_threads=2) == [2, 2]


def test_work_at_once_ends_with_the_first_item_that_fails():
    begun = []

    def work(i):
        begun.append(i)
        if i == 1:
            raise ValueError(i)
        return i

    with pytest.raises(ValueError, match="1"):
        parallel.each(work, range(100), n_jobs=2)
    assert len(begun) <= 100


def test_joblib_and_threads_of_ours_together():
    joblib = pytest.importorskip("joblib")

    def work(seed):
        X, y = blobs(1500)
        return (
            MLPClassifier(n_threads=2, max_iter=2, random_state=seed, n_iter_no_change=99)
            .fit(X, y)
            .coefs_[0]
            .tobytes()
        )

    alone = [work(seed) for seed in range(3)]
    assert (
        joblib.Parallel(n_jobs=3, prefer="threads")(joblib.delayed(work)(seed) for seed in range(3)) == alone
    )


def test_layers_of_bins_answer_the_same_bits_on_any_thread_and_by_any_number(native):
    edges = tuple(tuple(np.linspace(-2, 2, 40)) for _ in range(6))
    card = Columns(((tuple(range(6)), (PiecewiseLinear(edges),)),))
    layers = [card, Dense(128, "mish"), Dense(128, "mish"), Dense(1)]
    network = Network(layers=layers, inputs=6, loss="squared_error", dtype="f4", rng=0)
    X = np.random.default_rng(0).normal(size=(3_000, 6)).astype("f4")
    found = set()
    for n in (1, 2, 3, 1):
        with limited(n):
            found.add(network.predict(X).tobytes())
    found |= {said.tobytes() for said in parallel.each(network.predict, [X, X], n_jobs=2)}
    assert len(found) == 1
