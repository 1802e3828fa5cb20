"""The weights a fit starts from: the user's own, or those of the last fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.network import Network

HOW_MANY = Message(
    "mlp.init_layers",
    en="init must hold {n} coefs and intercepts, got {coefs} and {intercepts}",
    ja="init には coefs と intercepts が {n} 個ずつ必要です（指定：{coefs} 個と {intercepts} 個）",
)
SHAPES = Message(
    "mlp.init_shapes",
    en="init: layer {layer} needs coefs {W} and intercepts {b}, got {coefs} and {intercepts}",
    ja="init：第 {layer} 層の coefs は {W}、intercepts は {b} の形にしてください（指定：{coefs} と {intercepts}）",
)
OTHER_HIDDEN = Message(
    "mlp.other_hidden_layers",
    en="hidden_layer_sizes is now {now}, but {door} goes on from weights of {before}: set it back, or start anew with "
    "fit and warm_start=False",
    ja="hidden_layer_sizes は今 {now} ですが、{door} は {before} の重みから続けます。元に戻すか、"
    "warm_start=False の fit で始め直してください",
)
OTHER_OUTPUTS = Message(
    "mlp.other_outputs",
    en="y has {now} column(s), but {door} goes on from weights for {before}: start anew with fit and warm_start=False",
    ja="y は {now} 列ですが、{door} は {before} 列用の重みから続けます。warm_start=False の fit で始め直してください",
)


def set_weights(network: Network, coefs: Any, intercepts: Any) -> None:
    """Copy ``init=(coefs, intercepts)``, in the shapes of ``coefs_`` and ``intercepts_``, into the network."""
    if len(coefs) != network.L or len(intercepts) != network.L:
        raise TasouError(HOW_MANY, n=network.L, coefs=len(coefs), intercepts=len(intercepts))
    for l, (layer, coef, intercept) in enumerate(zip(network.parameters, coefs, intercepts, strict=True), 1):
        W, b = np.asarray(coef).T, np.asarray(intercept)
        if W.shape != layer.W.shape or b.shape != layer.b.shape:
            shapes = {"W": layer.W.T.shape, "b": layer.b.shape, "coefs": W.T.shape, "intercepts": b.shape}
            raise TasouError(SHAPES, layer=l, **shapes)
        layer.W[...], layer.b[...] = W, b


def check_sizes(before: tuple[int, ...], now: tuple[int, ...], *, warm: bool) -> None:
    """Pass if weights of these sizes can be gone on from."""
    door = "warm_start" if warm else "partial_fit"
    if before[1:-1] != now[1:-1]:
        raise TasouError(OTHER_HIDDEN, now=now[1:-1], before=before[1:-1], door=door)
    if before[-1] != now[-1]:
        raise TasouError(OTHER_OUTPUTS, now=now[-1], before=before[-1], door=door)
