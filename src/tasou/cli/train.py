"""``tasou train``: an ensemble from a data file, tested on rows it has not seen, written to one file."""

from __future__ import annotations

import argparse
import shlex
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasou.cli import _parser, _training
from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message

if TYPE_CHECKING:
    from tasou.cli._diagnoses import Watches
    from tasou.cli._splitting import Split
    from tasou.models.table_model import TableModel
    from tasou.tables import Roles, Table
    from tasou.tabular.plain import Settings
    from tasou.tabular.wish import Wish

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
    "en": "train networks on a data file (CSV, TSV, JSON Lines, Excel, Parquet, SQLite, …)",
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
        "en": "watch the training of each member and say what may be wrong with it",
        "ja": "各メンバーの学習を見守り、不調があれば知らせる",
    },
    "preset": {
        "en": "how much is done: default (an ensemble of 8 or 16 networks), fast (about a third of it), best "
        "(twice as much), plain (a single network as in the lecture, also where there are fewer than 60 rows)",
        "ja": "どこまで行うか：default（8か16個のネットワークのアンサンブル）、fast（その約 1/3）、best（約2倍）、"
        "plain（講義どおりのネットワーク1個。60行未満のときの既定）",
    },
    "group": {
        "en": "a column whose equal cells (a patient, a shop) are kept together when rows are kept out or tested; "
        "it is not learnt from",
        "ja": "同じ値（患者、店など）の行をまとめて扱う列。検証やテストで分断しない。学習には使わない",
    },
    "time": {
        "en": "a column of dates or numbers: the last rows are tested on, and rows are kept out by periods",
        "ja": "日付または数値の列。最後の期間の行でテストし、検証用の行も期間ごとに除く",
    },
    "time_limit": {
        "en": "what the training may take: the best that is done within it (fewer members, then fewer epochs, at last "
        "fewer rows); results then depend on the machine",
        "ja": "学習にかけてよい秒数。その中でできるだけのことをする（"
        "メンバー、エポック、行の順に減らす）。結果は計算機の速さによって変わる",
    },
    "float16": {
        "en": "write what the members have learnt in half precision: half the size; what it costs is said",
        "ja": "学習結果を半精度で書く。サイズは約半分。予測がどれだけ変わるかも示す",
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
    "half": {
        "en": "float16: answers for made-up rows change by at most {change:.1g}",
        "ja": "float16：架空の行への答えの変化は最大 {change:.1g}",
    },
    "tested": {"en": "on the {n} test rows:", "ja": "テスト {n} 行での結果："},
    "trained": {
        "en": "on the {n} training rows (there is no test part, so expect less on new rows):",
        "ja": "学習 {n} 行での結果（テスト用の行がないため、新しいデータではこれより低い）：",
    },
    "worse": {
        "en": "the model is no better than the baseline: these columns may not tell the target",
        "ja": "常に同じ値を答える場合より良くなっていない：これらの列からは目的変数が分からない可能性がある",
    },
    "model": {"en": "model:  {path} ({size}{holds})", "ja": "モデル：{path}（{size}{holds}）"},
    "report": {"en": "report: {path} ({size})", "ja": "報告書：{path}（{size}）"},
}
BY_HAND = ("drop", "categorical", "numeric")
MANY_COLUMNS = 2_000
PRESETS = ("default", "fast", "best", "plain")
DEFAULT, PLAIN, FEWEST_ROWS = "default", "plain", 60
"""the preset, if there are so many rows to learn from; of fewer nothing can be kept out"""
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
    together = columns.add_mutually_exclusive_group()
    for name in ("group", "time"):
        together.add_argument(f"--{name}", metavar="COLUMN", help=say(HELP[name]))
    parser.add_argument("--preset", choices=PRESETS, help=say(HELP["preset"]))
    parser.add_argument(
        "--time-limit", type=_parser.positive, metavar="SECONDS", help=say(HELP["time_limit"])
    )
    _training.add_options(parser)
    parser.add_argument("--test-size", type=_parser.share, metavar="SHARE", help=say(HELP["test"]))
    parser.add_argument("--diagnose", action="store_true", help=say(HELP["diagnose"]))
    parser.add_argument("--float16", action="store_true", help=say(HELP["float16"]))
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
    from tasou.cli import _files, _splitting, _words
    from tasou.models import save
    from tasou.tables import infer

    _training.wish(args, args.preset or DEFAULT)  # refuses what cannot be, before anything is read
    if output == "-":
        raise TasouError(NO_STDOUT)
    _files.check_outputs(output, args.report, inputs=[args.file] if args.file else [])
    table = _read(args)
    roles = infer(table, args.target, task=args.task, **_asked(args, table))
    _tell_data(table, roles)
    parts = _splitting.parts(table, roles, args, _training.asked(args).get("seed") or 0)
    preset = args.preset or (DEFAULT if len(parts.train) >= FEWEST_ROWS else PLAIN)
    wish = _training.wish(args, preset)
    _check_room(parts.train, roles)
    watches = _watches(args, wish)
    model = _train(parts, roles, wish, watches, args)
    _tell_result(model, parts.train, parts.test)
    change = save(model, output, float16=args.float16)
    print(say(TEXTS["model"], path=output, size=_files.size_of(output), holds=_words.holds(model)))
    if change is not None:
        print(say(TEXTS["half"], change=change))
    if args.report:
        from tasou.cli._report import report

        diagnosis = None if watches is None else watches.diagnosis()
        page = report(
            model, table, roles, parts.train, parts.test, diagnosis, shlex.join(["tasou", *args.typed])
        )
        writing.write_text(args.report, page)
        print(say(TEXTS["report"], path=args.report, size=_files.size_of(args.report)))
    return INTERRUPTED if model.finished == "interrupted" else 0


