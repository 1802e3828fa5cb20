"""How a network learns a prepared table: sizes, batches and stopping chosen by the number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasou.network import Network
from tasou.tables import split
from tasou.tables.targets import ClassTarget, NumberTarget
from tasou.training import Stopping, Training, Validation

Array = npt.NDArray[Any]

FEWEST_ROWS_TO_VALIDATE = 60
FEWEST_UPDATES = 2_000


@dataclass(frozen=True)
class Settings:
    """What can be set about a training; the defaults did well on a dozen tables of 1,000 to 50,000 rows.

    Parameters
    ----------
    hidden
        units of each hidden layer; empty for none, which is logistic, softmax or linear regression
    activation
        of the hidden layers
    epochs
        most epochs; ``None`` for 200, or as many as make 2,000 updates where the table is small
    optimizer, lr, schedule, warmup
        the update rule, its learning rate, how that changes, and over how many updates it rises at first
    batch_size
        rows per update; ``None`` for about a hundredth of the rows, between 16 and 256
    dropout
        share of hidden units silenced in training
    l2
        α of the penalty α/2 ‖W‖²
    validation
        share of the rows on which early stopping watches the loss (none are kept out of fewer than 60)
    patience
        how many epochs without a lower validation loss are tolerated
    seed
        of everything random
    early_stopping
        whether to stop by the validation loss and keep the best weights; without, it is only watched
    tol
        a fall of the validation loss by less than this counts as none
    clip_norm
        longest gradient
    init, output_activation
        initial weights; a function applied to the outputs before the loss sees them
    class_weight
        ``"balanced"`` makes rare classes count as much as frequent ones
    scale
        whether numbers are standardised; without, they are learnt as they are
    """

    hidden: tuple[int, ...] = (128, 64)
    activation: str = "relu"
    epochs: int | None = None
    lr: float = 1e-3
    batch_size: int | None = None
    dropout: float = 0.1
    l2: float = 1e-2
    validation: float = 0.1
    patience: int = 20
    seed: int = 0
    optimizer: str = "adam"
    schedule: str = "constant"
    warmup: int = 0
    early_stopping: bool = True
    tol: float = 0.0
    clip_norm: float | None = None
    init: str | None = None
    output_activation: str = "identity"
    class_weight: str | None = None
    scale: bool = True

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
        return self.epochs or max(200, -(-FEWEST_UPDATES // updates))


def learn(
    X: Array, y: Array, goal: ClassTarget | NumberTarget, settings: Settings, callbacks: Iterable[Any] = ()
) -> Training:
    """Train a network on X (n, d) and y (n,), class numbers or standardised numbers; Ctrl-C keeps what was learnt.

    Two classes are one sigmoid output with binary cross-entropy, more are softmax with cross-entropy, a number is
    one linear output with squared error (lecture 4.3). The network ends with the weights of the epoch whose
    validation loss was lowest.
    """
    rng = np.random.default_rng(settings.seed)
    n_outputs, loss = _output(goal)
    Y = y.reshape(-1, 1) if n_outputs == 1 else y
    network = Network(
        (X.shape[1], *settings.hidden, n_outputs),
        settings.activation,
        loss=loss,
        output_activation=settings.output_activation,
        init=settings.init,
        dropout=settings.dropout,
        l2=settings.l2,
        dtype=X.dtype,
        rng=rng,
    )
    few = len(X) < FEWEST_ROWS_TO_VALIDATE
    share = 0.0 if few else settings.validation
    train, held = split(len(X), share, rng=rng, stratify=y if isinstance(goal, ClassTarget) else None)
    validation = Validation(X[held], Y[held]) if len(held) else None
    weights = _balanced(y[train]) if settings.class_weight and isinstance(goal, ClassTarget) else None
    training = Training(
        network,
        optimizer=settings.optimizer,
        lr=settings.lr,
        schedule=settings.schedule,
        warmup=settings.warmup,
        clip_norm=settings.clip_norm,
        batch_size=settings.batch_of(len(train)),
        stopping=_stopping(validation, settings),
        validation=validation,
        callbacks=callbacks,
        rng=rng,
    )
    with _one_thread():
        training.run(X[train], Y[train], weights, epochs=settings.epochs_of(len(train)))
    return training


def _one_thread() -> AbstractContextManager[Any]:
    """Products as small as a batch's gain nothing from a second thread, and lose much on a busy machine."""
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    return threadpool_limits(limits=1)  # type: ignore[no-any-return]


def _output(goal: ClassTarget | NumberTarget) -> tuple[int, str]:
    if isinstance(goal, NumberTarget):
        return 1, "squared_error"
    return (1, "binary_cross_entropy") if len(goal.classes) == 2 else (len(goal.classes), "cross_entropy")


def _balanced(y: Array) -> Array:
    """A weight per row, so that each class weighs the same in all."""
    counts = np.bincount(y)
    weights: Array = len(y) / (counts > 0).sum() / np.maximum(counts, 1)
    return weights[y]


def _stopping(validation: Validation | None, settings: Settings) -> Stopping | None:
    if validation is None or not settings.early_stopping:
        return None
    return Stopping("validation_loss", tol=settings.tol, patience=settings.patience, restore_best=True)
