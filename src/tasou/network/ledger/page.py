"""The ledger as a picture: the network beside its numbers, to click or key through: forward → loss → backward → update.

`as_fragment` is the component by itself, one ``<div class="tasou-picture">`` with style, data and script inside, for a
notebook or for another page; `as_page` is that on a page of its own. Nothing is fetched, both languages are inside,
and without script all steps stand below one another. For who embeds it, the script offers ``tasouLedger(element)``,
which returns (as the element's property ``tasou`` does)

```
show(k)      go to step k, from 0          choose(j)   light unit j of the step, from 0; again: all units
sample(i)    take the i-th of the samples  speak(lang) "en", "ja", or the other one
step, steps  where it stands, and of how many
```

and the element fires ``tasou-step`` (detail: step, sample) whenever another step is shown. To renew it after another
update, replace the element by a new fragment and call ``tasouLedger`` on that.
"""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tasou.language import LANGUAGES, Texts, say
from tasou.network.ledger.notation import mathml, mathml_matrix
from tasou.network.ledger.quantity import UNITS, Quantity, Row
from tasou.network.ledger.words import (
    BATCH_HEADS,
    HEADS,
    MATRIX,
    MORE,
    PHASES,
    SAMPLE,
    explanation,
    shape_text,
)

if TYPE_CHECKING:
    from tasou.network.ledger.contents import Contents

TITLE = {"en": "A step of learning, number by number", "ja": "学習の1ステップを数値で追う"}
BUTTONS = {
    "back": {"en": "← back", "ja": "← 戻る"},
    "next": {"en": "next →", "ja": "次へ →"},
    "all": {"en": "all", "ja": "すべて"},
}
PICK = {"en": "sample", "ja": "サンプル"}
KEYS = {
    "en": "Click a circle or a line of the table to see what it is computed from. Keys: ← → one quantity back or on, "
    "Home and End, A for all, L for Japanese.",
    "ja": "丸や表の行をクリックすると、計算に使う値が光ります。キー操作：← → で前後の量へ、Home と End で最初と最後へ、"
    "A ですべて表示、L で英語に切り替え。",
}


def as_page(ledger: Contents, lang: str) -> str:
    """The whole page as text; it opens in ``lang``."""
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(say(TITLE, lang))}</title>\n"
        "<style>:root{color-scheme:light dark}body{margin:0}</style></head>\n"
        f"<body><main>{as_fragment(ledger, lang, heading=True)}</main></body></html>\n"
    )


def as_fragment(ledger: Contents, lang: str, *, heading: bool = False) -> str:
    """The component: one element with all that it needs."""
    style, script = (files(__package__).joinpath(f"page.{kind}").read_text("utf-8") for kind in ("css", "js"))
    figure = f"<figure>{ledger.diagram.svg(lang)}</figure>" if ledger.diagram else ""
    alone = "" if ledger.diagram else " alone"
    sections = "".join(_step(k, quantity, ledger) for k, quantity in enumerate(ledger.quantities))
    head = f"<h1>{both(TITLE)}</h1>" if heading else ""
    return f"""<div class="tasou-picture" data-lang="{lang}" tabindex="0"><style>{style}</style>
<header>{head}<p>{escape(ledger.network)} · {_note(ledger)}</p>
<nav aria-label="steps">{_navigation(ledger)}</nav>
<p class="bar"><button class="back">{both(BUTTONS["back"])}</button>
<button class="next">{both(BUTTONS["next"])}</button> <button class="all">{both(BUTTONS["all"])}</button>
{_picker(ledger)}<button class="lang" lang="en">日本語 / English</button>
<output class="at-step" aria-live="polite"></output></p>
<p class="keys">{both(KEYS)}</p></header>
<div class="stage{alone}">{figure}<div class="cards">{sections}</div></div>
<script type="application/json">{_data(ledger)}</script>
<script>{script}</script></div>"""


def both(texts: Texts) -> str:
    """A text in both languages, of which the page shows one."""
    return "".join(f'<span lang="{lang}">{escape(texts[lang])}</span>' for lang in LANGUAGES)


def _note(ledger: Contents) -> str:
    """Which sample; the script writes another one in its place."""
    first, *rest = zip(*(ledger.note(lang).splitlines() for lang in LANGUAGES), strict=True)
    spans = "".join(
        f'<span lang="{lang}" class="which">{escape(text)}</span>'
        for lang, text in zip(LANGUAGES, first, strict=True)
    )
    return spans + "".join(f"<br/>{both(dict(zip(LANGUAGES, texts, strict=True)))}" for texts in rest)


def _picker(ledger: Contents) -> str:
    """Which of the samples: counted from 1, as people count."""
    if len(ledger.samples) < 2:
        return ""
    options = "".join(
        f'<option value="{k}"{" selected=" + chr(34) + chr(34) if i == ledger.sample else ""}>{i + 1}</option>'
        for k, (i, _) in enumerate(ledger.samples)
    )
    return f'<label>{both(PICK)} <select class="pick">{options}</select></label>\n'


