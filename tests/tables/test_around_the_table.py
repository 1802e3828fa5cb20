"""What stands around the data of a text file: titles, notes, byte order marks, repeated headers, blank lines."""

import io

import numpy as np
import pytest

from tasou.errors import TableError
from tasou.tables import Preparation, infer, read
from tasou.tables.encodings import decode

DATA = "size,colour,price\n" + "".join(f"{i},{'rgb'[i % 3]},{i * 1.5}\n" for i in range(30))


def table_of(text, **options):
    return read(io.BytesIO(text if isinstance(text, bytes) else text.encode()), **options)


def refused(text, **options):
    with pytest.raises(TableError) as caught:
        table_of(text, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def notes(table):
    return [note.text("en") for note in table.notes]


def same(table, twin=DATA):
    plain = table_of(twin)
    assert table.names == plain.names
    assert all(table[name].tolist() == plain[name].tolist() for name in plain.names)


@pytest.mark.parametrize("row", [1, 31, 11_001])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_zero_byte_is_refused_with_its_line_wherever_it_stands(row, width):
    lines = [f"{i},{'xy'[i % 2] * width},{i % 2}\n" for i in range(12_000)]
    lines[row - 1] = "1,x\0y" + "z" * width + ",0\n"
    assert f"line {row + 1}: a zero byte" in refused("a,b,y\n" + "".join(lines))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_still_found(encoding):
    text = "都市,上り\n東京,上\n大阪,下\n" * 3
    assert decode(text.encode(encoding)) == (text, encoding)
    same(table_of(DATA.encode(encoding)))


def test_half_width_kana_beside_kanji_are_cp932():
    text = "県,ｹﾝ,値\r\n東京都,ﾄｳｷｮｳﾄ,1\r\n北海道,ﾎｯｶｲﾄﾞｳ,2\r\n"
    assert decode(text.encode("cp932")) == (text, "cp932")
    kana = "ﾅﾏｴ\nﾔﾏﾀﾞ ﾀﾛｳ\nｻﾄｳ ﾊﾅｺ\nﾌｼﾞﾜﾗ ｼﾞﾝ\n"
    assert decode(kana.encode("cp932")) == (kana, "cp932")


def test_a_header_in_the_middle_is_left_out_and_told():
    table = table_of("\ufeff" + DATA + "\ufeff" + DATA)
    assert len(table) == 60 and table.column("size").not_numbers.sum() == 0
    assert notes(table) == [
        "line 32 is the header again and left out",
        "a byte order mark at the start of line 32 is left out",
    ]
    assert table.where(30) == "line 33"


def test_several_header_rows_in_the_middle_are_left_out_together():
    head = "a,b\nname,size\n"
    table = table_of(head + "a,b\nx,1\n" + head + "y,2\n", header_rows=2)
    assert table["name"].tolist() == ["a", "x", "y"]
    assert notes(table) == ["lines 5, 6 are the header again and left out"]


def test_byte_order_marks_are_no_text():
    table = table_of("\ufeff\ufeffx,k\n0,a\n\ufeff3,b\n")
    assert table.names == ["x", "k"] and table["x"].tolist() == ["0", "3"]
    assert notes(table) == ["a byte order mark at the start of line 3 is left out"]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|", ":", "・"])
def test_the_line_sep_is_obeyed_and_no_data(mark):
    table = table_of(f"sep={mark}\n" + DATA.replace(",", mark))
    same(table)
    assert table.where(0) == "line 3"


@pytest.mark.parametrize(
    ("above", "rows"),
    [
        ("売上表\n\n", 2),
        ("# exported\n# units: cm\n", 3),
        ("A report, made today\nby me\n", 3),
        ("売上表,,\n\n", 2),
    ],
)
def test_a_title_above_the_header_is_read_with_the_rows_that_the_error_names(above, rows):
    with pytest.raises(TableError, match=rf"header.rows:? {rows}|are there {rows} header rows"):
        infer(table_of(above + DATA), "price")
    same(table_of(above + DATA, header_rows=rows))


STATIONS = (
    "made 2024/05/01\n\n,East,East,West\nday,T(C),T(C),T(C)\n,,quality,\n"
    "2024/1/1,5.0,8,6.0\n2024/1/2,7.3,8,8.3\n"
)


def test_several_header_rows_make_one_name():
    assert "--header-rows 4" in refused(STATIONS)
    table = table_of(STATIONS, header_rows=4, names_row=(2, 3, 4))
    assert table.names == ["day", "East T(C)", "East T(C) quality", "West T(C)"]
    assert table.where(0) == "line 6"


def test_merged_header_cells_go_on_to_the_right():
    text = "地域,2020年,,2021年,\n,男,女,男,女\n北,1,2,3,4\n南,5,6,7,8\n"
    names = table_of(text, header_rows=2, names_row=(1, 2)).names
    assert names == ["地域", "2020年 男", "2020年 女", "2021年 男", "2021年 女"]


def test_a_file_to_predict_with_header_rows_is_told_how_to_be_read():
    text = "地域,2020年,,2021年,\n,男,女,男,女\n" + "".join(f"北{i},1{i},2,3{i % 3},4\n" for i in range(9))
    table = table_of(text, header_rows=2, names_row=(1, 2))
    preparation = Preparation.fit(table, infer(table))
    with pytest.raises(
        TableError, match=r"line 2 holds such names: are there 2 header rows\? \(--header-rows 2\)"
    ):
        preparation.transform(table_of(text))


def test_a_note_below_the_table_is_refused_with_its_line():
    assert "line 33 has 1 field, the header 3: a note below the table?" in refused(DATA + "\n注：税込み。\n")


def test_equal_names_are_numbered_and_told_but_are_no_target():
    table = table_of("id,name,name,name_2\n1,a,3,4\n2,b,4,5\n")
    assert table.names == ["id", "name", "name_3", "name_2"]
    assert notes(table) == ["the name 'name' stands 2 times (columns 2, 3): the later ones are called name_3"]
    with pytest.raises(TableError, match=r"the name 'name' stands above several columns \(2, 3\)"):
        infer(table, "name")


def test_columns_aligned_with_blanks_are_refused_and_read_if_asked():
    text = "size  colour  price\n1     red      1.5\n22    sky blue 3.0\n".replace("sky blue", '"sky blue"')
    text = text.replace('"', "").replace("sky blue", "blue    ")
    assert "--delimiter ' '" in refused(text)
    assert table_of(text, delimiter=" ")["colour"].tolist() == ["red", "blue"]
    assert "--delimiter ' '" in refused("a b\n1 2\n3 4\n")
    assert table_of("full name\nJane Doe\nJohn Roe\n").names == ["full name"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<!DOCTYPE html>\n<html>\n", "HTML"),
        (" <html><body><table>", "HTML"),
        ('<?xml version="1.0"?><a/>', "XML"),
        ('[{"x":1,"y":0},\n{"x":2,"y":1}]', "JSON"),
        ("[[1,2],[3,4]]", "JSON"),
        ("% a comment\n@RELATION weather\n@attribute x numeric\n", "ARFF"),
        ("1 1:0.5 3:2\n-1 2:1\n", "LibSVM"),
    ],
)
def test_what_is_no_table_is_refused_by_the_name_of_its_format(text, name):
    assert f"is {name}, not a table" in refused(text)


