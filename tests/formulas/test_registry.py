"""The registry: formulas are found by their folder, bound to parameters, compared by what they are."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from tasou.errors import TasouError, UnknownName
from tasou.formulas import activations, dropout, losses, optimizers, penalties, probabilities
from tasou.formulas.registry import Registry

FILE = """
latex = "z^2"
notes = {"en": "A square.", "ja": "二乗。"}


def f(z, xp, *, scale=1.0):
    return scale * z * z


def slope(z, a, xp, *, scale=1.0):
    return 2 * scale * z
"""


def test_adding_a_formula_is_adding_a_file(tmp_path, monkeypatch):
    folder = tmp_path / "own_activations"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "square.py").write_text(FILE, encoding="utf-8")
    (folder / "_helper.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    own = Registry("own_activations", activations.Activation)
    assert own.names() == ["square"] and "square" in own and "_helper" not in own
    square = own.get("square", scale=3.0)
    assert square.latex == "z^2" and square.label == "square(scale=3.0)"
    assert square.f(np.array([2.0]), np).tolist() == [12]
    assert square.slope(np.array([2.0]), None, np).tolist() == [12]
    assert own.get("square").f(np.array([2.0]), np).tolist() == [4]


@pytest.mark.parametrize(
    "family, wrong, right",
    [(activations, "reul", "relu"), (losses, "cross_entrpy", "cross_entropy"), (optimizers, "adm", "adam")],
)
def test_an_unknown_name_suggests_the_nearest(family, wrong, right):
    with pytest.raises(
        UnknownName, match=rf"unknown {family.registry.family.kind} '{wrong}': did you mean '{right}'"
    ):
        family.get(wrong)


def test_a_name_like_no_other_lists_what_there_is():
    with pytest.raises(UnknownName, match=r"unknown activation 'zzz' \(known: elu, gelu, .*tanh\)"):
        activations.get("zzz")


@pytest.mark.parametrize("wrong", [None, 3, "", "_x", "__init__", "relu.f"])
def test_what_is_no_name_is_refused_in_the_same_way(wrong):
    with pytest.raises(UnknownName, match="unknown activation"):
        activations.get(wrong)


def test_an_unknown_parameter_is_named_with_those_there_are():
    with pytest.raises(
        TasouError, match=r"activation 'leaky_relu' has no parameter 'slope' \(it has: alpha\)"
    ):
        activations.get("leaky_relu", slope=0.1)
    with pytest.raises(TasouError, match=r"activation 'relu' has no parameter 'alpha' \(it has: none\)"):
        activations.get("relu", alpha=0.1)


def test_parameters_are_bound_in_every_function():
    f, z = activations.get("leaky_relu", alpha=0.5), np.array([-2.0])
    assert f.f(z, np).tolist() == [-1] and f.slope(z, None, np).tolist() == [0.5]
    again = f.with_parameters(alpha=0.25)
    assert again.f(z, np).tolist() == [-0.5] and f.f(z, np).tolist() == [-1]


def test_formulas_are_equal_by_family_name_and_parameters():
    assert activations.get("elu") is activations.get("elu")
    assert activations.get("elu", alpha=0.5) == activations.get("elu", alpha=0.5)
    assert activations.get("elu", alpha=1.0) == activations.get("elu")
    assert activations.get("elu", alpha=0.5) != activations.get("elu")
    assert activations.get("elu") != activations.get("selu")
    assert len({activations.get("elu", alpha=0.5), activations.get("elu", alpha=0.5)}) == 1


def test_a_bound_formula_survives_a_pickle():
    for formula in (activations.get("leaky_relu", alpha=0.2), losses.get("quantile", quantile=0.9)):
        assert pickle.loads(pickle.dumps(formula)) == formula


def test_dropout_silences_its_share_and_keeps_the_mean():
    draw = (np.arange(1000) + 0.5) / 1000
    mask = dropout.mask(draw, 0.2)
    assert (mask == 0).sum() == 200 and set(mask[mask > 0]) == {1.25}
    assert mask.mean() == pytest.approx(1)
    assert dropout.mask(np.array([0.2]), 0.2) == 1.25  # a draw of exactly the share is kept


def test_probabilities_and_their_logarithms():
    y_hat = np.array([[0.25], [1.0]])
    p = probabilities.of_classes(y_hat, np)
    assert p.tolist() == [[0.75, 0.25], [0, 1]] and probabilities.of_classes(p, np) is p
    with np.errstate(all="raise"):
        log_p = probabilities.logarithms(p, np.full((2, 2), 800.0), np)
    assert log_p == pytest.approx(np.array([[np.log(0.75), np.log(0.25)], [-800, 0]]))
    sigmoid = activations.get("sigmoid").f
    assert sigmoid(probabilities.logit(np.array([0.1, 0.9]), np), np) == pytest.approx([0.1, 0.9])


def test_penalties():
    W = np.array([[3.0, -4.0]])
    assert penalties.l2(W, 0.1, np) == pytest.approx(1.25)
    assert penalties.l2_gradient(W, 0.1) == pytest.approx(0.1 * W)
    assert penalties.decay(W, 0.5, 0.1) == pytest.approx(0.95 * W)
    assert penalties.clip_scale(10.0, 2.0) == pytest.approx(0.2)
    assert penalties.clip_scale(1.0, 2.0) == penalties.clip_scale(0.0, 2.0) == 1.0
