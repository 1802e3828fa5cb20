"""False alarms are counted: none on trainings that go as they should."""

import warnings

import numpy as np
import pytest
from sklearn import datasets as toys
from sklearn.preprocessing import StandardScaler

import tasou
from tasou import (
    LogisticRegression,
    MLPClassifier,
    MLPRegressor,
    Network,
    Perceptron,
    SoftmaxRegression,
    Training,
    diagnose,
)
from tasou.diagnostics import Watch
from tasou.formulas import losses
from tasou.training import Stopping, Validation

HEALTHY = {}


def healthy(name):
    def keep(make):
        HEALTHY[name] = make
        return make

    return keep


def scaled(load, rows=None):
    X, y = (part[:rows] for part in load(return_X_y=True))
    X = X[:, X.std(axis=0) > 0]
    return StandardScaler().fit_transform(X), y


def trained(network, X, Y, epochs, **settings):
    watch = Watch(quiet=True)
    training = Training(network, rng=0, callbacks=[watch], **settings)
    training.run(X, Y, epochs=epochs)
    return training, X, Y, watch


def fitted(estimator, X, y):
    watch = Watch(quiet=True)
    if "callbacks" in estimator.get_params() and getattr(estimator, "solver", "") != "lbfgs":
        return estimator.set_params(callbacks=[watch]).fit(X, y), X, y, watch
    return estimator.fit(X, y), X, y, None


@healthy("the lecture's 2 → 10 → 3 on the spiral, full batch")
def _():
    X, y = tasou.datasets.make("spiral")
    return trained(Network((2, 10, 3), rng=0), X, y, 500, lr=1.0)


@healthy("XOR, tanh, gradient descent")
def _():
    X, y = tasou.datasets.make("xor", 4)
    return trained(Network((2, 8, 2), "tanh", rng=1), X, y, 400, lr=0.5)


@healthy("moons, one sigmoid output, mini-batches, momentum")
def _():
    X, y = tasou.datasets.make("moons", 400)
    network = Network((2, 16, 1), "tanh", loss="binary_cross_entropy", rng=0)
    return trained(network, X, y, 150, lr=0.2, batch_size=32, optimizer="nesterov")


@healthy("circles, leaky ReLU, single samples")
def _():
    X, y = tasou.datasets.make("circles", 100)
    return trained(Network((2, 10, 2), "leaky_relu", rng=0), X, y, 60, lr=0.02, batch_size=1)


@healthy("moons by MLPClassifier's defaults but for the rate")
def _():
    X, y = tasou.datasets.make("moons", 300)
    return fitted(MLPClassifier(learning_rate_init=0.01, max_iter=500, random_state=0), X, y)


@healthy("circles by L-BFGS")
def _():
    X, y = tasou.datasets.make("circles", 300)
    return fitted(MLPClassifier((10,), solver="lbfgs", alpha=0.01, max_iter=500, random_state=0), X, y)


@healthy("digits, adam")
def _():
    return fitted(MLPClassifier((64,), max_iter=300, random_state=0), *scaled(toys.load_digits, 600))


@healthy("digits, three hidden layers with dropout, adamw, cosine")
def _():
    mlp = MLPClassifier(
        (64, 64, 32), solver="adamw", dropout=0.1, learning_rate="cosine", max_iter=60, tol=0, random_state=0
    )
    return fitted(mlp, *scaled(toys.load_digits, 600))


@healthy("iris, sgd, sigmoid units")
def _():
    mlp = MLPClassifier(
        (10,), "logistic", solver="sgd", learning_rate_init=0.1, batch_size=16, max_iter=500, random_state=0
    )
    return fitted(mlp, *scaled(toys.load_iris))


@healthy("breast cancer, early stopping")
def _():
    mlp = MLPClassifier((30,), early_stopping=True, max_iter=300, random_state=0)
    return fitted(mlp, *scaled(toys.load_breast_cancer))


@healthy("wine, rmsprop, GELU")
def _():
    mlp = MLPClassifier((20,), "gelu", solver="rmsprop", max_iter=500, random_state=0)
    return fitted(mlp, *scaled(toys.load_wine))


@healthy("wine, adagrad, SELU, four layers")
def _():
    mlp = MLPClassifier(
        (20, 20, 20), "selu", solver="adagrad", learning_rate_init=0.01, max_iter=900, random_state=0
    )
    return fitted(mlp, *scaled(toys.load_wine))


@healthy("several labels at once")
def _():
    X, y = toys.make_multilabel_classification(400, n_features=10, n_classes=4, random_state=0)
    X = StandardScaler().fit_transform(X)
    return fitted(MLPClassifier((20,), learning_rate_init=0.01, max_iter=800, random_state=0), X, y)


@healthy("a rare class that is recognised")
def _():
    X, y = toys.make_classification(1500, weights=[0.95], class_sep=2.5, flip_y=0, random_state=0)
    return fitted(MLPClassifier((20,), max_iter=400, random_state=0), X, y)


@healthy("diabetes, everything standardised")
def _():
    X, y = scaled(toys.load_diabetes)
    y = (y - y.mean()) / y.std()
    return fitted(MLPRegressor(hidden_layer_sizes=(20,), alpha=1.0, max_iter=800, random_state=0), X, y)


@healthy("a sine by L-BFGS")
def _():
    x = np.linspace(-3, 3, 200)[:, None]
    mlp = MLPRegressor(
        "squared_error", (20,), "tanh", solver="lbfgs", alpha=1e-3, max_iter=1000, random_state=0
    )
    return fitted(mlp, x, np.sin(x[:, 0]))


@healthy("counts, Poisson loss")
def _():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((600, 3))
    y = rng.poisson(np.exp(0.5 * X[:, 0] + 1))
    return fitted(MLPRegressor("poisson", (10,), learning_rate_init=0.01, max_iter=500, random_state=0), X, y)


@healthy("outliers, Huber loss, float32")
def _():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((500, 3)).astype(np.float32)
    y = (X @ [1.0, -2.0, 0.5] + rng.standard_t(2, 500)).astype(np.float32)
    mlp = MLPRegressor(losses.get("huber"), (16,), learning_rate_init=0.01, max_iter=300, random_state=0)
    return fitted(mlp, X, y)


@healthy("logistic regression on blobs")
def _():
    return fitted(LogisticRegression(), *tasou.datasets.make("blobs", 200, classes=2))


@healthy("softmax regression by gradient descent")
def _():
    softmax = SoftmaxRegression(solver="gd", learning_rate_init=0.5, max_iter=1000)
    return fitted(softmax, *scaled(toys.load_iris))


@healthy("the perceptron on AND")
def _():
    return fitted(Perceptron(), *tasou.datasets.make("and_gate", 4))


@healthy("digits in a pipeline's scale, validation watched, best weights restored")
def _():
    X, y = scaled(toys.load_digits)
    network, held = Network((61, 32, 10), rng=0), Validation(X[1500:], np.eye(10)[y[1500:]])
    stopping = Stopping("validation_loss", tol=0, patience=15, restore_best=True)
    settings = {"optimizer": "adam", "lr": 0.003, "batch_size": 64, "validation": held, "stopping": stopping}
    return trained(network, X[:1500], y[:1500], 200, **settings)


@pytest.mark.parametrize("name", HEALTHY)
def test_no_false_alarm(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        subject, X, y, watch = HEALTHY[name]()
    for diagnosis in [diagnose(subject, X, y), *([watch.diagnosis()] if watch else [])]:
        assert not diagnosis.findings, diagnosis.text("en")
        assert "Healthy" in diagnosis.text("en")
