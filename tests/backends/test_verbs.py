"""What the verbs mean: the same on NumPy, in memory laid out beforehand, and on a library without writable arrays."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from tasou import backends
from tasou.backends.allocating import Allocating
from tasou.backends.recording import N, Operand, Recording

spec = importlib.util.spec_from_file_location(
    "functional", Path(__file__).parent.parent / "layers" / "functional.py"
)
functional = importlib.util.module_from_spec(spec)
spec.loader.exec_module(functional)

rng = np.random.default_rng(0)
A, v, column = rng.normal(size=(4, 6)), rng.normal(size=6), rng.normal(size=(4, 1))
stack, other = rng.normal(size=(4, 3, 2)), rng.normal(size=(4, 2, 5))
E, codes = rng.normal(size=(5, 3)), np.array([[1.0, 4], [0, 1], [1, 1], [3, 0]])
G, index = rng.normal(size=(4, 2, 3)), np.array([2, 0, 2, 5])
AT_CODES, AT_INDEX = np.zeros((5, 3)), np.zeros((4, 6))
np.add.at(AT_CODES, codes.astype(int), G)
np.add.at(AT_INDEX, (slice(None), index), A[:, :4])


def middle(a, b, c, xp):
    return (a + b) / 2 * c


def sums(a, xp):
    return xp.sum(a, axis=-1, keepdims=True) * a


CASES = {
    "product": (lambda do, into: do.product(stack, other, into=into), stack @ other),
    "apply with a vector and a column": (
        lambda do, into: do.apply(middle, A, v, column, into=into),
        (A + v) / 2 * column,
    ),
    "apply to a vector first": (lambda do, into: do.apply(middle, v, A, column, into=into), (A + v) / 2 * column),
    "apply by rows": (lambda do, into: do.apply(sums, stack, into=into), stack.sum(-1, keepdims=True) * stack),
    "scaled": (lambda do, into: do.scaled(A, middle, v, A, column, into=into), A * (A + v) / 2 * column),
    "times a column": (lambda do, into: do.times(A, column, into=into), A * column),
    "total": (lambda do, into: do.total(stack, into=into), stack.sum(axis=(0, 1))),
    "joined": (lambda do, into: do.joined(A, column, A[:, :2], into=into), np.hstack([A, column, A[:, :2]])),
    "take": (lambda do, into: do.take(A, index, into=into), A[:, index]),
    "put": (lambda do, into: do.put(A[:, :4], index, 6, into=into), AT_INDEX),
    "put, sorted": (
        lambda do, into: do.put(A, np.arange(6) // 2, 4, into=into),
        np.c_[A[:, ::2] + A[:, 1::2], 0 * column],
    ),
    "put back in order": (lambda do, into: do.put(A, np.arange(6)[::-1], 6, into=into), A[:, ::-1]),
    "pick": (lambda do, into: do.pick(E, codes, into=into), E[codes.astype(int)]),
    "spread": (lambda do, into: do.spread(G, codes, 5, into=into), AT_CODES),
    "reshaped": (lambda do, into: do.reshaped(stack, -1, 2), stack.reshape(12, 2)),
    "columns": (lambda do, into: do.columns(A, 1, 4), A[:, 1:4]),
    "constant": (lambda do, into: do.constant((1, 2), like=A), np.array([1.0, 2])),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_verb_computes_what_it_says(name, monkeypatch):
    compute, expected = CASES[name]
    for block in (32_768, 4):  # whole, and in blocks of rows
        monkeypatch.setattr("tasou.backends.numpy.BLOCK", block)
        do = backends.make("numpy")
        assert compute(do, None) == pytest.approx(expected, rel=1e-13)
        into = np.full_like(expected, np.nan)
        found = compute(do, into)
        assert found == pytest.approx(expected, rel=1e-13)
        assert found is into or name in ("reshaped", "columns", "constant")


@pytest.mark.parametrize("name", CASES)
def test_a_verb_lays_out_what_it_would_compute(name):
    compute, expected = CASES[name]
    found = compute(Allocating(np.float32), None)
    assert found.shape == expected.shape


@pytest.mark.parametrize("name", CASES)
def test_a_verb_needs_no_array_that_can_be_written_to(name, monkeypatch):
    xp = pytest.importorskip("array_api_strict")
    compute, expected = CASES[name]
    own = {key: xp.asarray(value) for key, value in globals().items() if isinstance(value, np.ndarray)}
    compute = type(compute)(compute.__code__, {**globals(), **own, "np": np})
    assert np.asarray(compute(functional.Functional(xp), None)) == pytest.approx(expected, rel=1e-13)


def test_a_tape_knows_the_shapes():
    do = Recording()
    a, w = Operand("rows", (N, 6), "a"), Operand("parameter", (6,), "w")
    assert do.apply(middle, a, w, a).shape == (N, 6)
    assert do.apply(middle, w, a, a).shape == (N, 6)
    assert do.product(do.reshaped(a, -1, 3, 2), do.reshaped(a, -1, 2, 3)).shape == (N, 3, 3)
    assert do.total(do.reshaped(a, -1, 3)).shape == (3,)
    assert do.constant((1.0, 2.0), like=a).shape == (2,)


def test_nothing_is_spread_where_there_are_no_rows():
    do = backends.make("numpy")
    assert not do.spread(np.ones((0, 2, 3)), np.ones((0, 2)), 5).any()
    assert do.put(np.ones((0, 4)), index, 6).shape == (0, 6)
