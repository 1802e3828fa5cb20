"""Each illness: a training that has it, and the same training cured, which has it no more."""

from pathlib import Path

import numpy as np
import pytest

import tasou
from tasou import MLPClassifier, MLPRegressor, Network, Training, diagnose
from tasou.diagnostics import rules
from tasou.training import Stopping, Validation

pytestmark = pytest.mark.filterwarnings("ignore")

MOONS = tasou.datasets.make("moons", 300)
SPIRAL = tasou.datasets.make("spiral", 300)


def train(network, data, epochs=100, **settings):
    training = Training(network, on_divergence="stop", rng=0, **settings)
    X, Y = data
    with np.errstate(all="ignore"):
        training.run(X, Y, epochs=epochs)
    return training


def finding(code, *arguments, **keywords):
    found = [f for f in diagnose(*arguments, **keywords) if f.code == code]
    return found[0] if found else None


def sine(n=200, scale=1.0):
    x = np.linspace(-3, 3, n)[:, None]
    return x, scale * np.sin(x)


# --- the layers --------------------------------------------------------------------------------------------------


def relu_network(bias):
    network = Network((2, 10, 2), rng=0)
    network[1].b[...] = bias
    return network


def test_dead_relu():
    found = finding("T001", relu_network([-9.0] * 7 + [0.0] * 3), *MOONS)
    assert found.values["dead_units"] == tuple(range(7)) and found.values["share"] == 0.7
    assert found.severity == "warning" and "7 of 10 units (70%)" in found.text("en")
    assert "(units 1, 2, 3, 4, 5, 6, 7)" in found.text("en")  # as people count, and the ledger
    assert finding("T001", relu_network(-9.0), *MOONS).severity == "problem"
    assert finding("T001", relu_network(0.0), *MOONS) is None
    leaky = Network((2, 10, 2), "leaky_relu", rng=0)
    leaky[1].b[...] = -9
    assert finding("T001", leaky, *MOONS) is None


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_saturated_units(activation):
    network = Network((2, 10, 2), activation, rng=0)
    assert finding("T002", network, *MOONS) is None
    network[1].W[...] *= 1000
    found = finding("T002", network, *MOONS)
    assert found.values["saturated"] > 0.9 and activation in found.evidence("ja")
    network[1].W[...] /= 1000
    network[1].b[...] = 30
    assert finding("T002", network, *MOONS).values["stuck"] == 10


def test_vanishing_gradients():
    deep = (2, *[10] * 8, 3)
    found = finding("T003", Network(deep, "sigmoid", rng=0), *SPIRAL)
    assert found.values["ratio"] < 1e-3 and found.values["step"] < 0.5
    assert finding("T003", Network(deep, "relu", rng=0), *SPIRAL) is None
    assert finding("T003", Network(deep, "tanh", rng=0), *SPIRAL) is None


def test_exploding_gradients():
    deep = (2, *[20] * 6, 3)
    network = Network(deep, "relu", rng=0)
    assert finding("T004", network, *SPIRAL) is None
    network.parameters.weights[...] *= 5
    assert finding("T004", network, *SPIRAL).values["ratio"] > 100


def test_symmetric_weights():
    equal = Network((2, 6, 2), "tanh", rng=0)
    equal.parameters.weights[...] = 0.5
    training = train(equal, MOONS, lr=0.5)
    assert finding("T016", training, *MOONS).values == {"layer": 1, "same": 6, "units": 6}
    assert finding("T016", train(Network((2, 6, 2), "tanh", init="zeros"), MOONS), *MOONS)
    assert finding("T016", train(Network((2, 6, 2), "tanh", rng=0), MOONS), *MOONS) is None
    no_hidden_layer = Network((2, 2), init="zeros")
    assert finding("T016", train(no_hidden_layer, MOONS), *MOONS) is None


# --- the curve ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lr", "ill"), [(60.0, True), (1.0, False)])
def test_learning_rate_too_high(lr, ill):
    training = train(Network((2, 10, 3), rng=0), SPIRAL, 200, lr=lr)
    assert (finding("T005", training, *SPIRAL) is not None) is ill
    assert (finding("T005", training.history) is not None) is ill


def test_rising_loss_and_jumping_loss():
    rising = [1.0, 0.5, 0.3, 0.5, 0.9, 1.4, 2.0, 2.6]
    assert finding("T005", rising).evidence("en") == "the loss was 0.3 at best and is 2 at the end"
    jumping = [1.0 + 0.4 * (-1) ** epoch for epoch in range(40)]
    assert finding("T005", jumping).values["jump"] > 0.5
    assert finding("T005", [np.exp(-epoch / 10) for epoch in range(40)]) is None


