"""scikit-learn's own tests pass on our estimators, on every backend."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sklearn

PRIVATE = {
    "test_fit": "sets private attributes before the first fit",
    "test_gradient": "calls _loss_grad_lbfgs",
    "test_learning_rate_warmstart": "reads _optimizer.learning_rate",
    "test_adaptive_learning_rate": "reads _optimizer.learning_rate",
}
"""items left out because they reach for private names of scikit-learn's class"""
OTHERWISE = {
    "test_early_stopping_stratified": "wants a class of one row to be called True; here it has the user's name",
}
"""items left out because we do it otherwise, on purpose"""

pytestmark = pytest.mark.upstream  # minutes, not seconds: scripts/test -m upstream

RECENT = tuple(int(part) for part in sklearn.__version__.split(".")[:2]) >= (1, 9)


def upstream(module: str, backend: str, deselected: list[str]) -> tuple[dict[str, int], str]:
    """Run a test module of the installed scikit-learn on our classes; what pytest counted, and its output."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        pytest.skip(f"this scikit-learn comes without {module}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "swap", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["-W", "ignore", "-c", os.devnull, "--rootdir", str(Path(spec.origin).parent), spec.origin]
    command += [part for name in deselected for part in ("--deselect", f"{Path(spec.origin).name}::{name}")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "TASOU_BACKEND": backend}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=500, check=False)
    counts = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout[-400:])}
    built = re.search(r"built: tasou (\d+), sklearn (\d+)", done.stdout)
    assert built is not None, done.stdout[-3000:] + done.stderr[-3000:]
    assert int(built[1]) > 0
    assert int(built[2]) == 0
    return counts, done.stdout


@pytest.mark.skipif(not RECENT, reason="the counts are those of scikit-learn 1.9")
@pytest.mark.parametrize("backend", ["numpy", "native"])
def test_multilayer_perceptron(backend):
    from tasou import backends

    if backend == "native" and backends.describe()["backend"] != "native":
        pytest.skip("no native library was built")
    counts, output = upstream("sklearn.neural_network.tests.test_mlp", backend, [*PRIVATE, *OTHERWISE])
    assert counts == {"passed": 54}, output[-3000:]


@pytest.mark.skipif(not RECENT, reason="the counts are those of scikit-learn 1.9")
def test_perceptron():
    counts, output = upstream("sklearn.linear_model.tests.test_perceptron", "numpy", [])
    assert counts == {"passed": 6}, output[-3000:]
