"""``tasou example``: tables to try things on, written as CSV."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tasou.cli import _parser
from tasou.language import say
from tasou.text import aligned, showable

SUMMARY = {"en": "write an example table as CSV", "ja": "例の表を CSV で書き出す"}
HELP = {
    "name": {"en": "which one (without: list them)", "ja": "表の名前（省略すると一覧）"},
    "output": {
        "en": "the CSV file to write (default: the standard output)",
        "ja": "書き出す CSV ファイル（既定：標準出力）",
    },
    "rows": {"en": "how many rows (default: {n})", "ja": "行数（既定：表ごとの行数）"},
    "seed": {"en": "other rows for another seed", "ja": "シードを変えると別の行になる"},
    "no_target": {
        "en": "leave the target column out: rows to be predicted",
        "ja": "目的変数の列を除く（予測用の行）",
    },
}  # fmt: skip
HEAD = {"en": ("name", "rows", "target", "what"), "ja": ("名前", "行数", "目的変数", "内容")}
TRY = {
    "en": "Try one:   tasou train --example {name}\nAs a file: tasou example {name} -o {name}.csv",
    "ja": "試す：           tasou train --example {name}\nファイルにする： tasou example {name} -o {name}.csv",
}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou example``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "example", help=say(SUMMARY), description=say(SUMMARY)
    )
    text = {name: say(help, n="its own") for name, help in HELP.items()}
    parser.add_argument("name", nargs="?", metavar="NAME", help=text["name"])
    parser.add_argument("-o", "--output", metavar="CSV", help=text["output"])
    parser.add_argument("--rows", type=_parser.natural, metavar="N", help=text["rows"])
    parser.add_argument("--seed", type=_parser.natural, metavar="N", help=text["seed"])
    parser.add_argument("--no-target", action="store_true", help=text["no_target"])
    _parser.add_language(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """List the tables, or write one."""
    from tasou import examples, writing

    if args.name is None:
        print(_listing(args.lang))
        return 0
    seed = {} if args.seed is None else {"seed": args.seed}
    text = examples.make(args.name, args.rows, **seed).csv(target=not args.no_target)
    if args.output is None:
        sys.stdout.write(text)
    else:
        writing.write_text(args.output, text)
    return 0


def _listing(lang: str | None) -> str:
    from tasou import examples
    from tasou.language import language

    found = [examples.make(name) for name in examples.names()]
    rows = [(e.name, f"{len(e):,}", e.target, say(e.about, lang)) for e in found]
    hint = say(TRY, lang, name=found[-1].name)
    return showable(f"{aligned([HEAD[language(lang)], *rows], right=(1,))}\n\n{hint}")
