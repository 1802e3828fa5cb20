"""The recurrent layers against PyTorch 2.13 (nn.RNN, nn.GRU), whose numbers are written here, and against loops."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from tasou import Network, Training, check_gradients
from tasou.errors import TasouError
from tasou.layers import GRU, Conv1d, Dense, Recurrent

spec = importlib.util.spec_from_file_location("placed", Path(__file__).with_name("placed.py"))
placed = importlib.util.module_from_spec(spec)
spec.loader.exec_module(placed)
waves = placed.waves

# of x, W, U, b = waves(2, 4, 3), waves(·, 3, start=1), waves(·, 2, start=2), waves(·, start=3) and, of the GRU, b_h =
# waves(2, start=4); L is the sum of the squares of all states (GRU), of the last state (RNN)
GRU_STATES = [
    [[0.3984881348, -0.4686872924], [-0.615070886, -0.1250476192], [0.1570034516, -0.4255499668],
     [-0.4264025274, 0.0609114186]],
    [[0.4899406882, -0.1802927625], [-0.3123380235, 0.203958811], [0.3344487004, 0.1448955268],
     [-0.1243471582, 0.4690799163]],
]  # fmt: skip
GRU_GRADIENTS = {
    "x": [
        [[0.0492078257, 0.4783853853, 0.4677376279], [-0.2756060509, -0.6157048519, -0.3897274515],
         [-0.0104166139, 0.2062792361, 0.2333229077], [-0.2046295062, -0.5248543991, -0.3625305779]],
        [[-0.082155827, -0.1154929432, -0.04264638], [-0.0449883197, -0.2011818585, -0.1724097244],
         [-0.1218502775, -0.4126976182, -0.324112672], [0.0043971142, -0.10393133, -0.1167057887]],
    ],
    "W": [
        [0.1468956671, -0.1254634497, -0.2824720495], [0.0415179052, 0.0738368214, 0.0382705045],
        [0.0999522052, -0.2635106963, -0.3847030789], [-0.2557382741, -0.1141882321, 0.1323459439],
        [-0.8995273729, 0.947763435, 1.9236849116], [-0.2454623569, -0.6558941212, -0.4632998553],
    ],
    "U": [
        [0.0845590488, -0.0652251986], [-0.0158149521, -0.0280560792], [0.0348793416, 0.0689937044],
        [-0.082255427, -0.0351508225], [-0.2962407966, 0.2451650986], [0.0158686035, 0.0601868604],
    ],
    "b": [0.1150031115, -0.0207177572, -0.9226427162, -0.3161239412, -0.9688195497, -0.1485191455],
    "b_h": [-0.5285287007, 0.0724456642],
}  # fmt: skip
RNN_STATES = [
    [[0.7757416956, -0.9486167344], [0.0078973995, 0.4240506604], [0.6107003844, -0.9530829675],
     [0.2663391954, 0.1820941773]],
    [[0.2083642928, -0.7740776109], [0.3549390464, -0.1190762846], [0.0800731509, -0.6301705816],
     [0.605353858, -0.5380197547]],
]  # fmt: skip
RNN_GRADIENTS = {
    "x": [
        [[0.0303208241, 0.0329611381, 0.0052971337], [0.0789860099, 0.0807492765, 0.0082720307],
         [0.1154069493, 0.1281723949, 0.0230967317], [0.1499576583, 0.1123548195, -0.0285465222]],
        [[0.5596690015, 0.5829740059, 0.0702953978], [0.7949934233, 0.9018534413, 0.1795535644],
         [0.6830059194, 0.6664734902, 0.0371884077], [1.2240653403, 1.430625853, 0.3218755541]],
    ],
    "W": [[-0.1156266508, 0.0699851057, 0.1912528788], [-1.1441037484, 0.0014624703, 1.1456841006]],
    "U": [[1.0502107089, -1.6943675963], [0.2958103394, 0.2791168946]],
    "b": [4.2791155675, -0.0471107532],
}  # fmt: skip


def twice(out):
    """∂L/∂h of L = Σ h²."""
    return 2 * out


@pytest.fixture
def gates():
    return {
        "W": waves(6, 3, start=1),
        "U": waves(6, 2, start=2),
        "b": waves(6, start=3),
        "b_h": waves(2, start=4),
    }


@pytest.fixture
def weights():
    return {"W": waves(2, 3, start=1), "U": waves(2, 2, start=2), "b": waves(2, start=3)}


def test_the_gru_is_pytorchs(gates):
    states, found = placed.run(GRU(2, output="all"), waves(2, 4, 3), twice, **gates)
    assert states == pytest.approx(np.array(GRU_STATES), abs=1e-9)
    for name, expected in GRU_GRADIENTS.items():
        assert found[name] == pytest.approx(np.array(expected), abs=1e-9), name


def test_the_recurrent_layer_is_pytorchs(weights):
    last, found = placed.run(Recurrent(2), waves(2, 4, 3), twice, **weights)
    assert last == pytest.approx(np.array(RNN_STATES)[:, -1], abs=1e-9)
    assert placed.run(Recurrent(2, output="all"), waves(2, 4, 3), **weights) == pytest.approx(
        np.array(RNN_STATES), abs=1e-9
    )
    for name, expected in RNN_GRADIENTS.items():
        assert found[name] == pytest.approx(np.array(expected), abs=1e-9), name


def test_the_last_state_is_the_last_of_all(gates):
    x = waves(2, 4, 3)
    assert np.array_equal(placed.run(GRU(2), x, **gates), placed.run(GRU(2, output="all"), x, **gates)[:, -1])


def test_a_recurrent_layer_written_as_a_loop(weights):
    W, U, b = weights.values()
    h = np.zeros(2)
    for x in waves(1, 5, 3)[0]:
        h = np.maximum(0, W @ x + U @ h + b)
    assert placed.run(Recurrent(2, "relu"), waves(1, 5, 3), **weights)[0] == pytest.approx(h)


def test_a_gate_that_keeps_everything_leaves_the_state_at_its_beginning(gates):
    gates["b"][2:4] = 1e3
    assert placed.run(GRU(2), waves(2, 9, 3), **gates) == pytest.approx(np.zeros((2, 2)), abs=1e-300)


def test_a_state_that_is_kept_passes_the_error_on_as_it_is(gates):
    """h[t] = k h[t-1] + (1 - k) c with k ≈ 1 from step 2 on: ∂h[T]/∂h[1] ≈ 1, over however many steps."""
    x = np.zeros((1, 40, 1))
    x[0, 0] = 1.0
    parameters = {
        "W": np.array([[0.0], [-60.0], [1.0]]),
        "U": np.zeros((3, 1)),
        "b": np.array([0.0, 40.0, 0.0]),
        "b_h": np.zeros(1),
    }
    out, found = placed.run(GRU(1), x, np.ones_like, **parameters)
    assert out.item() == pytest.approx(np.tanh(1.0))
    assert found["x"][0, 0].item() == pytest.approx(1 - np.tanh(1.0) ** 2, rel=1e-6)


@pytest.mark.parametrize(
    "layers",
    [
        [GRU(3, output="all"), Recurrent(2), Dense(2)],
        [Conv1d(3, 2, "tanh"), Recurrent(3, "sigmoid", output="all"), GRU(2), Dense(2)],
        [GRU(3, output="all"), Dense(2)],
    ],
    ids=str,
)
def test_stacked_sequences_have_the_right_gradients(layers):
    network = Network(layers=layers, inputs=(5, 2), rng=0)
    report = check_gradients(network, np.random.default_rng(1).normal(size=(4, 5, 2)), [0, 1, 1, 0])
    assert report.ok and report.worst_error <= 1e-7, report.text("en")


def test_gates_are_drawn_as_if_each_stood_alone():
    network = Network(layers=[GRU(50), Dense(1)], inputs=(3, 10), loss="squared_error", rng=0)
    W, U, bound = network[1].W, network[1].U, np.sqrt(6 / (10 + 50))
    assert 0.9 * bound < np.abs(W).max() <= bound and np.abs(U).max() <= np.sqrt(6 / 100)
    assert not network[1].b.any() and not network[1].b_h.any()


def test_the_first_of_many_steps_is_remembered():
    rng = np.random.default_rng(0)
    y = np.arange(200) % 2
    X = rng.normal(0, 0.2, (200, 12, 1))
    X[:, 0, 0] += 2 * y - 1
    network = Network(layers=[Recurrent(4), Dense(2)], inputs=(12, 1), rng=0)
    Training(network, optimizer="adam", lr=0.03, batch_size=50, rng=0).run(X[:100], y[:100], epochs=30)
    assert (network.predict(X[100:]).argmax(axis=1) == y[100:]).mean() >= 0.98


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: GRU(0), "units must be a whole number >= 1"),
        (lambda: GRU(2, output="first"), "output must be last, all, got 'first'"),
        (lambda: Recurrent(2, "tanhh"), "did you mean 'tanh'"),
        (
            lambda: Network(layers=[GRU(2)], inputs=6),
            r"reads sequences \(time, features\), not rows of the form 6",
        ),
        (lambda: Network(layers=[Recurrent(2), GRU(2)], inputs=(4, 3)), "not rows of the form 2"),
    ],
)
def test_what_makes_no_recurrent_layer_is_refused_in_words(make, says):
    with pytest.raises(TasouError, match=says):
        make()
