"""``tasou verify``: whether this machine gives the answers that a model gave where it was saved."""

from __future__ import annotations

import argparse
from typing import Any

from tasou.cli import _parser
from tasou.language import say

SUMMARY = {
    "en": "check that a model predicts here what it predicted where it was saved",
    "ja": "モデルの予測が、保存した環境での予測と同じかを確かめる",
}
MORE = {
    "en": "A model file holds a few made-up rows (never rows of the training data) with their predictions. They are "
    "predicted anew. Exit code 0: the same, 1: not the same.",
    "ja": "モデルファイルには、架空の行（学習データの行ではない）とその予測が入っている。それを予測し直して比べる。"
    "終了コードは、同じなら 0、違えば 1。",
}
MODEL = {"en": "the model file", "ja": "モデルファイル"}
SAID = {
    "exact": {
        "en": "{path}: {n} made-up rows, the same to the last bit as where it was saved (tasou {version})",
        "ja": "{path}：架空の {n} 行の予測は、保存時（tasou {version}）と最後のビットまで同じ",
    },
    "same": {
        "en": "{path}: {n} made-up rows, the same as where it was saved (tasou {version}) up to rounding: "
        "largest difference {difference:.1e}",
        "ja": "{path}：架空の {n} 行の予測は、丸め誤差を除いて保存時（tasou {version}）と同じ"
        "（最大の差 {difference:.1e}）",
    },
    "other": {
        "en": "{path}: {n} made-up rows, NOT the same as where it was saved (tasou {version}): "
        "largest difference {difference:.1e}; do not rely on this model here",
        "ja": "{path}：架空の {n} 行の予測が、保存時（tasou {version}）と違う（最大の差 {difference:.1e}）。"
        "この環境でこのモデルを信用しないこと",
    },
}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou verify``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "verify", help=say(SUMMARY), description=say(SUMMARY), epilog=say(MORE)
    )
    parser.add_argument("model", metavar="MODEL", help=say(MODEL))
    _parser.add_language(parser)
    _parser.add_quiet(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Predict anew and say whether it is the same."""
    from tasou.models.verify import verify

    found = verify(args.model)
    if not args.quiet:
        kind = "exact" if found.exact else "same" if found.same else "other"
        parts: dict[str, Any] = {"n": found.rows, "difference": found.difference, "version": found.made_with}
        print(say(SAID[kind], path=args.model, **parts))
    return 0 if found.same else 1
