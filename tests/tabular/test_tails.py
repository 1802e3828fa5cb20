"""A target with a heavy tail: learnt by its logarithm where that clearly helps, and told."""

from __future__ import annotations

import numpy as np
import pytest

import tasou
from tasou import TableRegressor
from tasou.errors import TasouError, UnknownName
from tasou.tables import Preparation, Table, infer
from tasou.tabular import tails
from tasou.tabular.aims import Logarithms, Numbers
from tasou.tabular.parts import Parts

N = 600
RNG = np.random.default_rng(0)
X = {f"x{j}": RNG.normal(size=N) for j in range(4)}
TAIL = RNG.gamma(1.5, 1, N) * np.exp(0.8 * X["x0"] + 0.5 * X["x1"])
SUM = 3 * X["x0"] ** 2 + 4 * RNG.exponential(1, N)
"""as skewed, but of parts that are added"""


def aim_for(y, transform="auto", **options):
    table = Table(X)
    preparation = Preparation.fit(table, infer(table), robust=True)
    y = y[:, None]
    rows = preparation.transform(table)
    return tails.suited(Numbers.of(y), rows, y, preparation.kinds, Parts(**options), transform)


def test_the_logarithm_is_learnt_where_factors_multiply_and_not_where_parts_are_added():
    aim, told = aim_for(TAIL)
    assert isinstance(aim, Logarithms) and "learnt by its logarithm" in str(told[0])
    for other in (SUM, X["x0"] + 9, TAIL - 5, np.where(np.arange(N) == 7, 1e6, X["x1"] + 4)):
        assert aim_for(other) == (Numbers.of(other[:, None]), [])
    assert aim_for(TAIL, None)[1] == []


def test_groups_and_weights_count_in_the_decision():
    groups = np.arange(N) // 3
    assert isinstance(aim_for(TAIL, groups=groups, weight=np.full(N, 1.0))[0], Logarithms)
    assert type(aim_for(TAIL, groups=np.zeros(N, int))[0]) is Numbers  # nothing can be kept out


def test_answers_are_means_in_the_unit_of_the_target_and_are_saved(tmp_path):
    model = TableRegressor("fast", random_state=0).fit(X, TAIL)
    assert any("by its logarithm" in str(said) for said in model.effort_)
    said = model.predict(X)
    assert said.mean() == pytest.approx(TAIL.mean(), rel=0.15)
    assert TAIL.min() <= said.min() and said.max() <= TAIL.max()
    tasou.save(model, tmp_path / "m.tasou")
    assert tasou.load(tmp_path / "m.tasou").predict(X) == pytest.approx(said)
    assert "<li>the target has a heavy tail" in model._repr_mimebundle_()["text/html"]


def test_what_the_logarithm_cannot_be_taken_of_is_said():
    with pytest.raises(TasouError, match=r"numbers from 0, but y is -1 in row 2"):
        TableRegressor(target_transform="log").fit(X, np.where(np.arange(N) == 2, -1.0, TAIL))
    with pytest.raises(TasouError, match="one target with loss='squared_error'"):
        TableRegressor(target_transform="log", loss="quantile").fit(X, TAIL)
    with pytest.raises(UnknownName, match="unknown target_transform 'logarithm'"):
        TableRegressor(target_transform="logarithm").fit(X, TAIL)
