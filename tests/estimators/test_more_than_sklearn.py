"""What the MLP estimators offer beyond scikit-learn: each keyword with a test that fails without it."""

from __future__ import annotations

import logging
import time
import warnings

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_iris, make_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import recall_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tasou import MLPClassifier, MLPRegressor
from tasou.formulas import losses, schedules
from tasou.formulas.activations import Activation
from tasou.formulas.losses import Loss

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

IRIS_X, IRIS_Y = load_iris(return_X_y=True)
DIABETES_X, DIABETES_Y = load_diabetes(return_X_y=True)
SMALL = dict(hidden_layer_sizes=(8,), max_iter=20, random_state=0)


def same_weights(a, b) -> bool:
    return all(np.array_equal(p, q) for p, q in zip(a.coefs_, b.coefs_, strict=True))


def test_class_weight_is_sample_weight_by_class():
    weight = {0: 1.0, 1: 5.0, 2: 0.5}
    by_class = MLPClassifier(class_weight=weight, **SMALL).fit(IRIS_X, IRIS_Y)
    by_row = MLPClassifier(**SMALL).fit(IRIS_X, IRIS_Y, sample_weight=[weight[k] for k in IRIS_Y])
    assert same_weights(by_class, by_row)


def test_balanced_class_weight_finds_the_rare_class():
    X, y = make_classification(600, weights=[0.95], class_sep=0.6, random_state=1)
    plain, balanced = (
        MLPClassifier((10,), class_weight=w, max_iter=60, learning_rate_init=0.01, random_state=0).fit(X, y)
        for w in (None, "balanced")
    )
    assert recall_score(y, balanced.predict(X)) > recall_score(y, plain.predict(X))


def test_balanced_class_weight_needs_all_labels_at_once():
    with pytest.raises(ValueError, match="partial_fit"):
        MLPClassifier(class_weight="balanced").partial_fit(IRIS_X, IRIS_Y, classes=[0, 1, 2])


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_own_validation_rows(solver):
    train, held = slice(0, None, 2), slice(1, None, 2)
    mlp = MLPClassifier(solver=solver, **SMALL)
    mlp.fit(IRIS_X[train], IRIS_Y[train], X_val=IRIS_X[held], y_val=IRIS_Y[held])
    plain = MLPClassifier(solver=solver, **SMALL).fit(IRIS_X[train], IRIS_Y[train])
    assert same_weights(mlp, plain), "looking at validation rows must not change what is learnt"
    assert len(mlp.validation_loss_curve_) == len(mlp.validation_scores_) == mlp.n_iter_
    assert mlp.validation_scores_[-1] == pytest.approx(mlp.score(IRIS_X[held], IRIS_Y[held]))
    expected = -np.log(mlp.predict_proba(IRIS_X[held])[np.arange(75), IRIS_Y[held]]).mean()
    assert mlp.validation_loss_curve_[-1] == pytest.approx(expected)


def test_weights_of_validation_rows():
    w = np.linspace(0, 1, 150)
    mlp = MLPClassifier(**SMALL).fit(IRIS_X, IRIS_Y, X_val=IRIS_X, y_val=IRIS_Y, sample_weight_val=w)
    assert mlp.validation_scores_[-1] == pytest.approx(mlp.score(IRIS_X, IRIS_Y, w))


