"""The command ``tasou``: every module of this folder is one sub-command.

A command has ``add_parser(subparsers)``, which returns its parser, and ``run(args)``, which returns the exit code.
Modules whose name begins with an underscore are what the commands share.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any

from tasou.cli._parser import HELP, Parser, add_language, spoken_language
from tasou.errors import TasouError
from tasou.language import language, say, use
from tasou.messages import Message
from tasou.registry import names_in
from tasou.text import TO_LOOK_ALIKES
from tasou.version import __version__

SYSTEM = Message("command.system", en="{what}", ja="{what}")
SYSTEM_AT = Message("command.system_at", en="{path}: {what}", ja="{path}：{what}")

ORDER = ("demo", "train", "predict", "info")
INTERNAL = 70
INTERRUPTED = 130
BROKEN_PIPE = 141

TEXTS = {
    "about": {
        "en": "The multilayer perceptron: learn it, see it, train it, ship it.",
        "ja": "多層パーセプトロンを学び、見て、学習させ、使う。",
    },
    "commands": {"en": "commands", "ja": "コマンド"},
    "internal": {
        "en": "tasou: internal error: {name}: {error} (TASOU_DEBUG=1 shows where)",
        "ja": "tasou: 内部エラー：{name}: {error}（TASOU_DEBUG=1 で発生箇所を表示）",
    },
    "memory": {
        "en": "the memory does not suffice: {error}",
        "ja": "メモリが足りません：{error}",
    },
    "interrupted": {"en": "tasou: interrupted", "ja": "tasou: 中断しました"},
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 2 bad input, 130 interrupted."""
    argv = list(sys.argv[1:] if argv is None else argv)
    with use(language(spoken_language(argv))), _plain_streams():
        try:
            return _run(argv)
        except BrokenPipeError:
            _forget_output()
            return BROKEN_PIPE
        except KeyboardInterrupt:
            print(say(TEXTS["interrupted"]), file=sys.stderr)
            return INTERRUPTED


def _run(argv: Sequence[str]) -> int:
    try:
        code = _answer(argv)
        _flush()
    except TasouError as error:
        return _complain(error.text())
    except BrokenPipeError:
        raise
    except OSError as error:  # a full disk behind the standard output, a network drive that is gone, …
        with contextlib.suppress(OSError):
            _flush()
        told = SYSTEM if error.filename is None else SYSTEM_AT
        return _complain(told(path=error.filename, what=error).text())
    except MemoryError as error:
        return _complain(say(TEXTS["memory"], error=error))
    except Exception as error:
        if os.environ.get("TASOU_DEBUG"):
            raise
        print(say(TEXTS["internal"], name=type(error).__name__, error=error), file=sys.stderr)
        return INTERNAL
    return code


def _answer(argv: Sequence[str]) -> int:
    try:
        args = _whole_parser(argv).parse_args(argv, argparse.Namespace(typed=argv))
    except SystemExit as end:  # argparse after --help, --version or a wrong option
        return end.code if isinstance(end.code, int) else 2
    threads: int | None = getattr(args, "threads", None)
    if threads is None:
        return int(args.run(args))
    from tasou.backends.processors import limited

    with limited(threads):
        return int(args.run(args))


def _flush() -> None:
    """Write what is still held back; where that fails, it is dropped, or the interpreter would complain once more."""
    try:
        sys.stdout.flush()
    except OSError:
        _forget_output()
        raise


def _complain(message: str) -> int:
    print("tasou: error:", " ".join(message.split()), file=sys.stderr)
    return 2


def _whole_parser(argv: Sequence[str]) -> Parser:
    """The parser with all commands, or with the one alone that is called: the others need not be imported."""
    parser = Parser(prog="tasou", description=say(TEXTS["about"]))
    parser.add_argument(
        "--version", action="version", version=f"tasou {__version__}", help=say(HELP["version"])
    )
    add_language(parser)
    parser.set_defaults(run=lambda _: _print_help(parser))
    subparsers = parser.add_subparsers(title=say(TEXTS["commands"]), metavar="COMMAND")
    for name in [argv[0]] if argv and argv[0] in commands() else commands():
        module = import_module(f"{__name__}.{name}")
        module.add_parser(subparsers).set_defaults(run=module.run)
    return parser


def _print_help(parser: Parser) -> int:
    parser.print_help()
    return 0


def commands() -> list[str]:
    """The names of all commands, the usual ones first."""
    found = set(names_in(__name__))
    return [*(name for name in ORDER if name in found), *sorted(found.difference(ORDER))]


@contextlib.contextmanager
def _plain_streams() -> Iterator[None]:
    """In here a warning takes one line, and a letter that the terminal cannot show does no harm."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=TO_LOOK_ALIKES)
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        yield


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    print("tasou: warning:", " ".join(str(message).split()), file=sys.stderr)


def _forget_output() -> None:
    """Nobody reads on: let the interpreter's last flush go nowhere instead of complaining."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
