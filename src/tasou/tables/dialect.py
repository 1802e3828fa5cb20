"""How a text file is cut: its delimiter, Excel's first line ``sep=;``, blanks; or that it is no table at all."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from tasou.errors import TableError
from tasou.messages import Message

DELIMITERS = ",\t;|"
_SAMPLE_LINES = 50
_SAMPLE_BYTES = 1 << 16

ONE_CHARACTER = Message(
    "table.delimiter",
    en="the delimiter must be one character, not {delimiter!r}",
    ja="区切り文字は1文字にしてください（指定：{delimiter!r}）",
)
BLANKS = Message(
    "table.blanks",
    en="{source}: the columns are separated by blanks; say so with --delimiter ' ' (any run of blanks then separates)",
    ja="{source}：列が空白で区切られています。--delimiter ' ' を付けてください"
    "（連続する空白を1つの区切りとして読みます）",
)
NO_TABLE = Message(
    "table.no_table",
    en="{source} is {format}, not a table of rows and columns: {advice}",
    ja="{source} は {format} で、行と列の表ではありません。{advice}",
)
SAVE_AS_CSV = Message(
    "table.save_as_csv", en="save the data as CSV first", ja="データを CSV で保存し直してください"
)
NAME_JSONL = Message(
    "table.name_jsonl", en="name it .jsonl and it is read", ja="名前を .jsonl にすれば読めます"
)

_SEP = re.compile(rb'"?sep=([^\r\n\x80-\xff]|[\xc2-\xf4][\x80-\xbf]+)"?\r?\n', re.IGNORECASE)
_FOREIGN = (
    ("HTML", re.compile(r"<(!doctype html|html|head|body|table)\b", re.IGNORECASE)),
    ("XML", re.compile(r"<\?xml\b", re.IGNORECASE)),
    ("JSON", re.compile(r'\[\s*[\[{]\s*["\[{\d-]|\{\s*["\n]|\[\s*\]|\{\s*\}')),
    ("ARFF", re.compile(r"(%[^\n]*\n\s*)*@relation\b", re.IGNORECASE)),
    ("LibSVM", re.compile(r"[+-]?[\d.]+(,[\d.]+)*([ \t]+\d+:[+-]?[\d.eE+-]+)+[ \t]*(#[^\n]*)?(\r?\n|$)")),
)


@dataclass(frozen=True)
class Dialect:
    """How the lines of a file are cut.

    Attributes
    ----------
    delimiter
        one character
    skip_blanks
        whether blanks behind a delimiter belong to it
    """

    delimiter: str
    skip_blanks: bool = False


def sep_line(data: bytes) -> tuple[str | None, int]:
    r"""The delimiter that a first line ``sep=;`` tells, as Excel writes it, and the length of that line.

    >>> sep_line(b"sep=;\na;b\n")
    (';', 6)
    """
    match = _SEP.match(data)
    if match is None:
        return None, 0
    return match[1].decode(errors="replace"), match.end()


def found(data: bytes, asked: str | None, source: str) -> Dialect:
    """The dialect of a file (UTF-8), with the delimiter asked for or the one that cuts its first lines best."""
    sample = _sample(data)
    if asked is not None and (len(asked) != 1 or asked in '"\r\n'):
        raise TableError(ONE_CHARACTER, delimiter=asked)
    if asked is None and _separated_by_blanks(sample):
        raise TableError(BLANKS, source=source)
    delimiter = asked or sniff(sample)
    return Dialect(delimiter, _blanks_follow(sample, delimiter))


def sniff(text: str) -> str:
    r"""The delimiter that cuts the first lines into the most fields of equal number; a comma if none does.

    >>> sniff('name;note\n"a;b";1,5\n')
    ';'
    """
    scores = {delimiter: _evenness(text[:_SAMPLE_BYTES], delimiter) for delimiter in DELIMITERS}
    return max(scores, key=lambda d: (scores[d], -DELIMITERS.index(d)))


def collapsed(data: bytes) -> bytes:
    r"""Lines whose columns are separated by runs of blanks, with a tab in place of each run; quoted blanks stay.

    >>> collapsed(b'  a   "b  c" d  \n')
    b'a\t"b  c"\td\n'
    """
    data = re.sub(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)", b"", data)
    return re.sub(rb'("[^"\n]*")|[ \t]+', lambda match: match[1] or b"\t", data)


def refuse_what_is_no_table(data: bytes, source: str) -> None:
    """Raise `TableError` where the text is of another format: HTML, JSON, ARFF, LibSVM."""
    head = _sample(data).lstrip()
    for name, pattern in _FOREIGN:
        if pattern.match(head):
            lines = name == "JSON" and is_json_lines(head)
            told = "JSON Lines" if lines else name
            raise TableError(
                NO_TABLE, source=source, format=told, advice=NAME_JSONL() if lines else SAVE_AS_CSV()
            )


def is_json_lines(text: str) -> bool:
    """Whether the first line is a JSON object by itself.

    >>> is_json_lines('{"a": 1}'), is_json_lines('{"a":')
    (True, False)
    """
    try:
        return isinstance(json.loads(text.lstrip().partition("\n")[0]), dict)
    except ValueError:
        return False


def _sample(data: bytes) -> str:
    head = data[:_SAMPLE_BYTES]
    if len(data) > len(head) and b"\n" in head:
        head = head[: head.rindex(b"\n") + 1]
    return head.decode(errors="ignore")


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """(share of records with the usual number of fields, that number), or nothing if it cuts nothing."""
    try:
        widths = Counter(len(row) for row in islice(_reader(sample, delimiter), _SAMPLE_LINES) if row)
    except csv.Error:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 1))
    return (count / widths.total(), width) if width > 1 else (0.0, 0)


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)


def _blanks_follow(sample: str, delimiter: str) -> bool:
    """Whether a blank follows most delimiters, or stands between one and a quote: then it belongs to the delimiter."""
    if delimiter == " " or f'{delimiter} "' in sample:
        return delimiter != " "
    head = "".join(sample.splitlines(keepends=True)[:_SAMPLE_LINES])
    return head.count(f"{delimiter} ") * 2 > head.count(delimiter) > 0


def _separated_by_blanks(sample: str) -> bool:
    """Whether no delimiter cuts the lines, but blanks cut all of them alike, as a list of aligned columns."""
    if any(_evenness(sample, delimiter)[1] > 1 for delimiter in DELIMITERS):
        return False
    lines = [line for line in sample.splitlines()[:_SAMPLE_LINES] if line.strip()]
    rows = [line.split() for line in lines]
    if len(rows) < 2 or '"' in sample or len({len(row) for row in rows}) > 1 or len(rows[0]) < 2:
        return False
    aligned = re.search(r"\S[ \t]{2,}\S", lines[0]) is not None
    return aligned or any(all(map(_is_number, column[1:])) for column in zip(*rows, strict=True))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
