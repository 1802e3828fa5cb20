"""``tasou record``: a training as one HTML file that needs no server."""

from __future__ import annotations

import argparse
import os
from typing import Any

from tasou.cli import _parser
from tasou.language import language, say

SUMMARY = {
    "en": "write a training as one HTML file: scrub, curves, boundary, calculation, without a server",
    "ja": "学習を1つの HTML ファイルに記録する。サーバーなしで、時間の行き来、曲線、決定境界、計算を見られる",
}
HELP = {
    "output": {
        "en": "the page to write (default: tasou-record.html)",
        "ja": "書き出すページ（既定：tasou-record.html）",
    },
    "lecture": {
        "en": "an experiment of the lecture (default: 6, the lecture's classifier)",
        "ja": "講義の実験（既定：6、講義の分類器）",
    },
    "open": {
        "en": "a run that was saved in a playground, or a link that was copied there",
        "ja": "プレイグラウンドで保存したラン、またはコピーしたリンク",
    },
    "epochs": {
        "en": "how many epochs to record (default: what suits)",
        "ja": "記録するエポック数（既定：実験に合わせる）",
    },
    "live": {
        "en": "a page that trains in the browser, also on points that are clicked",
        "ja": "ブラウザの中で学習できるページにする。クリックした点も学習できる",
    },
    "no_rows": {
        "en": "leave the rows of the data out, which the page holds otherwise",
        "ja": "データの各行を含めない（指定しないとページに含まれる）",
    },
    "lang": {"en": "language in which the page opens", "ja": "ページを開くときの言語"},
}
ROWS = {
    "en": "the page holds the {n} rows of the data (--no-rows leaves them out)",
    "ja": "ページにはデータの {n} 行が含まれる（--no-rows で省ける）",
}
WRITTEN = {"en": "{path} ({size:,} kB)", "ja": "{path}（{size:,} kB）"}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou record``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "record", help=say(SUMMARY), description=say(SUMMARY)
    )
    parser.add_argument(
        "-o", "--output", default="tasou-record.html", metavar="HTML", help=say(HELP["output"])
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--lecture", default="6", metavar="NUMBER", help=say(HELP["lecture"]))
    source.add_argument("--open", metavar="RUN", help=say(HELP["open"]))
    parser.add_argument("--epochs", type=_parser.whole, metavar="N", help=say(HELP["epochs"]))
    parser.add_argument("--live", action="store_true", help=say(HELP["live"]))
    parser.add_argument("--no-rows", action="store_true", help=say(HELP["no_rows"]))
    parser.add_argument("--lang", choices=("en", "ja"), help=say(HELP["lang"]))
    return parser


def run(args: argparse.Namespace) -> int:
    """Train, and write the page."""
    from tasou import writing
    from tasou.cli.play import opened
    from tasou.play.opening import open_lesson
    from tasou.play.recording import record
    from tasou.play.session import Session

    writing.check(args.output)
    session = Session()
    if args.open is not None:
        session = opened(args.open)
        session.run.forward(0 if args.live or not session.playing else session.until or 0, "epoch")
    else:
        open_lesson(session, args.lecture)
        epochs = args.epochs or session.until or 200
        session.run.forward(0 if args.live else epochs, "epoch")
    if not args.no_rows:
        print(say(ROWS, n=session.run.rows.n), flush=True)
    page = record(session.run, live=args.live, rows=not args.no_rows, lang=language(args.lang))
    writing.write_text(args.output, page)
    print(say(WRITTEN, path=args.output, size=os.path.getsize(args.output) // 1000))
    return 0
