"""Thousands of columns with long names: a model of them is written and opens, or one hears of the limit first."""

import pytest

import tasou
from tasou.cli import main, train
from tasou.models import table_state

PLAIN = ("train", "--preset", "plain")

NAMES = [
    f"測定値 {j}, measured at the site number {j} on the day before, as the register has it"
    for j in range(1_500)
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASOU_LANG", "en")
    header = ",".join(f'"{name}"' for name in NAMES)
    rows = (
        ",".join(str((i * 7 + j * 13) % 31) for j in range(len(NAMES))) + f",{i % 2}\n" for i in range(30)
    )
    (tmp_path / "wide.csv").write_text(f"{header},y\n" + "".join(rows), encoding="utf-8")
    return tmp_path


@pytest.mark.apart
def test_a_model_of_thousands_of_long_names_is_written_and_opens(folder, capsys):
    assert main([*PLAIN, "wide.csv", "--target", "y", "--epochs", "1", "--hidden", "2"]) == 0
    model = tasou.load("wide.tasou")
    assert set(model.preparation.columns) <= set(NAMES) and len(model.preparation.columns) > 1_000
    assert main(["predict", "wide.tasou", "wide.csv", "-q"]) == 0


def test_the_limit_is_told_before_the_training(folder, capsys, monkeypatch):
    monkeypatch.setattr(table_state, "MAX_HEADER", 1 << 17)
    monkeypatch.setattr(train, "MANY_COLUMNS", 1_000)
    assert main([*PLAIN, "wide.csv", "--target", "y", "--hidden", "2"]) == 2
    out, err = capsys.readouterr()
    assert "rows to learn from" not in out and err.count("\n") == 1
    assert "does not fit into a file" in err and "--drop" in err
    assert not (folder / "wide.tasou").exists()
