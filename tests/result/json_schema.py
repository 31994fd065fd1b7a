"""The part of JSON Schema that result.schema.json uses. A keyword that is not known here fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
KNOWN = {"$schema", "$defs", "$ref", "title", "type", "const", "enum", "pattern", "minimum", "items", "anyOf"}
KNOWN |= {"properties", "required", "additionalProperties"}


def problems(value: Any, schema: Any, root: Any, path: str = "$") -> Iterator[str]:
    """Where a value departs from its schema."""
    assert set(schema) <= KNOWN, f"{path}: unknown keywords {set(schema) - KNOWN}"
    if "$ref" in schema:
        yield from problems(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, path)
    if "anyOf" in schema and all(any(True for _ in problems(value, option, root, path)) for option in schema["anyOf"]):
        yield f"{path}: {value!r} is none of what it may be"
    if "type" in schema:
        names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if isinstance(value, bool) or not isinstance(value, tuple(kind for name in names for kind in TYPES[name])):
            yield f"{path}: {value!r} is no {names}"
            return
    yield from _values(value, schema, path)
    if isinstance(value, dict):
        yield from _members(value, schema, root, path)
    elif isinstance(value, list) and "items" in schema:
        for place, item in enumerate(value):
            yield from problems(item, schema["items"], root, f"{path}[{place}]")


def _values(value: Any, schema: Any, path: str) -> Iterator[str]:
    if "const" in schema and value != schema["const"]:
        yield f"{path}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{path}: {value!r} does not match {schema['pattern']}"
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{path}: {value!r} is below {schema['minimum']}"


def _members(value: dict[str, Any], schema: Any, root: Any, path: str) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{path}: {name} is missing"
    for name, item in value.items():
        if name in properties:
            yield from problems(item, properties[name], root, f"{path}.{name}")
        elif others is False:
            yield f"{path}: {name} is not known"
        elif others is not True:
            yield from problems(item, others, root, f"{path}.{name}")
