"""How one answer comes about: what each member says, their average, the linear model, the temperature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasou.ensembles.choice import Choice
from tasou.errors import OutOfRange
from tasou.formulas import blending
from tasou.language import say
from tasou.messages import Message
from tasou.shown import fragment, html_table
from tasou.tabular.aims import Aim
from tasou.tabular.ensemble import Ensemble
from tasou.text import aligned

Array = NDArray[np.floating]

NO_SAMPLE = Message(
    "tabular.no_sample",
    en="there is no sample {sample}: there are {n}, counted from 0",
    ja="サンプル {sample} はありません（0から数えて {n} 件です）",
)
TEXTS = {
    "title": {
        "en": "How the answer for row {i} of {n} comes about",
        "ja": "{n}行中{i}行目の答えができるまで",
    },
    "head": {"en": "|formula", "ja": "|式"},
    "member": {"en": "member {j}", "ja": "メンバー {j}"},
    "moments": {"en": "p, mean of {m} moments", "ja": "p（{m} 時点の平均）"},
    "moment": {"en": "p", "ja": "p"},
    "numbers": {"en": "ŷ as it is learnt, mean of {m} moments", "ja": "学習時の尺度での ŷ（{m} 時点の平均）"},
    "number": {"en": "ŷ as it is learnt", "ja": "学習時の尺度での ŷ"},
    "mean": {"en": "average", "ja": "平均"},
    "log_p": {"en": "mean of log p over {k} members", "ja": "{k} メンバーの log p の平均"},
    "y": {"en": "mean of ŷ over {k} members", "ja": "{k} メンバーの ŷ の平均"},
    "linear": {"en": "linear model", "ja": "線形モデル"},
    "mixed": {"en": "mixed", "ja": "混合"},
    "softened": {"en": "tempered", "ja": "温度で割る"},
    "answer": {"en": "answer", "ja": "答え"},
    "in_unit": {"en": "in the unit of the target", "ja": "目的変数の単位に戻す"},
}
MOST = 8
"""outputs that are written; of more those with the largest answers"""


@dataclass(repr=False)
class Together:
    """Every stage of the answers for some rows, in the order in which one follows from the other.

    Attributes
    ----------
    members
        (k, n, K) what each member says, on average of its moments: probabilities, or numbers as the network learns them
    mean
        (n, K) the average of the members: of their log-probabilities, or of the numbers
    second
        (n, K) what the linear model says, in the same way; None without one
    mixed
        (n, K) both, each by its share
    y_hat
        (n, K) the answer: probabilities, or numbers in the target's unit
    choice
        share and temperature, and the moments
    """

    members: Array
    mean: Array
    second: Array | None
    mixed: Array
    y_hat: Array
    choice: Choice
    aim: Aim
    outputs: Sequence[str]

    @classmethod
    def of(
        cls,
        ensemble: Ensemble,
        X: Array,
        outputs: Sequence[str],
        unit: Callable[[Array], Array] | None = None,
    ) -> Together:
        """Ask an ensemble about prepared rows X (n, d); ``unit`` makes numbers those that the user knows."""
        said = ensemble.each(X)
        mean = np.mean([ensemble.aim.link(each) for each in said], axis=0)
        second, choice = ensemble.second_says(X), ensemble.choice
        mixed = mean if second is None else blending.mixed(mean, second, w=choice.w)
        answer = ensemble.combined(mean, second)
        answer = answer if unit is None else unit(answer)
        names = list(outputs) if len(outputs) == answer.shape[1] else [str(k) for k in range(answer.shape[1])]
        return cls(said, mean, second, mixed, answer, choice, ensemble.aim, names)

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.y_hat)

    def cells(self, sample: int = 0, lang: str | None = None, digits: int = 4) -> list[list[str]]:
        """A row for each stage of one sample (from 0), the head first: its name, its formula, a number per output."""
        if not -self.n <= sample < self.n:
            raise OutOfRange(NO_SAMPLE, sample=sample, n=self.n)
        several = len(self.outputs) > 1
        shown = np.arange(len(self.outputs))
        if len(shown) > MOST:
            shown = np.sort(np.argsort(-self.y_hat[sample])[:MOST])
        sets, k = len(self.choice.snapshots), len(self.members)
        w, T = f"{self.choice.w:.2g}", f"{self.choice.temperature:.3g}"

        def row(name: str, formula: str, values: Array) -> list[str]:
            at = shown if len(values) == len(self.outputs) else np.arange(len(values))
            numbers = [f"{value + 0.0:.{digits}g}" for value in values[at].tolist()]
            return [name, formula, *numbers, *[""] * (len(shown) - len(numbers))]

        classes = self.aim.probabilities
        kind = (
            ("moments" if sets > 1 else "moment")
            if self.aim.of_classes
            else "numbers"
            if sets > 1
            else "number"
        )
        head = [
            *say(TEXTS["head"], lang).split("|"),
            *((self.outputs[j] for j in shown.tolist()) if several else ["ŷ"]),
        ]
        rows = [
            row(say(TEXTS["member"], lang, j=j), say(TEXTS[kind], lang, m=sets), said[sample])
            for j, said in enumerate(self.members, 1)
        ]
        if k > 1:
            formula = say(TEXTS["log_p" if classes else "y"], lang, k=k)
            rows.append(row(say(TEXTS["mean"], lang), f"z̄ = {formula}", self.mean[sample]))
        if self.second is not None:
            name = say(TEXTS["linear"], lang)
            rows.append(row(name, "log q" if classes else "ŷ′", self.second[sample]))
            formula = f"z = (1 − {w}) z̄ + {w} {'log q' if classes else 'ŷ′'}"
            rows.append(row(say(TEXTS["mixed"], lang), formula, self.mixed[sample]))
        z = "z" if self.second is not None else "z̄"
        if classes:
            if self.choice.temperature != 1:
                tempered = self.mixed[sample] / self.choice.temperature
                rows.append(row(say(TEXTS["softened"], lang), f"{z} / {T}", tempered))
                z = f"{z} / {T}"
            rows.append(row(say(TEXTS["answer"], lang), f"ŷ = softmax({z})", self.y_hat[sample]))
        elif k > 1 or not np.array_equal(self.mixed, self.y_hat):
            rows.append(row(say(TEXTS["answer"], lang), say(TEXTS["in_unit"], lang), self.y_hat[sample]))
        return [head, *rows]

    def title(self, sample: int = 0, lang: str | None = None) -> str:
        """Which row it is."""
        return say(TEXTS["title"], lang, i=sample % self.n + 1, n=self.n)

    def text(self, sample: int = 0, lang: str | None = None) -> str:
        """The stages of one sample as text, below which row it is."""
        return f"{self.title(sample, lang)}\n{self.stages(sample, lang)}"

    def stages(self, sample: int = 0, lang: str | None = None) -> str:
        """The stages alone."""
        cells = self.cells(sample, lang)
        return aligned(cells, right=range(2, len(cells[0])))

    def table(self, sample: int = 0, *, lang: str | None = None) -> Shown:
        """The stages of one sample: text in a console, a table in a notebook."""
        return Shown(self, sample, lang)

    def __repr__(self) -> str:
        rows = f"{self.n} {'row' if self.n == 1 else 'rows'}"
        return f"Together({rows} through {len(self.members)} members; .table(sample) shows the numbers)"

    def _repr_html_(self) -> str | None:
        return self.table()._repr_html_() if self.n else None


@dataclass(frozen=True)
class Shown:
    """One sample of a `Together`."""

    of: Together
    sample: int
    lang: str | None

    def __str__(self) -> str:
        return self.of.text(self.sample, self.lang)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head, *rows = self.of.cells(self.sample, self.lang)
        table = html_table(head, rows, right=range(2, len(head)))
        return fragment(self.of.title(self.sample, self.lang), table)
