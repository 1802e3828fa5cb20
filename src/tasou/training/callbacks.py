"""Callbacks: functions or objects that are told how training goes, and may end it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from typing import Any, Protocol, TextIO

from tasou.errors import TasouError
from tasou.language import say
from tasou.messages import Message
from tasou.text import showable
from tasou.training.data import Data
from tasou.training.step import Step

NO_CALLBACK = Message(
    "training.no_callback",
    en="{callback!r} is no callback: give a function of the training, or an object with on_start, on_step, on_epoch or "
    "on_end",
    ja="{callback!r} はコールバックではありません。学習を受け取る関数か、on_start、on_step、on_epoch、on_end のどれかを"
    "もつオブジェクトを渡してください",
)
METHODS = ("on_start", "on_step", "on_epoch", "on_end")


class Callback(Protocol):
    """What may be handed in: any of these methods, or a plain function, which is called after each epoch.

    ``on_start(training, data)`` is called before the first step, ``on_step(training, step)`` after each update,
    ``on_epoch(training)`` after each epoch; if that returns True, the training ends. A callback with
    ``next_epoch()`` need not hear of the epochs before that one: short epochs are then run together.
    ``on_end(training)`` is called once, however it ended: by itself, by Ctrl-C, because a number was no longer
    finite, or because whoever walked through its steps left. Steps that somebody watches are made one by one, which
    takes longer than whole epochs do.
    """

    def on_epoch(self, training: Any) -> bool | None: ...  # noqa: D102


class Callbacks:
    """All callbacks of a training, asked in turn."""

    def __init__(self, callbacks: Iterable[Any] = ()) -> None:
        self._started = False
        self._sort(callbacks)

    def _sort(self, callbacks: Iterable[Any]) -> None:
        """Who is told what."""
        self._all = tuple(callbacks)
        for one in self._all:
            if not (callable(one) or any(hasattr(one, name) for name in METHODS)):
                raise TasouError(NO_CALLBACK, callback=one)
        self.start_watchers: tuple[Callable[[Any, Data], Any], ...] = _methods(self._all, "on_start")
        self.step_watchers: tuple[Callable[[Any, Step], Any], ...] = _methods(self._all, "on_step")
        listening = [c for c in self._all if hasattr(c, "on_epoch") or _is_function(c)]
        self.epoch_watchers: tuple[Callable[[Any], Any], ...] = tuple(
            getattr(c, "on_epoch", c) for c in listening
        )
        self._waits: list[Callable[[], float]] = [getattr(c, "next_epoch", _at_once) for c in listening]
        self.end_watchers: tuple[Callable[[Any], Any], ...] = _methods(self._all, "on_end")

    @property
    def to_choose_from(self) -> tuple[int, ...]:
        """The epochs whose weights one of them keeps, to be chosen from by rows kept out; none with fewer than two."""
        return next((c.to_choose_from for c in self._all if getattr(c, "to_choose_from", ())), ())

    def add(self, callback: Any) -> None:
        """One more, before the training runs."""
        self._sort([*self._all, callback])

    def remove(self, callback: Any) -> None:
        """One less."""
        self._sort(c for c in self._all if c is not callback)

    def on_start(self, training: Any, data: Data) -> None:
        """Before the first step, and again when the training goes on."""
        self._started = True
        for watch in self.start_watchers:
            watch(training, data)

    def on_step(self, training: Any, step: Step) -> None:
        """After each update."""
        for watch in self.step_watchers:
            watch(training, step)

    def on_epoch(self, training: Any) -> bool:
        """After each epoch; True if any callback wants to end the training."""
        return any([watch(training) is True for watch in self.epoch_watchers])

    def next_epoch(self) -> float:
        """The epoch of which somebody wants to hear next; infinity if nobody listens."""
        return min((wait() for wait in self._waits), default=inf)

    def on_end(self, training: Any) -> None:
        """When the training has ended, its best parameters restored; not if it never began."""
        started, self._started = self._started, False
        for watch in self.end_watchers if started else ():
            watch(training)


def _is_function(callback: Any) -> bool:
    return callable(callback) and not any(hasattr(callback, name) for name in METHODS)


def _at_once() -> float:
    return 0


def _methods(callbacks: Iterable[Any], name: str) -> tuple[Any, ...]:
    return tuple(getattr(c, name) for c in callbacks if hasattr(c, name))


TEXTS = {
    "en": "epoch {epoch:>5}   loss {loss:.6f}",
    "ja": "エポック {epoch:>5}   損失 {loss:.6f}",
}
SCORES = {"en": "   validation score {score:.4f}", "ja": "   検証スコア {score:.4f}"}


class Progress:
    """A callback that writes a line every so many epochs: epoch, loss, validation score.

    Parameters
    ----------
    every
        epochs between two lines
    stream
        where to write; the standard output if not given
    """

    def __init__(self, every: int = 1, stream: TextIO | None = None, lang: str | None = None) -> None:
        self.every, self.stream, self.lang = every, stream, lang

    def on_epoch(self, training: Any) -> None:
        """Write the line of the epoch if it is its turn."""
        epoch, last = len(training.history), training.history.last()
        if epoch % self.every and not training.finished:
            return
        line = say(TEXTS, self.lang, epoch=epoch, loss=last["loss"])
        if "validation_score" in last:
            line += say(SCORES, self.lang, score=last["validation_score"])
        print(showable(line, self.stream), file=self.stream, flush=True)
