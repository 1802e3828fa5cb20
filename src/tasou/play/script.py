"""A run as a program with tasou: the same rows, beginning and learning rates, and so the same numbers."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from pathlib import Path

from tasou.models import save
from tasou.play.run import Run

WIDE = 100


def script(run: Run) -> str:
    """A program that trains the same numbers with tasou."""
    first = run.frames.before(run.frames.at[0])[0].clock.updates
    begin = _beginning(run) if run.network.plain and first == 0 else _taken_up(run, first)
    lines = [
        f'"""{run.network!r}: {run.epoch} epochs of a run in tasou play, as a program."""',
        "",
        *begin,
        "",
        *_walk(run, first),
        'print(f"loss {training.network.mean_loss(X, Y):.15g}")',
        "",
    ]
    return "\n".join(lines)


def _walk(run: Run, first: int) -> list[str]:
    """The updates, with the learning rates that were set on the way; of L-BFGS its iterations."""
    if run.whole:
        return [f"training.run(X, Y, epochs={run.update - first})"]
    return [
        f"changed = {dict(run.rates[1:])!r}  # learning rates set on the way, by the update before which they were",
        f"made = {first}",
        f"while made < {run.update}:",
        f"    for step in training.steps(X, Y, epochs=1, planned={run.planned}):",
        "        made += 1",
        "        if made in changed:",
        "            training.lr = changed[made]",
        "            training.rates = Rate(training.lr, training.schedule, training.warmup)",
        f"        if made == {run.update}:",
        "            break",
    ]


def _rows(run: Run) -> list[str]:
    return [f"X = np.array({run.data.X.tolist()!r})", f"Y = np.array({run.data.Y.tolist()!r})"]


def _beginning(run: Run) -> list[str]:
    """A network of dense layers with its first weights, and its training, written out."""
    recipe, network = run.setup.checked(), run.network
    start = run.frames.before(run.frames.at[0])[0].theta.tolist()
    settings = {
        "optimizer": recipe.optimizer, "lr": run.rates[0][1], "schedule": recipe.schedule, "warmup": recipe.warmup,
        "batch_size": recipe.batch_size, "shuffle": recipe.shuffle, "weight_decay": recipe.weight_decay,
        "clip_norm": recipe.clip_norm, "rng": recipe.seed,
    }  # fmt: skip
    if run.whole:
        settings = {"optimizer": recipe.optimizer, "rng": recipe.seed}
    activations = [layer.activation.name for layer in network.layers[:-1]]
    constants = [dict(layer.activation.parameters) for layer in network.layers]
    functions = list(zip(activations, constants, strict=False))
    return [
        "import numpy as np",
        "",
        "from tasou.formulas import activations",
        "from tasou.network import Network",
        "from tasou.training import Training",
        "from tasou.training.rates import Rate",
        "",
        *_rows(run),
        "",
        f"functions = [activations.get(name, **constants) for name, constants in {functions!r}]",
        f"output = activations.get({network.layers[-1].activation.name!r}, **{constants[-1]!r})",
        "network = Network(",
        f"    {network.sizes!r}, functions, output_activation=output, loss={network.loss.name!r},",
        f"    dropout={list(network.dropout[:-1])!r}, l2={network.l2!r},",
        ")",
        f"network.theta = np.array({start!r})",
        "training = Training(",
        "    network,",
        *(f"    {name}={value!r}," for name, value in settings.items() if value is not None),
        ")",
    ]


def _taken_up(run: Run, first: int) -> list[str]:
    """A run that branched off, or has other layers: the training as it stood then, in the library's own file."""
    here, stopping = run.update, run.training.stopping
    try:
        run.seek(first)
        run.training.stopping = None  # a program has no rows to validate on
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "training"
            save(run.training, path)
            text = b64encode(path.read_bytes()).decode()
    finally:
        run.training.stopping = stopping
        run.seek(here)
    lines = [text[k : k + WIDE] for k in range(0, len(text), WIDE)]
    return [
        "import base64",
        "import tempfile",
        "from pathlib import Path",
        "",
        "import numpy as np",
        "",
        "import tasou",
        "from tasou.training.rates import Rate",
        "",
        *_rows(run),
        "",
        f"# the training as it stood after {first} updates: weights, the optimizer's memory, the order of the rows",
        'BEGIN = """',
        *lines,
        '"""',
        "with tempfile.TemporaryDirectory() as folder:",
        '    path = Path(folder) / "training.tasou"',
        "    path.write_bytes(base64.b64decode(BEGIN))",
        "    training = tasou.load(path)",
    ]
