"""The file format as a JSON Schema, read off the values themselves, for editors.

It says what a key takes, what a value must be like and which keys must be there. What needs the
rest of the file to be judged (the order of steps, a clause without its text) only the reader knows.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, Literal

import attrs

from ikd.core.standard.grounds import Grounded, Sourced
from ikd.core.standard.office import Office
from office_format.forms import RULES, formed
from office_format.keys import meanings

Schema = dict[str, Any]
_GROUND = frozenset(field.name for field in attrs.fields(Grounded))
_LEAVES: Mapping[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    timedelta: {"type": "string", "pattern": "^[1-9][0-9]* (s|min|h|d)$"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:00)?$"},
}
_SOURCE: Schema = {
    "type": "string",
    "pattern": "^(default|[A-Z]{1,3}[1-9][0-9]{0,2})$",
    "description": "A clause such as W20, or the word default.",
}
_TEXT: Schema = {"type": "string", "pattern": "[^\\s]"}
_SOURCED: Schema = {
    "type": "object",
    "properties": {"source": _SOURCE, "quote": _TEXT, "why": _TEXT, "note": {"type": "string"}},
    "required": ["source"],
    "if": {"properties": {"source": {"const": "default"}}, "required": ["source"]},
    "then": {"required": ["why"], "not": {"required": ["quote"]}},
    "else": {"required": ["quote"], "not": {"required": ["why"]}},
}


def office_schema() -> Schema:
    """Return the JSON Schema (draft 7, which editors know) of an office file."""
    shapes: dict[str, Schema] = {}
    whole = _table(Office, shapes, without=frozenset({"text", "format"}))
    whole["properties"] = {"format": {"enum": [1, 2]}, **whole["properties"]}
    whole["required"] = ["format", *whole["required"]]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "ikd office file",
        "description": "The published standard of a regional office, each value with its source.",
        **whole,
        "definitions": {"Source": _SOURCED, **dict(sorted(shapes.items()))},
    }


def schema_text() -> str:
    """Return it as text, the same every time."""
    return json.dumps(office_schema(), ensure_ascii=False, indent=2) + "\n"


def _shape(kind: Any, shapes: dict[str, Schema]) -> Schema:  # noqa: ANN401
    """Return the schema of a type; classes stand once, among *shapes*."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _shape(next(one for one in arguments if one is not types.NoneType), shapes)
    if origin is Sourced:
        return _sourced(_shape(arguments[0], shapes))
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _shape(arguments[0], shapes)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*(_shape(one, shapes) for one in arguments))
    return dict(_LEAVES[kind]) if kind in _LEAVES else _reference(kind, shapes)


def _mapping(names: Schema, values: Schema) -> Schema:
    return {"type": "object", "propertyNames": names, "additionalProperties": values}


def _reference(kind: type[Any], shapes: dict[str, Schema]) -> Schema:
    if kind.__name__ not in shapes:
        shapes[kind.__name__] = {}  # named before it is made: a condition holds conditions
        shapes[kind.__name__] = _table(kind, shapes)
    return {"$ref": f"#/definitions/{kind.__name__}"}


def _table(
    kind: Any,  # noqa: ANN401
    shapes: dict[str, Schema],
    without: frozenset[str] = frozenset(),
) -> Schema:
    attrs.resolve_types(kind)
    told, own, needed = meanings(kind), {}, []
    grounded = issubclass(kind, Grounded)
    for field in attrs.fields(kind):
        if field.name in without or (grounded and field.name in _GROUND):
            continue
        key = str(field.alias)
        shape = formed(_shape(field.type, shapes), f"{kind.__name__}.{key}")
        own[key] = _told(shape, told.get(key))
        absent: object = field.default
        if absent is attrs.NOTHING:
            needed.append(key)
    table = {"type": "object", "additionalProperties": False, "properties": own, "required": needed}
    return {**(_grounded(table) if grounded else table), **RULES.get(kind.__name__, {})}


def _told(shape: Schema, meaning: str | None) -> Schema:
    """Add what it means; what stands beside a reference would be ignored."""
    if meaning is None:
        return shape
    inner = {"allOf": [shape]} if "$ref" in shape else shape
    return {"description": meaning, **inner}


def _sourced(value: Schema) -> Schema:
    table = {"type": "object", "additionalProperties": False, "properties": {"value": value}}
    return _grounded({**table, "required": ["value"]})


def _grounded(table: Schema) -> Schema:
    """Add the source to a table: a clause with its words, or a default with its reason."""
    known = dict.fromkeys(sorted(_GROUND), True)
    return {
        **table,
        "properties": {**table["properties"], **known},
        "required": [*table["required"], "source"],
        "allOf": [{"$ref": "#/definitions/Source"}],
    }
