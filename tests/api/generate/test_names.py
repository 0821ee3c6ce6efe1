"""Words of a document become names that Python takes."""

from __future__ import annotations

import builtins
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.api.generate.names import RESERVED, Names, class_name, source, spelled_out


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("order", "Order"),
        ("repos/get-content", "ReposGetContent"),
        ("List an Organization's Projects", "ListAnOrganizationsProjects"),
        ("io.k8s.api.core.v1.Pod", "IoK8sApiCoreV1Pod"),
        ("Page[Item]", "PageItem"),
        ("orderURL_id", "OrderURLId"),
        ("3d-model", "Type3dModel"),
        ("", "Type"),
        ("---", "Type"),
        ("größe", "Größe"),
        ("a²", "A2"),
        ("a\u09f4b", "Ab"),
    ],
)
def test_words_become_a_name(text, name):
    """Letters and digits stay, what is between them makes the next one large."""
    assert class_name(text) == name


@given(st.text())
def test_any_text_becomes_an_identifier(text):
    """Whatever somebody calls a schema."""
    assert class_name(text).isidentifier()
    assert spelled_out(text).isidentifier()


def test_a_name_can_keep_words_apart():
    """For one of two that would be the same."""
    assert spelled_out("foo-bar") == "Foo_Bar"


def test_names_of_python_get_an_underscore():
    """A module in which Warning is a TypedDict would surprise."""
    names = Names()
    assert [names.take([name]) for name in ("Warning", "None", "Literal", "Order")] == [
        "Warning_",
        "None_",
        "Literal_",
        "Order",
    ]
    assert {*keyword.kwlist, *dir(builtins)} <= RESERVED


def test_the_first_free_name_is_taken_and_a_number_is_the_last_resort():
    """How often that happened is counted."""
    names = Names()
    assert names.take(["A", "B"]) == "A"
    assert names.take(["A", "B"]) == "B"
    assert names.numbered == 0
    assert names.take(["A", "B"]) == "A2"
    assert names.take(["A", "B"]) == "A3"
    assert names.numbered == 2


@given(st.one_of(st.text(), st.integers(), st.booleans()))
def test_a_value_of_a_literal_is_read_back(value):
    """As Python writes it, in double quotes where that needs no escape."""
    text = source(value)
    assert eval(text) == value
    assert type(eval(text)) is type(value)
    if isinstance(value, str) and '"' not in value:
        assert text.startswith('"')
