"""Every formula of the engine gives the same numbers in native code as in NumPy."""

import numpy as np
import pytest

from tasou.backends.native import NotNative
from tasou.backends.numpy import NumpyBackend
from tasou.formulas import activations, losses, optimizers

FORMULAS = [
    *(
        (f"{a.name}.{part}", getattr(a, part), n)
        for a in activations.registry
        for part, n in (("f", 1), ("slope", 2))
    ),
    *(
        (f"{loss.name}.{part}", getattr(loss, part), n)
        for loss in losses.registry
        for part, n in (("predict", 1), ("value", 2), ("delta", 3))
    ),
]
SPECIAL = [0.0, -0.0, 1e-30, -1e-30, 1.0, -1.0, 30.0, -30.0, 80.0, -80.0, 700.0, -700.0, 1e30, -1e30]


def numbers(n, K, dtype, arrays):
    rng = np.random.default_rng(0)
    made = [rng.normal(0, 3, (n, K)).astype(dtype) for _ in range(arrays)]
    made[0].ravel()[: len(SPECIAL)] = SPECIAL
    if arrays > 1:
        made[-1] = np.abs(made[-1]).round()  # y: a count, a class, a number
    return made


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("K", [1, 5])
@pytest.mark.parametrize("name, formula, arrays", FORMULAS, ids=[name for name, *_ in FORMULAS])
def test_every_formula_is_the_same_in_c(native, name, formula, arrays, K, dtype):
    given = numbers(131, K, dtype, arrays)
    if arrays == 3:  # y_hat is what z predicts
        given[1] = losses.get(name.partition(".")[0]).predict(given[0], np).astype(dtype)
    expected, found = np.empty_like(given[0]), np.empty_like(given[0])
    with np.errstate(all="ignore"):
        NumpyBackend().apply(formula, *given, into=expected)
        native._evaluate(*native.library.formula(formula), given, found)
    tolerance = 4e-6 if dtype == "f4" else 2e-14
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("name", [a.name for a in activations.registry if a.slopes_of])
def test_constants_of_every_unit_are_the_same_in_c(native, name, dtype):
    for part, formula in activations.get(name).by_unit.items():
        learned = getattr(formula, "learned", ())
        given = numbers(131, 5, dtype, (1 if part == "f" else 2) + len(learned))
        expected, found = np.empty_like(given[0]), np.empty_like(given[0])
        with np.errstate(all="ignore"):
            NumpyBackend().apply(formula, *given, into=expected)
            native._evaluate(*native.library.formula(formula), given, found)
        tolerance = 4e-6 if dtype == "f4" else 2e-14
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", activations.names())
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_infinity_and_nan_come_out_as_in_numpy(native, name, dtype):
    z = np.array([[np.nan, np.inf, -np.inf]] * 200, dtype)
    expected, found = np.empty_like(z), np.empty_like(z)
    formula = activations.get(name).f
    with np.errstate(all="ignore"):
        expected[...] = formula(z, np)
        native.apply(formula, z, into=found)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("dtype, exact", [("f4", np.float64), ("f8", np.longdouble)])
@pytest.mark.parametrize("name, formula, sign, of", [
    ("tanh", activations.get("tanh").f, 1, np.tanh),
    ("exp", losses.get("poisson").predict, -1, np.exp),
    ("expm1", activations.get("elu").f, -1, np.expm1),
    ("log1p exp", activations.get("softplus").f, -1, lambda x: np.log1p(np.exp(x))),
])  # fmt: skip
def test_elementary_functions_are_right_to_the_last_places(native, name, formula, sign, of, dtype, exact):
    if np.finfo(exact).eps >= np.finfo(dtype).eps:
        pytest.skip("no wider type to compare with on this machine")
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(0, s, 20_000) for s in (1e-6, 0.1, 1, 10, 40)]).astype(dtype)[:, None]
    x = -np.abs(x) if sign < 0 else x
    found = np.empty_like(x)
    native.apply(formula, x, into=found)
    true = of(x.astype(exact))
    places = np.abs(found.astype(exact) - true) / np.spacing(np.abs(true).astype(dtype)).astype(exact)
    assert places.max() < 3


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("name", optimizers.names())
def test_every_rule_is_the_same_in_c(native, name, dtype):
    rule, rng = optimizers.get(name), np.random.default_rng(2)
    theta = rng.normal(size=1003).astype(dtype)
    ours, theirs = ([theta.copy(), *(np.zeros_like(theta) for _ in rule.state)] for _ in range(2))
    for t in range(1, 6):
        grad = rng.normal(size=theta.size).astype(dtype)
        native.update(rule.update, ours[0], grad, ours[1:], t, 0.01)
        NumpyBackend().update(rule.update, theirs[0], grad, theirs[1:], t, 0.01)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(
            a, b, rtol=1e-5 if dtype == "f4" else 1e-13, atol=1e-7 if dtype == "f4" else 1e-15
        )


def test_parameters_reach_the_c_function(native):
    leaky = activations.get("leaky_relu", alpha=0.25)
    z = np.full((300, 1), -2.0)
    out = np.empty_like(z)
    native.apply(leaky.f, z, into=out)
    assert (out == -0.5).all()
    _, constants = native.library.formula(leaky.f)
    assert constants == (0.25,)


def test_a_formula_of_ones_own_runs_in_numpy(native):
    out = np.empty((300, 2))
    native.apply(lambda z, xp: z * z, np.full((300, 2), 3.0), into=out)
    assert (out == 9).all()
    with pytest.raises(NotNative, match="not one of tasou's formulas"):
        native.library.formula(lambda z, xp: z)


def test_arrays_of_another_order_run_in_numpy(native):
    z = np.asfortranarray(np.random.default_rng(3).normal(size=(300, 4)))
    out = np.empty((300, 4))
    native.apply(activations.get("tanh").f, z, into=out)
    np.testing.assert_array_equal(out, np.tanh(z))