@pytest.mark.parametrize(("lr", "ill"), [(1e-4, True), (1.0, False)])
def test_learning_rate_too_low(lr, ill):
    training = train(Network((2, 10, 3), rng=0), SPIRAL, 200, lr=lr)
    found = finding("T006", training, *SPIRAL)
    assert (found is not None) is ill
    assert not ill or (found.values["fall"] < 0.1 and "（学習率 0.0001）" in found.text("ja"))


@pytest.mark.parametrize(("epochs", "ill"), [(30, True), (500, False)])
def test_not_converged(epochs, ill):
    training = train(Network((2, 10, 3), rng=0), SPIRAL, epochs, lr=1.0)
    assert (finding("T007", training, *SPIRAL) is not None) is ill


def test_a_training_of_three_epochs_is_not_called_healthy():
    training = train(Network((2, 10, 3), rng=0), SPIRAL, 3, lr=0.3)
    assert "最後の1エポックだけ" in finding("T007", training, *SPIRAL).evidence("ja")


def test_not_converged_is_not_said_of_a_training_that_stopped_by_itself():
    stopping = Stopping(tol=0.02, patience=2)
    training = train(Network((2, 10, 3), rng=0), SPIRAL, 300, lr=0.5, stopping=stopping)
    assert training.finished == "converged" and finding("T007", training, *SPIRAL) is None


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_stopped_too_soon(solver):
    X, y = sine(scale=1e-3)
    settings = {"hidden_layer_sizes": (20,), "activation": "tanh", "solver": solver, "random_state": 0}
    settings |= {"learning_rate_init": 0.01, "max_iter": 2000}
    found = finding("T008", MLPRegressor(**settings).fit(X, y.ravel()), X, y)
    assert found.severity == "problem" and found.values["scale"] < 1e-6
    y = y.ravel() * 1e3
    assert finding("T008", MLPRegressor(**settings).fit(X, y), X, y) is None


def test_stopped_while_the_loss_was_falling():
    stopping = Stopping(tol=1e-3, patience=10)
    training = train(Network((2, 10, 3), rng=0), SPIRAL, 300, lr=0.02, stopping=stopping)
    found = finding("T008", training, *SPIRAL)
    assert found.values["falling"] == 1.0 and found.values["n"] < 300


def test_diverged():
    X, y = MOONS
    network = Network((2, 10, 2), loss="squared_error", rng=0)
    training = train(network, (X, np.eye(2)[y] * 1e3), 100, lr=50.0)
    found = finding("T009", training)
    assert found.values["update"] == training.divergence.update and found.severity == "problem"
    assert training.divergence.text("ja").count(found.values["where"]["ja"]) == 1
    assert finding("T009", training, X, np.eye(2)[y]).values == found.values
    assert finding("T009", [1.0, 2.0, np.inf]).values["epoch"] == 3
    assert finding("T009", train(Network((2, 10, 2), rng=0), MOONS), *MOONS) is None


def test_diverged_estimator():
    X, y = sine()
    mlp = MLPRegressor(solver="sgd", learning_rate_init=1e3, random_state=0)
    with np.errstate(all="ignore"), pytest.raises(tasou.errors.DivergenceError):
        mlp.fit(X * 1e3, y.ravel() * 1e3)
    assert finding("T009", mlp).values["update"] > 1
    diagnosis = diagnose(mlp, X * 1e3, y.ravel())
    assert diagnosis.codes[0] == "T009" and not diagnosis.skipped


# --- the data ----------------------------------------------------------------------------------------------------


def test_unscaled_inputs():
    X, y = MOONS
    network = Network((2, 10, 2), rng=0)
    found = finding("T010", network, X * [1, 500] + [0, 2000], y)
    assert found.values["n"] == 1 and found.values["name"] == "X[:, 1]"
    assert 1900 < found.values["mean"] < 2300
    assert finding("T010", network, X / 1000, y).severity == "hint"
    assert finding("T010", network, X, y) is None


def test_unscaled_target():
    X, y = sine()
    network = Network((1, 5, 1), loss="squared_error", rng=0)
    assert finding("T011", network, X, 150 + 80 * y).values["mean"] == pytest.approx(150)
    assert finding("T011", network, X, y / 1000)
    assert "y を平均 0" in finding("T011", network, X, 150 + 80 * y).advice("ja")  # the letter y, not Y
    assert finding("T011", network, X, y) is None
    classifier = Network((2, 5, 2), rng=0)
    assert finding("T011", classifier, *MOONS) is None


