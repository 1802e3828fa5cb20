r"""Make the project's own Python environment in .venv; Python >= 3.11 and pip, venv or uv are enough. Any system.

    scripts/setup            (Windows: py scripts\setup.py)        what tasou needs
    scripts/setup dev        (Windows: py scripts\setup.py dev)    and what its tests and checks need

A second run is instant, until the requirements or the native code change. Where a shell has scripts/setup,
PYTHON=/path/to/python chooses the interpreter; with Windows' launcher, py -3.12 does.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
NATIVE = "src/tasou/backends/native"
SOURCES = (
    "pyproject.toml",
    "hatch_build.py",
    "src/tasou/formulas/**/*.py",
    f"{NATIVE}/**/*.py",
    f"{NATIVE}/**/*.[chp]*",
)
FOREIGN = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME")


def setup(group=""):
    """Make or renew the environment; gives its Python."""
    if sys.version_info < OLDEST:
        fail("Python {}.{} is too old, 3.11 or newer is needed".format(*sys.version_info))
    for name in FOREIGN:
        os.environ.pop(name, None)
    state, ready = _state(), VENV / f"ready{group}"
    if not (ready.is_file() and ready.read_text("utf-8") == state and _suits(PYTHON)):
        say(f"preparing {VENV} (once, about a minute) ...")
        if not _suits(PYTHON):
            _make()
        _install(["--editable", str(ROOT), *_requirements(group)])
        for file in {VENV / "ready", ready}:
            file.write_text(state, "utf-8")
    return str(PYTHON)


def run(arguments, group="", **environment):
    """Run the environment's Python in place of this one."""
    command = [setup(group), *arguments]
    os.environ.update(environment)
    if os.name == "nt":  # where exec would leave the terminal to two programs
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)


def say(words):
    """On standard error."""
    print(f"setup: {words}", file=sys.stderr, flush=True)


def fail(words):
    """The last word."""
    say(words)
    sys.exit(1)


def _state():
    """What the environment was made from; where it changes, the environment is made anew."""
    digest = hashlib.sha256(str(ROOT).encode())
    for pattern in SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _suits(python):
    code = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True).returncode == 0
    except OSError:
        return False


def _make():
    """No pip is put into .venv: Debian splits that part of venv off. Any pip >= 22.3 can install from outside."""
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(VENV)], capture_output=True, text=True
    )
    if made.returncode == 0 and _suits(PYTHON):
        return
    uv = shutil.which("uv")
    if (
        uv
        and subprocess.run(
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
        ).returncode
        == 0
    ):
        return
    fail(f"{sys.executable} cannot make an environment: {(made.stderr or made.stdout).strip()}")


def _requirements(group):
    if not group:
        return []
    import tomllib

    with open(ROOT / "pyproject.toml", "rb") as file:
        return tomllib.load(file)["dependency-groups"][group]


def _install(wanted):
    """By whatever can install: uv, the environment's own pip, this Python's, the one inside Python's library."""
    uv, quiet = shutil.which("uv"), ["--quiet", "--disable-pip-version-check"]
    if uv:
        if _runs([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON), *wanted]):
            return
        say("uv could not install, trying pip ...")
    for python in (str(PYTHON), sys.executable):
        pip = [python, "-m", "pip", "--python", str(PYTHON)]
        if subprocess.run([*pip, "--version"], capture_output=True).returncode == 0:
            return _runs([*pip, "install", *quiet, *wanted]) or _give_up()
    if subprocess.run([str(PYTHON), "-m", "ensurepip"], capture_output=True).returncode == 0:
        return _runs([str(PYTHON), "-m", "pip", "install", *quiet, *wanted]) or _give_up()
    return fail("no pip and no ensurepip found: install python3-pip or python3-venv, or uv")


def _runs(command):
    return subprocess.run(command, cwd=ROOT).returncode == 0


def _give_up():
    fail("installing failed (see above); run this again once the cause is gone")


if __name__ == "__main__":
    setup(*sys.argv[1:2])
