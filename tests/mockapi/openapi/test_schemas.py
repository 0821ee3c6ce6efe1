"""Schemas of every version as validators, and what they say of a value that is not as they want it."""

from __future__ import annotations

import pytest

from mockapi.openapi.errors import DescriptionError
from mockapi.openapi.faults import Fault, rows
from mockapi.openapi.parameters import Reader, kinds
from mockapi.openapi.schemas import Schemas
from query.openapi.documents import Document


def schema_of(schema, components=None, *, version="3.1", direction="request"):
    root = Document({"schema": schema, "components": {"schemas": components or {}}}, None, {}).root
    return Schemas(direction, is_3_0=version == "3.0").schema(root.at("schema"))


def faults(schema, value, components=None, **options):
    found = schema_of(schema, components, **options).faults(value, "body")
    return [f"{fault.place}: {fault.reason}" for fault in found]


CARD = {
    "type": "object",
    "required": ["number"],
    "properties": {"kind": {"const": "card"}, "number": {"type": "string"}},
}
IBAN = {"type": "object", "required": ["iban"], "properties": {"kind": {"enum": ["sepa"]}, "iban": {"type": "string"}}}


def test_of_several_schemas_the_one_that_is_meant_speaks():
    """By the discriminator: of its mapping, of the names of schemas, or of constants in the branches."""
    refs = [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/Iban"}]
    components = {"Card": CARD, "Iban": IBAN}
    by_name = {"oneOf": refs, "discriminator": {"propertyName": "kind"}}
    loose = {name: {**schema, "properties": {}} for name, schema in components.items()}
    assert faults(by_name, {"kind": "Iban"}, loose) == ["body: 'iban' is missing"]
    inline = {"oneOf": [CARD, IBAN], "discriminator": {"propertyName": "kind"}}
    assert faults(inline, {"kind": "sepa"}) == ["body: 'iban' is missing"]
    assert faults(inline, {"kind": "cash"}) == ["body: 'kind' is 'cash'; expected one of card, sepa"]


def test_without_a_discriminator_the_branch_that_came_furthest_speaks():
    """One of the right type before one of the wrong; else all that can be said is that none fits."""
    assert faults({"anyOf": [{"type": "null"}, CARD]}, {}) == ["body: 'number' is missing"]
    assert faults({"anyOf": [{"type": "null"}, {"type": "integer"}]}, "x") == [
        "body: 'x' is not valid under any of the schemas listed in the 'anyOf' keyword"
    ]
    nested = {"oneOf": [{"type": "object", "properties": {"a": {"type": "integer"}}}, CARD]}
    assert faults(nested, {"a": "x"}) == ["body /a: 'x' is not of type \"integer\""]


def test_a_reference_may_have_neighbours_in_3_1_and_not_in_3_0():
    """There they are ignored, as the specification has it."""
    schema, components = {"$ref": "#/components/schemas/A", "minimum": 5}, {"A": {"type": "integer"}}
    assert faults(schema, 1, components) == ["body: 1 is less than the minimum of 5"]
    assert faults(schema, 1, components, version="3.0") == []


def test_words_of_both_versions_are_understood():
    """The limits of each in the other, and names twice, which are common slips; dynamic references; booleans."""
    assert faults({"minimum": 5, "exclusiveMinimum": True}, 5) == ["body: 5 is less than or equal to the minimum of 5"]
    assert faults({"required": ["a", "a"]}, {}) == ["body: 'a' is missing"]
    assert faults({"exclusiveMinimum": 5}, 5, version="3.0") == ["body: 5 is less than or equal to the minimum of 5"]
    tree = {"$dynamicAnchor": "node", "type": "object", "properties": {"child": {"$dynamicRef": "#node"}}}
    assert faults({"$ref": "#/components/schemas/Tree"}, {"child": {"child": 1}}, {"Tree": tree}) == [
        'body /child/child: 1 is not of type "object"'
    ]
    assert faults({"properties": {"a": False}}, {"a": 1}) == ["body /a: must not be there"]
    assert faults({"type": "object", "unevaluatedProperties": False, "properties": {"b": {}}}, {"a": 1}) == [
        "body: 'a' must not be there; there may be b"
    ]


def test_what_is_read_only_by_reference_or_in_another_part_is_known():
    """The property's own schema may be elsewhere, and so may the list of those that are required."""
    components = {
        "Id": {"type": "integer", "readOnly": True},
        "Base": {"properties": {"id": {"$ref": "#/components/schemas/Id"}}},
    }
    schema = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["id", "name"]}]}
    assert faults(schema, {"name": "a"}, components) == []
    assert faults(schema, {"id": 1, "name": "a"}, components) == [
        "body /id: readOnly: the server makes it, so a request does not have it"
    ]
    assert faults(schema, {"name": "a"}, components, direction="response") == ["body: 'id' is missing"]


