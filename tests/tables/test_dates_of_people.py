"""Dates as people write them: each column is learnt as if it were written in ISO 8601."""

import numpy as np
import pytest
from twins import CLASSES, N, assert_twins, roles_of, told, written

from tasou.errors import TableError
from tasou.tables import Preparation, infer

DAYS = np.datetime64("2019-05-01") + np.arange(N) * 37
ISO = [str(day) for day in DAYS]
PARTS = [tuple(map(int, day.split("-"))) for day in ISO]
NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WIDE = {ord(str(k)): "０１２３４５６７８９"[k] for k in range(10)}


@pytest.mark.parametrize(
    "write",
    [
        lambda y, m, d: f"{y}/{m}/{d}",
        lambda y, m, d: f"{y}.{m}.{d}",
        lambda y, m, d: f"{y}.{m:02}.{d:02}",
        lambda y, m, d: f"{y}年{m}月{d}日",
        lambda y, m, d: f"{y}年{m}月{d}日(月)",
        lambda y, m, d: f"令和{y - 2018}年{m}月{d}日",
        lambda y, m, d: f"令和{'元' if y == 2019 else y - 2018}年{m}月{d}日",
        lambda y, m, d: f"令和{y - 2018}年{m}月{d}日".translate(WIDE),
        lambda y, m, d: f"R{y - 2018}.{m}.{d}",
        lambda y, m, d: f"Ｒ{y - 2018}．{m}．{d}".translate(WIDE),
        lambda y, m, d: f"R{y - 2018}/{m}/{d}",
        lambda y, m, d: f"平成{y - 1988}年{m}月{d}日",
        lambda y, m, d: f"H{y - 1988}.{m:02}.{d:02}",
        lambda y, m, d: f"昭和{y - 1925}年{m}月{d}日",
        lambda y, m, d: f"S{y - 1925}.{m}.{d}",
        lambda y, m, d: f"㋿{y - 2018}年{m}月{d}日",
        lambda y, m, d: f"{d}/{m}/{y}",
        lambda y, m, d: f"{d:02}.{m:02}.{y}",
        lambda y, m, d: f"{m}/{d}/{y}",
        lambda y, m, d: f"{m}-{d}-{y}",
        lambda y, m, d: f"{d} {NAMES[m - 1]} {y}",
        lambda y, m, d: f"{d}-{NAMES[m - 1].upper()}-{y}",
        lambda y, m, d: f"{NAMES[m - 1]} {d}, {y}",
        lambda y, m, d: f"{y}-{m:02}-{d:02}T00:00:00+09:00",
        lambda y, m, d: f"{y}/{m}/{d} 午前0時0分",
        lambda y, m, d: f"{y}/{m}/{d} 12:00:00 AM",
    ],
)
def test_a_column_of_dates_in_any_writing_is_its_twin_in_iso(write):
    cells = [write(*parts) for parts in PARTS]
    assert_twins(written({"when": cells, "y": CLASSES}), written({"when": ISO, "y": CLASSES}))


@pytest.mark.parametrize(
    "write", [lambda y, m: f"{y}-{m:02}", lambda y, m: f"{y}/{m}", lambda y, m: f"{y}年{m}月"]
)
def test_a_month_is_its_first_day(write):
    cells = [write(y, m) for y, m, _ in PARTS]
    plain = [f"{y}-{m:02}-01" for y, m, _ in PARTS]
    assert_twins(written({"when": cells, "y": CLASSES}), written({"when": plain, "y": CLASSES}))


@pytest.mark.parametrize("midnight", ["24:00", "24:00:00", "24時", "24時0分"])
def test_24_hours_are_the_next_day(midnight):
    cells = [
        f"2024/3/{1 + i // 24} {i % 24}:00" if i % 24 else f"2024/3/{i // 24} {midnight}"
        for i in range(1, N + 1)
    ]
    plain = [f"2024-03-0{1 + i // 24} {i % 24:02}:00" for i in range(1, N + 1)]
    assert_twins(written({"when": cells, "y": CLASSES}), written({"when": plain, "y": CLASSES}))


def test_25_hours_are_no_time():
    cells = [*ISO[:-1], "2024-03-01 25:00"]
    assert "1 other cell (2024-03-01 25:00, line 61) taken as missing" in told(
        roles_of({"d": cells, "y": CLASSES})
    )


