"""Where a random stream stands, as plain data; what is put back draws on just as it would have."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.backends.verbs import Random
from tasou.errors import TasouError
from tasou.messages import Message

NO_STREAM = Message(
    "state.no_stream",
    en="a random stream of kind {kind} {engine} cannot be put back",
    ja="{kind} {engine} という種類の乱数列は元に戻せません",
)

ENGINES = ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")
"""NumPy's bit generators: no other name is ever looked up"""


def state_of(rng: Random) -> dict[str, Any]:
    """The stream's kind and the state of its bit generator.

    >>> rng = np.random.default_rng(0)
    >>> kept, drawn = state_of(rng), rng.random()
    >>> put_back(rng, kept).random() == drawn
    True
    """
    if isinstance(rng, np.random.RandomState):
        return {"kind": "RandomState", **rng.get_state(legacy=False)}
    return {"kind": "Generator", **rng.bit_generator.state}


def put_back(rng: Random, state: dict[str, Any]) -> Random:
    """The stream brought to where it stood: ``rng`` itself, if it is of the same kind, else one like the one kept.

    Raises
    ------
    TasouError
        no such kind of stream is known
    """
    kind, engine = state.get("kind"), state.get("bit_generator")
    if engine not in ENGINES or kind not in ("RandomState", "Generator"):
        raise TasouError(NO_STREAM, kind=kind, engine=engine)
    kept = {key: value for key, value in state.items() if key != "kind"}
    if kind == "RandomState":
        older = rng if isinstance(rng, np.random.RandomState) else np.random.RandomState(0)
        older.set_state(kept)
        return older
    if not isinstance(rng, np.random.Generator) or type(rng.bit_generator).__name__ != engine:
        rng = np.random.Generator(getattr(np.random, str(engine))())
    rng.bit_generator.state = kept
    return rng
