"""What a layer holds of a batch, by the names that its card gives it: ``t.z``, ``t.delta`` and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np


class Record:
    """Arrays by name, each with a row per sample; what has not been computed yet is None.

    A record is also the layer's working memory: a card hands what stands here to a verb as the place to write into.
    The names ``a`` (what the layer gives) and ``grad`` (its gradients) belong to whoever runs the layer.

    >>> t = Record(z=np.zeros((3, 2)))
    >>> t.delta is None, t.first(2).z.shape
    (True, (2, 2))
    """

    def __init__(self, **arrays: Any) -> None:
        self.__dict__.update(arrays)

    if TYPE_CHECKING:  # any name may be given

        def __setattr__(self, name: str, value: Any) -> None: ...

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None

    def first(self, n: int) -> Record:
        """The first n rows of every array, in the same memory."""
        part = Record(**self.__dict__)
        for name, value in self.__dict__.items():
            if isinstance(value, np.ndarray):
                part.__dict__[name] = value[:n]
            elif isinstance(value, Record) and name != "grad":
                part.__dict__[name] = value.first(n)
        return part
