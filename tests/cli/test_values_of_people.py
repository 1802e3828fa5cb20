"""What a user of the command line sees of cells written in an unusual way: told in training, the same in prediction."""

import csv

import numpy as np
import pytest

from tasou.cli import main

N = 60
X = [i * i % 11 for i in range(N)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASOU_LANG", "en")
    return tmp_path


def write(name, columns, encoding="utf-8"):
    with open(name, "w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def train(name, *options):
    return main(
        ["train", "--preset", "plain", name, "--epochs", "2", "--hidden", "4", "-o", "m.tasou", *options]
    )


def predicted(name, capsys, *options):
    capsys.readouterr()
    assert main(["predict", "m.tasou", name, *options]) == 0
    out, err = capsys.readouterr()
    return out.splitlines()[1:], err


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (["1,000", "2,000"], {"1000", "2000"}),
        (["△1", "1"], {"-1", "1"}),
        (["－１", "１"], {"-1", "1"}),
        (["TRUE", "false"], {"True", "False"}),
        ([str(2**53), str(2**53 + 1)], {str(2**53), str(2**53 + 1)}),
        ([str(10**24), str(10**24 + 1)], {str(10**24), str(10**24 + 1)}),
        (["1①", "２②"], {"1①", "2②"}),
        (["007", "012"], {"007", "012"}),
    ],
)
def test_predictions_and_info_name_the_classes(folder, capsys, cells, classes):
    write("a.csv", {"x": X, "y": cells * (N // 2)})
    assert train("a.csv", "--target", "y") == 0
    found, _ = predicted("a.csv", capsys)
    assert len(found) == N and set(found) <= classes
    assert main(["info", "m.tasou"]) == 0
    info = capsys.readouterr().out
    assert all(name in info for name in classes)


def test_a_class_of_stored_integers_is_exact(folder, capsys):
    ids = np.array([2**53, 2**53 + 1] * (N // 2))
    np.savez("a.npz", X=np.array(X, float)[:, None], y=ids)
    assert train("a.npz", "--target", "y") == 0
    found, _ = predicted("a.npz", capsys)
    assert set(found) <= {str(2**53), str(2**53 + 1)}


def test_rows_without_a_target_name_the_cell(folder, capsys):
    write("a.csv", {"x": X, "y": ["None", "Apnea", "Insomnia"] * (N // 3)})
    assert train("a.csv", "--target", "y") == 0
    out = capsys.readouterr().out
    assert "20 rows have no value of y ('None') and are left out" in out
    assert "2 classes" in out


def test_missing_says_which_texts_stand_for_no_value(folder, capsys):
    write("a.csv", {"x": X, "y": ["None", "Apnea", "NA"] * (N // 3)})
    assert train("a.csv", "--target", "y", "--missing", "") == 0
    assert "3 classes" in capsys.readouterr().out
    found, err = predicted("a.csv", capsys)
    assert set(found) <= {"None", "Apnea", "NA"} and "the target y in 60 rows" in err
    assert train("a.csv", "--target", "y", "--missing", "NA,-") == 0
    assert "20 rows have no value of y ('NA')" in capsys.readouterr().out


def test_decimal_comma_by_hand(folder, capsys):
    write("a.csv", {"x": [f"{1000 + 7 * i:,}" for i in range(N)], "y": ["a", "b"] * (N // 2)})
    assert train("a.csv", "--target", "y", "--decimal", ",") == 0
    assert "1 to 1.413" in capsys.readouterr().out


def test_a_name_typed_on_a_mac_is_found(folder, capsys):
    write("a.csv", {"サイス\u3099": X, "テ\u3099ータ": ["a", "b"] * (N // 2)})
    assert train("a.csv", "--target", "データ") == 0
    write("b.csv", {"サイズ": X})
    assert len(predicted("b.csv", capsys)[0]) == N


def test_categories_are_the_same_as_whole_or_as_broken_numbers(folder, capsys):
    columns = {"c": ["1", "2", "3"] * (N // 3), "z": X, "y": [i % 3 + i / 9 for i in range(N)]}
    write("a.csv", columns)
    write("b.csv", {**columns, "c": [f"{cell}.0" for cell in columns["c"]]})
    for trained, other in (("a.csv", "b.csv"), ("b.csv", "a.csv")):
        assert train(trained, "--target", "y", "--categorical", "c") == 0
        assert predicted(trained, capsys)[0] == predicted(other, capsys)[0]


def test_an_infinite_target_is_left_out_and_told(folder, capsys):
    y = np.array([i % 7 + i / 9 for i in range(N)])
    y[5] = np.inf
    np.savez("a.npz", X=np.array(X, float)[:, None], y=y)
    assert train("a.npz", "--target", "y") == 0
    out = capsys.readouterr().out
    assert "1 row has no value of y and is left out" in out
    assert "column 'y': 1 cell is infinite or beyond 1e100 (row 6): taken as missing" in out
    assert len(predicted("a.npz", capsys)[0]) == N


def test_what_is_left_out_is_told_in_japanese_too(folder, capsys):
    write("a.csv", {"x": ["x" if i == 7 else str(i * 7 % 50) for i in range(N)], "y": ["a", "b"] * (N // 2)})
    assert train("a.csv", "--target", "y", "--lang", "ja") == 0
    assert "注：列 'x'：秘匿などを表す 1 セル（x、9 行目）は欠損とみなします" in capsys.readouterr().out


def test_a_class_that_training_has_not_seen_is_told_where_predictions_are_scored(folder, capsys):
    write("a.csv", {"x": X, "y": ["a", "b"] * (N // 2)})
    assert train("a.csv", "--target", "y") == 0
    write("b.csv", {"x": [1, 2], "y": ["a", "maybe"]})
    found, err = predicted("b.csv", capsys)
    assert len(found) == 2
    assert "note: the predictions cannot be scored: b.csv, line 3: 'maybe' is no class of 'y'" in err
