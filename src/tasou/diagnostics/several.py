"""One diagnosis of several networks that learnt the same: each illness once, with those that have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tasou.diagnostics.diagnosis import Diagnosis
from tasou.diagnostics.finding import Finding

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


def joined(diagnoses: Mapping[int, Diagnosis]) -> Diagnosis:
    """The findings of all members (by their numbers, from 1), each illness once, told with who has it.

    >>> joined({1: Diagnosis([]), 2: Diagnosis([])})
    Diagnosis(healthy)
    """
    who: dict[str, list[int]] = {}
    first: dict[str, Finding] = {}
    for j, diagnosis in diagnoses.items():
        for finding in diagnosis:
            who.setdefault(finding.code, []).append(j)
            first.setdefault(finding.code, finding)
    any_of = next(iter(diagnoses.values()), Diagnosis([]))
    named = [_named(first[code], members, len(diagnoses)) for code, members in who.items()]
    return Diagnosis(named, any_of.looked, any_of.skipped)


def _named(finding: Finding, members: Sequence[int], n: int) -> Finding:
    """The finding with the members that have it in front."""
    kind = "all" if len(members) == n > 1 else "one" if len(members) == 1 else "some"
    texts: Mapping[str, str] = {lang: PREFIX[kind][lang] + text for lang, text in finding.found.texts.items()}
    values = {**finding.values, "members": ", ".join(map(str, members)), "n_members": n}
    return replace(finding, found=replace(finding.found, texts=texts, values=values))
