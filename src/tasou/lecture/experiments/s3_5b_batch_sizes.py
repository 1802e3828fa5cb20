"""3.5 Full batch, mini-batch and single samples: how steady, and how far, in as many epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou import datasets, plots
from tasou.lecture.drawing import caption, look, name_ends
from tasou.lecture.experiments._common import Array
from tasou.lecture.opened import Opened, Seen, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network
from tasou.training import Training

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "3.5b"
title = {"en": "Full batch, mini-batch, single samples", "ja": "フルバッチ・ミニバッチ・1サンプルずつの比較"}
claim = {
    "en": "The larger the batch, the steadier the loss from step to step; the smaller, the more steps an epoch has, so "
    "the further it gets in the same number of epochs.",
    "ja": "バッチが大きいほど、ステップごとの損失の変化は安定する。小さいほど1エポックの更新回数が多く、同じエポック数で先まで進む。",
}
data = {"en": "two half moons, 200 points", "ja": "三日月、200点"}
model = {
    "en": "2 → 8 tanh → 2 softmax, learning rate 0.1, 20 epochs with batches of 200, 20 and 1",
    "ja": "2 → 8（tanh）→ 2（ソフトマックス）、学習率0.1、20エポック。バッチの大きさは200・20・1",
}
seen = {
    "en": "On the left the loss of each step: a smooth line for the full batch, a jagged one for mini-batches, and scattered "
    "dots for single samples, of which every twentieth is shown; on the right the loss on all points after each epoch, "
    "lowest for single samples.",
    "ja": "左はステップごとの損失。フルバッチは滑らかな線、ミニバッチはぎざぎざの線、1サンプルずつは上下に散らばる点（20ステップに1つを表示）。"
    "右は各エポック後の全データの損失で、1サンプルずつが最も低い。",
}
check = {
    "en": "standard deviation of the change of the loss from step to step, second half; final loss on all points",
    "ja": "後半での、ステップごとの損失変化の標準偏差。最後の全データの損失",
}
BATCHES = {"full": None, "mini": 20, "single": 1}
EPOCHS, LR = 20, 0.1
size = (11.0, 4.4)
NAMES = {
    "full": {"en": "full batch (200)", "ja": "フルバッチ（200）"},
    "mini": {"en": "mini-batch (20)", "ja": "ミニバッチ（20）"},
    "single": {"en": "single samples (1)", "ja": "1サンプルずつ（1）"},
}
TITLES = {
    "en": ("Loss of each step", "Loss on all points after each epoch"),
    "ja": ("ステップごとの損失", "エポックごとの全データの損失"),
}
AXES = {"en": ("share of the training", "loss", "epoch"), "ja": ("学習の進み具合", "損失", "エポック")}


def measure(seed: int) -> Outcome:
    """Train three times from the same weights."""
    X, y = datasets.make("moons", 200, rng=seed)
    runs = {name: _run(X, y, size, seed) for name, size in BATCHES.items()}
    wobble = {name: float(np.std(np.diff(steps[len(steps) // 2 :]))) for name, (steps, _) in runs.items()}
    last = {name: epochs[-1] for name, (_, epochs) in runs.items()}

    def unsteadiness(name: str, **claimed: Any) -> Measure:
        what = {"en": f"unsteadiness, {NAMES[name]['en']}", "ja": f"不安定さ・{NAMES[name]['ja']}"}
        return Measure(f"wobble_{name}", what, wobble[name], form=".4f", **claimed)

    def loss(name: str, **claimed: Any) -> Measure:
        what = {"en": f"final loss, {NAMES[name]['en']}", "ja": f"最後の損失・{NAMES[name]['ja']}"}
        return Measure(f"loss_{name}", what, last[name], form=".3f", **claimed)

    measures = [
        unsteadiness("full"),
        unsteadiness("mini", relation=">", bound=wobble["full"]),
        unsteadiness("single", relation=">", bound=wobble["mini"]),
        loss("full"),
        loss("mini", relation="<", bound=last["full"]),
        loss("single", relation="<", bound=last["mini"]),
    ]
    return Outcome(measures, runs)


def _run(X: Array, y: Array, batch_size: int | None, seed: int) -> tuple[list[float], list[float]]:
    """The loss of every step, and the loss on all points after every epoch."""
    network = Network((2, 8, 2), "tanh", rng=seed)
    epochs: list[float] = []
    watch = [lambda training: epochs.append(training.network.mean_loss(X, y))]
    training = Training(network, lr=LR, batch_size=batch_size, callbacks=watch, rng=seed)
    return [step.loss for step in training.steps(X, y, epochs=EPOCHS)], epochs


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """Steps on the left, as many of each as the mini-batches have, the jagged ones behind; epochs on the right."""
    left, right = figure.subplots(1, 2)
    styles: tuple[dict[str, Any], ...] = ({"lw": 2.5}, {"lw": 1.4}, {"lw": 0, "marker": ".", "alpha": 0.7})
    for k, (name, (steps, epochs)) in reversed(list(enumerate(shown.items()))):
        every = max(1, len(steps) // len(shown["mini"][0]))
        share = np.linspace(0, 1, len(steps))
        left.plot(share[::every], steps[::every], color=plots.theme.colour(k, left), **styles[k])
        right.plot(range(1, EPOCHS + 1), epochs, label=NAMES[name][lang], **look(right, k, marker=True))
    left.set(xlim=(0, 1), ylim=(0, 1.5))
    left.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    right.set(ylim=(0, None), xticks=(1, 5, 10, 15, 20))
    name_ends(right)
    caption(left, TITLES[lang][0], AXES[lang][0], AXES[lang][1])
    caption(right, TITLES[lang][1], AXES[lang][2], AXES[lang][1])


def _loss(seen: Seen) -> float:
    return float(seen.network.mean_loss(seen.X, seen.y))


play = Opened(
    setup(
        "moons", options={"n": 200}, hidden=[8], activation="tanh", loss="cross_entropy", lr=LR, batch_size=20,
        epochs=EPOCHS,
    ),
    {
        "en": "Compare batches of 200, 20 and 1 beside each other: which curve is steady, which gets further?",
        "ja": "バッチサイズ 200、20、1 を並べて比べてください。なめらかなのはどれで、先に進むのはどれでしょうか。",
    },
    {"en": "loss after 20 epochs", "ja": "20エポック後の損失"},
    _loss, "<=", 0.35, ".3f", until=EPOCHS,
)  # fmt: skip