def _navigation(ledger: Contents) -> str:
    """The flow of the step as a strip of links, phase by phase."""
    strips, k = [], 0
    for phase, quantities in ledger.phases():
        links = []
        for quantity in quantities:
            name = escape(quantity.symbol)
            links.append(f'<a href="#q{k}" data-step="{k}" aria-label="{name}">{mathml(quantity.symbol)}</a>')
            k += 1
        strips.append(f'<span class="strip {phase}"><b>{both(PHASES[phase])}</b>{" ".join(links)}</span>')
    return '<i aria-hidden="true">→</i>'.join(strips)


def _step(k: int, quantity: Quantity, ledger: Contents) -> str:
    sentence = both({lang: explanation(quantity.kind, quantity.layer, lang) for lang in LANGUAGES})
    relation = ":=" if quantity.phase == "update" else "="
    formula = mathml(f"{quantity.symbol} {relation} {quantity.formula}")
    formula = mathml(quantity.symbol) if quantity.formula in ("", quantity.symbol) else formula
    shape = both({lang: shape_text(quantity.shape, lang) for lang in LANGUAGES})
    batch = ledger.sample is None
    columns = (0, 3) if batch else (0, 2, 3)
    heads = BATCH_HEADS if batch else HEADS
    head = "".join(
        f'<th scope="col">{both({lang: heads[lang][c] for lang in LANGUAGES})}</th>' for c in columns
    )
    return (
        f'<section id="q{k}" class="{quantity.phase}"><h2><small>{both(PHASES[quantity.phase])}</small> '
        f'{mathml(quantity.symbol)} <span class="shape">{shape}</span></h2><p>{sentence}</p>'
        f'<p class="formula">{formula}</p>'
        f'<div class="ledger"><table><thead><tr>{head}</tr></thead><tbody>{body(quantity, batch)}</tbody></table></div>'
        "</section>\n"
    )


def body(quantity: Quantity, batch: bool) -> str:
    """The rows of a quantity, the first units in view, the others behind a click."""
    shown = "".join(_row(j, row, batch) for j, row in enumerate(quantity.rows[:UNITS]))
    if quantity.matrix:
        inside = mathml_matrix(quantity.matrix)
        shown += f"<tr><td></td><td><details><summary>{both(MATRIX)}</summary>{inside}</details></td></tr>"
    if hidden := quantity.folded(UNITS):
        rows = "".join(_row(j, row, batch) for j, row in enumerate(quantity.rows[UNITS:], start=UNITS))
        left = quantity.folded(len(quantity.rows))
        rows += f'<tr><td colspan="3">… (+{left})</td></tr>' if left else ""
        summary = both({lang: say(MORE, lang, n=hidden) for lang in LANGUAGES})
        shown += f'<tr><td colspan="3"><details><summary>{summary}</summary><table>{rows}</table></details></td></tr>'
    return shown


def _row(j: int, row: Row, batch: bool) -> str:
    cells = (row.symbol, row.value) if batch else (row.symbol, row.numbers, row.value)
    return f'<tr data-j="{j}">' + "".join(f"<td>{mathml(cell)}</td>" for cell in cells) + "</tr>"


def _data(ledger: Contents) -> str:
    """What the script needs: where each step stands in the diagram, and the rows and values of every sample."""
    batch, diagram = ledger.sample is None, ledger.diagram
    places = [diagram.place(q) if diagram else ("", []) for q in ledger.quantities]
    numbers = [i for i, _ in ledger.samples]
    found: dict[str, Any] = {
        "steps": [{"column": column, "parents": parents} for column, parents in places],
        "at": numbers.index(ledger.sample) if ledger.sample in numbers else 0,
        "samples": [
            {
                "note": {lang: say(SAMPLE, lang, i=i + 1, n=ledger.n) for lang in LANGUAGES},
                "bodies": [body(q, batch) for q in quantities],
                "values": [values_in_circles(q) for q in quantities],
            }
            for i, quantities in ledger.samples
        ],
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def values_in_circles(quantity: Quantity) -> list[str]:
    """The values of the units, where they are single numbers short enough to stand in a circle."""
    if quantity.matrix or len(quantity.shape) > 1 or quantity.phase == "update" or quantity.kind == "grad_b":
        return []
    return [_short(row.value) for row in quantity.rows[: quantity.shape[0] if quantity.shape else 1]]


def _short(value: str) -> str:
    """About three digits, as many as a circle holds.

    >>> _short("-0.02519"), _short("12.3456"), _short("0")
    ('-0.0252', '12.3', '0')
    """
    return f"{float(value):.3g}" if value not in ("inf", "nan") else value
