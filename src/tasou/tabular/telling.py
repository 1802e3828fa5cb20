"""What ``verbose`` shows of an ensemble that learns: a line for each member, a bar, or log records."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, Protocol

from tasou.ensembles.choice import Choice
from tasou.errors import TasouError
from tasou.messages import Message, Sentence

LOG = logging.getLogger("tasou")

VERBOSE = Message(
    "tabular.verbose",
    en="verbose must be False, True, 'bar' or 'log', not {value!r}",
    ja="verbose には False、True、'bar'、'log' のどれかを指定してください（{value!r} でした）",
)
MEMBER = Message(
    "tabular.member",
    en="member {j} of {k}: {epochs} {epochs:epoch|epochs}, loss {loss:.4g}, {seconds:.1f} s",
    ja="ネットワーク {j}/{k}：{epochs} エポック、損失 {loss:.4g}、{seconds:.1f} 秒",
)
CHOSEN = Message(
    "tabular.chosen",
    en="chosen on rows kept out: snapshots {snapshots:list}, share of the linear model {w:.2g}, temperature {T:.3g}; "
    "expected loss {loss:.4g}",
    ja="除いておいた行で選択：スナップショット {snapshots:list}、線形モデルの割合 {w:.2g}、温度 {T:.3g}。"
    "予想される損失 {loss:.4g}",
)


class Teller(Protocol):
    """Who is told how an ensemble learns."""

    def plan(self, said: Sequence[Sentence], members: int, epochs: int) -> None:
        """What is going to be done."""

    def watchers(self, j: int) -> Iterable[Any]:
        """Callbacks of the training of member j."""

    def chosen(self, choice: Choice) -> None:
        """What was chosen."""


class Silent:
    """Nobody."""

    def plan(self, said: Sequence[Sentence], members: int, epochs: int) -> None:
        """Nothing."""

    def watchers(self, j: int) -> Iterable[Any]:
        """Nobody."""
        return ()

    def chosen(self, choice: Choice) -> None:
        """Nothing."""


class Lines(Silent):
    """Sentences: to the standard output, or whoever takes them."""

    def __init__(self, write: Any = print) -> None:
        self.write, self.members = write, 0

    def plan(self, said: Sequence[Sentence], members: int, epochs: int) -> None:
        """A line for each."""
        self.members = members
        for sentence in said:
            self.write(str(sentence))

    def watchers(self, j: int) -> Iterable[Any]:
        """A line when the member has learnt."""
        return (_MemberLine(self, j),)

    def chosen(self, choice: Choice) -> None:
        """A line."""
        snapshots = [m + 1 for m in choice.snapshots]
        self.write(
            str(CHOSEN(snapshots=snapshots, w=choice.w, T=choice.temperature, loss=max(0.0, choice.loss))),
        )


class _MemberLine:
    def __init__(self, lines: Lines, j: int) -> None:
        self.lines, self.j = lines, j

    def on_end(self, training: Any) -> None:
        history = training.history
        loss, seconds = (history.loss[-1], history.seconds[-1]) if len(history) else (float("nan"), 0.0)
        told = MEMBER(j=self.j + 1, k=self.lines.members, epochs=len(history), loss=loss, seconds=seconds)
        self.lines.write(str(told))


class Bar(Silent):
    """A progress bar on the standard error, over the epochs of all members."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.lock = Lock()

    def plan(self, said: Sequence[Sentence], members: int, epochs: int) -> None:
        """An empty bar."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a notebook without ipywidgets gets a bar of text
            from tqdm.auto import tqdm

        self.bar = tqdm(total=members * epochs, unit="epoch")

    def watchers(self, j: int) -> Iterable[Any]:
        """The bar moves after each epoch."""
        return (self._move,)

    def _move(self, training: Any) -> None:
        with self.lock:
            self.bar.update()

    def chosen(self, choice: Choice) -> None:
        """Close the bar."""
        self.bar.close()


def teller(verbose: Any) -> Teller:
    """Who is told: nobody (False, 0), lines (True), a ``"bar"``, the logger "tasou" (``"log"``)."""
    match verbose:
        case "bar":
            return Bar()
        case "log":
            return Lines(LOG.info)
        case bool() | int():
            return Lines() if verbose else Silent()
        case _:
            raise TasouError(VERBOSE, value=verbose)
