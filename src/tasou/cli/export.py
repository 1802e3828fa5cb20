"""``tasou export``: a model as an ONNX graph or as a program, with all its preparation."""

from __future__ import annotations

import argparse
from typing import Any

from tasou.cli import _parser
from tasou.language import say

SUMMARY = {
    "en": "write a model as ONNX, C, JavaScript or Python, for where tasou is not",
    "ja": "モデルを ONNX、C、JavaScript、Python に書き出す（tasou がない環境で使う）",
}
EXAMPLE = {
    "en": "examples:\n  tasou export titanic.tasou titanic.onnx\n"
    "  tasou export titanic.tasou titanic.py && python titanic.py < new.csv > answers.csv",
    "ja": "例：\n  tasou export titanic.tasou titanic.onnx\n"
    "  tasou export titanic.tasou titanic.py && python titanic.py < new.csv > answers.csv",
}
HELP = {
    "model": {"en": "the model file", "ja": "モデルファイル"},
    "out": {
        "en": "the file to write; its suffix says the format: .onnx, .c, .mjs or .py",
        "ja": "書き出すファイル。拡張子で形式が決まる：.onnx、.c、.mjs、.py",
    },
    "format": {"en": "the format, whatever the suffix", "ja": "形式（拡張子によらず指定する）"},
    "float": {"en": "C in float instead of double", "ja": "C を double でなく float で書く"},
    "no_main": {
        "en": "C without a main that reads CSV: functions alone",
        "ja": "C に、CSV を読む main を付けない（関数だけにする）",
    },
    "member": {
        "en": "best: only the best member of an ensemble, for small targets; what that costs is said",
        "ja": "best とすると、アンサンブルの最良のメンバーだけを書く（小さな環境用。失う性能も表示する）",
    },
    "training": {
        "en": "JavaScript that can also learn, step by step",
        "ja": "一歩ずつ学習もできる JavaScript を書く",
    },
}
WRITTEN = {"en": "{path}: {format}, {size}", "ja": "{path}：{format}、{size}"}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou export``."""
    from tasou.exporting.files import formats

    parser: argparse.ArgumentParser = subparsers.add_parser(
        "export", help=say(SUMMARY), description=say(SUMMARY), epilog=say(EXAMPLE)
    )
    parser.add_argument("model", metavar="MODEL", help=say(HELP["model"]))
    parser.add_argument("out", metavar="OUT", help=say(HELP["out"]))
    parser.add_argument("--format", choices=formats(), help=say(HELP["format"]))
    parser.add_argument("--float", action="store_true", help=say(HELP["float"]))
    parser.add_argument("--no-main", action="store_true", help=say(HELP["no_main"]))
    parser.add_argument("--member", choices=("best",), help=say(HELP["member"]))
    parser.add_argument("--training", action="store_true", help=say(HELP["training"]))
    _parser.add_language(parser)
    _parser.add_quiet(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Load, write, say what was written."""
    from tasou.cli import _files
    from tasou.exporting import export
    from tasou.exporting.files import cost_of_member, format_of
    from tasou.models import load

    name = format_of(args.out, args.format)
    _files.check_outputs(args.out, inputs=[args.model])
    model = load(args.model)
    options = {
        "member": args.member,
        "single": args.float,
        "main": not args.no_main,
        "training": args.training,
    }
    export(model, args.out, format=args.format, **options)
    if not args.quiet:
        print(say(WRITTEN, path=args.out, format=name, size=_files.size_of(args.out)))
        if args.member and (cost := cost_of_member(model)) is not None:
            print(cost.text())
    return 0
