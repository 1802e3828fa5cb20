"""The findings of an examination, gravest first, as words for the terminal and for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import overload

from tasou.diagnostics import rules
from tasou.diagnostics.finding import SEVERITIES, WORDS, Finding, Rule
from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Face
from tasou.language import say
from tasou.text import showable

HEADINGS = {
    "healthy": {
        "en": "Healthy: {n} illnesses were looked for, none was found.",
        "ja": "健康：{n} 種類の不調を調べ、どれも見つかりませんでした。",
    },
    "one": {"en": "1 finding", "ja": "所見 {n} 件"},
    "many": {"en": "{n} findings", "ja": "所見 {n} 件"},
}
SKIPPED = {
    "en": "Not looked for, because {what} was not given: {names}.",
    "ja": "{what}がないため調べていないもの：{names}。",
}
MISSING = {
    "inputs": {"en": "X", "ja": "X"},
    "target": {"en": "y", "ja": "y"},
    "fit": {"en": "y", "ja": "y"},
    "layers": {"en": "X", "ja": "X"},
    "losses": {"en": "the loss of each epoch", "ja": "エポックごとの損失"},
    "network": {"en": "the network", "ja": "ネットワーク"},
    "validation": {"en": "validation data", "ja": "検証データ"},
}


class Diagnosis(Sequence[Finding]):
    """The findings as a sequence, gravest first; empty if all is well. ``print`` it, or show it in a notebook.

    Examples
    --------
    >>> print(Diagnosis([]).text("en"))
    Healthy: 0 illnesses were looked for, none was found.
    """

    def __init__(
        self,
        findings: Iterable[Finding],
        looked: Sequence[Rule] = (),
        skipped: Sequence[tuple[Rule, str]] = (),
    ) -> None:
        self.findings = tuple(sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.code)))
        self.looked, self.skipped = tuple(looked), tuple(skipped)

    @classmethod
    def of(cls, record: Record) -> Diagnosis:
        """Every rule asked about the record."""
        lacks = {part: not record.has(part) for part in MISSING}
        missing = [(rule, next(filter(lacks.get, rule.needs), "")) for rule in rules.every()]
        looked = [rule for rule, part in missing if not part]
        skipped = [(rule, part) for rule, part in missing if part]
        if record.run.diverged:  # nothing is left to be measured, whatever was given
            skipped = []
        found = [finding for rule in looked if (finding := rule.find(record)) is not None]
        return cls(found, looked, skipped)

    @property
    def codes(self) -> list[str]:
        """The codes of the findings, e.g. ``["T009", "T010"]``."""
        return [finding.code for finding in self.findings]

    @property
    def healthy(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        return self.findings[index]

    def __len__(self) -> int:
        return len(self.findings)

    def heading(self, lang: str | None = None) -> str:
        """How many findings there are, or that there are none."""
        if self.healthy:
            return say(HEADINGS["healthy"], lang, n=len(self.looked))
        return say(HEADINGS["one" if len(self) == 1 else "many"], lang, n=len(self))

    def text(self, lang: str | None = None, face: Face = "estimator") -> str:
        """All findings in words, and what could not be looked for; ``face="command"`` names options to type."""
        parts = [self.heading(lang), *(finding.text(lang, face) for finding in self.findings)]
        return "\n".join([*parts, *self._not_looked_for(lang)])

    def _not_looked_for(self, lang: str | None) -> list[str]:
        groups: dict[str, list[str]] = {}
        for rule, part in self.skipped:
            name = say({"en": rule.slug, "ja": rule.title.get("ja", rule.slug)}, lang)
            groups.setdefault(say(MISSING[part], lang), []).append(name)
        comma = say({"en": ", ", "ja": "、"}, lang)
        return [say(SKIPPED, lang, what=what, names=comma.join(names)) for what, names in groups.items()]

    def __str__(self) -> str:
        return showable(self.text())

    def __repr__(self) -> str:
        return f"Diagnosis({', '.join(f'{f.code} {f.name}' for f in self.findings) or 'healthy'})"

    def _repr_html_(self) -> str:
        return self.html()

    def html(self, lang: str | None = None, face: Face = "estimator") -> str:
        """The findings as HTML without scripts; cause and advice unfold."""
        return f"<section>{self.inner_html(lang, face)}</section>"

    def inner_html(self, lang: str | None = None, face: Face = "estimator") -> str:
        """The same to be put into a section of another page."""
        notes = "".join(f"<p><small>{escape(line)}</small></p>" for line in self._not_looked_for(lang))
        cards = "".join(_card(finding, lang, face) for finding in self.findings)
        return f"<p><strong>{escape(self.heading(lang))}</strong></p>{cards}{notes}"


def _card(finding: Finding, lang: str | None, face: Face) -> str:
    rows = (("why", finding.cause(lang)), ("fix", finding.advice(lang, face)))
    inside = "".join(f"<dt>{escape(say(WORDS[key], lang))}</dt><dd>{escape(text)}</dd>" for key, text in rows)
    opened = "" if finding.severity == "hint" else " open"
    return f"<details{opened}><summary>{escape(finding.headline(lang))}</summary><dl>{inside}</dl></details>"
