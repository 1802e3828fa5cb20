"""``tasou play``: the playground, the engine live in the browser."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tasou.cli import _parser
from tasou.language import language, say
from tasou.messages import Message

SUMMARY = {
    "en": "open the playground: train, step, look into every number, in the browser",
    "ja": "プレイグラウンドを開く。ブラウザで学習させ、1ステップずつ進め、すべての数値を見る",
}
EXAMPLE = {
    "en": "examples:\n  tasou play\n  tasou play --data titanic.csv --target survived",
    "ja": "例：\n  tasou play\n  tasou play --data titanic.csv --target survived",
}
NO_TARGET = Message(
    "command.play_target",
    en="--data needs --target COLUMN, the column to predict; {source} has {columns:list}",
    ja="--data には予測する列 --target COLUMN も必要です。{source} の列：{columns:list}",
)
HELP = {
    "data": {
        "en": "a data file of your own (CSV, Parquet, Excel, …)",
        "ja": "自分のデータファイル（CSV、Parquet、Excel など）",
    },
    "target": {"en": "with --data: the column to predict", "ja": "--data のとき：予測する列（目的変数）"},
    "lecture": {
        "en": "an experiment of the lecture to open, e.g. 4.2a (see: tasou lecture)",
        "ja": "開く講義の実験。例：4.2a（一覧は tasou lecture）",
    },
    "open": {
        "en": "a run that was saved in a playground, or a link that was copied there",
        "ja": "プレイグラウンドで保存したラン、またはコピーしたリンク",
    },
    "port": {
        "en": "port to listen on (default: a free one)",
        "ja": "待ち受けるポート（既定：空いているポート）",
    },
    "no_browser": {
        "en": "print the address and open no browser",
        "ja": "アドレスを表示するだけで、ブラウザを開かない",
    },
    "allow": {
        "en": "host name, or address, through which the page is reached from elsewhere (Codespaces, JupyterHub, …), as "
        "the browser shows it; a name alone means https; may be given several times",
        "ja": "別の場所（Codespaces、JupyterHub など）からページを開くときのホスト名またはアドレス。"
        "ブラウザの表示どおりに書く（名前だけなら https とみなす）。複数指定できる",
    },
    "lang": {"en": "language in which the page opens", "ja": "ページを開くときの言語"},
}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou play``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "play", help=say(SUMMARY), description=say(SUMMARY), epilog=say(EXAMPLE)
    )
    parser.add_argument("--data", metavar="FILE", help=say(HELP["data"]))
    parser.add_argument("--target", metavar="COLUMN", help=say(HELP["target"]))
    parser.add_argument("--lecture", metavar="NUMBER", help=say(HELP["lecture"]))
    parser.add_argument("--open", metavar="RUN", help=say(HELP["open"]))
    parser.add_argument("--port", type=_parser.natural, metavar="PORT", help=say(HELP["port"]))
    parser.add_argument("--no-browser", action="store_true", help=say(HELP["no_browser"]))
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help=say(HELP["allow"]))
    parser.add_argument("--lang", choices=("en", "ja"), help=say(HELP["lang"]))
    return parser


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from tasou.play import launch

    launch.check_installed()

    def opened(address: str) -> None:
        print(address, flush=True)
        there = launch.hosted()
        told = launch.elsewhere(address) if args.allow_host else there
        if told:
            print("tasou:", told.text(language(args.lang)), file=sys.stderr)
        if not (args.no_browser or told):
            import webbrowser

            webbrowser.open(address)

    hello = {"lang": language(args.lang)}
    launch.serve(lambda: _session(args), port=args.port, allowed=args.allow_host, hello=hello, opened=opened)
    return 0


def opened(place: str) -> Any:
    """A session with the run of a file, or of a link."""
    from tasou.formats.safetensors import read_bytes
    from tasou.play.link import is_link
    from tasou.play.session import Session

    session = Session()
    if is_link(place):
        session.open_link(place)
    else:
        session.take_run(read_bytes(place))
    return session


def _session(args: argparse.Namespace) -> Any:
    from tasou.play.session import Session

    if args.open is not None:
        return opened(args.open)
    if args.lecture is not None:
        from tasou.play.opening import open_lesson

        session = Session()
        open_lesson(session, args.lecture)
        return session
    if args.data is None:
        return Session()
    from tasou.errors import TasouError
    from tasou.play.tables import Source
    from tasou.tables import read

    table = read(args.data)
    if args.target is None:
        raise TasouError(NO_TARGET, source=table.source, columns=table.names[:20])
    session = Session()
    session.take(Source(table, table.source))
    session.learn(table.source, args.target)
    return session