@pytest.mark.parametrize("blank", ["   \n", "\t\t\n", "　\n", "\n\n", "  "])
def test_a_blank_last_line_is_ignored(blank):
    same(table_of(DATA + blank))


def test_a_quote_inside_a_quoted_field_is_refused_with_its_line():
    text = 'size,desc\n1,pipe\n2,"5" pipe"\n'
    assert "line 3: a quote stands inside a quoted field" in refused(text)


def test_names_are_compared_as_they_look():
    table = table_of("サイス\u3099,テ\u3099ータ\n1,2\n")
    assert table.names == ["サイズ", "データ"]
    assert "データ" in table and "テ\u3099ータ" in table and table["テ\u3099ータ"].tolist() == ["2"]


def test_in_one_column_a_blank_line_is_a_missing_value():
    table = table_of("x\n1\n\n3\n")
    assert table["x"].tolist() == ["1", "", "3"]
    table = table_of("x\n\n1\n\n\n")
    assert table["x"].tolist() == ["", "1"] and notes(table) == ["2 blank lines at the end are left out"]


def test_a_file_is_read_alike_in_one_piece_and_row_by_row():
    rng = np.random.default_rng(0)
    rows = [f"{i},{rng.normal():.3f},{'東京' if i % 3 else ''},00{i}\r\n" for i in range(40_000)]
    plain = table_of("a,b,c,d\r\n" + "".join(rows))
    odd = table_of("a,b,c,d\r\n" + "\r\n".join([rows[0], *rows[1:]]).replace("東京", '"東京"'))
    assert len(plain) == len(odd) == 40_000
    assert all(plain[name].tolist() == odd[name].tolist() for name in "abcd")
    assert plain.where(39_999) == "line 40001" and odd.where(2) == "line 6"
    assert np.array_equal(plain.column("b").numbers, [float(row.split(",")[1]) for row in rows])