@pytest.mark.parametrize("cell", ["不明", "unknown", "45000", "2024-02-30", "-99", "?!"])
def test_a_few_cells_that_are_no_dates_are_missing_and_told(cell):
    cells = [cell if i in (4, 40, 50) else day for i, day in enumerate(ISO)]
    plain = ["" if i in (4, 40, 50) else day for i, day in enumerate(ISO)]
    assert_twins(written({"when": cells, "y": CLASSES}), written({"when": plain, "y": CLASSES}))
    roles = roles_of({"when": cells, "y": CLASSES})
    assert roles[
        "when"
    ].role == "date" and f"3 cells are no date ('{cell}', line 6): taken as missing" in told(roles)


def test_many_numbers_among_dates_are_never_silently_an_id():
    cells = [str(45000 + i) if i % 5 == 0 else day for i, day in enumerate(ISO)]
    roles = roles_of({"when": cells, "x": range(4, N + 4), "y": CLASSES})
    assert roles["when"].role == "text"
    assert "when: 48 cells are dates, 12 are not, e.g. 45000 (line 2)" in told(roles)


@pytest.mark.parametrize("mark", "/-.")
def test_day_and_month_that_cannot_be_told_apart_are_not_guessed(mark):
    cells = [f"{1 + i % 12}{mark}{1 + i // 12}{mark}2024" for i in range(N)]
    roles = roles_of({"when": cells, "x": range(4, N + 4), "y": CLASSES})
    assert roles["when"].role == "text"
    assert f"when: day and month cannot be told apart: 1{mark}1{mark}2024 (line 2)" in told(roles)


def test_which_comes_first_is_told():
    roles = roles_of({"when": [f"{d}/{m}/{y}" for y, m, d in PARTS], "y": CLASSES})
    assert "when: dates, the day first" in told(roles) and "日付（日が先）" in told(roles, "ja")


def test_prediction_reads_day_and_month_as_the_training_did():
    table = written({"when": [f"{d}/{m}/{y}" for y, m, d in PARTS], "y": CLASSES})
    preparation = Preparation.fit(table, infer(table, "y"))
    again = Preparation.from_dict(preparation.to_dict())
    some = written({"when": ["3/4/2020", "5/6/2021"]})
    plain = written({"when": ["2020-04-03", "2021-06-05"]})
    np.testing.assert_array_equal(again.transform(some), preparation.transform(plain))


def test_a_word_among_dates_in_prediction_is_refused_where_training_had_none():
    table = written({"when": ISO, "y": CLASSES})
    preparation = Preparation.fit(table, infer(table, "y"))
    with pytest.raises(TableError, match="line 2: column 'when' must hold dates, but here it says '不明'"):
        preparation.transform(written({"when": ["不明"], "z": [1]}))
    cells = ["不明", *ISO[1:]]
    lenient = written({"when": cells, "y": CLASSES})
    preparation = Preparation.fit(lenient, infer(lenient, "y"))
    some = written({"when": ["不明", "2020-01-01"], "z": "ab"})
    again = Preparation.from_dict(preparation.to_dict())
    np.testing.assert_array_equal(
        again.transform(some)[0], preparation.transform(written({"when": ["", ""], "z": "ab"}))[0]
    )
    assert "no date ('不明', line 2)" in again.notes(some)[0].text("en")


@pytest.mark.parametrize(
    "cells", [["A1.2.3", "A1.2.4"], ["1.2.3", "1.2.4"], ["2024-99", "2024-98"], ["12:30", "13:30"]]
)
def test_what_only_looks_like_a_date_is_none(cells):
    y = CLASSES[:1] * 7 + CLASSES[:-7]
    assert roles_of({"x": cells * (N // 2), "y": y})["x"].role == "categorical"


def test_another_order_of_day_and_month_than_in_training_is_told():
    table = written({"when": [f"{d}/{m}/{y}" for y, m, d in PARTS], "y": CLASSES})
    preparation = Preparation.fit(table, infer(table, "y"))
    some = written({"when": ["12/25/2020", "1/2/2020"], "z": "ab"})
    plain = written({"when": ["2020-12-25", "2020-01-02"], "z": "ab"})
    np.testing.assert_array_equal(preparation.transform(some), preparation.transform(plain))
    assert "the month comes first here, other than in training" in preparation.notes(some)[0].text("en")
