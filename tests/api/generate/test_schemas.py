"""Schemas become types that say what the schema says, and no more."""

from __future__ import annotations

import pytest

from query.api.generate.backend import read_backend
from query.api.generate.model import TypedDictClass
from query.openapi.errors import DescriptionError

STRING = {"type": "string"}
INTEGER = {"type": "integer"}


def read(schema, components=None, *, version="3.1.0", direction="response"):
    """The type of a schema, and the types that it uses."""
    content = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "x", "responses": {"200": content if direction == "response" else {}}}
    if direction == "request":
        operation["requestBody"] = content
    backend = read_backend(
        {
            "openapi": version,
            "info": {"title": "T"},
            "paths": {"/x": {"post": operation}},
            "components": {"schemas": components or {}},
        }
    )
    (found,) = backend.operations
    types = {}
    for one in backend.types:
        if isinstance(one, TypedDictClass):
            types[one.name] = {field.name + ("" if field.required else "?"): field.type for field in one.fields}
        else:
            types[one.name] = one.type
    return (found.body if direction == "request" else found.response), types


def type_of(schema, components=None, **options):
    return read(schema, components, **options)[0]


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def test_plain_types_are_those_of_python():
    """Formats say how a text looks, which Python's types do not."""
    for kind, name in (
        ("string", "str"),
        ("integer", "int"),
        ("number", "float"),
        ("boolean", "bool"),
        ("null", "None"),
        ("array", "list[object]"),
        ("object", "dict[str, object]"),
    ):
        assert type_of({"type": kind, "format": "any"}) == name


@pytest.mark.parametrize("schema", [{}, True, {"description": "x"}, {"not": STRING}, False, {"allOf": [True, {}]}])
def test_what_is_left_open_is_an_object(schema):
    """Not Any: a checker shall tell who relies on what nobody described."""
    assert type_of(schema) == "object"


@pytest.mark.parametrize(
    ("schema", "version", "expected"),
    [
        ({"type": ["string", "null"]}, "3.1.0", "str | None"),
        ({"type": ["null", "integer", "string"]}, "3.1.0", "int | str | None"),
        ({"type": ["integer", "number"]}, "3.1.0", "float"),
        ({"type": "string", "nullable": True}, "3.0.3", "str | None"),
        ({"type": "string", "nullable": True}, "3.1.0", "str"),
        ({"type": "string", "enum": ["a"], "nullable": True}, "3.0.3", 'Literal["a"] | None'),
        ({"nullable": True, "allOf": [{"type": "string"}]}, "3.0.3", "str | None"),
        ({"nullable": True, "anyOf": [{"type": "string"}, {"type": "integer"}]}, "3.0.3", "str | int | None"),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, "3.1.0", "str | None"),
        (
            {"allOf": [{"nullable": True, "anyOf": [STRING]}, {"nullable": True, "enum": ["a"]}]},
            "3.0.3",
            'Literal["a"] | None',
        ),
        ({"allOf": [{"nullable": True, "allOf": [{"items": {}}]}]}, "3.0.3", "list[object] | None"),
        ({"allOf": [{"nullable": True, "type": "string"}, {"type": "string"}]}, "3.0.3", "str"),
        ({"type": "object", "nullable": True}, "3.0.3", "dict[str, object] | None"),
        ({"type": "array", "nullable": True, "items": {"type": "string"}}, "3.0.3", "list[str] | None"),
    ],
)
def test_null_is_said_in_the_words_of_each_version(schema, version, expected):
    """A type of its own in 3.1, a word beside the type in 3.0; None stands last."""
    assert type_of(schema, version=version) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"enum": ["b", "a", "b"]}, 'Literal["b", "a"]'),
        ({"enum": [1, True, "1"]}, 'Literal[1, True, "1"]'),
        ({"enum": ["a", None]}, 'Literal["a"] | None'),
        ({"const": 'say "hi"'}, """Literal['say "hi"']"""),
        ({"const": None}, "None"),
        ({"enum": [1.5, 2]}, "float | Literal[2]"),
        ({"enum": [[1], {"a": 1}]}, "list[object] | dict[str, object]"),
        ({"anyOf": [{"const": "a"}, {"enum": ["b"]}]}, 'Literal["a", "b"]'),
        ({"type": "string", "allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]}, 'Literal["b"]'),
    ],
)
def test_values_are_literals(schema, expected):
    """As far as Python has literals for them."""
    assert type_of(schema) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "array", "items": STRING}, "list[str]"),
        ({"items": {"items": STRING}}, "list[list[str]]"),
        ({"prefixItems": [STRING, INTEGER], "items": False}, "list[str | int]"),
        ({"prefixItems": [STRING], "items": INTEGER}, "list[str | int]"),
        ({"prefixItems": [STRING, INTEGER], "maxItems": 2}, "list[str | int]"),
        ({"prefixItems": [STRING]}, "list[object]"),
        ({"type": "array", "allOf": [{"items": {"type": ["string", "null"]}}, {"items": STRING}]}, "list[str]"),
    ],
)
def test_arrays_are_lists(schema, expected):
    """Also those with a type for each position: JSON is read as lists, and a tuple would be an untrue word."""
    assert type_of(schema) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "object", "additionalProperties": INTEGER}, "dict[str, int]"),
        ({"additionalProperties": {"type": "array", "items": INTEGER}}, "dict[str, list[int]]"),
        ({"type": "object", "additionalProperties": True}, "dict[str, object]"),
        ({"type": "object", "additionalProperties": False}, "dict[str, object]"),
        ({"type": "object", "required": ["a"]}, "dict[str, object]"),
        ({"patternProperties": {"^a": STRING}, "additionalProperties": INTEGER}, "dict[str, str | int]"),
    ],
)
def test_objects_without_known_keys_are_dicts(schema, expected):
    """Of what may be under a key."""
    assert type_of(schema) == expected


