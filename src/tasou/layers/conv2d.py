"""Convolution over an image: the same few weights at every place (LeCun et al. 1989)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tasou.layers._convolution import Convolution


@dataclass(frozen=True, repr=False)
class Conv2d(Convolution):
    """a[p, q] = f(Σ_ij W_ij x[p + i, q + j] + b) at every place of an image (height, width, channels).

    Parameters
    ----------
    filters
        how many channels are computed at every place
    kernel, stride
        the size of a filter, and the steps from one place to the next: a number, or (down, across)
    activation
        f, a name or an `Activation`
    padding
        "valid": filters stay within the image; "same": zeros around it, as many places as pixels (at stride 1)
    bias
        whether there is a b

    W is (filters, height · width · channels), a row per filter, ``W.reshape(filters, height, width, channels)``. As
    everywhere in the field this is the correlation: filters are not turned round.

    Raises
    ------
    TasouError
        numbers that make no layer; a filter that is larger than the image
    UnknownName
        an activation that is not registered

    Examples
    --------
    >>> Conv2d(16, 3, "relu").shapes((8, 8, 1))["W"].of, Conv2d(16, 3, "relu").width((8, 8, 1))
    ((16, 9), (6, 6, 16))
    """

    directions: ClassVar[int] = 2
    latex: ClassVar[str] = r"f\left(\sum_{ij} W_{ij}\, x_{p+i,\,q+j} + b\right)"
    notes: ClassVar[Mapping[str, str]] = {
        "en": "The same few weights at every place of an image: an edge is found wherever it stands.",
        "ja": "画像のどの位置でも同じ少数の重みを使う。エッジがどこにあっても見つけられる。",
    }
