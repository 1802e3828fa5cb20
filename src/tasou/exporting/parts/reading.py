"""Parts of the printed Python module; what stands between the scissors is copied as it is."""

# ruff: noqa
# mypy: ignore-errors
# --- 8< ---
import csv
import datetime
import math
import re
import sys


def _exp(x):
    return math.exp(x) if x < 709.7 else math.inf if x == x else x


def _expm1(x):
    return math.expm1(x) if x < 709.7 else math.inf if x == x else x


def _log(x):
    return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan


def _sqrt(x):
    return math.sqrt(x) if x >= 0 else math.nan


def _floor(x):
    return float(math.floor(x)) if math.isfinite(x) else x


def _sign(x):
    return 1.0 if x > 0 else -1.0 if x < 0 else x


def _maximum(a, b):
    return a if a >= b or a != a else b


def _minimum(a, b):
    return a if a <= b or a != a else b


# --- 8< ---
class Refused(ValueError):
    """A cell that is none of its column."""


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)
_PLAIN = re.compile(r"-?(?:0|[1-9]\d*)\.\d+", re.ASCII)


def cell(j, value):
    """What column j makes of a cell: a number. None and "" are missing; texts are read as in a file."""
    name, kind = COLUMNS[j]
    if value is None or (isinstance(value, float) and value != value):
        value = ""
    if isinstance(value, datetime.datetime):
        value = value.replace(tzinfo=None).isoformat(" ", "seconds")
    elif isinstance(value, datetime.date):
        value = value.isoformat()
    if not isinstance(value, str):
        if kind != "level":
            return float(value)
        value = str(value)
    text = value.strip()
    text = "" if text in MISSING else text
    if kind == "level":
        known = LEVELS[j]
        if _PLAIN.fullmatch(text) and text not in known:
            text = text.rstrip("0").rstrip(".")
        return float(known.get(value, known.get(text, -1)))
    if text == "":
        return math.nan
    if kind == "number":
        if not _NUMBER.fullmatch(text):
            raise Refused(f"column {name!r} must hold numbers, but here it says {value!r}")
        return float(text)
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        parts = [int(part or 0) for part in found.groups()]
        moment = datetime.datetime(*parts)
    except ValueError:
        raise Refused(f"column {name!r} must hold dates as 2024-03-01, but here it says {value!r}") from None
    since = moment - datetime.datetime(1970, 1, 1)
    return (since.days * 86400 + since.seconds) / 86400


def _cells(row):
    return [cell(j, row[name]) for j, (name, _) in enumerate(COLUMNS)]


def _chosen(found):
    """The number of the class that the answers name."""
    if len(found) == 1:
        return int(found[0] > 0)
    return max(range(len(found)), key=lambda k: found[k])


def predict(row):
    """The class (the labels, the number or numbers) of a row: a dict with a cell for each of COLUMNS."""
    found = answers(_cells(row))
    if KIND == "labels":
        return [label for label, p in zip(CLASSES, found) if p > 0.5]
    if KIND == "numbers":
        return found[0] if ANSWERS == 1 else found
    return CLASSES[_chosen(found)]


def predict_proba(row):
    """The probability of each class, by class."""
    if KIND not in ("classes", "labels"):
        raise TypeError("this model gives no probabilities")
    return dict(zip(CLASSES, answers(_cells(row))))


def _written(found):
    """A line of the program's output."""
    if KIND == "numbers":
        return ",".join(f"{value:.7g}" for value in found)
    if KIND == "sides":
        return LABELS[_chosen(found)]
    if KIND == "labels":
        first = " ".join(label for label, p in zip(LABELS, found) if p > 0.5)
    else:
        first = LABELS[_chosen(found)]
    return ",".join([first, *(f"{p:.6g}" for p in found)])


def _lines(text):
    """(line number, cells) of each record."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    start = 1
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise Refused(f"line {start}: {error}") from None
        if record is None:
            return
        if record:
            yield start, record
        start = reader.line_num + 1


def run(data):
    """The output, line by line, of the bytes of a CSV file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(f"line {line}: not UTF-8") from None
    lines = _lines(text)
    _, header = next(lines, (1, []))
    header = [name.strip() for name in header]
    missing = [name for name, _ in COLUMNS if header.count(name) != 1]
    if missing:
        raise Refused(f"line 1: the header must name each of these columns once: {', '.join(missing)}")
    places = [header.index(name) for name, _ in COLUMNS]
    yield HEADER
    for number, record in lines:
        if len(record) != len(header):
            raise Refused(f"line {number}: {len(record)} cells, not {len(header)} as in the header")
        try:
            yield _written(answers([cell(j, record[place]) for j, place in enumerate(places)]))
        except Refused as error:
            raise Refused(f"line {number}: {error}") from None


def _main():
    out = sys.stdout.buffer
    try:
        for line in run(sys.stdin.buffer.read()):
            out.write(f"{line}\n".encode())
        out.flush()
    except Refused as error:
        out.flush()
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(_main())
