"""Files to tables: formats, headers, delimiters; and one clear line for everything that can be wrong."""

import csv
import gzip
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasou.errors import TableError, UnknownName
from tasou.messages import Message
from tasou.tables import Table, aligned, read


def table_of(text, **options):
    return read(io.BytesIO(text.encode()), **options)


@given(st.lists(st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\0"))] * 3), min_size=1))
def test_whatever_csv_writes_is_read_back(rows):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *rows])
    table = table_of(text.getvalue(), encoding="utf-8", delimiter=",")
    assert [tuple(row) for row in zip(*(table[n] for n in "abc"), strict=True)] == rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter):
    rows = [["name", "note"], ["x", '"a,b;c"'], ["y", "1"]]
    assert table_of("\r\n".join(delimiter.join(row) for row in rows)).names == ["name", "note"]


def test_quotes_line_breaks_and_blank_lines_keep_line_numbers():
    table = table_of('a,b\n"x\ny",1\n\n"say ""hi""",2\n')
    assert table["a"].tolist() == ["x\ny", 'say "hi"']
    assert [table.where(row) for row in (0, 1)] == ["line 2", "line 5"]
    assert table.take(np.array([1])).where(0) == "line 5"


def test_header_rows():
    text = "A1,A2\n2020,2021\nname,size\nx,1\n"
    assert table_of(text, header_rows=3).names == ["name", "size"]
    assert table_of(text, header_rows=3, names_row=1).names == ["A1", "A2"]
    assert table_of("1,2\n3,4\n", header_rows=0).names == ["x0", "x1"]
    with pytest.raises(TableError, match="between 1 and header_rows"):
        table_of(text, header_rows=2, names_row=3)


def test_a_name_that_sits_in_a_second_header_row_is_found():
    with pytest.raises(TableError, match="no column 'size', but line 3 does: are there 3 header rows"):
        table_of("A1,A2\n2020,2021\nname,size\nx,1\n").column("size")


def test_gzip(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("年齢,b\n1,2\n".encode("cp932")))
    assert read(path).names == ["年齢", "b"]


def test_npz(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.arange(8).reshape(2, 2, 2), y=np.array(["p", "q"]))
    table = read(tmp_path / "a.npz")
    assert table.names == ["x0", "x1", "x2", "x3", "y"]
    assert table["x3"].tolist() == [3, 7] and table["y"].tolist() == ["p", "q"]


@pytest.mark.parametrize("array", [None, np.arange(3)], ids=["pickle", "npy"])
def test_what_is_no_npz_is_not_advised_to_be_opened_unsafely(tmp_path, array):
    with open(tmp_path / "a.npz", "wb") as file:
        np.save(file, array) if array is not None else file.write(b"\x80\x04N.")
    with pytest.raises(TableError, match=r"a\.npz is not an NPZ file: numpy\.savez makes one"):
        read(tmp_path / "a.npz")


def test_a_name_of_several_lines_takes_one_when_it_is_shown():
    assert aligned([("a\nb", "c"), ("d", "e")]) == "a b  c\nd    e"


def test_npz_pickles_stay_closed(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.array([{}], dtype=object))
    with pytest.raises(TableError, match=r"a\.npz is not an NPZ file of plain arrays"):
        read(tmp_path / "a.npz")


def test_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {"n": [1, None, 3], "s": ["a", None, "b"], "b": [True, False, None]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    table = read(tmp_path / "a.parquet")
    assert table.column("n").missing.tolist() == [False, True, False]
    assert table.column("s").distinct.texts == ["a", "", "b"]
    assert table.column("b").distinct.texts == ["True", "False", ""]


def test_frames_read_the_same():
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    data = {"n": [1.5, None], "s": ["a", None], "d": ["2024-03-01", "2024-03-02"]}
    frames = (pandas.DataFrame(data), polars.DataFrame(data), polars.DataFrame(data).to_arrow(), data)
    for frame in frames:
        table = Table.from_frame(frame)
        assert table.names == ["n", "s", "d"]
        np.testing.assert_array_equal(table.column("n").numbers, [1.5, np.nan])
        assert table.column("s").missing.tolist() == [False, True]
        assert str(table.column("d").dates[1]) == "2024-03-02T00:00:00"


BAD = {
    "is empty": b"",
    "t is empty": b" \n\n",
    "t has no data: only 1 header row": b"a,b\n",
    "t, line 3: 3 fields where the header has 2 \\(and 1 more row\\)": b"a,b\n1,2\n1,2,3\n4\n",
    "t, line 2: the file ends inside a quoted field": b'a,b\n"1,2\n',
    "t, line 2: a field is larger than 131,072": b"a,b\n" + b"1" * 140_000 + b",2\n",
    "t, line 1: a zero byte, which no text file holds": b"\x89PNG\0\0\0\rIHDR",
    "t is a zip archive": b"PK\x03\x04rest",
    "t is a damaged gzip file": b"\x1f\x8bno",
    "t is not a readable Parquet file": b"PAR1no",
}


@pytest.mark.parametrize("message", BAD)
def test_bad_content(message):
    stream = io.BytesIO(BAD[message])
    stream.name = "t"
    with pytest.raises(TableError, match=message) as caught:
        read(stream)
    assert "\n" not in str(caught.value)


def test_bad_paths(tmp_path):
    with pytest.raises(TableError, match=r"no such file: .*nowhere"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(TableError, match=r"is a directory, not a data file"):
        read(tmp_path)
    for name, message in (
        ("a.csv.gz", "not a gzip file"),
        ("a.npz", "not an NPZ"),
        ("a.parquet", "not a Parquet"),
    ):
        (tmp_path / name).write_text("a,b\n1,2\n")
        with pytest.raises(TableError, match=message):
            read(tmp_path / name)


def test_unknown_format():
    with pytest.raises(UnknownName, match="unknown format 'xls'"):
        table_of("a\n1\n", format="xls")


def test_columns_of_unequal_length():
    with pytest.raises(TableError, match="differ in length: 'a' has 1, 'b' has 2"):
        Table({"a": [1], "b": [1, 2]})


def test_select_and_drop():
    table = Table({"a": [1], "b": [2], "c": [3]})
    assert table.select(["c", "a"]).names == ["c", "a"]
    assert table.drop("b").names == ["a", "c"]
    with pytest.raises(TableError, match="no column 'bb': did you mean 'b'"):
        table.drop("bb")


def test_a_note_is_said_once_and_kept_with_every_part_of_the_table():
    table, told = Table({"a": [1, 2]}), Message("test.note", en="{n} lines", ja="{n} 行")
    table.take(np.array([0])).note(told, n=3)
    table.select(["a"]).note(told, n=3)
    assert [note.text("en") for note in table.notes] == ["3 lines"]


def test_a_table_of_no_file_is_called_so_in_both_languages():
    with pytest.raises(TableError) as caught:
        Table({"a": [1.0, 2.0]}).column("b")
    assert caught.value.text("en") == "the table has no column 'b'; it has 'a'"
    assert "the table" not in caught.value.text("ja")
