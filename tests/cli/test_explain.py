"""``tasou explain`` tells of each finding what it is, why it happens and what to try."""

import pytest

from tasou.cli import main
from tasou.diagnostics import rules


def test_the_list_names_every_rule(capsys):
    assert main(["explain", "--lang", "ja"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rules.every())
    assert lines[0].split() == ["T001", "dead-relu", "死んだReLU"]


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.code)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_code_is_explained(rule, lang, capsys):
    assert main(["explain", rule.code, "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert all(text[lang] in said for text in (rule.title, rule.what, rule.why))
    assert all(f"  - {remedy.words(lang)}" in said for remedy in rule.fix)


def test_several_by_name(capsys):
    assert main(["explain", "T001", "over-fitting", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "T001 dead-relu" in said and "T012 over-fitting" in said


def test_an_unknown_code_is_one_line(capsys):
    assert main(["explain", "T001", "T999"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and "unknown finding 'T999'" in said.err
