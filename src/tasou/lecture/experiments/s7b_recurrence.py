"""7b A recurrent network remembers: its state carries what was read at the first step to the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasou.layers import GRU, Dense, Layer, Recurrent
from tasou.lecture.drawing import caption, look
from tasou.lecture.experiments._common import Array, labels, ledger, right, small_step, train
from tasou.lecture.opened import Opened, right_elsewhere, setup
from tasou.lecture.outcome import Measure, Outcome
from tasou.network import Network, Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

number = "7b"
title = {"en": "A recurrent network remembers", "ja": "再帰型ネットワークは覚えている"}
claim = {
    "en": "A recurrent network reads a sequence step by step with the same weights, and its state remembers: it answers by the "
    "first number after 19 others, and a gated unit (GRU) after 59. Who sees the last step alone can only guess.",
    "ja": "RNN は系列を同じ重みで1ステップずつ読み、状態に覚えておく。最初の数について、ほかの19個を読んだあとで答えられ、"
    "ゲートのある GRU なら59個のあとでも答えられる。最後の1ステップしか見ないネットワークには、当てずっぽうしかできない。",
}
data = {
    "en": "sequences of 20 (and 60) numbers: the first is near +1 or −1, its sign is the class; the others are noise; 300 to "
    "train, 400 to test",
    "ja": "20個（と60個）の数の系列。最初の数は +1 か −1 の近くにあり、その符号がクラス。残りはノイズ。学習用300サンプル、テスト用400サンプル",
}
model = {
    "en": "Recurrent(4, tanh) → Dense(2); GRU(4) → Dense(2), whose gates begin at keep (b = 3); 1 → 8 → 2 on the last number",
    "ja": "Recurrent(4, tanh) → Dense(2)。GRU(4) → Dense(2)（ゲートは「保つ」側から始める：b = 3）。最後の数だけを見る 1 → 8 → 2",
}
seen = {
    "en": "The state of the unit that tells the classes apart best, over the steps, for ten sequences of each class: the two "
    "bundles part at the first step and stay apart to the last, on the left for 20 steps, on the right with gates for 60.",
    "ja": "2つのクラスを最もよく分けるユニットの状態を、各クラス10系列について時刻ごとに描いた図。2つの束は最初のステップで分かれ、"
    "最後まで混ざらない。左は RNN で20ステップ、右は GRU で60ステップ。",
}
check = {
    "en": "right answers on test sequences; how often the answer turns when the sign of the first number, or of the tenth, is "
    "turned",
    "ja": "テスト系列での正解数。最初の数の符号を反転したとき、10番目の数の符号を反転したときに、答えが変わる割合",
}
size = (11.0, 4.2)
SHORT, LONG, N_TRAINING, N_TEST = 20, 60, 300, 400
KEEP = 3.0
SHOWN = 10
TITLES = {
    "en": ("Recurrent, 20 steps", "GRU, 60 steps"),
    "ja": ("RNN、20ステップ", "GRU、60ステップ"),
}
AXES = {"en": ("step", "state of one unit"), "ja": ("ステップ", "1つのユニットの状態")}
CLASSES = {"en": ("began with −1", "began with +1"), "ja": ("最初が −1", "最初が +1")}
WHAT = {
    "recurrent": {
        "en": "recurrent, 20 steps: right of 400",
        "ja": "RNN、20ステップ：正解（400サンプル中）",
    },
    "gru": {"en": "GRU, 60 steps: right of 400", "ja": "GRU、60ステップ：正解（400サンプル中）"},
    "last": {
        "en": "last step alone: right of 400",
        "ja": "最後のステップだけ：正解（400サンプル中）",
    },
    "first_turned": {
        "en": "answers that turn with the first number",
        "ja": "最初の数を反転すると変わる答えの割合",
    },
    "tenth_turned": {
        "en": "answers that turn with the tenth number",
        "ja": "10番目の数を反転すると変わる答えの割合",
    },
}


def measure(seed: int) -> Outcome:
    """Train on sequences of both lengths, then turn numbers round."""
    rng = np.random.default_rng(seed)
    (X, y), (Z, answers) = (sequences(n, SHORT, rng) for n in (N_TRAINING, N_TEST))
    recurrent = _network(Recurrent(4), SHORT, seed)
    _train(recurrent, X, y, seed, epochs=60)
    last = Network((1, 8, 2), rng=seed)
    _train(last, X[:, -1], y, seed, epochs=20)
    (far, far_y), (far_Z, far_answers) = (sequences(n, LONG, rng) for n in (N_TRAINING, N_TEST))
    gru = _network(GRU(4), LONG, seed)
    gru[1].b[4:8] = KEEP
    _train(gru, far, far_y, seed, epochs=25)
    measures = [
        Measure("recurrent", WHAT["recurrent"], right(recurrent, Z, answers), ">=", 0.98 * N_TEST),
        Measure("gru", WHAT["gru"], right(gru, far_Z, far_answers), ">=", 0.95 * N_TEST),
        Measure("last", WHAT["last"], right(last, Z[:, -1], answers), "<=", 0.6 * N_TEST),
        Measure("first_turned", WHAT["first_turned"], _turned(recurrent, Z, 0), ">=", 0.95, ".3f"),
        Measure("tenth_turned", WHAT["tenth_turned"], _turned(recurrent, Z, 9), "<=", 0.05, ".3f"),
    ]
    shown = [
        (_states(recurrent, Z[: 2 * SHOWN]), answers[: 2 * SHOWN]),
        (_states(gru, far_Z[: 2 * SHOWN]), far_answers[: 2 * SHOWN]),
    ]
    return Outcome(measures, shown, **ledger(small()))


def small() -> Trace:
    """One unit reads three numbers, the first of them large: its state carries that to the end."""
    theta = [1.0, 0.9, 0.5, -0.5, 0.0, 0.1, -0.1]
    return small_step([Recurrent(1), Dense(2)], theta, np.array([[1.0], [0.1], [-0.2]]))


def sequences(n: int, length: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Noise, but for the first number: near -1 (class 0) or +1 (class 1)."""
    y = np.arange(n) % 2
    X = rng.normal(0, 0.2, (n, length, 1))
    X[:, 0, 0] += 2 * y - 1
    return X, y


