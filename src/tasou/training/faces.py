"""What of a recipe is shown where, and one check of a setting for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from tasou.training.knobs import Knob, knobs_of
from tasou.training.recipe import Recipe


def check(**settings: Any) -> None:
    """Pass if a recipe may have these settings; the message is the one a recipe would give.

    >>> check(clip_norm=1.0, warmup=5)
    >>> check(warmup=-1)
    Traceback (most recent call last):
    ...
    tasou.errors.TasouError: warmup must be a whole number >= 0, got -1
    """
    known = knobs_of(Recipe)
    for name, value in settings.items():
        known[name].check_value(value)


@cache
def shown_by(face: str, kind: str = "") -> Mapping[str, Knob]:
    """The settings that a face ("estimator", "table") shows, by their names there.

    Parameters
    ----------
    face
        who shows them
    kind
        of estimators: "classifier" or "regressor"
    """
    found = {}
    for name, declared in knobs_of(Recipe).items():
        shown = declared.shown(face)
        if shown is not None and (not shown.only or shown.only == kind):
            own: dict[str, Any] = {face: shown.by(kind)}
            found[shown.name or name] = replace(declared, **own) if kind in shown.defaults else declared
    return found
