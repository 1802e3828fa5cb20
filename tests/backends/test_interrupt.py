"""Ctrl-C is heard between the calls of the native backend, wherever it comes."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import Network, Training, backends


@pytest.mark.skipif(backends.describe()["backend"] != "native", reason="no native library")
def test_no_call_asks_numpy_to_describe_fields(monkeypatch):
    """NumPy describes structured arrays in Python and drops whatever is raised there, a Ctrl-C too."""
    calls = []
    internal = pytest.importorskip("numpy._core._internal")
    describe = internal._array_descr
    monkeypatch.setattr(internal, "_array_descr", lambda *a: (calls.append(a), describe(*a))[1])
    Training(Network((2, 4, 2), rng=0), rng=0).run(np.eye(2), [0, 1], epochs=3)
    assert calls == []
    assert np.zeros(1, [("a", "f8")]).__array_interface__  # the way it would go wrong
    assert calls
