"""Convolution over a sequence: the same few weights at every place (LeCun et al. 1989; Waibel et al. 1989)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tasou.layers._convolution import Convolution


@dataclass(frozen=True, repr=False)
class Conv1d(Convolution):
    """a[p] = f(Σ_i W_i x[p + i] + b) at every place p of a sequence (time, features).

    Parameters
    ----------
    filters
        how many features are computed at every place
    kernel
        how many steps a filter sees
    activation
        f, a name or an `Activation`
    stride
        steps from one place to the next
    padding
        "valid": filters stay within the sequence; "same": zeros around it, as many places as steps (at stride 1)
    bias
        whether there is a b

    W is (filters, kernel · features), a row per filter, step by step; with a kernel of 1 it is a dense layer at every
    step. As everywhere in the field this is the correlation: filters are not turned round.

    Raises
    ------
    TasouError
        numbers that make no layer; a filter that is longer than the sequence
    UnknownName
        an activation that is not registered

    Examples
    --------
    >>> Conv1d(4, 3).shapes((10, 2))["W"].of, Conv1d(4, 3).width((10, 2))
    ((4, 6), (8, 4))
    """

    directions: ClassVar[int] = 1
    latex: ClassVar[str] = r"f\left(\sum_i W_i\, x_{t+i} + b\right)"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "The same few weights at every place of a sequence: a pattern is found wherever it stands.",
        "ja": "系列のどの位置でも同じ少数の重みを使う。パターンがどこにあっても見つけられる。",
    }
