"""JSON Lines, Arrow, spreadsheets, SQLite: the same table as from CSV, and one clear line where it is none."""

import datetime
import io
import json
import sqlite3
import zipfile

import numpy as np
import pytest
from tests.tables.workbooks import xlsx

from tasou.errors import TableError
from tasou.tables import read
from tasou.tables.written import written


def refused(path, **options):
    with pytest.raises(TableError) as caught:
        read(path, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_json_lines(tmp_path):
    lines = ['{"年齢": 31, "id": "007", "w": 1.50}', "", '{"年齢": null, "new": true, "w": 1e3}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    table = read(tmp_path / "a.jsonl")
    assert table.names == ["年齢", "id", "w", "new"]
    assert [table[name].tolist() for name in table.names] == [
        ["31", ""],
        ["007", ""],
        ["1.50", "1e3"],
        ["", "true"],
    ]
    assert table.where(1) == "line 3"


def test_json_lines_whose_keys_begin_late_keep_their_rows(tmp_path):
    rows = [{"x": i} | ({"late": i} if i >= 7_000 else {}) for i in range(12_000)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    late = read(tmp_path / "a.jsonl").column("late")
    assert late.missing.sum() == 7_000 and late.cell(7_000) == "7000" and late.cell(11_999) == "11999"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[1]", "line 2: not a JSON object"),
        ('{"x": 1', "line 2: not a JSON object"),
        ('{"x": [1]}', "line 2: 'x' holds a list or an object"),
        ('{"x": 1, "x": 2}', "line 2: the key 'x' stands twice"),
        ('{"x": "a\\u0000b"}', "line 2: 'x' holds a zero byte"),
    ],
)
def test_bad_json_lines_are_refused_with_their_line(tmp_path, line, message):
    (tmp_path / "a.jsonl").write_text('{"x": 1}\n' + line + "\n")
    assert message in refused(tmp_path / "a.jsonl")


def test_json_lines_called_csv_are_refused_by_their_name(tmp_path):
    (tmp_path / "a.csv").write_text('{"x": 1}\n{"x": 2}\n')
    assert "is JSON Lines" in refused(tmp_path / "a.csv")
    assert read(io.BytesIO(b'{"x": 1}\n{"x": 2}\n'))["x"].tolist() == ["1", "2"]


def arrow_table():
    pyarrow = pytest.importorskip("pyarrow")
    moments = [datetime.datetime(2024, 3, 1), None, datetime.datetime(2024, 3, 1, 12, 30)]
    return pyarrow.table(
        {
            "id": pyarrow.array([2**53, None, 2**53 + 1]),
            "when": pyarrow.array(moments, pyarrow.timestamp("ns")),
            "zone": pyarrow.array(moments, pyarrow.timestamp("ns", tz="Asia/Tokyo")),
            "day": pyarrow.array([datetime.date(2024, 3, 1)] * 3),
            "amount": [1234567.891, None, 3.0],
            "text": ["a", None, "a"],
            "flag": [True, False, None],
            "coded": pyarrow.array(["x", "y", "x"]).dictionary_encode(),
        }
    )


@pytest.mark.parametrize("format", ["parquet", "feather"])
def test_arrow_columns_keep_every_digit(tmp_path, format):
    table, path = arrow_table(), tmp_path / f"a.{format}"
    if format == "parquet":
        pytest.importorskip("pyarrow.parquet").write_table(table, path)
    else:
        pytest.importorskip("pyarrow.feather").write_feather(table, path)
    found = read(path)
    assert {name: written(found.column(name)) for name in found.names} == {
        "id": ["9007199254740992", "", "9007199254740993"],
        "when": ["2024-03-01T00:00:00", "", "2024-03-01T12:30:00"],
        "zone": ["2024-03-01T09:00:00", "", "2024-03-01T21:30:00"],
        "day": ["2024-03-01"] * 3,
        "amount": ["1234567.891", "", "3"],
        "text": ["a", "", "a"],
        "flag": ["True", "False", ""],
        "coded": ["x", "y", "x"],
    }
    assert found.column("id").missing.tolist() == [False, True, False]


def test_frames_keep_integers_exact_where_some_are_missing():
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    from tasou.tables import Table

    ids = [2**53 + 1, None]
    for frame in (pandas.DataFrame({"id": pandas.array(ids, "Int64")}), polars.DataFrame({"id": ids})):
        column = Table.from_frame(frame).column("id")
        assert written(column) == ["9007199254740993", ""] and column.missing.tolist() == [False, True]


def test_a_damaged_feather_file(tmp_path):
    pytest.importorskip("pyarrow")
    (tmp_path / "a.feather").write_bytes(b"ARROW1no")
    assert refused(tmp_path / "a.feather").startswith("a.feather is not a readable Feather file")
    (tmp_path / "b.feather").write_bytes(b"a,b\n")
    assert refused(tmp_path / "b.feather") == "b.feather is not a Feather file, whatever its name says"


ROWS = [["size", "年", "ok"], [1.5, 2020, True], [None, 2021, False], [], ["x", 2022, True]]


def test_a_sheet_of_a_workbook(tmp_path):
    pytest.importorskip("python_calamine")
    xlsx(tmp_path / "a.xlsx", first=[["n"], [1]], 表=ROWS)
    table = read(tmp_path / "a.xlsx", sheet="表")
    assert {name: table[name].tolist() for name in table.names} == {
        "size": ["1.5", "", "x"],
        "年": ["2020", "2021", "2022"],
        "ok": ["TRUE", "FALSE", "TRUE"],
    }
    assert table.where(2) == "line 5" and not table.notes
    assert read(tmp_path / "a.xlsx", sheet="2").names == table.names
    first = read(tmp_path / "a.xlsx")
    assert first.names == ["n"] and "the first is read (--sheet" in first.notes[0].text("en")
    assert "has no sheet 'no'; it has 'first', '表'" in refused(tmp_path / "a.xlsx", sheet="no")


def test_a_title_above_a_sheet_and_merged_header_cells(tmp_path):
    pytest.importorskip("python_calamine")
    rows = [["売上表"], [], ["地域", "2020", None], [None, "男", "女"], ["北", 1, 2], ["南", 3, 4]]
    xlsx(tmp_path / "a.xlsx", s=rows)
    assert "row 1 holds one cell only; if it is a title, say --header-rows 2" in refused(tmp_path / "a.xlsx")
    table = read(tmp_path / "a.xlsx", header_rows=3, names_row=(2, 3))
    assert table.names == ["地域", "2020 男", "2020 女"] and len(table) == 2


MANIFEST = "oasis:names:tc:opendocument:xmlns:manifest:1.0"


def test_an_opendocument_sheet(tmp_path):
    pytest.importorskip("python_calamine")
    spaces = "".join(
        f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text")
    )

    def cells(row):
        for value in row:
            kind = "string" if isinstance(value, str) else "float"
            number = "" if isinstance(value, str) else f' office:value="{value}"'
            yield (
                f'<table:table-cell office:value-type="{kind}"{number}><text:p>{value}</text:p></table:table-cell>'
            )

    rows = "".join(
        f"<table:table-row>{''.join(cells(r))}</table:table-row>" for r in (["a", "b"], [1, "x"], [2.5, "y"])
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest xmlns:manifest='urn:{MANIFEST}'/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="s">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    table = read(tmp_path / "a.ods")
    assert table["a"].tolist() == ["1", "2.5"] and table["b"].tolist() == ["x", "y"]


def test_a_missing_library_is_one_line_that_says_how_to_install_it(tmp_path, monkeypatch):
    xlsx(tmp_path / "a.xlsx", s=ROWS)
    monkeypatch.setattr("tasou.tables.workbook.find_spec", lambda _: None)
    assert "pip install tasou[excel]" in refused(tmp_path / "a.xlsx")
    monkeypatch.setattr("tasou.tables.parquet.find_spec", lambda _: None)
    (tmp_path / "a.feather").write_bytes(b"ARROW1")
    assert "pip install tasou[parquet]" in refused(tmp_path / "a.feather")


def test_a_damaged_workbook_and_a_zip_of_something_else(tmp_path):
    pytest.importorskip("python_calamine")
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0no")
    assert (
        refused(tmp_path / "a.xls") == "a.xls is not a readable spreadsheet file: is it damaged, or cut off?"
    )
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    assert "is a zip archive: take the data file out" in refused(tmp_path / "b.zip")


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute('CREATE TABLE "my ""rows" (id INTEGER, name TEXT, amount REAL)')
    rows = [(2**60 + 1, "007", 1.5), (2, None, None), (3, "x", 1e300)]
    connection.executemany('INSERT INTO "my ""rows" VALUES (?, ?, ?)', rows)
    connection.commit()
    connection.close()
    return path


def test_a_table_or_a_query_of_an_sqlite_file(database):
    table = read(database)
    assert table.names == ["id", "name", "amount"]
    assert table["id"].tolist() == ["1152921504606846977", "2", "3"]
    assert table["name"].tolist() == ["007", "", "x"] and table["amount"].tolist() == ["1.5", "", "1e+300"]
    assert read(database, table='my "rows').names == table.names
    found = read(database, query='SELECT id, id AS id, upper(name) AS n FROM [my "rows] WHERE id < 3')
    assert found.names == ["id", "id_2", "n"] and len(found) == 1 and found.where(0) == "row 1"


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH 'other.db' AS o",
        'DELETE FROM [my "rows]',
        "CREATE TABLE t (x)",
        "PRAGMA writable_schema = ON",
        "SELECT load_extension('x')",
        "VACUUM INTO 'copy.db'",
        "SELECT 1; DROP TABLE t",
        "SELEC 1",
        "",
    ],
)
def test_a_query_can_only_select_and_nothing_is_written(database, tmp_path, query, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = database.read_bytes()
    assert refused(database, query=query or "-- nothing").startswith("a.db: ")
    assert database.read_bytes() == before and [path.name for path in tmp_path.iterdir()] == ["a.db"]


def test_an_sqlite_file_that_does_not_say_which_table(database):
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE other (x BLOB)")
        connection.execute("INSERT INTO other VALUES (x'00')")
    connection.close()
    assert "choose one with --table, or ask with --query" in refused(database)
    assert "has no table 'no'" in refused(database, table="no")
    assert "row 1: column 'x' holds binary data" in refused(database, table="other")
    assert "not both" in refused(database, table="other", query="SELECT 1")


def test_changes_that_are_not_in_the_file_yet_are_not_overlooked(database):
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute('DELETE FROM "my ""rows" WHERE id = 2')
    connection.commit()
    assert "changes lie in a.db-wal still" in refused(database)
    connection.close()
    assert len(read(database)) == 2


def test_a_damaged_sqlite_file(database):
    database.write_bytes(database.read_bytes()[:50])
    assert "is not a readable SQLite file" in refused(database)


def test_a_total_row_is_told():
    rows = [f"県{i % 9},{1000 + 37 * i},{50 + i}" for i in range(47)]
    total = f"合計,{sum(1000 + 37 * i for i in range(47))},{sum(50 + i for i in range(47))}"
    text = "\n".join(["地域,人口,面積", *rows, total])
    told = [note.text("en") for note in read(io.BytesIO(text.encode())).notes]
    assert len(told) == 1 and told[0].startswith("line 49: 合計 looks like a total")
    innocent = "\n".join(["地域,人口", *rows_of(["合計", "甲", "乙", "丙"])])
    assert not read(io.BytesIO(innocent.encode())).notes


def rows_of(labels):
    rng = np.random.default_rng(0)
    return [f"{labels[i % 4]},{rng.integers(10, 20)}" for i in range(40)]
