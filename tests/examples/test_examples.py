"""Example tables: the same cells on every machine, and something to be learnt from them."""

from __future__ import annotations

import hashlib
import io
import re

import pytest

from tasou import examples
from tasou.cli import main
from tasou.errors import TasouError, UnknownName
from tasou.tables import infer, read

DIGESTS = {"customers": "4627be6a7ce2", "flats": "01e5d93f252c", "icecream": "c710c210531f"}


@pytest.mark.parametrize("name", examples.names())
def test_the_cells_are_the_same_on_every_machine(name):
    text = examples.make(name, 50).csv()
    assert hashlib.sha256(text.encode()).hexdigest()[:12] == DIGESTS[name]


@pytest.mark.parametrize("name", examples.names())
def test_every_example_knows_its_target_and_says_what_it_is(name):
    example = examples.make(name, 40)
    assert infer(read(io.BytesIO(example.csv().encode())), example.target).target == example.target
    for texts in (example.title, example.about):
        assert (re.search("[ぁ-んァ-ヶ一-龠]", texts["ja"]) and texts["en"].isascii()) or "²" in texts["en"]
    assert example.target not in example.csv(target=False).splitlines()[0].split(",")


def test_another_seed_gives_other_rows():
    assert examples.make("flats", 5).csv() != examples.make("flats", 5, seed=1).csv()


def test_what_is_not_there_is_told():
    with pytest.raises(UnknownName, match="did you mean 'icecream'"):
        examples.make("icecrem")
    with pytest.raises(TasouError, match="at least 1 row"):
        examples.make("flats", 0)


@pytest.mark.parametrize("name", examples.names())
def test_train_learns_an_example_by_its_name(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["train", "--preset", "plain", "--example", name, "--epochs", "30", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert f"{name}.csv" in out and (tmp_path / f"{name}.tasou").exists()
    assert "no better than the baseline" not in out


def test_a_file_and_an_example_at_once_or_neither_is_told(capsys):
    assert main(["train", "--preset", "plain", "--lang", "ja"]) == 2
    assert main(["train", "--preset", "plain", "a.csv", "--example", "flats", "--lang", "en"]) == 2
    assert "an example table" in capsys.readouterr().err


def test_the_list_of_examples_says_what_is_in_them(capsys):
    assert main(["example", "--lang", "ja"]) == 0
    assert "アイス" not in capsys.readouterr().err
