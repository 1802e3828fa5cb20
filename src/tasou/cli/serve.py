"""``tasou serve``: a model behind HTTP."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tasou.cli import _parser
from tasou.language import say

SUMMARY = {
    "en": "serve a model over HTTP: rows in, predictions and probabilities out",
    "ja": "モデルを HTTP で公開する。行を受け取り、予測と確率を返す",
}
EXAMPLE = {
    "en": "examples:\n  tasou serve titanic.tasou\n"
    "  curl http://127.0.0.1:8000/predict -H 'Content-Type: text/csv' --data-binary @new.csv\n\n"
    'POST /predict takes JSON, {{"rows": [{{column: value}}]}}, or CSV;\n'
    "?drift tells how far the rows are from training.\n"
    "GET /drift, /health and /openapi.json tell the rest.",
    "ja": "例：\n  tasou serve titanic.tasou\n"
    "  curl http://127.0.0.1:8000/predict -H 'Content-Type: text/csv' --data-binary @new.csv\n\n"
    'POST /predict は JSON（{{"rows": [{{列: 値}}]}}）か CSV を受け取ります。\n'
    "?drift を付けると、学習データとの違いも返します。"
    "ほかに GET /drift、/health、/openapi.json があります。",
}
HELP = {
    "model": {"en": "the model file", "ja": "モデルファイル"},
    "host": {
        "en": "address to listen on (default: 127.0.0.1, this machine alone)",
        "ja": "待ち受けるアドレス（既定：127.0.0.1、このマシンだけ）",
    },
    "port": {
        "en": "port to listen on; 0 takes a free one (default: 8000)",
        "ja": "待ち受けるポート。0 なら空いているポート（既定：8000）",
    },
    "allow": {
        "en": "host name by which clients elsewhere reach it; needed beyond this machine; may be given several times",
        "ja": "ほかのマシンのクライアントが使うホスト名。このマシンの外から使うときに必要。複数指定できる",
    },
    "token": {
        "en": "file with the token that every request must bring (default: the variable TASOU_TOKEN); needed beyond "
        "this machine",
        "ja": "すべての要求に求めるトークンのファイル（既定：環境変数 TASOU_TOKEN）。このマシンの外から使うときに必要",
    },
    "rows": {
        "en": "rows in a request at most (default: 10000)",
        "ja": "1回の要求の行数の上限（既定：10000）",
    },
    "bytes": {
        "en": "bytes in a request at most (default: 4194304)",
        "ja": "1回の要求のバイト数の上限（既定：4194304）",
    },
    "seconds": {
        "en": "for a request to arrive, and to be computed (default: 10)",
        "ja": "要求が届くまで、また計算が終わるまでの秒数の上限（既定：10）",
    },
    "requests": {
        "en": "requests answered at the same time at most; others are told to come again (default: 32)",
        "ja": "同時に処理する要求の上限。超えた要求には後で送り直すよう返す（既定：32）",
    },
}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou serve``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "serve", help=say(SUMMARY), description=say(SUMMARY), epilog=say(EXAMPLE)
    )
    parser.add_argument("model", metavar="MODEL", help=say(HELP["model"]))
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=say(HELP["host"]))
    parser.add_argument("--port", type=_parser.natural, default=8000, metavar="PORT", help=say(HELP["port"]))
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help=say(HELP["allow"]))
    parser.add_argument("--token-file", metavar="FILE", help=say(HELP["token"]))
    parser.add_argument("--max-rows", type=_parser.whole, default=10_000, metavar="N", help=say(HELP["rows"]))
    parser.add_argument(
        "--max-bytes", type=_parser.whole, default=4 << 20, metavar="N", help=say(HELP["bytes"])
    )
    parser.add_argument(
        "--seconds", type=_parser.positive, default=10.0, metavar="S", help=say(HELP["seconds"])
    )
    parser.add_argument(
        "--max-requests", type=_parser.whole, default=32, metavar="N", help=say(HELP["requests"])
    )
    _parser.add_threads(parser)
    _parser.add_language(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    from tasou.models import load
    from tasou.serving import launch
    from tasou.serving.limits import Limits

    launch.check_installed()
    token = launch.token_of(args.token_file)
    beyond = launch.check_reach(args.host, args.allow_host, token)
    model = load(args.model)
    if beyond:
        print("tasou:", launch.PLAIN.text(), file=sys.stderr)
    limits = Limits(args.max_bytes, args.max_rows, args.seconds, args.max_requests)
    launch.serve(
        model,
        host=args.host,
        port=args.port,
        allowed=args.allow_host,
        token=token,
        limits=limits,
        opened=lambda address: print(address, flush=True),
    )
    return 0
