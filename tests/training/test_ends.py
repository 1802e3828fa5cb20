"""How a training ends: converged, best weights back, callbacks, Ctrl-C, and divergence told in words."""

from __future__ import annotations

import io

import numpy as np
import pytest

from tasou import Network, Training, datasets
from tasou.errors import DivergenceError, TasouError, UnknownName
from tasou.training import Stopping, Validation
from tasou.training.callbacks import Progress

X, Y = datasets.make("spiral", n=60)
X_VAL, Y_VAL = datasets.make("spiral", n=30, rng=1)


def network(**options):
    return Network((2, 8, 3), "tanh", **{"rng": 1, **options})


# --- converged -------------------------------------------------------------------------------------------------


def test_training_stops_when_the_loss_stops_falling():
    training = Training(network(), lr=0.5, stopping=Stopping(tol=1e-3, patience=3))
    history = training.run(X, Y, epochs=5000)
    assert training.finished == "converged" and len(history) < 5000
    improvements = -np.diff(history.loss)
    assert (improvements[-4:] < 1e-3).all() and improvements[-5] >= 1e-3


@pytest.mark.parametrize(
    "options, values, stops_at",
    [
        ({"tol": 0.1, "patience": 1}, [5, 4, 3.95, 3.92], 4),
        ({"tol": 0.0, "patience": 0}, [1, 1, 2], 3),
        ({"tol": 0.1, "relative": True, "patience": 0}, [100, 80, 75], 3),
        ({"tol": 0.1, "relative": False, "patience": 0}, [100, 80, 75, 74.95], 4),
        ({"monitor": "validation_score", "tol": 0.0, "patience": 1}, [0.5, 0.6, 0.6, 0.7, 0.6, 0.6], 6),
        ({"patience": np.inf}, [1, 2, 3, 4, 5], None),
        ({"tol": 0.0, "patience": 0}, [1, float("nan"), float("nan")], None),
    ],
    ids=str,
)
def test_what_counts_as_no_improvement(options, values, stops_at):
    rule = Stopping(**options)
    stopped = [i for i, value in enumerate(values, start=1) if rule.plateau(value)]
    assert stopped[:1] == ([] if stops_at is None else [stops_at])


def test_the_best_weights_are_put_back():
    kept = []
    stopping = Stopping("validation_loss", tol=0.0, patience=5, restore_best=True)
    training = Training(
        network(),
        lr=4.0,  # too large: the loss jumps up and down
        stopping=stopping,
        validation=Validation(X_VAL, Y_VAL),
        callbacks=[lambda t: kept.append(t.network.theta.copy())],
    )
    history = training.run(X, Y, epochs=300)
    best = int(np.argmin(history.validation_loss))
    assert training.finished == "converged" and best < len(history) - 1
    assert stopping.best_epoch == best + 1 and stopping.best == -history.validation_loss[best]
    assert np.array_equal(training.network.theta, kept[best])
    assert training.network.mean_loss(X_VAL, Y_VAL) == pytest.approx(min(history.validation_loss))


def test_validation_is_measured_after_each_epoch_without_penalty_and_dropout():
    learner = network(l2=1.0, dropout=0.5)

    def accuracy(y_hat):
        return float(np.mean(y_hat.argmax(axis=1) == Y_VAL))

    training = Training(learner, lr=0.1, validation=Validation(X_VAL, Y_VAL, score=accuracy), rng=0)
    history = training.run(X, Y, epochs=4)
    assert len(history.validation_loss) == len(history.validation_score) == 4
    assert history.validation_loss[-1] == learner.mean_loss(X_VAL, Y_VAL)
    assert history.validation_score[-1] == accuracy(learner.predict(X_VAL))


def test_a_quantity_that_is_not_measured_cannot_be_monitored():
    with pytest.raises(UnknownName, match="unknown quantity to monitor 'validation_los': did you mean"):
        Stopping("validation_los")


def test_without_a_score_the_loss_is_the_score():
    validation = Validation(X_VAL, Y_VAL)
    history = Training(network(), validation=validation).run(X, Y, epochs=3)
    assert history.validation_score == [-loss for loss in history.validation_loss]


def test_a_stopping_rule_with_nothing_to_watch_says_so():
    with pytest.raises(
        TasouError, match="stopping monitors 'validation_loss', but no validation data measures it"
    ):
        Training(network(), stopping=Stopping("validation_loss")).run(X, Y)


# --- callbacks -------------------------------------------------------------------------------------------------


