"""The types module: Python that runs, whatever the names of keys are."""

import typing

import pytest
import typing_extensions
from msgspec import structs

from query.api.generate.model import Backend, TypeAliasClass, TypedDictClass, TypedField
from query.api.generate.plan import make_plan
from query.api.generate.types_module import renamed, types_module, words_of


def run(*types):
    """The module with these types."""
    module = {"__name__": "backend_types"}
    source = types_module(make_plan(Backend(title="x", types=types)))
    exec(compile(source, "backend_types.py", "exec"), module)
    return source, module


def keys(name, *fields, **more):
    return TypedDictClass(
        name=name,
        fields=tuple(TypedField(name=key, type=type_, required=needed) for key, type_, needed in fields),
        **more,
    )


def test_the_module_of_a_backend(backend):
    """Objects, parameters and aliases, with what they say of themselves."""
    source = types_module(make_plan(backend))
    assert source.startswith(
        "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING, Literal, TypeAlias\n"
        "from typing_extensions import NotRequired, TypeAliasType, TypedDict\nfrom query.api import PathValue\n"
    )
    assert (
        'class Project(TypedDict):\n    """What is worked on."""\n    slug: str\n    size: NotRequired[int]\n'
        "    owner: User | None\n" in source
    )
    assert (
        'User = TypedDict(\n    "User",\n    {\n        "first-name": "str",\n        "state": "NotRequired[State]",\n'
        '        "class": "str",\n    },\n)\n' in source
    )
    assert 'State: TypeAlias = Literal["on", "off"]\n' in source
    assert 'Node = TypeAliasType("Node", "str | list[Node]")\n"""A tree."""\n' in source


def test_what_is_not_used_is_not_imported():
    """An empty object needs no more than itself."""
    source, module = run(keys("Empty"))
    assert source == (
        "from __future__ import annotations\n\nfrom typing_extensions import TypedDict\n\nclass Empty(TypedDict):\n"
        "    pass\n"
    )
    assert module["Empty"].__annotations__ == {}


def test_a_key_that_hides_a_type_is_written_as_a_text():
    """A field list: list[int] in a class would make list[str] below it mean the field."""
    source, module = run(keys("Page", ("list", "list[int]", True), ("other", "list[str]", True)))
    assert "class Page" not in source
    hints = typing_extensions.get_type_hints(module["Page"], module)
    assert hints == {"list": list[int], "other": list[str]}


@pytest.mark.parametrize("key", ["a-b", "class", "__secret", "", 'say "hi"', "é è"])
def test_any_text_may_be_a_key(key):
    """As on the wire."""
    _, module = run(keys("Odd", (key, "int", True)))
    assert list(module["Odd"].__annotations__) == [key]


def test_types_that_are_texts_have_no_backslashes():
    """ty reads none that have."""
    circle = TypeAliasClass(name="B", type='list[B] | Literal["z"]')
    text, _ = run(keys("A", ("b-c", 'Literal["x", "y"]', True)), circle)
    assert """"b-c": 'Literal["x", "y"]'""" in text
    assert """TypeAliasType("B", 'list[B] | Literal["z"]')""" in text


def test_aliases_find_those_that_they_use():
    """In whatever order the document names them."""
    _, module = run(
        TypeAliasClass(name="A", type="list[B] | None"),
        TypeAliasClass(name="B", type="dict[str, C]"),
        TypeAliasClass(name="C", type='Literal["A"]'),
    )
    assert module["A"] == list[dict[str, typing.Literal["A"]]] | None


def test_an_alias_that_uses_itself_comes_first_and_runs():
    """Its expression is a text."""
    source, module = run(
        keys("Leaf", ("tree", "Tree", True)), TypeAliasClass(name="Tree", type="Leaf | list[Tree]", doc="A tree.")
    )
    assert isinstance(module["Tree"], typing_extensions.TypeAliasType)
    assert source.index("Tree = TypeAliasType(") < source.index("class Leaf")


def test_aliases_that_need_one_another_become_one_that_needs_itself():
    """Checkers disagree about longer circles."""
    source, module = run(
        TypeAliasClass(name="A", type='list[B] | Literal["B"]'),
        TypeAliasClass(name="B", type="int | A"),
        TypeAliasClass(name="D", type="list[A]"),
    )
    assert """B = TypeAliasType("B", 'int | list[B] | Literal["B"]')""" in source
    assert 'A: TypeAlias = list[B] | Literal["B"]' in source
    assert "D: TypeAlias = list[A]" in source
    assert isinstance(module["B"], typing_extensions.TypeAliasType)


def test_a_longer_circle_is_shortened_to_one_alias():
    """Whichever way round it goes."""
    source, module = run(
        TypeAliasClass(name="A", type="list[B]"),
        TypeAliasClass(name="B", type="list[C]"),
        TypeAliasClass(name="C", type="dict[str, A] | list[C]"),
    )
    assert source.count("TypeAliasType(") == 1
    assert 'C = TypeAliasType("C", "dict[str, list[list[C]]] | list[C]")' in source


def test_words_in_literals_are_no_names():
    """So that nothing is renamed or ordered by them."""
    assert words_of("""Literal["A b", 'C'] | D""") == ["Literal", "D"]
    assert renamed("""Literal["A", 'A'] | A | list[AB]""", {"A": "Z"}) == """Literal["A", 'A'] | Z | list[AB]"""
    assert renamed("A", {}) == "A"


def test_the_same_backend_gives_the_same_text(backend):
    """Also when its types come in another order."""
    again = structs.replace(backend, types=backend.types[::-1])
    assert types_module(make_plan(backend)) == types_module(make_plan(again))
