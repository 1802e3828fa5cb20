"""What a run is made of: which data, which network, how it learns; plain values that travel as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

import numpy as np

from tasou.errors import TasouError
from tasou.formulas import activations, losses
from tasou.formulas.activations import Activation
from tasou.formulas.losses import Loss
from tasou.layers import Dense
from tasou.messages import Message
from tasou.network import Network
from tasou.network.layout import Layout
from tasou.play import stack
from tasou.play.rows import Rows
from tasou.training import Recipe, Training, Validation
from tasou.training.learning import make, network_of

KNOBS = (
    "hidden", "activation", "output_activation", "init", "dropout", "l2", "loss", "optimizer", "lr", "schedule",
    "warmup", "batch_size", "shuffle", "weight_decay", "clip_norm", "epochs", "seed", "monitor", "tol", "patience",
)  # fmt: skip
"""the settings of a recipe that the playground shows"""
START = {"hidden": [10], "activation": "relu", "optimizer": "sgd", "lr": 1.0, "epochs": 500, "seed": 0}
"""the lecture's network of its last section"""
NEW_WEIGHTS = ("hidden", "seed", "init", "loss", "layers")
"""settings that another network comes with: such a run begins at step 0"""
MOST_LAYERS, MOST_UNITS, MOST_PARAMETERS = 20, 1024, 3_000_000

MEASURED_ROWS, MEASURED_WORK = 1_000, 100_000_000
"""rows held back that are always measured; rows times parameters up to which more are"""

NO_SETTING = Message(
    "play.no_setting",
    en="the playground has no setting {name!r}; it has {known:list}",
    ja="プレイグラウンドに設定 {name!r} はありません。あるのは {known:list} です",
)
TOO_LARGE = Message(
    "play.too_large",
    en="at most {layers} hidden layers of {units} units, {parameters:,} parameters in all; this network has {what}",
    ja="隠れ層は {layers} 層、1層 {units} ユニット、パラメータは合計 {parameters:,} 個までです（{what}）",
)
START_SIZE = Message(
    "play.start_size",
    en="the initial weights are {found} numbers, the network has {wanted}",
    ja="初期値は {found} 個ですが、ネットワークのパラメータは {wanted} 個です",
)
PARAMETER = re.compile(r"(?P<name>\w+)\((?P<inside>[^()]*)\)")


