"""The preparation for networks that squash, bin and embed: nothing is cut off, large categories are numbered."""

import numpy as np
import pytest

from tasou.tables import Preparation, Table, infer

rng = np.random.default_rng(0)
TABLE = Table(
    {
        "fare": [*rng.exponential(size=58), 1e6, None],
        "people": [*np.exp(2 * rng.normal(size=59)), 0],
        "sex": ["f", "m"] * 30,
        "deck": [*"ABC" * 19, "", "", "A"],
        "town": [f"town {j % 12}" for j in range(60)],
        "y": rng.normal(size=60),
    }
)
PREPARATION = Preparation.fit(TABLE, infer(TABLE, "y"), robust=True)


def column(name, table=TABLE):
    return PREPARATION.transform(table)[:, PREPARATION.feature_names.index(name)]


def test_every_feature_says_what_kind_of_number_it_is():
    named = dict(zip(PREPARATION.feature_names, PREPARATION.kinds, strict=True))
    assert {name: kind.name for name, kind in named.items()} == {
        "fare": "number",
        "fare missing": "flag",
        "people": "number",
        "sex=f": "flag",
        "deck=A": "flag",
        "deck=B": "flag",
        "deck=C": "flag",
        "deck=(missing)": "flag",
        "town": "code",
    }
    assert named["town"].levels == 13


def test_a_far_number_stays_far_and_a_missing_one_is_the_median():
    fare = column("fare")
    assert fare[58] > 1e5
    assert fare[59] == 0
    assert np.subtract(*np.quantile(fare[:59], [0.75, 0.25])) == pytest.approx(1, rel=1e-4)


def test_where_the_tail_is_heavy_equal_ratios_are_equal_steps():
    few, many = (
        Table({**dict.fromkeys(TABLE.names, [None] * 3), "people": x}) for x in ([1, 2, 4], [8, 16, 32])
    )
    small, large = (np.diff(column("people", table)) for table in (few, many))
    assert small == pytest.approx(large, rel=0.1)
    assert np.subtract(*np.quantile(column("people"), [0.75, 0.25])) == pytest.approx(1, rel=1e-4)


def test_unscaled_every_number_stays_in_its_own_unit():
    people = PREPARATION.unscaled().transform(TABLE)[:, PREPARATION.feature_names.index("people")]
    assert people == pytest.approx(np.asarray(TABLE.column("people").numbers), rel=1e-5)


def test_two_levels_are_two_sides_and_an_unseen_one_lies_between():
    assert column("sex=f")[:2].tolist() == [1, -1]
    other = Table({**{name: TABLE.column(name).take(np.arange(1)) for name in TABLE.names}, "sex": ["x"]})
    assert column("sex=f", other).tolist() == [0]


def test_levels_are_numbered_from_one_and_zero_is_for_unseen_ones():
    town = column("town")
    assert sorted(set(town.tolist())) == list(range(1, 13))
    assert (town[:12] == town[12:24]).all()
    other = Table({**{name: TABLE.column(name).take(np.arange(1)) for name in TABLE.names}, "town": ["moon"]})
    assert column("town", other).tolist() == [0]


def test_it_is_the_same_after_a_journey_through_json():
    again = Preparation.from_dict(PREPARATION.to_dict())
    assert again == PREPARATION
    assert (again.transform(TABLE) == PREPARATION.transform(TABLE)).all()