def _asked(args: argparse.Namespace, table: Table) -> dict[str, list[str]]:
    """The columns named for each role; what is dropped needs no other one."""
    asked = {role: _parser.names(getattr(args, role), table.names) for role in BY_HAND}
    dropped = asked.pop("drop")
    if args.group and args.group in table and args.group != args.target:
        dropped.append(args.group)
    return {
        "drop": dropped,
        **{role: [n for n in names if n not in dropped] for role, names in asked.items()},
    }


def _default_output(file: str) -> str:
    name = "model" if file == "-" else Path(file).name.removesuffix(".gz")
    return f"{Path(name).stem}.tasou"


def _train(
    parts: Split, roles: Roles, wish: Settings | Wish, watches: Watches | None, args: argparse.Namespace
) -> TableModel:
    from tasou.backends.processors import cores
    from tasou.cli._progress import Progress
    from tasou.models.table_model import TableModel
    from tasou.tabular.controls import Controls

    train, test, groups = parts
    print(say(TEXTS["parts"], train=f"{len(train):,}", test=f"{len(test) if test else 0:,}"), flush=True)
    with Progress(quiet=args.quiet) as progress:
        watching: list[Watches] = []
        if watches is not None:
            watches.stream = progress.stream  # findings go where the progress goes
            watching.append(watches)
        controls = Controls(
            n_jobs=cores(),
            seconds=args.time_limit,
            callbacks=lambda j: [each for watch in watching for each in watch.watchers(j)],
            teller=progress,
            curves=bool(args.report or args.diagnose),
            tables=tuple(watching),
        )
        model = TableModel.fit(train, roles, wish, groups=groups, controls=controls)
    if not any(history.get("loss") for history in model.ensemble.histories):
        raise KeyboardInterrupt  # before anything was learnt
    for watch in watching:
        watch.tell()
    if test is not None:
        model.test = model.evaluate(test)
    return model


def _check_room(train: Table, roles: Roles) -> None:
    """Say before the training that a model of so many columns could not be saved."""
    if len(train.names) > MANY_COLUMNS:
        from tasou.models import table_state
        from tasou.tables import Preparation

        table_state.check_room(Preparation.fit(train, roles))


def _watches(args: argparse.Namespace, wish: Settings | Wish) -> Watches | None:
    """What diagnoses the training, if that was asked for."""
    if not args.diagnose:
        return None
    from tasou.cli._diagnoses import Watches
    from tasou.tabular.plain import Settings

    watches = Watches(quiet=args.quiet)
    watches.alone = isinstance(wish, Settings)
    return watches


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
    """The members, how training ended, what was chosen, and the scores beside the baseline's."""
    from tasou.cli import _scores
    from tasou.cli._words import made

    print("\n".join(made(model)), end="\n\n")
    scores = model.test or model.evaluate(train)
    print(say(TEXTS["trained" if test is None else "tested"], n=f"{scores.rows:,}"))
    print(_scores.table(scores))
    if not scores.beats_baseline:
        print(say(TEXTS["worse"]))
    print()
