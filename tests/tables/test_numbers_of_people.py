"""Numbers as people write them: each column is learnt as if it were written plainly, and what was done is told."""

import numpy as np
import pytest
from twins import CLASSES, N, assert_twins, learnt, roles_of, told, written

from tasou.errors import TableError
from tasou.tables import Preparation, Table, infer
from tasou.tables.spelling.numbers import numeral
from tasou.tables.spelling.units import BEFORE, BEHIND

VALUES = [round(1000 + 37.5 * i - 3000 * (i % 2), 2) for i in range(N)]
WHOLE = [1000 + 259 * i for i in range(N)]


def comma(value):
    return f"{value:.2f}".replace(".", ",")


@pytest.mark.parametrize(
    ("write", "values"),
    [
        (lambda v: comma(v), VALUES),
        (lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")), VALUES),
        (lambda v: f"{v:,.2f}".replace(",", " ").replace(".", ","), VALUES),
        (lambda v: f"{v:,}".replace(",", "\u00a0"), WHOLE),
        (lambda v: f"{v:,}".replace(",", "\u202f"), WHOLE),
        (lambda v: f"{v:,}".replace(",", "'"), WHOLE),
        (lambda v: f"{v:,}".replace(",", "’"), WHOLE),
        (lambda v: f"{v}%", VALUES),
        (lambda v: f"{v} ％", VALUES),
        (lambda v: f"{v:,}円", WHOLE),
        (lambda v: f"￥{v:,}", WHOLE),
        (lambda v: f"${v:,.2f}" if v >= 0 else f"-${-v:,.2f}", VALUES),
        (lambda v: f"€ {v}", VALUES),
        (lambda v: f"{v} CHF", VALUES),
        (lambda v: f"{v}kg", VALUES),
        (lambda v: f"{v} ㎡", VALUES),
        (lambda v: f"({-v})" if v < 0 else str(v), VALUES),
        (lambda v: f"($ {-v:,.2f})" if v < 0 else f"$ {v:,.2f}", VALUES),
        (lambda v: f"（{-v}）" if v < 0 else str(v), VALUES),
        (lambda v: f"△ {-v}" if v < 0 else str(v), VALUES),
        (lambda v: f"▲　{-v}" if v < 0 else str(v), VALUES),
        (lambda v: str(v).replace("-", "−"), VALUES),
        (lambda v: str(v).translate({i: i + 0xFEE0 for i in range(0x21, 0x7F)}), VALUES),
        (lambda v: f"+{v}" if v >= 0 else str(v), VALUES),
    ],
)
def test_a_column_of_numbers_in_any_writing_is_its_plain_twin(write, values):
    cells = [write(v) for v in values]
    assert_twins(
        written({"x": cells, "y": CLASSES}, ";"),
        written({"x": values, "y": CLASSES}, ";"),
    )
    x = [i * i % 11 for i in range(N)]
    assert_twins(written({"x": x, "y": cells}, ";"), written({"x": x, "y": values}, ";"))


def test_a_number_in_another_writing_is_told_with_the_cell():
    cells = [f"{v:,}円" for v in WHOLE]
    assert "x: numbers: 1,000円 is 1000" in told(roles_of({"x": cells, "y": CLASSES}))
    roles = roles_of({"x": [i * i % 11 for i in range(N)], "y": cells})
    assert "column 'y': '1,000円' is read as 1000" in told(roles)


def test_every_unit_is_read_with_its_number():
    cells = [f"12{unit}" for unit in BEHIND] + [f"{unit}12" for unit in BEFORE]
    assert [cell for cell in cells if getattr(numeral(cell), "point", None) != "12"] == []


def test_one_cell_shows_that_the_comma_is_a_decimal_mark():
    cells = ["2", *(f"{1 + i / 1000:.3f}".replace(".", ",") for i in range(1, N - 1)), "0,125"]
    roles = roles_of({"weight": cells, "y": CLASSES}, delimiter=";")
    assert roles["weight"].seen.low == "0.125" and roles["weight"].seen.high == "2"
    assert "the comma is a decimal mark, as '0,125' shows" in told(roles)
    table = written({"weight": cells, "y": CLASSES})
    assert table.column("weight").numbers[1] == 1.001, "as well in quotes between commas"


def test_thousands_stay_thousands_where_nothing_shows_another_mark():
    cells = [f"{1000 + i:,}" for i in range(N)]
    assert written({"x": cells, "y": CLASSES}).column("x").numbers[5] == 1005
    millions = [*cells[:-1], "1,234,567"]
    assert written({"x": millions, "y": CLASSES}, ";").column("x").numbers[5] == 1005


def test_a_doubtful_comma_is_told_and_can_be_decided_by_hand():
    cells = {"x": [f"{1000 + i:,}" for i in range(N)], "y": CLASSES}
    assert "'1,000' is read as 1000; if it is meant to be 1, say --decimal ," in told(
        roles_of(cells, delimiter=";")
    )
    assert written(cells, ";", decimal=",").column("x").numbers[5] == 1.005


def test_a_column_that_shows_its_comma_decides_for_those_that_do_not():
    columns = {"x": [f"1,{100 + i}" for i in range(N)], "z": [comma(v) for v in VALUES], "y": CLASSES}
    roles = roles_of(columns, delimiter=";")
    assert roles["x"].seen.high == "1.159"


def test_two_answers_in_one_cell_are_no_decimal_number():
    answers = {"x": [["1,2", "1,3", "2", "2,4"][i % 4] for i in range(N)], "y": CLASSES}
    assert roles_of(answers)["x"].role == "categorical"


@pytest.mark.parametrize(
    "cells",
    [
        ["12%", "0.1"] * (N // 2),
        ["$5", "€6", "£7"] * (N // 3),
        ["A12", "B13"] * (N // 2),
        ["R1", "P2", "R3"] * (N // 3),
        ["3年生", "4年生"] * (N // 2),
        ["1.2.3", "1.2.4"] * (N // 2),
        ["x", "y", "z"] * (N // 3),
        ["1", "X", "2"] * (N // 3),
        ["10³", "10²"] * (N // 2),
    ],
)
def test_what_is_no_number_to_its_owner_stays_text(cells):
    assert roles_of({"x": cells, "y": CLASSES[:1] * 7 + CLASSES[:-7]})["x"].role == "categorical"


def test_a_value_without_its_unit_beside_a_percentage_is_not_one():
    cells = [f"{i % 50}%" for i in range(N)]
    cells[7] = "0.07"
    roles = roles_of({"x": cells, "y": CLASSES})
    assert roles["x"].role == "numeric" and "1 other cell (0.07, line 9)" in told(roles)


@pytest.mark.parametrize("mark", ["x", "X", "χ", "Ｘ", "×", "///", "***", "(D)", "…"])
@pytest.mark.parametrize("share", [2, 20])
def test_withheld_numbers_are_missing_however_many_there_are(mark, share):
    cells = [mark if i % share == 0 else str(i) for i in range(N)]
    plain = ["" if i % share == 0 else str(i) for i in range(N)]
    y = ["no" if i % 3 else "yes" for i in range(N)]
    assert_twins(written({"x": cells, "y": y}), written({"x": plain, "y": y}))
    roles = roles_of({"x": cells, "y": y})
    assert roles["x"].seen.missing == sum(not cell for cell in plain)


def test_withheld_numbers_are_told_with_a_cell_and_its_line():
    roles = roles_of({"x": ["x" if i == 4 else str(i * 7 % 50) for i in range(N)], "y": CLASSES})
    assert "column 'x': 1 withheld number (x; line 6) taken as missing" in told(roles)
    assert "（x、line 6）" in told(roles, "ja") or "x" in told(roles, "ja")


@pytest.mark.parametrize("cell", ["r45", "p 45", "45p", "45*", "45†", "45.0¹", "45①", "４５①", "e45"])
def test_the_mark_of_a_number_is_left_out_and_told(cell):
    cells = [str(i * 7 % 50) for i in range(N)]
    cells[8] = cell
    plain = [*cells[:8], "45", *cells[9:]]
    assert_twins(written({"x": cells, "y": CLASSES}), written({"x": plain, "y": CLASSES}))
    assert f"the marks of 1 number are left out: {cell} is 45 (line 10)" in told(
        roles_of({"x": cells, "y": CLASSES})
    )


@pytest.mark.parametrize(
    "cell",
    [
        "\\N",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#WERT!",
        "#NV",
        "#¡VALOR!",
        "1.#QNAN",
    ],
)
def test_what_a_program_writes_for_no_value_is_missing(cell):
    cells = [cell if i % 4 == 0 else str(i) for i in range(N)]
    plain = ["" if i % 4 == 0 else str(i) for i in range(N)]
    assert_twins(written({"x": cells, "y": CLASSES}), written({"x": plain, "y": CLASSES}))
    texts = {"x": [cell if i % 4 == 0 else "ab"[i % 2] for i in range(N)], "z": range(5, N + 5), "y": CLASSES}
    assert roles_of(texts)["x"].seen.missing == N // 4


def test_codes_with_leading_zeros_are_categories():
    cells = ["01234", "12345", "98765"] * (N // 3)
    roles = roles_of({"zip": cells, "y": CLASSES})
    assert roles["zip"].role == "categorical" and "01234: codes, not numbers" in told(roles)
    assert (
        roles_of({"x": [str(i) for i in range(N)], "y": ["01", "02"] * (N // 2)})["y"].reason
        == "text_classes"
    )
    assert learnt(written({"x": range(5, N + 5), "y": ["01", "02"] * (N // 2)}))[2] == ("01", "02")


def test_an_infinite_number_is_missing_and_told():
    x = np.arange(2.0, N + 2)
    x[3] = np.inf
    for table in (Table({"x": x, "y": CLASSES}), written({"x": x, "y": CLASSES})):
        roles = infer(table, "y")
        assert roles["x"].seen.missing == 1 and "1 cell is infinite or beyond 1e100" in told(roles)
    for table in (Table({"y": x, "x": np.arange(N) % 7}), written({"y": x, "x": np.arange(N) % 7})):
        roles = infer(table, "y")
        assert roles.rows_without_target == 1 and "infinite" in told(roles)
        assert len(learnt(table)[0]) == N - 1


def test_an_infinite_number_among_categories_is_missing():
    x = np.array([1.0, 2.0, np.inf] * (N // 3))
    roles = infer(Table({"x": x, "z": np.arange(4, N + 4), "y": CLASSES}), "y", categorical=["x"])
    assert roles["x"].seen.missing == N // 3


# --- in prediction ---------------------------------------------------------------------------------------------------


def fitted(cells, delimiter=";"):
    table = written({"x": cells, "y": CLASSES}, delimiter)
    return Preparation.fit(table, infer(table, "y"))


def x_of(preparation, *cells, **options):
    return preparation.transform(written({"x": cells, "z": cells}, ";", **options), np.float64)[:, 0].tolist()


def test_a_few_cells_are_read_as_the_training_wrote_them():
    preparation = fitted([f"{1 + i / 1000:.3f}".replace(".", ",") for i in range(N - 1)] + ["0,125"])
    assert x_of(preparation, "1,040") == x_of(preparation, "1,04") == x_of(preparation, "1.04")


def test_another_decimal_mark_than_in_training_is_read_and_told():
    preparation = fitted([str(v) for v in VALUES])
    assert x_of(preparation, "1037,5", "0,5") == x_of(preparation, "1037.5", "0.5")
    notes = preparation.notes(written({"x": ["1037,5", "0,5"], "z": "ab"}, ";"))
    assert [note.text("en") for note in notes] == [
        "column 'x': the decimal mark is ',' here, '.' in training"
    ]


def test_a_percentage_where_training_had_plain_numbers_is_told():
    preparation = fitted([str(v) for v in VALUES])
    notes = preparation.notes(written({"x": ["12%", "13%"], "z": "ab"}))
    assert "with % here, without a unit in training" in notes[0].text("en")


def test_another_currency_than_in_training_is_refused():
    preparation = fitted([f"{v:,}円" for v in WHOLE])
    assert x_of(preparation, "1,259円") == x_of(preparation, "¥1259") == x_of(preparation, "1259")
    with pytest.raises(TableError, match=r"line 2: column 'x' must hold numbers, but here it says '\$5'"):
        x_of(preparation, "$5")


def test_a_withheld_number_in_prediction_is_missing_and_told():
    preparation = fitted([str(v) for v in VALUES])
    assert x_of(preparation, "x", "///") == x_of(preparation, "", "NA")
    notes = preparation.notes(written({"x": ["5", "x"], "z": "ab"}))
    assert "1 withheld number (x; line 3)" in notes[0].text("en")


@pytest.mark.parametrize("stored", [True, False])
def test_an_infinite_class_is_left_out_and_told(stored):
    y = np.array([0.0, 1.0] * (N // 2))
    y[4] = np.inf
    columns = {
        "x": [i * i % 11 for i in range(N)],
        "y": y if stored else ["inf" if v > 1 else f"{v:.0f}" for v in y],
    }
    table = Table(columns) if stored else written(columns)
    roles = infer(table, "y")
    assert (roles["y"].seen.distinct, roles.rows_without_target) == (2, 1)
    assert "1 cell is infinite" in told(roles) and learnt(table)[2] == (0, 1)


def test_a_number_and_infinity_are_a_column_with_missing_values():
    for cells in (["inf", "5"] * (N // 2), np.array([np.inf, 5.0] * (N // 2))):
        table = Table({"x": cells, "z": [i * i % 11 for i in range(N)], "y": CLASSES[:1] * 7 + CLASSES[:-7]})
        assert infer(table, "y")["x"].role == "numeric"


def test_a_target_of_infinities_has_no_value():
    with pytest.raises(TableError, match="target 'y' has no value in any row"):
        roles_of({"x": range(N), "y": ["1e400", "2e400"] * (N // 2)})


def test_a_doubtful_comma_in_prediction_is_told_and_can_be_decided_by_hand():
    preparation = fitted([str(v) for v in VALUES])
    some = written({"x": ["1,234", "1,235"], "z": "ab"}, ";")
    assert "'1,234' is read as 1234; if it is meant to be 1.234" in preparation.notes(some)[0].text("en")
    assert x_of(preparation, "1,234", decimal=",") == x_of(preparation, "1.234")
