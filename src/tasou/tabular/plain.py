"""The plain preset: one network as in the lecture, with sizes, batches and stopping chosen by the number of rows.

It is an ensemble of one: asked, written to files and told of like the others. Columns come scaled, categories as one
number for each level; the weights are those of the epoch whose loss on validation rows was lowest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou import backends
from tasou.backends.pools import one_thread_elsewhere
from tasou.backends.processors import limited
from tasou.ensembles.folds import partition
from tasou.ensembles.out_of_fold import OutOfFold
from tasou.messages import Message
from tasou.tables import split
from tasou.tabular.aims import Aim, Classes, OneOfTwo
from tasou.tabular.controls import Controls
from tasou.tabular.ensemble import Ensemble
from tasou.tabular.parts import Parts
from tasou.training import Recipe, Validation, learn
from tasou.training.class_weights import class_weights
from tasou.training.knobs import with_defaults_of
from tasou.training.learning import Rows, network_of

Array = npt.NDArray[Any]

ALONE = Message(
    "tabular.alone",
    en="a single network, at most {epochs} {epochs:epoch|epochs}, batches of {batch:,} rows",
    ja="ネットワーク1個、最大 {epochs} エポック、バッチは {batch:,} 行",
)
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


def fit(
    X: Array,
    y: Array,
    aim: Aim,
    settings: Settings | None = None,
    *,
    parts: Parts | None = None,
    classes: Sequence[Any] = (),
    controls: Controls | None = None,
) -> Ensemble:
    """Learn from prepared rows X (n, d) and y (n,) or (n, K); Ctrl-C keeps what was learnt.

    Two classes are one sigmoid output with binary cross-entropy, more are softmax with cross-entropy, a number is
    one linear output with squared error (lecture 4.3). ``classes`` are what ``class_weight`` calls them.
    """
    parts, controls = parts or Parts(), controls or Controls()
    settings = settings or Settings(seed=controls.seed, max_time=controls.seconds)
    rng = np.random.default_rng(settings.seed)
    network = network_of(settings, X.shape[1], aim.outputs, loss=aim.loss, dtype=X.dtype, rng=rng)
    kept, held = _cut(len(X), y, aim, settings, parts, rng)
    parts.check(kept)
    weights = _weights(y, kept, aim, settings, parts, classes)
    Y = y if isinstance(aim, Classes) else aim.targets(y, X.dtype)
    rows, out = (Rows(X[at], Y[at], None if weights is None else weights[at]) for at in (kept, held))
    recipe = settings.but(batch_size=settings.batch_of(rows.n), epochs=settings.epochs_of(rows.n))
    validation = Validation(*out) if out.n else None
    effort = [ALONE(epochs=recipe.epochs, batch=recipe.batch_size)]
    controls.teller.plan(effort, 1, recipe.epochs or 1)
    with one_thread_elsewhere(), limited(_threads()):
        training = learn(
            network, rows, recipe, validation=validation, callbacks=controls.watchers(0), rng=rng
        )
    oof = OutOfFold(len(X), [held], [network.predict(X[held])]) if out.n else None
    found = Ensemble.alone(network, aim, training.history.as_dict(), training.finished, oof)
    found.effort, found.judging, found.recipe = effort, parts.judging, recipe
    found.settle(y, parts.weight)
    controls.teller.chosen(found.choice)
    return found


def aim_of(aim: Aim) -> Aim:
    """What one network learns where an ensemble learns this: two classes are one sigmoid.

    >>> aim_of(Classes(2)).outputs, aim_of(Classes(3)).outputs
    (1, 3)
    """
    return OneOfTwo() if isinstance(aim, Classes) and aim.two else aim


def _cut(
    n: int, y: Array, aim: Aim, settings: Settings, parts: Parts, rng: np.random.Generator
) -> tuple[Array, Array]:
    """The rows to learn from, and those on which the loss is watched; groups are never cut."""
    if parts.judging:
        return np.arange(n - parts.judging), np.arange(n - parts.judging, n)
    share = 0.0 if n < FEWEST_ROWS_TO_VALIDATE else settings.validation
    if parts.groups is None or not share:
        return split(n, share, rng=rng, stratify=y if aim.strata else None)
    fold = partition(n, parts.folds(round(1 / share)), rng, groups=parts.groups)
    return np.flatnonzero(fold != 0), np.flatnonzero(fold == 0)


def _weights(
    y: Array, kept: Array, aim: Aim, settings: Settings, parts: Parts, classes: Sequence[Any]
) -> Array | None:
    """What each row weighs, by its class too; "balanced" counts the rows to learn from."""
    if settings.class_weight is None or not isinstance(aim, Classes | OneOfTwo):
        return parts.weight
    own = None if parts.weight is None else parts.weight[kept]
    weights: Array = class_weights(settings.class_weight, classes, y[kept], own)[y]
    return weights if parts.weight is None else weights * parts.weight


def _threads() -> int | None:
    """As many as are worth it, if that is measured; else one: a second one gains little from batches so small."""
    return None if backends.current().name == "native" else 1
