"""trace.table(): every line's formula with numbers, computed again from its text, gives the value beside it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tasou import Network
from tasou.errors import TasouError
from tasou.formulas import activations, losses
from tasou.network.ledger.filled import filled
from tasou.network.ledger.quantity import Pen
from tasou.training import Training


def softmax(*z):
    e = np.exp(np.array(z) - max(z))
    return e / e.sum()


def softplus(z):
    return np.log1p(np.exp(z))


WORDS = {
    "softmax": softmax,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softplus": softplus,
    "Phi": lambda z: 0.5 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),
    "exp": np.exp,
    "tanh": np.tanh,
    "cosh": np.cosh,
    "log": np.log,
    "sqrt": np.sqrt,
    "max": max,
    "min": min,
    "abs": abs,
    "LAMBDA": 1.0507009873554805,
    "alpha": 1.6732632423543772,
    "sign": np.sign,
    "array": np.array,
}


def computed(numbers):
    """The value of a line's formula with numbers."""
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", numbers).replace("lambda", "LAMBDA")
    text = re.sub(r"log cosh(\(.*\))", r"log(cosh\1)", text)
    text = re.sub(r"log ([\d.e+-]+)", r"log(\1)", text)
    text = re.sub(r"(?<=[\d)]) (?=log|\()", " * ", text)
    text = re.sub(r"\[([^]]*)\]", r"array([\1])", text.replace("·", "*").replace("^", "**"))
    text = re.sub(r"\)_(\d+)$", r")[\1 - 1]", text)
    return eval(text, WORDS)


def shown(value):
    return np.array(eval(value))


NETWORKS = {
    "the lecture's": ((3, 4, 3), "relu", {}),
    "two classes": ((2, 3, 1), "tanh", {"loss": "binary_cross_entropy"}),
    "several labels": ((2, 3, 2), "sigmoid", {"loss": "binary_cross_entropy"}),
    "regression": ((2, 4, 3, 2), "leaky_relu", {"loss": "squared_error", "l2": 0.3}),
    "an output in -1..1": ((2, 3, 1), "relu", {"loss": "squared_error", "output_activation": "tanh"}),
    "a perceptron": ((3, 1), "relu", {"loss": "perceptron"}),
    "huber": ((2, 2, 1), "tanh", {"loss": "squared_error", "bias": False}),
}


def passed(name, targets_for, weights=None, **more):
    sizes, activation, options = NETWORKS[name]
    rng = np.random.default_rng(1)
    network = Network(sizes, activation, rng=rng, **options, **more)
    if network.bias:
        network.parameters.biases[:] = rng.normal(size=network.parameters.biases.size)
    X, Y = rng.normal(size=(4, sizes[0])), targets_for(network.loss, 4, sizes[-1], rng)
    trace = network.forward(X, rng=rng)
    network.measure(trace, Y, weights)
    network.backward(trace, Y, weights)
    return trace


def assert_lines_are_right(ledger, at_least):
    lines = [row for q in ledger.quantities for row in q.rows if row.numbers]
    for row in lines:
        assert "--" not in row.numbers and "- -" not in row.numbers, row
        assert computed(row.numbers) == pytest.approx(shown(row.value), rel=1e-6, abs=1e-9), row
    assert len(lines) >= at_least


@pytest.mark.parametrize("name", NETWORKS)
def test_every_line_computes_to_its_value(name, targets_for):
    trace = passed(name, targets_for)
    for sample in range(-1, 4):
        assert_lines_are_right(trace.table(sample, lr=0.1, digits=12, lang="en"), 5)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("loss", losses.registry.names())
def test_every_loss_computes_to_its_value(loss, outputs, targets_for):
    rng = np.random.default_rng(2)
    network = Network((2, 3, outputs), "tanh", loss=loss, rng=rng)
    X, Y = rng.normal(size=(8, 2)), targets_for(network.loss, 8, outputs, rng)
    trace = network.forward(X)
    network.measure(trace, Y)
    network.backward(trace, Y)
    for sample in range(8):
        assert_lines_are_right(trace.table(sample, digits=12), 5)


@pytest.mark.parametrize("activation", activations.registry.names())
def test_every_activation_computes_to_its_value(activation):
    trace = Network((2, 4, 2), activation, rng=0).forward(np.random.default_rng(0).normal(size=(4, 2)))
    for sample in range(4):
        assert_lines_are_right(trace.table(sample, digits=12), 8)


def shown_loss(loss, y, z):
    """The rows of L for outputs z, without a hidden layer."""
    network = Network((1, len(z)), loss=loss, rng=0)
    network.parameters.weights[:], network.parameters.biases[:] = 0, z
    trace = network.forward(np.zeros((1, 1)))
    network.measure(trace, np.array([y], float))
    return next(q for q in trace.table(0, digits=3, lang="en").quantities if q.phase == "loss")


