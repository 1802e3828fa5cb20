"""``tasou lecture``: the lecture's claims as experiments, its exercises, its slides."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasou.cli._parser import add_language, natural
from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message

if TYPE_CHECKING:
    from tasou.lecture import Experiment, Result

ONE_AT_A_TIME = Message(
    "command.one_at_a_time",
    en="one experiment at a time; --answer goes with: tasou lecture exercise NUMBER",
    ja="実験は1つずつ指定してください。--answer は tasou lecture exercise 番号 とともに使います",
)
NO_EXPERIMENT = Message(
    "command.no_experiment",
    en="--all and --slides take no experiment: leave {what!r} out",
    ja="--all と --slides に実験の指定は要りません。{what!r} を省いてください",
)
CANNOT_MAKE = Message(
    "command.cannot_make_folder",
    en="cannot make the folder {path}: {reason}",
    ja="フォルダ {path} を作れません：{reason}",
)

SUMMARY = {
    "en": "run the lecture's claims as experiments; exercises and slides",
    "ja": "講義の主張を実験で確かめる。演習問題とスライドも",
}
HELP = {
    "what": {
        "en": "which experiment: a section such as 1.2, 2.3b or 4 (without: list them); or 'exercise'",
        "ja": "実験の番号。1.2、2.3b、4 など（省略すると一覧）。または exercise",
    },
    "number": {
        "en": "with 'exercise': which one (without: list them)",
        "ja": "exercise のとき：問題の番号（省略すると一覧）",
    },
    "all": {
        "en": "run all experiments; exit status 1 if a claim does not hold",
        "ja": "すべての実験を実行。成り立たない主張があれば終了コード 1",
    },
    "figures": {
        "en": "folder for the pictures, SVG and PNG (default for a single experiment: {folder})",
        "ja": "図（SVG と PNG）の保存先フォルダ（1つの実験の既定：{folder}）",
    },
    "dark": {
        "en": "pictures (and slides) for a dark ground",
        "ja": "図（とスライド）を暗い背景用にする",
    },
    "slides": {
        "en": "write the chapter as Marp slides, in both languages, with their pictures, into this folder",
        "ja": "章全体の Marp スライドを、日英両方、図とともにこのフォルダに書く",
    },
    "answer": {
        "en": "with 'exercise': your answer, numbers with commas between, e.g. --answer=-0.53,0.47",
        "ja": "exercise のとき：解答。数をコンマで区切る。例：--answer=-0.53,0.47",
    },
    "seed": {
        "en": "seed of the data, the weights and your exercise's numbers (default: 0)",
        "ja": "データ・初期値・演習の数値を決める乱数シード（既定：0）",
    },
}
FOLDER = "tasou-lecture"
EXERCISE = "exercise"


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou lecture``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "lecture", help=say(SUMMARY), description=say(SUMMARY)
    )
    text = {name: say(help, folder=FOLDER).replace("%", "%%") for name, help in HELP.items()}
    parser.add_argument("what", nargs="?", metavar="EXPERIMENT", help=text["what"])
    parser.add_argument("number", nargs="?", metavar="NUMBER", help=text["number"])
    parser.add_argument("--all", action="store_true", help=text["all"])
    parser.add_argument("--figures", type=Path, metavar="DIR", help=text["figures"])
    parser.add_argument("--dark", action="store_true", help=text["dark"])
    parser.add_argument("--slides", type=Path, metavar="DIR", help=text["slides"])
    parser.add_argument("--answer", metavar="N[,N…]", help=text["answer"])
    parser.add_argument("--seed", type=natural, default=0, metavar="N", help=text["seed"])
    add_language(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """List, run one or all, write slides, or ask an exercise."""
    from tasou.lecture import all_experiments, report

    _check(args)
    if args.what == EXERCISE:
        return _exercise(args)
    if args.slides is not None:
        return _slides(args)
    if args.all:
        return _run_all(all_experiments(), args)
    if args.what is None:
        print(report.listing(all_experiments(), args.lang))
        return 0
    return _run_each(args)


def _check(args: argparse.Namespace) -> None:
    """Refuse options that do not go together, before anything is run."""
    if args.what != EXERCISE and (args.number is not None or args.answer is not None):
        raise TasouError(ONE_AT_A_TIME)
    if args.what is not None and (args.all or args.slides is not None):
        raise TasouError(NO_EXPERIMENT, what=args.what)


def _run_each(args: argparse.Namespace) -> int:
    """The experiments of a number in full, with their pictures."""
    from tasou import lecture
    from tasou.lecture import report

    folder = _folder(args.figures or Path(FOLDER))
    held = True
    for k, experiment in enumerate(lecture.find(args.what)):
        result = lecture.run(experiment, args.seed)
        held &= result.holds
        print(("\n" if k else "") + report.full(result, args.lang))
        print(report.written(_draw(result, folder, args), args.lang), flush=True)
    return 0 if held else 1


def _run_all(chosen: Sequence[Experiment], args: argparse.Namespace) -> int:
    """Every experiment, a line when it is done, the table at the end."""
    from tqdm import tqdm

    from tasou import lecture
    from tasou.lecture import report

    folder = None if args.figures is None else _folder(args.figures)
    results = []
    for experiment in tqdm(chosen, unit="exp", disable=None, leave=False):
        results.append(lecture.run(experiment, args.seed))
        if folder is not None:
            _draw(results[-1], folder, args)
    print(report.table(results, args.lang))
    if folder is not None:
        print(report.written([folder], args.lang))
    return 0 if all(result.holds for result in results) else 1


def _draw(result: Result, folder: Path, args: argparse.Namespace) -> list[Path]:
    from tasou.lecture import drawing

    return drawing.save(result, folder, args.lang, dark=args.dark)


def _slides(args: argparse.Namespace) -> int:
    """The chapter as slides; a claim that does not hold is told, not presented."""
    from tasou.lecture import slides

    paths = slides.write(_folder(args.slides), seed=args.seed, lang=args.lang, dark=args.dark)
    for path in paths:
        print(path)
    return 0


def _exercise(args: argparse.Namespace) -> int:
    from tasou.lecture import exercise

    if args.number is None:
        print(exercise.listing(args.lang))
        return 0
    task = exercise.find(args.number).task(args.seed)
    print(exercise.question(args.number, task, args.seed, args.lang))
    if args.answer is not None:
        return _mark(exercise, task, args.answer, args.lang)
    return exercise.ask(task, args.lang)


def _mark(exercise: Any, task: Any, answer: str, lang: str | None) -> int:
    """Check an answer given on the command line: 0 right, 1 wrong."""
    verdict = exercise.check(task, answer)
    print(verdict.text(lang))
    return 0 if verdict.right else 1


def _folder(path: Path) -> Path:
    """The folder, made where it is not there yet."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TasouError(CANNOT_MAKE, path=path, reason=error) from error
    return path
