"""A rule that looks for one illness, the evidence it finds, and the two together: a finding, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from shlex import quote
from typing import Any, ClassVar, Literal

from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import Face, Remedy, advice
from tasou.diagnostics.suggestions import settings
from tasou.language import say
from tasou.registry import Card
from tasou.text import showable

Severity = Literal["problem", "warning", "hint"]
SEVERITIES: tuple[Severity, ...] = ("problem", "warning", "hint")
"""gravest first"""

WORDS = {
    "problem": {"en": "problem", "ja": "問題"},
    "warning": {"en": "warning", "ja": "注意"},
    "hint": {"en": "hint", "ja": "ヒント"},
    "why": {"en": "Why", "ja": "原因"},
    "fix": {"en": "Try", "ja": "対策"},
    "stop": {"en": ": ", "ja": "："},
}
HEADLINE = {
    "en": "{code} {name} ({severity}): {evidence}",
    "ja": "{code} {name}（{severity}）：{evidence}",
}


@dataclass(frozen=True)
class Evidence:
    """What a rule has measured: how grave it is, and a sentence whose placeholders the values fill.

    A value that is a mapping holds words: it is said in the language of the sentence.
    """

    severity: Severity
    texts: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Rule(Card):
    """An illness: its texts, and ``examine(record)``, which gives `Evidence` or None.

    The keyword-only arguments of ``examine`` are the rule's thresholds; `with_parameters` replaces them.
    """

    kind: ClassVar[str] = "rule"
    functions: ClassVar[tuple[str, ...]] = ("examine",)

    examine: Callable[..., Evidence | None]
    code: str = ""
    needs: tuple[str, ...] = ()
    """the parts of the `Record` without which it cannot be looked for"""
    title: Mapping[str, str] = field(default_factory=dict)
    what: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    fix: tuple[Remedy, ...] = ()
    """what to try, the likeliest first"""

    @property
    def slug(self) -> str:
        """The name as it is written beside the code: ``dead-relu``."""
        return self.name.replace("_", "-")

    def find(self, record: Record) -> Finding | None:
        """The illness in this record, if it is there."""
        evidence = self.examine(record)
        return None if evidence is None else Finding(self, evidence, settings(record))


@dataclass(frozen=True)
class Finding:
    """One illness that was found; ``values`` are the numbers that show it.

    Examples
    --------
    >>> from tasou.diagnostics import rules
    >>> evidence = Evidence("warning", {"en": "{n} of 10 units", "ja": "10個中 {n} 個"}, {"n": 7})
    >>> print(Finding(rules.find("T001"), evidence).headline("en"))
    T001 dead-relu (warning): 7 of 10 units
    """

    rule: Rule
    found: Evidence
    suggested: Mapping[str, str] = field(default_factory=dict)
    """numbers for the remedies, as they suit this training"""

    @property
    def code(self) -> str:
        """The stable code, e.g. ``T001``."""
        return self.rule.code

    @property
    def name(self) -> str:
        """The name, e.g. ``dead-relu``."""
        return self.rule.slug

    @property
    def severity(self) -> Severity:
        """``"problem"``, ``"warning"`` or ``"hint"``."""
        return self.found.severity

    @property
    def values(self) -> Mapping[str, Any]:
        """The measured numbers, by name."""
        return self.found.values

    def evidence(self, lang: str | None = None) -> str:
        """What was measured, as a sentence."""
        words = {key: say(v, lang) if isinstance(v, Mapping) else v for key, v in self.values.items()}
        return say(self.found.texts, lang, **words)

    def cause(self, lang: str | None = None) -> str:
        """Where it comes from and what follows from it."""
        return say(self.rule.why, lang)

    def advice(self, lang: str | None = None, face: Face = "estimator") -> str:
        """What to try, and what to type for it: arguments of an estimator, or (``"command"``) options."""
        return advice(self.rule.fix, {**self.suggested, **self.values}, lang, face)

    def headline(self, lang: str | None = None) -> str:
        """Code, name, severity and evidence in one line."""
        name = say({"en": self.name, "ja": self.rule.title.get("ja", self.name)}, lang)
        severity, evidence = say(WORDS[self.severity], lang), self.evidence(lang)
        return say(HEADLINE, lang, code=self.code, name=name, severity=severity, evidence=evidence)

    def text(self, lang: str | None = None, face: Face = "estimator") -> str:
        """The finding in three lines: evidence, cause, what to try."""
        stop = say(WORDS["stop"], lang)
        why, fix = say(WORDS["why"], lang), say(WORDS["fix"], lang)
        lines = (
            self.headline(lang),
            f"    {why}{stop}{self.cause(lang)}",
            f"    {fix}{stop}{self.advice(lang, face)}",
        )
        return "\n".join(lines)

    def __str__(self) -> str:
        return showable(self.text())


def listed(names: Iterable[str]) -> str:
    """Each name once, parted by commas alone: as an option takes them, quoted where the shell needs it.

    >>> listed(["size", "size", "unit price"])
    "'size,unit price'"
    """
    return quote(",".join(dict.fromkeys(names)))


def some(names: Sequence[object], most: int = 8) -> str:
    """The first of the names, parted by commas.

    >>> some(range(12), most=3)
    '0, 1, 2, …'
    """
    shown = ", ".join(str(name) for name in names[:most])
    return f"{shown}, …" if len(names) > most else shown
