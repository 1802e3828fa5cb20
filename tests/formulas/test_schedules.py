"""Learning-rate schedules: known values, and what every schedule keeps."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tasou.formulas import schedules
from tasou.formulas.schedules import Clock, warm

KNOWN = [
    ("constant", {}, Clock(updates=70, epochs=7), 0.1),
    ("step", {}, Clock(epochs=29), 0.1),
    ("step", {}, Clock(epochs=30), 0.01),
    ("step", {"every": 2, "factor": 0.5}, Clock(epochs=5), 0.025),
    ("inverse_scaling", {}, Clock(epochs=1, samples=99), 0.01),
    ("inverse_scaling", {"power": 1.0}, Clock(epochs=3, samples=9), 0.01),
    ("cosine", {}, Clock(updates=50, total_updates=100), 0.05),
    ("cosine", {}, Clock(updates=25, total_updates=100), 0.1 * (2 + 2**0.5) / 4),
    ("cosine", {"floor": 0.1}, Clock(updates=100, total_updates=100), 0.01),
    ("cosine", {"floor": 0.1}, Clock(updates=150, total_updates=100), 0.01),
    ("adaptive", {}, Clock(epochs=9), 0.1),
    ("adaptive", {}, Clock(epochs=9, plateaus=2), 0.004),
    ("adaptive", {"divisor": 10.0}, Clock(plateaus=1), 0.01),
]


@pytest.mark.parametrize("name, constants, clock, lr", KNOWN)
def test_known_values(name, constants, clock, lr):
    assert schedules.get(name, **constants).rate(0.1, clock) == pytest.approx(lr, rel=1e-12)


SWING = ("coslog",)
"""schedules that begin at 0 and come back to it"""


@pytest.mark.parametrize("name", schedules.names())
def test_a_schedule_starts_at_the_learning_rate_and_never_rises_above(name):
    schedule, total = schedules.get(name), 400
    clocks = [Clock(u, u // 4, 10 * (u // 4), total, plateaus=u // 100) for u in range(total)]
    rates = [schedule.rate(0.3, clock) for clock in clocks]
    if name in SWING:
        assert max(rates) == pytest.approx(0.3, rel=1e-3)
        assert all(0 <= rate <= 0.3 for rate in rates)
    else:
        assert rates[0] == pytest.approx(0.3)
        assert all(0 < later <= earlier for earlier, later in pairwise(rates))
    assert [schedule.rate(0.6, clock) for clock in clocks] == pytest.approx([2 * rate for rate in rates])


def test_coslog_is_zero_where_it_says_that_it_dips():
    rate, dips = schedules.get("coslog").rate, schedules.coslog.dips()
    assert dips == pytest.approx([1 / 15, 3 / 15, 7 / 15, 1])
    for share in dips:
        assert rate(1.0, Clock(updates=round(share * 1_500), total_updates=1_500)) == pytest.approx(
            0, abs=1e-12
        )


def test_only_adaptive_answers_plateaus():
    assert [s.name for s in schedules.registry if s.answers_plateaus] == ["adaptive"]


def test_warm_up_grows_in_equal_steps_to_the_full_rate():
    rates = [warm(0.2, Clock(updates=u), 4) for u in range(6)]
    assert rates == pytest.approx([0.05, 0.1, 0.15, 0.2, 0.2, 0.2])
    assert warm(0.2, Clock(), 0) == 0.2
