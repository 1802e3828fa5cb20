"""``--diagnose``: a watch for each member, and one diagnosis of all that names the members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TextIO

from tasou.diagnostics import Diagnosis, Finding, Watch
from tasou.text import showable

PREFIX = {
    "all": {
        "en": "all {n_members} members, e.g. the first: ",
        "ja": "全 {n_members} メンバー（例：1番目）：",
    },
    "one": {"en": "member {members}: ", "ja": "メンバー {members}："},
    "some": {
        "en": "members {members}, e.g. the first of them: ",
        "ja": "メンバー {members}（例：最初のもの）：",
    },
}


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
        who: dict[str, list[int]] = {}
        first: dict[str, Finding] = {}
        for j, diagnosis in found.items():
            for finding in diagnosis:
                who.setdefault(finding.code, []).append(j + 1)
                first.setdefault(finding.code, finding)
        any_of = next(iter(found.values()), Diagnosis([]))
        named = [_named(first[code], members, len(found)) for code, members in who.items()]
        return Diagnosis(named, any_of.looked, any_of.skipped)


def _named(finding: Finding, members: Sequence[int], n: int) -> Finding:
    """The finding with the members that have it in front."""
    kind = "all" if len(members) == n > 1 else "one" if len(members) == 1 else "some"
    texts: Mapping[str, str] = {lang: PREFIX[kind][lang] + text for lang, text in finding.found.texts.items()}
    values = {**finding.values, "members": ", ".join(map(str, members)), "n_members": n}
    return replace(finding, found=replace(finding.found, texts=texts, values=values))
