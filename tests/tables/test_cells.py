"""Cells as people type them: numbers, missing marks, dates."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasou.tables import read
from tasou.tables.column import Column
from tasou.tables.spelling.dates import moment, part
from tasou.tables.spelling.numbers import number, spelled


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        (" 2.5 ", 2.5),
        ("１２．５", 12.5),
        ("1,234,567", 1234567),
        ("−3", -3),
        ("△1,000", -1000),
        ("1e3", 1000),
    ],
)
def test_numbers(text, value):
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "  ", "NA", "n/a", "?", "-", "…", "－", "null", "inf", "1e999", "-1e100"]
)
def test_missing(text):
    assert np.isnan(number(text))


@pytest.mark.parametrize("text", ["1,23", "1_000", "yes", "none", "12,34,567", "0x10", "12.3¹", "1①", "10代"])
def test_text(text):
    assert number(text) is None


@given(st.floats(-1e99, 1e99))
def test_numbers_come_back_exactly(value):
    assert number(spelled(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-01",
        "2024/3/1",
        "2024年3月1日",
        "２０２４年３月１日",
        "2024-03-01T00:00:00Z",
        "2024年3月1日 0時0分",
    ],
)
def test_dates(text):
    assert moment(text) == np.datetime64("2024-03-01")


@pytest.mark.parametrize("text", ["1/3/2024", "2024-02-30", "20240301", "2024-3-1 25:00", "March"])
def test_no_dates(text):
    assert moment(text) is None


def test_parts_of_a_date_before_1970():
    d = np.array(["1969-12-31T18:30"], dtype="datetime64[s]")
    names = ("year", "month", "day", "weekday", "days", "hour")
    assert [part(d, name)[0] for name in names] == [1969, 12, 31, 2, -1, 18.5]


def test_missing_spellings_are_one_level():
    column = Column(np.array([" a", "a ", "NA", "", "a"], dtype=object))
    assert column.distinct.texts == ["a", ""]
    assert column.missing.tolist() == [False, False, True, True, False]


def test_taken_rows_keep_only_their_levels():
    column = Column(np.array(list("abcab"), dtype=object))
    assert column.distinct.counts.tolist() == [2, 2, 1]
    taken = column.take(np.array([1, 4]))
    assert (taken.distinct.texts, taken.distinct.counts.tolist()) == (["b"], [2])


def test_figures_that_somebody_calls_missing_are_missing() -> None:
    table = read(io.BytesIO(b"x,kind\n1,a\n-999,b\n-999.0,-999\n"), format="csv", missing=["-999"])
    assert table.column("x").missing.tolist() == [False, True, False]
    assert np.isnan(table.column("x").numbers).tolist() == [False, True, False]
    assert table.column("kind").missing.tolist() == [False, False, True]
    assert table["x"].tolist() == ["1", "-999", "-999.0"]