def test_callbacks_are_told_and_may_end_the_training():
    epochs, steps = [], []

    class Watcher:
        def on_step(self, training, step):
            steps.append(step.update)

        def on_epoch(self, training):
            epochs.append(len(training.history))

    def enough(training):
        return len(training.history) == 3

    training = Training(network(), batch_size=20, callbacks=[enough, Watcher()])
    training.run(X, Y, epochs=50)
    assert training.finished == "callback"
    assert epochs == [1, 2, 3] and steps == list(range(1, 10))


@pytest.mark.parametrize("lang, words", [("en", "epoch     2   loss "), ("ja", "エポック     2   損失 ")])
def test_progress_writes_a_line_now_and_then(lang, words):
    stream = io.StringIO()
    validation = Validation(X_VAL, Y_VAL, score=lambda y_hat: 0.25)
    training = Training(network(), validation=validation, callbacks=[Progress(2, stream, lang)])
    history = training.run(X, Y, epochs=5)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 3  # the second, the fourth, and the last
    assert lines[0].startswith(f"{words}{history.loss[1]:.6f}") and lines[0].endswith("0.2500")


@pytest.mark.parametrize("restore", [False, True])
def test_ctrl_c_keeps_what_was_learnt(restore):
    kept = []

    def interrupt(training):
        kept.append(training.network.theta.copy())
        if len(kept) == 7:
            raise KeyboardInterrupt

    stopping = Stopping(patience=np.inf, restore_best=restore)
    training = Training(network(), lr=6.0, callbacks=[interrupt], stopping=stopping)
    history = training.run(X, Y, epochs=100)
    assert training.finished == "interrupted" and len(history) == 7
    best = int(np.argmin(history.loss)) if restore else 6
    assert best < 6 or not restore
    assert np.array_equal(training.network.theta, kept[best])
    training.callbacks.remove(interrupt)
    assert len(training.run(X, Y, epochs=3)) == 10  # and it can go on


@pytest.mark.parametrize("watch", [True, False], ids=["step by step", "whole epochs"])
@pytest.mark.parametrize("epoch", [1, 3])
def test_ctrl_c_during_the_validation_leaves_all_lists_of_one_length(epoch, watch):
    asked = []

    def score(y_hat):
        asked.append(y_hat)
        if len(asked) == epoch:
            raise KeyboardInterrupt
        return 0.5

    class Watcher:
        def on_step(self, training, step):
            pass

    training = Training(
        network(), validation=Validation(X_VAL, Y_VAL, score=score), callbacks=[Watcher()] if watch else []
    )
    history = training.run(X, Y, epochs=9)
    assert training.finished == "interrupted" and training.clock.epochs == len(history) == epoch - 1
    assert {len(values) for values in vars(history).values()} == {epoch - 1}
    training.run(X, Y, epochs=2)
    assert {len(values) for values in vars(history).values()} == {epoch + 1}


# --- divergence ------------------------------------------------------------------------------------------------


def first_bad_step(learner, lr, X, Y):
    """The update at which the loss is no longer finite, by plain NumPy, and the parameters it was computed from."""
    with np.errstate(all="ignore"):
        for update in range(1, 1000):
            loss, gradient = learner.objective(X, Y)
            if not np.isfinite(loss):
                return update, learner.theta.copy()
            learner.theta -= lr * gradient
    raise AssertionError("never diverged")


def regression(**options):
    return network(loss="squared_error", **options), np.eye(3)[Y]


def test_divergence_is_noticed_at_its_step_and_named():
    learner, targets = regression()
    update, theta = first_bad_step(regression()[0], 50.0, X, targets)
    training = Training(learner, lr=50.0)
    with pytest.raises(DivergenceError) as error:
        training.run(X, targets, epochs=1000)
    told = training.divergence
    assert told.update == told.epoch == update and told.lr == 50.0 and told.where == "L"
    assert training.finished == "diverged"
    # the parameters with which it happened, still finite
    np.testing.assert_allclose(learner.theta, theta, rtol=1e-6)
    assert str(error.value) == told.text("en")
    assert told.text("en").startswith(
        f"training diverged at update {update} (epoch {update}): the loss L is the first"
    )
    assert "学習が発散しました。最初に有限でなくなったのは 損失 L です" in told.text(
        "ja"
    ) and "学習率（現在 50）" in told.text("ja")


