"""What holds of every message in the sources: a code of its own, two languages, the same parts; and all are used."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

import tasou

ROOT = Path(tasou.__file__).parent
TREES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in sorted(ROOT.rglob("*.py"))
}


@dataclass(frozen=True)
class Found:
    """A message as it stands in the source."""

    file: str
    name: str
    code: str
    en: str
    ja: str

    def parts(self, lang: str) -> set[str]:
        return {field for _, field, _, _ in Formatter().parse(getattr(self, lang)) if field is not None}


def messages() -> list[Found]:
    found = []
    for file, tree in TREES.items():
        for statement in tree.body:
            for node in ast.walk(statement):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "Message"
                ):
                    texts = {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords}
                    code = ast.literal_eval(node.args[0])
                    found.append(Found(file, _name_in(statement), code, texts["en"], texts["ja"]))
    return found


def _name_in(statement: ast.stmt) -> str:
    """The constant that holds the message, at the head of the file; of one in a dict or a call, that one's."""
    assert isinstance(statement, ast.Assign | ast.AnnAssign), f"{ast.unparse(statement)} is no constant"
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    return target.id


MESSAGES = messages()
BY_NAME = {(message.file, message.name): message for message in MESSAGES}


def test_every_code_is_there_once():
    assert [code for code, n in Counter(m.code for m in MESSAGES).items() if n > 1] == []


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.code)
def test_a_message_is_complete(message):
    assert re.fullmatch(r"plain|[a-z0-9]+(_[a-z0-9]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)+", message.code)
    assert message.en.strip()
    assert message.ja.strip()
    assert message.parts("en") == message.parts("ja")
    for text in (message.en, message.ja):
        assert "\n" not in text
        assert all(part.isidentifier() for _, part, _, _ in Formatter().parse(text) if part is not None)


def test_every_message_is_said_somewhere():
    nodes = [node for tree in TREES.values() for node in ast.walk(tree)]
    heard = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    heard |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    assert sorted({m.name for m in MESSAGES} - heard) == []


# --- who raises and warns ------------------------------------------------------------------------------------------

OURS = re.compile(r"(?!Attribute)[A-Z]\w*(Error|Warning|Name|Native|Range)")
"""what users see; an AttributeError is between Python and the code that asks `hasattr`"""


@dataclass(frozen=True)
class Telling:
    """A place that raises or warns: its file and line, and what it hands over."""

    file: str
    line: int
    said: ast.expr
    parts: frozenset[str] | None
    """None where they are handed on as ``**parts``"""


def tellings() -> list[Telling]:
    found = []
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            call = node.exc if isinstance(node, ast.Raise) else node
            if not (isinstance(call, ast.Call) and call.args):
                continue
            name = ast.unparse(call.func)
            raised = isinstance(node, ast.Raise) and OURS.fullmatch(name) and name != "UnknownName"
            warned = name in ("warn", "warnings.warn")
            if raised or warned:
                names = [keyword.arg for keyword in call.keywords]
                parts = None if None in names else frozenset(names) - {"stacklevel", "category"}
                found.append(Telling(file, call.lineno, call.args[0], parts))
    return found


def test_what_is_raised_or_warned_is_a_message_and_no_text():
    texts = [
        f"{told.file}:{told.line}"
        for told in tellings()
        if isinstance(told.said, ast.JoinedStr | ast.Constant | ast.BinOp)
    ]
    assert texts == []


def test_the_kind_of_a_name_is_a_message():
    """Or what the user calls a parameter; never a word of one language."""
    words = [
        f"{file}:{node.lineno}"
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "UnknownName"
        and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert words == []


def test_who_tells_a_message_hands_over_its_parts():
    wrong = []
    for told in tellings():
        message = _meant(told)
        if message is not None and told.parts is not None and not told.parts >= message.parts("en"):
            wrong.append(f"{told.file}:{told.line}: {sorted(message.parts('en') - told.parts)}")
    assert wrong == []


def _meant(told: Telling) -> Found | None:
    """The message a name stands for: of this file, or else the only one of that name."""
    if not isinstance(told.said, ast.Name | ast.Attribute):
        return None
    name = told.said.id if isinstance(told.said, ast.Name) else told.said.attr
    if (told.file, name) in BY_NAME:
        return BY_NAME[told.file, name]
    others = [message for message in MESSAGES if message.name == name]
    return others[0] if len(others) == 1 else None


def test_nobody_warns_past_the_messages():
    past = [
        f"{file}:{node.lineno}"
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "warnings.warn"
    ]
    assert [place for place in past if not place.startswith("errors.py")] == []
