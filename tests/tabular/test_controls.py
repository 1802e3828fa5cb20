"""What does not change what is to be learnt: time, callbacks, what is shown, rows of the user's own to validate on."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from tasou import Network, TableClassifier, TableRegressor
from tasou.ensembles import members, stages
from tasou.ensembles.folds import Holdout
from tasou.errors import TasouError
from tasou.tabular import pace, telling
from tasou.tabular.plans import Plan
from tasou.tabular.presets import PRESETS
from tasou.training import Recipe, learning
from tasou.training.learning import Rows

RNG = np.random.default_rng(0)
X = {"a": RNG.normal(size=600), "b": RNG.normal(size=600), "c": RNG.choice(["p", "q", "r"], 600)}
Y = X["a"] * X["b"] + (X["c"] == "p")


@pytest.fixture(autouse=True)
def _as_for_many_rows(monkeypatch):
    """Four members of 32 epochs each, with a limit and without."""
    few = replace(PRESETS["fast"], members=(4, 4), folds=(8, 8), each=(2, 2), swings=(4, 4))
    monkeypatch.setitem(PRESETS, "fast", few)


def rows(table, which):
    return {name: cells[which] for name, cells in table.items()}


def test_a_time_limit_is_kept_and_told():
    n = 8_000
    wide = {f"x{j}": RNG.normal(size=n) for j in range(20)}
    y = sum(wide.values()) > 0
    begun = time.monotonic()
    model = TableClassifier(random_state=0, time_limit=0.5).fit(wide, y)
    assert time.monotonic() - begun < 5  # a tenth of what it takes without, even where others use the machine
    assert any("time_limit=0.5 s" in str(said) for said in model.effort_)


def test_without_a_limit_or_with_a_long_one_all_is_done():
    free = TableRegressor("fast", random_state=0).fit(X, Y)
    long = TableRegressor("fast", random_state=0, time_limit=600).fit(X, Y)
    assert (free.predict(X) == long.predict(X)).all()
    assert [str(said) for said in free.effort_] == ["4 members, at most 32 epochs each, batches of 64 rows"]


@pytest.mark.parametrize("limit", [0, -1, "soon", float("nan")])
def test_a_time_limit_that_is_none_is_refused(limit):
    with pytest.raises(TasouError, match="time_limit must be a number of seconds above 0"):
        TableRegressor(time_limit=limit).fit(X, Y)


def test_less_time_gives_up_members_then_epochs_then_rows():
    plan = Plan.of(PRESETS["default"], 10_000, 7_500)
    plans = [plan.within(seconds, [1.0, 2.0]) for seconds in np.geomspace(1_000, 0.1, 30)]
    assert plans[0] == plan
    assert plans[-1].rows < 1 == plans[-1].members
    done = [(p.members, p.epochs, p.rows) for p in plans]
    assert len(set(done)) > 10
    assert all(
        p.seconds([1.0, 2.0]) <= 1.001 * s for p, s in zip(plans, np.geomspace(1_000, 0.1, 30), strict=True)
    )


def test_callbacks_hear_of_every_member_and_may_know_which():
    heard = []
    TableRegressor("fast", random_state=0, callbacks=[lambda t: heard.append(t.clock.epochs)]).fit(X, Y)
    assert heard[:30] == [*range(1, 16)] * 2  # all reach the second snapshot before any goes on
    assert sorted(heard) == sorted([*range(1, 33)] * 4)
    of = {}

    def watch(j):
        return [lambda training: of.setdefault(j, []).append(training.history.loss[-1])]

    TableRegressor("fast", random_state=0, callbacks=watch, n_jobs=2).fit(X, Y)
    assert sorted(of) == [0, 1, 2, 3]
    assert all(len(losses) == 32 for losses in of.values())


def test_a_callback_may_end_a_member():
    model = TableRegressor("fast", random_state=0, callbacks=[lambda t: t.clock.epochs >= 5]).fit(X, Y)
    assert all(len(history["loss"]) == 5 for history in model._ensemble.histories)
    assert np.isfinite(model.predict(X)).all()


def test_ctrl_c_keeps_what_was_learnt_and_says_so(monkeypatch):
    predict, calls = Network.predict, []

    def struck(network, X):
        calls.append(X)
        if len(calls) == 2:  # while the second moment of the first member is being kept
            raise KeyboardInterrupt
        return predict(network, X)

    monkeypatch.setattr(Network, "predict", struck)
    with pytest.warns(UserWarning, match="fit was interrupted"):
        model = TableRegressor("fast", random_state=0).fit(X, Y)
    assert len(model.members_) == 1 and np.isfinite(model.predict(X)).all()
    assert "interrupted after 1 of the members (4 were planned)" in " ".join(map(str, model.effort_))


def test_ctrl_c_before_anything_was_learnt_leaves_no_estimator_that_answers():
    class Strike:
        def on_start(self, training, data):
            raise KeyboardInterrupt

    model = TableRegressor("plain", random_state=0).fit(rows(X, slice(60)), Y[:60])
    for preset in ("fast", "plain"):
        with pytest.raises(KeyboardInterrupt):
            model.set_params(preset=preset, callbacks=[Strike()]).fit(X, Y)
        with pytest.raises(NotFittedError):
            model.predict(X)


def test_verbose_shows_a_line_for_each_member(capsys):
    TableRegressor("fast", random_state=0, verbose=True).fit(X, Y)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "4 members, at most 32 epochs each, batches of 64 rows"
    assert [line.split(":")[0] for line in lines[1:5]] == [f"member {j} of 4" for j in range(1, 5)]
    assert lines[5].startswith("chosen on rows kept out: snapshots ")
    assert isinstance(telling.teller("bar"), telling.Bar)


def test_rows_of_ones_own_judge_and_are_never_learnt():
    new = {"a": RNG.normal(size=100), "b": RNG.normal(size=100), "c": RNG.choice(["p", "q", "z"], 100)}
    y_new = new["a"] * new["b"] + (new["c"] == "p")
    model = TableRegressor("fast", random_state=0).fit(X, Y, X_val=new, y_val=y_new)
    assert model.oof_prediction_ == pytest.approx(model.predict(new), abs=1e-5)
    assert np.mean((model.predict(new) - y_new) ** 2) < 0.5 * y_new.var()
    # other validation rows choose otherwise, but the networks learn the same
    other = TableRegressor("fast", random_state=0).fit(X, Y, X_val=X, y_val=Y[::-1])
    last = (m.members_[0][-1].theta for m in (model, other) if 2 in m.choice_.snapshots)
    first, *rest = last
    assert all((first == theta).all() for theta in rest)


def test_validation_rows_of_classes_are_read_like_the_others():
    y = np.where(Y > 0.5, "yes", "no")
    model = TableClassifier("fast", random_state=0).fit(
        rows(X, slice(400)), y[:400], X_val=rows(X, slice(400, 600)), y_val=y[400:]
    )
    assert model.oof_proba_.shape == (200, 2)
    assert (model.classes_[model.oof_proba_.argmax(axis=1)] == y[400:]).mean() > 0.7
    with pytest.raises(TasouError, match="y_val has classes that were not learnt: 'perhaps'"):
        model.fit(X, y, X_val=X, y_val=np.where(Y > 0.5, "yes", "perhaps"))
    with pytest.raises(TasouError, match="X_val and y_val belong together"):
        model.fit(X, y, X_val=X)
    with pytest.raises(TasouError, match="give one or the other"):
        model.fit(X, y, X_val=X, y_val=y, groups=Y)


class SlowerAndSlower:
    """A clock on which every look takes longer than the one before, as if others took the machine away."""

    def __init__(self, each):
        self.now, self.each = 0.0, each

    def monotonic(self):
        self.now += self.each
        self.each *= 1.01
        return self.now


def test_members_that_begin_late_get_fewer_epochs_and_all_end_in_time(monkeypatch):
    clock = SlowerAndSlower(0.15)
    network = Network((2, 4, 1), "tanh", loss="squared_error", rng=0)
    data = Rows(RNG.normal(size=(80, 2)), RNG.normal(size=(80, 1)), None)
    who = [Holdout(np.arange(60), np.arange(60, 80))] * 6
    for module in (members, learning):
        monkeypatch.setattr(module, "time", clock)
    course = members.Course(data, Recipe(epochs=30, batch_size=20), (6, 14, 30), deadline=60.0)
    found, _ = stages.learn_all(course, [network] * 6, who)
    lengths = [len(member.history["loss"]) for member in found]
    assert lengths[0] == 30 and lengths == sorted(lengths, reverse=True)
    assert 3 <= lengths[3] < 30 and found[3].finished == "epochs"  # fewer, but all of them
    assert len(found) == 6 and all(len(member.thetas) == 3 for member in found) and clock.now < 66


def test_what_a_slower_machine_costs_is_told():
    said = pace.told([8, 8, 5], Plan(4, 8, 128), 10.0)
    assert [str(each) for each in said] == [
        "the machine became slower: epochs of the members, in their order: 8, 8, 5"
    ]
    assert pace.told([8, 8], Plan(2, 8, 128), 10.0) == pace.told([3], Plan(2, 8, 128), None) == []
