"""A tape says all that a network computes: it is played here by NumPy, operation by operation, without any layer."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from tasou import Network, backends
from tasou.backends.recording import CONSTANT, N, Operand, Recording
from tasou.layers import Dense, Dropout

spec = importlib.util.spec_from_file_location(
    "every_layer", Path(__file__).parent.parent / "layers" / "test_every_layer.py"
)
every_layer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(every_layer)


class Player:
    """The numbers behind the operands of a tape, for one batch."""

    def __init__(self, network, x, rng=None):
        self.do = backends.make("numpy").drawing_from(rng)
        self.theta, self.n = network.theta, len(x)
        self.grad = np.full_like(network.theta, np.nan)
        self.found = {}

    def numbers(self, operand):
        if operand.base is not None:
            base = self.numbers(operand.base)
            match operand.kind:
                case "transposed":
                    return np.swapaxes(base, -1, -2)
                case "columns":
                    return base[..., operand.start : operand.start + operand.shape[-1]]
            return base.reshape([axis // N * self.n if axis % N == 0 else axis for axis in operand.shape])
        match operand.kind:
            case "parameter":
                return self.part(self.theta, operand)
            case "gradient":
                return self.part(self.grad, operand)
            case "constant":
                return operand.array
        return self.found[operand]

    @staticmethod
    def part(flat, operand):
        return flat[operand.start : operand.start + operand.size].reshape(operand.shape)

    def play(self, ops):
        for op in ops:
            arrays = [self.numbers(operand) for operand in op.inputs]
            value = self.one(op, arrays)
            if op.output.root.kind == "gradient":
                self.numbers(op.output)[...] = value
            else:
                self.found[op.output] = value

    def one(self, op, arrays):
        match op.verb:
            case "apply":
                return self.do.apply(op.formula, *arrays)
            case "scaled":
                return self.do.scaled(arrays[0], op.formula, *arrays[1:])
            case "draw" | "zeros":
                like = np.empty([axis // N * self.n if axis % N == 0 else axis for axis in op.output.shape])
                return (
                    self.do.zeros(like)
                    if op.verb == "zeros"
                    else self.do.draw(op.formula, *op.numbers, like=like)
                )
        return getattr(self.do, op.verb)(*arrays, *op.numbers)


@every_layer.every_layer
def test_a_tape_holds_all_that_a_step_computes(case):
    network, (X, y) = case.network(), case.rows()
    trace = network.forward(X, rng=np.random.default_rng(4))
    network.backward(trace, y)
    tape = network.tape()

    player = Player(network, X, np.random.default_rng(4))
    player.found[tape.x] = X
    player.play(tape.forward)
    raw = player.numbers(tape.output)
    assert raw == pytest.approx(trace.raw, rel=1e-13, abs=1e-15)
    player.found[tape.error] = network.loss.delta(raw, trace.y_hat, network.as_target(y), np)
    player.play(tape.backward)
    assert player.grad == pytest.approx(trace.grad.theta, rel=1e-12, abs=1e-14)


@every_layer.every_layer
def test_the_tape_of_a_prediction_draws_nothing(case):
    network, X = case.network(), case.rows()[0]
    tape = network.tape(learning=False)
    assert tape.error is None and not tape.backward and "draw" not in {op.verb for op in tape.forward}
    player = Player(network, X)
    player.found[tape.x] = X
    player.play(tape.forward)
    assert player.numbers(tape.output) == pytest.approx(network.decision(X), rel=1e-12, abs=1e-14)


def test_a_tape_reads_as_the_lecture_writes():
    tape = str(Network(layers=[Dense(3, "elu", dropout=0.5), Dropout(0.1), Dense(2)], inputs=4).tape())
    assert "z[1] = v1 + b[1]" in tape and "f[1] = activations/elu.f(z[1])" in tape
    assert "mask[1] = draw(dropout.mask, 0.5)" in tape and "∂W[1] = delta[1]ᵀ x" in tape


def test_views_of_symbols_know_their_shapes():
    do, a = Recording(), Operand("rows", (N, 12), "a")
    square = do.reshaped(a, N, 3, 4)
    assert square.shape == (N, 3, 4) and square.T.shape == (N, 4, 3) and square.T.T is square
    assert do.reshaped(square, -1, 4).per_row == (3, 4) and do.columns(a, 2, 5).shape == (N, 3)
    assert do.product(square, square.T).shape == (N, 3, 3) and len(do.ops) == 1
    assert square.root is a and do.total(a).kind == "sum" and do.constant([1, 2]).kind == CONSTANT
    assert str(do.ops[0]) == "v1 = a(n, 3, 4) a(n, 3, 4)ᵀ"
