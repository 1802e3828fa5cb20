"""The thread that trains: it alone touches the session; commands reach it between two steps.

A page tells when it has drawn a frame; no more than two are ever on their way, so a slow page never holds the
training up, and a slow training never holds a page up. Commands that change something are heard before those that
only look.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from typing import Any

from tasou.backends.pools import one_thread_elsewhere
from tasou.backends.processors import cores, limited
from tasou.play.frame import pack
from tasou.play.picture import Disturbed, never
from tasou.play.session import Session

SLICE = 0.004
"""seconds of training between two frames"""
IN_FLIGHT = 2
IDLE = 0.25
TURN = 0.0005
"""seconds after which a thread of Python lets another one on: each product of a step asks for its turn again"""

Job = tuple[bool, int, Callable[[Session], Any], "Future[Any]"]
"""whether it only looks, its number, what is to be done, and for whom"""


class Worker:
    """Runs a session in a thread of its own."""

    def __init__(self, session: Session, send: Callable[[bytes], None] = lambda frame: None) -> None:
        self.session, self.send = session, send
        self._jobs: queue.PriorityQueue[Job] = queue.PriorityQueue()
        self._numbers = count()
        self._sent = self._drawn = 0
        """frames: the first is counted by this thread alone, the second by whoever hears the page"""
        self._seen = False
        """whether the page has seen where the session stands"""
        self._hurried = False
        """whether the last picture was not done, since a command came"""
        self._ended = threading.Event()
        self.listening = False
        self._thread = threading.Thread(target=self._work, name="tasou-play", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._before = sys.getswitchinterval()
        sys.setswitchinterval(TURN)
        self._thread.start()

    def stop(self) -> None:
        """End, after the step that is being made."""
        self._ended.set()
        self.ask(lambda session: None)
        self._thread.join(timeout=5)
        sys.setswitchinterval(self._before)

    def ask(self, job: Callable[[Session], Any], *, looks: bool = False) -> Future[Any]:
        """Have a function called with the session, between two steps; who only ``looks`` lets others go first."""
        future: Future[Any] = Future()
        self._jobs.put((looks, next(self._numbers), job, future))
        return future

    def drawn(self) -> None:
        """The page has drawn a frame."""
        self._drawn += 1
        if not self.session.playing:
            self.ask(lambda session: None, looks=True)  # who stands still looks up

    @property
    def _wanted(self) -> bool:
        """Whether a picture is due."""
        return self.listening and not self._seen and self._sent - self._drawn < IN_FLIGHT

    def welcome(self) -> None:
        """A page has come: it knows nothing yet."""
        self._sent, self._drawn, self._seen, self.listening = 0, 0, False, True
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
            if self._wanted and self._jobs.empty():
                self._picture()

    def _answer(self) -> None:
        """Do what was asked for; wait for it where there is nothing else to do."""
        busy = self.session.playing and not self.session.waits
        wait = 0.0 if busy or self._wanted else 0.002 if self.session.playing else IDLE
        try:
            while True:
                *_, job, future = self._jobs.get(timeout=wait) if wait else self._jobs.get_nowait()
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

    def _disturbed(self) -> bool:
        """Whether a command waits that changes something."""
        try:
            return not self._jobs.queue[0][0]
        except IndexError:
            return False

    def _picture(self) -> None:
        """Send a picture; where a command came before one was done, a rough one first, next time, and then that."""
        rough, self._hurried = self._hurried, False
        try:
            frames = self.session.frames(never if rough else self._disturbed, rough=rough)
        except Disturbed:
            self._hurried = True
            return
        self._seen = not (self.session.playing or rough)
        self._sent += 1
        for k, (head, arrays) in enumerate(frames):
            self.send(pack({**head, "last": k == len(frames) - 1}, arrays))
