"""Programs that tests write, and run where their language is there."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

COMMANDS = {"py": sys.executable, "mjs": "node", "c": "gcc"}
STRICT = ("-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic")


class Programs:
    """Writes a model as a program and runs it on CSV."""

    def __init__(self, folder) -> None:
        self.folder = folder

    def run(self, model, suffix, csv, *, code=0, **options):
        """What the program prints, or complains of, if it is to end with another code than 0."""
        from tasou import export

        export(model, self.folder / f"model.{suffix}", **options)
        done = subprocess.run(
            self.command(suffix), input=csv, capture_output=True, cwd=self.folder, check=False
        )
        assert done.returncode == code, done.stderr.decode()
        return (done.stderr if code else done.stdout).decode()

    def command(self, suffix):
        """How the program is called; C is compiled first."""
        if suffix == "c":
            build = ["gcc", *STRICT, "model.c", "-o", "model"]
            subprocess.run(build, cwd=self.folder, check=True, capture_output=True)
            return [str(self.folder / "model")]
        return {"py": [sys.executable, "-I", "-S", "model.py"], "mjs": ["node", "model.mjs"]}[suffix]


@pytest.fixture
def programs(tmp_path):
    return Programs(tmp_path)


@pytest.fixture(params=COMMANDS)
def suffix(request):
    """Each language that can be run here."""
    if not shutil.which(COMMANDS[request.param]):
        pytest.skip(f"{COMMANDS[request.param]} is not here")
    return request.param


@pytest.fixture
def node():
    """Runs JavaScript, and returns what it prints."""
    if not shutil.which("node"):
        pytest.skip("node is not here")

    def run(text):
        command = ["node", "--input-type=module", "-e", text]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    return run
