"""What an experiment found, as text: one in full, or all as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from tasou.language import language, say
from tasou.lecture.experiment import Experiment, Result, title
from tasou.lecture.outcome import Measure
from tasou.text import aligned

LABELS = {
    "data": {"en": "data", "ja": "データ"},
    "model": {"en": "model", "ja": "モデル"},
    "claim": {"en": "claim", "ja": "主張"},
    "check": {"en": "check", "ja": "確かめ方"},
    "seen": {"en": "seen", "ja": "図の内容"},
    "measured": {
        "en": "measured (seed {seed}, {seconds:.1f} s)",
        "ja": "測定結果（シード {seed}、{seconds:.1f} 秒）",
    },
    "wanted": {"en": "claimed {bound}", "ja": "主張：{bound}"},
    "picture": {"en": "picture", "ja": "図"},
}
VERDICT = {
    True: {"en": "The claim holds.", "ja": "主張は成り立つ。"},
    False: {"en": "The claim does NOT hold.", "ja": "主張は成り立たない。"},
}
TABLE = {"en": ("measured", "value", "claimed", ""), "ja": ("測定したもの", "値", "主張", "")}
MARK = {True: "✓", False: "✗"}
HEAD = {"en": ("", "experiment", "numbers", "time"), "ja": ("", "実験", "測定値", "時間")}
SUMMARY = {
    "en": "{held} of {n} claims hold (seed {seed}, {seconds:.1f} s)",
    "ja": "{n} 件の主張のうち {held} 件が成り立つ（シード {seed}、{seconds:.1f} 秒）",
}
LIST = {
    "en": "The lecture in {n} experiments. Run one: tasou lecture {example}; all: tasou lecture --all; slides: tasou "
    "lecture --slides DIR; exercises: tasou lecture exercise",
    "ja": "講義を {n} の実験で。1つ実行：tasou lecture {example}　すべて実行：tasou lecture --all　スライド：tasou lecture "
    "--slides DIR　演習問題：tasou lecture exercise",
}
SECTIONS = {
    1: {"en": "Why neural networks", "ja": "なぜニューラルネットワークか"},
    2: {"en": "Parts of a network", "ja": "ネットワークの構成"},
    3: {"en": "Forward propagation", "ja": "順伝播"},
    4: {"en": "Activation functions", "ja": "活性化関数"},
    5: {"en": "Backpropagation and the training flow", "ja": "逆伝播と学習の流れ"},
    6: {"en": "The NumPy implementation", "ja": "NumPyによる実装"},
    7: {"en": "Summary", "ja": "まとめ"},
}


def listing(experiments: Sequence[Experiment], lang: str | None = None) -> str:
    """All experiments under the headings of their sections."""
    lines, section = [], 0
    for experiment in experiments:
        if experiment.key[0] != section:
            section = experiment.key[0]
            lines += ["", f"§{section} {say(SECTIONS[section], lang)}"]
        lines.append(f"  {experiment.number:<5} {say(experiment.title, lang)}")
    lines += ["", say(LIST, lang, n=len(experiments), example="1.2")]
    return "\n".join(lines[1:])


def full(result: Result, lang: str | None = None) -> str:
    """One experiment in full: what is claimed, what was measured, whether it holds."""
    experiment = result.experiment
    texts = {name: getattr(experiment, name) for name in ("data", "model", "claim", "check", "seen")}
    lines = [f"── {title(experiment, lang)} ──"]
    lines += [f"{say(LABELS[name], lang)}: {say(text, lang)}" for name, text in texts.items()]
    if result.outcome.text is not None:
        lines += ["", result.outcome.text(language(lang)), ""]
    lines.append(say(LABELS["measured"], lang, seed=result.seed, seconds=result.seconds))
    lines.append(aligned([_row(measure, lang) for measure in result.outcome.measures], right=(1,)))
    lines.append(say(VERDICT[result.holds], lang))
    return "\n".join(lines)


def as_html(result: Result, lang: str | None = None) -> str:
    """The same as a notebook shows it, with the picture in place."""
    from io import BytesIO

    from tasou.lecture import drawing
    from tasou.shown import fragment, html_table, picture

    lang, experiment, png = language(lang), result.experiment, BytesIO()
    drawing.draw(result, lang).savefig(png, format="png", dpi=100)
    rows = [
        (say(m.what, lang), m.number, m.wanted, MARK[m.holds] if m.relation else "")
        for m in result.outcome.measures
    ]
    about = "".join(
        f"<p><em>{escape(say(LABELS[name], lang))}</em> {escape(say(getattr(experiment, name), lang))}</p>"
        for name in ("claim", "data", "model")
    )
    table = html_table(TABLE[lang], rows, right=(1, 2))
    verdict = f"<p><strong>{escape(say(VERDICT[result.holds], lang))}</strong></p>"
    return fragment(
        title(experiment, lang), about, picture(png.getvalue(), drawing.alt(result, lang)), table, verdict
    )


def _row(measure: Measure, lang: str | None) -> tuple[str, str, str, str]:
    wanted = say(LABELS["wanted"], lang, bound=measure.wanted) if measure.relation else ""
    mark = MARK[measure.holds] if measure.relation else ""
    return f"  {say(measure.what, lang)}", measure.number, wanted, mark


def table(results: Sequence[Result], lang: str | None = None) -> str:
    """One line per experiment, and how many claims hold."""
    rows = [tuple(HEAD[language(lang)])]
    rows += [
        (MARK[result.holds], title(result.experiment, lang), _tally(result), f"{result.seconds:.2f} s")
        for result in results
    ]
    seconds, held = sum(result.seconds for result in results), sum(result.holds for result in results)
    seed = results[0].seed if results else 0
    summary = say(SUMMARY, lang, held=held, n=len(results), seed=seed, seconds=seconds)
    failed = [line for result in results if not result.holds for line in _failures(result, lang)]
    return "\n".join([aligned(rows, right=(3,)), "", *failed, summary])


def _tally(result: Result) -> str:
    claimed = [measure for measure in result.outcome.measures if measure.relation]
    return f"{sum(measure.holds for measure in claimed)}/{len(claimed)}"


def _failures(result: Result, lang: str | None) -> Iterator[str]:
    """The numbers that are not as claimed."""
    for measure in result.outcome.measures:
        if not measure.holds:
            what, number, wanted, mark = _row(measure, lang)
            yield f"{mark} {result.experiment.number} {what.strip()}: {number} ({wanted})"


def written(paths: Sequence[Path], lang: str | None = None) -> str:
    """Where the pictures are."""
    return f"{say(LABELS['picture'], lang)}: {', '.join(map(str, paths))}"
