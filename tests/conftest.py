"""What several rooms of tests need: targets that fit a loss, and a collector with little to do."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tasou import errors
from tasou.formulas.losses import Loss
from tasou.messages import Said, Sentence, sentence


@pytest.fixture(scope="session", autouse=True)
def few_objects_to_walk() -> Iterator[None]:
    """Figures are full of cycles; the collector need not walk every imported module each time it frees some."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def japanese_font() -> str:
    """A font for Japanese pictures; a test of these is skipped where the machine has none."""
    from tasou.plots import fonts

    found = fonts.japanese_font()
    if found is None:
        pytest.skip(
            "no Japanese font on this machine: pip install matplotlib-fontja, or install Noto Sans CJK JP"
        )
    return found


@pytest.fixture
def no_japanese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare machine: Japanese cannot be drawn, and nobody has been told so yet."""
    from tasou.plots import fonts

    monkeypatch.setattr(fonts, "japanese_font", lambda: None)
    fonts.warn_once.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def messages_alone() -> Iterator[None]:
    """No error and no warning of tasou is a bare text, which would have no code and one language only."""

    def checked(said: Said, parts: object = None) -> Sentence:
        caller = sys._getframe(2).f_globals["__name__"]
        assert not isinstance(said, str) or not caller.startswith("tasou."), f"{caller} says {said!r}"
        return sentence(said, parts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(errors, "sentence", checked)
        yield


def _one_hot(n: int, k: int, rng: np.random.Generator) -> np.ndarray:
    return np.eye(k)[rng.integers(0, k, n)]


DRAW = {
    "one_hot": _one_hot,
    "binary": lambda n, k, rng: rng.integers(0, 2, (n, k)).astype(float),
    "real": lambda n, k, rng: rng.normal(size=(n, k)),
    "count": lambda n, k, rng: rng.poisson(1.5, (n, k)).astype(float),
    "sign": lambda n, k, rng: rng.choice([-1.0, 1.0], (n, k)),
}


@pytest.fixture(scope="session")
def targets_for() -> Callable[[Loss, int, int, np.random.Generator], np.ndarray]:
    """Draw targets Y (n, k) of the kind that a loss expects."""
    return lambda loss, n, k, rng: DRAW[loss.targets](n, k, rng)
