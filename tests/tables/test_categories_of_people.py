"""Which cells are one category or class: in training and in prediction, whatever the cells are stored as."""

import json

import numpy as np
import pytest
from twins import CLASSES, N, assert_twins, learnt, roles_of, told, written

from tasou.errors import TableError
from tasou.tables import Preparation, Table, infer
from tasou.tables.spelling.categories import Levels, category

X = [i * i % 11 for i in range(N)]


@pytest.mark.parametrize(
    ("messy", "plain"),
    [
        (["1,000", "2,000", "5,000"], ["1000", "2000", "5000"]),
        (["△1", "0", "1"], ["-1", "0", "1"]),
        (["▲ 1", "0", "1"], ["-1", "0", "1"]),
        (["−1", "0", "1"], ["-1", "0", "1"]),
        (["－１", "０", "１"], ["-1", "0", "1"]),
        (["+1", "0", "2"], ["1", "0", "2"]),
        (["1.0", "2.0", "3.0"], ["1", "2", "3"]),
        (["ﾀﾞﾒ", "ダメ", "ＯＫ"], ["ダメ", "ダメ", "OK"]),
        (["カ\u3099", "ガ", "ok"], ["ガ", "ガ", "ok"]),
        (["yes　", " yes", "no"], ["yes", "yes", "no"]),
        (["TRUE", "True", "false"], ["True", "True", "False"]),
        (["t\u00a0x", "t x", "u"], ["t x", "t x", "u"]),
    ],
)
def test_classes_in_any_writing_are_their_plain_twins(messy, plain):
    a, b = ({"x": X, "y": cells * (N // 3)} for cells in (messy, plain))
    assert_twins(written(a), written(b))
    a, b = ({"x": cells * (N // 3), "y": CLASSES} for cells in (messy, plain))
    assert_twins(written(a), written(b), categorical=["x"])


def test_decimal_commas_as_classes():
    y = ["1,5", "2,5", "3"] * (N // 3)
    assert learnt(written({"x": X, "y": y}, ";"), task="classification")[2] == (1.5, 2.5, 3.0)


@pytest.mark.parametrize("y", [["yes", "YES", "No"], ["TRUE", "true", "False"]])
def test_truth_in_any_letter_case_is_one_and_told(y):
    roles = roles_of({"x": X, "y": y * (N // 3)})
    assert len(learnt(written({"x": X, "y": y * (N // 3)}))[2]) == 2
    assert repr(y[0]) in told(roles) and repr(y[1]) in told(roles) and "one category" in told(roles)


def test_the_usual_letter_case_of_yes_and_no_is_kept():
    y = ["Yes", "Yes", "No", "yes", "No", "No"] * (N // 6)
    assert learnt(written({"x": X, "y": y}))[2] == ("No", "Yes")


def test_other_words_that_differ_in_letter_case_are_kept_apart_and_told():
    y = ["Co", "CO", "x"] * (N // 3)
    assert learnt(written({"x": X, "y": y}))[2] == ("CO", "Co", "x")
    assert "'Co', 'CO' differ in letter case alone and are kept apart" in told(roles_of({"x": X, "y": y}))


def test_truth_comes_back_as_truth():
    _, _, classes, _ = learnt(written({"x": X, "y": ["TRUE", "False"] * (N // 2)}))
    assert classes == (False, True) and all(type(value) is bool for value in classes)


@pytest.mark.parametrize("text", ["1①", "２②", "①", "x²", "7³"])
def test_circled_and_raised_digits_are_no_digits(text):
    y = [text, "z"] * (N // 2)
    classes = learnt(written({"x": X, "y": y}))[2]
    assert len(classes) == 2 and all(type(value) is str for value in classes)


# --- big integers ----------------------------------------------------------------------------------------------------

BIG = [2**53, 2**53 + 1, 2**63 + 5, 10**24 + 7]


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 3)])
def test_integers_of_any_length_are_exact_classes(pair):
    values = [BIG[j] for j in pair]
    table = written({"x": X, "y": values * (N // 2)})
    preparation = Preparation.fit(table, infer(table, "y"))
    again = Preparation.from_dict(json.loads(json.dumps(preparation.to_dict())))
    assert again.goal.classes == tuple(values)
    assert again.target(table).tolist() == values * (N // 2)
    if max(values) < 2**63:
        stored = Table({"x": X, "y": np.array(values * (N // 2))})
        assert_twins(stored, table)
        assert again.target(stored).tolist() == values * (N // 2)


def test_big_integers_are_exact_categories():
    stored = Table({"x": np.array(BIG[:2] * (N // 2)), "z": X, "y": CLASSES[:1] * 7 + CLASSES[:-7]})
    roles = infer(stored, "y", categorical=["x"])
    names = Preparation.fit(stored, roles).feature_names
    assert names[:2] == [f"x={BIG[0]}", f"x={BIG[1]}"]


# --- the same category in prediction, whatever it is stored as -----------------------------------------------------

NUMBERS = {
    "texts": ["1", "2", "3"],
    "points": ["1.0", "2.0", "3.0"],
    "wide": ["１", "２", "３"],
    "integers": np.array([1, 2, 3]),
    "small": np.array([1, 2, 3], dtype=np.int8),
    "floats": np.array([1.0, 2.0, 3.0]),
    "halves": np.array([1.0, 2.0, 3.0], dtype=np.float32),
    "objects": np.array([1, 2.0, "3"], dtype=object),
}
FRACTIONS = {
    "texts": ["0.1", "0.50", "2.25"],
    "floats": np.array([0.1, 0.5, 2.25]),
    "halves": np.array([0.1, 0.5, 2.25], dtype=np.float32),
    "wide": ["０．１", "0.5", "２.２５"],
    "short": [".1", ".5", "2.250"],
}
TRUTH = {
    "texts": ["True", "False", "True"],
    "lower": ["true", "false", "true"],
    "upper": ["TRUE", "FALSE", "TRUE"],
    "bools": np.array([True, False, True]),
    "integers": np.array([1, 0, 1]),
    "floats": np.array([1.0, 0.0, 1.0]),
    "objects": np.array([True, False, True], dtype=object),
}
DATES = {
    "texts": ["2024-03-01", "2024-03-02", "2024-04-01"],
    "slashes": ["2024/3/1", "2024/3/2", "2024/4/1"],
    "kanji": ["2024年3月1日", "2024年3月2日", "2024年4月1日"],
    "dates": np.array(["2024-03-01", "2024-03-02", "2024-04-01"], dtype="datetime64[ns]"),
}
CODES = {
    "texts": ["01234", "00005", "98765"],
    "integers": np.array([1234, 5, 98765]),
    "floats": np.array([1234.0, 5.0, 98765.0]),
}


@pytest.mark.parametrize("kinds", [NUMBERS, FRACTIONS, TRUTH, DATES, CODES])
def test_a_category_is_itself_however_it_is_stored(kinds):
    for trained, cells in kinds.items():
        if kinds is CODES and trained != "texts":
            continue  # a number does not know its zeros
        table = Table({"c": np.resize(cells, N), "z": X, "y": CLASSES[:1] * 7 + CLASSES[:-7]})
        preparation = Preparation.fit(table, infer(table, "y", categorical=["c"]))
        X0 = preparation.transform(Table({"c": cells, "z": X[:3]}))
        assert len(np.unique(X0[:, :-1], axis=0)) == len(set(map(str, kinds["texts"])))
        for asked, others in kinds.items():
            new = Table({"c": others, "z": X[:3]})
            np.testing.assert_array_equal(preparation.transform(new), X0, err_msg=f"{trained} -> {asked}")
            assert preparation.unseen(new) == {}, f"{trained} -> {asked}"


def test_categories_of_pandas_in_every_type():
    pd = pytest.importorskip("pandas")
    table = Table({"c": ["1", "2", "3"] * (N // 3), "z": X, "y": CLASSES[:1] * 7 + CLASSES[:-7]})
    preparation = Preparation.fit(table, infer(table, "y", categorical=["c"]))
    frame = pd.DataFrame({"c": [1, 2, None], "z": X[:3]})
    expected = preparation.transform(Table({"c": ["1", "2", ""], "z": X[:3]}))
    for kind in ("float64", "Int64", "Float64", "object", "category", "string"):
        column = frame["c"].astype("Int64").astype(kind) if kind == "string" else frame["c"].astype(kind)
        found = preparation.transform(Table.from_frame(frame.assign(c=column)))
        np.testing.assert_array_equal(found, expected, err_msg=kind)
    truth = pd.DataFrame({"c": pd.array([True, False, None], dtype="boolean"), "z": X[:3]})
    table = Table({"c": [True, False, True] * (N // 3), "z": X, "y": CLASSES[:1] * 7 + CLASSES[:-7]})
    preparation = Preparation.fit(table, infer(table, "y", categorical=["c"]))
    expected = preparation.transform(Table({"c": ["True", "False", ""], "z": X[:3]}))
    np.testing.assert_array_equal(preparation.transform(Table.from_frame(truth)), expected)


def test_levels_of_an_older_model_that_told_spellings_apart_are_found_as_they_stand():
    levels = Levels(["1", "1.0", "Ａ", "A", "n.a."])
    assert [levels.place(text) for text in ("1", "1.0", "Ａ", "A", "n.a.", "1.00")] == [0, 1, 2, 3, 4, 0]


@pytest.mark.parametrize(
    "text", ["1E5", "007", "1.2.3", "0x10", "10%", "①", "Ⅲ", "㎏", "Straße", "a_b", "-", "1/2"]
)
def test_what_is_a_category_of_its_own_keeps_its_name(text):
    assert category(text) == text


# --- missing --------------------------------------------------------------------------------------------------------


def test_only_empty_cells_are_missing_if_so_said():
    columns = {"x": X, "y": ["None", "Apnea", "NA", "-", "", "nan"] * (N // 6)}
    table = written(columns, missing=[])
    assert learnt(table)[2] == ("-", "Apnea", "NA", "None", "nan")
    assert infer(table, "y").rows_without_target == N // 6
    table = written(columns, missing=["NA", "-"])
    assert learnt(table)[2] == ("Apnea", "None", "nan")


def test_a_level_called_na_is_found_again_in_prediction():
    columns = {"alley": ["NA", "Pave", "Grvl"] * (N // 3), "z": X, "y": CLASSES[:1] * 7 + CLASSES[:-7]}
    table = written(columns, missing=[])
    preparation = Preparation.from_dict(
        json.loads(json.dumps(Preparation.fit(table, infer(table, "y")).to_dict()))
    )
    np.testing.assert_array_equal(preparation.transform(written(columns)), preparation.transform(table))
    assert preparation.unseen(written(columns)) == {}


def test_numbers_stay_numbers_where_only_empty_cells_are_missing():
    cells = ["NA" if i % 4 == 0 else str(i) for i in range(N)]
    role = infer(written({"x": cells, "y": CLASSES}, missing=[]), "y")["x"]
    assert role.role == "numeric" and role.seen.missing == N // 4


def test_the_cells_that_stand_for_no_target_are_named():
    roles = roles_of({"x": X, "y": ["None", "a", "b", "None", "NA", "a"] * (N // 6)})
    assert (roles.rows_without_target, roles.without_target) == (N // 2, ("None", "NA"))


def test_a_class_that_training_has_not_seen_names_its_line():
    table = written({"x": X, "y": ["1", "2"] * (N // 2)})
    goal = Preparation.fit(table, infer(table, "y")).goal
    with pytest.raises(TableError, match="line 3: '3' is no class of 'y'"):
        goal.encode(written({"x": [1, 2], "y": ["1", "3"]}))
    assert goal.encode(written({"x": [1, 2], "y": ["1.0", "２"]})).tolist() == [0, 1]
