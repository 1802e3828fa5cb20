"""A table of one's own: handed in, understood, its roles changed, learnt; what is wrong with it is one sentence."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.tables.workbooks import xlsx

from tasou.errors import TableError, TasouError
from tasou.play import Session
from tasou.play.tables import Source, parse

CSV = "年齢,性別,<b>町</b>,合否\n" + "".join(
    f"{20 + i % 40},{'男女'[i % 2]},{'東西南'[i % 3]},{'合' if i % 40 > 18 else '否'}\n" for i in range(120)
)


def a_source(text: str = CSV, encoding: str = "utf-8") -> Source:
    table = parse(text.encode(encoding), "名簿.csv")
    return Source(table, table.source)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc-jp", "utf-16"])
def test_a_table_is_read_in_the_encoding_it_has(encoding: str) -> None:
    described = a_source(encoding=encoding).described("合否")
    assert [c["name"] for c in described["columns"]] == ["年齢", "性別", "<b>町</b>", "合否"]
    assert [c["role"] for c in described["columns"]] == ["numeric", "categorical", "categorical", "target"]
    assert described["task"] == "classification"
    assert described["columns"][0]["why"]["en"] != described["columns"][0]["why"]["ja"]


def test_a_workbook_of_excel_is_handed_in_like_a_csv(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    rows = [line.split(",") for line in CSV.splitlines()]
    xlsx(
        tmp_path / "a.xlsx",
        名簿=[[name.strip("<b>/") for name in rows[0]], *([int(a), *rest] for a, *rest in rows[1:])],
    )
    table = parse((tmp_path / "a.xlsx").read_bytes(), "名簿.xlsx")
    described = Source(table, table.source).described("合否")
    assert [c["role"] for c in described["columns"]] == ["numeric", "categorical", "categorical", "target"]
    assert described["rows"] == 120


def test_roles_set_by_hand_are_the_roles_that_are_learnt() -> None:
    session = Session()
    session.take(a_source())
    described = session.roles("名簿.csv", "合否", drop=["性別"], categorical=["年齢"])
    assert [c["role"] for c in described["columns"]][:2] == ["categorical", "dropped"]
    state = session.learn("名簿.csv", "合否", drop=["性別"])
    assert "性別=女" not in state["data"]["features"] and "年齢" in state["data"]["features"]
    assert state["data"]["classes"] == ["否", "合"] or state["data"]["classes"] == ["合", "否"]
    session.step(n=60, unit="epoch")
    assert session.run.curves.column("accuracy")[-1] > 0.9


def test_a_branch_of_a_table_learns_the_same_rows() -> None:
    session = Session()
    session.take(a_source())
    session.learn("名簿.csv", "年齢")
    rows = session.run.rows
    session.step(n=2, unit="epoch")
    session.branch({"lr": 0.1})
    assert session.run.rows is rows and session.run.update > 0


def test_a_plane_through_more_than_two_features_is_chosen() -> None:
    session = Session()
    session.take(a_source())
    session.learn("名簿.csv", "合否")
    for plane in ({"kind": "features", "i": 0, "j": 2}, {"kind": "pca"}):
        assert session.look(plane=plane)["plane"] == plane
        assert session.frames()[0][1]["class"].shape == (100, 100)
    for plane in (
        {"kind": "features", "i": 0, "j": 0},
        {"kind": "features", "i": 0, "j": 99},
        {"kind": "moon"},
    ):
        with pytest.raises(TasouError) as told:
            session.look(plane=plane)
        assert told.value.code == "play.no_plane"


def test_of_many_rows_a_sample_is_shown_and_all_are_learnt() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20_000, 2)).round(3)
    text = "a,b,c\n" + "\n".join(f"{x},{y},{int(x * y > 0)}" for x, y in X)
    session = Session()
    session.take(Source(parse(text.encode(), "many.csv"), "many.csv"))
    state = session.learn("many.csv", "c")
    assert state["data"]["shown"] == 2_000 and state["data"]["n"] + state["data"]["held"] == 20_000


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.csv"),
        (b"\xff\xfe\x00", "x.csv"),
        (b"PK\x03\x04rubbish", "x.xlsx"),
        (b"PAR1rubbish", "x.parquet"),
        (b"a,b\n1\n", "x.csv"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_nothing_is_lost(data: bytes, name: str) -> None:
    with pytest.raises(TableError) as told:
        parse(data, name)
    assert told.value.text("en") and told.value.text("ja")


def test_a_file_that_unpacks_to_more_than_the_memory_holds_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tasou.play import tables

    monkeypatch.setattr(tables, "MOST_UNPACKED", 1 << 16)
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as file:
        file.write(b"a,b\n" + b"1,2\n" * 100_000)
    with pytest.raises(TableError) as told:
        parse(out.getvalue(), "bomb.csv.gz")
    assert told.value.code == "play.table_too_large"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"file": "other.csv", "target": "合否"}, "play.no_table"),
        ({"file": "名簿.csv", "target": "合"}, "table.no_column"),
        ({"file": "名簿.csv", "target": "合否", "sort": ["年齢"]}, "play.one_of"),
        (
            {"file": "名簿.csv", "target": "性別", "drop": ["年齢", "<b>町</b>", "合否"]},
            "table.nothing_to_learn_from",
        ),
    ],
)
def test_what_cannot_be_learnt_is_told_and_the_run_before_goes_on(
    arguments: dict[str, Any], code: str
) -> None:
    session = Session({"data": {"name": "spiral", "n": 30}})
    session.take(a_source())
    session.step(n=3, unit="epoch")
    with pytest.raises(TasouError) as told:
        session.learn(**arguments)
    assert told.value.code == code
    assert session.run.epoch == 3


def test_digits_are_pictures_that_can_be_drawn() -> None:
    session = Session(
        {"data": {"name": "digits", "n": 300}, "recipe": {"optimizer": "adam", "lr": 0.01, "batch_size": 32}}
    )
    session.step(n=30, unit="epoch")
    row = session.row(3)["x"]
    answer = session.predict(row)
    assert len(row) == 64 and len(answer["y_hat"]) == 10 and len(answer["layers"][0]) == 10
    assert session.state()["data"]["image"] == [8, 8]
    for x in ([0.0] * 63, ["a"] * 64, None, [float("nan")] * 64):
        with pytest.raises(TasouError) as told:
            session.predict(x)
        assert told.value.code == "play.no_row"


def pictures(side: int = 28) -> bytes:
    """A file of pictures as people have them: rows of a NumPy archive, with a border that is always empty."""
    rng = np.random.default_rng(0)
    X = np.zeros((60, side, side), np.uint8)
    y = np.arange(60) % 3
    X[:, 4:-4, 4:-4] = rng.integers(0, 60, (60, side - 8, side - 8))
    X[np.arange(60), 6 + 5 * y, 8:20] = 255
    file = io.BytesIO()
    np.savez_compressed(file, X=X, y=y)
    return file.getvalue()


def test_rows_of_784_pixels_are_pictures_whole_and_from_0_to_1() -> None:
    session = Session()
    session.take(Source(parse(pictures(), "digits.npz"), "digits.npz"))
    state = session.learn("digits.npz", "y")
    run = session.run
    assert run.rows.image == (28, 28) and state["data"]["image"] == [28, 28]
    assert run.rows.X.shape[1] == 784 and (run.rows.X.min(), run.rows.X.max()) == (0.0, 1.0)
    (_, arrays), *_ = session.frames()
    W = run.network[1].W
    assert arrays["tiles"].shape == W.shape
    np.testing.assert_allclose(
        (arrays["tiles"] - 128.0) / 127, W / np.abs(W).max(1, keepdims=True), atol=0.01
    )
    session.step(n=10, unit="epoch")
    assert session.frames()[0][0]["score"] == 1.0


def test_columns_that_are_no_pixels_stay_columns() -> None:
    text = (
        ",".join([*"abcdefgh", "target"])
        + "\n"
        + "".join(f"{i},1,2,3,4,5,6,{i % 5},{i % 2}\n" for i in range(40))
    )
    session = Session()
    session.take(Source(parse(text.encode(), "t.csv"), "t.csv"))
    session.learn("t.csv", "target")
    assert session.run.rows.image is None
