"""``tasou predict``: what a model says about the rows of a data file, in the same order."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from tasou.cli import _parser
from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message

if TYPE_CHECKING:
    from tasou.models.table_model import TableModel
    from tasou.tables import Table

NO_COLUMNS = Message(
    "command.bare_model",
    en="{path} holds a bare {kind}, which knows no columns: use tasou.load in Python",
    ja="{path} の中身は {kind} だけで、表の列を知りません。Python の tasou.load を使ってください",
)

NOT_SCORED = Message(
    "command.not_scored",
    en="the predictions cannot be scored: {reason}",
    ja="予測を採点できません：{reason}",
)

SUMMARY = {
    "en": "predict the rows of a data file with a trained model",
    "ja": "学習済みモデルでデータファイルの各行を予測する",
}
EXAMPLE = {
    "en": "examples:\n  tasou predict titanic.tasou new.csv -o answers.csv\n"
    "  cat new.csv | tasou predict titanic.tasou --proba > answers.csv",
    "ja": "例：\n  tasou predict titanic.tasou new.csv -o answers.csv\n"
    "  cat new.csv | tasou predict titanic.tasou --proba > answers.csv",
}
HELP = {
    "model": {"en": "the model file", "ja": "モデルファイル"},
    "file": {
        "en": "the data file; - or nothing for the standard input",
        "ja": "データファイル。- または省略で標準入力",
    },
    "output": {
        "en": "the CSV file to write (default: the standard output)",
        "ja": "書き出す CSV ファイル（既定：標準出力）",
    },
    "proba": {
        "en": "add the probability of each class, in columns p_CLASS",
        "ja": "各クラスの確率も p_クラス名 の列に書く",
    },
    "contributions": {
        "en": "add what each column contributes to the answer (Shapley values), in columns c_COLUMN; with c_base "
        "they sum to the number, or to the logit of the second of two classes, of several of the one predicted",
        "ja": "各列が予測にどれだけ寄与したか（Shapley 値）も c_列名 の列に書く。c_base との和が、数値の予測値か、"
        "2クラスなら2番目のクラス、3クラス以上なら予測したクラスのロジットになる",
    },
    "ledger": {
        "en": "instead of predictions, write down how the answer for row ROW of FILE (from 1) comes about: its cells "
        "as numbers, what each member says, their average",
        "ja": "予測の代わりに、FILE の ROW 行目（1から数える）の答えができるまでを書く：数値になったセル、"
        "各メンバーの答え、その平均",
    },
    "member": {
        "en": "with --ledger: every number within member J (from 1), and the way back where FILE has the target",
        "ja": "--ledger と一緒に：メンバー J（1から数える）の中のすべての数値。FILE に目的変数があれば逆伝播も示す",
    },
    "keep": {
        "en": "put the columns of FILE in front, each cell as it stands",
        "ja": "FILE の列も、セルをそのまま前に付ける",
    },
    "encoding": {
        "en": "encoding of what is written, e.g. cp932, or utf-8-sig for Excel (default: utf-8)",
        "ja": "書き出す文字コード。例：cp932、Excel 用には utf-8-sig（既定：utf-8）",
    },
    "safe": {
        "en": "put an apostrophe before texts that a spreadsheet would run as a formula (=, +, -, @)",
        "ja": "表計算ソフトが数式として実行する文字列（=、+、-、@ で始まるもの）の前に ' を付ける",
    },
}
TEXTS = {
    "extra": {
        "en": "note: the model does not know the columns {names}; they are not used",
        "ja": "注：モデルにない列 {names} は使わない",
    },
    "scores": {
        "en": "{file} has the target {target} in {n} rows, so the predictions can be scored:",
        "ja": "{file} の {n} 行には目的変数 {target} の値があるので、予測を採点する：",
    },
    "written": {"en": "{n} predictions: {path}", "ja": "予測 {n} 行：{path}"},
}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou predict``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "predict", help=say(SUMMARY), description=say(SUMMARY), epilog=say(EXAMPLE)
    )
    parser.add_argument("model", metavar="MODEL", help=say(HELP["model"]))
    parser.add_argument("file", metavar="FILE", nargs="?", default="-", help=say(HELP["file"]))
    parser.add_argument("-o", "--output", metavar="CSV", default="-", help=say(HELP["output"]))
    parser.add_argument("--proba", action="store_true", help=say(HELP["proba"]))
    parser.add_argument("--contributions", action="store_true", help=say(HELP["contributions"]))
    parser.add_argument("--ledger", type=_parser.whole, metavar="ROW", help=say(HELP["ledger"]))
    parser.add_argument("--member", type=_parser.whole, metavar="J", help=say(HELP["member"]))
    parser.add_argument("--keep", action="store_true", help=say(HELP["keep"]))
    parser.add_argument("--output-encoding", default="utf-8", metavar="ENCODING", help=say(HELP["encoding"]))
    parser.add_argument("--excel-safe", action="store_true", help=say(HELP["safe"]))
    _parser.add_values(parser, missing=False)
    _parser.add_reading(parser)
    _parser.add_threads(parser)
    _parser.add_language(parser)
    _parser.add_quiet(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Load, read, predict, write; what is worth knowing besides goes to the standard error."""
    from tasou import writing
    from tasou.cli import _answers, _contributions, _files, _ledger
    from tasou.tables import read

    form = _answers.Format(args.output_encoding, args.excel_safe)
    form.check()
    _ledger.check(args)
    output = None if args.output == "-" else args.output
    _files.check_outputs(output, inputs=[args.model, args.file])
    model = _load(args.model)
    table = read(args.file, **_parser.reading_options(args), **_parser.value_options(args))
    if args.ledger is not None:
        return _write_ledger(model, table, args)
    columns = _answers.answers(model, table, proba=args.proba, keep=args.keep)
    if args.contributions:
        columns |= _contributions.answers(model, table, columns, quiet=args.quiet)
    chunks = _answers.encoded(columns, table, form)
    if not args.quiet:
        _tell(model, table)
    if output is None:
        _files.write_to_standard_output(chunks)
        return 0
    writing.write(output, chunks)
    if not args.quiet:
        print(say(TEXTS["written"], n=f"{len(table):,}", path=output))
    return 0


