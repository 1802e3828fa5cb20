"""A rule that looks for one illness, the evidence it finds, and the two together: a finding, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from shlex import quote
from typing import Any, ClassVar, Literal

from tasou.diagnostics.record import Record
from tasou.diagnostics.remedy import LABELS, Face, fill, settings
from tasou.formulas.registry import Formula
from tasou.language import say

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
class Rule(Formula):
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
    fix: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    """the advice as arguments of an estimator; placeholders are those of `remedy`"""
    options: tuple[str, ...] = ()
    """the advice as options of ``tasou train``"""

    @property
    def slug(self) -> str:
        """The name as it is written beside the code: ``dead-relu``."""
        return self.name.replace("_", "-")

    def find(self, record: Record) -> Finding | None:
        """The illness in this record, if it is there."""
        evidence = self.examine(record)
        return None if evidence is None else Finding(self, evidence, settings(record))

    def remedies(self, face: Face, values: Mapping[str, object]) -> list[str]:
        """What to type, one remedy each; those whose placeholders are not among the values are left out."""
        return fill(self.options if face == "command" else self.settings, values)

    def possible(self, record: Record) -> bool:
        """Whether the record holds what this rule looks at."""
        return all(record.has(part) for part in self.needs)


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
    """numbers for the remedies that suit this training"""

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

    def advice(self, lang: str | None = None) -> str:
        """What to try."""
        return say(self.rule.fix, lang)

    def remedies(self, face: Face = "estimator") -> list[str]:
        """What to type, one remedy each: arguments of an estimator, or (``"command"``) options of ``tasou train``."""
        return self.rule.remedies(face, {**self.suggested, **self.values})

    def headline(self, lang: str | None = None) -> str:
        """Code, name, severity and evidence in one line."""
        name = say({"en": self.name, "ja": self.rule.title.get("ja", self.name)}, lang)
        severity, evidence = say(WORDS[self.severity], lang), self.evidence(lang)
        return say(HEADLINE, lang, code=self.code, name=name, severity=severity, evidence=evidence)

    def parts(self, lang: str | None = None, face: Face = "estimator") -> list[tuple[str, str]]:
        """Cause, what to try, and what to type for it, each with its label."""
        parts = [(say(WORDS["why"], lang), self.cause(lang)), (say(WORDS["fix"], lang), self.advice(lang))]
        remedies = "; ".join(self.remedies(face))
        return [*parts, (say(LABELS[face], lang), remedies)] if remedies else parts

    def text(self, lang: str | None = None, face: Face = "estimator") -> str:
        """The finding in a few lines: evidence, cause, what to try, what to type."""
        stop = say(WORDS["stop"], lang)
        lines = [f"    {label}{stop}{text}" for label, text in self.parts(lang, face)]
        return "\n".join([self.headline(lang), *lines])

    def __str__(self) -> str:
        return self.text()


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
