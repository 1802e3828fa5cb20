"""Every formula computes by the namespace handed in: with the strictest one there is, the numbers are NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from tasou.formulas import activations, losses, optimizers, penalties, probabilities

xp = pytest.importorskip("array_api_strict", reason="pip install array-api-strict")

Z = np.array([[-40.0, -1.5, -0.5], [0.0, 0.25, 700.0], [1e-8, 3.0, -3.0]])
"""values of every kind, finite in every formula"""


def strict(array):
    return xp.asarray(np.asarray(array))


def same(found, expected):
    assert type(found).__module__.startswith("array_api_strict"), "the formula left its namespace"
    found = np.asarray(found)
    assert found.dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-300)


dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@dtypes
@pytest.mark.parametrize("f", list(activations.registry), ids=lambda f: f.name)
def test_activations(f, dtype):
    z = np.clip(Z, -80, 80).astype(dtype)
    a = f.f(z, np)
    tolerance = {"rtol": 1e-13 if dtype == np.float64 else 1e-6, "atol": 1e-30}
    for found, expected in (
        (f.f(strict(z), xp), a),
        (f.slope(strict(z), strict(a), xp), f.slope(z, a, np)),
    ):
        assert type(found).__module__.startswith("array_api_strict")
        assert np.asarray(found).dtype == expected.dtype == dtype
        np.testing.assert_allclose(np.asarray(found), expected, **tolerance)


TARGETS = {
    "one_hot": np.eye(3),
    "binary": np.eye(3),
    "sign": 2 * np.eye(3) - 1,
    "count": np.eye(3) * 4,
    "real": Z / 7,
}


@pytest.mark.parametrize("loss", list(losses.registry), ids=lambda loss: loss.name)
def test_losses(loss):
    z, y = np.clip(Z, -30, 30), TARGETS[loss.targets]
    y_hat = loss.predict(z, np)
    same(loss.predict(strict(z), xp), y_hat)
    same(loss.value(strict(z), strict(y), xp), loss.value(z, y, np))
    same(loss.delta(strict(z), strict(y_hat), strict(y), xp), loss.delta(z, y_hat, y, np))


@pytest.mark.parametrize(
    "optimizer", [o for o in optimizers.registry if o.name != "lbfgs"], ids=lambda o: o.name
)
def test_optimizers(optimizer):
    theta, grad = np.linspace(-1, 1, 7), np.linspace(0.5, -2, 7)
    state = [np.full(7, 0.3) for _ in optimizer.state]
    expected = optimizer.update(theta, grad, *state, 2, 0.1, np)
    found = optimizer.update(strict(theta), strict(grad), *map(strict, state), 2, 0.1, xp)
    for a, b in zip(found, expected, strict=True):
        same(a, b)


def test_penalties():
    w = np.array([-0.5, 0.0, 2.0])
    for f in (penalties.l1, penalties.l2):
        same(f(strict(w), 0.3, xp), f(w, 0.3, np))
    same(penalties.decay(strict(w), 0.1, 0.3), penalties.decay(w, 0.1, 0.3))
    q = np.array([0.1, 0.0, -0.2])
    for found, expected in zip(
        penalties.cumulative_l1(strict(w), strict(q), 0.4, xp),
        penalties.cumulative_l1(w, q, 0.4, np),
        strict=True,
    ):
        same(found, expected)


def test_probabilities():
    p = np.array([[0.2, 0.0, 0.8], [0.5, 0.25, 0.25]])
    one = p[:, :1]
    same(probabilities.of_classes(strict(one), xp), probabilities.of_classes(one, np))
    same(probabilities.logarithms(strict(p), strict(-p), xp), probabilities.logarithms(p, -p, np))
    same(probabilities.classes(strict(p), xp), np.array([2, 0]))
    same(probabilities.classes(strict(one), xp), np.array([0, 0]))
    for output in ("softmax", "sigmoid", "exp", "identity"):
        same(probabilities.raw(strict(p + 0.1), output, xp), probabilities.raw(p + 0.1, output, np))
