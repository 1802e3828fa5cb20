"""``tasou explain``: the illnesses of a training by their codes: what they are, why they happen, what to try."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from tasou.cli import _parser
from tasou.language import say

if TYPE_CHECKING:
    from tasou.diagnostics import Rule
    from tasou.diagnostics.remedy import Face, Remedy

SUMMARY = {
    "en": "explain a finding of the diagnosis: what it is, why it happens, what to try",
    "ja": "診断の所見を説明する：どういうことか、なぜ起こるか、どうすればよいか",
}
CODE = {
    "en": "code or name, e.g. T001 or dead-relu (default: list them all)",
    "ja": "コードまたは名前。例：T001、dead-relu（省略：すべてを一覧）",
}
PARTS = {
    "what": {"en": "What", "ja": "内容"},
    "why": {"en": "Why", "ja": "原因"},
    "fix": {"en": "Try", "ja": "対策"},
}
TYPED = {
    "command": {"en": "tasou train {typed}", "ja": "tasou train {typed}"},
    "estimator": {"en": "in Python {typed}", "ja": "Python では {typed}"},
}
FACES: tuple[Face, ...] = ("command", "estimator")
ENTRY = {"en": "{part}: {text}", "ja": "{part}：{text}"}


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the options of ``tasou explain``."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "explain", help=say(SUMMARY), description=say(SUMMARY)
    )
    parser.add_argument("code", nargs="*", metavar="CODE", help=say(CODE))
    _parser.add_language(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the list, or the explanation of each code; an unknown code prints nothing but its error."""
    from tasou.diagnostics import rules

    if args.code:
        print("\n\n".join([explanation(rule, args.lang) for rule in map(rules.find, args.code)]))
        return 0
    every = rules.every()
    width = max(len(rule.slug) for rule in every)
    for rule in every:
        print(f"{rule.code}  {rule.slug:<{width}}  {say(rule.title, args.lang)}")
    return 0


def explanation(rule: Rule, lang: str | None = None) -> str:
    """The heading, then what and why, a line each, and a line for each thing to try.

    >>> from tasou.diagnostics import rules
    >>> print(explanation(rules.find("T015"), "en").splitlines()[0])
    T015 duplicate-features: Duplicate features
    """
    texts = {"what": rule.what, "why": rule.why}
    lines = [say(ENTRY, lang, part=f"{rule.code} {rule.slug}", text=say(rule.title, lang))]
    lines += [
        say(ENTRY, lang, part=say(PARTS[name], lang), text=say(text, lang)) for name, text in texts.items()
    ]
    lines.append(say(ENTRY, lang, part=say(PARTS["fix"], lang), text="").rstrip())
    return "\n".join([*lines, *(f"  - {_remedy(remedy, lang)}" for remedy in rule.fix)])


def _remedy(remedy: Remedy, lang: str | None) -> str:
    """What to try, and what to type for it on the command line and in Python."""
    from tasou.diagnostics.remedy import GENERAL

    typed = {face: remedy.typed(GENERAL, face) for face in FACES}
    shown = [say(TYPED[face], lang, typed=text) for face, text in typed.items() if text]
    words, comma = remedy.words(lang), say({"en": "; ", "ja": "、"}, lang)
    return say(ENTRY, lang, part=words, text=comma.join(shown)) if shown else words
