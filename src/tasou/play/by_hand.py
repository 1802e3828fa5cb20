"""A parameter set by hand: at the beginning the run itself has it, later a branch goes on with it, bit for bit.

The branch begins from a whole state of the engine (weights, the optimizer's memory, the order of the rows) in which
this one number is another, so it is walked, gone back in, saved and written as a program like any other run.
"""

from __future__ import annotations

from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message
from tasou.network.gradient_check import parameter_name
from tasou.play.gradcheck import NO_PARAMETER
from tasou.play.picture import MOST_WEIGHTS
from tasou.play.run import Array, Run

MOST_ASKED = 1_025
LARGEST = 1e9

NO_VALUE = Message(
    "play.parameter_value",
    en="a parameter must be a finite number of at most 1e9 in size, not {value!r}",
    ja="パラメータは絶対値が 1e9 以下の有限の数にしてください（{value!r} は使えません）",
)
TOO_MANY = Message(
    "play.parameter_many",
    en="parameters are set by hand in networks of up to {most:,}; this one has {n:,}",
    ja="手で値を決められるのは、パラメータが {most:,} 個以下のネットワークです（このネットワークは {n:,} 個）",
)


def values(run: Run, index: Any) -> list[float]:
    """Some parameters as they stand, each to its last bit."""
    if not isinstance(index, list) or len(index) > MOST_ASKED:
        raise TasouError(NO_PARAMETER, index=str(index)[:40], n=run.network.theta.size)
    return [float(run.network.theta[_checked(run, i)]) for i in index]


def _checked(run: Run, index: Any) -> int:
    n = run.network.theta.size
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < n:
        raise TasouError(NO_PARAMETER, index=index, n=n)
    return index


def parameters_with(run: Run, index: Any, value: Any) -> Array:
    """The run's parameters with one of them given another value.

    Raises
    ------
    TasouError
        no such parameter, no finite number, or too large a network
    """
    at, n = _checked(run, index), run.network.theta.size
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= LARGEST:
        raise TasouError(NO_VALUE, value=value)
    if n > MOST_WEIGHTS:
        raise TasouError(TOO_MANY, most=MOST_WEIGHTS, n=n)
    theta: Array = run.network.theta.copy()
    theta[at] = value
    return theta


def by_hand(run: Run, other: Run) -> list[list[Any]]:
    """The parameters that were set by hand in one of two runs: [name, there, here], counted from 1 as on the page."""
    found = []
    for at in sorted({*run.by_hand, *other.by_hand}):
        here, there = run.by_hand.get(at), other.by_hand.get(at)
        if here == there:
            continue
        was = (here or there or (0.0, 0.0))[0]
        found.append([_name(run, at), there[1] if there else was, here[1] if here else was])
    return found


def _name(run: Run, at: int) -> str:
    """W[1] (1, 3) of the parameter that the library calls W[1][0, 2]."""
    stem, _, places = parameter_name(run.network, at).removesuffix("]").rpartition("[")
    return f"{stem} ({', '.join(str(int(k) + 1) for k in places.split(','))})"