def _network(card: Layer, length: int, seed: int) -> Network:
    return Network(layers=[card, Dense(2)], inputs=(length, 1), rng=seed)


def _train(network: Network, X: Array, y: Array, seed: int, *, epochs: int) -> None:
    train(network, X, y, epochs=epochs, optimizer="adam", lr=0.03, batch_size=50, rng=seed)


def _turned(network: Network, X: Array, step: int) -> float:
    """How often the answer changes with the sign of one number."""
    turned = X.copy()
    turned[:, step] *= -1
    return float((labels(network, turned) != labels(network, X)).mean())


def _states(network: Network, X: Array) -> Array:
    """The state of one unit at every step, (n, steps): of the one by whose last state the classes differ most."""
    record = network.forward(X)[1]
    h = np.stack([record.part(t).h for t in range(1, X.shape[1] + 1)], axis=1)
    apart = np.abs(h[::2, -1].mean(axis=0) - h[1::2, -1].mean(axis=0))
    return np.asarray(h[..., apart.argmax()])


def draw(figure: Figure, shown: Any, lang: str) -> None:
    """The states over the steps, a bundle of lines for each class."""
    for ax, (states, y), text in zip(figure.subplots(1, 2), shown, TITLES[lang], strict=True):
        for k in (0, 1):
            style = look(ax, k) | {"lw": 1.2}
            lines = ax.plot(range(1, states.shape[1] + 1), states[y == k].T, **style)
            lines[0].set_label(CLASSES[lang][k])
        ax.set_xticks(np.linspace(0, states.shape[1], 5))
        caption(ax, text, *AXES[lang])
        ax.legend()


play = Opened(
    setup(
        "sequences",
        options={"n": N_TRAINING, "held": N_TEST, "steps": SHORT},
        layers=[{"layer": "recurrent", "units": 4}],
        loss="cross_entropy", optimizer="adam", lr=0.03, batch_size=50, epochs=60,
    ),
    {
        "en": "The plane is that of the first and the tenth number: only the first one counts. Below the network stand the "
        "states of the units, step by step. Make the sequences longer in the data, and put a GRU in place of the layer.",
        "ja": "平面の横軸は最初の数、縦軸は10番目の数です。効くのは最初の数だけです。ネットワークの下には、ユニットの状態が時刻順に"
        "並びます。データの設定で系列を長くし、層を GRU に替えてみてください。",
    },
    WHAT["recurrent"], right_elsewhere, ">=", 0.98 * N_TEST, until=60, look={"plane": {"kind": "features", "i": 0, "j": 9}},
)  # fmt: skip
