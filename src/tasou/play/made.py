"""The rows that a description asks for, whoever makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tasou.errors import TasouError, UnknownName
from tasou.messages import Message
from tasou.play.digits import digits
from tasou.play.drawn import above, curve, formula, hills, random
from tasou.play.rows import (
    DATA,
    MOST_CLASSES,
    MOST_POINTS,
    NO_OPTION,
    TOO_MANY_POINTS,
    Rows,
    data_set,
    plane_sets,
    points,
)
from tasou.play.shaped import edges, questions, sequences

MOST = {"classes": MOST_CLASSES}
"""the largest that options may be; others as many as there may be points"""
TOO_MUCH = Message(
    "play.too_much",
    en="{option} = {value} is more than the {most:,} that there may be",
    ja="{option} = {value} は上限 {most:,} を超えています",
)

MADE: Mapping[str, Callable[..., Rows]] = {
    "curve": curve,
    "hills": hills,
    "above": above,
    "formula": formula,
    "points": points,
    "digits": digits,
    "random": random,
    "edges": edges,
    "sequences": sequences,
    "questions": questions,
}


def make(description: Mapping[str, Any]) -> Rows:
    """The rows that a description asks for: ``{"name": "spiral", "n": 300, "noise": 0.2, "seed": 0}``.

    Raises
    ------
    UnknownName
        no data are called so
    TasouError
        a number that cannot be used

    Examples
    --------
    >>> make({"name": "spiral"}).X.shape, make({"name": "curve", "n": 50}).task
    ((300, 2), 'regression')
    """
    options = dict(description)
    name = options.pop("name", None)
    if not isinstance(name, str):
        raise UnknownName(DATA, name, [*plane_sets(), *MADE])
    if name in MADE:
        return _called(MADE[name], name, options)
    if name in plane_sets():
        return _called(partial(data_set, name), name, options)
    raise UnknownName(DATA, name, [*plane_sets(), *MADE])


def _called(maker: Callable[..., Rows], name: str, options: Mapping[str, Any]) -> Rows:
    n = options.get("n", 2)
    if not isinstance(n, int) or isinstance(n, bool) or not 2 <= n <= MOST_POINTS:
        raise TasouError(TOO_MANY_POINTS, n=n, most=MOST_POINTS, what=name)
    for option, value in options.items():  # a link from anywhere may ask for as much as it likes
        most = MOST.get(option, MOST_POINTS)
        if option != "seed" and isinstance(value, int | float) and not abs(value) <= most:
            raise TasouError(TOO_MUCH, option=option, value=value, most=most)
    try:
        return maker(**options)
    except TasouError:
        raise
    except (TypeError, ValueError) as error:
        raise TasouError(NO_OPTION, name=name, options=sorted(options), reason=error) from error
