"""Diagnosis while a training runs."""

import copy
import io

import numpy as np
import pytest

import tasou
from tasou import MLPClassifier, Network, Training
from tasou.diagnostics import Watch
from tasou.diagnostics.sample import choose, spread
from tasou.diagnostics.updates import update_ratios
from tasou.diagnostics.watch import AT_START
from tasou.ensembles.members import Snapshots
from tasou.errors import DivergenceError, ShapeError
from tasou.network import Trace
from tasou.training import Stopping, Validation
from tasou.training.lbfgs import minimize

X, Y = tasou.datasets.make("moons", 300)


def watched(network, epochs=60, watch=None, **settings):
    watch = watch or Watch(quiet=True)
    training = Training(network, callbacks=[watch], rng=0, **settings)
    training.run(X, Y, epochs=epochs)
    return watch


def test_watching_changes_nothing():
    plain = Training(Network((2, 8, 2), rng=0), lr=0.1, batch_size=32, rng=0)
    plain.run(X, Y, epochs=20)
    watch = watched(Network((2, 8, 2), rng=0), 20, lr=0.1, batch_size=32)
    np.testing.assert_array_equal(watch._training.network.theta, plain.network.theta)


@pytest.mark.parametrize(
    ("chosen", "schedule", "lr", "code", "told"),
    [
        ((), "cosine", 0.02, "T012", True),
        ((2, 6, 12), "constant", 0.02, "T012", False),  # the moment is chosen by these very rows
        ((), "coslog", 0.001, "T007", True),
        ((2, 6, 12), "coslog", 0.01, "T007", False),  # the last fall is that of the rate
        ((2, 6, 12), "coslog", 0.001, "T007", True),  # rows kept out gain from dip to dip
        ((2, 6, 12), "constant", 0.001, "T007", True),
    ],
)
def test_members_whose_course_is_planned_are_no_patients(chosen, schedule, lr, code, told):
    Y = np.eye(2)[np.tile([0, 1], 40)]
    X = np.random.default_rng(0).normal(size=(80, 8)) + Y[:, :1] * 0.8
    callback = Snapshots(chosen or (12,), X, np.arange(40 if chosen else 0))
    watch = Watch(quiet=True)
    epochs = 40 if code == "T012" else 12
    held = Validation(X[:40], Y[:40])
    training = Training(
        Network((8, 64, 2), rng=0),
        optimizer="adam", lr=lr, batch_size=8, schedule=schedule, callbacks=[watch, callback], validation=held, rng=0,
    )  # fmt: skip
    training.run(X[40:], Y[40:], epochs=epochs)
    assert (code in watch.diagnosis().codes) is told


def test_findings_are_written_when_seen_and_at_the_end():
    stream = io.StringIO()
    network = Network((2, 8, 2), init="zeros", rng=0)
    watched(network, 30, Watch(stream=stream, lang="en", seconds=0.0), lr=0.1)
    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("epoch 1: T001 dead-relu (problem)")
    assert sum(line.startswith("epoch ") and "T001" in line for line in lines) == 1
    assert sum(line.startswith("T001") for line in lines) == 1


def test_quiet_writes_nothing(capsys):
    watched(Network((2, 8, 2), init="zeros"), 10)
    assert capsys.readouterr().out == ""


def test_updates_that_leap():
    record = watched(Network((2, 8, 2), "tanh", rng=0), 40, optimizer="adam", lr=0.001).record()
    assert all(1e-5 < layer.update_ratio < 0.05 for layer in record.layers)
    leaping = watched(Network((2, 8, 2), rng=0), 4, optimizer="adam", lr=1.0).diagnosis()
    assert next(finding for finding in leaping if finding.code == "T005").values["ratio"] > 0.3


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adam"])
def test_the_update_that_is_measured_is_the_one_that_is_made(optimizer):
    training = Training(Network((2, 8, 2), rng=0), optimizer=optimizer, lr=0.1, clip_norm=0.3, rng=0)
    training.run(X, Y, epochs=3)
    before = [layer.W.copy() for layer in training.network.layers]
    expected = update_ratios(training, training.network.objective(X, Y)[1])
    np.testing.assert_array_equal(before[0], training.network[1].W)
    training.run(X, Y, epochs=1)
    pairs = zip(before, training.network.layers, strict=True)
    made = [np.linalg.norm(layer.W - W) / np.linalg.norm(W) for W, layer in pairs]
    np.testing.assert_allclose(expected, made)


def test_the_first_update_is_remembered():
    network = Network((2, *[6] * 8, 2), "sigmoid", rng=0)
    twin, untrained = copy.deepcopy(network), Trace(network, AT_START)
    watch = watched(network, 20, lr=0.1)
    twin.objective(watch._X[:AT_START], watch._Y[:AT_START], trace=untrained)
    errors = [np.sqrt(np.mean(layer.delta**2)) for layer in untrained.layers]
    np.testing.assert_allclose([layer.error for layer in watch.record().start], errors)
    assert "T003" in watch.diagnosis().codes


