"""A network of any layers as JSON and arrays: each layer by its name and what it was made with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from tasou import layers
from tasou.errors import ModelFileError, TasouError
from tasou.formats import formulas
from tasou.formats.formulas import FORMULA
from tasou.formats.safetensors import Tensors
from tasou.formats.schema import check
from tasou.formats.values import pack, unpack
from tasou.formulas.losses import Loss
from tasou.layers import Layer, Size
from tasou.messages import Message
from tasou.models.arrays import check_shape
from tasou.network import Network
from tasou.network.layout import Layout, Place

OWN_LAYER = Message(
    "model_file.own_layer",
    en="layer {l}, {layer}, is code of your own, which a model file cannot hold",
    ja="第 {l} 層 {layer} は自作のコードなので、モデルファイルには保存できません",
)
CANNOT_BUILD = Message(
    "model_file.cannot_build_stack",
    en="the layers in the file cannot be built here: {reason}",
    ja="ファイルにある層をここで組み立てられません：{reason}",
)
TOO_DEEP = Message(
    "model_file.too_deep",
    en="layers lie within layers more than {most} deep",
    ja="層の入れ子が深すぎます（上限は {most} 段です）",
)
UNKNOWN_FIELD = Message(
    "model_file.layer_field",
    en="the layer {layer!r} is made with {field}, which is not known here: upgrade tasou",
    ja="層 {layer!r} の設定 {field} は、この tasou では使えません。tasou を更新してください",
)
DEEPEST = 16
LAYER = {
    "type": "object",
    "required": ["layer", "made_with"],
    "properties": {"layer": {"type": "string"}, "made_with": {"type": "object"}},
}
SCHEMA = {
    "type": "object",
    "required": ["inputs", "layers", "l2", "dtype"],
    "properties": {
        "inputs": {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": 4},
            ]
        },
        "layers": {"type": "array", "items": LAYER},
        "l2": {"type": "number", "minimum": 0},
        "dtype": {"enum": ["float32", "float64"]},
    },
}


def describe(network: Network, tensors: Tensors) -> dict[str, Any]:
    """The layers as JSON; the parameters are put into ``tensors`` as ``W1``, ``b1``, …, by their names in the layer.

    Raises
    ------
    ModelFileError
        a layer, an activation or a loss of the user's own, whose code no model file holds
    """
    for place in network.parameters.layout.places:
        tensors[tensor(place)] = place.view(network.theta)
    return {**form(network, tensors), "loss": formulas.describe(network.loss)}


def form(network: Network, tensors: Tensors, prefix: str = "") -> dict[str, Any]:
    """The layers as JSON without what they have learnt, nor by what loss; arrays are named with a prefix."""
    return {
        "inputs": _plain(network.shapes[0]),
        "layers": [_card(card, l, tensors, prefix) for l, card in enumerate(network.cards, start=1)],
        "l2": network.l2,
        "dtype": network.dtype.name,
    }


def _plain(n: Size) -> int | list[int]:
    return n if isinstance(n, int) else list(n)


def _card(card: Layer, l: int, tensors: Tensors, prefix: str) -> dict[str, Any]:
    """The layer by its name and the fields that it was made with, layers within it alike."""

    def described(card: Layer, place: str) -> dict[str, Any]:
        name = type(card).__module__.rpartition(".")[2]
        if name not in layers.names() or layers.kind(name) is not type(card):
            raise ModelFileError(OWN_LAYER, l=l, layer=type(card).__name__)
        made_with = {f.name: value(getattr(card, f.name), f"{place}.{f.name}") for f in fields(card)}  # type: ignore[arg-type]
        return {"layer": name, "made_with": made_with}

    def value(given: Any, place: str) -> Any:
        if isinstance(given, Layer):
            return {"type": "layer", **described(given, place)}
        if _holds_layers(given):
            return {"type": "tuple", "items": [value(item, f"{place}.{i}") for i, item in enumerate(given)]}
        return pack(given, place, tensors)

    return described(card, f"{prefix}layer{l}")


def _holds_layers(given: Any) -> bool:
    """Whether layers lie in a tuple, or in tuples within it."""
    return isinstance(given, Layer) or (isinstance(given, tuple) and any(map(_holds_layers, given)))


def _made(part: Any, tensors: Tensors, depth: int = 0) -> Layer:
    """The layer that `_card` was given."""
    check(part, LAYER, "layer")
    if depth > DEEPEST:
        raise ModelFileError(TOO_DEEP, most=DEEPEST)

    def value(given: Any) -> Any:
        if isinstance(given, dict) and given.get("type") == "layer":
            return _made(given, tensors, depth + 1)
        if isinstance(given, dict) and given.get("type") == "tuple" and isinstance(given.get("items"), list):
            return tuple(value(item) for item in given["items"])
        return unpack(given, tensors)

    kind = layers.kind(part["layer"])
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(part["made_with"]) - known)
    if unknown:
        raise ModelFileError(UNKNOWN_FIELD, layer=part["layer"], field=ascii(unknown[0][:40]))
    return kind(**{key: value(given) for key, given in part["made_with"].items()})


def rebuild(description: Mapping[str, Any], tensors: Tensors) -> Network:
    """The network that `describe` was given.

    Raises
    ------
    ModelFileError
        the description is none of a network, names a layer that is not known here, or does not fit the arrays
    """
    check(description, {"required": ["loss"], "properties": {"loss": FORMULA}}, "network")
    try:
        loss = formulas.rebuild("loss", description["loss"])
    except TasouError as error:
        raise ModelFileError(CANNOT_BUILD, reason=error) from error

    def look(place: Place, dtype: str) -> None:
        check_shape(tensors, tensor(place), place.shape.of, dtype)

    network = build(description, tensors, loss, look)
    for place in network.parameters.layout.places:
        place.view(network.theta)[...] = tensors[tensor(place)]
    return network


def build(
    description: Mapping[str, Any], tensors: Tensors, loss: Loss, look: Callable[[Place, str], None]
) -> Network:
    """The network that `form` was given, all zeros; ``look`` refuses a parameter whose array does not fit.

    It is called before memory is taken for what the file only claims to hold.
    """
    check(description, SCHEMA, "network")
    try:
        cards = [_made(part, tensors) for part in description["layers"]]
        inputs, dtype = description["inputs"], description["dtype"]
        n = tuple(inputs) if isinstance(inputs, list) else inputs
        for place in Layout.of(cards, n).places:
            look(place, dtype)
        return Network(layers=cards, inputs=n, loss=loss, l2=description["l2"], dtype=dtype, init="zeros")
    except ModelFileError:
        raise
    except (TasouError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
        raise ModelFileError(CANNOT_BUILD, reason=error) from error


def tensor(place: Place) -> str:
    """What a parameter is called in the file: ``W1``, or ``W3.1`` of the first layer within layer 3."""
    return place.symbol.replace("[", "").replace("]", "")