def test_validation_rows_belong_together():
    with pytest.raises(ValueError, match="belong together"):
        MLPClassifier(**SMALL).fit(IRIS_X, IRIS_Y, X_val=IRIS_X)
    with pytest.raises(ValueError, match="y_val has classes"):
        MLPClassifier(**SMALL).fit(IRIS_X, IRIS_Y, X_val=IRIS_X, y_val=IRIS_Y + 1)


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
@pytest.mark.parametrize("scoring", ["loss", "neg_log_loss", None])
def test_early_stopping_with_any_solver_restores_the_best(solver, scoring):
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(80, 10)), rng.randint(0, 2, 80)  # nothing to learn: validation soon gets worse
    mlp = MLPClassifier(
        (50,), solver=solver, early_stopping=True, scoring=scoring, max_iter=300, learning_rate_init=0.02,
        n_iter_no_change=5, random_state=0,
    )  # fmt: skip
    X_val, y_val = rng.normal(size=(80, 10)), rng.randint(0, 2, 80)
    mlp.fit(X, y, X_val=X_val, y_val=y_val)
    assert mlp.n_iter_ < 300
    assert mlp.best_validation_score_ == max(mlp.validation_scores_)
    proba = mlp.predict_proba(X_val)[np.arange(80), y_val]
    reached = mlp.score(X_val, y_val) if scoring is None else np.log(proba).mean()
    assert reached == pytest.approx(mlp.best_validation_score_)


def test_scorer_sees_predictions_in_the_units_of_the_data():
    y = DIABETES_Y * 1000
    mlp = MLPRegressor(scale="auto", early_stopping=True, scoring="r2", **SMALL).fit(DIABETES_X, y)
    plain = MLPRegressor(scale="auto", early_stopping=True, **SMALL).fit(DIABETES_X, y)
    np.testing.assert_allclose(mlp.validation_scores_, plain.validation_scores_)


def test_activation_per_layer_and_of_ones_own():
    sine = Activation("sine", f=lambda z, xp: xp.sin(z), slope=lambda z, a, xp: xp.cos(z))
    mlp = MLPClassifier((6, 5), activation=["gelu", sine], max_iter=150, random_state=0).fit(IRIS_X, IRIS_Y)
    z = IRIS_X @ mlp.coefs_[0] + mlp.intercepts_[0]
    a = z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))
    expected = np.sin(a @ mlp.coefs_[1] + mlp.intercepts_[1])
    np.testing.assert_allclose(mlp.hidden_activations(IRIS_X), expected)
    assert mlp.score(IRIS_X, IRIS_Y) > 0.6


@pytest.mark.parametrize("activation", ["leaky_relu", "elu", "selu", "gelu", "silu", "mish", "softplus"])
def test_more_activations_learn(activation):
    X = StandardScaler().fit_transform(IRIS_X)
    mlp = MLPClassifier((10,), activation=activation, solver="lbfgs", max_iter=100, random_state=0).fit(
        X, IRIS_Y
    )
    assert mlp.score(X, IRIS_Y) > 0.95


def test_losses_find_their_own_centre():
    """Squared error learns the mean, absolute error the median, the quantile loss its quantile."""
    rng = np.random.RandomState(0)
    y = rng.exponential(size=401)
    X = np.zeros((401, 1))
    fit = dict(
        hidden_layer_sizes=(), alpha=0.0, max_iter=4000, tol=0.0, n_iter_no_change=10_000, batch_size=401
    )
    fit |= dict(learning_rate="cosine", learning_rate_init=0.02, random_state=0)
    for loss, centre in [
        ("squared_error", y.mean()),
        ("absolute_error", np.median(y)),
        (losses.get("quantile", quantile=0.9), np.quantile(y, 0.9)),
    ]:
        assert MLPRegressor(loss, **fit).fit(X, y).predict([[0.0]])[0] == pytest.approx(centre, abs=0.02)


@pytest.mark.parametrize("loss", ["huber", "log_cosh"])
def test_robust_losses_shrug_off_an_outlier(loss):
    X = np.linspace(-1, 1, 50)[:, None]
    y = 2 * X.ravel()
    y[7] = 500.0
    fit = dict(hidden_layer_sizes=(), alpha=0.0, solver="lbfgs", max_iter=500, random_state=0)
    robust, squared = (MLPRegressor(name, **fit).fit(X, y) for name in (loss, "squared_error"))
    assert abs(robust.coefs_[0][0, 0] - 2) < 0.5 < abs(squared.coefs_[0][0, 0] - 2)


