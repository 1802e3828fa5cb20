"""The joint choice: by what is expected of the whole ensemble, on rows that were kept out."""

import numpy as np
import pytest

from tasou.ensembles import OutOfFold, choose
from tasou.formulas import blending


def test_the_criterion_is_the_loss_of_the_whole_ensemble():
    """Members of variance 1 around a mean that is 2 off: k of them average to a squared error of 4 + 1/k."""
    rng = np.random.default_rng(0)
    n, k = 20_000, 8
    said = 2 + rng.normal(size=(k, n))
    one, some = (said**2).mean(), (said[:2].mean(axis=0) ** 2).mean()
    assert blending.criterion(one, some, r=2, k=k) == pytest.approx(4 + 1 / k, rel=0.015)
    assert blending.criterion(one, some, r=2, k=2) == pytest.approx(some)


def test_no_loss_below_zero_is_promised_however_much_two_members_save():
    for some in (0.5, 0.1, 0.0):
        linear = 1 - (1 - some) * (1 - 1 / 8) / (1 - 1 / 2)
        assert max(0.0, linear) <= blending.criterion(1.0, some, r=2, k=8) <= some
    assert blending.criterion(0.0, 0.0, r=2, k=8) == 0


def test_with_one_answer_per_row_the_loss_of_one_member_is_all_that_is_known():
    assert blending.criterion(0.7, 0.7, r=1, k=8) == 0.7


def held(n, k, folds=4):
    fold = np.arange(n) % folds
    return [np.flatnonzero(fold == j % folds) for j in range(k)]


def moment(y, noise, seed):
    """Eight members whose answers are y with noise, each for its rows kept out."""
    rng = np.random.default_rng(seed)
    rows = held(len(y), 8)
    return OutOfFold(len(y), rows, [y[at] + noise * rng.normal(size=(len(at), 1)) for at in rows])


def test_the_snapshot_with_the_least_loss_wins():
    y = np.random.default_rng(0).normal(size=(400, 1))
    # errors that all members of a moment share are not averaged away
    early, late = moment(y + 0.8, 0.1, 1), moment(y, 0.1, 2)
    assert choose([early, late], y, 8, classes=False).snapshots == (1,)
    assert choose([late, early], y, 8, classes=False).snapshots == (0,)


def test_a_second_model_that_knows_more_gets_most_of_the_weight():
    y = np.random.default_rng(0).normal(size=(400, 1))
    assert choose([moment(y, 1.0, 1)], y, 8, classes=False, second=y + 0.01).w > 0.9
    assert choose([moment(y, 0.01, 1)], y, 8, classes=False, second=y + 2.0).w < 0.1


def test_overconfident_probabilities_are_cooled_and_timid_ones_made_bolder():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 1_000)
    rows = held(len(y), 8)
    z = 2.0 * np.stack([-(2 * y - 1), 2 * y - 1], axis=1) / 2 + rng.normal(size=(1_000, 2)) * 1.2
    for scale, bolder in ((6.0, False), (0.2, True)):
        p = np.exp(blending.softened(scale * z, np))
        found = choose([OutOfFold(len(y), rows, [p[at] for at in rows])], y, 8, classes=True)
        assert (found.temperature < 1) is bolder


@pytest.mark.parametrize("K", [2, 5])
def test_the_loss_that_is_told_is_that_of_the_blend(K):
    rng = np.random.default_rng(0)
    y = rng.integers(0, K, 200)
    rows = held(200, 8)
    p = np.exp(blending.softened(rng.normal(size=(200, K)), np))
    second = blending.softened(rng.normal(size=(200, K)) + 2 * np.eye(K)[y], np)
    found = choose([OutOfFold(200, rows, [p[at] for at in rows])], y, 8, classes=True, second=second)
    log_p = blending.logarithms(p, np)
    blend = blending.blended(log_p, second, np, w=found.w, temperature=found.temperature)
    # all members of this ensemble say the same, so averaging gains nothing
    assert found.loss == pytest.approx(blending.log_loss(blend, y, np).mean(), abs=1e-4)


def test_the_temperature_is_the_best_one_not_only_the_nearest_of_a_few():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 5, 400)
    rows = held(400, 8)
    log_p = blending.softened(2 * rng.normal(size=(400, 5)) + 2 * np.eye(5)[y], np)
    found = choose([OutOfFold(400, rows, [np.exp(log_p)[at] for at in rows])], y, 8, classes=True)

    def loss(T):
        return blending.log_loss(blending.softened(log_p, np, temperature=T), y, np).mean()

    assert found.loss == pytest.approx(loss(found.temperature), abs=1e-5)
    assert found.loss < min(loss(found.temperature * 0.98), loss(found.temperature * 1.02))


def test_rows_that_weigh_nothing_have_no_say():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(400, 1))
    weight = (np.arange(400) < 200).astype(float)
    first, second = (np.where(half[:, None], y, y + 3) for half in (weight > 0, weight == 0))
    rows = held(400, 8)
    moments = [OutOfFold(400, rows, [said[at] for at in rows]) for said in (second, first)]
    assert choose(moments, y, 8, classes=False, weight=weight).snapshots == (1,)
    assert choose(moments, y, 8, classes=False, weight=1 - weight).snapshots == (0,)


def test_a_second_model_that_saves_too_little_is_not_asked():
    rng = np.random.default_rng(0)
    y, said = np.zeros((400, 1)), rng.normal(size=(400, 1))
    rows = held(400, 8)
    # all members say the same: at best, half of both has the errors of both, halved
    moments, second = [OutOfFold(400, rows, [said[at] for at in rows])], rng.normal(size=(400, 1))
    found = choose(moments, y, 8, classes=False, second=second)
    assert 0.3 < found.w < 0.7 and 0.4 < found.loss / (said**2).mean() < 0.6
    assert choose(moments, y, 8, classes=False, second=second, least_saved=0.3) == found
    assert choose(moments, y, 8, classes=False, second=second, least_saved=0.7).w == 0
