"""A formula of one's own is data to learn from, and nothing that is typed is ever run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tasou.errors import TasouError
from tasou.play import Session
from tasou.play.formula import read
from tasou.play.made import make

HERE = np.array([[0.5, -2.0]])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2*3 - 4/2", 5.0), ("-2^2", -4.0), ("2^3^2", 512.0), ("2**-1", 0.5), ("(1+2)(3)", 9.0), ("2x1 x2", -2.0),
        ("sin(pi*x1)", 1.0), ("max(x1, abs(x2))", 2.0), ("ｘ１＋２", 2.5), ("x2² − 1.5e1", -11.0), ("exp(0) - x", 0.5),
        ("3 < y", -5.0), ("x2 > -3", 1.0), ("x1×4÷2", 1.0),
    ],
)  # fmt: skip
def test_a_formula_means_what_it_means_on_paper(text: str, value: float) -> None:
    np.testing.assert_allclose(read(text).of(HERE), [value])


@pytest.mark.parametrize(
    "text",
    [
        "", "x3", "x1 +", "2 3", "1 < 2 < 3", "sin x1", "min(x1)", "__import__('os')", "x1.__class__", "x1; x2",
        "lambda: 0",
        "(" * 31 + "1" + ")" * 31, "-" * 199 + "1", "x1" * 200, None, 3, "x1 if x2 else 1",
        "10^", "f(x1)", "exec(1)", "x1[0]",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_told_in_one_sentence_and_the_run_is_kept(text: Any) -> None:
    session = Session()
    with pytest.raises(TasouError) as told:
        session.change({"data": {"name": "formula", "expression": text}})
    assert told.value.code.startswith("play.formula") and session.run.setup.data["name"] == "spiral"


def test_with_a_sign_of_comparison_it_is_a_boundary_and_else_a_surface() -> None:
    inside = make({"name": "formula", "expression": "x1^2 + x2^2 < 4", "n": 200})
    assert inside.task == "classification" and (inside.y == ((inside.X**2).sum(axis=1) < 4)).all()
    surface = make({"name": "formula", "expression": "sin(x1) x2", "n": 50})
    assert surface.task == "regression"
    np.testing.assert_allclose(surface.y, np.sin(surface.X[:, 0]) * surface.X[:, 1])
    assert (surface.n, len(surface.held_y)) == (50, 25)


def test_points_where_it_has_no_value_are_left_out_and_too_few_are_told() -> None:
    half = make({"name": "formula", "expression": "sqrt(x1)", "n": 100})
    assert 30 < half.n < 70 and (half.X[:, 0] >= 0).all()
    for text, code in (("log(-1)", "play.formula_undefined"), ("x1 < 9", "play.formula_one_side")):
        with pytest.raises(TasouError) as told:
            make({"name": "formula", "expression": text})
        assert told.value.code == code


def test_a_link_brings_the_formula_and_the_same_numbers() -> None:
    session = Session(
        {"data": {"name": "formula", "expression": "x2 > sin(2x1)", "n": 80}, "recipe": {"lr": 0.3}}
    )
    session.run.forward(5, "epoch")
    other = Session()
    other.open_link(session.link()["fragment"])
    other.run.forward(5, "epoch")
    assert (other.run.network.theta == session.run.network.theta).all()
