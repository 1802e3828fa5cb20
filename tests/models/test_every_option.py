"""Every estimator with every option, saved and loaded: it predicts the same bits, and learns on alike."""

from __future__ import annotations

import collections

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, make_scorer

import tasou
from tasou import LogisticRegression, MLPClassifier, MLPRegressor, Perceptron, SoftmaxRegression
from tasou.errors import ModelFileError
from tasou.estimators._signature import parameters_of
from tasou.formulas import activations, initializers, losses, optimizers, schedules
from tasou.formulas.schedules import Schedule

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3)) * [1, 100, 0.01]
LABELS = np.where(X[:, 0] > 0, "はい", "いいえ")
VALUES = X[:, 0] * 50 + X[:, 1]
COUNTS = np.abs(VALUES).round()


def score(estimator, X, y):
    return 0.5


MLP = {
    "hidden_layer_sizes": [(), 4, [3, 2], np.array([3]), range(3, 5)],
    "activation": [*activations.names(), ["tanh"], activations.get("leaky_relu", alpha=0.2)],
    "solver": [*optimizers.names(), "lbfgs", optimizers.get("rmsprop", rho=0.5)],
    "alpha": [0.0, 5.0],
    "batch_size": [7],
    "learning_rate": [*schedules.names(), "invscaling", schedules.get("step", every=5)],
    "learning_rate_init": [0.1],
    "power_t": [0.1],
    "max_iter": [2],
    "shuffle": [False],
    "random_state": [7, np.random.RandomState(3)],
    "tol": [0.0, 1.0],
    "verbose": [True, "log", "diagnose"],
    "warm_start": [True],
    "momentum": [0.5],
    "nesterovs_momentum": [False],
    "early_stopping": [True],
    "validation_fraction": [0.3],
    "beta_1": [0.5],
    "beta_2": [0.5],
    "epsilon": [1e-3],
    "n_iter_no_change": [1, np.inf],
    "max_fun": [3],
    "n_threads": [2],
    "init": [*initializers.names(), initializers.get("he_normal").drawing_biases()],
    "dropout": [0.3, [0.2]],
    "scale": ["auto"],
    "warmup": [3],
    "weight_decay": [0.1],
    "clip_norm": [0.5],
    "class_weight": ["balanced", {"はい": 2}, collections.OrderedDict({"はい": 2})],
    "relative_tol": [True],
    "max_time": [100.0],
    "scoring": ["loss", "accuracy", score, make_scorer(accuracy_score)],
    "callbacks": [[lambda training: False]],
}


def of_targets(*wanted):
    return [loss.name for loss in losses.registry if loss.targets in wanted]


REGRESSION = {**MLP, "loss": [*of_targets("real", "count"), losses.get("quantile", quantile=0.9)]}
MLP["loss"] = [*of_targets("one_hot", "sign"), losses.get("focal", gamma=1.0)]
REGRESSION["scoring"] = ["loss", "r2", score]
LINEAR = {
    "C": [0.1, np.inf],
    "tol": [1e-2],
    "fit_intercept": [False],
    "class_weight": ["balanced", {"はい": 2}],
    "random_state": [3],
    "solver": ["gd"],
    "max_iter": [3],
    "warm_start": [True],
    "learning_rate_init": [0.01],
    "batch_size": [9],
}
PERCEPTRON = {
    "penalty": ["l1", "l2", "elasticnet"],
    "fit_intercept": [False],
    "tol": [None],
    "shuffle": [False],
    "eta0": [0.5],
    "early_stopping": [True],
    "class_weight": ["balanced", {"はい": 2}],
    "random_state": [None, 5],
    "warm_start": [True],
}
VALUES_OF = {
    MLPClassifier: MLP,
    MLPRegressor: {name: values for name, values in REGRESSION.items() if name != "class_weight"},
    LogisticRegression: LINEAR,
    SoftmaxRegression: LINEAR,
    Perceptron: PERCEPTRON,
}
OPTIONS = [
    pytest.param(cls, name, at, id=f"{cls.__name__}-{name}-{at}")
    for cls, options in VALUES_OF.items()
    for name, values in options.items()
    for at in range(len(values))
]


def fitted(cls, **options):
    small = {}
    if cls in (MLPClassifier, MLPRegressor):
        small = {"hidden_layer_sizes": (3,), "random_state": 0, "max_iter": 4}
    if options.get("scoring") not in (None, "loss"):
        small["early_stopping"] = True
    y = VALUES if cls is MLPRegressor else LABELS
    y = COUNTS if options.get("loss") == "poisson" else y
    return cls(**{**small, **options}).fit(X, y), y


def goes_on(model):
    by_rows = getattr(model, "class_weight", None) == "balanced"
    seeded = model.random_state is not None
    return hasattr(model, "partial_fit") and seeded and not model.early_stopping and not by_rows


@pytest.mark.parametrize("cls, name, at", OPTIONS)
def test_saved_and_loaded_with_any_option_it_is_the_same(cls, name, at, tmp_path, capsys):
    value = VALUES_OF[cls][name][at]
    model, y = fitted(cls, **{name: value})
    tasou.save(model, tmp_path / "m.tasou")
    again = tasou.load(tmp_path / "m.tasou")
    for method in ("predict", "predict_proba"):
        if hasattr(model, method):
            assert np.array_equal(getattr(again, method)(X), getattr(model, method)(X))
    if name not in ("callbacks", "scoring", "random_state", "hidden_layer_sizes"):
        assert getattr(again, name) == value
    if goes_on(model):
        assert np.array_equal(again.partial_fit(X, y).coefs_[0], model.partial_fit(X, y).coefs_[0])


def test_every_option_of_the_perceptrons_is_tried():
    assert set(MLP) == set(parameters_of("classifier"))
    assert set(REGRESSION) - {"class_weight"} == set(parameters_of("regressor"))


def test_the_scaling_comes_back_and_training_goes_on_with_it(tmp_path):
    model = MLPRegressor(hidden_layer_sizes=(3,), scale="auto", warm_start=True, max_iter=4, random_state=0)
    model.fit(X, VALUES)
    tasou.save(model, tmp_path / "m.tasou")
    again = tasou.load(tmp_path / "m.tasou")
    assert np.array_equal(again.fit(X, VALUES).coefs_[0], model.fit(X, VALUES).coefs_[0])


@pytest.mark.parametrize(
    "option", [{"learning_rate": Schedule("mine", rate=lambda lr, clock: lr)}], ids=["learning_rate"]
)
def test_a_formula_of_ones_own_is_refused_by_the_parameters_name(option, tmp_path):
    with pytest.raises(ModelFileError, match=f"^{next(iter(option))}: .*'mine' is code of your own"):
        tasou.save(fitted(MLPClassifier, **option)[0], tmp_path / "m.tasou")
    assert list(tmp_path.iterdir()) == []
