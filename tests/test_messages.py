"""Errors and warnings: a code, its parts, and a sentence that is made where it is shown."""

from __future__ import annotations

import copy
import pickle
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from tasou.cli import main
from tasou.errors import Coded, TableError, TasouError, TasouWarning, UnknownName, warn
from tasou.language import LANGUAGE, language, use
from tasou.messages import Message

LACKS = Message(
    "test.lacks",
    en="{source} lacks the {columns:column|columns} {columns:names}{hint}",
    ja="{source} に列 {columns:names} がありません{hint}",
)
HINT = Message("test.hint", en=": add {n}", ja="。{n} を加えてください")


def lacks() -> TableError:
    return TableError(LACKS, source=Path("a.csv"), columns=["x", "y"], hint=HINT(n=np.int64(2)))


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("TASOU_LANG", "ja")


def test_an_error_is_english_unless_asked_whatever_the_environment():
    assert str(lacks()) == "a.csv lacks the columns 'x', 'y': add 2"
    with use("ja"):
        assert str(lacks()) == "a.csv に列 'x'、'y' がありません。2 を加えてください"
    with use("en"):
        assert language() == "en"


def test_an_error_can_be_told_in_either_language():
    error = lacks()
    assert error.text("ja") == error.text() == "a.csv に列 'x'、'y' がありません。2 を加えてください"
    assert error.text("en") == error.text("fr") == str(error)


def test_programs_see_a_code_and_plain_parts():
    error = lacks()
    assert error.code == "test.lacks"
    assert error.parts["source"] == "a.csv"
    assert error.parts["columns"] == ["x", "y"]
    assert type(error.parts["hint"].parts["n"]) is int
    assert repr(error) == """TableError("a.csv lacks the columns 'x', 'y': add 2")"""


def test_an_error_that_another_tells_of_is_told_in_the_same_language():
    outer = TasouError(Message("test.outer", en="file: {reason}", ja="ファイル：{reason}"), reason=lacks())
    assert outer.text("ja").endswith("2 を加えてください")
    assert outer.text("en").endswith("add 2")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
@pytest.mark.parametrize(
    "make", [lacks, lambda: UnknownName("loss", "mes", ["mse"]), lambda: TasouError("plain text")]
)
def test_a_copy_says_the_same(make, again):
    error = make()
    error.add_note("a note")
    twin = again(error)
    assert type(twin) is type(error)
    assert (twin.code, twin.parts, twin.args) == (error.code, error.parts, error.args)
    assert (twin.text("ja"), twin.text("en")) == (error.text("ja"), error.text("en"))
    assert twin.__notes__ == ["a note"]


def test_an_error_in_another_process_is_told_here_in_the_language_spoken_here():
    with ProcessPoolExecutor(1, get_context("spawn")) as pool, pytest.raises(UnknownName) as caught:
        pool.submit(language, "fr").result()
    assert str(caught.value) == "unknown language 'fr' (known: en, ja)"
    assert caught.value.text("ja") == "言語 'fr' はありません（使えるもの：en、ja）"


def test_what_cannot_be_stored_is_kept_as_it_is_written():
    class Odd:
        def __repr__(self):
            return "<odd>"

    error = TasouError(Message("test.odd", en="got {thing!r}, {thing}", ja="{thing!r}"), thing=Odd())
    assert str(pickle.loads(pickle.dumps(error))) == "got <odd>, <odd>"


def test_a_class_of_the_users_own_takes_a_plain_text():
    class Mine(TasouError):
        def __init__(self, n: int) -> None:
            super().__init__(f"{n} {{braces}}")

    assert (str(Mine(3)), Mine(3).text("ja"), Mine(3).code) == ("3 {braces}", "3 {braces}", "plain")
    assert str(TasouError()) == ""


def test_a_choice_for_the_process_holds_in_its_threads_and_one_for_a_block_in_its_own_alone():
    def elsewhere() -> str:
        heard = []
        thread = threading.Thread(target=lambda: heard.append(str(lacks())))
        thread.start()
        thread.join()
        return heard[0]

    with use("ja"):
        assert elsewhere().startswith("a.csv lacks")
    try:
        use("ja")
        assert elsewhere().startswith("a.csv に")
        with use("en"):
            assert language() == "en"
            assert elsewhere().startswith("a.csv に")
        assert str(lacks()).startswith("a.csv に")
    finally:
        use(None)
    assert str(lacks()).startswith("a.csv lacks")


def test_a_language_that_is_not_spoken_changes_nothing():
    with pytest.raises(UnknownName, match="unknown language 'fr'"):
        use("fr")
    assert str(UnknownName(LANGUAGE, "fr", ["en"])) == "unknown language 'fr' (known: en)"
    assert UnknownName(LANGUAGE, "ej", ["ja"]).text("ja") == "言語 'ej' はありません（使えるもの：ja）"


def test_a_warning_has_a_code_too_and_points_at_who_called():
    class Old(Coded, FutureWarning):
        pass

    with warnings.catch_warnings(record=True, action="always") as caught:
        warn(HINT, n=1)
        warn(HINT, Old, n=2)
        with use("ja"):
            warn(HINT, n=3)
    assert [w.message.code for w in caught] == ["test.hint"] * 3
    assert [w.category for w in caught] == [TasouWarning, Old, TasouWarning]
    assert [str(w.message) for w in caught[:2]] == [": add 1", ": add 2"]
    assert caught[2].message.text("ja") == "。3 を加えてください"
    assert {w.filename for w in caught} == {__file__}


def test_the_command_line_speaks_the_users_language_and_leaves_ours_alone(capsys, monkeypatch):
    assert main(["train", "nowhere.csv", "--target", "y", "--lang", "en"]) == 2
    assert capsys.readouterr().err == "tasou: error: no such file: nowhere.csv\n"
    assert str(lacks()).startswith("a.csv lacks")
    assert language() == "ja"
