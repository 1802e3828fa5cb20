"""A network as JSON and arrays: its architecture by registered names, its parameters as W1, b1, W2, and so on."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from tasou.errors import ModelFileError, TasouError
from tasou.formats import formulas
from tasou.formats.formulas import FORMULA
from tasou.formats.safetensors import Tensors
from tasou.formats.schema import check
from tasou.messages import Message
from tasou.models import stack_state
from tasou.models.arrays import check_shape
from tasou.network import Network

CANNOT_BUILD = Message(
    "model_file.cannot_build_network",
    en="the network in the file cannot be built here: {reason}",
    ja="ファイルにあるネットワークをここで組み立てられません：{reason}",
)

SCHEMA = {
    "type": "object",
    "required": ["sizes", "activations", "loss", "dropout", "l2", "bias", "dtype"],
    "properties": {
        "sizes": {"type": "array", "items": {"type": "integer", "minimum": 1}},
        "activations": {"type": "array", "items": FORMULA},
        "loss": FORMULA,
        "dropout": {"type": "array", "items": {"type": "number"}},
        "l2": {"type": "number", "minimum": 0},
        "bias": {"type": "boolean"},
        "dtype": {"enum": ["float32", "float64"]},
    },
}


def describe(network: Network, tensors: Tensors) -> dict[str, Any]:
    """The network's architecture as JSON; its parameters are put into ``tensors``.

    Raises
    ------
    ModelFileError
        an activation or a loss of the user's own, whose code no model file holds
    """
    if not network.plain:
        return stack_state.describe(network, tensors)
    for l, (W, b) in enumerate(network.parameters, start=1):
        tensors[f"W{l}"], tensors[f"b{l}"] = W, b
    return {
        "sizes": list(network.sizes),
        "activations": [formulas.describe(f) for f in network.activations],
        "loss": formulas.describe(network.loss),
        "dropout": list(network.dropout),
        "l2": network.l2,
        "bias": network.bias,
        "dtype": network.dtype.name,
    }


def rebuild(description: Mapping[str, Any], tensors: Tensors) -> Network:
    """The network that `describe` was given.

    Raises
    ------
    ModelFileError
        the description is none of a network, names a formula that is not registered here, or does not fit the arrays
    """
    if "layers" in description:
        return stack_state.rebuild(description, tensors)
    check(description, SCHEMA, "network")
    sizes = description["sizes"]
    for l, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        check_shape(tensors, f"W{l}", (n_out, n_in), description["dtype"])
        check_shape(tensors, f"b{l}", (n_out,), description["dtype"])
    try:
        *hidden, last = (formulas.rebuild("activation", f) for f in description["activations"])
        loss = formulas.rebuild("loss", description["loss"])
        architecture = {key: description[key] for key in ("l2", "bias", "dtype")}
        dropout = description["dropout"][:-1]
        network = Network(
            sizes, hidden, loss=loss, output_activation=last, dropout=dropout, init="zeros", **architecture
        )
    except (TasouError, ValueError) as error:
        raise ModelFileError(CANNOT_BUILD, reason=error) from error
    for l, (W, b) in enumerate(network.parameters, start=1):
        W[...], b[...] = tensors[f"W{l}"], tensors[f"b{l}"]
    return network