def test_a_mistake_in_a_schema_is_told_with_its_place():
    """Deep below the one that is used."""
    components = {"A": {"properties": {"a": {"minimum": "5"}}}}
    with pytest.raises(DescriptionError) as info:
        schema_of({"$ref": "#/components/schemas/A"}, components)
    assert str(info.value) == (
        'the description#/components/schemas/A/properties/a/minimum is no valid schema: "5" is not of type "number"'
    )
    with pytest.raises(DescriptionError, match='the description#/schema is no valid schema: it is not a "regex"'):
        schema_of({"pattern": "("})


def test_only_so_many_faults_are_shown():
    """And long values are cut."""
    many = [Fault(f"body /{n}", "is wrong", "api.json#/x") for n in range(10)]
    assert rows(many)[-1] == "  ... and 2 more"
    assert "... (202 characters) is not of type" in faults({"type": "integer"}, "x" * 200)[0]


def test_a_reference_out_of_the_description_is_refused():
    """Also one that only the validator would see."""
    with pytest.raises(DescriptionError, match="only local files are followed"):
        schema_of({"$ref": "https://x.test/schema.json"})


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "string"}, {"string"}),
        ({"type": ["string", "null"]}, {"string", "null"}),
        ({"type": "integer", "nullable": True}, {"integer", "null"}),
        (
            {"anyOf": [{"type": "integer"}, {"enum": ["a", True, None, 1.5, [1]]}]},
            {"integer", "string", "boolean", "null", "number", "array"},
        ),
        ({"const": 3}, {"integer"}),
        ({"properties": {}}, {"object"}),
        ({"items": {}}, {"array"}),
        ({}, set()),
        ({"$ref": "#/flag"}, set()),
    ],
)
def test_the_types_that_a_schema_speaks_of_are_known(schema, said):
    """Also from its parts, and from its other words."""
    assert kinds(Document({"a": schema, "flag": True}, None, {}).root.at("a")) == said


@pytest.mark.parametrize(
    ("schema", "raw", "value"),
    [
        ({}, "5", 5),
        ({}, "5.5", 5.5),
        ({}, "true", True),
        ({"minLength": 2}, "5", 5),
        ({"anyOf": [{"type": "integer", "minimum": 9}, {"type": "string"}]}, "5", "5"),
        ({"type": ["integer", "null"]}, "", None),
        ({"type": ["array", "string"], "items": {"type": "integer"}}, "a", "a"),
        ({"allOf": [{"type": "array", "items": {"type": "integer"}}]}, ["1", "b"], [1, "b"]),
        ({"type": "array"}, ["1"], ["1"]),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": "1"}, {"a": 1}),
        ({"type": "object", "additionalProperties": False}, {"a": "1"}, {"a": "1"}),
        ({"type": "integer"}, 5, 5),
        (None, "5", "5"),
    ],
)
def test_texts_are_read_as_what_the_schema_wants(schema, raw, value):
    """As far as they can be it; the first reading that fits is taken."""
    root = Document({"a": schema}, None, {}).root
    assert Reader(root.at("a"), Schemas("request", is_3_0=False)).read(raw) == value
