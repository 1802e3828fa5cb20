"""Bytes to text: UTF-8, UTF-16, and the two legacy encodings that Japanese tables still come in.

The whole file is decoded strictly; nothing is ever replaced. Valid UTF-8 is UTF-8. Otherwise cp932 (Excel's
Shift_JIS) and EUC-JP are tried, and where both decode, the text that looks more like Japanese wins (`japanese`).
Western single-byte files are refused rather than guessed, and so is a zero byte, which no text has.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from tasou.errors import TableError
from tasou.messages import Message
from tasou.tables import japanese

ZERO = Message(
    "table.zero_byte",
    en="{source}, line {line}: a zero byte, which no text file holds; take it out (or is this no text file?)",
    ja="{source} の {line} 行目にゼロバイト（NUL）があります。取り除いてください"
    "（テキストファイルではない可能性もあります）",
)
UNDECODABLE = Message(
    "table.undecodable",
    en="{source}: byte 0x{byte:02x} at offset {offset} (line {line}) is not {encoding}{hint}",
    ja="{source}：位置 {offset}（{line} 行目）のバイト 0x{byte:02x} は {encoding} ではありません{hint}",
)
NAME_IT = Message(
    "table.name_the_encoding",
    en="; name the encoding if it is another one (--encoding cp1252)",
    ja="。ほかの文字コードなら指定してください（例：--encoding cp1252）",
)
UNKNOWN = Message(
    "table.unknown_encoding",
    en="unknown encoding {encoding!r}: try utf-8, utf-16, cp932, euc-jp or cp1252",
    ja="文字コード {encoding!r} はありません。utf-8、utf-16、cp932、euc-jp、cp1252 などを指定してください",
)

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_JAPANESE = {"cp932": ("cp932",), "euc-jp": ("euc_jp", "euc_jis_2004")}
_STRAY = re.compile("[\x80\uf8f0-\uf8f3]")
_CHUNK = 1 << 20

# EUC-JP and cp932 share these characters but Unicode tables differ; cp932's choice lets the same file read the same.
_EUC_AS_CP932 = str.maketrans("〜‖−¢£¬—", "～∥－￠￡￢―")


def decode(data: bytes, encoding: str | None = None, source: str = "the file") -> tuple[str, str]:
    """The text of ``data`` and the name of the encoding it was read with; an explicit ``encoding`` wins.

    Raises `TableError` with the byte offset where a byte does not fit, and with the line where a zero byte stands.

    >>> decode("年齢,氏名".encode("cp932"))
    ('年齢,氏名', 'cp932')
    """
    found, name = to_utf8(data, encoding, source)
    return found.decode(), name


def to_utf8(data: bytes, encoding: str | None = None, source: str = "the file") -> tuple[bytes, str]:
    """The same text as UTF-8, without any byte order mark at its start: what tables are read from."""
    name = encoding or _marked(data) or _utf16_without_mark(data)
    if name:
        found = _strict(data, name, source)
    else:
        found, name = _guessed(data, source)
    while found.startswith(codecs.BOM_UTF8):
        found = found[3:]
    zero = found.find(b"\0")
    if zero >= 0:
        raise TableError(ZERO, source=source, line=line_at(found, zero))
    return found, name


def line_at(data: bytes, offset: int) -> int:
    r"""The line, from 1, that a byte stands on; a line ends with LF, CR LF or CR.

    >>> line_at(b"a\r\nb\rc", 5)
    3
    """
    head = data[:offset]
    return head.count(b"\n") + head.count(b"\r") - head.count(b"\r\n") + 1


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _BOMS if data.startswith(mark)), None)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 has a zero byte beside every comma, digit, blank and line end; a stray zero byte stands beside few."""
    head = data[: 1 << 16]
    if b"\0" not in head or len(data) % 2:
        return None
    best, name = max(
        (_share_beside_zeros(head[i::2], head[1 - i :: 2]), n)
        for i, n in enumerate(("utf-16-le", "utf-16-be"))
    )
    return name if best > 0.5 else None


def _share_beside_zeros(low: bytes, high: bytes) -> float:
    """Of the bytes in ``low`` that could be a comma, a digit, a blank or a line end: how many have a zero beside."""
    plain = [other == 0 for byte, other in zip(low, high, strict=True) if byte in b",;\t \r\n0123456789"]
    return sum(plain) / len(plain) if plain else 0.0


def _strict(data: bytes, encoding: str, source: str) -> bytes:
    try:
        if not codecs.lookup(encoding)._is_text_encoding:
            raise LookupError(encoding)
        return b"".join(_recoded(data, encoding))
    except UnicodeDecodeError as error:
        raise TableError(UNDECODABLE, **_place(data, error, source, encoding), hint="") from None
    except (LookupError, UnicodeError):
        raise TableError(UNKNOWN, encoding=encoding) from None


def _guessed(data: bytes, source: str) -> tuple[bytes, str]:
    if data.isascii():
        return data, "utf-8"
    try:
        for _ in _texts(data, "utf-8"):
            pass
        return data, "utf-8"
    except UnicodeDecodeError as error:
        return _japanese(data, source, error)


def _japanese(data: bytes, source: str, utf8_error: UnicodeDecodeError) -> tuple[bytes, str]:
    readings: dict[str, bytes] = {}
    failed = [(utf8_error.start, "UTF-8", utf8_error)]
    for name, codec_names in _JAPANESE.items():
        found = [_attempt(data, codec, name) for codec in codec_names]
        texts = [text for text in found if isinstance(text, bytes)]
        if texts:
            readings[name] = texts[0]
        else:
            failed += [(wrong.start, name, wrong) for wrong in found if isinstance(wrong, UnicodeDecodeError)]
    best = japanese.likeliest(readings)
    if best is None:
        _, nearest, farthest = max(failed, key=lambda f: f[0])
        raise TableError(UNDECODABLE, **_place(data, farthest, source, nearest), hint=NAME_IT())
    return readings[best], best


def _attempt(data: bytes, codec: str, name: str) -> bytes | UnicodeDecodeError:
    try:
        return b"".join(_recoded(data, codec, name))
    except UnicodeDecodeError as error:
        return error


def _recoded(data: bytes, codec: str, name: str = "") -> Iterator[bytes]:
    """The text as UTF-8 piece by piece, so that a large file is never held as one more text.

    Python's cp932 also lets through five bytes that no character has, which we refuse.
    """
    is_cp932 = codecs.lookup(codec).name == "cp932"
    for start, text in _texts(data, codec):
        if is_cp932 and (stray := _STRAY.search(text)):
            at = start + len(text[: stray.start()].encode(codec))
            raise UnicodeDecodeError(codec, data, at, at + 1, "no character")
        yield (text.translate(_EUC_AS_CP932) if name == "euc-jp" else text).encode()


def _texts(data: bytes, codec: str) -> Iterator[tuple[int, str]]:
    """Pieces of the text, and at which byte each begins."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    for start in range(0, max(len(data), 1), _CHUNK):
        begun = start - len(decoder.getstate()[0])
        try:
            yield begun, decoder.decode(data[start : start + _CHUNK], start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            at = begun + error.start
            raise UnicodeDecodeError(codec, data, at, at + 1, error.reason) from None


def _place(data: bytes, error: UnicodeDecodeError, source: str, encoding: str) -> dict[str, object]:
    line = line_at(data, error.start)
    return {
        "source": source,
        "byte": data[error.start],
        "offset": error.start,
        "line": line,
        "encoding": encoding,
    }
