"""How formulas are evaluated over memory: NumPy always; native code where it was built.

The native backend is used where it can be. The environment variable TASOU_BACKEND ("numpy" or "native") chooses another
default, and `use` chooses for a part of a program:

>>> from tasou import backends
>>> with backends.use("numpy"):
...     backends.current().name
'numpy'
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from tasou.backends.numpy import NumpyBackend
from tasou.backends.processors import cores
from tasou.errors import TasouError, UnknownName, warn
from tasou.messages import Message, Said, sentence

BUILT = Message("backend.built", en="it was built", ja="組み込まれている")
CHOSEN = Message("backend.chosen", en="chosen by use()", ja="use() で選択")
OF_NUMPY = Message("backend.of_numpy", en="NumPy's own", ja="NumPy 自身のもの")

BACKEND = Message("kind.backend", en="backend", ja="バックエンド")
NOT_HERE = Message(
    "backend.not_here",
    en="the native backend cannot be used: {reason}",
    ja="ネイティブバックエンドは使えません：{reason}",
)
NOT_ONE_OF = Message(
    "backend.not_one_of",
    en="{variable}={asked!r} is not one of: {known:list}",
    ja="{variable}={asked!r} は使えません。使えるもの：{known:list}",
)

__all__ = ["NumpyBackend", "current", "describe", "names", "use"]

VARIABLE = "TASOU_BACKEND"

_chosen: ContextVar[NumpyBackend | None] = ContextVar("tasou_backend", default=None)


def names() -> list[str]:
    """What can be asked for."""
    return ["native", "numpy"]


def current() -> NumpyBackend:
    """The backend that computes here: the one `use` has chosen, else the default."""
    return _chosen.get() or default()[0]


@contextmanager
def use(backend: str | NumpyBackend, *, n_threads: int | None = None) -> Iterator[NumpyBackend]:
    """Compute with this backend within the ``with`` block (in this thread alone).

    Parameters
    ----------
    backend
        "numpy" or "native"
    n_threads
        threads for the native backend's products, at most; by default what the environment and the machine allow

    Raises
    ------
    UnknownName
        there is no such backend
    TasouError
        the native backend was asked for, but cannot be used; the message says why
    """
    token = _chosen.set(backend if isinstance(backend, NumpyBackend) else make(backend, n_threads))
    try:
        yield current()
    finally:
        _chosen.reset(token)


def make(name: str, n_threads: int | None = None) -> NumpyBackend:
    """A backend by its name."""
    if name not in names():
        raise UnknownName(BACKEND, name, names())
    if name == "numpy":
        return NumpyBackend()
    from tasou.backends.native import NativeBackend, NotNative

    try:
        return NativeBackend(n_threads)
    except NotNative as reason:
        raise TasouError(NOT_HERE, reason=reason) from None


@cache
def default() -> tuple[NumpyBackend, Said]:
    """The backend used where nothing else was chosen, and why it is that one."""
    asked = os.environ.get(VARIABLE, "").strip().lower()
    if asked == "numpy":
        return NumpyBackend(), f"{VARIABLE}={asked}"
    if asked and asked not in names():
        warn(NOT_ONE_OF, variable=VARIABLE, asked=asked, known=names(), stacklevel=3)
    try:
        return make("native"), f"{VARIABLE}={asked}" if asked == "native" else BUILT
    except TasouError as reason:
        if asked == "native":
            raise
        return NumpyBackend(), reason.sentence


def describe() -> dict[str, Any]:
    """Which backend computes here and why; which BLAS does its products, for which kind of processor; its threads.

    ``fallback`` is the reason of the last job that the native backend had to leave to NumPy; ``unprintable`` lists the
    formulas that could not be printed as C when it was built, with the line and the construct that it cannot be.
    """
    backend = current()
    found = backend.blas
    return {
        "backend": backend.name,
        "why": str(sentence(CHOSEN if _chosen.get() else default()[1])),
        "blas": found.path.name if found else str(OF_NUMPY()),
        "core": found.core if found else "",
        "threads": getattr(backend, "n_threads", cores()),
        "fallback": getattr(backend, "reason", ""),
        "unprintable": backend.unprintable,
    }
