"""Members that learn stage by stage, and the judge who says whether another stage is worth it."""

import tracemalloc

import numpy as np
import pytest

from tasou import TableClassifier
from tasou.ensembles.folds import Holdout, holdouts
from tasou.ensembles.judge import Judge
from tasou.ensembles.members import Course, Member
from tasou.ensembles.stages import learn_all
from tasou.network import Network
from tasou.training import Recipe
from tasou.training.learning import Rows

N, EPOCHS, MOMENTS = 60, 8, [2, 4, 8]


def rows():
    X = np.random.default_rng(0).normal(size=(N, 3))
    return Rows(X, np.sin(X[:, :1]))


def learnt(stages, *, n_jobs=1, go_on=lambda members, second: True, watch=lambda j: ()):
    recipe = Recipe(
        hidden=(5,), optimizer="adam", schedule="coslog", dropout=0.2, epochs=EPOCHS, batch_size=7
    )
    networks = [Network((3, 5, 1), dropout=0.2, loss="squared_error", rng=j) for j in range(4)]
    who = holdouts(N, 4, np.random.default_rng(0))
    course = Course(rows(), recipe, MOMENTS, callbacks=watch, stages=stages)
    return learn_all(course, networks, who, n_jobs=n_jobs, beside=lambda: "beside", go_on=go_on)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_stages_change_no_bit(n_jobs):
    (whole, _), (staged, beside) = learnt(()), learnt((1, 2), n_jobs=n_jobs)
    assert beside == "beside"
    for one, other in zip(whole, staged, strict=True):
        assert len(one.thetas) == len(other.thetas) == 3
        assert all((a == b).all() for a, b in zip(one.thetas, other.thetas, strict=True))
        assert all((a == b).all() for a, b in zip(one.answers, other.answers, strict=True))
        assert one.history["loss"] == other.history["loss"]


def test_members_side_by_side_copy_no_rows_of_their_table(monkeypatch):
    monkeypatch.setattr("tasou.ensembles.members.AT_ONCE", 1_000)  # rows kept out, to be answered
    X = np.ones((60_000, 100))
    course = Course(Rows(X, X[:, :1]), Recipe(optimizer="adam", epochs=1, batch_size=1_000), [1])
    networks = [Network((100, 4, 1), loss="squared_error", rng=j) for j in range(4)]
    who = holdouts(len(X), 4, np.random.default_rng(0))
    tracemalloc.start()
    learn_all(course, networks, who, n_jobs=2)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 0.6 * X.nbytes


def test_ctrl_c_between_two_stages_loses_nothing():
    def interrupted(members, second):
        raise KeyboardInterrupt

    members, beside = learnt((1, 2), go_on=interrupted)
    assert beside == "beside" and [len(member.thetas) for member in members] == [1] * 4
    assert [member.finished for member in members] == ["epochs"] * 3 + ["interrupted"]


def test_members_end_where_no_further_stage_is_wanted():
    members, _ = learnt((2,), go_on=lambda members, second: False)
    assert [len(member.history["loss"]) for member in members] == [4] * 4
    assert [len(member.thetas) for member in members] == [2] * 4


def test_a_callback_hears_of_one_beginning_and_one_end():
    heard = {j: [] for j in range(4)}

    class Ear:
        def __init__(self, j):
            self.heard = heard[j]

        def on_start(self, training, data):
            self.heard.append("start")

        def on_epoch(self, training):
            self.heard.append(training.clock.epochs)

        def on_end(self, training):
            self.heard.append("end")

    learnt((1, 2), watch=lambda j: [Ear(j)])
    assert all(of == ["start", *range(1, EPOCHS + 1), "end"] for of in heard.values())


def test_a_member_that_was_ended_stays_where_it_is():
    members, _ = learnt((1, 2), watch=lambda j: [lambda training: j == 1 and training.clock.epochs == 3])
    assert [len(member.history["loss"]) for member in members] == [8, 3, 8, 8]
    assert (members[1].thetas[1] == members[1].thetas[2]).all()


def told(y, *errors):
    """Four members whose answers at each moment are off by so much."""
    who = holdouts(len(y), 4, np.random.default_rng(0))
    network = Network((1, 1), loss="squared_error", rng=0)

    def member(out: Holdout) -> Member:
        answers = [y[out.held] + error for error in errors]
        return Member(network, out, [network.theta] * len(errors), answers, {}, "epochs")

    return [member(out) for out in who]


def test_the_judge_ends_it_when_the_newest_snapshot_brings_nothing():
    y = np.random.default_rng(0).normal(size=(80, 1))
    judge = Judge(y, classes=False, rng=np.random.default_rng(0))
    assert judge(told(y, 1.0, 0.5), None)
    assert judge.choice.snapshots == (1,)
    assert judge(told(y, 1.0, 0.5, 0.2), None)
    assert judge.choice.snapshots == (2,)
    assert not judge(told(y, 1.0, 0.5, 0.2, 0.3), None)
    assert judge.choice.snapshots == (2,)
    assert judge.choice.loss == pytest.approx(0.04)


def test_a_long_stage_must_be_worth_more():
    y = np.random.default_rng(0).normal(size=(80, 1))
    for last, more in ((0.49, False), (0.47, True)):  # saves 4 and 12 % of the squared error
        judge = Judge(y, classes=False, rng=np.random.default_rng(0))
        assert judge(told(y, 1.0, 0.5), None)
        assert judge(told(y, 1.0, 0.5, last), None) is more
        assert judge.choice.snapshots == (2,)


def test_what_cannot_be_learnt_ends_early_and_says_so():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 4)), rng.integers(0, 2, 300)
    model = TableClassifier("fast", random_state=0).fit(X, y)
    assert str(model.effort_[-1]) == "ended after 15 epochs: the rows kept out gained nothing more"
    assert {len(history["loss"]) for history in model._ensemble.histories} == {15}
