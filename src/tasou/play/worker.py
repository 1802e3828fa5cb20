"""The thread that trains: it alone touches the session; commands reach it between two steps.

A page tells when it has drawn a frame; no more than two are ever on their way, so a slow page never holds the
training up, and a slow training never holds a page up.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from tasou.backends.pools import one_thread_elsewhere
from tasou.backends.processors import cores, limited
from tasou.play.frame import pack
from tasou.play.session import Session

SLICE = 0.008
"""seconds of training between two frames"""
IN_FLIGHT = 2
IDLE = 0.25

Job = tuple[Callable[[Session], Any], "Future[Any]"]


class Worker:
    """Runs a session in a thread of its own."""

    def __init__(self, session: Session, send: Callable[[bytes], None] = lambda frame: None) -> None:
        self.session, self.send = session, send
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._flying = 0
        self._seen = False
        """whether the page has seen where the session stands"""
        self._ended = threading.Event()
        self.listening = False
        self._thread = threading.Thread(target=self._work, name="tasou-play", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the step that is being made."""
        self._ended.set()
        self.ask(lambda session: None)
        self._thread.join(timeout=5)

    def ask(self, job: Callable[[Session], Any]) -> Future[Any]:
        """Have a function called with the session, between two steps."""
        future: Future[Any] = Future()
        self._jobs.put((job, future))
        return future

    def drawn(self) -> None:
        """The page has drawn a frame."""
        self.ask(lambda session: self._fewer())

    def _fewer(self) -> None:
        self._flying = max(0, self._flying - 1)

    def welcome(self) -> None:
        """A page has come: it knows nothing yet."""
        self._flying, self._seen, self.listening = 0, False, True
        self.session.told_nothing()

    def _work(self) -> None:
        # products by more threads than are free wait for one another, and whoever gives a command waits for them
        with one_thread_elsewhere(), limited(max(1, cores() - 1)):
            self._go_on()

    def _go_on(self) -> None:
        while not self._ended.is_set():
            self._answer()
            if self.session.playing:
                self.session.advance(SLICE, until=lambda: not self._jobs.empty())
                self._seen = False
            if self.listening and not self._seen and self._flying < IN_FLIGHT:
                self._picture()

    def _answer(self) -> None:
        """Do what was asked for; wait for it where there is nothing else to do."""
        busy = self.session.playing and not self.session.waits
        wants = self.listening and not self._seen and self._flying < IN_FLIGHT
        wait = 0.0 if busy or wants else 0.002 if self.session.playing else IDLE
        try:
            while True:
                job, future = self._jobs.get(timeout=wait) if wait else self._jobs.get_nowait()
                wait = 0.0
                self._do(job, future)
        except queue.Empty:
            return

    def _do(self, job: Callable[[Session], Any], future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(job(self.session))
        except BaseException as error:  # whoever asked is told
            future.set_exception(error)

    def changed(self) -> None:
        """The session stands elsewhere: a new picture is due."""
        self._seen = False

    def _picture(self) -> None:
        frames = self.session.frames()
        self._seen = not self.session.playing
        self._flying += 1
        for k, (head, arrays) in enumerate(frames):
            self.send(pack({**head, "last": k == len(frames) - 1}, arrays))