def test_objects_with_known_keys_are_typed_dicts():
    """Keys that must be there, and those that may be missing, also one that is only said to be required."""
    schema = {"properties": {"a": STRING, "b-c": {"$ref": "#/components/schemas/B"}}, "required": ["a", "z"]}
    assert read(schema, {"B": {"type": "object", "properties": {"class": INTEGER}}}) == (
        "XResponse",
        {"XResponse": {"a": "str", "b-c?": "B", "z": "object"}, "B": {"class?": "int"}},
    )


def test_what_only_one_direction_knows_is_left_out_of_the_other():
    """Through references as well; a type that both see alike is one."""
    components = {
        "User": {
            "properties": {
                "id": {"type": "integer", "readOnly": True},
                "password": ref("Secret"),
                "home": ref("Home"),
                "friends": {"type": "array", "items": ref("User")},
            },
            "required": ["id", "password"],
        },
        "Secret": {"type": "string", "writeOnly": True},
        "Home": {"properties": {"town": STRING}},
    }
    answered = {"id": "int", "home?": "Home", "friends?": "list[User]"}
    sent = {"password": "str", "home?": "Home", "friends?": "list[User]"}
    home = {"town?": "str"}
    assert read(ref("User"), components) == ("User", {"User": answered, "Home": home})
    assert read(ref("User"), components, direction="request") == ("User", {"User": sent, "Home": home})
    assert read(ref("Home"), components, direction="request") == ("Home", {"Home": home})


def test_properties_may_be_called_like_words_of_the_specification():
    """They are read like any other."""
    default = {"properties": {"default": {"type": "string", "readOnly": True}, "example": STRING}}
    assert read(ref("A"), {"A": default}, direction="request")[1] == {"A": {"example?": "str"}}
    enum = {"properties": {"$ref": STRING, "enum": STRING, "type": STRING}}
    assert read(ref("A"), {"A": enum}, direction="request")[1] == {
        "A": {"$ref?": "str", "enum?": "str", "type?": "str"}
    }


def test_all_of_is_one_type_with_the_keys_of_each():
    """Whatever they are written as; what is said twice must hold twice."""
    components = {
        "Base": {"properties": {"id": INTEGER, "kind": STRING}, "required": ["id"]},
        "Cat": {
            "allOf": [ref("Base"), {"properties": {"kind": {"const": "cat"}, "lives": INTEGER}}],
            "required": ["kind"],
            "properties": {"lives": {"type": ["integer", "null"]}},
        },
    }
    assert read(ref("Cat"), components) == (
        "Cat",
        {"Cat": {"id": "int", "kind": 'Literal["cat"]', "lives?": "int"}},
    )


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [ref("A")]},
        {"allOf": [ref("A"), {"description": "x"}, ref("A"), {"type": "object"}]},
        {"type": "object", "allOf": [{"allOf": [ref("A")]}]},
        {"$ref": "#/components/schemas/A", "description": "x"},
        {"anyOf": [ref("A"), ref("A")]},
        {"type": "object", "oneOf": [ref("A")]},
    ],
)
def test_what_only_wraps_a_reference_keeps_its_name(schema):
    """A comment or a default beside a reference makes no new type."""
    assert read(schema, {"A": {"properties": {"a": STRING}}}) == ("A", {"A": {"a?": "str"}})


