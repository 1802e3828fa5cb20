"""What each column is for, and why."""

import numpy as np
import pytest

from tasou.errors import TableError, UnknownName
from tasou.tables import Table, infer
from tasou.text import width

N = 60
RNG = np.random.default_rng(0)
COLUMNS = {
    "PassengerId": np.arange(1, N + 1),
    "code": [f"R{i:04}" for i in range(N)],
    "size": RNG.normal(size=N),
    "kind": [["red", "green", ""][i % 3] for i in range(N)],
    "when": [f"2024/{i % 12 + 1}/1" for i in range(N)],
    "note": [f"text {i % 40}" for i in range(N)],
    "same": ["x"] * N,
    "nothing": [""] * N,
    "alive": [["no", "yes"][i % 2] for i in range(N)],
    "survived": [i % 2 for i in range(N)],
}
ROLES = {
    "PassengerId": ("id", "running_number"),
    "code": ("id", "all_different"),
    "size": ("numeric", "numbers"),
    "kind": ("categorical", "few_texts"),
    "when": ("date", "dates"),
    "note": ("text", "too_many_texts"),
    "same": ("constant", "one_value"),
    "nothing": ("empty", "no_value"),
    "alive": ("repeats", "same_as_target"),
    "survived": ("target", "few_integers"),
}


def test_roles():
    roles = infer(Table(COLUMNS), "survived")
    assert {c.name: (c.role, c.reason) for c in roles.columns} == ROLES
    assert roles.features == ["size", "kind", "when"]
    assert roles["kind"].seen.missing == 20


def test_asked_roles_win():
    roles = infer(Table(COLUMNS), "survived", drop=["size"], categorical=["alive"], numeric=["PassengerId"])
    found = {c.name: c.role for c in roles.columns}
    assert (found["size"], found["alive"], found["PassengerId"]) == ("dropped", "categorical", "numeric")


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["a", "b"] * 30, "classification"),
        ([True, False] * 30, "classification"),
        ([0, 1] * 30, "classification"),
        (list(range(10)) * 6, "classification"),
        (list(range(30)) * 2, "regression"),
        (RNG.normal(size=60), "regression"),
        (["1,000", "2,500.5"] * 30, "regression"),
    ],
)
def test_task_follows_from_the_target(values, task):
    assert infer(Table({"x": COLUMNS["size"], "y": values}), "y").task == task


def test_task_can_be_asked_for():
    table = Table({"x": COLUMNS["size"], "y": list(range(10)) * 6})
    assert infer(table, "y", task="regression").task == "regression"
    with pytest.raises(UnknownName, match="unknown task 'ranking'"):
        infer(table, "y", task="ranking")


def test_rows_without_target_are_counted():
    roles = infer(Table({"x": COLUMNS["size"], "y": (["a", "b", ""] * 20)}), "y")
    assert (roles.rows, roles.rows_without_target) == (60, 20)


def test_a_few_odd_cells_do_not_make_a_column_text():
    cells = [str(i * 7 % 31) for i in range(N)]
    cells[17] = "unknown"
    role = infer(Table({"x": cells, "y": COLUMNS["alive"]}), "y")["x"]
    assert role.role == "numeric"
    assert role.why("en") == "numbers; 1 other cell (unknown, row 18) taken as missing"


def test_regression_target_copied_in_other_units_repeats():
    y = COLUMNS["size"]
    roles = infer(Table({"yen": y * 150 + 3, "near": y + 1e-3 * RNG.normal(size=N), "y": y}), "y")
    assert [c.role for c in roles.columns] == ["repeats", "numeric", "target"]


def test_a_running_number_is_kept_if_it_is_all_there_is():
    roles = infer(Table({"t": np.arange(N), "y": COLUMNS["size"]}), "y")
    assert roles["t"].reason == "only_column"


@pytest.mark.parametrize(
    ("target", "options", "message"),
    [
        ("sizes", {}, "no column 'sizes': did you mean 'size'"),
        ("nothing", {}, "target 'nothing' has no value in any row"),
        ("same", {}, r"target 'same' has one value only \('x'\)"),
        ("code", {}, "target 'code' has 60 different values in 60 rows: too many to be classes"),
        ("kind", {"task": "regression"}, "row 1: target 'kind' must be a number, but says 'red'"),
        ("kind", {"drop": ["kind"]}, "'kind' is the target and cannot be dropped"),
        ("kind", {"drop": ["siz"]}, "no column 'siz': did you mean 'size'"),
        ("kind", {"drop": ["size"], "numeric": ["size"]}, "cannot be both dropped and numeric"),
        (
            "kind",
            {"numeric": ["nothing"]},
            "'nothing' of the table cannot be numeric: no cell has a value",
        ),
        ("kind", {"numeric": ["note"]}, r"'note' has no number at all, e\.g\. 'text 0' \(row 1\)"),
        ("kind", {"drop": ["size", "when", "alive", "survived", "PassengerId"]}, "no column to learn from"),
    ],
)
def test_what_cannot_be_learnt_is_said_in_one_line(target, options, message):
    with pytest.raises(TableError, match=message) as caught:
        infer(Table(COLUMNS), target, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_table_lines_up_in_both_languages(lang):
    table = Table({**COLUMNS, "年齢（満）": np.arange(N) % 7 * 1.5})
    lines = infer(table, "survived").table(lang).splitlines()
    first = [line.split("  ")[0] for line in lines]
    starts = {
        width(line) - width(line[len(name) :].lstrip()) for line, name in zip(lines, first, strict=True)
    }
    assert len(lines) == 12 and len(starts) == 1


def test_many_columns_share_lines():
    pixels = {f"x{j}": np.zeros(N) if j < 5 else RNG.normal(size=N) for j in range(50)}
    lines = infer(Table({**pixels, "y": COLUMNS["alive"]}), "y").table("en").splitlines()
    assert [line.split("  ")[0] for line in lines] == ["column", "x0 … x4", "x5 … x49", "y"]
    assert "45 columns" in lines[2]


@pytest.mark.parametrize("far", [[1e300, 1e120, np.inf] * 20, ["1e300", "-1e120", "2e200"] * 20])
def test_a_column_of_numbers_too_large_to_learn_says_so_and_is_not_called_without_values(far):
    table = Table({"far": far, "x": np.arange(60.0) ** 2, "y": ["a", "b"] * 30})
    role = infer(table, "y")["far"]
    assert (role.role, role.reason) == ("empty", "all_beyond")
    assert role.why("en") == "every number is infinite or beyond 1e100, which cannot be learnt"
    with pytest.raises(TableError, match="'far' of the table cannot be numeric: every number is infinite"):
        infer(table, "y", numeric=["far"])


def test_complex_numbers_are_refused_with_the_name_of_their_column():
    with pytest.raises(TableError, match="column 'wave' holds complex numbers") as told:
        Table({"wave": np.array([1 + 2j, 3.0])})
    assert "'wave' は複素数です" in told.value.text("ja")


def test_dicts_of_rows_are_a_table_whose_gaps_have_no_value():
    table = Table.from_frame([{"town": "Nara", "size": 3}, {"size": None, "town": "Uji"}, {"town": "Uji"}])
    assert table.names == ["town", "size"] and table.column("size").missing.tolist() == [False, True, True]


def test_a_class_of_a_single_row_is_spoken_of():
    told = infer(Table({"x": np.arange(40.0) ** 2, "y": ["a", "b"] * 19 + ["a", "odd"]}), "y").notes
    assert [str(one) for one in told] == [
        "column 'y': there is one row alone of 'odd': too few to learn such a class, or to test it"
    ]
