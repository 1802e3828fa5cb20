"""The description of a service for clients: OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from tasou.serving.limits import Limits
from tasou.serving.service import Input, Service
from tasou.version import __version__

TYPES: dict[str, list[str]] = {
    "number": ["number", "string", "null"],
    "date": ["string", "null"],
    "level": ["string", "number", "boolean", "null"],
}
REFUSALS = {
    "400": "the body is not JSON",
    "408": "the body did not arrive in time",
    "413": "too many bytes or rows",
    "415": "neither JSON nor CSV",
    "422": "rows that do not fit the model's columns; error.rows names each",
    "503": "too much to do; Retry-After tells when to ask again",
}


def description(service: Service, limits: Limits, *, token: bool = False) -> dict[str, Any]:
    """The document that ``/openapi.json`` gives."""
    refused = {code: _answer(text, {"$ref": "#/components/schemas/Error"}) for code, text in REFUSALS.items()}
    drift = {"$ref": "#/components/schemas/Drift"}
    predict = {
        "summary": "Predict rows",
        "operationId": "predict",
        "parameters": [
            {"name": "drift", "in": "query", "allowEmptyValue": True, "schema": {"type": "string"},
             "description": "tell how far these rows are from those of the training"},
            {"name": "Accept-Language", "in": "header", "schema": {"type": "string"}, "description": "en or ja"},
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Rows"}},
                "text/csv": {"schema": {"type": "string", "description": "a header with the columns, then rows"}},
            },
        },
        "responses": {"200": _answer("an answer for each row, in their order", _answered(service, drift)), **refused},
    }  # fmt: skip
    paths: dict[str, Any] = {
        "/predict": {"post": predict},
        "/health": {
            "get": {"summary": "Whether it answers", "responses": {"200": _answer("it does", _status())}}
        },
    }
    if service.drift is not None:
        told = {"200": _answer("since the start", drift)}
        paths["/drift"] = {"get": {"summary": "Drift of all rows since the start", "responses": told}}
    schemas = {"Rows": _rows(service, limits), "Error": _error(), "Drift": {"type": "object"}}
    components: dict[str, Any] = {"schemas": schemas}
    found: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": repr(service.model)[:200], "version": __version__},
        "paths": paths,
        "components": components,
    }
    if token:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        found["security"] = [{"token": []}]
    return found


def _answer(text: str, schema: Any) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _status() -> dict[str, Any]:
    return {"type": "object", "properties": {"status": {"const": "ok"}}}


def _rows(service: Service, limits: Limits) -> dict[str, Any]:
    columns = {column.name: _column(column) for column in service.inputs}
    row = {"type": "object", "properties": columns, "required": list(columns)}
    listed = {"type": "array", "minItems": len(columns), "maxItems": len(columns)}
    rows = {"type": "array", "minItems": 1, "maxItems": limits.rows, "items": {"anyOf": [row, listed]}}
    return {
        "type": "object",
        "properties": {"rows": rows},
        "required": ["rows"],
        "additionalProperties": False,
    }


def _column(column: Input) -> dict[str, Any]:
    found: dict[str, Any] = {"type": TYPES[column.kind]}
    if column.levels:
        found["examples"] = list(column.levels)
    if column.kind == "date":
        found["examples"] = ["2026-02-01"]
    return found


def _answered(service: Service, drift: Any) -> dict[str, Any]:
    prediction = {
        "type": "object",
        "properties": {
            "label": {},
            "probabilities": {"type": "object", "additionalProperties": {"type": "number"}},
            "value": {"type": ["number", "null"]},
        },
    }
    notes = {"type": "array", "items": {"$ref": "#/components/schemas/Error/$defs/place"}}
    properties = {
        "predictions": {"type": "array", "items": prediction},
        "notes": notes,
        "notes_in_all": {"type": "integer"},
    }
    if service.drift is not None:
        properties["drift"] = drift
    return {"type": "object", "properties": properties, "required": ["predictions"]}


def _error() -> dict[str, Any]:
    text = {"type": "string"}
    place = {
        "type": "object",
        "properties": {
            "row": {"type": "integer", "minimum": 1},
            "column": text,
            "code": text,
            "message": text,
        },
    }
    error = {
        "type": "object",
        "properties": {
            "code": text,
            "message": text,
            "rows": {"type": "array", "items": {"$ref": "#/components/schemas/Error/$defs/place"}},
        },
        "required": ["code", "message"],
    }
    return {
        "type": "object",
        "properties": {"error": error},
        "required": ["error"],
        "$defs": {"place": place},
    }
