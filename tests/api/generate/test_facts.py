"""Schemas that hold together are one, which says what all of them say."""

from __future__ import annotations

from query.api.generate.facts import Facts, parts
from query.openapi.documents import Document


def facts_of(*schemas, is_3_0=False, **others):
    root = Document({"all": list(schemas), **others}, None, {}).root
    found = Facts(is_3_0=is_3_0)
    for node in root.sequence("all"):
        found.add(node)
    return found


def test_types_and_values_are_those_that_all_allow():
    """A number may be an integer."""
    found = facts_of(
        {"type": ["string", "number"], "enum": [1, "a", 2]}, {"type": ["integer", "null"], "enum": [2, 3, 1]}
    )
    assert found.known_kinds == ["integer"]
    assert found.values == [1, 2]


def test_nothing_is_left_of_types_that_exclude_each_other():
    """Nor of a schema that allows nothing."""
    assert facts_of({"type": "string"}, {"type": "integer"}).kinds == []
    assert facts_of({"type": "string"}, False).kinds == []


def test_types_follow_from_other_words():
    """Where none is said."""
    assert facts_of({"properties": {"a": {}}}).known_kinds == ["object"]
    assert facts_of({"items": {}}).known_kinds == ["array"]
    assert facts_of({"title": "x"}).known_kinds == []
    assert facts_of({"type": "number"}).known_kinds == ["number"]


def test_properties_are_those_of_any_and_required_if_one_says_so():
    """Each with all of its schemas."""
    found = facts_of({"properties": {"a": {"type": "string"}}, "required": ["b"]}, {"properties": {"a": {}, "b": {}}})
    assert {name: len(nodes) for name, nodes in found.properties.items()} == {"a": 2, "b": 1}
    assert list(found.required) == ["b"]


def test_references_are_followed_once():
    """A circle ends where it began."""
    found = facts_of({"$ref": "#/a"}, a={"allOf": [{"$ref": "#/a"}, {"type": "object", "title": "A"}]})
    assert (found.kinds, found.title) == (["object"], "A")


def test_a_copy_is_added_to_alone():
    """Branches of a choice do not see each other."""
    one = facts_of({"properties": {"a": {}}, "required": ["a"]})
    other = one.copy()
    other.add(Document({"properties": {"a": {}, "b": {}}, "required": ["b"]}, None, {}).root)
    assert (list(one.properties), len(one.properties["a"]), list(one.required)) == (["a"], 1, ["a"])
    assert (list(other.properties), len(other.properties["a"]), list(other.required)) == (["a", "b"], 2, ["a", "b"])


def test_parts_are_what_says_something_each_once():
    """Whatever holds them together, and what is only a comment, is none."""
    data = {
        "allOf": [{"description": "x"}, {"allOf": [{"$ref": "#/a"}]}, {"$ref": "#/a"}, {"type": "object"}, {}],
        "a": {"type": "string"},
    }
    assert [node.value for node in parts([Document(data, None, {}).root], is_3_0=False)] == [{"$ref": "#/a"}]


def test_a_type_alone_is_a_part_if_nothing_else_is():
    """An object is more than anything."""
    data = {"allOf": [{"type": "object"}]}
    assert [node.value for node in parts([Document(data, None, {}).root], is_3_0=True)] == [{"type": "object"}]
