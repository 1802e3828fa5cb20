"""The illnesses, one file each: code, texts (what it is, why it happens, what to try), and ``examine(record)``.

A rule's file holds ``code``, ``needs`` (parts of the `Record`), ``title``, ``what``, ``why``, ``fix`` in both
languages, and ``examine(record, *, thresholds…)``, which gives `Evidence` or None. Codes are never used again.
"""

from __future__ import annotations

from functools import cache

from tasou.diagnostics.finding import Rule
from tasou.errors import UnknownName
from tasou.messages import Message
from tasou.registry import Registry

FINDING = Message("kind.finding", en="finding", ja="所見")

__all__ = ["every", "find", "names", "registry"]

registry = Registry(__name__, Rule)
names = registry.names


@cache
def every() -> tuple[Rule, ...]:
    """All rules in the order of their codes."""
    return tuple(sorted(registry, key=lambda rule: rule.code))


def find(name: str) -> Rule:
    """The rule with this code or name: ``T001``, ``dead-relu``.

    Raises
    ------
    UnknownName
        there is none (the nearest is suggested)

    Examples
    --------
    >>> find("t001").slug
    'dead-relu'
    """
    wanted = name.strip().replace("_", "-").lower()
    for rule in every():
        if wanted in (rule.code.lower(), rule.slug):
            return rule
    by_code = wanted[1:].isdigit()
    raise UnknownName(FINDING, name, [rule.code if by_code else rule.slug for rule in every()])
