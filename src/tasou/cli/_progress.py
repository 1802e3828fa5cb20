"""How training goes, on the standard error: a live bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Sequence
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from tasou.language import say

if TYPE_CHECKING:
    from tasou.ensembles.choice import Choice
    from tasou.messages import Sentence
    from tasou.training import Training

TEXTS = {
    "bar": {"en": "training", "ja": "学習中"},
    "state": {"en": "loss {loss:.4f}", "ja": "損失 {loss:.4f}"},
    "validation": {"en": ", validation {loss:.4f}", "ja": "、検証 {loss:.4f}"},
    "line": {
        "en": "epoch {epoch:>4} of at most {total}: {state}",
        "ja": "エポック {epoch:>4}（最大 {total}）：{state}",
    },
    "member": {
        "en": "{done:>2} of {members} members have learnt: {state}",
        "ja": "メンバー {members} 個のうち {done} 個が学習済み：{state}",
    },
}
LINES = 10


class Progress:
    """Tells of a training, of one network or of many, while the context lasts.

    Of one network every epoch is told, of several the members that have learnt.

    Parameters
    ----------
    quiet
        say nothing
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.members = self.epochs = self.done = 0
        self._bar: Any = None
        self._lock = Lock()

    @property
    def stream(self) -> TextIO:
        """Where others may write meanwhile: the standard error, above the bar if there is one."""
        return sys.stderr if self._bar is None else _Above(sys.stderr)

    def __enter__(self) -> Progress:
        if not self.quiet and sys.stderr.isatty():
            from tqdm import tqdm

            form = "{desc} |{bar}| {n_fmt}/{total_fmt} [{elapsed}] {postfix}"
            self._bar = tqdm(desc=say(TEXTS["bar"]), bar_format=form, leave=False, file=sys.stderr)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def plan(self, said: Sequence[Sentence], members: int, epochs: int) -> None:
        """What is going to be done."""
        self.members, self.epochs = members, epochs
        if self._bar is not None:
            self._bar.reset(total=members * epochs)

    def watchers(self, j: int) -> Iterable[Any]:
        """What is told of the training of member j."""
        return (_Member(self),)

    def chosen(self, choice: Choice) -> None:
        """Said with the result."""

    def on_epoch(self, training: Training) -> None:
        """Show the epoch that has just ended."""
        if self._bar is not None:
            with self._lock:
                self._bar.set_postfix_str(_state(training), refresh=False)
                self._bar.update(1)
        elif not self.quiet and self.members == 1 and self._its_turn(training):
            epoch = len(training.history)
            self._write(say(TEXTS["line"], epoch=epoch, total=self.epochs, state=_state(training)))

    def _its_turn(self, training: Training) -> bool:
        epoch = len(training.history)
        return epoch == 1 or epoch % max(1, self.epochs // LINES) == 0 or bool(training.finished)

    def on_end(self, training: Training) -> None:
        """Count the member that has learnt."""
        with self._lock:
            self.done += 1
            every = max(1, -(-self.members // LINES))
            told = self.done % every == 0 or self.done == self.members
            if told and self.members > 1 and self._bar is None and not self.quiet and len(training.history):
                state = _state(training)
                self._write(say(TEXTS["member"], done=self.done, members=self.members, state=state))

    @staticmethod
    def _write(line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class _Member:
    """A callback of one training."""

    def __init__(self, progress: Progress) -> None:
        self.on_epoch, self.on_end = progress.on_epoch, progress.on_end


class _Above(io.StringIO):
    """A stream whose lines appear above the progress bar, which goes on below them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Lift the bar, write, set it down again."""
        from tqdm import tqdm

        with tqdm.external_write_mode(file=self._stream):
            return self._stream.write(text)

    def flush(self) -> None:
        """Nothing waits here."""
        self._stream.flush()


def _state(training: Training) -> str:
    last = training.history.last()
    text = say(TEXTS["state"], loss=last["loss"])
    if "validation_loss" in last:
        text += say(TEXTS["validation"], loss=last["validation_loss"])
    return text
