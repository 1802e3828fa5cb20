"""The closed schema: what it lets through, and what it says of the rest."""

import pytest

from tasou.errors import ModelFileError
from tasou.formats.schema import check

LAYER = {
    "type": "object",
    "required": ["units"],
    "additionalProperties": False,
    "properties": {
        "units": {"type": "integer", "minimum": 1},
        "activation": {"enum": ["relu", "tanh"]},
        "rate": {"type": ["number", "null"]},
    },
}
SCHEMA = {
    "type": "object",
    "properties": {"layers": {"type": "array", "items": LAYER, "maxItems": 3}, "version": {"const": 1}},
}
MIXED = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"layers": []},
        {"layers": [{"units": 3, "activation": "tanh", "rate": None}], "version": 1},
        {"layers": [{"units": 1, "rate": 0.5}], "unknown": ["is", "kept"]},
    ],
)
def test_accepted(value):
    check(value, SCHEMA)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "model is [], not of type object"),
        ({"layers": {}}, "model.layers is {}, not of type array"),
        ({"layers": [{"units": 1}] * 4}, "model.layers has 4 items, more than 3"),
        ({"layers": [{}]}, "model.layers[0] lacks 'units'"),
        ({"layers": [{"units": 0}]}, "model.layers[0].units is 0, less than 1"),
        ({"layers": [{"units": True}]}, "model.layers[0].units is True, not of type integer"),
        ({"layers": [{"units": 1.0}]}, "model.layers[0].units is 1.0, not of type integer"),
        ({"layers": [{"units": 1, "rate": "x"}]}, "model.layers[0].rate is 'x', not of type number or null"),
        ({"layers": [{"units": 1, "eval": 1}]}, "model.layers[0] has an unknown key 'eval'"),
        ({"layers": [{"units": 1, "activation": "os.system"}]}, "is 'os.system'; known: relu, tanh"),
        ({"version": 2}, "model.version is 2; known: 1"),
    ],
)
def test_refused_with_the_place(value, message):
    with pytest.raises(ModelFileError) as caught:
        check(value, SCHEMA)
    assert message in str(caught.value)


def test_any_of():
    check("a", MIXED)
    check([1, 2], MIXED)
    with pytest.raises(ModelFileError, match=r"model is 1, not of type string .*1 other form"):
        check(1, MIXED)


def test_long_values_are_cut_in_messages():
    with pytest.raises(ModelFileError) as caught:
        check("x" * 1000, {"type": "integer"})
    assert len(str(caught.value)) < 120
