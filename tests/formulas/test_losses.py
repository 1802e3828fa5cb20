"""Losses: local errors against difference quotients, known values, extreme inputs, dtypes; new files too."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tasou.formulas import losses

ALL = losses.names()
every_loss = pytest.mark.parametrize("name", ALL)
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def summed(loss, z, y):
    """L of each row: the sum over the outputs."""
    return np.sum(loss.value(z, y, np), axis=1)


def variants(name):
    loss = losses.get(name)
    return [loss, *(loss.with_parameters(**{key: 0.7 * value}) for key, value in loss.parameters.items())]


@pytest.mark.parametrize("k", [1, 2, 5])
@every_loss
def test_delta_is_the_derivative_of_the_summed_loss(name, k, targets_for):
    rng = np.random.default_rng(k)
    for loss in variants(name):
        z, y = 3 * rng.normal(size=(40, k)), targets_for(loss, 40, k, rng)
        delta = loss.delta(z, loss.predict(z, np), y, np)
        z, y = z.astype(np.longdouble), y.astype(np.longdouble)
        for j in range(k):
            h = np.zeros(k, np.longdouble)
            h[j] = 1e-5
            numeric = (summed(loss, z + h, y) - summed(loss, z - h, y)) / 2e-5
            assert np.abs(delta[:, j] - numeric).max() <= 1e-7 * max(1, np.abs(delta).max()), (loss.label, j)


@both_dtypes
@every_loss
def test_dtype_and_shape_are_kept_and_the_inputs_are_left_alone(name, dtype, targets_for):
    rng = np.random.default_rng(0)
    for loss in variants(name):
        z = rng.normal(size=(6, 3)).astype(dtype)
        y = targets_for(loss, 6, 3, rng).astype(dtype)
        before = z.copy(), y.copy()
        y_hat = loss.predict(z, np)
        for found in (y_hat, loss.value(z, y, np), loss.delta(z, y_hat, y, np)):
            assert found.dtype == dtype and found.shape == (6, 3)
        assert np.array_equal(z, before[0]) and np.array_equal(y, before[1])


@pytest.mark.parametrize("dtype, far", [(np.float32, 1e15), (np.float64, 1e30)])
@pytest.mark.parametrize("k", [1, 3])
@every_loss
def test_extreme_values_stay_finite_without_a_warning(name, k, dtype, far, targets_for):
    loss, sizes = losses.get(name), [0.0, -1e4, 1e4, -far, far]
    z = np.array(list(itertools.product(sizes, repeat=k)), dtype)  # all equal among them
    y = targets_for(loss, len(z), k, np.random.default_rng(0)).astype(dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        y_hat = loss.predict(z, np)
        assert np.isfinite(y_hat).all()
        assert np.isfinite(loss.value(z, y, np)).all()
        assert np.isfinite(loss.delta(z, y_hat, y, np)).all()


@every_loss
def test_a_loss_is_never_negative(name, targets_for):
    rng = np.random.default_rng(1)
    for loss in variants(name):
        z, y = 5 * rng.normal(size=(300, 3)), targets_for(loss, 300, 3, rng)
        assert loss.value(z, y, np).min() >= -1e-15, loss.label


@every_loss
def test_a_batch_is_its_rows(name, targets_for):
    loss, rng = losses.get(name), np.random.default_rng(2)
    z, y = rng.normal(size=(5, 3)), targets_for(loss, 5, 3, rng)
    for i in range(5):
        row = slice(i, i + 1)
        assert np.array_equal(loss.predict(z[row], np), loss.predict(z, np)[row])
        assert np.array_equal(loss.value(z[row], y[row], np), loss.value(z, y, np)[row])


@every_loss
def test_what_is_not_a_number_shows_in_the_loss(name, targets_for):
    loss = losses.get(name)
    y = targets_for(loss, 1, 2, np.random.default_rng(0))
    assert np.isnan(loss.value(np.full((1, 2), np.nan), y, np)).any()


def test_softmax_gives_probabilities_that_a_shift_leaves_alone():
    predict = losses.get("cross_entropy").predict
    z = np.random.default_rng(0).normal(size=(50, 4))
    y_hat = predict(z, np)
    assert (y_hat > 0).all() and y_hat.sum(axis=1) == pytest.approx(1)
    assert predict(z + 123.0, np) == pytest.approx(y_hat)
    assert predict(np.full((1, 4), 1e30), np).tolist() == [[0.25] * 4]
    assert predict(np.array([[7.0]]), np).tolist() == [[1.0]]  # one class only


KNOWN = [
    ("cross_entropy", [1.0, 2.0, 3.0], [0.0, 0.0, 1.0], 0.4076059644443803),
    ("cross_entropy", [0.0, 0.0], [1.0, 0.0], 0.6931471805599453),
    ("binary_cross_entropy", [0.0], [1.0], 0.6931471805599453),
    ("binary_cross_entropy", [2.0, -1.0], [1.0, 1.0], 0.12692801104297263 + 1.3132616875182228),
    ("squared_error", [3.0, 1.0], [1.0, 1.0], 2.0),
    ("absolute_error", [3.0, 0.5], [1.0, 1.0], 2.5),
    ("huber", [0.5], [0.0], 0.125),
    ("huber", [3.0], [0.0], 2.5),
    ("log_cosh", [1.0], [0.0], 0.4337808304830271),
    ("quantile", [3.0], [1.0], 1.0),
    ("poisson", [0.0], [0.0], 1.0),
    ("poisson", [0.0], [3.0], 3 * np.log(3) - 2),
    ("focal", [0.0, 0.0], [1.0, 0.0], 0.25 * 0.6931471805599453),
    ("hinge", [0.25], [1.0], 0.75),
    ("hinge", [1.5, 0.5, -3.0], [1.0, -1.0, -1.0], 1.5),
    ("perceptron", [-2.0], [1.0], 2.0),
    ("perceptron", [-2.0], [-1.0], 0.0),
]


@pytest.mark.parametrize("name, z, y, value", KNOWN)
def test_known_values(name, z, y, value):
    assert summed(losses.get(name), np.array([z]), np.array([y]))[0] == pytest.approx(value, rel=1e-14)


Z = np.array([[1.0, -0.5, 2.0], [0.3, 0.1, -1.2]])
OF_TORCH = [  # z = Z, the classes 0 and 1: values and gradients as PyTorch 2.13's automatic differentiation gives them
    (
        losses.get("focal"),
        [0.76386431413648, 0.327924201811808],
        [
            [-0.8032444388237099, 0.060932661241351736, 0.7423117775823582],
            [0.39074209053722087, -0.4779284357755232, 0.08718634523830235],
        ],
    ),
    (
        losses.get("focal", alpha=0.25, gamma=0.5),
        [0.29621032496632815, 0.17682501330409617],
        [
            [-0.1987510703412428, 0.015076894473360839, 0.183674175867882],
            [0.12374647514536134, -0.1513580459623495, 0.027611570816988167],
        ],
    ),
    (losses.get("hinge"), [3.5, 2.2], [[-1, 1, 1], [1, -1, 0]]),
]


@pytest.mark.parametrize("loss, value, delta", OF_TORCH, ids=lambda x: getattr(x, "label", ""))
def test_values_and_gradients_are_those_of_pytorch(loss, value, delta):
    y = np.eye(3)[:2] if loss.targets == "one_hot" else 2 * np.eye(3)[:2] - 1
    assert summed(loss, Z, y) == pytest.approx(value, rel=1e-14)
    assert loss.delta(Z, loss.predict(Z, np), y, np) == pytest.approx(np.array(delta), rel=1e-13)


def test_focal_loss_makes_light_of_what_is_right_as_in_its_paper():
    """With gamma = 2 a sample of probability 0.9 counts a 100th of its cross-entropy, one of 0.968 a 1000th."""
    for p, factor in ((0.9, 100), (0.968, 1000)):
        z, y = np.log([[p, 1 - p]]), np.array([[1.0, 0.0]])
        found = summed(losses.get("cross_entropy"), z, y) / summed(losses.get("focal"), z, y)
        assert found == pytest.approx(factor, rel=0.03)


def test_focal_loss_without_its_exponent_is_cross_entropy():
    focal, plain = losses.get("focal", gamma=0.0), losses.get("cross_entropy")
    y, p = np.eye(3)[[2, 0]], plain.predict(Z, np)
    assert focal.value(Z, y, np) == pytest.approx(plain.value(Z, y, np), rel=1e-14)
    assert focal.delta(Z, p, y, np) == pytest.approx(plain.delta(Z, p, y, np), rel=1e-13, abs=1e-16)


def test_a_sample_beyond_its_margin_counts_nothing():
    loss, y = losses.get("hinge", margin=2.0), np.array([[1.0, -1.0]])
    assert not loss.value(2 * y, y, np).any()
    assert not loss.value(3 * y, y, np).any() and not loss.delta(3 * y, y, y, np).any()
    assert loss.delta(1.9 * y, y, y, np).tolist() == [[-1.0, 1.0]]


def test_quantile_weighs_the_two_sides():
    loss = losses.get("quantile", quantile=0.9)
    z = np.array([[0.0]])
    assert loss.value(z, np.array([[1.0]]), np).item() == pytest.approx(0.9)
    assert loss.value(z, np.array([[-1.0]]), np).item() == pytest.approx(0.1)
    assert loss.delta(z, z, np.array([[1.0]]), np).item() == pytest.approx(-0.9)
    assert loss.delta(z, z, np.array([[-1.0]]), np).item() == pytest.approx(0.1)


@pytest.mark.parametrize("name, best", [("squared_error", np.mean), ("absolute_error", np.median)])
def test_what_minimises_the_loss_of_a_constant(name, best):
    y = np.array([0.0, 1.0, 2.0, 3.0, 14.0])[:, None]
    grid = np.linspace(-1, 15, 1601)
    total = [losses.get(name).value(np.full_like(y, z), y, np).sum() for z in grid]
    assert grid[np.argmin(total)] == pytest.approx(best(y), abs=0.01)


def test_the_perceptron_learns_from_the_line_too():
    loss, y = losses.get("perceptron"), np.array([[1.0, -1.0]])
    assert loss.delta(np.zeros((1, 2)), np.zeros((1, 2)), y, np).tolist() == [[-1.0, 1.0]]
    assert not loss.delta(y, y, y, np).any()


@pytest.mark.parametrize("z", [79.0, 81.0, 100.0, 1e4])
def test_the_slope_of_poissons_loss_is_its_delta_on_both_sides_of_the_ceiling(z):
    """Who has come too far finds back: beyond e^80 the loss was flat, and its delta said otherwise."""
    loss, at, y, h = losses.get("poisson"), np.array([[z]]), np.array([[3.0]]), 1e-4
    quotient = (loss.value(at + h, y, np) - loss.value(at - h, y, np)) / (2 * h)
    delta = loss.delta(at, loss.predict(at, np), y, np)
    assert delta > 0 and quotient == pytest.approx(delta, rel=1e-4)
