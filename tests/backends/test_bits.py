"""The table of the guide on threads: what is the same bits across what. Each cell is computed."""

import threading
from pathlib import Path

import numpy as np
import pytest

from tasou import Network, Training, backends
from tasou.backends.native import description

ROOT = Path(__file__).parent.parent.parent
PAGES = {"en": ("bits", "rounding"), "ja": ("ビット", "丸め")}
COLUMNS = ("training", "lbfgs", "prediction")

pytestmark = pytest.mark.usefixtures("native")


def result(column, backend="native", threads=1, *, pieces=False):
    """Numbers that the network of this column comes to."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(3000, 40)), rng.normal(size=(3000, 3))
    network = Network((40, 130, 90, 3), "tanh", loss="squared_error", l2=1e-3, rng=0)
    with backends.use(backend, n_threads=threads):
        if column == "prediction":
            halves = (X[:1777], X[1777:]) if pieces else (X,)
            return np.concatenate([network.predict(rows) for rows in halves])
        options = {"optimizer": "lbfgs"} if column == "lbfgs" else {"optimizer": "adam", "batch_size": 700}
        training = Training(network, rng=0, **options)
        for epochs in (2, 1) if pieces else (3,):
            training.run(X, Y, epochs=epochs)
        return network.theta


def with_several_threads(column, monkeypatch):
    return [result(column, threads=n) for n in (2, 3, 4)]


def pausing(column, monkeypatch):
    from tasou.backends.native import predict

    monkeypatch.setattr(description, "SECONDS", -1.0)
    monkeypatch.setattr(predict, "SECONDS", 1e-5)
    monkeypatch.setattr(predict, "WORK_PER_CALL", 1)
    return [result(column, threads=2)]


def in_pieces(column, monkeypatch):
    return [result(column, pieces=True)]


def beside_others(column, monkeypatch):
    found = []
    workers = [threading.Thread(target=lambda: found.append(result(column, threads=2))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return found


def by_numpy(column, monkeypatch):
    return [result(column, "numpy", None)]


ROWS = [with_several_threads, pausing, in_pieces, beside_others, by_numpy]


def told(language):
    """The cells of the table on the page."""
    text = (ROOT / "docs" / language / "guides" / "threads.md").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")[1:]] for line in lines]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_a_cell_of_the_table_is_true(row, column, monkeypatch):
    alone = result(column)
    others = row(column, monkeypatch)
    i, k = ROWS.index(row), COLUMNS.index(column)
    bits, rounding = PAGES["en"]
    assert others
    if told("en")[i][k] == bits:
        assert all(np.array_equal(alone, other) for other in others)
    else:
        assert told("en")[i][k] == rounding
        for other in others:
            np.testing.assert_allclose(other, alone, rtol=1e-6, atol=1e-9)


def test_both_languages_say_the_same():
    words = dict(zip(PAGES["ja"], PAGES["en"], strict=True))
    assert [[words[cell] for cell in row] for row in told("ja")] == told("en")
    assert len(told("en")) == len(ROWS)
