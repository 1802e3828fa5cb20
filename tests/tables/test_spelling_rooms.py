"""What holds of the rooms where a cell gets its meaning: the quick way finds what the careful one finds."""

import pkgutil

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tasou.messages import Message
from tasou.tables import Preparation, Table, infer, steps
from tasou.tables.spelling import numerals
from tasou.tables.spelling.categories import Levels, category
from tasou.tables.spelling.habits import Habits, Notation
from tasou.tables.spelling.letters import folded
from tasou.tables.spelling.missing import is_missing
from tasou.tables.spelling.numerals import Beside, Is
from tasou.tables.steps import STEPS

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
def test_any_texts_are_read_somehow_and_nothing_is_lost(texts):
    column = Table({"x": texts}).column("x")
    kinds = column.as_numbers().kinds
    assert np.isnan(column.numbers[kinds > Is.NOTED]).all()
    assert (column.missing == [is_missing(text) for text in texts]).all()
    assert column.distinct.counts.sum() == len(texts)
    assert column.as_dates().values.shape == (len(texts),)


def test_a_kind_of_column_is_one_file_that_is_found_by_its_folder():
    files = {module.name for module in pkgutil.iter_modules(steps.__path__)}
    assert set(STEPS) == files - {"scaling"}
    for kind, step in STEPS.items():
        assert step.kind == kind and isinstance(step.title, Message)
    order = [step.asked_after for step in STEPS.values()]
    assert order == sorted(order) and len(set(order)) == len(order)


def test_every_kind_of_column_describes_itself_and_comes_back_from_plain_data():
    n = 40
    cells = {
        "numeric": [f"{i},5" for i in range(n)],
        "categorical": [["a", "b", "c"][i % 3] for i in range(n)],
        "date": [f"{1 + i % 28}/{1 + i % 12}/2024" for i in range(n)],
        "y": [["no", "yes"][i // 2 % 2] for i in range(n)],
    }
    assert set(STEPS) == set(cells) - {"y"}
    table = Table(cells)
    preparation = Preparation.fit(table, infer(table, "y"))
    assert [(step.column, step.kind) for step in preparation.steps] == [
        (kind, kind) for kind in cells if kind != "y"
    ]
    again = Preparation.from_dict(preparation.to_dict())
    assert again == preparation
    for step in again.steps:
        assert step.describe().text("en") and step.describe().text("ja")
        assert len(step.apply(table)) == len(step.feature_names)
