"""Activations: slopes against difference quotients, known values, extreme inputs, dtypes. New files are covered too."""

from __future__ import annotations

import numpy as np
import pytest

from tasou.formulas import activations

ALL = activations.names()
LECTURE = ["relu", "leaky_relu", "sigmoid", "tanh"]
every_activation = pytest.mark.parametrize("name", ALL)
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def quotient(f, z, h=1e-5):
    """The derivative by its definition, in the longest floating-point numbers there are."""
    z = z.astype(np.longdouble)
    h = np.longdouble(h)
    return ((f(z + h, np) - f(z - h, np)) / (2 * h)).astype(np.float64)


def variants(name):
    """The formula, and the formula with each of its parameters changed."""
    f = activations.get(name)
    return [f, *(f.with_parameters(**{key: 1.3 * value}) for key, value in f.parameters.items())]


@every_activation
def test_the_slope_is_the_derivative(name):
    z = np.linspace(-12, 12, 482)  # an even number of points: the corner at 0 is not among them
    for f in variants(name):
        slope = f.slope(z, f.f(z, np), np)
        assert np.abs(slope - quotient(f.f, z)).max() <= 1e-9, f.label


@pytest.mark.parametrize("name", [name for name in ALL if activations.get(name).slopes_of])
def test_the_slope_of_a_constant_is_the_derivative(name):
    """At numbers up to the largest there are no warnings, either."""
    f, z, h = activations.get(name), np.linspace(-12, 12, 482), np.longdouble(1e-6)
    for constant, slope in f.slopes_of.items():
        for value in (f.parameters[constant], 0.3, 2.0):
            tried = f.with_parameters(**{constant: value})
            up, down = (tried.with_parameters(**{constant: value + step}).f for step in (h, -h))
            long = z.astype(np.longdouble)
            expected = ((up(long, np) - down(long, np)) / (2 * h)).astype(float)
            assert np.abs(slope(z, tried.f(z, np), np) - expected).max() <= 1e-8, tried.label
        top = np.array([-1e300, 0, 1e300])
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            assert np.isfinite(slope(top, f.f(top, np), np)).all()


@every_activation
def test_the_slope_at_zero_is_that_of_the_left_side(name):
    f, z = activations.get(name), np.array([0.0])
    left = (f.f(z, np) - f.f(z - 1e-7, np)) / 1e-7
    assert f.slope(z, f.f(z, np), np) == pytest.approx(left, abs=1e-6)


@both_dtypes
@every_activation
def test_dtype_and_shape_are_kept_and_the_input_is_left_alone(name, dtype):
    for f in variants(name):
        z = np.linspace(-3, 3, 12, dtype=dtype).reshape(3, 4)
        before = z.copy()
        a = f.f(z, np)
        slope = f.slope(z, a, np)
        assert a.dtype == slope.dtype == dtype and a.shape == slope.shape == z.shape
        assert np.array_equal(z, before)


@both_dtypes
@every_activation
def test_extreme_inputs_stay_finite_without_a_warning(name, dtype):
    sizes = np.array([0, 1e-30, 1, 50, 100, 800, 1e4, 1e30], dtype)
    z = np.concatenate([-sizes, sizes])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        f = activations.get(name)
        a = f.f(z, np)
        assert np.isfinite(a).all() and np.isfinite(f.slope(z, a, np)).all()