def test_choices_are_unions():
    """Of names where the branches have names, and of what the branches are."""
    components = {"A": {"properties": {"a": STRING}}, "B": {"type": "string", "enum": ["b"]}}
    for word in ("oneOf", "anyOf"):
        schema = {word: [ref("A"), ref("B"), {"type": "array", "items": ref("A")}, {"type": "null"}]}
        assert type_of(schema, components) == "A | B | list[A] | None"


def test_a_choice_beside_properties_is_a_union_of_whole_objects():
    """Each branch has what all have, and the base is in none of them missing."""
    schema = {
        "properties": {"id": INTEGER},
        "required": ["id"],
        "oneOf": [
            {"properties": {"kind": {"const": "card"}, "number": STRING}, "required": ["kind"]},
            {"properties": {"kind": {"const": "sepa"}, "iban": STRING}, "required": ["kind"]},
        ],
    }
    assert read(schema) == (
        "XResponseCard | XResponseSepa",
        {
            "XResponseCard": {"id": "int", "kind": 'Literal["card"]', "number?": "str"},
            "XResponseSepa": {"id": "int", "kind": 'Literal["sepa"]', "iban?": "str"},
        },
    )


def test_choices_inside_all_of_are_multiplied_out():
    """Two choices that hold together are four objects; a branch that cannot hold is none."""
    either = {"oneOf": [{"properties": {"a": STRING}}, {"properties": {"b": STRING}}]}
    other = {"anyOf": [{"properties": {"c": INTEGER}}, {"type": "string"}]}
    kind, types = read({"allOf": [{"type": "object", "properties": {"id": INTEGER}}, either, other]})
    assert sorted(map(tuple, types.values())) == [("id?", "a?", "c?"), ("id?", "b?", "c?")]
    assert kind == " | ".join(types)


def test_a_choice_of_what_must_be_there_together_changes_no_type():
    """TypedDicts cannot say it, and a union of all that is possible would say it badly."""
    schema = {"properties": {"a": STRING, "b": STRING}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    assert read(schema) == ("XResponse", {"XResponse": {"a?": "str", "b?": "str"}})


def test_very_many_combinations_become_one_object_with_all_keys():
    """Those of branches may be missing, also where a branch requires them."""
    groups = [
        {"oneOf": [{"properties": {f"k{n}{m}": STRING}, "required": [f"k{n}{m}"]} for m in range(3)]} for n in range(4)
    ]
    kind, types = read({"properties": {"id": INTEGER}, "required": ["id"], "allOf": groups})
    assert kind == "XResponse"
    assert types == {"XResponse": {"id": "int", **{f"k{n}{m}?": "str" for n in range(4) for m in range(3)}}}


def test_circles_are_types_that_refer_to_themselves():
    """Through properties, lists, dicts and unions, also of what is no object."""
    components = {
        "Node": {"properties": {"next": ref("Node"), "all": {"type": "array", "items": ref("Json")}}},
        "Json": {
            "anyOf": [
                STRING,
                {"type": "array", "items": ref("Json")},
                {"type": "object", "additionalProperties": ref("Json")},
            ]
        },
    }
    assert read(ref("Node"), components) == (
        "Node",
        {"Node": {"next?": "Node", "all?": "list[Json]"}, "Json": "str | list[Json] | dict[str, Json]"},
    )


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        ({"A": {"anyOf": [ref("A"), {"items": STRING}]}}, ("A", {"A": "list[str]"})),
        ({"A": {"anyOf": [ref("A"), STRING]}}, ("str", {})),
        (
            {"A": {"anyOf": [ref("B"), STRING]}, "B": {"anyOf": [ref("A"), {"items": INTEGER}]}},
            ("A", {"A": "B | str", "B": "list[int]"}),
        ),
        ({"A": {"anyOf": [ref("A")]}}, ("object", {})),
        ({"A": {"allOf": [ref("A"), {"properties": {"a": ref("A")}}]}}, ("A", {"A": {"a?": "A"}})),
        (
            {"A": {"properties": {"a": STRING}, "anyOf": [ref("A"), {"properties": {"b": STRING}}]}},
            ("A", {"A": "AObject | AWithB", "AObject": {"a?": "str"}, "AWithB": {"a?": "str", "b?": "str"}}),
        ),
    ],
)
def test_circles_without_anything_between_say_nothing(components, expected):
    """A checker would refuse a type that is itself or something else."""
    assert read(ref("A"), components) == expected


