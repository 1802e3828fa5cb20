"""What to try, in words and as what to type, with numbers that suit the training that was examined.

A remedy's settings are templates such as ``"--lr {lower}"``. A placeholder is filled from the record; where the record
shows that the remedy is none here (no learning rate to lower, inputs scaled already), the remedy is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal

import numpy as np

from tasou.diagnostics.record import Array, Record
from tasou.formulas import initializers
from tasou.language import say
from tasou.network.initialize import suitable

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
}
"""the placeholders in words, where no training is at hand"""
TYPED = {
    "none": {"en": "{text}", "ja": "{text}"},
    "typed": {"en": "{text} ({typed})", "ja": "{text}（{typed}）"},
    "python": {"en": "{text} (in Python: {typed})", "ja": "{text}（Python では {typed}）"},
}
LARGE = 30.0
SMALL = 0.1
ALIKE = 1.5
"""initial weights that are larger or smaller than suits the activation by less than this factor are as good"""


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
    return joined[:1].upper() + joined[1:] + say({"en": ".", "ja": "。"}, lang)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def settings(record: Record) -> dict[str, str]:
    """What the placeholders stand for in this training.

    >>> from tasou.diagnostics.record import Run
    >>> settings(Record([2.0, 1.0], run=Run(optimizer="sgd", lr=0.5, batch_size=8)))["lower"]
    '0.05'
    """
    return dict([*_of_the_run(record), *_of_the_layers(record), *_of_the_data(record)])


def _of_the_run(record: Record) -> Iterator[tuple[str, str]]:
    run = record.run
    if np.isfinite(run.lr):
        yield from (("lower", f"{run.lr / 10:.2g}"), ("higher", f"{run.lr * 10:.2g}"))
    if run.optimizer and run.optimizer not in ("adam", "lbfgs"):
        yield "adam", "adam"
    if len(record.losses):
        yield "epochs", str(4 * len(record.losses))
    if run.batch_size:
        yield "larger", str(4 * run.batch_size)
    loss = record.fit.baseline if record.fit else 1.0
    if run.tol > 0:
        yield "less", f"{min(run.tol / 100, 1e-4 * loss):.0e}"
    yield "longer", f"{5 * run.patience:g}"


def _of_the_layers(record: Record) -> Iterator[tuple[str, str]]:
    layers = record.layers or record.start
    hidden = [layer for layer in layers if layer.hidden]
    if layers and layers[-1].bounded and record.model is not None:
        yield "cross", "cross_entropy" if record.model.sizes[-1] > 1 else "binary_cross_entropy"
    if not hidden:
        return
    if not _well_begun(record):
        yield "suitable", suitable(hidden[0].activation)
    if any(layer.bounded for layer in hidden):
        yield "relu", "relu"
    if any(layer.activation == "relu" for layer in hidden):
        yield "leaky", "leaky_relu"
    if len(hidden) > 2:
        yield "fewer", ",".join(str(layer.units) for layer in hidden[:2])
    if max(layer.units for layer in hidden) > 4:
        yield "smaller", ",".join(str(max(2, layer.units // 4)) for layer in hidden)


def _well_begun(record: Record) -> bool:
    """Whether the initial weights were seen and had the size that suits the activation."""
    if not record.start or record.model is None:
        return False
    fans = zip(record.model.sizes, record.model.sizes[1:], strict=False)
    pairs = [(layer, fan) for layer, fan in zip(record.start, fans, strict=True) if layer.hidden]
    return all(1 / ALIKE < layer.weight / _spread(layer.activation, *fan) < ALIKE for layer, fan in pairs)


def _spread(activation: str, fan_in: int, fan_out: int) -> float:
    """The standard deviation of the initial weights that suit."""
    init = initializers.get(suitable(activation))
    size = init.size(fan_in, fan_out)
    return size / float(np.sqrt(3)) if init.distribution == "uniform" else size


def _of_the_data(record: Record) -> Iterator[tuple[str, str]]:
    inputs = record.inputs is None or _far_from_one(record.inputs.rms)
    target = record.target is not None and _far_from_one(np.hypot(record.target.mean, record.target.std))
    if inputs:
        yield "auto", "auto"
    if inputs or target:
        yield "rescale", "auto"


def _far_from_one(sizes: Array) -> bool:
    return bool(sizes.max() > LARGE or sizes.max() < SMALL)