@both_dtypes
@pytest.mark.parametrize("name", LECTURE)
def test_the_lectures_activations_overflow_for_no_finite_input(name, dtype):
    top, tiny = np.finfo(dtype).max, np.finfo(dtype).tiny
    z = np.array([-top, -tiny, 0, tiny, top], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        f = activations.get(name)
        assert np.isfinite(f.slope(z, f.f(z, np), np)).all()


@every_activation
def test_what_is_not_a_number_stays_so(name):
    f = activations.get(name)
    assert np.isnan(f.f(np.array([np.nan]), np)).all()


KNOWN = [
    ("identity", -1.5, -1.5, 1),
    ("relu", 1, 1, 1),
    ("relu", -1, 0, 0),
    ("relu", 0, 0, 0),
    ("leaky_relu", -2, -0.02, 0.01),
    ("leaky_relu", 0, 0, 0.01),
    ("sigmoid", 0, 0.5, 0.25),
    ("sigmoid", 1, 0.7310585786300049, 0.19661193324148185),
    ("tanh", 1, 0.7615941559557649, 0.41997434161402614),
    ("elu", -1, -0.6321205588285577, 0.36787944117144233),
    ("selu", 1, 1.0507009873554805, 1.0507009873554805),
    ("selu", -1, -1.1113307378125627, 0.6467686030348141),
    ("softplus", 0, 0.6931471805599453, 0.5),
    ("softplus", 1, 1.3132616875182228, 0.7310585786300049),
    ("gelu", 1, 0.8411919906082768, 1.0829640838457826),
    ("silu", 1, 0.7310585786300049, 0.9276705118714867),
    ("softsign", -4, -0.8, 0.04),
    ("softsign", 0.7, 0.4117647058823529, 0.34602076124567477),  # this one and the next ones are PyTorch's
    ("hard_sigmoid", -3, 0, 0),
    ("hard_sigmoid", 0.7, 0.6166666666666667, 0.16666666666666666),
    ("hard_sigmoid", 2.9, 0.9833333333333334, 0.16666666666666666),
    ("hard_sigmoid", 5, 1, 0),
    ("mish", 1, 0.8650983882673103, 1.0490362200997922),
    ("swish", 1, 0.7310585786300049, 0.9276705118714867),
]


@pytest.mark.parametrize("name, z, a, slope", KNOWN)
def test_known_values(name, z, a, slope):
    f, z = activations.get(name), np.array([float(z)])
    assert f.f(z, np)[0] == pytest.approx(a, rel=1e-14)
    assert f.slope(z, f.f(z, np), np)[0] == pytest.approx(slope, rel=1e-13)


def test_swish_goes_from_a_straight_line_to_relu():
    z = np.linspace(-5, 5, 11)
    line, silu, relu = (activations.get("swish", beta=beta).f(z, np) for beta in (0, 1, 1e6))
    assert np.array_equal(line, z / 2) and np.array_equal(silu, activations.get("silu").f(z, np))
    assert relu == pytest.approx(np.maximum(z, 0), abs=1e-12)


@pytest.mark.parametrize("name, low, high", [("sigmoid", 0, 1), ("tanh", -1, 1)])
def test_bounded_activations_lie_in_their_interval(name, low, high):
    a = activations.get(name).f(np.linspace(-15, 15, 301), np)
    assert (a > low).all() and (a < high).all()
    assert a + a[::-1] == pytest.approx(low + high)  # symmetric about the middle of the interval


def test_sigmoid_keeps_its_precision_far_below_zero():
    a = activations.get("sigmoid").f(np.array([-700.0]), np)[0]
    assert a == pytest.approx(np.exp(-700.0), rel=1e-12)


def test_an_own_activation_needs_no_file():
    cube = activations.Activation("cube", f=lambda z, xp: z**3, slope=lambda z, a, xp: 3 * z * z)
    assert activations.get(cube) is cube
    assert cube.label == "cube"


@pytest.mark.parametrize("name", ["gelu", "silu", "swish", "mish", "softplus"])
def test_a_tail_that_is_not_flat_keeps_its_value_and_its_slope(name):
    """Far to the left these fall towards 0 and never reach it; GELU's gradient was lost at z = -8."""
    f, z = activations.get(name), -np.linspace(4, 9.5, 56)
    a, exact = f.f(z, np), f.f(z.astype(np.longdouble), np)
    slope, exact_slope = f.slope(z, a, np), f.slope(z.astype(np.longdouble), exact, np)
    assert (a != 0).all() and (slope != 0).all()
    np.testing.assert_allclose(a, exact.astype(float), rtol=1e-13)
    np.testing.assert_allclose(slope, exact_slope.astype(float), rtol=1e-12)
