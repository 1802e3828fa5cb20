"""The ledger of networks of any layers: every layer tells what it computed, and what it tells is true."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from tasou import Network
from tasou.layers import (
    GRU,
    Attention,
    AveragePool,
    Columns,
    Conv1d,
    Conv2d,
    Dense,
    Embedding,
    LayerNorm,
    MaxPool,
    PReLU,
    Recurrent,
    Scale,
    Skip,
)

spec = importlib.util.spec_from_file_location(
    "every_layer", Path(__file__).parent.parent / "layers" / "test_every_layer.py"
)
every_layer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(every_layer)
ARITHMETIC = re.compile(r"[\d.e+\-*/() ]+")
FUNCTIONS = {
    "sin": np.sin, "cos": np.cos, "π": np.pi, "clip": np.clip, "tanh": np.tanh, "max": max, "exp": np.exp,
    "array": np.array,
}  # fmt: skip


def stepped(network, X, y):
    trace = network.forward(X, rng=np.random.default_rng(4))
    network.measure(trace, y)
    network.backward(trace, y)
    return trace


def by_symbol(ledger):
    return {quantity.symbol: quantity for quantity in ledger.quantities}


def assert_true(ledger):
    """Each formula with numbers gives the number, or the list of numbers, beside it."""
    tried = 0
    for quantity in ledger.quantities:
        for row in quantity.rows:
            text = re.sub(r"(\d|\)) π ", r"\1 * π * ", row.numbers.replace("·", "*"))
            words = set(re.findall(r"[^\W\d_]+", re.sub(r"e[+-]?\d+", "", text)))
            known = words <= set(FUNCTIONS) and "^" not in text and "…" not in text + row.value
            if text and known:
                value = np.ravel(eval(re.sub(r"\[[^]]*\]", r"array(\g<0>)", text), dict(FUNCTIONS)))
                written = np.fromstring(row.value.strip("[]"), sep=",")
                assert written == pytest.approx(value, rel=1e-8, abs=1e-9), (quantity.symbol, row)
                tried += 1
    assert tried > 5


@every_layer.every_layer
def test_the_numbers_that_are_written_give_the_value_beside_them(case):
    network, (X, y) = case.network(), case.rows()
    trace = stepped(network, X, y)
    assert_true(trace.table(2, lr=0.1, digits=12))


@every_layer.every_layer
def test_the_gradients_of_all_samples_add_up_to_those_of_the_batch(case):
    network, (X, y) = case.network(), case.rows(4)
    trace = stepped(network, X, y)
    batch = by_symbol(trace.table(None, lr=0.1))
    network.l2 = 0.0
    for place in network.parameters.layout.places:
        if f"∇{place.symbol}" in batch:
            assert batch[f"∇{place.symbol}"].shape == place.shape.of
    one, all_of_them = trace.table(1, lr=0.1), trace.table(None, lr=0.1)
    for form in ("html", "markdown", "latex", "page", "text"):
        assert str(getattr(one, form)(lang="en")) and str(getattr(all_of_them, form)(lang="ja"))


def test_a_network_of_layers_reads_from_its_input_to_its_update():
    card = Columns([((0, 1), [Scale(6.0)]), (2, [Embedding(4, 2)])])
    network = Network(
        layers=[card, Skip([Dense(4, "relu")]), LayerNorm(), PReLU(), Dense(2)], inputs=3, rng=0
    )
    ledger = stepped(network, np.array([[0.3, -0.4, 2], [1, 0.2, 0]]), np.array([0, 1])).table(0, lr=0.1)
    found = by_symbol(ledger)
    assert found["a[1.1.1]"].formula == "x[1.1] · s[1.1.1]"
    assert [row.numbers for row in found["a[1.1.1]"].rows] == ["0.3 · 1", "-0.4 · 1"]
    assert [row.numbers for row in found["a[1.2.1]"].rows] == ["E(3, 1)", "E(3, 2)"]
    assert found["z[2.1]"].formula == "W[2.1] a[1] + b[2.1]"
    assert found["a[4]"].formula == "a[3] if a[3] > 0 else alpha[4] · a[3]"
    assert (
        found["∂a[4]"].formula == "W[5]ᵀ δ[5]"
        and found["∇alpha[4]"].formula == "∂a[4] · (0 if a[3] > 0 else a[3])"
    )
    assert found["s[1.1.1]"].formula == "s[1.1.1] - 6 α ∇s[1.1.1]"
    assert r"a^{[1.1.1]}_{1}" in ledger.markdown()


def test_a_layer_that_tells_nothing_is_shown_with_its_values():
    class Own(Scale):
        told = told_back = MappingProxyType({})

    network = Network(layers=[Own(), Dense(2)], inputs=2, rng=0)
    found = by_symbol(stepped(network, np.array([[2.0, 3.0]]), np.array([1])).table(0))
    assert found["a[1]"].formula == "scale(x)" and [row.value for row in found["a[1]"].rows] == ["2", "3"]
    assert found["∇s[1]"].shape == (2,) and found["∇s[1]"].formula == ""


@pytest.mark.parametrize(
    "cards, inputs",
    [
        ([Conv1d(2, 2, "tanh"), Conv1d(2, 2, stride=2, padding="same")], (4, 2)),
        ([Conv2d(2, 2, "relu"), MaxPool(2, stride=1), AveragePool(None)], (4, 4, 1)),
        ([Conv1d(2, 1), AveragePool(2, stride=1), MaxPool(2)], (5, 2)),
        ([Recurrent(2, output="all"), Recurrent(2)], (3, 2)),
        ([GRU(2, output="all"), GRU(2)], (3, 2)),
        ([Attention(2, causal=True), Attention(2), Attention(2, output="last")], (3, 2)),
    ],
)
def test_over_images_and_sequences_every_number_but_the_errors_of_activations_is_written_out(cards, inputs):
    case = every_layer.Case(Scale(), inputs)
    network = Network(layers=[*cards, Dense(2)], inputs=inputs, rng=0)
    network.theta = np.random.default_rng(5).normal(0, 0.7, network.theta.size)
    ledger = stepped(network, *case.rows()).table(2, lr=0.1, digits=12)
    bare = [
        quantity.symbol for quantity in ledger.quantities if not all(row.numbers for row in quantity.rows)
    ]
    errors = {f"δ[{l}]" for l in (1, 2, 3, 4)} | {"x", f"∇b[{len(cards) + 1}]", "∂state[1]", "∂state[2]"}
    assert {symbol for symbol in bare if not symbol.startswith("∂a")} <= errors
    assert not {f"∂a[{l}]" for l in range(1, len(cards))} & set(bare)
    assert_true(ledger)


def test_a_convolution_reads_window_by_window():
    network = Network(layers=[Conv1d(1, 2), Dense(1)], inputs=(3, 1), loss="squared_error", rng=0)
    network.theta = [1.0, -1.0, 2.0, 3.0, 0.5, 0.0]
    found = by_symbol(stepped(network, np.array([[[1.0], [4.0], [6.0]]]), np.array([[0.0]])).table(0))
    assert found["z[1]"].formula == "Σ W[1] x + b[1]"
    assert [row.numbers for row in found["z[1]"].rows] == ["1·1 + (-1)·4 + 0.5", "1·4 + (-1)·6 + 0.5"]
    assert [row.value for row in found["a[1]"].rows] == ["-2.5", "-1.5"]
    delta = [row.value for row in found["δ[1]"].rows]
    assert found["∇W[1]"].rows[0].numbers == f"{delta[0]} · [1, 4] + ({delta[1]}) · [4, 6]"


def test_within_another_layer_attention_and_gates_are_shown_too():
    network = Network(
        layers=[Skip([Attention(2)]), Skip([GRU(2, output="all")]), Dense(2)], inputs=(3, 2), rng=0
    )
    found = by_symbol(stepped(network, *every_layer.Case(Scale(), (3, 2)).rows()).table(0, lr=0.1))
    assert found["q[1.1]"].rows[0].numbers and found["c[2.1]"].rows[0].numbers.startswith("tanh(")
    assert found["∇W_q[1.1]"].shape == (2, 2) and found["∇U[2.1]"].shape == (6, 2)
