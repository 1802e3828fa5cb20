"""Bytes to text: every encoding that Japanese tables come in, and no guess where there is none to make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasou.errors import TableError
from tasou.tables.encodings import decode

JAPANESE = "氏名,住所,備考\n山田太郎,東京都千代田区,15～64歳\n佐藤花子,大阪府堺市,ｱｲｳ なし\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932"])
def test_japanese_text_comes_back_whole(encoding):
    assert decode(JAPANESE.encode(encoding))[0] == JAPANESE


def test_big_endian_mark():
    assert decode(b"\xfe\xff" + "a,b\n".encode("utf-16-be")) == ("a,b\n", "utf-16-be")


def test_euc_jp_reads_the_same_characters_as_cp932():
    wave = JAPANESE.replace("～", "〜").encode("euc_jp")
    assert decode(wave) == (JAPANESE, "euc-jp")


def test_euc_jp_with_vendor_characters():
    assert decode("番号,値\n①,五\n".encode("euc_jis_2004")) == ("番号,値\n①,五\n", "euc-jp")


@given(st.text(alphabet=st.characters(min_codepoint=0x3041, max_codepoint=0x3093), min_size=2))
def test_kana_are_never_taken_for_the_other_encoding(text):
    for encoding, name in (("cp932", "cp932"), ("euc_jp", "euc-jp")):
        assert decode((text + ",1\n").encode(encoding)) == (text + ",1\n", name)


def test_explicit_encoding_wins():
    assert decode("é".encode("cp1252"), "cp1252") == ("é", "cp1252")
    with pytest.raises(TableError, match=r"byte 0x82 at offset 0 \(line 1\) is not utf-8"):
        decode("あ".encode("cp932"), "utf-8")


def test_western_bytes_are_refused_not_guessed():
    with pytest.raises(TableError, match=r"offset 8 .*line 2.* not UTF-8; name the encoding"):
        decode("name\nJos\xe9,1\nZo\xeb,2\n".encode("latin-1"))


def test_offset_of_a_broken_byte_in_a_legacy_file():
    good = JAPANESE.encode("cp932")
    with pytest.raises(TableError, match=rf"byte 0xff at offset {len(good)} \(line 4\) is not cp932"):
        decode(good + b"\xff,1\n")


def test_unknown_encoding():
    with pytest.raises(TableError, match="unknown encoding 'klingon'"):
        decode(b"a", "klingon")
