"""The ledger as a page of its own to click or key through: forward → loss → backward → update.

Both languages are in the page; style and script stand in it, so that it works from a file, offline. Without
script all steps stand below one another.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from tasou.language import LANGUAGES, say
from tasou.network.ledger.html import quantity_rows, table
from tasou.network.ledger.notation import mathml
from tasou.network.ledger.quantity import Quantity
from tasou.network.ledger.words import PHASES, explanation

if TYPE_CHECKING:
    from tasou.network.ledger.contents import Contents

TITLE = {"en": "A step of learning, number by number", "ja": "学習の1ステップを、数値ひとつひとつまで"}
BUTTONS = {
    "back": {"en": "← back", "ja": "← 戻る"},
    "next": {"en": "next →", "ja": "次へ →"},
    "all": {"en": "all", "ja": "すべて"},
}
KEYS = {
    "en": "Keys: ← → one quantity back or on, Home and End, A for all, L for Japanese.",
    "ja": "キー操作：← → で前後の量へ、Home と End で最初と最後へ、A ですべて表示、L で英語に切り替え。",
}


def as_page(ledger: Contents, lang: str) -> str:
    """The whole page as text; it opens in ``lang``."""
    steps = [(k, quantity) for k, quantity in enumerate(ledger.quantities)]
    body = f"""<header><h1>{both(TITLE)}</h1><p>{escape(ledger.network)} · {_note(ledger)}</p>
<nav aria-label="steps">{_navigation(ledger)}</nav>
<p class="bar"><button id="back">{both(BUTTONS["back"])}</button>
<button id="next">{both(BUTTONS["next"])}</button> <button id="all">{both(BUTTONS["all"])}</button>
<button id="lang" lang="en">日本語 / English</button> <output id="at" aria-live="polite"></output></p>
<p class="keys">{both(KEYS)}</p></header>
<main>{"".join(_step(k, quantity) for k, quantity in steps)}</main>"""
    style, script = (files(__package__).joinpath(f"page.{kind}").read_text("utf-8") for kind in ("css", "js"))
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}" data-lang="{lang}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(say(TITLE, lang))}</title>\n<style>{style}</style></head>\n"
        f"<body>{body}\n<script>{script}</script></body></html>\n"
    )


def both(texts: dict[str, str]) -> str:
    """A text in both languages, of which the page shows one."""
    return "".join(f'<span lang="{lang}">{escape(texts[lang])}</span>' for lang in LANGUAGES)


def _note(ledger: Contents) -> str:
    return both({lang: ledger.note(lang) for lang in LANGUAGES})


def _navigation(ledger: Contents) -> str:
    """The flow of the step as a strip of links, phase by phase."""
    strips, k = [], 0
    for phase, quantities in ledger.phases():
        links = []
        for quantity in quantities:
            links.append(f'<a href="#q{k}" data-step="{k}">{mathml(quantity.symbol)}</a>')
            k += 1
        strips.append(f'<span class="strip {phase}"><b>{both(PHASES[phase])}</b>{" ".join(links)}</span>')
    return '<i aria-hidden="true">→</i>'.join(strips)


def _step(k: int, quantity: Quantity) -> str:
    sentence = both({lang: explanation(quantity.kind, quantity.layer, lang) for lang in LANGUAGES})
    relation = ":=" if quantity.phase == "update" else "="
    formula = mathml(f"{quantity.symbol} {relation} {quantity.formula}")
    formula = mathml(quantity.symbol) if quantity.formula in ("", quantity.symbol) else formula
    tables = "".join(
        f'<div lang="{lang}" class="ledger">{table(quantity_rows(quantity, lang), lang)}</div>'
        for lang in LANGUAGES
    )
    return (
        f'<section id="q{k}" class="{quantity.phase}"><h2><small>{both(PHASES[quantity.phase])}</small> '
        f'{mathml(quantity.symbol)}</h2><p>{sentence}</p><p class="formula">{formula}</p>{tables}</section>\n'
    )
