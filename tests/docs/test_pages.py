"""The pages are there in both languages, say the same, and what they show runs."""

from __future__ import annotations

import doctest
import inspect
import os
import re
import shlex
import shutil
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from weaving import Block, Page, blocks, contents
from weaving.blocks import FENCE
from weaving.page import DOCS, MAKERS

PAGES = sorted(str(path.relative_to(DOCS / "en")) for path in (DOCS / "en").rglob("*.md"))
LANGUAGES = ("en", "ja")
COMPUTED = {*MAKERS, "{toctree}", "{eval-rst}", "sh"}


def text(lang: str, page: str) -> str:
    return (DOCS / lang / page).read_text("utf-8")


def inputs(block: Block) -> str:
    """What a block runs: of examples the lines typed, without the answers and without comments."""
    if ">>>" in block.text:
        examples = doctest.DocTestParser().get_examples(block.text + "\n")
        return "".join(Block("python", "", example.source).code for example in examples)
    return "" if block.kind == "{solution}" else block.code


def runs(lang: str, page: str) -> list[tuple[str, str, str]]:
    found = [block for block in blocks(text(lang, page)) if block.kind in COMPUTED or block.kind == "python"]
    return [(block.kind, block.argument, inputs(block)) for block in found]


def test_there_are_pages():
    assert len(PAGES) > 30


def test_every_page_is_there_in_both_languages():
    japanese = sorted(str(path.relative_to(DOCS / "ja")) for path in (DOCS / "ja").rglob("*.md"))
    assert japanese == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same(page):
    """The same examples, pictures, commands; comments and answers may speak their language."""
    languageless = [
        [
            (kind, argument, re.sub(r'"(en|ja)"|[^\x00-\x7f]', "", code))
            for kind, argument, code in runs(lang, page)
        ]
        for lang in LANGUAGES
    ]
    assert languageless[0] == languageless[1]