def _write_ledger(model: TableModel, table: Table, args: argparse.Namespace) -> int:
    """One row, number by number, to the file or to the standard output."""
    from tasou import writing
    from tasou.cli import _ledger
    from tasou.text import TO_LOOK_ALIKES

    text = _ledger.written(model, table, args.ledger, args.member)
    if args.output == "-":
        print(text)
    else:
        writing.write(args.output, [f"{text}\n".encode(args.output_encoding, TO_LOOK_ALIKES)])
    if not args.quiet and args.member is None and len(model.ensemble.members) > 1:
        print(say(_ledger.TEXTS["more"]), file=sys.stderr)
    return 0


def _load(path: str) -> TableModel:
    from tasou.errors import ModelFileError
    from tasou.models import load
    from tasou.models.table_model import TableModel

    model = load(path)
    if not isinstance(model, TableModel):
        raise ModelFileError(NO_COLUMNS, path=path, kind=type(model).__name__)
    return model


def _tell(model: TableModel, table: Table) -> None:
    """What the model does not know, and the scores where the answers are known already."""
    from tasou.cli import _scores
    from tasou.cli._words import NOTE

    for note in table.notes:
        print(say(NOTE, text=note.text()), file=sys.stderr)
    extra = model.preparation.check(table, tuple(model.unused))
    if extra:
        print(say(TEXTS["extra"], names=", ".join(extra[:8])), file=sys.stderr)
    for note in model.notes(table):
        print(say(NOTE, text=note.text()), file=sys.stderr)
    target = model.goal.column
    if target not in table or not model.preparation.known(table).any():
        return
    try:
        scores = model.evaluate(table)
    except TasouError as error:  # other values than in training
        print(say(NOTE, text=NOT_SCORED(reason=error).text()), file=sys.stderr)
        return
    print(say(TEXTS["scores"], file=table.source, target=target, n=f"{scores.rows:,}"), file=sys.stderr)
    print(_scores.table(scores), file=sys.stderr)
