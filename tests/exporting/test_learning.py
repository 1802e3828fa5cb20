"""JavaScript learns with the engine's numbers: initial weights, dropout, orders and updates from the same seed."""

import json

import numpy as np
import pytest

from tasou import Training, export
from tasou.formulas import activations, optimizers
from tasou.network import Network

pytestmark = pytest.mark.apart

CASES = {
    "adam": ({"sizes": (2, 5, 3), "activation": "tanh"}, {"optimizer": "adam", "batch_size": 10}),
    "l2 and clipping": (
        {"sizes": (2, 5, 3), "l2": 0.01},
        {"optimizer": "sgd", "batch_size": 8, "lr": 0.1, "clip_norm": 0.5},
    ),
    "weight decay": (
        {"sizes": (2, 5, 4, 1), "activation": "gelu", "loss": "binary_cross_entropy"},
        {"optimizer": "adamw", "batch_size": 8},
    ),
    "dropout": (
        {"sizes": (3, 6, 2), "activation": "mish", "loss": "squared_error", "dropout": 0.3},
        {"optimizer": "nesterov", "batch_size": 16, "lr": 0.01},
    ),
    "full batch": ({"sizes": (3, 4, 2), "loss": "huber"}, {"optimizer": "rmsprop"}),
    "unshuffled": (
        {"sizes": (3, 2), "loss": "poisson"},
        {"optimizer": "adagrad", "batch_size": 7, "shuffle": False},
    ),
}


def rows(network, n=37):
    rng = np.random.default_rng(3)
    X, K = rng.normal(size=(n, network.sizes[0])), network.sizes[-1]
    one_hot = network.loss.targets == "one_hot"
    return X, np.eye(K)[rng.integers(0, K, n)] if one_hot else rng.integers(0, 2, (n, K)).astype(float)


def js(array):
    return f"Float64Array.from({json.dumps(np.ravel(array).tolist())})"


def learnt(node, path, X, Y, commands):
    text = f'import {{ Learner }} from "{path}"; const X = {js(X)}, Y = {js(Y)};' + commands
    return json.loads(node(text))


@pytest.mark.parametrize("case", CASES)
def test_a_training_in_javascript_has_the_engines_numbers(case, node, tmp_path):
    architecture, how = CASES[case]
    network = Network(**architecture, rng=5)
    training = Training(network, **how, rng=5)
    X, Y = rows(network)
    export(training, tmp_path / "t.mjs", training=True)
    first = network.theta.copy()
    history = training.run(X, Y, epochs=3)
    commands = (
        "const l = new Learner({ seed: 5 }); const first = Array.from(l.theta);"
        "const losses = [0, 1, 2].map(() => l.epoch(X, Y));"
        "console.log(JSON.stringify([first, losses, Array.from(l.theta)]));"
    )
    begun, losses, theta = learnt(node, tmp_path / "t.mjs", X, Y, commands)
    np.testing.assert_array_equal(begun, first)
    np.testing.assert_allclose(losses, history.loss, rtol=1e-12)
    np.testing.assert_allclose(theta, network.theta, rtol=1e-12, atol=1e-14)


def test_single_steps_can_be_looked_into(node, tmp_path):
    network = Network((2, 3, 2), "tanh", rng=0)
    X, Y = rows(network, 4)
    weights = np.array([1.0, 2.0, 0.0, 0.5])
    export(network, tmp_path / "n.mjs", training=True)
    trace = network.forward(X)
    loss = network.measure(trace, Y, weights)
    grad = network.backward(trace, Y, weights)
    commands = (
        f"const l = new Learner(); const w = {js(weights)};"
        "const yHat = Array.from(l.forward(X)); const loss = l.loss(Y, 4, w); l.backward(Y, 4, w);"
        "const looked = [l.grad, l.value('z1'), l.value('delta1')].map((a) => Array.from(a));"
        "console.log(JSON.stringify([yHat, loss, ...looked]))"
    )
    y_hat, own_loss, own_grad, z, delta = learnt(node, tmp_path / "n.mjs", X, Y, commands)
    for mine, theirs in (
        (y_hat, trace.y_hat),
        (own_grad, grad.theta),
        (z, trace[1].z),
        (delta, trace[1].delta),
    ):
        np.testing.assert_allclose(mine, np.ravel(theirs), rtol=1e-12, atol=1e-15)
    assert own_loss == pytest.approx(loss, rel=1e-12)


def test_every_activation_and_optimizer_learns_in_javascript(node, tmp_path):
    """One network with every activation, one step with each optimizer."""
    names = activations.names()
    for name in optimizers.names():
        network = Network((2, *[2] * len(names), 2), names, rng=1, init="glorot_uniform")
        training = Training(network, optimizer=name, rng=0)
        X, Y = rows(network, 6)
        export(training, tmp_path / f"{name}.mjs", training=True)
        training.run(X, Y, epochs=2)
        commands = (
            "const l = new Learner(); l.epoch(X, Y); l.epoch(X, Y);"
            "console.log(JSON.stringify(Array.from(l.theta)))"
        )
        theta = learnt(node, tmp_path / f"{name}.mjs", X, Y, commands)
        np.testing.assert_allclose(theta, network.theta, rtol=1e-11, atol=1e-13)


def test_the_stream_is_numpys(node, tmp_path):
    export(Network((2, 2), rng=0), tmp_path / "n.mjs", training=True)
    seeds = [0, 7, 2**40 + 3, 2**130 + 5]
    commands = (
        f'import {{ Random }} from "{tmp_path}/n.mjs";'
        f"const drawn = [{', '.join(f'{seed}n' for seed in seeds)}].map((seed) => {{ const r = new Random(seed);"
        "const index = r.shuffle(Array.from({ length: 50 }, (_, i) => i));"
        "return [index, r.random(), r.uniform(-2, 3)]; }); console.log(JSON.stringify(drawn))"
    )
    for seed, (index, u, v) in zip(seeds, json.loads(node(commands)), strict=True):
        rng, order = np.random.default_rng(seed), np.arange(50)
        rng.shuffle(order)
        assert (index, u, v) == (order.tolist(), rng.random(), rng.uniform(-2, 3))