@pytest.mark.parametrize("spoil, where", [
    (lambda n: n[2].W.__setitem__((0, 0), np.inf), "W[2]"),
    (lambda n: n[1].b.__setitem__(3, np.nan), "b[1]"),
    (lambda n: n[2].W.__setitem__(slice(None), 1e308), "z[2]"),
])  # fmt: skip
def test_the_first_value_that_is_not_finite_is_found(spoil, where):
    learner = Network((2, 8, 8, 3), "relu", rng=0)
    learner.parameters.biases[:] = 1
    spoil(learner)
    training = Training(learner)
    with pytest.raises(DivergenceError, match="is the first value that is not finite"):
        training.run(X, Y)
    assert training.divergence.where == where and training.divergence.update == 1


def test_inputs_that_are_not_finite_are_named():
    training = Training(network(), batch_size=20, shuffle=False)
    bad = X.copy()
    bad[45, 1] = np.nan
    with pytest.raises(DivergenceError, match=r"update 3 .epoch 1.: the input x is the first"):
        training.run(bad, Y)
    assert "入力 x" in training.divergence.text("ja") and "欠損値" in training.divergence.text("ja")
    assert "learning rate" not in training.divergence.text("en")  # which is not to blame


def test_an_update_that_overflows_is_noticed_at_once():
    learner = Network((1, 1), loss="squared_error", dtype=np.float32, init="zeros")
    training = Training(learner, lr=1e20)
    with pytest.raises(DivergenceError, match=r"update 1 .epoch 1.: W\[1\] is the first"):
        training.run([[1.0]], [[1e19]], epochs=5)
    gradient = Network((1, 1), loss="squared_error", dtype=np.float32, init="zeros")
    training = Training(gradient, lr=1.0)
    with pytest.raises(DivergenceError, match=r"update 1 .epoch 1.: ∇W\[1\] is the first"):
        training.run([[1e30]], [[1e15]], epochs=5)


def test_a_penalty_that_overflows_is_named():
    learner = network(l2=1.0, dtype=np.float32)
    learner[2].W[:] = 1e-30
    learner[1].W[0, 0] = 1e25
    with pytest.raises(DivergenceError, match="the penalty"):
        Training(learner).run(X, Y)


def test_divergence_may_end_quietly_or_be_ignored():
    learner, targets = regression()
    training = Training(learner, lr=50.0, on_divergence="stop", batch_size=30)
    history = training.run(X, targets, epochs=1000)
    assert training.finished == "diverged" and len(history) == training.divergence.epoch < 1000
    assert not np.isfinite(history.loss[-1]) and np.isfinite(learner.theta).all()
    learner, targets = regression()
    training = Training(learner, lr=50.0, on_divergence="ignore")
    training.run(X, targets, epochs=100)
    assert training.finished == "epochs" and training.divergence and not np.isfinite(learner.theta).all()


def test_after_a_divergence_training_can_go_on_with_a_smaller_rate():
    learner, targets = regression()
    training = Training(learner, lr=50.0, on_divergence="stop")
    training.run(X, targets, epochs=1000)
    learner.theta = regression()[0].theta
    training.lr = 0.01
    history = training.run(X, targets, epochs=5)
    assert training.divergence is None and training.finished == "epochs" and np.isfinite(history.loss[-1])


def test_training_that_goes_well_reports_no_divergence():
    training = Training(network(), lr=0.1)
    training.run(X, Y, epochs=3)
    assert training.divergence is None


@pytest.mark.parametrize(
    "options", [{"shuffle": False}, {"rng": np.random.RandomState(0)}], ids=["in order", "shuffled"]
)
def test_a_callback_added_later_hears_of_every_epoch(options):
    heard = []

    def hear(training):
        heard.append(len(training.history))

    training = Training(network(), lr=0.1, **options)
    training.run(X, Y, epochs=5)
    training.callbacks.add(hear)
    training.run(X, Y, epochs=200)
    training.callbacks.remove(hear)
    training.run(X, Y, epochs=5)
    assert heard == list(range(6, 206))


def test_who_leaves_the_steps_has_ended_the_training():
    ends = []

    class Ends:
        def on_end(self, training):
            ends.append(training.finished)

    training = Training(network(), lr=0.1, batch_size=20, callbacks=[Ends()])
    steps = training.steps(X, Y, epochs=3)
    for _ in range(4):
        next(steps)
    steps.close()
    assert ends == [training.finished] == ["interrupted"]
    assert len(training.history) == 1 == training.clock.epochs  # the second epoch was not walked to its end
