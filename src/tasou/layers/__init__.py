"""Layers: what a network is made of, one file each; forward and backward stand side by side (lecture 3.2, 5.2).

A layer is a card: it says which parameters it has, how its output follows from its input, and how the error of its
output becomes the gradients of its parameters and the error of its input. It holds no number and writes no memory:
parameters, the record of a batch and the gradients are handed in, and all that is computed is computed by the
`Verbs <tasou.backends.verbs.Verbs>` of a backend, with the formulas of ``formulas/``.

>>> get("dense", units=3, activation="relu")
Dense(units=3, activation='relu')
"""

from __future__ import annotations

from typing import Any

from tasou.layers._card import Layer, Shape
from tasou.layers._folder import get, kind, names
from tasou.layers._nest import Nest
from tasou.layers._record import Record
from tasou.layers._size import Size, features, numbers
from tasou.layers._stack import backward, forward, records, sizes
from tasou.layers._written import Written
from tasou.layers.attention import Attention
from tasou.layers.average_pool import AveragePool
from tasou.layers.columns import Columns
from tasou.layers.conv1d import Conv1d
from tasou.layers.conv2d import Conv2d
from tasou.layers.dense import Dense
from tasou.layers.dropout import Dropout
from tasou.layers.embedding import Embedding
from tasou.layers.gru import GRU
from tasou.layers.layer_norm import LayerNorm
from tasou.layers.max_pool import MaxPool
from tasou.layers.parametric import Parametric
from tasou.layers.periodic import Periodic
from tasou.layers.piecewise_linear import PiecewiseLinear
from tasou.layers.position import Position
from tasou.layers.prelu import PReLU
from tasou.layers.recurrent import Recurrent
from tasou.layers.scale import Scale
from tasou.layers.skip import Skip
from tasou.layers.squash import Squash

__all__ = [
    "GRU",
    "Attention",
    "AveragePool",
    "Columns",
    "Conv1d",
    "Conv2d",
    "Dense",
    "Dropout",
    "Embedding",
    "Layer",
    "LayerNorm",
    "MaxPool",
    "Nest",
    "PReLU",
    "Parametric",
    "Periodic",
    "PiecewiseLinear",
    "Position",
    "Record",
    "Recurrent",
    "Scale",
    "Shape",
    "Size",
    "Skip",
    "Squash",
    "Written",
    "backward",
    "features",
    "forward",
    "get",
    "kind",
    "names",
    "numbers",
    "records",
    "sizes",
]


def __getattr__(name: str) -> Any:
    """A layer whose file lies in the folder and which is not named above."""
    file = next((file for file in names() if file.replace("_", "") == name.lower()), None)
    if file is None or kind(file).__name__ != name:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return kind(file)
