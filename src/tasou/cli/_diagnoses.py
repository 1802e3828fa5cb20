"""``--diagnose``: a watch for each member, and one diagnosis of all that names the members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from tasou.diagnostics import Diagnosis, Watch
from tasou.diagnostics.several import joined
from tasou.text import showable


class Watches:
    """Diagnoses every member of a training.

    A single network is told of while it learns; of several what was found is said at the end, each illness once.

    Parameters
    ----------
    quiet
        whether to say nothing; the findings are in ``diagnosis()``
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.stream: TextIO | None = None
        self.alone = True
        self._names: tuple[Sequence[Any], ...] = ((), (), ())
        self._of: dict[int, Watch] = {}

    def on_table(
        self, names: Sequence[str], sources: Sequence[str] = (), labels: Sequence[object] = ()
    ) -> None:
        """What to call the columns of X, the table's columns they were made from, and the classes."""
        self._names = names, sources, labels

    def watchers(self, j: int) -> Iterable[Watch]:
        """Who watches member j."""
        watch = Watch(quiet=self.quiet or not self.alone, stream=self.stream, face="command")
        watch.on_table(*self._names)
        self._of[j] = watch
        return (watch,)

    def tell(self) -> None:
        """Say what was found in several members."""
        if not (self.quiet or self.alone):
            told = self.diagnosis().text(face="command")
            print(showable(told, self.stream), file=self.stream, flush=True)

    def diagnosis(self) -> Diagnosis:
        """What was found in any member, each illness once."""
        found = {j: watch.diagnosis() for j, watch in sorted(self._of.items())}
        if self.alone:
            return next(iter(found.values()), Diagnosis([]))
        return joined({j + 1: diagnosis for j, diagnosis in found.items()})