def test_merged_circles_end():
    """Two schemas that hold together, and lead to each other only so, would otherwise be merged for ever."""
    components = {
        "A": {"properties": {"x": ref("A"), "a": STRING}},
        "B": {"properties": {"x": ref("B"), "b": STRING}},
    }
    below = {"x?": "object", "a?": "str", "b?": "str"}
    assert read({"allOf": [ref("A"), ref("B")]}, components) == (
        "XResponse",
        {"XResponse": {**below, "x?": "XResponseX"}, "XResponseX": below},
    )


def test_a_schema_that_is_merged_into_what_it_leads_to_has_the_name_of_its_place():
    """Nothing refers to it, and yet it is in itself."""
    below = {"allOf": [ref("A")], "properties": {"b": STRING}}
    assert read(ref("A"), {"A": {"properties": {"below": below}}}) == (
        "A",
        {"A": {"below?": "ABelow"}, "ABelow": {"below?": "ABelow", "b?": "str"}},
    )


def test_names_for_texts_and_numbers_are_not_kept():
    """ "Slug" would say less than "str"; names of several values are."""
    components = {"Slug": STRING, "Again": ref("Slug"), "State": {"enum": ["a", "b"]}, "Many": {"items": ref("Slug")}}
    schema = {"properties": {name.lower(): ref(name) for name in components}}
    assert read(schema, components)[1] == {
        "XResponse": {"slug?": "str", "again?": "str", "state?": "State", "many?": "Many"},
        "State": 'Literal["a", "b"]',
        "Many": "list[str]",
    }


def test_words_beside_a_reference_count_in_3_1_alone():
    """In 3.0 they are ignored, but for the word that it may be null, which everybody writes there."""
    schema = {**ref("A"), "properties": {"b": STRING}}
    components = {"A": {"type": "object", "properties": {"a": STRING}}}
    assert read(schema, components, version="3.1.0")[1] == {"XResponse": {"a?": "str", "b?": "str"}}
    assert read(schema, components, version="3.0.3") == ("A", {"A": {"a?": "str"}})
    assert type_of({**ref("A"), "nullable": True}, components, version="3.0.3") == "A | None"


def test_a_component_that_may_be_null_names_itself_and_what_it_is_else():
    """The object in it has the name of its equal, or its own without a "Nullable"."""
    user = {"type": "object", "properties": {"name": STRING}}
    components = {"NullableUser": {**user, "nullable": True}}
    assert read(ref("NullableUser"), components, version="3.0.3") == (
        "NullableUser",
        {"NullableUser": "User | None", "User": {"name?": "str"}},
    )
    components = {"MaybeUser": {**user, "nullable": True}, "Person": user}
    assert read(ref("MaybeUser"), components, version="3.0.3")[1] == {
        "MaybeUser": "Person | None",
        "Person": {"name?": "str"},
    }


@pytest.mark.parametrize(
    ("schema", "said", "where"),
    [
        ({"type": "text"}, "says type: text; expected one of string, integer, number", ""),
        ({"type": ["string", "any"]}, "says type: any; expected one of", ""),
        ({"properties": {"a": 5}}, "is 5; a schema is expected there", "/properties/a"),
        ({"items": "x"}, "is 'x'; a schema is expected there", "/items"),
        ({"properties": ["a"]}, "is a list; an object is expected there", "/properties"),
        ({"oneOf": {"a": 1}}, "is an object; a list is expected there", "/oneOf"),
        ({"items": {"$ref": "#/gone"}}, "refers to '#/gone', and there is nothing there", "/items"),
        ({"$ref": "#/paths/~1x/post/responses/200/content/application~1json/schema"}, "in a circle", ""),
    ],
)
def test_what_is_no_schema_is_refused_with_its_place(schema, said, where):
    """The place is an attribute, too."""
    with pytest.raises(DescriptionError, match=said) as caught:
        read(schema)
    assert caught.value.where == (
        f"the description#/paths/~1x/post/responses/200/content/application~1json/schema{where}"
    )
