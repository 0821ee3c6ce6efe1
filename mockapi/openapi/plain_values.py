"""Texts and numbers that a schema allows, the same ones each time. Where several are needed, they are numbered."""

from __future__ import annotations

import math
from typing import Any

from .patterns import text_of

_FORMATS = {
    "date-time": "2024-01-{:02d}T12:00:00Z",
    "date": "2024-01-{:02d}",
    "time": "12:{:02d}:00Z",
    "duration": "P{}D",
    "email": "user{}@example.com",
    "idn-email": "user{}@example.com",
    "hostname": "host{}.example.com",
    "idn-hostname": "host{}.example.com",
    "ipv4": "192.0.2.{}",
    "ipv6": "2001:db8::{}",
    "uri": "https://example.com/{}",
    "url": "https://example.com/{}",
    "uri-reference": "/{}",
    "iri": "https://example.com/{}",
    "iri-reference": "/{}",
    "uri-template": "https://example.com/{}",
    "uuid": "00000000-0000-4000-8000-{:012d}",
    "json-pointer": "/{}",
    "relative-json-pointer": "{}",
    "regex": "a{{{}}}",
    "byte": "AAA{}",
    "password": "password{}",
}


def kind_of(flat: dict[str, Any]) -> str:
    """The type of the values to make: what the schema says, or what its other words speak of.

    Args:
        flat: A schema without references and choices.
    """
    said = flat.get("type")
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return next((str(kind) for kind in said if kind != "null"), "null")
    for kind, names in (
        ("object", ("properties", "required", "additionalProperties", "minProperties", "patternProperties")),
        ("array", ("items", "prefixItems", "minItems", "contains")),
        ("string", ("pattern", "minLength", "maxLength", "format")),
        ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
    ):
        if any(name in flat for name in names):
            return kind
    return "string"


def text_value(flat: dict[str, Any], number: int, name: str) -> str:
    """A text: of the pattern or format, else the name under which it stands.

    Args:
        flat: A schema without references and choices.
        number: Which of several, counted from 0.
        name: The name.
    """
    shortest, longest = flat.get("minLength", 0), flat.get("maxLength")
    if "pattern" in flat:
        text = text_of(flat["pattern"], shortest, longest, number)
        if text is not None:
            return text
    form = _FORMATS.get(flat.get("format", ""))
    if form is not None:
        return form.format(number + 1)
    end = str(number + 1) if number else ""
    if longest is not None and longest <= len(end):
        return end[len(end) - longest :]
    stem = (name or "text").ljust(shortest - len(end), "x")
    return (stem if longest is None else stem[: longest - len(end)]) + end


def number_value(flat: dict[str, Any], kind: str, number: int) -> int | float:
    """A number: the one nearest to 1, or to its step, within the limits.

    Args:
        flat: A schema without references and choices.
        kind: "integer" or "number".
        number: Which of several, counted from 0.
    """
    step = flat.get("multipleOf", 1 if kind == "integer" else None)
    low, high = flat.get("minimum", -math.inf), flat.get("maximum", math.inf)
    open_low, open_high = flat.get("exclusiveMinimum", -math.inf), flat.get("exclusiveMaximum", math.inf)
    unit = step or 1
    if kind == "integer" and isinstance(unit, float) and not unit.is_integer():
        unit = 1
    floor, ceiling = max(low, open_low), min(high, open_high)
    start: float = unit
    if floor > start or (floor == start and open_low >= start):
        start = math.ceil(floor / unit) * unit
        start += unit if start <= open_low else 0
    elif ceiling < start or (ceiling == start and open_high <= start):
        start = math.floor(ceiling / unit) * unit
        start -= unit if start >= open_high else 0
    value: float = start + number * unit if start + number * unit <= ceiling else start - number * unit
    if not floor <= value <= ceiling or value in (open_low, open_high):
        # no whole step between the limits: the middle
        value = (floor + ceiling) / 2 if kind == "number" and step is None else start
    return int(value) if kind == "integer" or float(value).is_integer() else value
