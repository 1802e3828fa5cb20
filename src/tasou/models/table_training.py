"""How a network learns a prepared table: sizes, batches and stopping chosen by the number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou import backends
from tasou.backends.pools import one_thread_elsewhere
from tasou.backends.processors import limited
from tasou.tables import split
from tasou.tables.targets import ClassTarget, NumberTarget
from tasou.training import Recipe, Training, Validation, learn
from tasou.training.class_weights import class_weights
from tasou.training.knobs import with_defaults_of
from tasou.training.learning import Rows, network_of

Array = npt.NDArray[Any]

FEWEST_ROWS_TO_VALIDATE = 60
FEWEST_UPDATES = 2_000
EPOCHS = 200


@dataclass(frozen=True, kw_only=True)
@with_defaults_of("table")
class Settings(Recipe):
    """The recipe of a table: the settings of a `Recipe`, with defaults that did well on a dozen tables.

    ``epochs=None`` is 200, or as many as make 2,000 updates where the table is small; ``batch_size=None`` is about a
    hundredth of the rows, between 16 and 256. Of fewer than 60 rows none are kept out.

    >>> settings = Settings(hidden=(16,))
    >>> settings.hidden, settings.optimizer, settings.dropout, settings.patience
    ((16,), 'adam', 0.1, 20)
    """

    def batch_of(self, n: int) -> int:
        """Rows per update for ``n`` rows.

        >>> Settings().batch_of(50), Settings().batch_of(6_400), Settings().batch_of(1_000_000)
        (16, 64, 256)
        """
        return self.batch_size or min(max(2 ** round(np.log2(max(n, 1) / 100)), 16), 256)

    def epochs_of(self, n: int) -> int:
        """Most epochs for ``n`` rows.

        >>> Settings().epochs_of(4), Settings().epochs_of(10_000)
        (2000, 200)
        """
        updates = -(-n // self.batch_of(n))
        return self.epochs or max(EPOCHS, -(-FEWEST_UPDATES // updates))


def train(
    X: Array, y: Array, goal: ClassTarget | NumberTarget, settings: Settings, callbacks: Iterable[Any] = ()
) -> Training:
    """Train a network on X (n, d) and y (n,), class numbers or standardised numbers; Ctrl-C keeps what was learnt.

    Two classes are one sigmoid output with binary cross-entropy, more are softmax with cross-entropy, a number is
    one linear output with squared error (lecture 4.3). The network ends with the weights of the epoch whose
    validation loss was lowest.
    """
    rng = np.random.default_rng(settings.seed)
    n_outputs, loss = _output(goal)
    network = network_of(settings, X.shape[1], n_outputs, loss=loss, dtype=X.dtype, rng=rng)
    share = 0.0 if len(X) < FEWEST_ROWS_TO_VALIDATE else settings.validation
    kept, held = split(len(X), share, rng=rng, stratify=y if isinstance(goal, ClassTarget) else None)
    weights = _weights(y, kept, goal, settings)
    Y = y.reshape(-1, 1) if n_outputs == 1 else y
    rows, out = (Rows(X[at], Y[at], None if weights is None else weights[at]) for at in (kept, held))
    recipe = settings.but(batch_size=settings.batch_of(rows.n), epochs=settings.epochs_of(rows.n))
    validation = Validation(*out) if out.n else None
    with one_thread_elsewhere(), limited(_threads()):
        return learn(network, rows, recipe, validation=validation, callbacks=callbacks, rng=rng)


def _weights(y: Array, kept: Array, goal: ClassTarget | NumberTarget, settings: Settings) -> Array | None:
    """What each row weighs by its class, on rows kept out as well; "balanced" counts the rows to learn from."""
    if settings.class_weight is None or not isinstance(goal, ClassTarget):
        return None
    weights: Array = class_weights(settings.class_weight, goal.classes, y[kept])[y]
    return weights


def _threads() -> int | None:
    """As many as are worth it, if that is measured; else one: a second one gains little from batches so small."""
    return None if backends.current().name == "native" else 1


def _output(goal: ClassTarget | NumberTarget) -> tuple[int, str]:
    if isinstance(goal, NumberTarget):
        return 1, "squared_error"
    return (1, "binary_cross_entropy") if len(goal.classes) == 2 else (len(goal.classes), "cross_entropy")
