"""The native backend draws from the stream that NumPy would draw from, and leaves it where NumPy would."""

from __future__ import annotations

import numpy as np
import pytest

from tasou import backends
from tasou.backends.native import NotNative, library
from tasou.backends.native import twister as module
from tasou.backends.native.library import Library
from tasou.network import Network
from tasou.training import Training

pytestmark = pytest.mark.skipif(
    backends.describe()["backend"] != "native", reason="there is no native library"
)


def twister(seed: int) -> np.random.RandomState:
    return np.random.RandomState(seed)


def other(seed: int) -> np.random.RandomState:
    return np.random.RandomState(np.random.PCG64(seed))


def trained(
    backend: str, rng: np.random.RandomState, n: int, batch_size: int | None, dropout: float
) -> object:
    X = np.linspace(-1, 1, 3 * n).reshape(n, 3)
    with backends.use(backend):
        network = Network((3, 5, 2), "tanh", dropout=dropout, rng=1)
        Training(network, lr=0.1, batch_size=batch_size, rng=rng).run(X, np.arange(n) % 2, epochs=3)
    return network.theta


@pytest.mark.parametrize("make", [twister, other])
@pytest.mark.parametrize("n", [2, 3, 300, 1500])
@pytest.mark.parametrize("batch_size", [None, 64])
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_the_stream_goes_on_as_with_numpy(make, n, batch_size, dropout):
    streams = [make(5), make(5)]
    for stream in streams:
        stream.standard_normal()  # the second of a pair waits inside
        stream.random_sample(7)
    thetas = [
        trained(backend, stream, n, batch_size, dropout)
        for backend, stream in zip(("numpy", "native"), streams, strict=True)
    ]
    np.testing.assert_allclose(thetas[1], thetas[0], rtol=1e-9, atol=1e-12)
    after = [(s.standard_normal(), s.randint(2**31), s.random_sample()) for s in streams]
    assert after[0] == after[1]


def test_every_bit_of_a_word():
    """The order of 70 000 rows takes 17 bits of a word, millions of dropped units the others (0.3 needs them all)."""
    X = np.linspace(-1, 1, 70_000).reshape(-1, 1)
    thetas = []
    for backend in ("numpy", "native"):
        with backends.use(backend):
            network = Network((1, 40, 2), "tanh", dropout=0.3, rng=1)
            training = Training(network, lr=0.1, batch_size=5000, rng=np.random.RandomState(0))
            training.run(X, np.arange(70_000) % 2, epochs=1)
        thetas.append(network.theta)
    np.testing.assert_allclose(thetas[1], thetas[0], rtol=1e-9, atol=1e-12)


def test_a_twister_that_lies_in_another_way_is_asked_by_its_functions(monkeypatch):
    monkeypatch.setattr(module, "as_expected", lambda: False)
    assert module.of(np.random.MT19937(0)) is None
    test_the_stream_goes_on_as_with_numpy(twister, 300, 64, 0.4)


def test_a_library_of_other_sources_is_not_used(monkeypatch):
    Library()
    monkeypatch.setattr(library, "structs_digest", lambda: "another")
    with pytest.raises(NotNative, match="older sources"):
        Library()
