"""What to try, in words and as what to type, with numbers that suit the training that was examined.

A remedy's settings are templates such as ``"--lr {lower}"``. A placeholder is filled from the record; where the record
shows that the remedy is none here (no learning rate to lower, inputs scaled already), the remedy is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal

from tasou.language import say

Face = Literal["estimator", "command"]
"""who is spoken to: somebody who writes Python, or somebody at the command line"""

GENERAL = {
    "lower": "LR/10",
    "higher": "LR*10",
    "epochs": "N*4",
    "larger": "N*4",
    "auto": "auto",
    "rescale": "auto",
    "adam": "adam",
    "relu": "relu",
    "leaky": "leaky_relu",
    "cross": "cross_entropy",
    "fewer": "N,N",
    "smaller": "N/4",
    "suitable": "he_uniform",
    "less": "TOL/100",
    "longer": "N*5",
    "drop": "COLUMN",
    "weaker": "L2/100",
    "undecayed": "0",
    "kept": "P/4",
    "bent": "relu",
    "wider": "N*4",
}
"""the placeholders in words, where no training is at hand"""
TYPED = {
    "none": {"en": "{text}", "ja": "{text}"},
    "typed": {"en": "{text} ({typed})", "ja": "{text}（{typed}）"},
    "python": {"en": "{text} (in Python: {typed})", "ja": "{text}（Python では {typed}）"},
}


@dataclass(frozen=True)
class Remedy:
    """One thing to try: in English, in Japanese, as an argument of an estimator, as an option of ``tasou train``.

    >>> remedy = Remedy("lower the learning rate", "学習率を下げる", "learning_rate_init={lower}", "--lr {lower}")
    >>> remedy.text({"lower": "0.01"}, "en", "command")
    'lower the learning rate (--lr 0.01)'
    """

    en: str
    ja: str
    estimator: str = ""
    command: str = ""

    def possible(self, values: Mapping[str, object]) -> bool:
        """Whether everything that its templates ask for is known."""
        return _placeholders(self.estimator + self.command) <= set(values)

    def typed(self, values: Mapping[str, object], face: Face) -> str:
        """What to type; nothing where there is nothing to type."""
        return (self.command if face == "command" else self.estimator).format(**values)

    def text(self, values: Mapping[str, object], lang: str | None = None, face: Face = "estimator") -> str:
        """The words, and behind them what to type."""
        typed, how = self.typed(values, face), "typed"
        if not typed and self.estimator:
            typed, how = self.typed(values, "estimator"), "python"
        return say(TYPED[how if typed else "none"], lang, text=self.words(lang), typed=typed)

    def words(self, lang: str | None = None) -> str:
        """The words alone."""
        return say({"en": self.en, "ja": self.ja}, lang)


def advice(
    remedies: Iterable[Remedy],
    values: Mapping[str, object],
    lang: str | None = None,
    face: Face = "estimator",
) -> str:
    """The remedies that suit, as one sentence (all of them, if none does)."""
    remedies = tuple(remedies)
    suiting = [remedy for remedy in remedies if remedy.possible(values)]
    texts = [r.text(values, lang, face) for r in suiting] or [r.words(lang) for r in remedies]
    joined = say({"en": "; ", "ja": "。"}, lang).join(texts)
    return beginning(joined) + say({"en": ".", "ja": "。"}, lang)


def beginning(text: str) -> str:
    """A sentence with a capital letter, unless it begins with a symbol, which would become another one.

    >>> beginning("lower it"), beginning("y を標準化する"), beginning("x is large")
    ('Lower it', 'y を標準化する', 'x is large')
    """
    return text[:1].upper() + text[1:] if re.match(r"[a-z]{2,}\b", text) else text


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