def test_over_fitting_seen_by_the_validation_loss():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((60, 10)), rng.integers(0, 2, 60)
    held = Validation(rng.standard_normal((60, 10)), np.eye(2)[rng.integers(0, 2, 60)])

    def learn(stopping=None):
        network = Network((10, 50, 2), rng=0)
        settings = {"optimizer": "adam", "lr": 0.01, "validation": held, "stopping": stopping}
        return train(network, (X, y), 150, **settings)

    found = finding("T012", learn(), X, y)
    assert found.values["last"] > 1.15 * found.values["best"] and found.values["epoch"] < 75
    early = Stopping("validation_loss", restore_best=True)
    assert finding("T012", learn(early), X, y) is None


def test_over_fitting_seen_by_the_score():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((200, 20)), rng.integers(0, 2, 200)
    mlp = MLPClassifier((50,), solver="lbfgs", random_state=0).fit(X[:100], y[:100])
    found = finding("T012", mlp, X[:100], y[:100], validation=(X[100:], y[100:]))
    assert found.values["train"] == 1.0 and found.values["validation"] < 0.7
    assert finding("T012", mlp, X[:100], y[:100]) is None
    X, y = MOONS
    mlp = MLPClassifier((10,), solver="lbfgs", random_state=0).fit(X[:150], y[:150])
    assert finding("T012", mlp, X[:150], y[:150], validation=(X[150:], y[150:])) is None


def test_class_imbalance():
    rng = np.random.default_rng(0)
    y = np.array(["ham"] * 380 + ["spam"] * 20)
    X = rng.standard_normal((400, 3)) + (y == "spam")[:, None] * 0.8
    plain = {"hidden_layer_sizes": (5,), "alpha": 5.0, "learning_rate_init": 0.01, "random_state": 0}
    found = finding("T013", MLPClassifier(**plain).fit(X, y), X, y)
    assert found.values["name"] == "spam" and found.values["share"] == 0.05
    assert found.values["recall"] < 0.6 < found.values["score"]
    balanced = MLPClassifier(**plain, class_weight="balanced").fit(X, y)
    assert finding("T013", balanced, X, y) is None


def test_constant_features():
    X, y = MOONS
    wide = np.column_stack([X, np.full(300, 7.0)])
    network = Network((3, 5, 2), rng=0)
    assert finding("T014", network, wide, y).values["columns"] == (2,)
    wide[0, 2] = 8
    assert finding("T014", network, wide, y) is None


def test_another_unit_may_be_rounded_and_a_value_far_out_is_no_likeness():
    X, y = MOONS
    network = Network((3, 5, 2), rng=0)
    rounded = np.round(X[:, 0] * 2.54, 3)
    assert finding("T015", network, np.column_stack([X, rounded]), y).values["columns"] == ((0, 2),)
    far = X[:, :2].copy()
    far[7] = 1e6
    assert finding("T015", Network((2, 5, 2), rng=0), far, y) is None


def test_many_copies_are_each_named_with_the_first():
    X, y = MOONS
    copies = np.repeat(X[:, :1], 300, axis=1)
    found = finding("T015", Network((302, 5, 2), rng=0), np.column_stack([X, copies]), y)
    assert found.values["columns"] == tuple((0, j) for j in range(2, 302))


def test_duplicate_features():
    X, y = MOONS
    network = Network((3, 5, 2), rng=0)
    found = finding("T015", network, np.column_stack([X, X[:, 0] * 2.54 + 1]), y)
    assert found.values["columns"] == ((0, 2),) and "X[:, 0] = X[:, 2]" in found.text("en")
    noisy = X[:, 0] + 0.01 * np.random.default_rng(0).standard_normal(300)
    assert finding("T015", network, np.column_stack([X, noisy]), y) is None


# --- batches, output and loss ---------------------------------------------------------------------------------------


def many(n=3000):
    return tasou.datasets.make("spiral", n)


def test_batch_too_large():
    training = train(Network((2, 10, 3), rng=0), many(), 60, lr=0.1)
    assert finding("T017", training, *many()).values == {"n": 3000, "batch": 3000, "per": 1, "updates": 60}
    training = train(Network((2, 10, 3), rng=0), many(), 20, lr=0.1, batch_size=100)
    assert finding("T017", training, *many()) is None


