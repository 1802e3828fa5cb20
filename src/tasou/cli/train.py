"""``tasou train``: a network from a data file, tested on rows it has not seen, written to one file."""

from __future__ import annotations

import argparse
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasou.cli import _parser, _training
from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message

if TYPE_CHECKING:
    from tasou.diagnostics import Watch
    from tasou.models.table_model import TableModel
    from tasou.tables import Roles, Table
    from tasou.tabular.plain import Settings

NO_STDOUT = Message(
    "command.model_to_stdout",
    en="cannot write the model to the standard output, which tells the result: name a file with -o",
    ja="標準出力には結果を表示するので、モデルは書けません。-o でファイル名を指定してください",
)
FILE_OR_EXAMPLE = Message(
    "command.file_or_example",
    en="name a data file with its --target (tasou train data.csv --target COLUMN), or an example table (tasou train "
    "--example icecream)",
    ja="データファイルと --target（tasou train data.csv --target 列名）か、例の表（tasou train --example icecream）の"
    "どちらかを指定してください",
)
NO_TARGET = Message(
    "command.no_target",
    en="the following arguments are required: --target (see: tasou train --help)",
    ja="次の引数が必要です：--target（tasou train --help を参照）",
)
WITHOUT_TARGET = Message(
    "command.without_target",
    en="{n:,} {n:row has|rows have} no value of {target}{marks} and {n:is|are} left out",
    ja="{target} の値がない{marks} {n:,} 行は使わない",
)
MARKS = Message("command.missing_marks", en=" ({cells:names})", ja="（{cells:names}）")

