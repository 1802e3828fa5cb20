"""One word for one thing in pages, messages and the playground; numbers as one writes them; nothing left in English."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

import tasou
from weaving import docstrings
from weaving.blocks import FENCE
from weaving.page import DOCS
from weaving.summaries import documented, summary
from weaving.terms import words

SOURCE = Path(tasou.__file__).parent
KANA = re.compile(r"[ぁ-んァ-ヶ一-龠]")


def japanese_lines():
    """Every line of the pages, the sources and the playground that has Japanese in it, with its place."""
    folders = [(SOURCE, "*.py"), (SOURCE, "*.md"), (SOURCE, "*.js"), (SOURCE, "*ja.json")]
    folders += [(DOCS / "ja", "*.md"), (DOCS / "ja", "*.toml")]
    files = [path for folder, pattern in folders for path in sorted(folder.rglob(pattern))]
    for path in [*files, DOCS.parent / "README.ja.md"]:
        if "_woven" in path.parts:
            continue
        woven = False  # what a program writes into a page fills its numbers in
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            woven = bool(re.fullmatch(r"<!-- \w+ -->", line)) or (woven and not line.startswith("<!-- /"))
            if KANA.search(line) and not woven:
                yield f"{path.relative_to(DOCS.parent)}:{number}", line


def english_pages():
    """The prose of the English pages, and all messages, with their place."""
    for path in sorted((DOCS / "en").rglob("*.md")):
        if "_woven" not in path.parts:
            yield str(path.relative_to(DOCS)), FENCE.sub("", path.read_text("utf-8"))
    for path in sorted(SOURCE.rglob("*.py")):
        for text in re.findall(r'\ben(?:=|": )\(?\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', path.read_text("utf-8")):
            yield str(path.relative_to(SOURCE)), text


def test_one_japanese_word_for_one_thing():
    instead = {word: term["ja"] for term in words() for word in term.get("ja_not", ())}
    assert len(instead) > 30
    pattern = re.compile("|".join(map(re.escape, instead)))
    wrong = [
        f"{place}: {match[0]} is {instead[match[0]]} here"
        for place, line in japanese_lines()
        for match in pattern.finditer(line)
    ]
    assert wrong == []


def test_one_english_word_for_one_thing():
    instead = {word: term["en"] for term in words() for word in term.get("en_not", ())}
    pattern = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in instead), re.I)
    wrong = [f"{place}: {match[0]}" for place, text in english_pages() for match in pattern.finditer(text)]
    assert wrong == []


COUNTERS = (
    "以上|以下|未満|つ|個|行目|行|列目|列|回|件|層|クラス|エポック|本|種類|文字|倍|番目|ステップ|サンプル|点|秒|割|桁|通り"
    "|ユニット|次元|章|節|枚|要素|バイト|ビット|スレッド|ファイル|セル|ラベル|水準|メンバー"
)
APART = re.compile(
    rf"(?<![\w.\[\]=/−-])\d[\d,]* (?:{COUNTERS})|[ぁ-んァ-ヶ一-龠] \d[\d,]*(?:{COUNTERS})|\}} (?:以上|以下|未満)"
)
HEADING = re.compile(r"^#+ \d")


def test_a_number_and_its_counter_stand_together():
    """1つ, 4行, 1以上; what is filled in later may stand apart, and so may a number that counts nothing (0 から)."""
    wrong = [
        f"{place}: {match[0]}"
        for place, line in japanese_lines()
        if not HEADING.match(line) and not re.search(r"^\W*>>>|^\('|^所見|^T0\d\d ", line)
        for match in APART.finditer(line)
    ]
    assert wrong == []


def test_things_are_counted_in_figures():
    """4つ, not 四つ; 一つひとつ and 一つに are no counting."""
    counted = re.compile("[二三四五六七八九]つ|一つ(?!ひとつ|に。)")
    assert [place for place, line in japanese_lines() if counted.search(line)] == []


def test_the_playground_has_its_words_in_both_languages():
    en, ja = (
        json.loads((SOURCE / "play" / "page" / f"words-{lang}.json").read_text()) for lang in ("en", "ja")
    )
    assert en.keys() == ja.keys()


def told(text):
    """What a section of the design has whatever its language: its code, its floors, how many points and rows."""
    block = re.sub(r"[^\x00-\x7f].*", "", "".join(re.findall(r"^```\n(.*?)^```", text, re.M | re.S)))
    floors = re.findall(r"^(\S.*?)(?:  |$)", block, re.M)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    points, rows = (len(re.findall(mark, prose, re.M)) for mark in (r"^- |^\d+\. ", r"^\|"))
    return sorted(set(re.findall(r"`([^`\n]+)`", prose))), floors, points, rows


def test_the_design_says_the_same_in_japanese():
    english, japanese = (
        re.split(r"^## .*$", path.read_text("utf-8"), flags=re.M)
        for path in (DOCS.parent / "DESIGN.md", DOCS / "ja" / "design.md")
    )
    assert len(english) == len(japanese) > 10
    for here, there in zip(english[1:], japanese[1:], strict=True):
        assert told(there) == told(here)


# --- the reference ---------------------------------------------------------------------------------------------------


def reference():
    """Every name of the reference with the lines of its docstring, in Japanese as far as it is known."""
    for name in sorted(documented()):
        yield name, (inspect.getdoc(_object(name)) or "").splitlines()


def _object(name):
    module, found = name.split("."), None
    for k in (*range(len(module) - 1, 0, -1), len(module)):  # a function before the module that has its name
        try:
            found = importlib.import_module(".".join(module[:k]))
        except ImportError:
            continue
        for part in module[k:]:
            found = getattr(found, part, None)
        return found
    return None


def after_summary(lines):
    end = next((i for i, line in enumerate(lines) if not line.strip()), len(lines))
    return lines[end + 1 :]


def test_every_name_of_the_reference_has_its_first_line_in_japanese():
    assert [name for name in sorted(documented()) if summary(name) is None] == []


def test_what_is_said_of_parameters_results_and_errors_is_japanese_on_the_japanese_pages():
    english = [
        f"[{name}] {entry}: {what}"
        for name, lines in reference()
        for entry, what in docstrings.entries(lines)
        if docstrings.japanese(name, entry, what) is None
    ]
    assert english == [], "docs/ja/reference/docstrings.toml lacks them"


def test_what_is_said_at_length_is_japanese_too():
    english = [
        name
        for name, lines in reference()
        if any(line.strip() for line in docstrings.english_prose(after_summary(lines)))
        and docstrings.prose(name) is None
    ]
    assert english == [], "docs/ja/reference/docstrings.toml lacks their prose"


def test_what_is_said_at_length_of_one_object_is_not_said_of_another_of_its_name():
    """Of `tasou.plots.save` nothing that only `tasou.save` does."""
    names = {name.removeprefix("tasou.") for name in documented()}
    shared = [
        name
        for name in names
        if (last := name.rsplit(".", 1)[-1]) != name
        and last in names
        and "prose" in docstrings.table().get(last, {})
        and docstrings.prose(name) == docstrings.prose(last)
    ]
    assert shared == []


def test_no_japanese_of_a_docstring_is_left_over():
    """Every entry of the table belongs to an object that has it."""
    known = {}
    for name, lines in reference():
        has = {entry for entry, _ in docstrings.entries(lines)}
        if any(line.strip() for line in docstrings.english_prose(after_summary(lines))):
            has.add("prose")
        for end in range(len(name.split("."))):
            known.setdefault(".".join(name.split(".")[end:]), set()).update(has)
    left = [
        f"[{section}] {entry}"
        for section, entries in docstrings.table().items()
        if section not in ("*", "=")
        for entry in entries
        if entry not in known.get(section, ())
    ]
    assert left == []


def test_examples_of_a_docstring_with_sections_have_a_heading():
    """Else they would be read as an entry of the section above."""
    section = re.compile(r"^ *(\w+)\n *-{3,}$|^ *(>>>)", re.M)
    unheaded = [
        f"{path.relative_to(SOURCE)}: {text.strip().splitlines()[0]}"
        for path in sorted(SOURCE.rglob("*.py"))
        for text in path.read_text("utf-8").split('"""')[1::2]
        for before, here in pairwise(found[1] or found[2] for found in section.finditer(text))
        if here == ">>>" and before not in ("Examples", ">>>")
    ]
    assert unheaded == []


