"""A recipe: every setting declared once; one place that makes a training of it; L-BFGS is an optimizer like others."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import Network, Training, datasets
from tasou.errors import TasouError
from tasou.formulas import optimizers, schedules
from tasou.training import Recipe, Stopping, Validation, learn
from tasou.training.knobs import knobs_of
from tasou.training.lbfgs import minimize

X, Y = datasets.make("spiral", n=60)
X_VAL, Y_VAL = datasets.make("spiral", n=30, rng=1)


def network(**options):
    return Network((2, 8, 3), "tanh", **{"rng": 1, **options})


def test_every_setting_says_what_it_does_in_both_languages():
    for name, declared in knobs_of(Recipe).items():
        assert declared.help["en"] and declared.help["ja"] != declared.help["en"], name
        assert not declared.help["en"].endswith("."), name


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"lr": 0}, "lr must be a number > 0"),
        ({"epochs": 0}, "epochs must be a whole number >= 1"),
        ({"dropout": [0.5, 1.0]}, "dropout must be a number >= 0 and < 1, or one per hidden layer"),
        ({"hidden": (0,)}, "hidden must be whole numbers >= 1"),
        ({"tol": float("nan")}, "tol must be a number >= 0"),
        ({"shuffle": "yes"}, "shuffle must be True or False"),
        ({"optimizer": "lbgfs"}, "did you mean 'lbfgs'"),
        ({"on_divergence": "rise"}, "did you mean 'raise'"),
        ({"class_weight": "balance"}, "class_weight must be 'balanced'"),
    ],
)
def test_a_recipe_refuses_what_a_training_cannot_use_by_its_name(settings, words):
    with pytest.raises(TasouError, match=words):
        Recipe(**settings)


def test_the_message_speaks_japanese():
    with pytest.raises(TasouError) as caught:
        Recipe(warmup=-1)
    assert caught.value.text("ja") == "warmup には0以上の整数を指定してください（-1 は使えません）"


@pytest.mark.parametrize("name", [*optimizers.names()])
@pytest.mark.parametrize("schedule", schedules.names())
def test_learn_does_what_the_training_of_the_same_settings_does(name, schedule):
    options = dict(optimizer=name, lr=0.01, schedule=schedule, warmup=3, batch_size=16, clip_norm=1.0)
    by_hand, stopping = network(), Stopping(tol=1e-3, patience=2)
    history = Training(by_hand, **options, stopping=stopping, rng=0).run(X, Y, epochs=6)
    recipe = Recipe(**options, monitor="loss", tol=1e-3, patience=2, epochs=6, seed=0)
    learner = network()
    assert learn(learner, (X, Y), recipe).history.loss == history.loss
    assert np.array_equal(learner.theta, by_hand.theta)


# --- L-BFGS ------------------------------------------------------------------------------------------------------


def lbfgs(learner, **options):
    return Training(learner, optimizer="lbfgs", **options)


def test_lbfgs_is_an_optimizer_of_the_training():
    one, two = network(), network()
    training = lbfgs(one)
    history = training.run(X, Y, epochs=20)
    result = minimize(two, X, Y, max_iter=20)
    assert np.array_equal(one.theta, two.theta) and history.loss == result.history.loss
    assert training.finished == "epochs" and training.clock.epochs == len(history) == 20
    assert learn(network(), (X, Y), Recipe(optimizer="lbfgs", epochs=20)).history.loss == history.loss


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_lbfgs_in_pieces_is_lbfgs_at_once(dtype):
    whole, parts = network(dtype=dtype), network(dtype=dtype)
    lbfgs(whole).run(X, Y, epochs=12)
    told = []
    training = lbfgs(parts, callbacks=[lambda t: told.append(len(t.history))])
    for epochs in (5, 3, 4):
        training.run(X, Y, epochs=epochs)
    assert np.array_equal(parts.theta, whole.theta)
    assert told == list(range(1, 13)), "repeated iterations are not told"


def test_lbfgs_begins_anew_on_other_rows_or_weights():
    other, fresh = network(), network()
    training = lbfgs(other)
    training.run(X, Y, epochs=5)
    lbfgs(fresh).run(X, Y, epochs=5)
    training.run(X_VAL, Y_VAL, epochs=4)
    second = lbfgs(fresh)
    second.run(X_VAL, Y_VAL, epochs=4)
    assert np.array_equal(other.theta, fresh.theta) and training.history.loss[5:] == second.history.loss
    other.theta *= 0.5
    fresh.theta *= 0.5
    training.run(X_VAL, Y_VAL, epochs=3)
    lbfgs(fresh).run(X_VAL, Y_VAL, epochs=3)
    assert np.array_equal(other.theta, fresh.theta)


def test_lbfgs_that_has_converged_has_nothing_to_add():
    training = lbfgs(Network((2, 3), l2=1.0, rng=0))
    training.run(X, Y, epochs=500)
    made, theta = len(training.history), training.network.theta.copy()
    training.run(X, Y, epochs=5)
    assert training.finished == "converged" and len(training.history) == made
    assert np.array_equal(training.network.theta, theta)


def test_lbfgs_stops_early_and_keeps_the_best_weights():
    learner, kept = network(), []
    training = lbfgs(
        learner,
        stopping=Stopping("validation_loss", patience=3, restore_best=True),
        validation=Validation(X_VAL, Y_VAL),
        callbacks=[lambda t: kept.append(t.network.theta.copy())],
    )
    history = training.run(X, Y, epochs=200)
    assert training.finished == "converged" and len(history.validation_loss) == len(history) < 200
    assert np.array_equal(learner.theta, kept[int(np.argmin(history.validation_loss))])


def test_lbfgs_ends_by_callback_and_by_ctrl_c():
    training = lbfgs(network(), callbacks=[lambda t: len(t.history) == 3])
    assert len(training.run(X, Y)) == 3 and training.finished == "callback"

    kept = []

    def interrupt(training):
        kept.append(training.network.theta.copy())
        if len(kept) == 4:
            raise KeyboardInterrupt

    training = lbfgs(network(), callbacks=[interrupt])
    assert len(training.run(X, Y)) == 4 and training.finished == "interrupted"
    assert np.array_equal(training.network.theta, kept[-1])


def test_lbfgs_that_leaves_the_finite_numbers_says_where():
    with pytest.raises(TasouError, match="diverged"):
        lbfgs(Network((2, 1), loss="squared_error", rng=0)).run(X * 1e200, Y * 1e200)


@pytest.mark.parametrize(
    "option", [{"lr": 0.1}, {"batch_size": 5}, {"warmup": 3}, {"clip_norm": 1.0}, {"schedule": "cosine"}]
)
def test_what_means_nothing_to_lbfgs_is_refused_by_name(option):
    with pytest.raises(TasouError, match=f"{next(iter(option))} means nothing to L-BFGS"):
        lbfgs(network(), **option)


def test_lbfgs_has_no_steps():
    with pytest.raises(TasouError, match="not steps"):
        next(lbfgs(network()).steps(X, Y))


@pytest.mark.parametrize("name", ["adam", "lbfgs"])
def test_learn_goes_on_from_a_state(name):
    recipe = Recipe(optimizer=name, epochs=4, seed=0)
    whole, part, rest = network(), network(), network()
    learn(whole, (X, Y), recipe.but(epochs=8))
    state = learn(part, (X, Y), recipe).state()
    learn(rest, (X, Y), recipe, state=state)
    assert np.array_equal(rest.theta, whole.theta)


def test_bounds_in_japanese_are_told_in_words():
    from tasou.training.checks import Number

    told = {
        "0以上の整数": Number(least=0, whole=True),
        "0より大きい数": Number(above=0),
        "0以上1未満の数": Number(least=0, below=1),
        "0より大きい1以下の数": Number(above=0, most=1),
    }
    assert {number.words().text("ja"): number for number in told.values()} == told
    assert told["0以上1未満の数"].words().text("en") == "a number >= 0 and < 1"


@pytest.mark.parametrize("epochs", [-1, 2.5, "3", None])
def test_no_such_number_of_epochs_is_run_silently(epochs):
    training = Training(Network((2, 2), rng=0))
    with pytest.raises(TasouError, match="epochs must be a whole number >= 0"):
        training.run([[0.0, 1.0]], [1], epochs=epochs)
    assert len(training.run([[0.0, 1.0]], [1], epochs=0)) == 0
