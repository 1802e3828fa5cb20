"""Options that several commands share, and a parser whose complaints are one line."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, NoReturn

from tasou.cli._mistakes import in_words
from tasou.language import LANGUAGES, say
from tasou.messages import Message, Said
from tasou.text import folded, width

NOT_A = Message(
    "command.not_a",
    en="{text!r} is not {what}",
    ja="{text!r} は使えません。{what}を指定してください",
)
WHOLE = Message("command.whole", en="a whole number of at least 1", ja="1以上の整数")
NATURAL = Message("command.natural", en="a whole number of at least 0", ja="0以上の整数")
SHARE = Message("command.share", en="a share of at least 0 and below 1", ja="0以上1未満の割合")
POSITIVE = Message("command.positive", en="a number above 0", ja="0より大きい数")
NOT_NEGATIVE = Message("command.not_negative", en="a number of at least 0", ja="0以上の数")
UNITS = Message(
    "command.units",
    en="a number of units of at least 1; several are separated by commas",
    ja="1以上のユニット数（複数ならコンマで区切ったもの）",
)


HELP = {
    "lang": {"en": "language of what is printed", "ja": "表示の言語"},
    "quiet": {"en": "print nothing but errors", "ja": "エラー以外は表示しない"},
    "threads": {
        "en": "threads at most (default: as many as processors); their number changes no result",
        "ja": "スレッド数の上限（既定：プロセッサの数）。結果はスレッド数によらない",
    },
    "encoding": {
        "en": "encoding of a text file, e.g. cp932 (default: found by itself)",
        "ja": "テキストファイルの文字コード。例：cp932（既定：自動判定）",
    },
    "delimiter": {
        "en": "character between the fields; ' ' for runs of blanks (default: found by itself)",
        "ja": "区切り文字。' ' なら連続する空白（既定：自動判定）",
    },
    "header": {
        "en": "how many rows stand above the data (default: 1)",
        "ja": "データの上にある見出し行の数（既定：1）",
    },
    "names": {
        "en": "which header rows hold the names, from 1, separated by commas (default: the last)",
        "ja": "列名がある見出し行の番号、1から。複数ならコンマで区切る（既定：最後の行）",
    },
    "values": {"en": "reading its cells", "ja": "セルの読み方"},
    "missing": {
        "en": "the texts that stand for no value besides the empty cell, separated by commas; "
        '"" for none (default: NA, N/A, null, None, -, ?, … and their like)',
        "ja": '空のセルのほかに欠損を表す文字列（コンマ区切り）。"" なら空のセルだけ'
        "（既定：NA、N/A、null、None、-、?、… など）",
    },
    "decimal": {
        "en": "the decimal mark of columns that do not show it, , or . (default: the point)",
        "ja": "値から判断できない列の小数点、, または .（既定：.）",
    },
    "sheet": {
        "en": "sheet of a spreadsheet: its name, or its number from 1 (default: the first)",
        "ja": "表計算ファイルのシート名、または 1 からの番号（既定：最初のシート）",
    },
    "table": {
        "en": "table of an SQLite file (default: the only one)",
        "ja": "SQLite ファイルの表（既定：1つしかない表）",
    },
    "query": {
        "en": "SELECT whose rows are read from an SQLite file",
        "ja": "SQLite ファイルから読む行を選ぶ SELECT 文",
    },
    "reading": {"en": "reading the file", "ja": "ファイルの読み方"},
    "usage": {"en": "usage: ", "ja": "使い方："},
    "options": {"en": "options", "ja": "オプション"},
    "arguments": {"en": "arguments", "ja": "引数"},
    "help": {"en": "show this help and end", "ja": "この説明を表示して終わる"},
    "version": {"en": "show the version and end", "ja": "バージョンを表示して終わる"},
    "error": {"en": "{message} (see: {prog} --help)", "ja": "{message}（{prog} --help を参照）"},
}


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help in one language from its first word on."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Begin with the usage; argparse itself asks for an empty prefix where it wants the bare line."""
        super().add_usage(usage, actions, groups, say(HELP["usage"]) if prefix is None else prefix)

    def _format_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any) -> str:
        """The lines stand below each other where a letter of the prefix fills two cells."""
        shown = prefix or ""
        stands = "x" * width(shown)
        return super()._format_usage(usage, actions, groups, stands).replace(stands, shown, 1)

    def format_help(self) -> str:
        """With the colon of the language behind its headings."""
        return re.sub(r"^(\S*[^\x00-\x7f]):$", r"\1：", super().format_help(), flags=re.M)

    def _split_lines(self, text: str, width: int) -> list[str]:
        """Japanese has no spaces to break at, and fills two cells a letter."""
        return super()._split_lines(text, width) if text.isascii() else folded(text, width)


