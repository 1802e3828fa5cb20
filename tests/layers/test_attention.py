"""Attention against PyTorch 2.13 (scaled_dot_product_attention), whose numbers are written here, and against loops."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from tasou import Network, Training, check_gradients
from tasou.errors import TasouError
from tasou.layers import Attention, AveragePool, Conv1d, Dense, Position

spec = importlib.util.spec_from_file_location("placed", Path(__file__).with_name("placed.py"))
placed = importlib.util.module_from_spec(spec)
spec.loader.exec_module(placed)
waves = placed.waves

# of x = waves(2, 4, 3) and W_q, W_k, W_v = waves(2, 3, start=1), …, start=2, start=3; L is the sum of the squares
ANSWERS = {
    False: [
        [[1.1046827939, -1.1174010066], [-1.0038149167, 0.9869572483], [0.7825387258, -0.7953092772],
         [-0.5605266082, 0.5442071202]],
        [[0.2642549142, -0.3076583095], [0.0383056629, -0.060874754], [-0.5804015607, 0.6143577359],
         [0.7288472405, -0.8147457195]],
    ],
    True: [
        [[-1.5087747165, 1.4524560681], [-0.8258163662, 0.7882977484], [0.278231213, -0.2751173314],
         [-0.5605266082, 0.5442071202]],
        [[-1.3436220765, 1.4060364581], [0.0579322506, -0.0787169362], [-0.8152264988, 0.8762060799],
         [0.7288472405, -0.8147457195]],
    ],
}  # fmt: skip
GRADIENTS = {
    False: {
        "x": [
            [[-0.8666085018, 2.8522515719, 3.9487647043], [0.4509172713, -3.7483447554, -4.5013959004],
             [-0.4389420118, 4.1560301045, 4.9299673092], [1.1048650204, -4.3133140215, -5.7658520439]],
            [[1.0666305083, 2.1782494716, 1.2871959163], [1.3311771607, -0.3854900766, -1.7477395152],
             [-3.846989344, -3.5815214489, -0.0232192507], [3.4526317813, 2.1743245493, -1.1030466459]],
        ],
        "W_q": [[1.0794018958, 5.0059863397, 4.3300900292], [-1.2239204997, -3.8996374298, -2.990045691]],
        "W_k": [[2.0418643394, -3.9447174409, -6.304544198], [-2.0823405166, 4.9620819691, 7.4443891762]],
        "W_v": [[2.3398275154, -3.1309744981, -5.7231729973], [-2.4852816372, 3.145051012, 5.8838382649]],
    },
    True: {
        "x": [
            [[-4.3136914674, 5.68051568, 10.4520829082], [0.5731376354, -1.4866767164, -2.1796473513],
             [0.3477818539, 1.6228916212, 1.4059223163], [-2.0805666604, -2.4066119872, -0.5200293516]],
            [[-1.977386114, 4.457474486, 6.7941536003], [1.4823452021, 0.133280394, -1.3383217937],
             [-3.9054752, -2.9520754585, 0.7154488454], [3.1804510178, 2.1980119117, -0.8052692094]],
        ],
        "W_q": [[2.104169413, 2.1993614346, 0.2724706961], [-2.1242930572, -1.532650971, 0.4681033497]],
        "W_k": [[1.2444160587, -2.5648605651, -4.0160162138], [-0.9770869512, 3.1767692918, 4.4099184983]],
        "W_v": [[2.9420736915, -5.2829957429, -8.650903255], [-3.1608226502, 5.2284488883, 8.8107086311]],
    },
}  # fmt: skip


@pytest.fixture
def weights():
    return {name: waves(2, 3, start=i) for i, name in enumerate(("W_q", "W_k", "W_v"), start=1)}


@pytest.mark.parametrize("causal", [False, True])
def test_attention_is_pytorchs(weights, causal):
    out, found = placed.run(Attention(2, causal), waves(2, 4, 3), lambda out: 2 * out, **weights)
    assert out == pytest.approx(np.array(ANSWERS[causal]), abs=1e-9)
    for name, expected in GRADIENTS[causal].items():
        assert found[name] == pytest.approx(np.array(expected), abs=1e-8), name


@pytest.mark.parametrize("causal", [False, True])
def test_the_last_position_gets_alone_what_it_gets_among_all(weights, causal):
    x = waves(2, 4, 3)
    last, found = placed.run(Attention(2, causal, "last"), x, lambda out: 2 * out, **weights)
    assert last == pytest.approx(placed.run(Attention(2, causal), x, **weights)[:, -1])

    def of_last(out):
        return 2 * out * (np.arange(4) == 3)[:, None]

    _, among_all = placed.run(Attention(2, causal), x, of_last, **weights)
    for name, expected in among_all.items():
        assert found[name] == pytest.approx(expected), name


def test_attention_written_as_loops(weights):
    x, (W_q, W_k, W_v) = waves(1, 5, 3)[0], weights.values()
    out = placed.run(Attention(2), x[None], **weights)[0]
    for t in range(5):
        scores = np.array([(W_q @ x[t]) @ (W_k @ x[s]) / np.sqrt(2) for s in range(5)])
        share = np.exp(scores) / np.exp(scores).sum()
        assert out[t] == pytest.approx(sum(share[s] * (W_v @ x[s]) for s in range(5)))


def test_order_does_not_matter_without_positions(weights):
    x = waves(2, 5, 3)
    order = [3, 0, 4, 1, 2]
    assert placed.run(Attention(2), x[:, order], **weights) == pytest.approx(
        placed.run(Attention(2), x, **weights)[:, order]
    )


def test_what_comes_later_is_not_seen_where_that_is_forbidden(weights):
    x = waves(1, 5, 3)
    changed = x.copy()
    changed[0, 3:] = 1e6
    early, late = (placed.run(Attention(2, causal=True), values, **weights)[0] for values in (x, changed))
    assert np.array_equal(early[:3], late[:3]) and not np.array_equal(early[3:], late[3:])


@pytest.mark.parametrize("size", [1e3, 1e150])
def test_scores_of_any_size_give_weights_that_sum_to_one(size):
    network = Network(layers=[Attention(2, causal=True)], inputs=(4, 3), loss="squared_error", rng=0)
    trace = network.forward(size * waves(2, 4, 3))
    assert trace[1].weights.sum(axis=-1) == pytest.approx(np.ones((2, 4)))
    assert np.triu(trace[1].weights[0], 1).any() == 0


@pytest.mark.parametrize(
    "layers",
    [
        [Position(), Attention(3), Dense(2)],
        [
            Conv1d(4, 1),
            Position(),
            Attention(3, causal=True),
            Conv1d(3, 1, "tanh"),
            Attention(2, output="last"),
            Dense(2),
        ],
        [Attention(3), AveragePool(None), Dense(2)],
    ],
    ids=str,
)
def test_networks_around_attention_have_the_right_gradients(layers):
    network = Network(layers=layers, inputs=(4, 3), rng=0)
    report = check_gradients(network, np.random.default_rng(1).normal(size=(5, 4, 3)), [0, 1, 1, 0, 1])
    assert report.ok and report.worst_error <= 1e-7, report.text("en")


def test_positions_let_a_network_tell_an_order():
    """1 before 2, or 2 before 1: the same bag of items, so that without positions nothing can be told."""
    X = np.eye(3)[[[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]]]
    y = [0, 1, 0, 1, 0, 1]
    right = []
    for first in ([], [Position()]):
        network = Network(layers=[*first, Attention(4), AveragePool(None), Dense(2)], inputs=(3, 3), rng=0)
        Training(network, optimizer="adam", lr=0.05, rng=0, batch_size=6).run(X, y, epochs=150)
        right.append(int((network.predict(X).argmax(axis=1) == y).sum()))
    assert right == [3, 6]


def test_what_makes_no_attention_is_refused_in_words():
    with pytest.raises(TasouError, match="output must be last, all"):
        Attention(2, output="none")
    with pytest.raises(TasouError, match=r"reads sequences \(time, features\)"):
        Network(layers=[Attention(2)], inputs=12)