def test_a_docstring_becomes_japanese_whole():
    lines = inspect.getdoc(tasou.MLPClassifier).splitlines()
    woven = docstrings.translated(
        lines, "tasou.MLPClassifier", summary=summary("tasou.MLPClassifier") is not None
    )
    prose = [line for line in woven[: woven.index("Examples")] if re.search(r"[a-z]{3} [a-z]+ [a-z]+ ", line)]
    assert [line for line in prose if not KANA.search(line) and " : " not in line] == []
    assert any(">>>" in line for line in woven)


# --- the search ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("node") is None, reason="the search is tried in node, and there is none")
def test_the_search_finds_compounds_and_variants(tmp_path):
    pytest.importorskip("sphinx")
    from sphinx.application import Sphinx

    from check_search import pages_found

    texts = {
        "ja": {"index": "勾配消失と交差エントロピー", "other": "勾配の消失。死んだReLU。early_stopping"},
        "en": {"index": "vanishing gradients and cross-entropy", "other": "over-fitting, early_stopping"},
    }
    wanted = {
        "ja": {
            "勾配消失": ["index"],
            "交差エントロピー": ["index"],
            "死んだReLU": ["other"],
            "early_stopping": ["other"],
        },
        "en": {
            "vanishing gradient": ["index"],
            "cross entropy": ["index"],
            "overfitting": ["other"],
            "stopping": ["other"],
        },
    }
    for lang, pages in texts.items():
        source, out = tmp_path / lang, tmp_path / f"{lang}-out"
        source.mkdir()
        for name, text in pages.items():
            orphan = "" if name == "index" else ":orphan:\n\n"
            (source / f"{name}.rst").write_text(f"{orphan}{name}\n=====\n\n{text}\n", "utf-8")
        (source / "conf.py").write_text(f"extensions = ['weaving.searching']\nlanguage = '{lang}'\n")
        Sphinx(source, source, out, tmp_path / f"{lang}-trees", "html", status=None, warning=None).build()
        assert pages_found(out, list(wanted[lang])) == wanted[lang]