def test_a_loss_has_no_terms_that_count_for_nothing():
    found = shown_loss("binary_cross_entropy", [0, 1, 0.25], [0.0, 0.0, 0.0])
    assert found.formula == "Σ (-y log ŷ - (1 - y) log(1 - ŷ))"
    assert [(row.symbol, row.numbers) for row in found.rows] == [
        ("L", "0.693 + 0.693 + 0.693"),
        ("L_1", "-log(1 - 0.5)"),
        ("L_2", "-log 0.5"),
        ("L_3", "-0.25 log 0.5 - (1 - 0.25) log(1 - 0.5)"),
    ]
    found = shown_loss("cross_entropy", [0, 1], [0.0, 0.0])
    assert (found.formula, found.rows[0].numbers) == ("-Σ y log ŷ", "-log 0.5")


def test_a_loss_of_many_outputs_is_folded_and_says_so():
    found = shown_loss("squared_error", [0] * 9, [1] * 9)
    assert [row.symbol for row in found.rows] == ["L", "L_1", "L_2", "L_3", "L_9"]
    assert found.rows[0].numbers == "0.5 + 0.5 + 0.5 + … + 0.5"
    assert found.rows[0].value == "4.5"


def test_a_formula_of_ones_own_that_cannot_be_read_stays_as_it_is():
    assert filled("{z} if z is large else 0", Pen(), {}, z=-2.0) == "-2 if z is large else 0"
    assert filled("{z} if open('x') else 0", Pen(), {}, z=2.0) == "2 if open('x') else 0"


def test_with_sample_weights_and_with_dropout(targets_for):
    assert_lines_are_right(passed("the lecture's", targets_for, [2.0, 0.5, 1, 0]).table(1, digits=12), 20)
    dropped = passed("regression", targets_for, dropout=0.5)
    assert not all((t.mask == 1).all() for t in dropped.layers[:-1])
    for sample in range(4):
        assert_lines_are_right(dropped.table(sample, digits=12), 20)


def test_the_values_are_those_of_the_trace(targets_for):
    trace = passed("regression", targets_for)
    found = {row.symbol: shown(row.value) for q in trace.table(2, digits=15).quantities for row in q.rows}
    for l in (1, 2, 3):
        for j in range(trace.network.sizes[l]):
            assert found[f"z[{l}]_{j + 1}"] == pytest.approx(trace[l].z[2, j])
            assert found[f"δ[{l}]_{j + 1}"] == pytest.approx(trace[l].delta[2, j])
            expected = trace[l].delta[2, j] * trace[l - 1].a[2]
            assert found[f"∇W[{l}]_{j + 1}"] == pytest.approx(expected)
    assert found["L"] == pytest.approx(np.sum((trace.y_hat[2] - trace.y[2]) ** 2) / 2)


def test_the_gradients_of_the_samples_add_up_to_the_batch(targets_for):
    trace = passed("the lecture's", targets_for)
    total = np.zeros_like(trace.grad[2].W)
    for sample in range(4):
        (rows,) = (q.rows for q in trace.table(sample, digits=15).quantities if q.symbol == "∇W[2]")
        total += [shown(row.value) for row in rows]
    assert total == pytest.approx(trace[2].grad.W)


@pytest.mark.parametrize(
    "lang, words",
    [
        ("en", ["sample 1 of 4", "forward", "loss", "backward", "formula", "value"]),
        ("ja", ["順伝播", "損失", "逆伝播", "式", "値"]),
    ],
)
def test_the_printed_table_has_its_phases_formulas_and_numbers(lang, words, targets_for):
    trace = passed("the lecture's", targets_for)
    text = str(trace.table(sample=0, lang=lang))
    assert all(word in text for word in words)
    for formula in (
        "W[1] x + b[1]",
        "max(0, z[1])",
        "W[2] a[1] + b[2]",
        "exp(z[2])",
        "e / S",
        "ŷ - y",
        "δ[2] a[1]ᵀ",
        "δ[1] xᵀ",
    ):
        assert formula in text
    for number in (trace[1].z[0, 0], trace.y_hat[0, 1], trace[1].delta[0, 2]):
        assert f"{number + 0.0:.4g}" in text


def test_what_has_not_been_computed_is_not_shown():
    text = str(Network((2, 3, 2), rng=0).forward(np.ones((1, 2))).table(lang="en"))
    assert "forward" in text and "backward" not in text and "loss" not in text


def test_a_batch_shows_shapes_and_the_mean_loss(targets_for):
    trace = passed("the lecture's", targets_for)
    text = str(trace.table(sample=None, lang="en"))
    assert "batch of 4 samples" in text and "X W[1]ᵀ + b[1]" in text and "(4, 3)" in text
    assert f"{trace.loss / 4:.4g}" in text


def test_a_sample_that_is_not_there():
    trace = Network((2, 3), rng=0).forward(np.ones((5, 2)))
    for wrong in (5, -6):
        with pytest.raises(
            TasouError, match=f"the batch has 5 samples, counted from 0; there is no sample {wrong}"
        ):
            trace.table(wrong)


def test_a_step_of_training_can_be_read_as_it_was():
    network = Network((2, 4, 3), rng=0)
    X, y = np.random.default_rng(0).normal(size=(6, 2)), np.arange(6) % 3
    step = next(Training(network, lr=0.5).steps(X, y, epochs=1))
    text = str(step.trace.table(0, lang="en"))
    assert "weights have changed" in text
    assert f"{step.trace[1].z[0, 0]:.4g}" in text
