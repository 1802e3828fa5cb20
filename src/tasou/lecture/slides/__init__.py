"""The chapter as Marp slides: texts in the Markdown files of this folder, pictures and numbers from the experiments.

A file holds the slides of a section in a language (``3.ja.md``). In it ``{{figure 1.2 h:420}}`` stands for the picture of
an experiment, ``{{table 1.2}}`` for what it measured, ``{{1.2 logistic}}`` for one of the numbers: so a slide never
says what the engine does not do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from tasou import writing
from tasou.errors import TasouError
from tasou.language import LANGUAGES, Language, language, say
from tasou.lecture import drawing
from tasou.lecture.experiment import Result, all_experiments, run
from tasou.messages import Message

NO_SLIDES = Message(
    "slides.claim_fails",
    en="no slides: the claim of {failed:list} does not hold with seed {seed}; try another seed",
    ja="スライドは作りません。シード {seed} では {failed:list} の主張が成り立ちません。別のシードを試してください",
)
CANNOT_WRITE = Message(
    "slides.cannot_write",
    en="cannot write slides to {folder}: {reason}",
    ja="{folder} にスライドを書き込めません：{reason}",
)

SECTIONS = tuple(str(k) for k in range(8))
PLACE = re.compile(r"\{\{(?P<what>[a-z]+ )?(?P<number>\d+(?:\.\d+)?[a-z]?)(?: (?P<rest>[^}]*))?\}\}")
SHOWN = re.compile(r"(?:\{\{(?:[a-z]+ )?|lecture-|_opened: )(\d+(?:\.\d+)?[a-z]?)(?=[ }]|\.png)")
"""an experiment that a slide speaks of: by its picture, its table or one of its numbers, or because it says so"""
SAID = re.compile(r"<!-- _opened: .* -->\n\n")
BETWEEN = "\n---\n"
HEAD = {"en": ("measured", "value", "claimed"), "ja": ("測定した量", "値", "主張")}


def write(folder: Path, *, seed: int = 0, lang: str | None = None, dark: bool = False) -> list[Path]:
    """Run every experiment once, write pictures and slides, in both languages or in the one given; the paths of the decks.

    Raises
    ------
    TasouError
        a claim does not hold (then nothing is written), or a file cannot be written
    """
    results = {experiment.number: run(experiment, seed) for experiment in all_experiments()}
    failed = [number for number, result in results.items() if not result.holds]
    if failed:
        raise TasouError(NO_SLIDES, failed=failed, seed=seed)
    return [_write(folder, results, language(code), dark) for code in ([lang] if lang else LANGUAGES)]


def _write(folder: Path, results: Mapping[str, Result], lang: Language, dark: bool) -> Path:
    """The deck of a language with its pictures."""
    pictures, path = folder / "figures" / lang, folder / f"slides.{lang}.md"
    try:
        pictures.mkdir(parents=True, exist_ok=True)
        for result in results.values():
            drawing.save(result, pictures, lang, ending=".png", dark=dark)
        writing.write_text(path, deck(results, lang, dark=dark))
    except OSError as error:
        raise TasouError(CANNOT_WRITE, folder=folder, reason=error) from error
    return path


def deck(results: Mapping[str, Result], lang: Language, *, dark: bool = False) -> str:
    """All sections as one Markdown text, the measured numbers filled in."""
    texts = [files(__package__).joinpath(f"{name}.{lang}.md").read_text("utf-8") for name in SECTIONS]
    slides = [slide for text in texts for slide in f"{text.strip()}\n".split(BETWEEN)]
    whole = BETWEEN.join(SAID.sub("", slide) + _opened(slide) for slide in slides)
    if dark:
        whole = _inverted(whole)
    return PLACE.sub(lambda place: _fill(place, results, lang), whole)


def _opened(slide: str) -> str:
    """At the slide's foot, how its experiments are opened in the playground."""
    numbers = dict.fromkeys(found[1] for found in SHOWN.finditer(slide))
    if not numbers:
        return ""
    commands = " · ".join(f"`tasou play --lecture {number}`" for number in numbers)
    return f'\n<!-- _footer: "▶ {commands}" -->\n'


def _inverted(text: str) -> str:
    """The deck in Marp's own dark look, slides with a class of their own too."""
    return text.replace("_class: lead", "_class: lead invert").replace(
        "\nmarp: true\n", "\nmarp: true\nclass: invert\n", 1
    )


def _fill(place: re.Match[str], results: Mapping[str, Result], lang: Language) -> str:
    """What stands in a place: a picture, a table or a number."""
    result, rest = results[place["number"]], place["rest"] or ""
    what = (place["what"] or "").strip()
    if what == "figure":
        title = say(result.experiment.title, lang)
        return f"![{rest} {title}](figures/{lang}/lecture-{result.experiment.number}.png)"
    if what == "table":
        return _table(result, lang)
    return result.outcome[rest].number


def _table(result: Result, lang: Language) -> str:
    """The measured numbers as a Markdown table."""
    rows = [(say(m.what, lang).replace("|", "\\|"), m.number, m.wanted) for m in result.outcome.measures]
    head = [HEAD[lang], ("---", "--:", ":--")]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*head, *rows])
