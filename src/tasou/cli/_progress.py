"""How training goes, epoch by epoch, on the standard error: a live bar on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import io
import sys
from types import TracebackType
from typing import Any, TextIO

from tasou.language import say
from tasou.training import Training

TEXTS = {
    "bar": {"en": "training", "ja": "学習中"},
    "state": {"en": "loss {loss:.4f}", "ja": "損失 {loss:.4f}"},
    "validation": {"en": ", validation {loss:.4f}", "ja": "、検証 {loss:.4f}"},
    "line": {
        "en": "epoch {epoch:>4} of at most {total}: {state}",
        "ja": "エポック {epoch:>4}（最大 {total}）：{state}",
    },
}
LINES = 10


class Progress:
    """A callback and a context: ``with Progress(200) as progress: … callbacks=[progress]``.

    Parameters
    ----------
    total
        most epochs
    quiet
        say nothing
    """

    def __init__(self, total: int, *, quiet: bool = False) -> None:
        self.total, self.quiet = total, quiet
        self._bar: Any = None

    @property
    def stream(self) -> TextIO:
        """Where others may write meanwhile: the standard error, above the bar if there is one."""
        return sys.stderr if self._bar is None else _Above(sys.stderr)

    def __enter__(self) -> Progress:
        if not self.quiet and sys.stderr.isatty():
            from tqdm import tqdm

            form = "{desc} |{bar}| {n_fmt}/{total_fmt} [{elapsed}] {postfix}"
            self._bar = tqdm(
                total=self.total, desc=say(TEXTS["bar"]), bar_format=form, leave=False, file=sys.stderr
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def on_epoch(self, training: Training) -> None:
        """Show the epoch that has just ended."""
        if self._bar is not None:
            self._bar.set_postfix_str(_state(training), refresh=False)
            self._bar.update(1)
        elif not self.quiet and self._its_turn(training):
            epoch = len(training.history)
            print(
                say(TEXTS["line"], epoch=epoch, total=self.total, state=_state(training)),
                file=sys.stderr,
                flush=True,
            )

    def _its_turn(self, training: Training) -> bool:
        epoch = len(training.history)
        return epoch == 1 or epoch % max(1, self.total // LINES) == 0 or bool(training.finished)


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
