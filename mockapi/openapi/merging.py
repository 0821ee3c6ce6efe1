"""Two schemas as one that asks for both, as far as that can be said in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_LIMITS: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any] | None:
    """Two schemas as one that asks for both; None if no value can be both."""
    found = dict(one)
    for key, value in other.items():
        mine: Any = found.get(key)
        if key not in found:
            found[key] = value
        elif key in ("properties", "patternProperties", "dependentSchemas"):
            found[key] = {**mine, **{n: {"allOf": [mine[n], v]} if n in mine else v for n, v in value.items()}}
        elif key == "required":
            found[key] = list(dict.fromkeys([*mine, *value]))
        elif key == "type":
            kinds = [kind for kind in _types(mine) if kind in _types(value)]
            if not kinds:
                return None
            found[key] = kinds
        elif key == "enum":
            found[key] = [item for item in mine if item in value]
            if not found[key]:
                return None
        elif key in _LIMITS:
            found[key] = _LIMITS[key](mine, value)
        elif key in ("items", "contains", "propertyNames"):
            found[key] = {"allOf": [mine, value]}
        elif key == "additionalProperties":
            found[key] = False if mine is False or value is False else value
        elif key == "const" and mine != value:
            return None
        elif key != "examples":
            found[key] = value
    if "const" in found and "enum" in found and found["const"] not in found["enum"]:
        return None
    return found


def _types(said: Any) -> list[str]:
    kinds = [said] if isinstance(said, str) else list(said)
    return [*kinds, "integer"] if "number" in kinds and "integer" not in kinds else kinds
