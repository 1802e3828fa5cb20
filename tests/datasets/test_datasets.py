"""Every data set keeps the contract of its folder; the lecture's ones have the lecture's shape."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import datasets
from tasou.errors import TasouError, UnknownName

ALL = datasets.names()
GATES = {"and_gate": [0, 0, 0, 1], "or_gate": [0, 1, 1, 1], "xor": [0, 1, 1, 0]}


@pytest.mark.parametrize("name", ALL)
def test_shapes_types_and_titles(name):
    data = datasets.make(name, n=61)
    X, y = data
    assert X is data.X and y is data.y
    assert X.shape == (61, 2) and X.dtype == np.float64 and np.isfinite(X).all()
    assert y.shape == (61,) and y.dtype == np.int64
    assert data.name == name and set(data.title) == {"en", "ja"}


@pytest.mark.parametrize("name", ALL)
def test_the_seed_decides(name):
    first, again, other = (datasets.make(name, rng=seed) for seed in (3, 3, 4))
    assert np.array_equal(first.X, again.X)
    assert not np.array_equal(first.X, other.X)
    generator = np.random.default_rng(3)
    assert np.array_equal(first.X, datasets.make(name, rng=generator).X)
    assert not np.array_equal(first.X, datasets.make(name, rng=generator).X)


@pytest.mark.parametrize("name", ALL)
def test_noise_scatters_by_its_standard_deviation(name):
    exact, near, far = (datasets.make(name, n=4000, noise=noise).X for noise in (0, 0.1, 0.2))
    assert np.allclose(far - exact, 2 * (near - exact))
    assert np.std(near - exact) == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("name", sorted(set(ALL) - set(GATES)))
def test_classes_are_even_and_take_turns(name):
    y = datasets.make(name, n=50).y
    k = y.max() + 1
    assert np.array_equal(y[:k], np.arange(k))
    assert np.ptp(np.bincount(y)) <= 1


@pytest.mark.parametrize("name, answers", GATES.items())
def test_four_points_are_the_truth_table(name, answers):
    X, y = datasets.make(name, n=4)
    assert X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert y.tolist() == answers
    assert not np.array_equal(datasets.make(name, n=4, noise=0.1).X, X)


@pytest.mark.parametrize("name", GATES)
def test_more_points_stay_near_their_corner(name):
    exact = datasets.make(name, noise=0)
    noisy = datasets.make(name)
    assert np.array_equal(noisy.y, exact.y)
    assert 0.1 < np.std(noisy.X - exact.X) < 0.2


def test_the_spiral_is_the_lectures():
    X, y = datasets.make("spiral")
    assert np.bincount(y).tolist() == [100, 100, 100]
    assert np.linalg.norm(X, axis=1).max() < 3


def test_spiral_arms_are_turns_of_one_another():
    X, y = datasets.make("spiral", n=200, noise=0, classes=4)
    turn = np.array([[0, 1], [-1, 0]])
    for k in range(3):
        assert np.allclose(X[y == k] @ turn, X[y == k + 1])


def test_moons_are_half_turns_and_circles_are_round():
    moons = datasets.make("moons", n=4000, noise=0)
    assert np.allclose(moons.X[moons.y == 0].mean(0), -moons.X[moons.y == 1].mean(0), atol=0.05)
    circles = datasets.make("circles", noise=0)
    radius = np.linalg.norm(circles.X, axis=1)
    assert np.allclose(radius, np.where(circles.y == 0, 1.6, 0.7))


def test_blobs_sit_around_a_circle():
    X, y = datasets.make("blobs", n=100, noise=0, classes=5)
    assert np.allclose(np.linalg.norm(X, axis=1), 1.5)
    assert len(np.unique(X.round(6), axis=0)) == 5 == len(np.unique(y))


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'spiral'"):
        datasets.make("spirals")


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"n": 2}, "number of points must be whole and at least 3"),
        ({"n": 30.5}, "number of points must be"),
        ({"n": True}, "number of points must be"),
        ({"noise": -1}, "noise must be"),
        ({"noise": float("nan")}, "noise must be"),
        ({"classes": 1}, "classes must be"),
        ({"classes": 2.5}, "classes must be"),
        ({"arms": 3}, "no option 'arms'; it has"),
    ],
)
def test_what_cannot_be_drawn_is_said(arguments, words):
    with pytest.raises(TasouError, match=words):
        datasets.make("spiral", **arguments)
