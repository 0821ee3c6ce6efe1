"""What is drawn from a schema or a type fits it, by the word of a validator that is not ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import jsonschema_rs
import msgspec
import pydantic
import pytest
from drawn import reached, simplest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import TypedDict

from mockapi.strategies import json_payloads

NODE = {
    "$ref": "#/$defs/Node",
    "$defs": {
        "Node": {
            "type": "object",
            "properties": {
                "value": {"type": "integer"},
                "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
            },
            "required": ["value", "next"],
            "additionalProperties": False,
        }
    },
}
SCHEMAS = {
    "anything": True,
    "empty": {},
    "null": {"type": "null"},
    "two types": {"type": ["string", "null"], "maxLength": 3},
    "const": {"const": {"a": [1]}},
    "enum": {"enum": [1, "1", None]},
    "enum of a type": {"type": "string", "enum": [1, "1", None]},
    "integers": {"type": "integer", "minimum": -3, "exclusiveMaximum": 4},
    "exclusive": {"type": "integer", "exclusiveMinimum": 0, "maximum": 2},
    "steps": {"type": "integer", "multipleOf": 5, "minimum": 1, "maximum": 21},
    "numbers": {"type": "number", "exclusiveMinimum": 0, "maximum": 0.5},
    "multiples": {"type": "number", "multipleOf": 0.5, "minimum": 0, "maximum": 10},
    "text": {"type": "string", "minLength": 2, "maxLength": 4},
    "pattern": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]+$", "maxLength": 8},
    "lists": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
    "sets": {"type": "array", "items": {"enum": [1, 1.0, True, "a"]}, "uniqueItems": True, "minItems": 2},
    "tuples": {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": "integer"}],
        "items": False,
        "minItems": 2,
    },
    "more than a tuple": {
        "prefixItems": [{"type": "string"}],
        "items": {"type": "null"},
        "type": "array",
        "minItems": 3,
    },
    "short tuple": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "maxItems": 1},
    "objects": {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "gone": False},
        "required": ["id"],
    },
    "closed": {"type": "object", "properties": {"id": {"type": "integer"}}, "additionalProperties": False},
    "maps": {"type": "object", "additionalProperties": {"type": "boolean"}, "minProperties": 1, "maxProperties": 2},
    "unnamed": {"type": "object", "required": ["x"], "additionalProperties": {"type": "null"}},
    "many members": {"type": "object", "properties": {"a": True, "b": True}, "minProperties": 2, "maxProperties": 2},
    "both": {"allOf": [{"type": "integer", "minimum": 3}, {"maximum": 5}], "title": "from three to five"},
    "deep": {
        "allOf": [
            {"allOf": [{"type": "object", "properties": {"a": {"const": 1}}, "required": ["a"]}]},
            {"required": ["b"]},
        ]
    },
    "choices in all": {"allOf": [{"anyOf": [{"type": "integer"}, {"type": "string"}]}, {"type": ["string", "null"]}]},
    "two choices": {
        "allOf": [{"anyOf": [{"minimum": 3}, {"maximum": -3}]}, {"oneOf": [{"type": "integer"}, {"type": "null"}]}]
    },
    "beside a reference": {
        "$ref": "#/$defs/short",
        "minLength": 1,
        "$defs": {"short": {"type": "string", "maxLength": 2}},
    },
    "definitions": {"items": {"$ref": "#/definitions/a~1b"}, "type": "array", "definitions": {"a/b": {"type": "null"}}},
    "node": NODE,
    "node in all": {
        "$defs": {"Node": {"type": "object", "properties": {"child": {"allOf": [{"$ref": "#/$defs/Node"}]}}}},
        "allOf": [{"$ref": "#/$defs/Node"}],
    },
    "one of": {"oneOf": [{"type": "integer"}, {"type": "string"}, False]},
    **{
        f"format {name}": {"type": "string", "format": name}
        for name in (
            "date-time",
            "date",
            "time",
            "duration",
            "uuid",
            "email",
            "uri",
            "hostname",
            "ipv4",
            "ipv6",
            "unknown",
        )
    },
}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_what_is_drawn_fits_the_schema(schema):
    """A validator that is not ours agrees, formats included."""
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)

    @settings(max_examples=40, database=None)
    @given(json_payloads(schema=schema))
    def check(payload):
        validator.validate(payload)

    check()


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        (SCHEMAS["two types"], [None, ""]),
        (SCHEMAS["integers"], [-3, 3]),
        (SCHEMAS["exclusive"], [1, 2]),
        (SCHEMAS["steps"], [5, 20]),
        (SCHEMAS["closed"], [{}, {"id": 0}]),
        (SCHEMAS["choices in all"], [""]),
        (SCHEMAS["two choices"], [3, -3, None]),
        (SCHEMAS["one of"], [0, ""]),
        ({"type": "array", "items": {"type": "null"}, "maxItems": 2}, [[], [None, None]]),
        ({"type": "null", "anyOf": [True]}, [None]),
    ],
)
def test_every_branch_and_limit_is_reached(schema, wanted):
    """The ends of a range, each type, each branch, members that may be left out, and a node in a node."""
    for value in wanted:
        reached(json_payloads(schema=schema), lambda drawn: drawn == value and type(drawn) is type(value))


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_schema_that_holds_itself_is_drawn_to_every_depth(depth):
    """And shrinks to the shallowest."""

    def levels(node):
        return 0 if node is None else 1 + levels(node["next"])

    reached(json_payloads(schema=NODE), lambda node: levels(node) == depth)
    assert simplest(json_payloads(schema=NODE)) == {"value": 0, "next": None}


class Owner(pydantic.BaseModel):
    name: str = pydantic.Field(min_length=1)
    age: int | None = None


class Project(pydantic.BaseModel):
    id: int = pydantic.Field(ge=1)
    owner: Owner
    tags: set[str] = set()
    state: Literal["open", "closed"] = "open"
    parent: Project | None = None


class Struct(msgspec.Struct):
    id: int
    names: list[str]


@dataclass
class Record:
    at: tuple[int, str]


class Row(TypedDict):
    id: int


@pytest.mark.parametrize("kind", [Project, Struct, Record, Row, list[Project], dict[str, Struct], int])
def test_what_is_drawn_for_a_type_can_be_read_as_one(kind):
    """pydantic and msgspec read it back."""
    read = (
        pydantic.TypeAdapter(kind).validate_python
        if "Struct" not in str(kind)
        else lambda made: msgspec.convert(made, kind)
    )

    @settings(max_examples=40, database=None)
    @given(json_payloads(kind))
    def check(payload):
        read(payload)

    check()


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"not": {}}, r"schema has 'not', which is not drawn from"),
        ({"properties": {"a": {"items": {"if": {}}}}}, r"schema\['properties'\]\['a'\]\['items'\] has 'if'"),
        ({"type": "text"}, r"has the type 'text'; expected one of null, boolean"),
        ({"$ref": "#/$defs/x"}, r"refers to '#/\$defs/x', which is not in the schema"),
        ({"$ref": "other.json"}, r"refers to 'other.json'"),
        (False, "schema is False"),
        ({"items": 3}, r"schema\['items'\] is 3"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "without a whole number between them"),
        ({"type": "number", "minimum": 3, "maximum": 2}, "minimum above its maximum"),
        ({"type": "integer", "enum": ["a"]}, "an enum without a value of its type"),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "parts exclude each other"),
        ({"allOf": [{"type": "string"}, False]}, "parts exclude each other"),
        ({"allOf": [{"pattern": "a"}, {"pattern": "b"}]}, "several patterns"),
        ({"anyOf": []}, "an empty anyOf"),
        ({"anyOf": [False]}, "is False"),
        ({"type": "array", "items": False, "minItems": 1}, "wants 1 items and allows 0"),
        ({"type": "object", "required": ["a"], "additionalProperties": False}, "requires 'a' and does not allow it"),
        ({"type": "string", "pattern": "("}, "which is not drawn from"),
        (
            {
                "$ref": "#/$defs/A",
                "$defs": {"A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "required": ["a"]}},
            },
            "hold itself, without an end",
        ),
    ],
)
def test_what_cannot_be_drawn_from_is_refused_with_its_place(schema, said):
    """Before anything is drawn."""
    with pytest.raises(ValueError, match=said):
        json_payloads(schema=schema)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"like": 1, "schema": {}}, "Give one"),
        ({"schema": 3}, "schema=3 is no JSON schema"),
        ({"like": object()}, "a type|has no form"),
        ({"like": {"a": [object]}}, r"like\['a'\]\[0\] is <class 'object'>"),
        ({"like": {1: 2}}, r"has the key 1, a int"),
        ({"like": float("nan")}, "JSON has no form"),
        ({"like": type("Plain", (), {})}, "says nothing of its JSON"),
    ],
)
def test_what_is_no_example_is_refused(arguments, said):
    """With what was expected."""
    with pytest.raises(TypeError, match=said):
        json_payloads(**arguments)


EXAMPLE = {
    "id": 7,
    "name": "Apollo",
    "ratio": 0.5,
    "open": True,
    "parent": None,
    "tags": ["a", 1],
    "debt": -1,
    "none": [],
}


def same_shape(example, value):
    if isinstance(example, dict):
        return (
            type(value) is dict
            and value.keys() == example.keys()
            and all(same_shape(example[k], value[k]) for k in value)
        )
    if isinstance(example, list):
        return type(value) is list and all(any(same_shape(one, item) for one in example) for item in value)
    return type(value) is type(example) and not (type(example) is int and example >= 0 > value)


@settings(database=None)
@given(json_payloads(EXAMPLE))
def test_what_is_like_an_example_has_its_shape(payload):
    """The same names and types, at every depth; what is not negative stays so."""
    assert same_shape(EXAMPLE, payload)


def test_an_example_shrinks_to_the_simplest_of_its_shape():
    """Zeros, empty texts and empty lists; and every other value is reachable."""
    expected = {"id": 0, "name": "", "ratio": 0.0, "open": False, "parent": None, "tags": [], "debt": 0, "none": []}
    assert simplest(json_payloads(EXAMPLE)) == expected
    assert reached(json_payloads(EXAMPLE), lambda p: p["debt"] < 0)
    assert reached(json_payloads(EXAMPLE), lambda p: len(p["tags"]) > 1 and {int, str} == {*map(type, p["tags"])})


@pytest.mark.parametrize("kind", [type(None), bool, int, float, str, list, dict])
def test_any_json_is_of_every_kind(kind):
    """Also within lists and objects."""
    reached(json_payloads(), lambda payload: type(payload) is kind)
    reached(json_payloads(), lambda payload: type(payload) is list and any(type(item) is kind for item in payload))
    reached(
        json_payloads(), lambda payload: type(payload) is dict and any(type(item) is kind for item in payload.values())
    )


def test_a_strategy_can_be_filtered_like_any():
    """What a schema cannot say is said in Python, as the message proposes."""
    even = json_payloads(schema={"type": "integer"}).filter(lambda number: number % 2 == 0)
    assert simplest(even | st.nothing(), lambda number: number > 2) == 4
