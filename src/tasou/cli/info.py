"""``tasou info``: the versions and threads of this installation, or what is inside a model file."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import TYPE_CHECKING, Any

from tasou.cli import _parser
from tasou.language import say
from tasou.text import showable
from tasou.version import __version__

if TYPE_CHECKING:
    from tasou.models.table_model import TableModel
    from tasou.tables.steps import Step

SUMMARY = {
    "en": "show the versions of this installation, or what is inside a model file",
    "ja": "この環境のバージョン、またはモデルファイルの中身を表示する",
}
HELP = {
    "model": {"en": "a model file (default: this installation)", "ja": "モデルファイル（省略：この環境）"},
    "members": {
        "en": "show each member of an ensemble: its size, its epochs, how good it is alone",
        "ja": "アンサンブルの各メンバー（大きさ、エポック数、単独での損失）も表示する",
    },
}
LIBRARIES = ("numpy", "scipy", "scikit-learn", "matplotlib", "tqdm")
OPTIONAL = ("pandas", "polars", "pyarrow")

TEXTS = {
    "none": {"en": "not installed", "ja": "なし"},
    "optional": {"en": "{version} (optional)", "ja": "{version}（任意）"},
    "backend": {"en": "backend", "ja": "計算"},
    "products": {"en": "products", "ja": "行列積"},
    "unprintable": {"en": "in NumPy only", "ja": "NumPy で計算"},
    "system": {"en": "system", "ja": "システム"},
    "cores": {"en": "{n} cores", "ja": "{n} コア"},
    "blas": {
        "en": "{blas} for {core}, {threads} of {cores} cores",
        "ja": "{blas}（{core} 向け）、{cores} コア中 {threads}",
    },
    "kind": {"en": "{path}: a {kind}", "ja": "{path}：{kind}"},
    "table": {"en": "{path}: a model of the column {target}", "ja": "{path}：列 {target} を予測するモデル"},
    "classification": {
        "en": "task|classification, {n} classes: {classes}",
        "ja": "課題|分類、{n} クラス：{classes}",
    },
    "regression": {"en": "task|regression{log}", "ja": "課題|回帰{log}"},
    "log": {"en": ", learnt on a logarithmic scale", "ja": "（対数で学習）"},
    "trained": {"en": "trained on|{rows} rows, seed {seed}", "ja": "学習データ|{rows} 行、シード {seed}"},
    "epochs": {"en": "training|{ending}", "ja": "経過|{ending}"},
    "float16": {
        "en": "float16|half precision; answers for made-up rows changed by at most {change:.1g}",
        "ja": "float16|半精度。架空の行への答えの変化は最大 {change:.1g}",
    },
    "made": {"en": "made with|{versions}", "ja": "作成|{versions}"},
    "each_member": {"en": "each member:", "ja": "各メンバー："},
    "columns": {"en": "columns it reads:", "ja": "読む列："},
    "unused": {"en": "not read: {names}", "ja": "読まない列：{names}"},
    "tested": {"en": "on {n} test rows:", "ja": "テスト {n} 行での結果："},
}
HEAD = {"en": "column|kind|becomes", "ja": "列|種類|変換"}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou info``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "info", help=say(SUMMARY), description=say(SUMMARY)
    )
    parser.add_argument("model", metavar="MODEL", nargs="?", help=say(HELP["model"]))
    parser.add_argument("--members", action="store_true", help=say(HELP["members"]))
    _parser.add_language(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print about the installation, or about the model."""
    if args.model is None:
        _print_pairs(_installation())
    else:
        _print_model(args.model, members=args.members)
    return 0


def _print_pairs(pairs: Iterator[tuple[str, str]]) -> None:
    from tasou.tables import aligned

    print(aligned(list(pairs)))


def _installation() -> Iterator[tuple[str, str]]:
    yield "tasou", __version__
    yield "python", f"{platform.python_version()} ({sys.executable})"
    for name in LIBRARIES:
        yield name, _version(name) or say(TEXTS["none"])
    for name in OPTIONAL:
        yield name, say(TEXTS["optional"], version=_version(name) or say(TEXTS["none"]))
    yield (
        say(TEXTS["system"]),
        f"{platform.system()} {platform.machine()}, {say(TEXTS['cores'], n=os.cpu_count())}",
    )
    yield from _backend()


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _backend() -> Iterator[tuple[str, str]]:
    """Which backend computes, and why; whose matrix products it uses, for which processor, on how many threads."""
    from tasou import backends

    found = backends.describe()
    yield say(TEXTS["backend"]), f"{found['backend']} ({found['why']})"
    if found["blas"]:
        yield say(TEXTS["products"]), say(TEXTS["blas"], cores=os.cpu_count(), **found)
    for reason in found["unprintable"]:
        yield say(TEXTS["unprintable"]), reason


def _print_model(path: str, *, members: bool) -> None:
    from tasou.models import load
    from tasou.models.table_model import TableModel
    from tasou.network import Network

    model = load(path)
    if isinstance(model, TableModel):
        _print_table_model(path, model)
        if members:
            print("\n" + say(TEXTS["each_member"]))
            print(showable(model.members.text()))
        return
    print(say(TEXTS["kind"], path=path, kind=type(model).__name__))
    network = model if isinstance(model, Network) else getattr(model, "network_", None)
    print(network.summary() if network is not None else model)


def _print_table_model(path: str, model: TableModel) -> None:
    from tasou.cli import _scores
    from tasou.tables import aligned

    print(say(TEXTS["table"], path=path, target=model.goal.column), end="\n\n")
    _print_pairs(_facts(path, model))
    print(f"\n{model.ensemble.members[0][0].summary()}\n")
    print(say(TEXTS["columns"]))
    head = tuple(say(HEAD).split("|"))
    print(aligned([head, *map(_step, model.preparation.steps)], most=(36, 14, 80)))
    if model.unused:
        print(say(TEXTS["unused"], names=", ".join(model.unused)))
    if model.test is not None:
        print("\n" + say(TEXTS["tested"], n=f"{model.test.rows:,}"))
        print(_scores.table(model.test))


def _facts(path: str, model: TableModel) -> Iterator[tuple[str, str]]:
    from tasou.cli._words import made
    from tasou.formats.model_file import read_model
    from tasou.tables.targets import ClassTarget

    goal = model.goal
    if isinstance(goal, ClassTarget):
        shown = ", ".join(map(str, goal.classes[:8])) + (", …" if len(goal.classes) > 8 else "")
        yield _pair("classification", n=len(goal.classes), classes=shown)
    else:
        yield _pair("regression", log=say(TEXTS["log"]) if goal.scaling.unit else "")
    yield _pair("trained", rows=f"{model.rows:,}", seed=model.settings.seed)
    for line in made(model):
        yield _pair("epochs", ending=line)
    description = read_model(path).model
    if "float16" in description:
        yield _pair("float16", change=description["float16"]["change"])
    versions: Any = description["made_with"]
    yield _pair("made", versions=", ".join(f"{name} {version}" for name, version in versions.items()))


def _pair(text: str, **values: Any) -> tuple[str, str]:
    name, _, value = say(TEXTS[text], **values).partition("|")
    return name, value


def _step(step: Step) -> tuple[str, str, str]:
    return step.column, step.title.text(), step.describe().text()