@pytest.mark.parametrize("page", PAGES)
def test_japanese_pages_are_japanese(page):
    prose = re.sub(r"^(`{3,}).*?^\1", "", text("ja", page), flags=re.M | re.S)
    assert re.search(r"[ぁ-ん]", prose)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(lang, page):
    for target in re.findall(r"\]\(([\w./-]+\.\w+)\)|<([\w./-]+\.\w+)>", text(lang, page)):
        assert (DOCS / lang / page).parent.joinpath("".join(target)).exists(), target


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_is_lost(lang):
    """Every page is in a table of contents."""
    listed = {"index.md"}
    for page in PAGES:
        for block in blocks(text(lang, page)):
            if block.kind == "{toctree}":
                patterns = [str(Path(page).parent / line) + ".md" for line in block.text.split()]
                listed |= {name for name in PAGES if any(fnmatch(name, pattern) for pattern in patterns)}
                assert all("*" in pattern or pattern in PAGES for pattern in patterns)
    assert listed == set(PAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapter_lists_its_sections_and_what_every_section_ends_with_not(lang, tmp_path):
    page = Page("lecture/index", lang, tmp_path)
    listed = contents.make(Block("{contents}", "sections", ""), page)
    assert re.findall(r"^  - \[(\d\.\d) ", listed, re.M) == [
        "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "3.4", "3.5", "4.1", "4.2", "4.3",
        "5.1", "5.2", "5.3", "5.4",
    ]  # fmt: skip
    assert "{container} contents" not in listed  # Furo puts a warning into a box of that name
    ending = {"en": "Exercises", "ja": "練習問題"}[lang]
    assert text(lang, "lecture/1-why.md").count(f"## {ending}\n") == 1
    assert ending not in listed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_of_programs_says_what_each_is(lang, tmp_path):
    listed = contents.make(Block("{contents}", "programs", ""), Page("steps/index", lang, tmp_path))
    assert len(re.findall(r"^- \*\*\[\d+\. .+\]\(\d\d-[\w-]+\.md\)\*\* \S.{8,}$", listed, re.M)) == 10


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(DOCS / "data", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")  # a page leaves its figures open


def python(lang: str, page: str) -> list[Block]:
    return [
        block
        for block in blocks(text(lang, page))
        if block.kind in ("python", "{html}", "{compute}", "{cell}")
    ]


def shown(lang: str, page: str) -> list[str]:
    return [block.text for block in python(lang, page)]


EXAMPLES = [
    (page, lang)
    for page in PAGES
    for lang in LANGUAGES
    if python(lang, page) and (lang == "en" or shown("ja", page) != shown("en", page))
]
"""pages with their languages; where both show the very same lines and answers, they are run once"""


@pytest.mark.filterwarnings("ignore:no Japanese font|日本語フォント")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("page, lang", EXAMPLES)
def test_examples(page, lang, folder, monkeypatch, capsys):
    """The Python of a page runs from top to bottom, and each example answers as printed."""
    monkeypatch.setenv("TASOU_LANG", lang)
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for block in python(lang, page):
        if ">>>" in block.text:
            test = doctest.DocTestParser().get_doctest(block.text + "\n", names, page, page, 0)
            runner.run(test, clear_globs=False)
            names = test.globs
        else:
            exec(compile(block.text, page, "exec"), names)
    assert runner.summarize(verbose=False).failed == 0


DRAWN = [
    pytest.param(block, id=f"{page}-{i}")
    for page in PAGES
    for i, block in enumerate(blocks(text("en", page)))
    if block.kind == "{picture}"
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("block", DRAWN)
def test_pictures_are_drawn(block, folder):
    from matplotlib import pyplot

    from weaving.pictures import drawn_by

    assert drawn_by(block.text).axes
    pyplot.close("all")


COMMANDS = [page for page in PAGES if any(block.kind == "{command}" for block in blocks(text("en", page)))]


@pytest.mark.parametrize("page", COMMANDS)
def test_commands_run(page, folder, monkeypatch, capsys):
    from tasou.cli import main
    from weaving.commands import arguments

    monkeypatch.setenv("TASOU_LANG", "en")
    for block in blocks(text("en", page)):
        if block.kind == "{command}":
            for line in block.text.splitlines():
                assert main(arguments(line)) == int(block.options.get("exit", 0)), line


@pytest.mark.parametrize("page", PAGES)
def test_shell_lines_are_commands(page):
    """What is only shown, not run, is at least understood by the command line's parser."""
    for block in blocks(text("en", page)):
        for line in block.text.splitlines() if block.kind == "sh" else ():
            if line.startswith("tasou "):
                understood(line)


def understood(line):
    """The command is there, and it has every option that the line gives it."""
    from tasou.cli import _whole_parser

    _, command, *rest = shlex.split(line.split("|")[0].split(" > ")[0], comments=True)
    options = [
        word.partition("=")[0] for word in rest if word.startswith("-") and not word.strip("-").isdigit()
    ]
    actions = _whole_parser([command])._subparsers._group_actions[0].choices[command]._option_string_actions
    assert [option for option in options if option != "-" and option not in actions] == [], line


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("family", ["activations", "losses", "optimizers", "schedules", "initializers"])
def test_every_formula_is_listed(lang, family, tmp_path, monkeypatch):
    import importlib

    monkeypatch.setattr("weaving.pictures.show", lambda draw, page: "")
    woven = Page("p", lang, tmp_path / "_woven").weave(f"```{{formulas}} {family}\n```")
    for formula in importlib.import_module(f"tasou.formulas.{family}").registry:
        assert f"## {formula.name}\n" in woven
        assert formula.latex in woven
        assert formula.notes[lang] in woven


def test_the_lectures_activations_stand_first(tmp_path, monkeypatch):
    monkeypatch.setattr("weaving.pictures.show", lambda draw, page: "")
    woven = Page("p", "en", tmp_path / "_woven").weave("```{formulas} activations\n```")
    assert re.findall(r"^## (\w+)$", woven, re.M)[:4] == ["relu", "sigmoid", "tanh", "leaky_relu"]


def test_a_picture_is_drawn_for_light_and_dark_pages(tmp_path):
    page = Page("p/q", "en", tmp_path / "_woven")
    woven = page.weave("```{picture}\nfrom tasou import plots\nplots.activation('relu')\n```")
    assert sorted(os.listdir(page.pictures)) == ["p-q-1-dark.png", "p-q-1-light.png"]
    assert woven.count(":alt: ReLU") == 2
    assert "plots.activation('relu')" in woven


def test_a_dark_picture_has_everything_where_it_is_in_the_light_one():
    """It is the picture that it would be if its own layout were found."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    from weaving.pictures import lay_out_as

    def draw(colour):
        figure = Figure((4, 3), layout="constrained")
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2)
        left.imshow([[0, 1]])
        right.set_ylabel("a label that needs room", color=colour)
        figure.colorbar(left.images[0])
        figure.suptitle("above")
        figure.supxlabel("below")
        return figure

    def painted(figure):
        figure.canvas.draw()
        return bytes(figure.canvas.buffer_rgba())

    light, dark = draw("black"), draw("red")
    painted(light)
    lay_out_as(light, dark)
    assert not isinstance(dark.get_layout_engine(), ConstrainedLayoutEngine)
    assert painted(dark) == painted(draw("red"))


def test_a_command_that_fails_stops_the_build(tmp_path):
    page = Page("p", "en", tmp_path)
    with pytest.raises(ValueError, match="ended with 2, not 0"):
        page.weave("```{command}\ntasou train nothing.csv --target y\n```")
    assert "nothing.csv" in page.weave("```{command}\n:exit: 2\ntasou train nothing.csv --target y\n```")


def test_nothing_but_tasou_is_run(tmp_path):
    with pytest.raises(ValueError, match="only tasou"):
        Page("p", "en", tmp_path).weave("```{command}\nls\n```")


def test_every_plot_is_in_the_gallery():
    from tasou import plots

    shown = set(re.findall(r"plots\.(\w+)[.(]", text("en", "guides/gallery.md")))
    assert {name for name in plots.__all__ if not name.startswith("check_")} <= shown


def test_every_command_is_explained():
    from tasou import cli

    for command in re.findall(r"tasou (\w+) --help", text("en", "reference/commands.md")):
        assert cli.main([command, "--help"]) == 0
    folder = Path(cli.__file__).parent
    names = {path.stem for path in folder.glob("[a-z]*.py")}
    assert names == set(re.findall(r"tasou (\w+) --help", text("en", "reference/commands.md")))


def test_lines_of_japanese_are_joined_without_a_space(tmp_path):
    woven = Page("p", "ja", tmp_path).weave("学習した\nものを見る。\nNumPy で\n\n- 一つ\n  目\n")
    assert woven == "学習したものを見る。\nNumPy で\n\n- 一つ目\n"


@pytest.mark.filterwarnings("ignore:no Japanese font|日本語フォント")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_experiment_shows_claim_numbers_and_picture(lang, tmp_path):
    from tasou import lecture

    woven = Page("p", lang, tmp_path / "_woven").weave("```{experiment} 2.2\n```")
    experiment = lecture.find("2.2")[0]
    assert experiment.title[lang] in woven.split("\n")[0] and woven.startswith("### ")
    assert experiment.claim[lang] in woven
    assert "✓" in woven
    assert "✗" not in woven
    forms = [f"only-{theme} {form}\n" for form in ("wide", "narrow") for theme in ("light", "dark")]
    assert re.findall(r":class: (.*\n)", woven) == forms
    assert woven.count(":loading: lazy") == 2  # the narrow ones, where they are seen


@pytest.mark.apart
def test_left_and_right_are_said_to_be_above_and_below_on_a_phone(tmp_path):
    page = Page("p", "en", tmp_path / "_woven")
    assert "{container} turned" in page.weave("```{experiment} 1.2\n```")
    assert "{container} turned" not in page.weave("```{experiment} 2.2\n```")


def test_an_experiment_whose_number_begins_others_stands_alone(tmp_path, monkeypatch):
    """7 is there once, and 7a to 7c are where the chapter has them."""
    monkeypatch.setattr("weaving.lecture._show", lambda result, page, scroll: result)
    monkeypatch.setattr("weaving.lecture.result", lambda number: number)
    assert Page("p", "en", tmp_path / "_woven").weave("```{experiment} 7\n```") == "7"


def test_every_experiment_is_in_the_chapter():
    from tasou import lecture

    told = lacking("experiment", [experiment.number for experiment in lecture.all_experiments()])
    assert not told, "; ".join(told)


def lacking(kind: str, numbers: list[str]) -> list[str]:
    """Which page lacks which block: each number has its own once in the chapter, in both languages."""
    found = []
    for lang in LANGUAGES:
        own = [block for page in PAGES for block in blocks(text(lang, page)) if block.kind == f"{{{kind}}}"]
        shown = [block.argument for block in own]
        assert len(set(shown)) == len(shown) and set(shown) <= set(numbers)
        for number in sorted(set(numbers) - set(shown)):
            page = next(page for page in CHAPTER if page.startswith(f"lecture/{number[0]}"))
            found.append(f"docs/{lang}/{page} wants the block ```{{{kind}}} {number}")
    return found


@pytest.mark.parametrize(("latex", "wanted"), [(r"\hat{y}_k", "<msub>"), (r"\log\cosh(z)", "mspace")])
def test_formulas_are_set_as_on_paper(latex, wanted):
    pytest.importorskip("docutils")
    from weaving.mathml import mathml

    assert wanted in mathml(latex, as_block=False)


def pages_made(block: Block) -> bool:
    return block.kind == "{page}"


@pytest.mark.parametrize("page", [page for page in PAGES if any(map(pages_made, blocks(text("en", page))))])
def test_what_stands_in_a_frame_stands_alone(page, tmp_path, monkeypatch):
    """The page in the frame is written where the frame looks for it, says what it is, and fetches nothing."""
    from tasou import plots

    # What there is on the page is the same in a film of two frames.
    short = {"epochs": 2, "frames": 2}
    film = plots.animate_training
    monkeypatch.setattr(plots, "animate_training", lambda *given, **how: film(*given, **how | short))
    monkeypatch.setattr("weaving.html.make", lambda block, page: exec(block.text, page.names) or "")
    kept = [
        match[0]
        for match in FENCE.finditer(text("en", page))
        if Block.read(match).kind in ("{compute}", "{html}", "{page}")
    ]
    woven = Page(page.removesuffix(".md"), "en", tmp_path / "_woven").weave("\n".join(kept))
    frames = re.findall(r'<iframe class="embedded" src="(.*?)" .*?title="(.+?)"', woven)
    assert frames
    for source, _ in frames:
        file = os.path.normpath((tmp_path / "_woven" / "pages" / page).parent / source)
        made = Path(file).read_text("utf-8")
        assert made.lstrip().lower().startswith("<!doctype html>")
        assert not re.search(r'(src|href)="(?!data:|#)|url\(|@import', made)
    assert all(title for _, title in frames)


def test_what_stands_in_a_frame_is_not_too_large(tmp_path):
    with pytest.raises(ValueError, match="a: a page of 1500001 letters is too large for a frame"):
        Page("p", "en", tmp_path).weave('```{page} a\n:title: A\n:height: 9\n"x" * 1_500_001\n```')


def test_every_object_of_the_reference_has_a_japanese_line():
    from weaving.summaries import documented, summary

    names = documented()
    assert len(names) > 120
    assert [name for name in sorted(names) if not re.search(r"[ぁ-んァ-ヶ一-龠]", summary(name) or "")] == []


def test_no_japanese_line_is_left_over():
    import importlib

    from weaving.summaries import summaries

    for section, lines in summaries().items():
        for name in lines if section != "*" else ():
            parts = [*section.split("."), *name.split(".")] if section else name.split(".")
            found = importlib.import_module("tasou")
            for part in parts:
                if hasattr(found, part) or part in getattr(found, "__dataclass_fields__", ()):
                    found = getattr(found, part, found)
                elif isinstance(found, type) and f"self.{part}" in inspect.getsource(found):
                    continue  # what __init__ sets
                elif part not in getattr(found, "__annotations__", ()):
                    found = importlib.import_module(f"{found.__name__}.{part}")


def test_every_public_name_is_in_the_reference():
    import tasou

    shown = "\n".join(text("en", page) for page in PAGES if page.startswith("reference/"))
    called = [name for name in tasou.__all__ if callable(getattr(tasou, name))]
    assert [name for name in called if f":: tasou.{name}\n" not in shown] == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    from check_links import broken

    (tmp_path / "a.html").write_text(
        '<h1 id="top"></h1><a href="b.html#x"></a><a href="#top"></a><img src="c.png">'
    )
    (tmp_path / "b.html").write_text('<a href="a.html#top"></a><a href="https://example.org/d"></a>')
    assert list(broken(tmp_path)) == ["a.html: b.html#x", "a.html: c.png"]


def expressions(lang, page):
    from weaving.values import _places

    whole = text(lang, page)
    return sorted(whole[begin + 2 : end] for begin, end in _places(whole))


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_quote_the_same_numbers(page):
    assert expressions("en", page) == expressions("ja", page)


def test_a_number_in_the_prose_is_that_of_the_block_above_it(tmp_path):
    page = Page("p", "en", tmp_path)
    woven = page.weave("```{compute}\nk = 3\n```\nNow @{k}.\n```{compute}\nk = 4\n```\nThen @{f'{k:.1f}'}.\n")
    assert "Now 3." in woven and "Then 4.0." in woven


def test_a_claim_of_the_chapter_that_does_not_hold_stops_the_build(tmp_path):
    with pytest.raises(AssertionError):
        Page("p", "en", tmp_path).weave("```{compute}\nassert 1 > 2\n```")


def test_every_exercise_is_in_the_chapter():
    from tasou.lecture import exercise

    told = lacking("exercise", [found.number for found in exercise.exercises()])
    assert not told, "; ".join(told)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_exercise_stands_in_the_chapter_with_its_solution(lang, tmp_path):
    from tasou.lecture import exercise

    woven = Page("p", lang, tmp_path).weave("```{exercise} 5.1\n```")
    assert exercise.find("5.1").task(7).question[lang].strip() in woven and "<details" in woven


CHAPTER = [page for page in PAGES if re.match(r"lecture/\d", page)]


@pytest.mark.parametrize("page", CHAPTER)
def test_experiments_stand_in_the_order_of_the_lecture(page):
    shown = [block.argument for block in blocks(text("en", page)) if block.kind == "{experiment}"]
    order = [tuple(re.fullmatch(r"(\d)\.?(\d?)([a-z]?)", number).groups()) for number in shown]
    assert order == sorted(order)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", CHAPTER)
def test_every_section_of_the_chapter_has_exercises_and_a_summary(lang, page):
    heads = re.findall(r"^## (.*)$", text(lang, page), re.M)
    assert any(word in heads for word in ("Exercises", "練習問題"))
    assert any(block.kind == "{solution}" for block in blocks(text(lang, page)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_formula_of_the_pages_can_be_set(lang, page):
    pytest.importorskip("docutils")
    from weaving.mathml import mathml
    from weaving.values import _places

    prose = FENCE.sub(lambda found: found["body"] if "solution" in found["info"] else "", text(lang, page))
    for begin, end in reversed(list(_places(prose))):
        prose = prose[:begin] + "1" + prose[end + 1 :]
    prose = re.sub(r"`[^`]*`", "", prose)
    for block, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", prose, re.S):
        assert mathml(block or inline, as_block=bool(block)), block or inline


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_notebook_has_the_cells_of_its_page(lang):
    from weaving.notebooks import NOTEBOOKS, notebook

    for name in NOTEBOOKS:
        found = notebook(name, lang)
        cells = [block.text for block in blocks(text(lang, f"notebooks/{name}.md")) if block.kind == "{cell}"]
        assert [cell["source"] for cell in found["cells"] if cell["cell_type"] == "code"] == cells
        assert not any(".md)" in cell["source"] for cell in found["cells"])


def glossary():
    from weaving.terms import terms

    return terms()


def test_every_term_of_the_glossary_is_spoken_of_in_the_chapter():
    from weaving.terms import found_at

    lost = [(lang, term[lang]) for lang in LANGUAGES for term in glossary() if not found_at(term, lang)]
    assert lost == []


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_of_layers_shows_every_layer_of_the_folder(lang, tmp_path):
    from tasou import layers

    woven = Page("p", lang, tmp_path / "_woven").weave("```{layers}\n```")
    for name in layers.names():
        card = layers.kind(name)
        assert f"## {card.__name__}\n" in woven and card.notes[lang] in woven and card.latex in woven
    assert woven.count("def forward(") == len(layers.names())


WIDEST = 104
"""letters in a line of code, so that it is read without scrolling"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_code_on_the_pages_is_not_cut_off_at_the_right(lang):
    wide = [
        f"{page}: {line}"
        for page in PAGES
        for block in blocks(text(lang, page))
        if block.kind in ("python", "py", "sh", "{picture}", "{cell}", "{html}")
        for line in block.text.splitlines()
        if len(line) > WIDEST
    ]
    assert wide == []


def test_bold_in_japanese_is_no_row_of_stars():
    """Markdown does not end bold text at a bracket with a letter behind it."""
    broken = re.compile(r"[）」』。、]\*\*[ぁ-んァ-ヶ一-龠]")
    found = []
    for page in PAGES:
        for line in FENCE.sub("", text("ja", page)).splitlines():
            ends = [mark.start() for mark in re.finditer(r"\*\*", line)][1::2]
            found += [line for end in ends if broken.match(line[end - 1 : end + 3])]
    assert found == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_the_reference_begins_with_a_table_of_its_names(lang, tmp_path):
    from weaving.objects import names

    for page in PAGES:
        if page.startswith("reference/api-"):
            woven = Page(page.removesuffix(".md"), lang, tmp_path / "_woven").weave(text(lang, page))
            listed = re.findall(r"^\| \{py:obj\}`[^`]*<(.*?)>` \| .+ \|$", woven, re.M)
            assert listed == names(text(lang, page)) and listed