@pytest.mark.parametrize(("batch_size", "ill"), [(2, True), (32, False)])
def test_batch_too_small(batch_size, ill):
    training = train(Network((2, 5, 3), rng=0), many(1200), 2, lr=0.01, batch_size=batch_size)
    assert (finding("T018", training, *many(1200)) is not None) is ill


MISFITS = {
    "softmax over a single output": ({"sizes": (2, 5, 1)}, MOONS.y[:, None]),
    "squashed": ({"sizes": (2, 5, 2), "output_activation": "tanh"}, MOONS.y),
    "lies in -1 … 1": (
        {"sizes": (2, 5, 1), "loss": "squared_error", "output_activation": "tanh"},
        3.0 * MOONS.X[:, 0],
    ),
    "lies in 0 … ∞": (
        {"sizes": (2, 5, 1), "loss": "squared_error", "output_activation": "relu"},
        MOONS.X[:, 0],
    ),
    "rows of y sum to": ({"sizes": (2, 5, 2)}, np.column_stack([MOONS.y, MOONS.y])),
    "exclude each other": (
        {"sizes": (2, 5, 3), "loss": "binary_cross_entropy"},
        np.eye(3)[np.arange(300) % 3],
    ),
    "made for numbers": ({"sizes": (2, 5, 1), "loss": "squared_error"}, MOONS.y),
}


@pytest.mark.parametrize("said", MISFITS)
def test_output_and_loss_that_do_not_fit(said):
    settings, y = MISFITS[said]
    said = "applied to the outputs before" if said == "squashed" else said
    assert said in finding("T019", Network(**settings, rng=0), MOONS.X, y).evidence("en")


FITS = [
    ({"sizes": (2, 5, 2)}, MOONS.y),
    ({"sizes": (2, 5, 1), "loss": "binary_cross_entropy"}, MOONS.y),
    ({"sizes": (2, 5, 2), "loss": "binary_cross_entropy"}, np.column_stack([MOONS.y, 1 - MOONS.y])),
    ({"sizes": (2, 5, 1), "loss": "squared_error"}, MOONS.X[:, 0]),
    ({"sizes": (2, 5, 1), "loss": "squared_error", "output_activation": "tanh"}, np.tanh(MOONS.X[:, 0])),
    ({"sizes": (2, 5, 1), "loss": "poisson"}, MOONS.y),
]


@pytest.mark.parametrize(("settings", "y"), FITS)
def test_output_and_loss_that_fit(settings, y):
    assert finding("T019", Network(**settings, rng=0), MOONS.X, y) is None


# --- under-fitting -----------------------------------------------------------------------------------------------

NOISE = np.random.default_rng(0).normal(size=(400, 5))
LINE, XOR = (NOISE[:, 0] > 0).astype(int), (NOISE[:, 0] * NOISE[:, 1] > 0).astype(int)
HELD_BACK = {
    "the L2 penalty is strong": ({"alpha": 1e4, "max_iter": 100}, LINE, "alpha=0.2"),
    "silenced by dropout": ({"dropout": 0.95, "max_iter": 100}, XOR, "dropout=0.24"),
    "a linear model": ({"activation": "identity", "hidden_layer_sizes": (50,)}, XOR, "activation='relu'"),
    "weight decay is strong": (
        {"solver": "adamw", "weight_decay": 100.0, "max_iter": 100},
        LINE,
        "weight_decay=0",
    ),
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("cause", HELD_BACK)
def test_a_network_that_is_no_better_than_a_constant_under_fits_and_the_cause_is_named(cause):
    options, y, advice = HELD_BACK[cause]
    mlp = tasou.MLPClassifier(**{"random_state": 0, **options}).fit(NOISE, y)
    told = next(f for f in tasou.diagnose(mlp, NOISE, y) if f.code == "T020")
    assert 0.9 < told.values["share"] < 1.1
    assert cause in told.evidence("en") and advice in told.advice("en")
    assert told.evidence("ja") != told.evidence("en")


def test_a_good_fit_is_not_said_to_under_fit():
    mlp = tasou.MLPClassifier((30,), learning_rate_init=0.01, max_iter=500, random_state=0).fit(NOISE, XOR)
    assert "T020" not in tasou.diagnose(mlp, NOISE, XOR).codes


# --- all of them -------------------------------------------------------------------------------------------------


def test_every_rule_is_provoked_here():
    source = Path(__file__).read_text("utf-8")
    lacking = [rule.code for rule in rules.every() if f'"{rule.code}"' not in source]
    assert not lacking, f"add a test to {Path(__file__).name} that provokes {lacking}"