def test_errors_are_followed_back_where_there_is_depth():
    shallow = watched(Network((2, 8, 2), rng=0), 5, lr=0.1).record()
    deep = watched(Network((2, 8, 8, 2), rng=0), 5, lr=0.1).record()
    assert np.isnan([layer.error for layer in shallow.layers + shallow.start]).all()
    assert all(layer.error > 0 for layer in deep.layers + deep.start)
    assert shallow.fit.score > 0.5 and shallow.start[0].weight > 0


def test_the_last_look_goes_back_from_all_its_rows():
    watch = watched(Network((2, 8, 8, 2), rng=0), 5, lr=0.1)
    network, trace = watch._training.network, Trace(watch._training.network, len(watch._X))
    network.objective(watch._X, watch._Y, trace=trace)
    errors = [np.sqrt(np.mean(layer.delta**2)) for layer in trace.layers]
    np.testing.assert_allclose([layer.error for layer in watch.record().layers], errors)
    loss, _ = network.evaluate(watch._X, watch._Y)
    assert watch.record().fit.loss == pytest.approx(loss)


@pytest.mark.parametrize("n", [40, 300, 1797, 10_001])
def test_some_rows_stand_for_all_and_so_do_the_first_of_them(n):
    index = spread(choose(np.zeros((n, 2)), 300))
    assert len(set(index.tolist())) == min(n, 300) and index.max() < n
    quarters = np.bincount(index[:64] * 4 // n, minlength=4)
    assert quarters.min() >= 8 and quarters.max() <= 17


def test_a_watch_begins_anew_with_each_training():
    watch = Watch(quiet=True)
    watched(Network((2, 6, 2), "tanh", init="zeros"), 20, watch)
    assert "T016" in watch.diagnosis().codes
    watched(Network((2, 6, 2), "tanh", rng=0), 20, watch, lr=0.5)
    assert "T016" not in watch.diagnosis().codes and len(watch.record().losses) == 20


def test_divergence_is_told_although_the_training_broke_off():
    watch = Watch(quiet=True)
    mlp = MLPClassifier(solver="sgd", learning_rate_init=1e8, callbacks=[watch], random_state=0)
    with np.errstate(all="ignore"), pytest.raises(DivergenceError):
        mlp.fit(X * 1e9, Y)
    assert watch.diagnosis().codes[0] == "T009"


def test_single_rows_and_nothing_yet():
    watch = Watch(quiet=True)
    assert watch.diagnosis().healthy
    watched(Network((2, 5, 2), rng=0), 3, watch, lr=0.05, batch_size=1)
    assert watch.record().inputs.n == 300 and watch.record().inputs.complete


def test_the_whole_data_is_looked_at_for_its_columns_and_some_rows_for_the_layers():
    watch = watched(Network((2, 5, 2), rng=0), 3, Watch(rows=40, quiet=True), lr=0.05, batch_size=16)
    assert watch.record().inputs.n == 300 and watch.record().target.shares.tolist() == [0.5, 0.5]
    assert len(watch._X) == len(watch._Y) == 40


def test_a_training_that_goes_on_is_still_the_same():
    watch = watched(Network((2, 5, 2), rng=0), 3, lr=0.05)
    start = watch.record().start
    watch._training.run(X, Y, epochs=5)
    assert watch.record().start is start and len(watch.record().losses) == 8


# --- L-BFGS ------------------------------------------------------------------------------------------------------


def test_l_bfgs_is_watched_iteration_by_iteration():
    stream = io.StringIO()
    watch = Watch(stream=stream, lang="en", seconds=0.0)
    mlp = MLPClassifier((8,), "tanh", solver="lbfgs", init="zeros", max_iter=200, callbacks=[watch])
    mlp.fit(X[:250] * 1000, Y[:250] * (X[:250, 0] > 0))
    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("epoch 1: T016 symmetric-weights (problem)")
    assert {"T010", "T016"} <= set(watch.diagnosis().codes)
    assert watch.record().run.optimizer == "lbfgs" and len(watch.record().losses) == mlp.n_iter_
    assert sum(line.startswith("T016") for line in lines) == 1


def test_l_bfgs_that_sees_no_way_down_is_told_why(capsys):
    network = Network((2, 8, 2), "tanh", init="zeros")
    assert minimize(network, X, Y, callbacks=[Watch(lang="en")]).n_iter == 0
    assert "T016 symmetric-weights" in capsys.readouterr().out


def test_watching_changes_nothing_of_l_bfgs():
    settings = {
        "hidden_layer_sizes": (8,),
        "solver": "lbfgs",
        "max_iter": 500,
        "alpha": 0.1,
        "random_state": 0,
    }
    plain = MLPClassifier(**settings).fit(X, Y)
    watch = Watch(quiet=True)
    watched = MLPClassifier(**settings, callbacks=[watch]).fit(X, Y)
    np.testing.assert_array_equal(watched.coefs_[0], plain.coefs_[0])
    assert watch.diagnosis().healthy and watch.record().run.finished == "converged"


@pytest.mark.filterwarnings("ignore:The fit is worse than always giving")
def test_verbose_diagnoses_l_bfgs_and_names_columns_and_classes(capsys, monkeypatch):
    pandas = pytest.importorskip("pandas")
    monkeypatch.setenv("TASOU_LANG", "en")
    frame = pandas.DataFrame({"width": X[:, 0], "price": X[:, 1] * 1e5})
    for solver in ("lbfgs", "adam"):
        MLPClassifier((8,), solver=solver, max_iter=3000, verbose="diagnose", random_state=0).fit(frame, Y)
        assert "price: mean" in capsys.readouterr().out


@pytest.mark.parametrize(("lr", "told"), [(1.0, True), (0.01, False)])
def test_a_first_update_as_long_as_the_weights_is_a_learning_rate_too_high(lr, told):
    """Also where the units it killed leave a curve that is flat and still afterwards."""
    watch = Watch(quiet=True)
    training = Training(
        Network((2, 16, 2), rng=0), optimizer="adam", lr=lr, batch_size=20, callbacks=[watch], rng=0
    )
    training.run(X, Y, epochs=30)
    assert ("T005" in watch.diagnosis().codes) is told


def test_the_end_is_told_however_it_comes():
    ends = []

    class Ends:
        def on_epoch(self, training):
            if len(training.history) == 3:
                raise KeyboardInterrupt

        def on_end(self, training):
            ends.append(training.finished)

    network = Network((2, 8, 2), rng=0)
    Training(network, callbacks=[Ends()]).run(X, Y, epochs=5)
    Training(network, callbacks=[Ends()]).run(X, Y, epochs=2)
    minimize(network, X, Y, callbacks=[Ends()])
    minimize(network, X, Y, callbacks=[Ends(), lambda run: True])
    minimize(network, X, Y, max_iter=2, callbacks=[Ends()])
    with np.errstate(all="ignore"), pytest.raises(DivergenceError):
        Training(Network((2, 8, 2)), lr=1e300, callbacks=[Ends()]).run(X * 1e10, Y)
    with pytest.raises(ShapeError):
        Training(network, callbacks=[Ends()]).run(X, Y[:5])  # never began
    for _ in Training(network, callbacks=[Ends()]).steps(X, Y, epochs=1):
        pass
    assert ends == ["interrupted", "epochs", "interrupted", "callback", "epochs", "diverged", "epochs"]


def test_the_weights_that_are_kept_are_those_examined():
    watch = Watch(quiet=True)
    stopping = Stopping("validation_loss", patience=5, restore_best=True)
    held = Validation(X[200:], np.eye(2)[Y[200:]])
    settings = {"optimizer": "adam", "lr": 0.3, "stopping": stopping, "validation": held}
    seen = []
    watch.on_end = lambda training: seen.append(training.network.theta.copy())
    training = Training(Network((2, 8, 2), rng=0), **settings, callbacks=[watch], rng=0)
    training.run(X[:200], Y[:200], epochs=100)
    np.testing.assert_array_equal(seen[0], stopping.best_theta)


def test_a_watch_that_waits_lets_short_epochs_run_together():
    heard = []

    class Patient:
        def next_epoch(self):
            return 50

        def on_epoch(self, training):
            heard.append(len(training.history))

    Training(Network((2, 8, 2), rng=0), callbacks=[Patient()], shuffle=False).run(X, Y, epochs=200)
    assert heard[-1] == 200 and 50 in heard
    quiet = watched(Network((2, 8, 2), rng=0), 200, shuffle=False)
    assert len(quiet._ratios) == 4  # after the epochs 1, 4, 16 and 64


@pytest.mark.parametrize("optimizer", ["sgd", "adamw", "adam"])
def test_the_update_ratio_counts_what_weight_decay_takes(optimizer):
    """With a gradient of 0, an update is weight decay alone: lr · weight_decay of every weight."""
    network = Network((2, 4, 2), rng=0)
    training = Training(network, optimizer=optimizer, lr=0.1, weight_decay=0.3)
    before = network.theta.copy()
    np.testing.assert_allclose(update_ratios(training, np.zeros_like(network.theta)), 0.03)
    np.testing.assert_array_equal(network.theta, before)
