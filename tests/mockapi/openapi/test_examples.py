"""Values for ``body=EXAMPLE``: the description's own, or made by the schema; always valid, always the same."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockapi import EXAMPLE, AnswerContractError, MockApiClient, MockContractError
from mockapi.openapi.errors import ExampleError
from mockapi.openapi.examples import made
from mockapi.openapi.schemas import Schemas
from query.openapi.documents import Document


def schema_of(schema, components=None, *, version="3.1"):
    root = Document({"schema": schema, "components": {"schemas": components or {}}}, None, {}).root
    return Schemas("response", is_3_0=version == "3.0").schema(root.at("schema"))


def example(schema, components=None, *, version="3.1"):
    """A value for a schema, which has to be valid."""
    compiled = schema_of(schema, components, version=version)
    value = made(compiled)
    assert compiled.fits(value)
    return value


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "minLength": 6}, "textxx"),
        ({"type": "string", "maxLength": 2}, "te"),
        ({"type": "string", "pattern": r"^[A-Z]{2}-\d+$"}, "AA-0"),
        ({"type": "string", "pattern": r"^\d+$", "minLength": 3}, "000"),
        ({"type": "string", "format": "date"}, "2024-01-01"),
        ({"type": "string", "format": "uuid"}, "00000000-0000-4000-8000-000000000001"),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "integer", "exclusiveMinimum": 5}, 6),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "integer", "exclusiveMaximum": 1}, 0),
        ({"type": "integer", "multipleOf": 7, "minimum": 8}, 14),
        ({"type": "number", "multipleOf": 0.5}, 0.5),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5}, 0.25),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"type": ["null", "integer"]}, 1),
        ({"const": [1]}, [1]),
        ({"enum": [None, "b"]}, "b"),
        ({"type": "integer", "examples": [42]}, 42),
        ({"type": "integer", "example": 43}, 43),
        ({"type": "integer", "example": "no"}, 1),
        ({}, "text"),
        (True, "text"),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True}, [1, 2, 3]),
        ({"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": True}, ["a", "b"]),
        ({"type": "array", "maxItems": 0}, []),
        ({"type": "array", "prefixItems": [{"const": 1}, {"const": "b"}], "items": False}, [1, "b"]),
        ({"type": "array", "contains": {"const": 5}}, [5]),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"key1": 1}),
        ({"type": "object", "additionalProperties": False}, {}),
        ({"type": "object", "minProperties": 2}, {"key1": "key1", "key2": "key2"}),
        ({"type": "object", "patternProperties": {"^x-": {"type": "integer"}}, "required": ["x-a"]}, {"x-a": 1}),
        (
            {"type": "object", "propertyNames": {"pattern": "^[a-z]$"}, "minProperties": 2},
            {"a": "a", "b": "b"},
        ),
        (
            {
                "type": "object",
                "patternProperties": {"^n_": {"const": 0}},
                "additionalProperties": False,
                "minProperties": 1,
            },
            {"n_": 0},
        ),
        (
            {"type": "object", "properties": {"a": {}, "b": {"type": "integer"}}, "required": ["c"]},
            {"a": "a", "b": 1, "c": "c"},
        ),
        (
            {"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "required": ["c"], "maxProperties": 1},
            {"c": "c"},
        ),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, 1),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "text"),
        ({"allOf": [{"minimum": 3}, {"maximum": 3}], "type": "integer"}, 3),
        ({"allOf": [{"enum": [1, 2, 3]}, {"enum": [3, 4]}]}, 3),
        ({"allOf": [{"type": ["string", "integer"]}, {"type": "integer"}]}, 1),
        ({"allOf": [{"properties": {"a": {"minimum": 5}}}, {"properties": {"a": {"type": "integer"}}}]}, {"a": 5}),
        (
            {
                "if": {"properties": {"k": {"const": "x"}}},
                "then": {"required": ["y"]},
                "properties": {"k": {"enum": ["x"]}},
            },
            {"k": "x", "y": "y"},
        ),
        ({"not": {"const": "text"}, "enum": ["text", "other"]}, "other"),
        ({"type": "object", "properties": {"secret": {"writeOnly": True}, "id": {"readOnly": True}}}, {"id": "id"}),
    ],
)
def test_a_value_is_the_simplest_that_the_schema_allows(schema, value):
    """Constants, enums and examples first; then type, format, pattern and limits."""
    assert example(schema) == value


@pytest.mark.parametrize(
    "name",
    [
        "date-time",
        "date",
        "time",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "uri",
        "uri-reference",
        "uuid",
        "json-pointer",
        "regex",
        "byte",
        "uri-template",
        "iri",
        "idn-email",
        "relative-json-pointer",
    ],
)
def test_every_format_has_values_that_differ(name):
    """As many as a list of unique ones needs."""
    assert (
        len(
            set(
                example(
                    {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "string", "format": name}}
                )
            )
        )
        == 3
    )


def test_3_0_has_its_own_words():
    """nullable, and limits that are excluded by a bool."""
    assert example({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, version="3.0") == 2
    assert example({"type": "string", "nullable": True}, version="3.0") == "text"
    assert schema_of({"type": "string", "enum": ["a"], "nullable": True}, version="3.0").fits(None)
    components = {"A": {"type": "object", "required": ["a"]}}
    either = schema_of({"nullable": True, "allOf": [{"$ref": "#/components/schemas/A"}]}, components, version="3.0")
    assert either.fits(None)
    assert [fault.reason for fault in either.faults({}, "body")] == ["'a' is missing"]
    assert either.faults({}, "body")[0].where.endswith("#/components/schemas/A/required")


def test_schemas_that_hold_themselves_come_to_an_end():
    """An optional child is left out below, a list of them is empty; a required one must be nullable or a choice."""
    tree = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "parent": {"$ref": "#/components/schemas/Tree"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    }
    assert example({"$ref": "#/components/schemas/Tree"}, {"Tree": tree}) == {"name": "name", "children": []}
    chain = {
        "type": "object",
        "required": ["next"],
        "properties": {"next": {"anyOf": [{"$ref": "#/components/schemas/Chain"}, {"type": "null"}]}},
    }
    value = example({"$ref": "#/components/schemas/Chain"}, {"Chain": chain})
    assert json.dumps(value).endswith("null" + "}" * json.dumps(value).count("}"))


def test_what_fits_two_of_one_schema_is_not_found_by_trying():
    """Both branches allow 1, and no simple value is outside one of them."""
    with pytest.raises(ExampleError, match="no value could be made"):
        example({"type": "integer", "oneOf": [{"minimum": 0}, {"maximum": 100}]})


def test_a_schema_without_an_end_is_told():
    """Nothing can be made, and the message says what to do."""
    loop = {"type": "object", "required": ["me"], "properties": {"me": {"$ref": "#/components/schemas/Loop"}}}
    with pytest.raises(ExampleError, match="it must hold itself. Give the mock a body of your own"):
        example({"$ref": "#/components/schemas/Loop"}, {"Loop": loop})


def test_what_cannot_be_made_is_told_with_what_was_tried():
    """A pattern that Python does not know."""
    with pytest.raises(ExampleError, match="no value could be made") as info:
        example({"type": "object", "properties": {"a": {"pattern": r"^\p{Lu}+$", "type": "string"}}, "required": ["a"]})
    assert "made up /a: 'a' does not match" in str(info.value)


def things(described, response):
    return described({"responses": {"200": {"description": "x", **response}}})


def get(openapi, **options):
    with MockApiClient(openapi=openapi) as client:
        client.get("/things", EXAMPLE, **options)
        return httpx.get("https://x.test/things")


@pytest.mark.parametrize(
    ("media", "value"),
    [
        ({"example": {"id": 1}, "schema": {"type": "object"}}, {"id": 1}),
        ({"examples": {"a": {"summary": "no value"}, "b": {"value": [1]}}, "schema": {}}, [1]),
        ({"examples": {"a": {"$ref": "#/components/examples/A"}}, "schema": {}}, 7),
        ({"example": {"id": "no"}, "schema": {"type": "object", "properties": {"id": {"type": "integer"}}}}, {"id": 1}),
        ({"example": 5}, 5),
        ({"schema": {"type": "integer", "example": 9}}, 9),
    ],
)
def test_the_examples_of_the_description_come_first(described, media, value):
    """But for those that their own schema forbids."""
    openapi = things(described, {"content": {"application/json": media}})
    openapi["components"]["examples"] = {"A": {"value": 7}}
    response = get(openapi)
    assert response.json() == value
    assert response.headers["content-type"] == "application/json"


def test_an_example_comes_with_the_headers_that_it_must_have(described):
    """Unless the mock says them itself."""
    headers = {"X-Total": {"required": True, "schema": {"type": "integer"}}, "X-Other": {"schema": {}}}
    openapi = things(described, {"headers": headers, "content": {"application/json": {"schema": {"type": "integer"}}}})
    assert get(openapi).headers["x-total"] == "1"
    assert "x-other" not in get(openapi).headers
    assert get(openapi, headers={"x-total": "5"}).headers.get_list("x-total") == ["5"]


def test_the_media_type_of_an_example_can_be_chosen(described):
    """JSON if there is any; else the first."""
    content = {"text/csv": {"example": "a,b"}, "application/hal+json": {"schema": {"type": "integer"}}}
    openapi = things(described, {"content": content})
    assert get(openapi).text == "1"
    chosen = get(openapi, headers={"content-type": "text/csv"})
    assert (chosen.text, chosen.headers["content-type"]) == ("a,b", "text/csv")
    with pytest.raises(MockContractError, match="has no text/html; it has text/csv, application/hal\\+json"):
        get(openapi, headers={"content-type": "text/html"})


def test_where_nothing_can_be_made_the_registration_says_so(described):
    """No schema and no example; a media type that is no text."""
    with pytest.raises(MockContractError, match="has neither a schema nor an example"):
        get(things(described, {"content": {"application/json": {}}}))
    with pytest.raises(MockContractError, match="is image/png, which nothing can be made for"):
        get(things(described, {"content": {"image/png": {"schema": {"type": "object"}}}}))


def test_a_function_may_answer_with_an_example(described):
    """And a mock that is known by a regular expression."""
    import re

    openapi = things(described, {"content": {"application/json": {"schema": {"type": "integer"}}}})
    with MockApiClient(openapi=openapi) as client:
        client.get("/things", lambda request: EXAMPLE)
        assert httpx.get("https://x.test/things").json() == 1
        client.get(re.compile("/th.*"), EXAMPLE)
        assert httpx.get("https://x.test/things").json() == 1
        client.get("/things", lambda request: EXAMPLE, status_code=201)
        with pytest.raises(AnswerContractError, match="status 201: is not among"):
            httpx.get("https://x.test/things")
        client.unmatched.clear()


def test_an_example_needs_a_description():
    """Where the mock is registered; or, from a function, where it answers."""
    with MockApiClient() as client:
        with pytest.raises(TypeError, match="has body=EXAMPLE, and no OpenAPI description"):
            client.get("/x", EXAMPLE)
        client.get("/x", lambda request: EXAMPLE)
        with pytest.raises(TypeError, match="no OpenAPI description to take an example from"):
            httpx.get("https://x.test/x")
        client.unmatched.clear()


# -- whatever the schema

NAMES = st.sampled_from(["a", "b", "c", "id"])


def wrapped(inner):
    """Objects, lists, choices and references of schemas."""
    some = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(
            lambda p, r, more: {"type": "object", "properties": p, "required": r, "additionalProperties": more},
            st.dictionaries(NAMES, inner, max_size=3),
            st.lists(NAMES, unique=True, max_size=2),
            st.just(True) | inner,
        ),
        st.builds(lambda i, n: {"type": "array", "items": i, "minItems": n}, inner, st.integers(0, 3)),
        st.builds(lambda s: {"anyOf": s}, some),
        st.builds(lambda a: {"allOf": [{"title": "t"}, a]}, inner),
        st.just({"type": "object", "properties": {"again": {"$ref": "#/schema"}}}),
    )


PLAIN = st.one_of(
    st.sampled_from(
        [{"type": "boolean"}, {"type": "null"}, {}, {"type": "string", "format": "date-time"}, {"const": 3}]
    ),
    st.builds(
        lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more},
        st.integers(-9, 9),
        st.integers(0, 9),
    ),
    st.builds(
        lambda low, more: {"type": "number", "exclusiveMinimum": low, "exclusiveMaximum": low + more},
        st.integers(-9, 9),
        st.sampled_from([0.5, 1, 3]),
    ),
    st.builds(
        lambda low, more: {"type": "string", "minLength": low, "maxLength": low + more},
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    st.builds(lambda values: {"enum": values}, st.lists(st.integers() | st.text(max_size=3), min_size=1, max_size=3)),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.recursive(PLAIN, wrapped, max_leaves=8))
def test_whatever_the_schema_a_value_is_valid_and_the_same_each_time(schema):
    """For schemas that allow one at all, by the way that they are drawn."""
    assert example(schema) == example(schema)
