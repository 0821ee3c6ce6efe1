"""JSON bodies: any, like an example, by a schema, or of a type."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import strategies as st

from query.base.types import UNSET

from .schemas import from_schema
from .values import MAX_ITEMS, any_json, finite_floats, texts


def json_payloads(like: Any = UNSET, *, schema: Any = UNSET) -> st.SearchStrategy[Any]:
    """JSON data, for bodies of answers.

    Args:
        like: An example: the same shape comes with other values. Members of an object keep their names; items of a list
            are like any of its items, and their number changes; a number that is whole stays whole. None stays None.
            Or a type, such as a pydantic model, a msgspec struct, a dataclass, a TypedDict or ``list[Project]``: what
            it can be read from. Anything at all if neither this nor *schema* is given.
        schema: A JSON schema (2020-12), as a dict; references within it are followed.

    Raises:
        TypeError: Both are given; the example is no JSON; or the type says nothing of its JSON.
        ValueError: The schema has a word that is not drawn from, or nothing fits it. The message names the place.
    """
    if schema is not UNSET:
        if like is not UNSET:
            raise TypeError("json_payloads() has like= and schema=; both say what to draw. Give one.")
        return from_schema(schema)
    if like is UNSET:
        return any_json()
    if isinstance(like, type) or (not _is_json(like) and hasattr(like, "__origin__")):
        return from_schema(_schema_of(like))
    return _like(like, "like")


def _is_json(value: object) -> bool:
    return value is None or isinstance(value, (str, bool, int, float, list, tuple, Mapping))


def _like(example: Any, place: str) -> st.SearchStrategy[Any]:
    """What has the shape of *example*, which stands at *place*."""
    if example is None:
        return st.none()
    if isinstance(example, bool):
        return st.booleans()
    if isinstance(example, int):
        # an id or a count: what is never negative in the example may not be below zero at all
        return st.integers(0 if example >= 0 else -(2**31), 2**31 - 1)
    if isinstance(example, float) and math.isfinite(example):
        return finite_floats(0.0 if example >= 0 else -1e9, 1e9)
    if isinstance(example, str):
        return texts()
    if isinstance(example, Mapping):
        members: Mapping[Any, Any] = example
        for name in members:
            if not isinstance(name, str):
                raise TypeError(f"{place} has the key {name!r}, a {type(name).__name__}; JSON objects have str keys.")
        return st.fixed_dictionaries({name: _like(value, f"{place}[{name!r}]") for name, value in members.items()})
    if isinstance(example, (list, tuple)):
        items = [_like(item, f"{place}[{number}]") for number, item in enumerate(example)]
        return st.lists(st.one_of(items), max_size=MAX_ITEMS) if items else st.just([])
    raise TypeError(
        f"{place} is {example!r}, a {type(example).__name__}, which JSON has no form for. Give str, int, float, bool, "
        "None, lists and dicts of them; or a type, such as a pydantic model."
    )


def _schema_of(kind: Any) -> Any:
    """The JSON schema of what is read as *kind*."""
    if hasattr(kind, "model_json_schema"):
        return kind.model_json_schema()
    try:
        return msgspec.json.schema(kind)
    except (TypeError, ValueError):
        # e.g. list[Model], which msgspec cannot know
        pass
    try:
        from pydantic import TypeAdapter
        from pydantic.errors import PydanticUserError
    except ImportError:
        raise _unknown_type(kind) from None
    try:
        return TypeAdapter(kind).json_schema()
    except PydanticUserError:
        raise _unknown_type(kind) from None


def _unknown_type(kind: Any) -> TypeError:
    return TypeError(
        f"like={kind!r} is a type that says nothing of its JSON. Expected a pydantic model, a msgspec struct, a "
        "dataclass, a TypedDict, or lists and dicts of them; or give an example, or schema=."
    )
