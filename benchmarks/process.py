"""A library in a process of its own, that is asked to run something and answers with its time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class Worker:
    """A library in its process; with ``root`` that of another checkout, in its environment."""

    def __init__(self, module: str, threads: int, root: Path | None = None) -> None:
        python = sys.executable if root is None else str(root / ".venv" / "bin" / "python")
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.workers", module, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root or ROOT,
            env=os.environ
            | {f"{library}_NUM_THREADS": str(threads) for library in ("OMP", "OPENBLAS", "MKL")},
        )
        self.hello: dict[str, Any] = self._answer()

    def ask(self, **request: Any) -> dict[str, float]:
        """Seconds for one run."""
        assert self._process.stdin
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        return json.loads(line) if line else {"absent": "its process ended"}

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(60)


def answer_of(call: str, **threads: str) -> Any:
    """What a call such as ``table_costs.one(1000, 10)`` of a module here returns (as JSON) in a process of its own."""
    module = call.partition(".")[0]
    done = subprocess.run(
        [sys.executable, "-c", f"import json; from benchmarks import {module}; print(json.dumps({call}))"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {f"{library}_NUM_THREADS": n for library, n in threads.items()},
        cwd=ROOT,
    )
    return json.loads(done.stdout.splitlines()[-1])


def told(what: str) -> None:
    """Say what is being done."""
    print(what, file=sys.stderr, flush=True)
