"""Frames with text: an estimator of numbers says which column, and who takes them."""

from __future__ import annotations

from typing import Any

from tasou.errors import TasouError
from tasou.messages import Message

TEXT = Message(
    "estimator.text",
    en="column {column!r} holds text ({cell!r}): {estimator} learns numbers alone. {table} takes a table as it stands; "
    "or turn text into numbers first, e.g. with OneHotEncoder",
    ja="列 {column!r} に文字列（{cell!r}）があります。{estimator} が学習できるのは数値だけです。"
    "{table} なら表をそのまま受け取れます。または OneHotEncoder などで先に数値にしてください",
)


def refuse_text(X: Any, estimator: Any) -> None:
    """Refuse a frame of which a column holds text that is no number, by the column's name.

    Raises
    ------
    TasouError
        there is one
    """
    if not hasattr(X, "columns") or not hasattr(X, "dtypes"):
        return
    for name in X.columns:
        column = X[name]
        if str(getattr(column, "dtype", "")).lower() in ("object", "str", "string", "category"):
            cell = next((v for v in list(column[:100]) if isinstance(v, str) and not _is_number(v)), None)
            if cell is not None:
                kind = type(estimator).__name__
                table = "TableRegressor" if "Regressor" in kind else "TableClassifier"
                raise TasouError(TEXT, column=str(name), cell=cell, estimator=kind, table=f"tasou.{table}")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
