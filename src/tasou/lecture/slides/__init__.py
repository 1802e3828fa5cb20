"""The chapter as Marp slides: texts in the Markdown files of this folder, pictures and numbers from the experiments.

A file holds the slides of a section in a language (``3.ja.md``). In it ``{{figure 1.2 h:420}}`` stands for the picture of
an experiment, ``{{table 1.2}}`` for what it measured, ``{{1.2 logistic}}`` for one of the numbers: so a slide never
says what the engine does not do.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from tasou import writing
from tasou.errors import TasouError
from tasou.language import LANGUAGES, Language, language, say
from tasou.lecture import drawing
from tasou.lecture.experiment import Result, all_experiments, find, run
from tasou.lecture.outcome import Outcome
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
SIZED = re.compile(
    r"\{\{figure (?P<number>\S+) (?P<side>[hw]):(?P<pixels>\d+)\}\}"
    r"|!\[bg right:(?P<right>\d+)% (?P<part>\d+)%\]\(figures/\w+/lecture-(?P<beside>\S+)\.png\)"
)
"""a picture with the size it is shown at: so high or so wide, or beside the text, in a part of the slide"""
WIDE, HIGH, INSIDE = 1280, 720, 1160
"""pixels of a slide, and the width that its margins leave"""
HALL = 18
"""pixels: a fortieth of the slide's height, which the last row of a lecture hall can read"""
SAID = re.compile(r"<!-- _opened: .* -->\n\n")
BETWEEN = "\n---\n"
HEAD = {"en": ("measured", "value", "claimed"), "ja": ("測定した量", "値", "主張")}


def write(folder: Path, *, seed: int = 0, lang: str | None = None, dark: bool = False) -> list[Path]:
    """Run every experiment once, write pictures and slides, in both languages or in the one given; the paths of the decks.

    The experiments run side by side, in as many processes as there are cores.

    Raises
    ------
    TasouError
        a claim does not hold (then nothing is written), or a file cannot be written
    """
    from joblib import Parallel, cpu_count, delayed

    from tasou.plots import theme

    langs = [language(code) for code in ([lang] if lang else LANGUAGES)]
    for code in langs:
        with theme.lettering(code):
            pass  # where there is no font for it, that is told here, once
    experiments = all_experiments()
    present = delayed(_present)
    shown = Parallel(n_jobs=min(cpu_count(), len(experiments)))(
        present(each.number, seed, langs, dark) for each in experiments
    )
    failed = [each.number for each, (held, _) in zip(experiments, shown, strict=True) if not held.holds]
    if failed:
        raise TasouError(NO_SLIDES, failed=failed, seed=seed)
    results = {
        each.number: Result(each, seed, held, 0.0) for each, (held, _) in zip(experiments, shown, strict=True)
    }
    pictures = dict(zip(results, (drawn for _, drawn in shown), strict=True))
    return [
        _write(folder, results, {n: drawn[code] for n, drawn in pictures.items()}, code, dark)
        for code in langs
    ]


def _present(
    number: str, seed: int, langs: Sequence[Language], dark: bool
) -> tuple[Outcome, dict[Language, bytes]]:
    """What an experiment measured, and its picture in each language where the claim holds."""
    result = run(find(number)[0], seed)
    measured = Outcome(result.outcome.measures)
    if not measured.holds:
        return measured, {}
    size = letters()[number]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return measured, {lang: drawing.png(result, lang, dark=dark, letters=size) for lang in langs}


def _write(
    folder: Path, results: Mapping[str, Result], drawn: Mapping[str, bytes], lang: Language, dark: bool
) -> Path:
    """The deck of a language with its pictures."""
    pictures, path = folder / "figures" / lang, folder / f"slides.{lang}.md"
    try:
        pictures.mkdir(parents=True, exist_ok=True)
        for number, content in drawn.items():
            writing.write(pictures / f"lecture-{number}.png", [content])
        writing.write_text(path, deck(results, lang, dark=dark))
    except OSError as error:
        raise TasouError(CANNOT_WRITE, folder=folder, reason=error) from error
    return path


def _texts(lang: Language) -> list[str]:
    """The sections as they are written."""
    return [files(__package__).joinpath(f"{name}.{lang}.md").read_text("utf-8") for name in SECTIONS]


def letters() -> dict[str, float]:
    """The size of each picture's letters in points, so that on its slide they are `HALL` pixels high; 12 where it is not shown.

    >>> round(letters()["6"], 1)
    14.2
    """
    found = {each.number: 12.0 for each in all_experiments()}
    for place in SIZED.finditer("".join(_texts("en"))):
        number = place["number"] or place["beside"]
        width, height = find(number)[0].size
        if place["beside"]:
            room = WIDE * int(place["right"]) * int(place["part"]) / 100**2
            scale = min(room / width, HIGH / height)
        else:
            scale = min(int(place["pixels"]) / (height if place["side"] == "h" else width), INSIDE / width)
        found[number] = HALL * 72 / scale
    return found


def deck(results: Mapping[str, Result], lang: Language, *, dark: bool = False) -> str:
    """All sections as one Markdown text, the measured numbers filled in."""
    slides = [slide for text in _texts(lang) for slide in f"{text.strip()}\n".split(BETWEEN)]
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
