"""What holds of the rooms where a cell gets its meaning: the quick way finds what the careful one finds."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tasou.errors import UnknownName
from tasou.messages import Message
from tasou.tables import Preparation, Table, infer, steps
from tasou.tables.spelling import numerals
from tasou.tables.spelling.categories import Levels, category
from tasou.tables.spelling.habits import Habits, Notation
from tasou.tables.spelling.letters import folded
from tasou.tables.spelling.missing import is_missing
from tasou.tables.spelling.numerals import Beside, Is

DIGITS = st.from_regex(r"[-−△+]? ?[0-9]{1,4}([,.][0-9]{1,3}){0,3}", fullmatch=True)
UNITS = st.sampled_from(["", "%", "円", "kg", " m²", " m2", "％", "¹", ")"])
FRONTS = st.sampled_from(["", "$", "￥", "(", "r", "A", "US$ "])
SOME = st.builds(
    lambda front, texts, unit: [front + t + unit for t in texts], FRONTS, st.lists(DIGITS, min_size=1), UNITS
)
HABITS = st.builds(
    Habits, decimal=st.sampled_from([None, ",", "."]), separator=st.sampled_from([None, ",", ";"])
)
KNOWN = st.sampled_from([None, Notation(), Notation(","), Notation(".", "%"), Notation(",", "円")])
BESIDE = st.sampled_from([Beside(), Beside(3, 1, 0, "1.234", 2), Beside(5, 0, 4, None, 5)])


@settings(max_examples=100, deadline=None)
@given(SOME, HABITS, KNOWN, BESIDE)
def test_numbers_written_alike_are_read_as_if_one_by_one(texts, habits, known, beside):
    counts = np.ones(len(texts), dtype=np.int64)
    missing = np.zeros(len(texts), dtype=bool)
    quick = numerals.read(texts, counts, habits, known, beside, missing)
    careful = numerals._Column(texts, counts, missing, habits, known, beside).numerals()
    np.testing.assert_array_equal(quick.values, careful.values)
    assert quick.kinds.tolist() == careful.kinds.tolist()
    if (quick.kinds == Is.NUMBER).any():
        assert quick.notation == careful.notation
        assert (quick.shown is None) == (careful.shown is None)


@given(st.text(max_size=12))
def test_the_one_spelling_of_a_category_is_its_own(text):
    assert category(category(text)) == category(text)
    assert folded(folded(text)) == folded(text)
    levels = Levels([category(text) or "x"])
    assert levels.place(text) == (0 if category(text) else None)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=40))
@example(["\x00"])
def test_any_texts_are_read_somehow_and_nothing_is_lost(texts):
    column = Table({"x": texts}).column("x")
    kinds = column.as_numbers().kinds
    assert np.isnan(column.numbers[kinds > Is.NOTED]).all()
    assert (column.missing == [is_missing(text) for text in texts]).all()
    assert column.distinct.counts.sum() == len(texts)
    assert column.as_dates().values.shape == (len(texts),)


def test_a_kind_of_column_is_one_file_that_is_found_by_its_folder():
    for kind in steps.names():
        assert steps.get(kind).kind == kind and isinstance(steps.get(kind).title, Message)
    order = [step.asked_after for step in steps.every()]
    assert order == sorted(order) and len(set(order)) == len(order) == len(steps.names())
    with pytest.raises(UnknownName, match="did you mean 'numeric'"):
        steps.get("numerics")


def test_kinds_of_columns_are_listed_without_importing_them():
    code = "import sys; from tasou.tables import steps; steps.names(); print('tasou.tables.steps.date' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.fixture(params=steps.names())
def made(request):
    """A table with a column of this kind, called so, as a file would write it; and its role."""
    rng = np.random.default_rng(0)
    cells = {
        request.param: rng.choice(steps.get(request.param).examples, 150).tolist(),
        "y": rng.choice(["no", "yes"], 150).tolist(),
    }
    table = Table(cells)
    return cells, table, infer(table, "y")[request.param]


@pytest.mark.parametrize("robust", [False, True])
def test_every_kind_of_column_describes_itself_and_comes_back_from_plain_data(made, robust):
    _, table, role = made
    preparation = Preparation.fit(table, infer(table, "y"), robust=robust)
    assert [(step.column, step.kind) for step in preparation.steps] == [(role.name, role.name)]
    again = Preparation.from_dict(preparation.to_dict())
    assert again == preparation
    (step,) = again.steps
    assert step.describe().text("en") and step.describe().text("ja")
    assert len(step.apply(table)) == len(step.feature_names) == len(step.kinds)
    assert all(feature.shape == (len(table),) and np.isfinite(feature).all() for feature in step.apply(table))
    assert step.cell.column == role.name and step.cell.made_up
    assert len(step.features(np.array([0.0]), np)) == len(step.feature_names)


def leaves(data):
    """The texts of plain data, and its numbers."""
    if isinstance(data, (dict, list)):
        parts = [leaves(part) for part in (data.values() if isinstance(data, dict) else data)]
        return [text for texts, _ in parts for text in texts], [x for _, numbers in parts for x in numbers]
    return ([], [data]) if isinstance(data, float) else ([data], [])


@pytest.mark.parametrize("robust", [False, True])
def test_every_kind_of_column_is_learnt_from_parts_as_from_the_whole(made, robust):
    cells, table, role = made
    parts = [
        Table({name: column[i:j] for name, column in cells.items()}) for i, j in ((0, 9), (9, 70), (70, 150))
    ]
    whole, found = (steps.learn(role, given, robust=robust) for given in ([table], parts))
    (texts, numbers), (wanted_texts, wanted) = leaves(found.to_dict()), leaves(whole.to_dict())
    assert texts == wanted_texts and numbers == pytest.approx(wanted, rel=1e-12, abs=1e-13)
    assert found == steps.learn(role, parts[::-1], robust=robust)  # whatever comes first