def test_a_loss_of_ones_own():
    quartic = Loss(
        "quartic",
        predict=lambda z, xp: z,
        value=lambda z, y, xp: (z - y) ** 4 / 4,
        delta=lambda z, y_hat, y, xp: (z - y) ** 3,
    )
    X, y = np.zeros((3, 1)), np.array([0.0, 0.0, 3.0])
    mlp = MLPRegressor(quartic, hidden_layer_sizes=(), solver="lbfgs", alpha=0, tol=1e-9).fit(X, y)
    best = mlp.predict([[0.0]])[0]
    assert 2 * best**3 == pytest.approx((3 - best) ** 3, rel=1e-3)


def test_weight_decay_does_not_depend_on_the_batch_size():
    """A decay of the weights by lr · weight_decay per update, beside the gradient."""
    X, y = np.zeros((64, 3)), np.zeros(64)
    fit = dict(alpha=0.0, weight_decay=0.5, solver="sgd", momentum=0.0, nesterovs_momentum=False, max_iter=1)
    for batch_size in (8, 64):
        start = MLPRegressor(hidden_layer_sizes=(4,), alpha=0.0, max_iter=1, random_state=0).fit(X, y)
        mlp = MLPRegressor(
            hidden_layer_sizes=(4,), batch_size=batch_size, learning_rate_init=0.1, random_state=0, **fit
        ).fit(X, y)
        np.testing.assert_allclose(mlp.coefs_[0], start.coefs_[0] * 0.95 ** (64 // batch_size))


def test_schedules_and_warmup_for_adam():
    seen = []
    mlp = MLPClassifier(
        learning_rate="cosine",
        warmup=8,
        batch_size=50,
        callbacks=[lambda t: seen.append(t.history.lr[-1])],
        **SMALL,
    )
    mlp.fit(IRIS_X, IRIS_Y)
    assert seen[0] < seen[2] > seen[-1] and seen[-1] < 1e-5
    halving = schedules.get("step", every=5, factor=0.5)
    seen.clear()
    mlp.set_params(learning_rate=halving, warmup=0).fit(IRIS_X, IRIS_Y)
    assert seen == [0.001] * 5 + [0.0005] * 5 + [0.00025] * 5 + [0.000125] * 5


def test_clip_norm_bounds_the_step():
    fit = dict(solver="sgd", momentum=0.0, nesterovs_momentum=False, batch_size=150, learning_rate_init=1.0)
    start = MLPClassifier((4,), random_state=0, max_iter=1, **{**fit, "learning_rate_init": 1e-300}).fit(
        IRIS_X, IRIS_Y
    )
    mlp = MLPClassifier((4,), random_state=0, max_iter=1, clip_norm=0.01, **fit).fit(IRIS_X, IRIS_Y)
    change = [
        a - b for a, b in zip(mlp.coefs_ + mlp.intercepts_, start.coefs_ + start.intercepts_, strict=True)
    ]
    assert np.sqrt(sum((d**2).sum() for d in change)) == pytest.approx(0.01)


def test_starting_weights_and_initializers():
    first = MLPClassifier(**SMALL).fit(IRIS_X, IRIS_Y)
    start = ([c.copy() for c in first.coefs_], [b.copy() for b in first.intercepts_])
    same = MLPClassifier((8,), init=start, max_iter=1, learning_rate_init=1e-300).fit(IRIS_X, IRIS_Y)
    assert same_weights(same, first)
    he = MLPClassifier((8,), init="he_normal", max_iter=1, learning_rate_init=1e-300).fit(IRIS_X, IRIS_Y)
    assert np.abs(he.intercepts_[0]).max() < 1e-200
    with pytest.raises(ValueError, match="layer 1 needs coefs"):
        MLPClassifier((9,), init=start).fit(IRIS_X, IRIS_Y)


def test_callbacks_and_time_limit_end_training():
    mlp = MLPClassifier((8,), max_iter=1000, callbacks=[lambda t: len(t.history) == 7], tol=0).fit(
        IRIS_X, IRIS_Y
    )
    assert mlp.n_iter_ == 7
    start = time.monotonic()
    mlp = MLPClassifier((8,), max_iter=10**6, tol=0, n_iter_no_change=10**6, max_time=0.2).fit(IRIS_X, IRIS_Y)
    assert mlp.n_iter_ < 10**6 and time.monotonic() - start < 5
    for solver in ("lbfgs",):
        mlp = MLPClassifier((8,), solver=solver, max_iter=10**6, tol=0, max_time=1e-9).fit(IRIS_X, IRIS_Y)
        assert mlp.n_iter_ == 1


def test_transform_gives_the_last_hidden_layer():
    pipe = make_pipeline(StandardScaler(), MLPClassifier((6, 4), max_iter=50, random_state=0)).fit(
        IRIS_X, IRIS_Y
    )
    mlp = pipe[-1]
    hidden = pipe.transform(IRIS_X)
    assert hidden.shape == (150, 4)
    np.testing.assert_array_equal(hidden, mlp.hidden_activations(pipe[0].transform(IRIS_X), layer=2))
    assert mlp.hidden_activations(IRIS_X, layer=1).shape == (150, 6)
    assert list(mlp.get_feature_names_out()) == [f"mlpclassifier{k}" for k in range(4)]
    with pytest.raises(ValueError, match="no hidden layer"):
        MLPClassifier(**{**SMALL, "hidden_layer_sizes": ()}).fit(IRIS_X, IRIS_Y).transform(IRIS_X)


def test_partial_fit_truly_continues():
    """Optimizer and clock go on: k calls are one training of k epochs."""
    for estimator, first in [(MLPClassifier, {"classes": [0, 1, 2]}), (MLPRegressor, {})]:
        fit = dict(hidden_layer_sizes=(8,), batch_size=32, shuffle=False, random_state=0)
        whole = estimator(max_iter=6, **fit).fit(IRIS_X, IRIS_Y)
        parts = estimator(**fit).partial_fit(IRIS_X, IRIS_Y, **first)
        for _ in range(5):
            parts.partial_fit(IRIS_X, IRIS_Y)
        assert same_weights(whole, parts)


def test_partial_fit_draws_a_new_order_in_every_call():
    """scikit-learn begins the same random stream again in each call."""
    orders = []

    class Watch:
        def on_step(self, training, step):
            orders.append(tuple(step.batch.index))

    mlp = MLPClassifier((4,), batch_size=50, random_state=0, callbacks=[Watch()])
    for _ in range(3):
        mlp.partial_fit(IRIS_X, IRIS_Y, classes=[0, 1, 2])
    assert len(orders) == len(set(orders)) == 9


def test_relative_tol_trains_small_targets_on():
    y = DIABETES_Y / 1000
    fit = dict(hidden_layer_sizes=(20,), max_iter=300, random_state=0)
    absolute, relative = (
        MLPRegressor(relative_tol=flag, **fit).fit(DIABETES_X * 20, y) for flag in (False, True)
    )  # fmt: skip
    assert relative.n_iter_ > absolute.n_iter_
    assert relative.score(DIABETES_X * 20, y) > absolute.score(DIABETES_X * 20, y)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_scale_makes_the_size_of_the_data_irrelevant(size):
    fit = dict(hidden_layer_sizes=(20,), scale="auto", max_iter=200, random_state=0)
    mlp = MLPRegressor(**fit).fit(DIABETES_X * 50 + 1000 * size, DIABETES_Y * size)
    reference = MLPRegressor(**fit).fit(DIABETES_X, DIABETES_Y)
    assert mlp.score(DIABETES_X * 50 + 1000 * size, DIABETES_Y * size) > 0.5
    np.testing.assert_allclose(
        mlp.predict(DIABETES_X * 50 + 1000 * size) / size, reference.predict(DIABETES_X), rtol=1e-3
    )


def test_scale_goes_on_where_it_stopped():
    fit = dict(scale="auto", hidden_layer_sizes=(8,), shuffle=False, random_state=0)
    whole = MLPRegressor(max_iter=5, **fit).fit(DIABETES_X, DIABETES_Y)
    parts = MLPRegressor(**fit)
    for _ in range(5):
        parts.partial_fit(DIABETES_X, DIABETES_Y)
    np.testing.assert_allclose(parts.predict(DIABETES_X), whole.predict(DIABETES_X), rtol=1e-9)


def test_unscaled_target_is_told_in_words():
    with pytest.warns(ConvergenceWarning, match=r"worse than predicting the mean.*scale='auto'"):
        MLPRegressor(hidden_layer_sizes=(30,), random_state=0).fit(DIABETES_X * 20, DIABETES_Y / 1e5)
    X = DIABETES_X * np.logspace(0, 6, 10)
    with pytest.warns(ConvergenceWarning, match="standard deviations reach from"):
        MLPClassifier((8,), max_iter=2).fit(X, DIABETES_Y > 140)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        MLPRegressor(scale="auto", tol=1e-2, max_iter=1000, random_state=0).fit(DIABETES_X, DIABETES_Y / 1e5)


def test_a_classifier_that_is_worse_than_the_shares_of_the_classes_says_so():
    """Where the stopping rule was content: nothing else would tell."""
    X, y = np.random.default_rng(0).normal(size=(300, 4)) * [100, 1500, 100, 5000], np.arange(300) % 3 > 0
    with pytest.warns(ConvergenceWarning, match=r"worse than always giving.*scale='auto'"):
        MLPClassifier(random_state=0).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        MLPClassifier(scale="auto", solver="lbfgs", max_iter=2000, random_state=0).fit(X, y)
    with pytest.warns(ConvergenceWarning, match="worse than always giving"):
        MLPClassifier(random_state=0).fit(X, y, sample_weight=np.where(y, 1.0, 1e-3))


def test_verbose_bar_and_log(capsys, caplog):
    MLPClassifier(verbose="bar", **SMALL).fit(IRIS_X, IRIS_Y)
    out, err = capsys.readouterr()
    assert out == "" and "20/20" in err and "loss=" in err
    with caplog.at_level(logging.INFO, "tasou"):
        MLPClassifier(verbose="log", **SMALL).fit(IRIS_X, IRIS_Y)
    assert len(caplog.records) == 20 and "epoch 1" in caplog.records[0].message


def test_verbose_diagnoses_while_it_trains(capsys, monkeypatch):
    monkeypatch.setenv("TASOU_LANG", "en")
    X = np.hstack([IRIS_X, np.ones((150, 1))])  # a column that never changes
    MLPClassifier(verbose="diagnose", **SMALL).fit(X, IRIS_Y)
    said = "".join(capsys.readouterr())
    assert "T0" in said and "constant" in said


def test_float32_all_the_way():
    X = IRIS_X.astype(np.float32)
    for solver in ("adam", "sgd", "lbfgs"):
        mlp = MLPClassifier(solver=solver, scale="auto", **SMALL).fit(X, IRIS_Y)
        assert (
            mlp.coefs_[0].dtype == mlp.predict_proba(X).dtype == mlp.predict_log_proba(X).dtype == np.float32
        )
        assert mlp.transform(X).dtype == np.float32


def test_multioutput_regression_descends_the_loss_it_reports():
    """scikit-learn's gradient is n_outputs times that of its loss; here they agree."""
    Y = np.column_stack([DIABETES_Y, DIABETES_Y**2 / 200, -DIABETES_Y]) / 100
    mlp = MLPRegressor(hidden_layer_sizes=(5,), max_iter=1, random_state=0).fit(DIABETES_X, Y)
    network = mlp.network_
    from tasou import check_gradients

    assert check_gradients(network, DIABETES_X[:20], Y[:20])
