"""Labels looked at before anything is learnt from them: what cannot be a class is told in a line."""

from __future__ import annotations

from typing import Any

import numpy as np

from tasou.errors import TasouError
from tasou.messages import Message

FRACTIONS = Message(
    "labels.fractions",
    en="Unknown label type: continuous. y holds fractions such as {value:g}, and classes are whole numbers or texts: "
    "learn numbers with MLPRegressor, or make them classes first (for example y.astype(str))",
    ja="y に {value:g} のような小数があり、クラスのラベルになりません。クラスは整数か文字列です。"
    "数値を学習するなら MLPRegressor を使い、クラスなら先に変換してください（例：y.astype(str)）",
)
MISSING = Message(
    "labels.missing",
    en="y has no label in row {row} ({value!r}): leave out such rows, or give them a class of their own",
    ja="y の {row} 行目にラベルがありません（{value!r}）。その行を除くか、1つのクラスとして名前を付けてください",
)
MIXED = Message(
    "labels.mixed",
    en="y mixes labels of different kinds: {first!r} ({first_type}) in row {first_row}, {second!r} ({second_type}) in "
    "row {second_row}. Make all of them texts (y.astype(str)) or all of them numbers",
    ja="y に種類の違うラベルが混じっています：{first_row} 行目は {first!r}（{first_type}）、{second_row} 行目は "
    "{second!r}（{second_type}）。すべて文字列（y.astype(str)）か、すべて数値にしてください",
)
OBJECTS = Message(
    "labels.objects",
    en="Unknown label type: unknown. The labels are kept as Python objects ({kind}): convert them first, numbers by "
    "y.astype(int), others by y.astype(str)",
    ja="Unknown label type: unknown（ラベルが Python オブジェクト（{kind}）のままです）。先に変換してください。"
    "数値なら y.astype(int)、ほかは y.astype(str)",
)
LONG = 40


class LabelError(TasouError, TypeError):
    """Labels that cannot be told apart or ordered; a TypeError as well, as in scikit-learn."""


def check_labels(y: Any) -> Any:
    """``y`` itself, if its labels can be classes.

    Raises
    ------
    TasouError
        numbers with fractions
    LabelError
        missing labels, or labels of kinds that have no order among each other
    """
    labels = np.asarray(y)
    if labels.dtype.kind == "f" and labels.ndim == 1:
        _check_whole(labels)
    if labels.dtype == object and labels.ndim == 1:
        _check_kinds(labels)
    return y


def check_objects(y: Any) -> None:
    """The same for objects alone, before scikit-learn's examination, which stumbles over some of them."""
    kind = getattr(getattr(y, "dtype", None), "kind", "O")
    if not isinstance(y, np.ndarray) or kind == "O":
        try:
            labels = np.asarray(y)
        except ValueError:  # rows of different lengths, which are examined later
            return
        if labels.dtype == object and labels.ndim == 1:
            _check_kinds(labels)


def _check_whole(labels: Any) -> None:
    broken = np.isfinite(labels) & (labels != np.floor(labels))
    if broken.any():
        raise TasouError(FRACTIONS, value=float(labels[broken][0]))


def _check_kinds(labels: Any) -> None:
    kinds: dict[str, int] = {}
    for row, label in enumerate(labels.tolist()):
        if label is None or type(label).__name__ in ("NAType", "NaTType") or _is_nan(label):
            raise LabelError(MISSING, row=row, value=label)
        kinds.setdefault(_kind(label), row)
    if len(kinds) > 1:
        (first, i), (second, j) = list(kinds.items())[:2]
        raise LabelError(
            MIXED,
            first=_short(labels[i]),
            first_type=first,
            first_row=i,
            second=_short(labels[j]),
            second_type=second,
            second_row=j,
        )
    if kinds and next(iter(kinds)) != "text":
        if "number" in kinds:
            _check_whole(labels.astype(float))
        raise LabelError(OBJECTS, kind=next(iter(kinds)))


def _is_nan(label: Any) -> bool:
    return isinstance(label, float) and label != label


def _kind(label: Any) -> str:
    if isinstance(label, str):
        return "text"
    return "number" if isinstance(label, bool | int | float | np.number | np.bool_) else type(label).__name__


def _short(label: Any) -> Any:
    return label if not isinstance(label, str) or len(label) <= LONG else label[:LONG] + "…"
