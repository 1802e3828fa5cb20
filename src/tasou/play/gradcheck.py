"""One gradient looked at closely: by hand, by differences, and the loss as the parameter moves with its tangent."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from tasou.errors import TasouError
from tasou.formulas.activations import Activation
from tasou.messages import Message
from tasou.network import Network, check_gradients
from tasou.network.gradient_check import parameter_name
from tasou.play.calculation import Later
from tasou.play.picture import finite
from tasou.play.run import Run

ROWS = 60
"""rows on which gradients are checked"""
MOST = 600
"""parameters that are checked all together"""
POINTS = 41

NO_PARAMETER = Message(
    "play.no_parameter",
    en="there is no parameter {index}: the network has {n}, counted from 0",
    ja="パラメータ {index} はありません。ネットワークのパラメータは {n} 個で、0から数えます",
)


def gradcheck(run: Run, *, index: int = 0, reach: float = 0.5, forget: bool = False) -> Later:
    """∂L/∂θ_i by hand and by differences, and L around θ_i; ``forget`` leaves f' out of the backward pass.

    Raises
    ------
    TasouError
        there is no such parameter
    """
    n, lr = run.network.theta.size, run.lr
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < n:
        raise TasouError(NO_PARAMETER, index=index, n=n)
    network = forgetful(run.network) if forget else run.network.in_float64()
    X, Y = run.data.X[:ROWS], run.data.Y[:ROWS]
    name, value = parameter_name(run.network, index), float(run.network.theta[index])

    def rest() -> dict[str, Any]:
        found = _checked(network, X, Y, index, abs(float(reach)))
        return {**found, "name": name, "value": value, "lr": lr, "forget": forget, "index": index}

    return Later(rest)


def _checked(network: Network, X: Any, Y: Any, index: int, reach: float) -> dict[str, Any]:
    n = network.theta.size
    _, by_hand = network.objective(X, Y)
    slope = float(by_hand[index])
    h = 1e-5
    numeric = (_loss(network, X, Y, index, h) - _loss(network, X, Y, index, -h)) / (2 * h)
    steps = np.linspace(-reach, reach, POINTS)
    curve = [finite(_loss(network, X, Y, index, step)) for step in steps]
    error = abs(slope - numeric) / max(abs(slope), abs(numeric), 1e-12)
    whole = None
    if n <= MOST:
        report = check_gradients(network, X, Y)
        whole = {"ok": report.ok, "worst": report.worst, "error": report.worst_error, "n": n}
    return {
        "by_hand": slope, "numeric": numeric, "error": error, "loss": finite(_loss(network, X, Y, index, 0.0)),
        "steps": steps.tolist(), "curve": curve, "whole": whole, "rows": len(X),
    }  # fmt: skip


def _loss(network: Network, X: Any, Y: Any, index: int, step: float) -> float:
    """The mean loss where one parameter is moved by so much."""
    before = float(network.theta[index])
    network.theta[index] = before + step
    with np.errstate(all="ignore"):
        loss = network.mean_loss(X, Y) + network.penalty() / len(X)
    network.theta[index] = before
    return float(loss)


def forgetful(network: Network) -> Network:
    """The same network with f' = 1 in its backward pass: the mistake that a check finds."""
    last = network.L
    cards = [card if l == last else _forgetting(card) for l, card in enumerate(network.cards, start=1)]
    twin = Network(layers=cards, inputs=network.shapes[0], loss=network.loss, l2=network.l2, init="zeros")
    twin.theta = network.theta
    return twin


def _forgetting(card: Any) -> Any:
    """The layer without its f', if it has one."""
    given = {field.name for field in fields(card)}
    changes: dict[str, Any] = {"dropout": 0.0} if "dropout" in given else {}
    if "activation" in given:
        changes["activation"] = _without_slope(card.f)
    return replace(card, **changes)


def _without_slope(f: Activation) -> Activation:
    return Activation(f"{f.name}_without_slope", f=f.f, slope=lambda z, a, xp: xp.ones_like(z))


def slice_along(run: Run) -> Later:
    """The loss along the way of the coming step, from half a step back to four steps on: why a rate is too large."""
    coming, lr, update = run.coming(), run.lr, run.update
    with np.errstate(all="ignore"):
        _, grad = run.network.objective(coming.X, coming.Y)
        step = run.preview(grad) - run.network.theta
    twin, start = run.network.in_float64(), run.network.theta.copy()

    def rest() -> dict[str, Any]:
        ways, losses = np.linspace(-0.5, 4.0, POINTS), []
        with np.errstate(all="ignore"):
            for way in ways:
                twin.theta = start + way * step
                losses.append(finite(twin.mean_loss(coming.X, coming.Y)))
        return {"ways": ways.tolist(), "losses": losses, "lr": lr, "update": update}

    return Later(rest)
