"""Whether this machine gives the answers that a model gave where it was saved."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tasou.errors import ModelFileError
from tasou.formats.model_file import read_model
from tasou.messages import Message
from tasou.models.files import load
from tasou.models.made_up import KEY, answers, difference

NONE = Message(
    "model_file.no_made_up",
    en="{path} holds no made-up rows to verify with: where its predictions are known to be right, load it and save it "
    "again with this version",
    ja="{path} には検証用の架空の行がありません。予測が正しいとわかっている環境で読み込み、"
    "この版で保存し直してください",
)
ENOUGH = 1e-6


@dataclass(frozen=True)
class Verified:
    """What the model in a file says here of its made-up rows, beside what it said where it was saved."""

    rows: int
    difference: float
    """the largest, relative to the largest answer or to 1"""
    made_with: str
    """the version that saved the file"""

    @property
    def same(self) -> bool:
        """Whether the answers are the same, up to rounding."""
        return self.difference <= ENOUGH

    @property
    def exact(self) -> bool:
        """Whether they are the same to the last bit."""
        return self.difference == 0


def verify(path: str | os.PathLike[str]) -> Verified:
    """Predict the made-up rows of a model file anew, and compare with what is written there.

    Raises
    ------
    ModelFileError
        the file cannot be read, or holds no such rows
    """
    contents = read_model(path)
    kept: Any = contents.model.get(KEY)
    if not isinstance(kept, Mapping) or not {"rows", "answers"} <= set(kept):
        raise ModelFileError(NONE, path=path)
    made_with = contents.model.get("made_with")
    version = str(made_with.get("tasou", "")) if isinstance(made_with, Mapping) else ""
    found, wanted = answers(load(path), kept["rows"]), np.array(kept["answers"], float)
    if found is None or found.shape != wanted.shape:
        return Verified(len(wanted), float("inf"), version)
    return Verified(len(wanted), difference(found, wanted), version)