@dataclass(frozen=True)
class Setup:
    """The description of a run.

    >>> setup = Setup.read({"data": {"name": "spiral"}, "recipe": {"lr": 0.5}})
    >>> setup.recipe["hidden"], setup.recipe["lr"]
    ([10], 0.5)
    >>> setup.but({"lr": 2.0}).differences(setup)
    [('lr', 0.5, 2.0)]
    """

    data: Mapping[str, Any]
    recipe: Mapping[str, Any]
    theta: tuple[float, ...] | None = field(default=None)
    """the initial weights, where they are not drawn"""
    layers: tuple[Mapping[str, Any], ...] | None = field(default=None)
    """what stands before the last layer, where it is not dense layers alone: see `stack`"""

    @classmethod
    def read(cls, given: Mapping[str, Any] | None = None) -> Self:
        """A description as it comes from outside, checked; what is left out is the lecture's."""
        given = {} if given is None else given
        recipe = {**START, **given.get("recipe", {})}
        unknown = [name for name in recipe if name not in KNOBS]
        if unknown:
            raise TasouError(NO_SETTING, name=unknown[0], known=KNOBS)
        theta, layers = given.get("theta"), given.get("layers")
        setup = cls(
            dict(given.get("data") or {"name": "spiral"}),
            recipe,
            None if theta is None else tuple(map(float, theta)),
            None if layers is None else tuple(layers),
        )
        setup.checked()
        return setup

    def json(self) -> dict[str, Any]:
        """Plain values."""
        theta = {} if self.theta is None else {"theta": list(self.theta)}
        layers = {} if self.layers is None else {"layers": [dict(part) for part in self.layers]}
        return {"data": dict(self.data), "recipe": dict(self.recipe), **theta, **layers}

    def but(self, changes: Mapping[str, Any]) -> Setup:
        """The same with some settings changed; ``data`` among them replaces the data."""
        changes = dict(changes)
        data = changes.pop("data", self.data)
        theta = changes.pop(
            "theta", None if set(changes) & {"hidden", "init", "layers", "seed"} else self.theta
        )
        layers = changes.pop("layers", self.layers)
        recipe = {**self.recipe, **changes}
        return type(self).read({"data": data, "recipe": recipe, "theta": theta, "layers": layers})

    def suiting(self, rows: Rows, before: str) -> Setup:
        """The same with the usual loss, where the one asked for suits other data or another task ``before``."""
        asked = self.recipe.get("loss")
        if rows.task == before and (asked is None or asked in rows.losses()):
            return self
        return self.but({"loss": None, "output_activation": "identity"})

    def differences(self, other: Setup) -> list[tuple[str, Any, Any]]:
        """What is set otherwise: (name, there, here)."""
        pairs = [(name, other.recipe.get(name), self.recipe.get(name)) for name in KNOBS]
        pairs += [
            (f"data.{name}", other.data.get(name), self.data.get(name))
            for name in sorted({*self.data, *other.data} - {"rows"})
        ]
        pairs.append(("layers", other.stacked, self.stacked))
        if self.data.get("rows") != other.data.get("rows"):
            pairs.append(("data.rows", len(other.data.get("rows", ())), len(self.data.get("rows", ()))))
        return [pair for pair in pairs if pair[1] != pair[2]]

    def keeps_weights(self, other: Setup) -> bool:
        """Whether a run of this may begin with the weights of the other."""
        new = {name for name, _, _ in self.differences(other)} & set(NEW_WEIGHTS)
        return not new and not {n for n, _, _ in self.differences(other) if n.startswith("data.")}

    @property
    def stacked(self) -> list[str] | None:
        """The layers beyond dense ones, each in a word or two."""
        return None if self.layers is None else [card.label for card in stack.cards(self.layers)]

    # --- the engine's own objects ---------------------------------------------------------------------------------

    def checked(self) -> Recipe:
        """The recipe; `TasouError` where a setting cannot be."""
        settings = {name: _value(name, value) for name, value in self.recipe.items()}
        recipe = Recipe(**settings, on_divergence="stop")
        if len(recipe.hidden) > MOST_LAYERS or max(recipe.hidden, default=1) > MOST_UNITS:
            self._refuse(" → ".join(map(str, recipe.hidden)))
        if self.layers is not None:
            stack.cards(self.layers)
        return recipe

    def _refuse(self, what: str) -> None:
        raise TasouError(
            TOO_LARGE, layers=MOST_LAYERS, units=MOST_UNITS, parameters=MOST_PARAMETERS, what=what
        )

    def loss(self, rows: Rows) -> str:
        """The loss: the one asked for, or the usual one of the task (lecture 4.3)."""
        asked = self.recipe.get("loss")
        if asked is None:
            return rows.losses()[0]
        rows.check_loss(asked)
        return str(asked)

    def network(self, rows: Rows) -> Network:
        """The network with its initial weights."""
        recipe, loss = self.checked(), losses.get(self.loss(rows))
        if self.layers is not None:
            network = self._stack(rows, loss)
        else:
            sizes = (rows.X.shape[1], *recipe.hidden, rows.outputs(loss))
            self._check_size(sum((n + 1) * m for n, m in pairwise(sizes)))
            network = network_of(recipe, sizes[0], sizes[-1], loss=loss, rng=recipe.seed)
        if self.theta is not None:
            if len(self.theta) != network.theta.size:
                raise TasouError(START_SIZE, found=len(self.theta), wanted=network.theta.size)
            network.theta = np.array(self.theta)
        return network

    def _stack(self, rows: Rows, loss: Loss) -> Network:
        """The layers that are described, and a dense one that answers."""
        recipe, given = self.checked(), stack.cards(self.layers or ())
        stack.width(given, rows.reads)
        output = recipe.output_activation or "identity"
        layers = [*given, Dense(rows.outputs(loss), output)]
        self._check_size(Layout.of(layers, rows.reads).size)
        return Network(
            layers=layers, inputs=rows.reads, loss=loss, l2=recipe.l2, init=recipe.init, rng=recipe.seed
        )

    def _check_size(self, parameters: int) -> None:
        if parameters > MOST_PARAMETERS:
            self._refuse(f"{parameters:,}")

    def training(self, network: Network, rows: Rows, score: Any = None) -> Training:
        """The training of that network, not begun."""
        recipe = self.checked()
        validation = None
        if len(rows.held_y):
            index = measured(network, rows)
            X, y = rows.held_X[index], rows.targets(network.loss, rows.held_y[index])
            validation = Validation(network.as_input(X), network.as_target(y), score=score)
        return make(network, recipe, validation=validation, rng=recipe.seed)


def measured_rows(network: Network) -> int:
    """On how many rows at most a network is measured."""
    return max(MEASURED_ROWS, MEASURED_WORK // max(1, network.theta.size))


def measured(network: Network, rows: Rows) -> Any:
    """Which of the rows held back are measured after each epoch: all, or some of many, evenly, for a large network.

    So the end of an epoch takes no longer than a look at the controls may wait.
    """
    n, most = len(rows.held_y), measured_rows(network)
    return slice(None) if n <= most else np.linspace(0, n - 1, most).round().astype(np.intp)


def _value(name: str, value: Any) -> Any:
    """A setting as the recipe wants it: a list of sizes is a tuple, ``leaky_relu(alpha=0.1)`` a formula."""
    if name == "hidden" and isinstance(value, list):
        return tuple(value)
    if name in ("activation", "output_activation"):
        return [_activation(v) for v in value] if isinstance(value, list) else _activation(value)
    return value


def _activation(label: Any) -> Activation | Any:
    """A formula of that name, with the constants that stand in parentheses.

    >>> _activation("leaky_relu(alpha=0.1)").parameters
    {'alpha': 0.1}
    """
    found = PARAMETER.fullmatch(label) if isinstance(label, str) else None
    if found is None:
        return label
    pairs: Sequence[str] = [part for part in found["inside"].split(",") if part.strip()]
    constants = {}
    for pair in pairs:
        key, _, number = pair.partition("=")
        try:
            constants[key.strip()] = float(number)
        except ValueError:
            return label
    return activations.get(found["name"], **constants)
