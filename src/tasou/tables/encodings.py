"""Bytes to text: UTF-8, UTF-16, and the two legacy encodings that Japanese tables still come in.

The whole file is decoded strictly; nothing is ever replaced. Valid UTF-8 is UTF-8. Otherwise cp932 (Excel's
Shift_JIS) and EUC-JP are tried, and where both decode, the text that looks more like Japanese wins: EUC-JP read as
cp932 is full of half-width katakana and rare kanji. Western single-byte files are refused rather than guessed.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator

from tasou.errors import TableError

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_JAPANESE = {"cp932": ("cp932",), "euc-jp": ("euc_jp", "euc_jis_2004")}
_PLAUSIBLE = 0.5
_STRAY = re.compile("[\x80\uf8f0-\uf8f3]")

# EUC-JP and cp932 share these characters but Unicode tables differ; cp932's choice lets the same file read the same.
_EUC_AS_CP932 = str.maketrans("〜‖−¢£¬—", "～∥－￠￡￢―")


def decode(data: bytes, encoding: str | None = None, source: str = "the file") -> tuple[str, str]:
    """The text of ``data`` and the name of the encoding it was read with; an explicit ``encoding`` wins.

    Raises `TableError` with the byte offset where a byte does not fit.

    >>> decode("年齢,氏名".encode("cp932"))
    ('年齢,氏名', 'cp932')
    """
    name = encoding or _marked(data) or _utf16_without_mark(data)
    if name:
        return _strict(data, name, source).removeprefix("\ufeff"), name
    if b"\0" in data[:65536]:
        raise TableError(f"{source} is not a text file: it holds zero bytes")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _japanese(data, source, error)


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _BOMS if data.startswith(mark)), None)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 has a zero byte beside every comma, digit and line end: which side tells the byte order."""
    head = data[:65536]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 20 < len(head):
        return None
    if odd > 10 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 10 * odd else None


def _strict(data: bytes, encoding: str, source: str) -> str:
    try:
        return _text(data, encoding)
    except UnicodeDecodeError as error:
        raise TableError(_undecodable(data, error, source, encoding)) from None
    except (LookupError, UnicodeError):
        raise TableError(
            f"unknown encoding {encoding!r}: try utf-8, utf-16, cp932, euc-jp or cp1252"
        ) from None


def _japanese(data: bytes, source: str, utf8_error: UnicodeDecodeError) -> tuple[str, str]:
    found: list[tuple[float, str, str]] = []
    failed = [(utf8_error.start, "UTF-8", utf8_error)]
    for name, text in _candidates(data):
        if isinstance(text, UnicodeDecodeError):
            failed.append((text.start, name, text))
        else:
            found.append((plausibility(text), name, text))
    score, name, text = max(found, default=(0.0, "", ""))
    if score < _PLAUSIBLE:
        _, nearest, error = max(failed, key=lambda f: f[0])
        hint = "; name the encoding if it is another one, e.g. cp1252"
        raise TableError(_undecodable(data, error, source, nearest) + hint)
    return (text.translate(_EUC_AS_CP932) if name == "euc-jp" else text), name


def _candidates(data: bytes) -> Iterator[tuple[str, str | UnicodeDecodeError]]:
    for name, codec_names in _JAPANESE.items():
        results = [_attempt(data, codec) for codec in codec_names]
        texts = [text for text in results if isinstance(text, str)]
        yield name, texts[0] if texts else max(results, key=lambda e: e.start)  # type: ignore[union-attr]


def _attempt(data: bytes, codec: str) -> str | UnicodeDecodeError:
    try:
        return _text(data, codec)
    except UnicodeDecodeError as error:
        return error


def _text(data: bytes, codec: str) -> str:
    """Strict decoding; Python's cp932 also lets through five bytes that no character has, which we refuse."""
    text = data.decode(codec)
    stray = _STRAY.search(text) if codecs.lookup(codec).name == "cp932" else None
    if stray:
        start = len(text[: stray.start()].encode(codec))
        raise UnicodeDecodeError(codec, data, start, start + 1, "no character")
    return text


def plausibility(text: str) -> float:
    """How much like Japanese the non-ASCII characters of a text look, from -1 to 1.

    Kana, full-width signs and the 2,965 common kanji of JIS level 1 speak for it; half-width katakana and a lone
    character between Latin letters (a misread accent) speak against it.
    """
    counts = Counter(text)
    total = sum(n for character, n in counts.items() if character > "\x7f")
    good = sum(n * _plausible(character) for character, n in counts.items() if character > "\x7f")
    return (good - 2 * _between_letters(text)) / total if total else 0.0


def _plausible(character: str) -> int:
    if "\uff61" <= character <= "\uff9f":
        return -1
    if "\u3000" <= character <= "\u30ff" or "\uff01" <= character <= "\uff5e":
        return 1
    code = character.encode("euc_jp", "ignore")
    return int(len(code) == 2 and 0xA1 <= code[0] <= 0xCF)


def _between_letters(text: str) -> int:
    """How often one character stands alone between two Latin letters, as a misread accented letter does."""
    triples = zip(text, text[1:], text[2:], strict=False)
    return sum(
        b > "\x7f" and a <= "\x7f" and c <= "\x7f" and a.isalpha() and c.isalpha() for a, b, c in triples
    )


def _undecodable(data: bytes, error: UnicodeDecodeError, source: str, encoding: str) -> str:
    line = data.count(b"\n", 0, error.start) + 1
    return f"{source}: byte 0x{data[error.start]:02x} at offset {error.start} (line {line}) is not {encoding}"
