"""Parameters have the types of what can be sent for them."""

from __future__ import annotations

import pytest

from query.api.generate.backend import read_backend
from query.openapi.errors import DescriptionError

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
RANGE = {"type": "object", "properties": {"gt": INTEGER, "lt": INTEGER}, "required": ["gt"]}


def operation_of(*parameters, path="/x", shared=(), components=None, version="3.1.0"):
    document = {
        "openapi": version,
        "info": {"title": "T"},
        "paths": {path: {"parameters": list(shared), "get": {"parameters": list(parameters), "responses": {}}}},
        "components": components or {},
    }
    return read_backend(document).operations[0]


def path_type(schema, **components):
    parameter = {"name": "p", "in": "path", "required": True, "schema": schema}
    return operation_of(parameter, path="/{p}", components={"schemas": components}).path[0].type


def query_types(schema, required=False, components=None, **more):
    """Names, with a question mark for those that need not be there, and types."""
    parameter = {"name": "q", "in": "query", "required": required, "schema": schema, **more}
    found = operation_of(parameter, components={"schemas": components or {}})
    return {one.name + ("" if one.required else "?"): one.type for one in found.query}, found.query_open


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (STRING, "str | int"),
        (INTEGER, "int"),
        ({"type": "string", "format": "uuid"}, "str | UUID"),
        ({"type": "number"}, "str | int"),
        ({"type": "boolean"}, 'Literal["true", "false"]'),
        ({"enum": ["a", 1, True]}, 'Literal["a", 1, "true"]'),
        ({"anyOf": [INTEGER, {"type": "null"}]}, "int"),
        ({"anyOf": [{"enum": ["me"]}, INTEGER]}, 'Literal["me"] | int'),
        ({"type": "array", "items": STRING}, "str | int"),
        ({}, "str | int"),
        ({"$ref": "#/components/schemas/Kind"}, "Kind"),
        ({"$ref": "#/components/schemas/Id"}, "str | UUID"),
        ({"$ref": "#/components/schemas/Either"}, "int | Kind"),
        ({"$ref": "#/components/schemas/Thing"}, "str | int"),
    ],
)
def test_a_parameter_of_a_path_takes_what_may_stand_in_a_url(schema, expected):
    """No bool, float or None: the URL would have Python's spelling of them."""
    components = {
        "Kind": {"enum": ["a", "b"]},
        "Id": {"type": "string", "format": "uuid"},
        "Either": {"anyOf": [INTEGER, {"$ref": "#/components/schemas/Kind"}]},
        "Thing": {"properties": {"a": STRING}},
    }
    assert path_type(schema, **components) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (STRING, "str"),
        ({"type": "boolean"}, "bool"),
        ({"type": ["integer", "null"]}, "int | None"),
        ({"enum": ["asc", "desc"]}, 'Literal["asc", "desc"]'),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, 'list[Literal["a", "b"]]'),
        ({"anyOf": [STRING, {"type": "array", "items": STRING}]}, "str | list[str]"),
        ({}, "str | int | float | bool"),
        ({"type": "array"}, "list[str | int | float | bool]"),
        ({"type": "array", "items": {"type": "array", "items": STRING}}, "list[str]"),
        ({"$ref": "#/components/schemas/Sort"}, "Sort"),
        ({"$ref": "#/components/schemas/Sorts"}, "list[Sort]"),
    ],
)
def test_a_parameter_of_a_query_takes_what_can_be_sent(schema, expected):
    """A list repeats the key."""
    components = {
        "Sort": {"enum": ["asc", "desc"]},
        "Sorts": {"type": "array", "items": {"$ref": "#/components/schemas/Sort"}},
    }
    assert query_types(schema, components=components) == ({"q?": expected}, False)
    assert query_types(schema, required=True, components=components) == ({"q": expected}, False)


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ({"explode": False}, "with ',' between them"),
        ({"style": "pipeDelimited"}, "with '|' between them"),
        ({"style": "spaceDelimited", "explode": False}, "with ' ' between them"),
    ],
)
def test_a_list_that_is_sent_as_one_text_is_a_text(more, hint):
    """A list would be sent otherwise; what is said of it tells how to write it."""
    parameter = {"name": "q", "in": "query", "description": "Some.", "schema": {"type": "array"}, **more}
    (found,) = operation_of(parameter).query
    assert found.type == "str"
    assert found.doc.startswith("Some. (several as one text, ")
    assert hint in found.doc


@pytest.mark.parametrize(
    ("schema", "more", "expected"),
    [
        (RANGE, {"style": "deepObject"}, {"q[gt]": "int", "q[lt]?": "int"}),
        (
            {"anyOf": [RANGE, INTEGER]},
            {"style": "deepObject"},
            {"q[gt]?": "int", "q[lt]?": "int", "q?": "int"},
        ),
        (
            {"properties": {"a": {"properties": {"b": STRING}}, "c": {"type": "array", "items": STRING}}},
            {"style": "deepObject"},
            {"q[a][b]?": "str", "q[c][]?": "list[str]"},
        ),
        (RANGE, {}, {"gt": "int", "lt?": "int"}),
        (RANGE, {"explode": False}, {"q": "str"}),
    ],
)
def test_an_object_is_listed_by_the_keys_that_go_over_the_wire(schema, more, expected):
    """In brackets, or as parameters of their own."""
    assert query_types(schema, required=True, **more) == (expected, False)


@pytest.mark.parametrize(
    ("schema", "more"),
    [
        ({"type": "object"}, {"style": "deepObject"}),
        ({"type": "object"}, {}),
        ({"properties": {"a": {"type": "object"}}}, {"style": "deepObject"}),
        ({"type": "array", "items": RANGE}, {"style": "deepObject"}),
    ],
)
def test_keys_that_cannot_be_listed_leave_the_query_open(schema, more):
    """Then any key may be given."""
    assert query_types(schema, **more) == ({}, True)


def test_a_circle_in_a_query_ends():
    """Servers end it somewhere, too."""
    node = {"properties": {"a": STRING, "below": {"$ref": "#/components/schemas/Node"}}}
    schema = {"$ref": "#/components/schemas/Node"}
    types, is_open = query_types(schema, components={"Node": node}, style="deepObject")
    assert is_open
    assert list(types)[:2] == ["q[a]?", "q[below][a]?"]
    assert len(types) == 5


def test_json_in_a_query_is_a_text():
    """The library does not write it."""
    parameter = {"name": "q", "in": "query", "content": {"application/json": {"schema": RANGE}}}
    (found,) = operation_of(parameter).query
    assert (found.type, found.doc) == ("str", "JSON as text")


def test_parameters_of_the_path_hold_for_each_of_its_operations():
    """Unless the operation has its own of that name and place; references are followed."""
    shared = [{"$ref": "#/components/parameters/Q"}, {"name": "r", "in": "query", "schema": STRING}]
    components = {"parameters": {"Q": {"name": "q", "in": "query", "schema": STRING}}}
    own = {"name": "r", "in": "query", "required": True, "schema": INTEGER}
    found = operation_of(own, shared=shared, components=components).query
    assert [(one.name, one.type, one.required) for one in found] == [("q", "str", False), ("r", "int", True)]


@pytest.mark.parametrize("parameter", [{"in": "query"}, {"name": "a"}, {"name": "a", "in": "body"}])
def test_a_parameter_without_name_or_place_is_refused(parameter):
    """With its place in the document."""
    with pytest.raises(DescriptionError, match="a parameter has a name, and is in one of path, query") as caught:
        operation_of(parameter)
    assert caught.value.where == "the description#/paths/~1x/get/parameters/0"
