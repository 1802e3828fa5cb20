"""Rows that are read in their shape: pictures with an edge, sequences, questions, as the lecture's last experiments."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.play.rows import Rows

STEPS = Message(
    "play.steps",
    en="a sequence has 2 to 60 steps, not {steps}",
    ja="系列の長さは 2 から 60 までにしてください（指定：{steps}）",
)
SUITS: dict[str, dict[str, Any]] = {
    "edges": {
        "layers": [{"layer": "conv2d", "filters": 4, "kernel": 3, "activation": "relu"}, {"layer": "max_pool"}],
        "recipe": {"optimizer": "adam", "lr": 0.02, "batch_size": 50, "hidden": [16]},
    },
    "sequences": {
        "layers": [{"layer": "recurrent", "units": 4, "activation": "tanh", "output": "last"}],
        "recipe": {"optimizer": "adam", "lr": 0.03, "batch_size": 50, "hidden": [16]},
    },
    "questions": {
        "layers": [{"layer": "attention", "units": 8, "output": "last"}],
        "recipe": {"optimizer": "adam", "lr": 0.03, "batch_size": 50, "hidden": [32]},
    },
}  # fmt: skip
"""layers and settings that learn them"""


def edges(*, n: int = 300, held: int = 400, seed: int = 0) -> Rows:
    """Pictures of 8 × 8 pixels with an edge at the top left; those held back have it at the bottom right."""
    from tasou.lecture.experiments.s7a_convolution import MOVED, SIDE, pictures

    rng = np.random.default_rng(seed)
    (X, y), (far, answers) = pictures(n, 0, rng), pictures(held, MOVED, rng)
    title = {"en": "Edges in pictures, 8 × 8", "ja": "8×8 の画像のエッジ"}
    names = tuple(f"{i // SIDE + 1},{i % SIDE + 1}" for i in range(SIDE * SIDE))
    flat = X.reshape(n, -1), y, far.reshape(held, -1), answers
    return Rows(
        "edges", title, *flat, classes=("│", "─"), features=names, image=(SIDE, SIDE), shape=X.shape[1:]
    )


def sequences(*, n: int = 300, held: int = 400, steps: int = 20, seed: int = 0) -> Rows:
    """Noise, but for the first number, whose sign is the class."""
    from tasou.lecture.experiments.s7b_recurrence import sequences as made

    if not 2 <= steps <= 60:
        raise TasouError(STEPS, steps=steps)
    rng = np.random.default_rng(seed)
    (X, y), (Z, answers) = made(n, steps, rng), made(held, steps, rng)
    title = {"en": f"Sequences of {steps} numbers", "ja": f"{steps} 個の数の系列"}
    names = tuple(f"x[{t + 1}]" for t in range(steps))
    flat = X.reshape(n, -1), y, Z.reshape(held, -1), answers
    return Rows("sequences", title, *flat, classes=("−", "+"), features=names, shape=X.shape[1:])


def questions(*, n: int = 600, held: int = 400, seed: int = 0) -> Rows:
    """Four items in any order, each with a number, then the question for one of them."""
    from tasou.lecture.experiments.s7c_attention import KEYS, VALUES
    from tasou.lecture.experiments.s7c_attention import questions as made

    rng = np.random.default_rng(seed)
    (X, y, _), (Z, answers, _) = made(n, rng), made(held, rng)
    title = {"en": "Four items and a question", "ja": "4つの項目と問い"}
    kinds = [*"ABCD"[:KEYS], *(f"={k + 1}" for k in range(VALUES))]
    names = tuple(f"{place + 1}:{kind}" for place in range(KEYS + 1) for kind in kinds)
    classes = tuple(str(k + 1) for k in range(VALUES))
    flat = X.reshape(n, -1), y, Z.reshape(held, -1), answers
    return Rows("questions", title, *flat, classes=classes, features=names, shape=X.shape[1:], steps=_items)


def _items(row: Any) -> list[str]:
    """What stands at each place of a row of `questions`: ``B = 2``, and last ``B?``."""
    from tasou.lecture.experiments.s7c_attention import KEYS

    found = []
    for item in row:
        key, value = "ABCD"[int(item[:KEYS].argmax())], item[KEYS:]
        found.append(f"{key} = {int(value.argmax()) + 1}" if value.any() else f"{key}?")
    return found
