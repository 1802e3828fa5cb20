"""What to type: the settings that an advice speaks of, with numbers that suit the training that was examined.

A rule writes its remedies as templates such as ``"--lr {lower}"``. A placeholder is filled from the record; where the
record shows that the remedy is none here (no learning rate to lower, inputs scaled already), it is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import Literal

import numpy as np

from tasou.diagnostics.record import Record
from tasou.network.initialize import suitable

Face = Literal["estimator", "command"]
"""who is spoken to: somebody who writes Python, or somebody at the command line"""

LABELS: Mapping[Face, Mapping[str, str]] = {
    "estimator": {"en": "Estimator", "ja": "推定器の引数"},
    "command": {"en": "Options", "ja": "オプション"},
}
GENERAL = {
    "lower": "LR/10",
    "higher": "LR*10",
    "epochs": "N*4",
    "larger": "N*4",
    "auto": "auto",
    "adam": "adam",
    "relu": "relu",
    "leaky": "leaky_relu",
    "fewer": "N,N",
    "smaller": "N/4",
    "suitable": "he_uniform",
    "less": "TOL/100",
    "longer": "N*5",
    "drop": "COLUMN",
}
"""the placeholders in words, where no training is at hand"""
LARGE = 30.0
SMALL = 0.1


def fill(templates: Iterable[str], values: Mapping[str, object]) -> list[str]:
    """The templates whose placeholders are all known, filled.

    >>> fill(["--lr {lower}", "--clip-norm 1", "--scale {auto}"], {"lower": "0.01"})
    ['--lr 0.01', '--clip-norm 1']
    """
    return [text.format(**values) for text in templates if _placeholders(text) <= set(values)]


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
    hidden = [layer for layer in record.layers or record.start if layer.hidden]
    if not hidden:
        return
    yield "suitable", suitable(hidden[0].activation)
    if any(layer.bounded for layer in hidden):
        yield "relu", "relu"
    if any(layer.activation == "relu" for layer in hidden):
        yield "leaky", "leaky_relu"
    if len(hidden) > 2:
        yield "fewer", ",".join(str(layer.units) for layer in hidden[:2])
    if max(layer.units for layer in hidden) > 4:
        yield "smaller", ",".join(str(max(2, layer.units // 4)) for layer in hidden)


def _of_the_data(record: Record) -> Iterator[tuple[str, str]]:
    rms = np.empty(0) if record.inputs is None else record.inputs.rms
    if not len(rms) or rms.max() > LARGE or rms.max() < SMALL:
        yield "auto", "auto"
