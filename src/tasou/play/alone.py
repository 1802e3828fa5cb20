"""A run as a program with NumPy alone: forward, loss, backward and update as in the lecture, and the same numbers.

No formula is written again: those of activations, loss and optimizer are copied from the files in which the engine has
them, as they stand there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.play.run import Run

NOT_ALONE = Message(
    "play.not_alone",
    en="the program with NumPy alone is for dense layers without dropout, trained from the beginning by steps without "
    "a schedule; the program with tasou has all",
    ja="NumPy だけのプログラムで書けるのは、ドロップアウトのない全結合層を、学習率スケジュールなしで最初から"
    "学習したランです。それ以外は tasou を使うプログラムで書き出してください",
)

WALK = '''
def step(X, Y, lr, t):
    """One update by the rows X, Y: the t-th."""
    n = len(X)
    z, a = [], [X]
    for l in range(len(W)):  # forward
        z.append(a[l] @ W[l].T + b[l])
        a.append(activations[l][0](z[l], np))
    delta = local_error(a[-1], predict(a[-1], np), Y, np)
    gradients = [None] * len(W)
    for l in reversed(range(len(W))):  # backward
        delta = delta * activations[l][1](z[l], a[l + 1], np)
        gradients[l] = (delta.T @ a[l] + L2 * W[l]) / n, delta.sum(axis=0) / n
        delta = delta @ W[l]
    length = np.sqrt(sum((g * g).sum() for pair in gradients for g in pair))
    shorter = 1.0 if CLIP is None or length <= CLIP else CLIP / length
    for l in range(len(W)):  # update
        grad_W, grad_b = gradients[l]
        decayed = W[l] - lr * DECAY * W[l]
        W[l], *memory_W[l] = update(decayed, shorter * grad_W, *memory_W[l], t, lr, np)
        b[l], *memory_b[l] = update(b[l], shorter * grad_b, *memory_b[l], t, lr, np)


def answer(X):
    """The last values of rows, of which the loss is a function."""
    for l in range(len(W)):
        X = activations[l][0](X @ W[l].T + b[l], np)
    return X


rng, order = np.random.default_rng(SEED), np.arange(len(X))
lr, made = RATES[0], 0
with np.errstate(over="ignore"):
    while made < UPDATES:
        if SHUFFLE:
            index = np.arange(len(X))
            rng.shuffle(index)
            order = order[index]
        for begin in range(0, len(X), BATCH):
            rows = order[begin : begin + BATCH] if BATCH < len(X) else slice(None)
            lr = RATES.get(made, lr)
            made += 1
            step(X[rows], Y[rows], lr, made)
            if made == UPDATES:
                break
    print(f"loss {loss(answer(X), Y, np).sum() / len(X):.15g}")
'''


def alone(run: Run) -> str:
    """The program.

    Raises
    ------
    TasouError
        the run has what such a program does not
    """
    training, network = run.training, run.network
    first, _ = run.frames.before(run.frames.at[0])
    constant = training.schedule.name == "constant" and not training.warmup
    if run.whole or not network.plain or any(network.dropout) or not constant or first.clock.updates:
        raise TasouError(NOT_ALONE)
    found = _Formulas()
    pairs = [[found.take(layer.activation.f), found.take(layer.activation.slope)] for layer in network.layers]
    named = {
        "predict": found.take(network.loss.predict),
        "loss": found.take(network.loss.value),
        "local_error": found.take(network.loss.delta),
        "update": found.take(training.optimizer.update),
    }
    W, b = (_parts(run, first.theta, name) for name in "Wb")
    settings = {
        "SEED": run.setup.checked().seed, "BATCH": run.batch_size, "SHUFFLE": training.shuffle, "UPDATES": run.update,
        "RATES": dict(run.rates), "L2": network.l2, "DECAY": training.weight_decay, "CLIP": training.clip_norm,
    }  # fmt: skip
    memory = f"[[np.zeros_like(part)] * {len(training.optimizer.state)} for part in"
    lines = [
        f'"""{network!r}: {run.epoch} epochs of a run in tasou play, with NumPy alone."""',
        "",
        *(["from functools import partial", ""] if found.partial else []),
        *([f"import {name}" for name in sorted(found.modules)]),
        "import numpy as np",
        "",
        f"X = np.array({run.data.X.tolist()!r})",
        f"Y = np.array({run.data.Y.tolist()!r})",
        f"W = [{', '.join(f'np.array({part!r})' for part in W)}]",
        f"b = [{', '.join(f'np.array({part!r})' for part in b)}]",
        *(f"{name} = {value!r}" for name, value in settings.items()),
        "",
        *found.lines,
        "",
        f"activations = [{', '.join(f'({f}, {slope})' for f, slope in pairs)}]  # of each layer: f and f'",
        *(f"{name} = {formula}" for name, formula in named.items()),
        f"memory_W = {memory} W]",
        f"memory_b = {memory} b]",
        "",
    ]
    return "\n".join(lines) + WALK


def _parts(run: Run, theta: Any, name: str) -> list[Any]:
    """W or b of every layer, from these parameters."""
    places = [place for place in run.network.parameters.layout.places if place.name == name]
    return [
        theta[p.start : p.start + p.size].reshape(p.shape.of).tolist()
        for p in sorted(places, key=lambda p: p.l)
    ]


class _Formulas:
    """Functions as their files have them, with the constants and functions that they mention, each once."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.modules: set[str] = set()
        self.partial = False
        self._known: dict[str, Any] = {}

    def take(self, function: Callable[..., Any]) -> str:
        """The name by which the program calls it."""
        if isinstance(function, partial):
            self.partial = True
            inner, given = (
                self.take(function.func),
                ", ".join(f"{k}={v!r}" for k, v in function.keywords.items()),
            )
            return f"partial({inner}, {given})" if given else inner
        assert isinstance(function, FunctionType)
        name = f"{function.__module__.rpartition('.')[2]}_{function.__name__}"
        if self._is_new(name, function):
            for mentioned in function.__code__.co_names:
                self._mention(mentioned, function.__globals__.get(mentioned))
            source = inspect.getsource(function).rstrip()
            self.lines += ["", source.replace(f"def {function.__name__}(", f"def {name}(", 1), ""]
        return name

    def _mention(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType):
            self.modules.add(value.__name__)
        elif isinstance(value, FunctionType):
            called = self.take(value)
            if self._is_new(name, value):
                self.lines += [f"{name} = {called}"]
        elif isinstance(value, int | float) and self._is_new(name, value):
            self.lines += [f"{name} = {value!r}"]

    def _is_new(self, name: str, value: Any) -> bool:
        """Whether nothing is called so yet; one name means one thing."""
        if name not in self._known:
            self._known[name] = value
            return True
        assert self._known[name] == value, name
        return False
