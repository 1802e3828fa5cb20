"""Folds: classes in their shares, groups never cut, every row kept out as often as promised."""

import numpy as np
import pytest

from tasou.ensembles.folds import holdouts, partition, periods
from tasou.errors import TasouError


def rng():
    return np.random.default_rng(0)


def test_every_fold_gets_its_share_of_each_class():
    strata = np.repeat([0, 1, 2], [40, 20, 8])
    fold = partition(68, 4, rng(), strata=strata)
    for label, share in ((0, 10), (1, 5), (2, 2)):
        assert np.bincount(fold[strata == label], minlength=4).tolist() == [share] * 4


def test_rows_of_a_group_stay_together_and_folds_are_about_equal():
    groups = np.random.default_rng(1).integers(0, 30, 400)
    fold = partition(400, 4, rng(), groups=groups)
    assert all(len(set(fold[groups == g])) == 1 for g in np.unique(groups))
    assert np.bincount(fold).min() > 80


def test_fewer_groups_than_folds_are_refused_in_a_sentence():
    with pytest.raises(TasouError, match="4 folds need at least as many groups, but there are 3"):
        partition(9, 4, rng(), groups=np.arange(9) % 3)


def test_eight_members_of_four_folds_keep_every_row_out_twice():
    who = holdouts(50, 8, rng())
    assert np.bincount(np.concatenate([out.held for out in who])).tolist() == [2] * 50
    assert all(sorted([*out.kept, *out.held]) == list(range(50)) for out in who)


def test_four_members_of_eight_folds_keep_a_quarter_out_twice():
    who = holdouts(80, 4, rng(), folds=8, each=2)
    counts = np.bincount(np.concatenate([out.held for out in who]), minlength=80)
    assert sorted(set(counts.tolist())) == [0, 2]
    assert (counts == 2).sum() == 20


def test_a_moment_is_never_cut_into_two_periods():
    time = np.repeat(np.arange(10), 7)
    period = periods(time, 4)
    assert all(len(set(period[time == t])) == 1 for t in range(10))
    assert (np.diff(period[np.argsort(time, kind="stable")]) >= 0).all()
    assert len(set(period)) == 4
