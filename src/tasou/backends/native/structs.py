"""The structs of c/structs.h for Python: read from that very file, so that they are written once."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from tasou.backends.native.building import STRUCTS

KINDS = {"int64_t": ctypes.c_int64, "double": ctypes.c_double}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DEFINED = re.compile(r"^#define (\w+) (\d+) *$", re.MULTILINE)
STRUCT = re.compile(r"typedef struct \{(.*?)\} (\w+);", re.DOTALL)
DECLARED = re.compile(r"(\**)(?:const )?(\w+)(?:\[(\w+)\])?$")


def _fields(body: str, defined: dict[str, int]) -> Iterator[tuple[str, Any]]:
    """(name, type) of each field: `double l2, clip_norm;` are two numbers, `void *state[4]` four addresses."""
    for declaration in body.split(";")[:-1]:
        first, *others = (part.strip() for part in declaration.split(","))
        base, _, first = first.replace("*", " *", 1).rpartition(" ")
        for name in (first, *others):
            found = DECLARED.match(name)
            assert found is not None, declaration
            kind: Any = ctypes.c_void_p if found[1] or "*" in base else KINDS[base.split()[-1]]
            length = found[3]
            yield found[2], kind * (defined.get(length) or int(length)) if length else kind


def _read(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    text = COMMENT.sub("", text)
    defined = {name: int(value) for name, value in DEFINED.findall(text)}
    return {
        name: type(name, (ctypes.Structure,), {"_fields_": list(_fields(body, defined))})
        for body, name in STRUCT.findall(text)
    }, defined


_structs, _defined = _read(STRUCTS.read_text(encoding="utf-8"))
MAX_STATE = _defined["MAX_STATE"]
AXES, OPERANDS, PIECE = (_defined[name] for name in ("AXES", "OPERANDS", "PIECE"))
VERBS = {name[5:].lower(): number for name, number in _defined.items() if name.startswith("PLAY_")}
"""what a tape may ask for, by its name there"""
SPACES = {name[3:].lower(): number for name, number in _defined.items() if name.startswith("IN_")}
"""in which memory an operand stands"""
WAYS = {name: _defined[name] for name in ("ALONG_M", "ALONG_K", "EACH_ROW")}
Op: Any = _structs["Op"]
"""an operation of a tape"""
Tape: Any = _structs["Tape"]
"""a tape"""
Job: Any = _structs["Job"]
"""a training, an objective or a prediction"""
Walk: Any = _structs["Walk"]
"""an output that learns from one sample at a time"""
OUTCOME = np.dtype(_structs["Outcome"])
"""what an epoch, or a part of it, came to"""
