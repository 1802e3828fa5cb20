"""Values of a model as JSON and arrays, and back, type for type."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasou.errors import ModelFileError
from tasou.formats.safetensors import decode, encode
from tasou.formats.values import pack, unpack
from tasou.formulas import activations, initializers, losses


def there_and_back(value):
    tensors = {}
    packed = json.loads(json.dumps(pack(value, "x", tensors), allow_nan=False))
    stored, _ = decode(b"".join(encode(tensors, {}, nonfinite=("history.",))), nonfinite=("history.",))
    return unpack(packed, stored)


def same(a, b):
    if isinstance(a, np.ndarray):
        return type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape and a.tolist() == b.tolist()
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return type(b) is dict and same(list(a.items()), list(b.items()))
    return type(a) is type(b) and (a == b or (a != a and b != b))


SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUE = st.recursive(
    SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUE)
@settings(max_examples=150, deadline=None)
def test_plain_values(value):
    assert same(there_and_back(value), value)


@pytest.mark.parametrize(
    "value",
    [
        *(np.array([[0, 1], [1, 0]], dtype) for dtype in ("f8", "f4", "f2", "i8", "i4", "u2", "u1", "?")),
        np.array([2**64 - 1], np.uint64),
        np.array(["犬", "ねこ"]),
        np.array([["a", None], [1, 2.5]], object),
        np.array([], "U1"),
        np.array([math.inf, 1], object),
        np.float32(0.1),
        np.int64(-3),
        np.bool_(True),
        np.float64("-inf"),
        np.str_("x"),
        {"W": [np.ones((2, 3)), np.zeros(0)], (1, 2): {"deep": (np.arange(3),)}, np.int64(4): "key"},
        [0.1 * i for i in range(100)] + [math.nan],
        [1.5] * 65,
    ],
)
def test_numpy_values(value):
    assert same(there_and_back(value), value)


def test_long_lists_of_floats_leave_the_header():
    tensors = {}
    assert pack([0.5] * 1000, "loss_curve_", tensors) == {"type": "floats", "tensor": "history.loss_curve_"}
    assert tensors["history.loss_curve_"].shape == (1000,)


@pytest.mark.parametrize(
    "formula",
    [
        activations.get("relu"),
        activations.get("leaky_relu", alpha=0.3),
        losses.get("huber", threshold=2.0),
        initializers.get("glorot_uniform", gain=2.0).drawing_biases(),
    ],
    ids=lambda formula: formula.name,
)
def test_registered_formulas(formula):
    again = there_and_back([formula])[0]
    assert again == formula
    assert getattr(again, "biases", None) == getattr(formula, "biases", None)


@pytest.mark.parametrize("name", ["square", "relu"])
def test_formulas_of_one_s_own_are_refused(name):
    own = activations.Activation(name, f=lambda z, xp: z * z, slope=lambda z, a, xp: 2 * z)
    with pytest.raises(ModelFileError, match="code of your own"):
        pack(own, "x", {})


def test_names_of_tensors_follow_the_keys():
    tensors = {}
    pack({"adam": {"m": np.ones(1), 3: np.ones(1), "a b": np.ones(1)}}, "x", tensors)
    assert list(tensors) == ["x.adam.m", "x.adam.1", "x.adam.2"]


def test_random_numbers_go_on_where_they_were():
    state, generator = np.random.RandomState(3), np.random.default_rng(3)
    state.normal(size=3), generator.normal(size=3), generator.integers(9, size=3, dtype=np.uint32)
    for random in (state, generator):
        again = there_and_back(random)
        assert type(again) is type(random)
        np.testing.assert_array_equal(again.normal(size=9), random.normal(size=9))


@pytest.mark.parametrize(
    "value",
    [
        *(
            print,
            object(),
            {1, 2},
            1j,
            b"x",
            np.array(["2020-01-01"], "M8[D]"),
            np.complex128(1),
            [lambda: 0],
        ),
        *(np.random.Generator(np.random.MT19937(0)), np.array([print], object)),
    ],
)
def test_other_types_are_refused(value):
    with pytest.raises(ModelFileError, match=r"^x.*cannot hold|can hold PCG64"):
        pack(value, "x", {})


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"type": "eval", "value": "1"},
        {"type": ["tuple"]},
        {"type": "tuple"},
        {"type": "float", "value": "1e999"},
        {"type": "dict", "items": [[[1], 2]]},
        {"type": "dict", "items": [1]},
        {"type": "array", "dtype": "float64", "tensor": "none"},
        {"type": "array", "dtype": "object", "tensor": "x"},
        {"type": "array", "dtype": "O", "shape": [1], "items": [1]},
        {"type": "array", "dtype": "object", "shape": [2], "items": [1]},
        {"type": "array", "dtype": 3, "shape": [2], "items": [1]},
        {"type": "floats", "tensor": []},
        {"type": "scalar", "dtype": "complex128", "value": 1},
        {"type": "scalar", "dtype": "int8", "value": 1000},
        {"type": "RandomState", "state": 0},
        {"type": "RandomState", "state": {"type": "tuple", "items": ["MT19937", [1], 2, 0, 0.0]}},
        {"type": "Generator", "state": {"state": "0x1", "inc": 3}, "has_uint32": 0, "uinteger": 0},
        [{"type": "tuple", "items": 3}],
        {"type": "activation", "name": "os.system", "parameters": {}},
        {"type": "activation", "name": "relu", "parameters": {"alpha": 1}},
        {"type": "activation", "name": "leaky_relu", "parameters": {"alpha": "x"}},
        {"type": "loss", "name": []},
    ],
)
def test_unreadable_values(value):
    with pytest.raises(ModelFileError):
        unpack(value, {"x": np.ones(1)})
