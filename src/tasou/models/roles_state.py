"""The roles of a table's columns as JSON: what each was for and why, as it was said in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasou.formats.schema import Schema, check
from tasou.models import sentences
from tasou.tables import Roles
from tasou.tables.role import ColumnRole, Seen
from tasou.tables.roles import NAMES

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
WHOLE = {"type": "integer", "minimum": 0}
TEXT_OR_NULL = {"type": ["string", "null"]}
SEEN = {
    "type": "object",
    "required": ["missing", "distinct", "low", "high", "levels"],
    "properties": {
        "missing": WHOLE,
        "distinct": WHOLE,
        "low": TEXT_OR_NULL,
        "high": TEXT_OR_NULL,
        "levels": TEXTS,
    },
}
COLUMN = {
    "type": "object",
    "required": ["name", "role", "seen", "because", "notes"],
    "properties": {
        "name": TEXT,
        "role": {"enum": sorted(NAMES)},
        "seen": SEEN,
        "because": sentences.SCHEMA,
        "notes": {"type": "array", "items": sentences.SCHEMA},
    },
}
SCHEMA = {
    "type": ["object", "null"],
    "required": ["columns", "task", "rows", "rows_without_target", "without_target"],
    "properties": {
        "columns": {"type": "array", "items": COLUMN},
        "task": {"enum": ["classification", "regression", None]},
        "rows": WHOLE,
        "rows_without_target": WHOLE,
        "without_target": TEXTS,
    },
}


def describe(roles: Roles | None) -> dict[str, Any] | None:
    """The roles as JSON."""
    if roles is None:
        return None
    return {
        "columns": [
            {
                "name": column.name,
                "role": column.role,
                "seen": {**vars(column.seen), "levels": list(column.seen.levels)},
                "because": sentences.describe(column.because),
                "notes": [sentences.describe(note) for note in column.notes],
            }
            for column in roles.columns
        ],
        "task": roles.task,
        "rows": roles.rows,
        "rows_without_target": roles.rows_without_target,
        "without_target": list(roles.without_target),
    }


def rebuild(description: Mapping[str, Any] | None) -> Roles | None:
    """The roles that `describe` was given; what was said is said again, and no text of the file fills in another."""
    check(description, SCHEMA, "model.roles")
    if description is None:
        return None
    columns = [
        ColumnRole(
            column["name"],
            column["role"],
            Seen(**{**_only(column["seen"], SEEN), "levels": tuple(column["seen"]["levels"])}),
            sentences.rebuild(column["because"]),
            tuple(map(sentences.rebuild, column["notes"])),
        )
        for column in description["columns"]
    ]
    rest = {name: description[name] for name in ("task", "rows", "rows_without_target")}
    return Roles(tuple(columns), **rest, without_target=tuple(description["without_target"]))


def _only(values: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """What is known here of what a newer version may have written."""
    return {name: values[name] for name in schema["properties"]}
