"""Build the native library: print the formulas as C, call the C compiler. Run by the installation alone."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .printing import print_formulas, print_pointers, print_table

HERE = Path(__file__).parent.parent
FORMULAS = HERE.parent.parent / "formulas"
LIBRARY = HERE / {"darwin": "tasou_native.dylib", "win32": "tasou_native.dll"}.get(
    sys.platform, "tasou_native.so"
)

STRUCTS = HERE / "c" / "structs.h"
SOURCES = ("single.c", "double.c", "tasou.c", "team.c")

# No -ffast-math: sums keep their order, NaN stays NaN. Products and sums are not fused, so that all processors compute
# the same bits; that square roots set errno and that floating-point exceptions are observed, nobody here needs.
FLAGS = [
    *("-std=gnu11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden"),
    *(
        "-ffp-contract=off",
        "-fno-math-errno",
        "-fno-trapping-math",
        "-Wno-psabi",
        "-Wno-unknown-warning-option",
    ),
]


def build(
    say: Callable[[str], Any] = print,
    flags: Sequence[str] = (),
    library: Path = LIBRARY,
    formulas: Path = FORMULAS,
) -> Path | None:
    """Compile the library, unless it is up to date, and return its path; None (said why) if no compiler could."""
    if not flags and up_to_date(library):
        return library
    with tempfile.TemporaryDirectory() as folder:
        for reason in write_sources(Path(folder), formulas):
            say(f"tasou: not in native code: {reason}")
        for compiler in compilers():
            # the second try is for compilers that cannot build one function for several processors
            for extra in ([], ["-DTASOU_ONE_TARGET"]):
                error = compiled([*compiler, *FLAGS, *extra, *flags], Path(folder), library)
                if not error:
                    return library
            say(f"tasou: {shlex.join(compiler)} cannot build the native backend: {error}")
    library.unlink(missing_ok=True)  # one that is out of date is none
    say("tasou: no C compiler at work; the NumPy backend computes the same, more slowly")
    return None


def up_to_date(library: Path) -> bool:
    """Whether no source is newer than the library."""
    sources = [*(HERE / "c").glob("*.h"), *(HERE / "c").glob("*.c"), *Path(__file__).parent.glob("*.py")]
    newest = max(path.stat().st_mtime for path in [*sources, *FORMULAS.rglob("*.py")])
    return library.exists() and library.stat().st_mtime >= newest


def write_sources(folder: Path, formulas: Path = FORMULAS) -> list[str]:
    """The formulas as C: three files that engine.h and tasou.c include. Returns why others cannot be printed."""
    printed = print_formulas(formulas)
    table = print_table(printed) + f'EXPORT const char TASOU_STRUCTS[] = "{structs_digest()}";\n'
    (folder / "formulas.h").write_text(printed.text, encoding="utf-8")
    (folder / "pointers.h").write_text(print_pointers(printed.functions), encoding="utf-8")
    (folder / "table.h").write_text(table, encoding="utf-8")
    return [f"{function.module.path}.py, {reason}" for function, reason in printed.unprintable]


def structs_digest() -> str:
    """A checksum of the structs that Python and C share: a library built from others is not used."""
    return hashlib.sha256(STRUCTS.read_text(encoding="utf-8").encode()).hexdigest()[:16]


def compilers() -> Iterator[list[str]]:
    """The compiler named by CC alone, or those usually found."""
    if os.environ.get("CC"):
        yield shlex.split(os.environ["CC"])
        return
    for name in ("gcc", "clang", "cc"):
        if shutil.which(name):
            yield [name]


def compiled(command: Sequence[str], generated: Path, library: Path) -> str:
    """Run the compiler; an error message, or nothing where it succeeded."""
    target = generated / library.name
    command = [
        *command,
        f"-I{generated}",
        f"-I{HERE / 'c'}",
        *(str(HERE / "c" / name) for name in SOURCES),
        "-o",
        str(target),
        "-lm",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    if done.returncode or not target.exists():
        return done.stderr.strip()[-500:] or f"exit status {done.returncode}"
    _put(target, library)
    return ""


def _put(built: Path, library: Path) -> None:
    """In one move: whoever has loaded the old library keeps it, whoever loads one now gets it whole."""
    beside = library.with_name(f".{os.getpid()}-{library.name}")
    try:
        shutil.copy(built, beside)
        os.replace(beside, library)
    finally:
        beside.unlink(missing_ok=True)