SUMMARY = {
    "en": "train a network on a data file (CSV, TSV, JSON Lines, Excel, Parquet, SQLite, …)",
    "ja": "データファイル（CSV、TSV、JSON Lines、Excel、Parquet、SQLite など）でネットワークに学習させる",
}
EXAMPLE = {
    "en": "example:\n  tasou train titanic.csv --target survived --report titanic.html",
    "ja": "例：\n  tasou train titanic.csv --target survived --report titanic.html",
}
HELP = {
    "file": {"en": "the data file; - for the standard input", "ja": "データファイル。- で標準入力"},
    "target": {"en": "the column to predict", "ja": "予測する列（目的変数）"},
    "example": {
        "en": "an example table in place of FILE, with its own target; tasou example lists them",
        "ja": "FILE の代わりに例の表を使う（目的変数は表ごとに決まっている）。一覧は tasou example",
    },
    "output": {
        "en": "the model file (default: FILE's name with .tasou)",
        "ja": "モデルファイル（既定：FILE の名前.tasou）",
    },
    "report": {
        "en": "write a report with pictures, one HTML file",
        "ja": "図入りの報告書を HTML ファイル1つに書く",
    },
    "columns": {"en": "columns (names separated by commas)", "ja": "列（名前をコンマで区切る）"},
    "drop": {"en": "columns not to learn from", "ja": "学習に使わない列"},
    "categorical": {
        "en": "columns that are categories, even if they look like numbers",
        "ja": "数値に見えてもカテゴリとして扱う列",
    },
    "numeric": {"en": "columns that are numbers", "ja": "数値として扱う列"},
    "task": {
        "en": "what the target asks for (default: seen from its values)",
        "ja": "課題の種類（既定：目的変数の値から判断）",
    },
    "test": {
        "en": "share of the rows kept apart for the test (default: 0.2)",
        "ja": "テスト用に分けておく行の割合（既定：0.2）",
    },
    "diagnose": {
        "en": "watch the training and say what may be wrong with it",
        "ja": "学習を見守り、不調があれば知らせる",
    },
}
TEXTS = {
    "read": {"en": "{source}: {rows} rows, {columns} columns", "ja": "{source}：{rows} 行、{columns} 列"},
    "classification": {
        "en": "target {target}: classification, {n} classes",
        "ja": "目的変数 {target}：分類、{n} クラス",
    },
    "regression": {"en": "target {target}: regression", "ja": "目的変数 {target}：回帰"},
    "parts": {
        "en": "{train} rows to learn from, {test} kept apart to test",
        "ja": "学習 {train} 行、テスト {test} 行",
    },
    "network": {"en": "network {shape}, {n} parameters", "ja": "ネットワーク {shape}、パラメータ {n} 個"},
    "tested": {"en": "on the {n} test rows:", "ja": "テスト {n} 行での結果："},
    "trained": {
        "en": "on the {n} training rows (there is no test part, so expect less on new rows):",
        "ja": "学習 {n} 行での結果（テスト用の行がないため、新しいデータではこれより低い）：",
    },
    "worse": {
        "en": "the network is no better than the baseline: these columns may not tell the target",
        "ja": "常に同じ値を答える場合より良くなっていない：これらの列からは目的変数が分からない可能性がある",
    },
    "model": {"en": "model:  {path} ({size})", "ja": "モデル：{path}（{size}）"},
    "report": {"en": "report: {path} ({size})", "ja": "報告書：{path}（{size}）"},
}
BY_HAND = ("drop", "categorical", "numeric")
FEWEST_ROWS_TO_TEST = 20
MANY_COLUMNS = 2_000
INTERRUPTED = 130


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou train``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "train", help=say(SUMMARY), description=say(SUMMARY), epilog=say(EXAMPLE)
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help=say(HELP["file"]))
    parser.add_argument("--target", metavar="COLUMN", help=say(HELP["target"]))
    parser.add_argument("--example", metavar="NAME", help=say(HELP["example"]))
    parser.add_argument("-o", "--output", metavar="MODEL", help=say(HELP["output"]))
    parser.add_argument("--report", metavar="HTML", help=say(HELP["report"]))
    columns = parser.add_argument_group(say(HELP["columns"]))
    for role in BY_HAND:
        columns.add_argument(
            f"--{role}", action="append", default=[], metavar="COLUMNS", help=say(HELP[role])
        )
    columns.add_argument("--task", choices=("classification", "regression"), help=say(HELP["task"]))
    _training.add_options(parser)
    parser.add_argument("--test-size", type=_parser.share, metavar="SHARE", help=say(HELP["test"]))
    parser.add_argument("--diagnose", action="store_true", help=say(HELP["diagnose"]))
    _parser.add_values(parser)
    _parser.add_reading(parser)
    _parser.add_threads(parser)
    _parser.add_language(parser)
    _parser.add_quiet(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Read, understand, train, test, write; nothing is written where anything is wrong."""
    _check_source(args)
    with _parser.muted(args.quiet):
        return _run(args, args.output or _default_output(args.file or args.example))


def _check_source(args: argparse.Namespace) -> None:
    """A file with its target, or an example, which knows its own."""
    if (args.file is None) == (args.example is None):
        raise TasouError(FILE_OR_EXAMPLE)
    if args.file is not None and args.target is None:
        raise TasouError(NO_TARGET)


def _read(args: argparse.Namespace) -> Table:
    """The table of the file, or the example, read as its file would be."""
    from tasou import examples
    from tasou.tables import read

    if args.example is None:
        return read(args.file, **_parser.reading_options(args), **_parser.value_options(args))
    example = examples.make(args.example)
    args.target = args.target or example.target
    table = read(BytesIO(example.csv().encode()), **_parser.value_options(args))
    table.source = f"{example.name}.csv"
    return table


def _run(args: argparse.Namespace, output: str) -> int:
    from tasou import writing
    from tasou.cli import _files
    from tasou.models import save
    from tasou.tables import infer

    settings = _training.settings(args)
    if output == "-":
        raise TasouError(NO_STDOUT)
    _files.check_outputs(output, args.report, inputs=[args.file] if args.file else [])
    table = _read(args)
    roles = infer(table, args.target, task=args.task, **_asked(args, table))
    _tell_data(table, roles)
    train, test = _parts(table, roles, args.test_size, settings.seed or 0)
    _check_room(train, roles)
    watch = _watch(args)
    model = _train(train, test, roles, settings, watch, quiet=args.quiet)
    _tell_result(model, train, test)
    save(model, output)
    print(say(TEXTS["model"], path=output, size=_files.size_of(output)))
    if args.report:
        from tasou.cli._report import report

        diagnosis = None if watch is None else watch.diagnosis()
        writing.write_text(args.report, report(model, table, roles, train, test, diagnosis))
        print(say(TEXTS["report"], path=args.report, size=_files.size_of(args.report)))
    return INTERRUPTED if model.finished == "interrupted" else 0


def _asked(args: argparse.Namespace, table: Table) -> dict[str, list[str]]:
    """The columns named for each role; what is dropped needs no other one."""
    asked = {role: _parser.names(getattr(args, role), table.names) for role in BY_HAND}
    dropped = asked.pop("drop")
    return {
        "drop": dropped,
        **{role: [n for n in names if n not in dropped] for role, names in asked.items()},
    }


def _default_output(file: str) -> str:
    name = "model" if file == "-" else Path(file).name.removesuffix(".gz")
    return f"{Path(name).stem}.tasou"


def _parts(table: Table, roles: Roles, test_size: float | None, seed: int) -> tuple[Table, Table | None]:
    """The rows with a target, in a part to train on and a part to test on; a small table is all to train on."""
    from tasou.tables import split

    goal = str(roles.target)
    table = table.take(roles.known(table))
    share = (0.2 if len(table) >= FEWEST_ROWS_TO_TEST else 0.0) if test_size is None else test_size
    classes = table.column(goal).distinct.codes if roles.task == "classification" else None
    train, test = split(len(table), share, rng=seed, stratify=classes)
    return table.take(train), table.take(test) if len(test) else None


def _train(
    train: Table, test: Table | None, roles: Roles, settings: Settings, watch: Watch | None, *, quiet: bool
) -> TableModel:
    from tasou.cli._progress import Progress
    from tasou.models.table_model import TableModel

    print(say(TEXTS["parts"], train=f"{len(train):,}", test=f"{len(test) if test else 0:,}"), flush=True)
    with Progress(settings.epochs_of(len(train)), quiet=quiet) as progress:
        callbacks: list[Any] = [progress]
        if watch is not None:
            watch.stream = progress.stream  # findings go where the progress goes
            callbacks.append(watch)
        model = TableModel.fit(train, roles, settings, callbacks=callbacks)
    if not model.history.get("loss"):
        raise KeyboardInterrupt  # before anything was learnt
    if test is not None:
        model.test = model.evaluate(test)
    return model


def _check_room(train: Table, roles: Roles) -> None:
    """Say before the training that a model of so many columns could not be saved."""
    if len(train.names) > MANY_COLUMNS:
        from tasou.models import table_state
        from tasou.tables import Preparation

        table_state.check_room(Preparation.fit(train, roles))


def _watch(args: argparse.Namespace) -> Watch | None:
    """What diagnoses the training, if that was asked for."""
    from tasou.diagnostics import Watch

    return Watch(quiet=args.quiet, face="command") if args.diagnose else None


def _tell_data(table: Table, roles: Roles) -> None:
    from tasou.cli._words import NOTE

    print(say(TEXTS["read"], source=table.source, rows=f"{len(table):,}", columns=len(table.names)))
    for note in table.notes:
        print(say(NOTE, text=note.text()))
    print(f"\n{roles.table()}\n")
    for note in roles.notes:
        print(say(NOTE, text=note.text()))
    goal = roles[str(roles.target)]
    print(say(TEXTS[str(roles.task)], target=goal.name, n=goal.seen.distinct))
    if roles.rows_without_target:
        marks = MARKS(cells=list(roles.without_target[:4])) if roles.without_target else ""
        print(WITHOUT_TARGET(n=roles.rows_without_target, target=goal.name, marks=marks).text())


def _tell_result(model: TableModel, train: Table, test: Table | None) -> None:
    """The network, how training ended, and its scores beside the baseline's."""
    from tasou.cli import _scores
    from tasou.cli._words import ending, shape

    print(say(TEXTS["network"], shape=shape(model.network), n=f"{model.network.theta.size:,}"))
    print(ending(model), end="\n\n")
    scores = model.test or model.evaluate(train)
    print(say(TEXTS["trained" if test is None else "tested"], n=f"{scores.rows:,}"))
    print(_scores.table(scores))
    if not scores.beats_baseline:
        print(say(TEXTS["worse"]))
    print()
