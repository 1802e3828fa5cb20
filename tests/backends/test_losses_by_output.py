"""Several quantiles at once: one loss with a constant for each output, natively as in NumPy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tasou import Network, Training, backends
from tasou.backends.native.library import NotNative
from tasou.formulas import losses, quantiles

LEVELS = (0.1, 0.5, 0.9)


def learnt(backend, levels=LEVELS, hidden=20):
    value, delta = quantiles.loss(levels)
    loss = replace(losses.get("quantile"), parameters={}, value=value, delta=delta)
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(400, 2)), rng.normal(size=(400, 1))
    network = Network((2, hidden, 3), loss=loss, rng=0)
    with backends.use(backend):
        history = Training(network, optimizer="adam", batch_size=100, rng=0).run(X, y.repeat(3, 1), epochs=5)
    return [*history.loss, *network.theta]


@pytest.mark.parametrize("hidden", [5, 300])
def test_quantiles_are_learnt_alike_in_both_ways(native, hidden):
    native.reason = ""  # others use this backend too
    assert learnt(native, hidden=hidden) == pytest.approx(learnt("numpy", hidden=hidden), abs=1e-9)
    assert native.reason == ""
    assert learnt(native, LEVELS[::-1])[:5] != pytest.approx(learnt(native)[:5], rel=1e-3)


def test_levels_for_other_outputs_never_reach_native_code(native):
    (value, _) = quantiles.loss((0.1, 0.9))
    with pytest.raises(NotNative):
        native.library.loss(value, 3)
    assert native.library.loss(value, 2)[1:] == ((0.1, 0.9), 1)
