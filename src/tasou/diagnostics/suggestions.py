"""What the placeholders of remedies stand for in the training that was examined: numbers and names that suit it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tasou.diagnostics.record import Array, Record
from tasou.formulas import initializers
from tasou.network.initialize import suitable

LARGE = 30.0
SMALL = 0.1
ALIKE = 1.5
"""initial weights that are larger or smaller than suits the activation by less than this factor are as good"""
STRONG_PENALTY = 0.1
"""a penalty of this share of a row's loss, α / rows of a batch, holds the weights down"""
WEAK_PENALTY = 0.001
STRONG_DECAY = 0.5
MUCH_DROPOUT = 0.5


def settings(record: Record) -> dict[str, str]:
    """What the placeholders stand for in this training.

    >>> from tasou.diagnostics.record import Run
    >>> settings(Record([2.0, 1.0], run=Run(optimizer="sgd", lr=0.5, batch_size=8)))["lower"]
    '0.05'
    """
    found = (_of_the_run(record), _of_the_layers(record), _of_the_model(record), _of_the_data(record))
    return dict(pair for pairs in found for pair in pairs)


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
    sizes = record.model.sizes  # of all layers, of which some have no W
    pairs = [(layer, sizes[layer.l - 1], sizes[layer.l]) for layer in record.start if layer.hidden]
    return all(
        1 / ALIKE < layer.weight / _spread(layer.activation, n_in, n_out) < ALIKE
        for layer, n_in, n_out in pairs
    )


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


def _of_the_model(record: Record) -> Iterator[tuple[str, str]]:
    """What holds a network back: a strong penalty, much dropout, or no bend anywhere."""
    model = record.model
    if model is None:
        return
    if penalty(record) >= STRONG_PENALTY:
        yield "weaker", f"{model.l2 / penalty(record) * WEAK_PENALTY:.1g}"
    if record.run.weight_decay >= STRONG_DECAY:
        yield "undecayed", "0"
    if max(model.dropout, default=0.0) >= MUCH_DROPOUT:
        yield "kept", f"{max(model.dropout) / 4:.2g}"
    if straight(record):
        yield "bent", "relu"
    elif len(model.sizes) > 2:
        yield "wider", ",".join(str(4 * n) for n in model.sizes[1:-1])


def penalty(record: Record) -> float:
    """The L2 penalty's α for each row of an update: what 1/2 ‖W‖² costs beside the mean loss."""
    rows = record.run.batch_size or record.run.n or (record.inputs.n if record.inputs else 0)
    return record.model.l2 / rows if record.model is not None and rows else 0.0


def straight(record: Record) -> bool:
    """Whether the network is a linear model, however many layers it has."""
    measured = [layer.l for layer in record.layers]  # dense ones alone: of others nothing is known
    return measured == [*range(1, len(measured) + 1)] != [] and all(
        layer.activation == "identity" for layer in record.layers if layer.hidden
    )