class Parser(argparse.ArgumentParser):
    """An argument parser that reports a mistake in one line and knows each option by its full name only."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_abbrev", False)
        options.setdefault("formatter_class", _Help)
        super().__init__(**options, add_help=False)
        self._optionals.title, self._positionals.title = say(HELP["options"]), say(HELP["arguments"])
        self.given: list[str] = []
        self.add_argument("-h", "--help", action="help", help=say(HELP["help"]))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As ever; what was given is kept, for the words of a mistake."""
        self.given = list(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what was wrong, in one line, and end with exit code 2."""
        told = in_words(message, list(self._options_of_command()))
        print("tasou: error:", say(HELP["error"], message=told, prog=self.prog), file=sys.stderr)
        sys.exit(2)

    def _options_of_command(self) -> Iterator[str]:
        """The options of this parser, or of the command that was given."""
        yield from self._option_string_actions
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name in set(self.given) & set(action.choices):
                    yield from action.choices[name]._option_string_actions


def add_language(parser: argparse.ArgumentParser) -> None:
    """``--lang``."""
    parser.add_argument("--lang", choices=LANGUAGES, help=say(HELP["lang"]))


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """``-q``, ``--quiet``."""
    parser.add_argument("-q", "--quiet", action="store_true", help=say(HELP["quiet"]))


def add_threads(parser: argparse.ArgumentParser) -> None:
    """``--threads``."""
    parser.add_argument("--threads", type=whole, metavar="N", help=say(HELP["threads"]))


def add_reading(parser: argparse.ArgumentParser) -> None:
    """The options of `tasou.tables.read`."""
    group = parser.add_argument_group(say(HELP["reading"]))
    group.add_argument("--encoding", help=say(HELP["encoding"]))
    group.add_argument("--delimiter", help=say(HELP["delimiter"]))
    group.add_argument("--header-rows", type=natural, default=1, metavar="N", help=say(HELP["header"]))
    group.add_argument("--names-row", type=whole_numbers, metavar="N[,N…]", help=say(HELP["names"]))
    group.add_argument("--sheet", metavar="SHEET", help=say(HELP["sheet"]))
    source = group.add_mutually_exclusive_group()
    source.add_argument("--table", metavar="TABLE", help=say(HELP["table"]))
    source.add_argument("--query", metavar="SELECT", help=say(HELP["query"]))


def reading_options(args: argparse.Namespace) -> dict[str, Any]:
    """What `add_reading` read, as arguments for `tasou.tables.read`."""
    delimiter = {r"\t": "\t", "tab": "\t"}.get(args.delimiter, args.delimiter)
    rows = {"header_rows": args.header_rows, "names_row": args.names_row}
    places = {"sheet": args.sheet, "table": args.table, "query": args.query}
    return {"encoding": args.encoding, "delimiter": delimiter, **rows, **places}


def add_values(parser: argparse.ArgumentParser, *, missing: bool = True) -> None:
    """``--missing`` and ``--decimal``; a model knows already what is missing."""
    group = parser.add_argument_group(say(HELP["values"]))
    if missing:
        group.add_argument("--missing", metavar="TEXTS", help=say(HELP["missing"]))
    group.add_argument("--decimal", choices=(",", "."), help=say(HELP["decimal"]))


def value_options(args: argparse.Namespace) -> dict[str, Any]:
    """What `add_values` read, as arguments for `tasou.tables.read`."""
    marks = getattr(args, "missing", None)
    texts = None if marks is None else [mark.strip() for mark in marks.split(",")]
    return {"missing": texts, "decimal": args.decimal}


@contextlib.contextmanager
def muted(quiet: bool) -> Iterator[None]:
    """Print nothing to the standard output in here if ``quiet``."""
    if not quiet:
        yield
        return
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


def names(texts: Sequence[str], known: Sequence[str]) -> list[str]:
    """Column names given one by one or separated by commas; a known name may hold a comma itself.

    >>> names(["age, fare", "city, state"], ["age", "fare", "city, state"])
    ['age', 'fare', 'city, state']
    """
    from tasou.tables.headings import plain_name

    texts = [plain_name(text) for text in texts]
    parts = (part for text in texts for part in ([text] if text in known else text.split(",")))
    return [part.strip() for part in parts if part.strip()]


@dataclass(frozen=True)
class Number:
    """The type of an option: a number within limits, which are said to whoever breaks them.

    >>> whole("3"), share("0.2")
    (3, 0.2)
    """

    kind: Callable[[str], Any]
    fits: Callable[[Any], bool]
    what: Said

    def __call__(self, text: str) -> Any:
        """The number, or the words for argparse."""
        with contextlib.suppress(ValueError):
            if self.fits(value := self.kind(text)):
                return value
        raise argparse.ArgumentTypeError(NOT_A(text=text, what=self.what).text())


whole = Number(int, lambda n: n >= 1, WHOLE)
natural = Number(int, lambda n: n >= 0, NATURAL)
share = Number(float, lambda x: 0 <= x < 1, SHARE)
positive = Number(float, lambda x: 0 < x < inf, POSITIVE)
not_negative = Number(float, lambda x: 0 <= x < inf, NOT_NEGATIVE)
unit = Number(int, lambda n: n >= 1, UNITS)


def whole_numbers(text: str) -> tuple[int, ...]:
    """Whole numbers separated by commas.

    >>> whole_numbers("2,3")
    (2, 3)
    """
    return tuple(whole(part) for part in text.split(","))


def units(text: str) -> tuple[int, ...]:
    """Units of the hidden layers, separated by commas; 0 for no hidden layer.

    >>> units("128,64"), units("0")
    ((128, 64), ())
    """
    return () if text == "0" else tuple(unit(size) for size in text.split(","))


def spoken_language(argv: Sequence[str]) -> str | None:
    """The language asked for on the command line, known before the help texts are made.

    >>> spoken_language(["train", "--lang", "ja"]), spoken_language(["--lang=en"]), spoken_language([])
    ('ja', 'en', None)
    """
    found = None  # given twice, the last one counts, as everywhere
    for option, value in zip(argv, [*argv[1:], ""], strict=False):
        chosen = value if option == "--lang" else option.removeprefix("--lang=")
        if option.startswith("--lang") and chosen in LANGUAGES:
            found = chosen
    return found
