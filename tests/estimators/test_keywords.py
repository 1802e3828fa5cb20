"""Every keyword beyond scikit-learn's changes training in the way it says: each test fails where it is ignored."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import LogisticRegression, MLPClassifier, MLPRegressor, Perceptron, SoftmaxRegression, datasets
from tasou.formulas import activations, initializers, losses

pytestmark = pytest.mark.filterwarnings("ignore:.*(converge|Maximum).*")
X, Y = datasets.make("moons", n=120)


def fitted(**options):
    return MLPClassifier((10,), **{"max_iter": 20, "random_state": 0, **options}).fit(X, Y)


def steps(**options):
    """Every step of a training: its rate, gradient norm, share of silent units."""
    seen = []

    class Watch:
        def on_step(self, training, step):
            mask = step.trace[1].mask
            silent = 0.0 if mask is None else float(np.mean(mask == 0))
            seen.append((step.lr, step.gradient_norm, silent, training))

    fitted(callbacks=[Watch()], **options)
    return seen


def test_dropout_silences_its_share():
    silent = [share for _, _, share, _ in steps(dropout=0.3)]
    assert np.mean(silent) == pytest.approx(0.3, abs=0.02)
    assert {share for _, _, share, _ in steps()} == {0.0}
    two = MLPClassifier((10, 10), dropout=[0.0, 0.5], max_iter=1).fit(X, Y)
    assert two.network_.dropout == (0.0, 0.5, 0.0)


def test_clip_norm_is_the_longest_gradient():
    free = max(norm for _, norm, _, _ in steps())
    assert max(norm for _, norm, _, _ in steps(clip_norm=free / 5)) == pytest.approx(free / 5)


def test_warmup_grows_the_rate():
    found = [lr for lr, _, _, _ in steps(warmup=5, learning_rate_init=0.01)]
    assert found[:6] == pytest.approx([0.002, 0.004, 0.006, 0.008, 0.01, 0.01])


def test_cosine_falls_to_zero_over_max_iter():
    found = [
        lr for lr, _, _, _ in steps(learning_rate="cosine", learning_rate_init=0.01, n_iter_no_change=99)
    ]
    assert found[0] == 0.01 and found[-1] < 1e-4 and found == sorted(found, reverse=True)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_weight_decay_shrinks_the_weights(solver):
    def size(**options):
        return sum(
            np.sum(W**2) for W in fitted(solver=solver, alpha=0, learning_rate_init=0.01, **options).coefs_
        )

    assert size(weight_decay=1.0) < 0.9 * size(weight_decay=0.0) == 0.9 * size()


def test_adamw_decays_by_a_hundredth_unless_told():
    one, same, none = (fitted(solver="adamw", weight_decay=w) for w in (None, 0.01, 0.0))
    assert np.array_equal(one.coefs_[0], same.coefs_[0]) and not np.array_equal(one.coefs_[0], none.coefs_[0])


def test_alpha_is_the_penalty():
    sizes = [
        np.linalg.norm(fitted(solver="lbfgs", alpha=alpha, max_iter=200).coefs_[0])
        for alpha in (0.0, 1.0, 50.0)
    ]
    assert sizes[0] > sizes[1] > sizes[2]


def test_init_draws_the_first_weights():
    zeros = MLPClassifier((), init="zeros", solver="sgd", max_iter=1, learning_rate_init=1e-12).fit(X, Y)
    assert np.abs(zeros.coefs_[0]).max() < 1e-9
    small = initializers.get("glorot_uniform", gain=1e-6)
    assert np.abs(fitted(init=small, max_iter=1, learning_rate_init=1e-12).coefs_[0]).max() < 1e-3


def test_class_weight_moves_the_boundary():
    rare = np.r_[np.flatnonzero(Y == 0), np.flatnonzero(Y == 1)[:6]]
    for make in (
        lambda **k: MLPClassifier((), solver="lbfgs", random_state=0, **k),
        LogisticRegression,
        SoftmaxRegression,
    ):
        plain, balanced, heavy = (
            make(class_weight=w).fit(X[rare], Y[rare]).predict(X).sum()
            for w in (None, "balanced", {0: 1, 1: 1e3})
        )
        assert plain < balanced < heavy


def test_the_perceptrons_class_weight_scales_its_steps():
    rows, y = datasets.make("and_gate", n=4)
    one = Perceptron(shuffle=False, max_iter=1, tol=None, class_weight={0: 1, 1: 1}).fit(rows, y)
    two = Perceptron(shuffle=False, max_iter=1, tol=None, class_weight={0: 2, 1: 2}).fit(rows, y)
    assert np.array_equal(two.coef_, 2 * one.coef_)


def test_an_activation_per_layer():
    mlp = MLPClassifier((4, 3), [activations.get("leaky_relu", alpha=0.2), "tanh"], max_iter=2).fit(X, Y)
    assert [f.label for f in mlp.network_.activations] == ["leaky_relu(alpha=0.2)", "tanh", "identity"]
    with pytest.raises(ValueError, match="activation: 1 given for 2 hidden"):
        MLPClassifier((4, 3), ["relu"]).fit(X, Y)


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_a_loss_of_the_regressor_with_its_constant(quantile):
    rng = np.random.default_rng(0)
    rows, y = rng.uniform(size=(2000, 1)), rng.exponential(size=2000)
    loss = losses.get("quantile", quantile=quantile)
    mlp = MLPRegressor(loss, (), alpha=0, learning_rate_init=0.05, max_iter=60, random_state=0).fit(rows, y)
    assert np.mean(y <= mlp.predict(rows)) == pytest.approx(quantile, abs=0.05)


def test_poisson_predicts_positive_rates_and_refuses_negative_counts():
    rng = np.random.default_rng(0)
    rows = rng.uniform(-1, 1, (500, 1))
    counts = rng.poisson(np.exp(1 + rows[:, 0]))
    mlp = MLPRegressor("poisson", (), solver="lbfgs", alpha=0, random_state=0).fit(rows, counts)
    assert mlp.coefs_[0].item() == pytest.approx(1, abs=0.15) and mlp.intercepts_[0].item() == pytest.approx(
        1, abs=0.15
    )
    assert (mlp.predict(rows) > 0).all()
    with pytest.raises(ValueError, match="row 1 holds -2"):
        mlp.fit(rows[:3], [0, -2, 1])


def test_callbacks_see_the_training_and_end_it():
    mlp = fitted(callbacks=[lambda training: len(training.history) == 4], max_iter=50)
    assert mlp.n_iter_ == 4 and len(mlp.loss_curve_) == 4


@pytest.mark.parametrize("solver", ["lbfgs", "gd"])
def test_warm_start_goes_on(solver):
    cold = LogisticRegression(solver=solver, max_iter=3)
    warm = LogisticRegression(solver=solver, max_iter=3, warm_start=True)
    for model in (cold, warm):
        model.fit(X, Y)
        model.fit(X, Y)
    assert warm.loss_curve_[-1] < cold.loss_curve_[-1]


@pytest.mark.parametrize("Model", [LogisticRegression, SoftmaxRegression])
def test_gradient_descent_walks_to_the_optimum_of_lbfgs(Model):
    exact = Model(tol=1e-9, max_iter=1000).fit(X, Y)
    walked = Model(solver="gd", tol=0.0, max_iter=4000, learning_rate_init=1.0).fit(X, Y)
    assert np.allclose(walked.coef_, exact.coef_, atol=1e-4) and np.allclose(
        walked.intercept_, exact.intercept_, atol=1e-4
    )


def test_without_an_intercept_the_line_goes_through_the_origin():
    for Model in (LogisticRegression, SoftmaxRegression, Perceptron):
        model = Model(fit_intercept=False).fit(X, Y)
        assert not np.any(model.intercept_) and np.any(model.coef_)


def test_early_stopping_keeps_the_best_weights():
    rows, labels = datasets.make("moons", n=300, noise=0.4)
    mlp = MLPClassifier((50,), early_stopping=True, learning_rate_init=0.05, max_iter=300, random_state=1)
    mlp.fit(rows, labels)
    assert mlp.n_iter_ < 300 and mlp.best_validation_score_ == max(mlp.validation_scores_)
    assert mlp.loss_curve_ and mlp.best_loss_ is None


def test_verbose_says_what_happens(capsys):
    fitted(verbose=True, max_iter=2)
    assert "loss" in capsys.readouterr().out
