"""Globs say which operations are wanted, and one that fits nothing is a mistake."""

from __future__ import annotations

import pytest

from query.api.generate.selection import Candidate, select
from query.openapi.documents import Document
from query.openapi.errors import DescriptionError

NODE = Document({}, None, {}).root
ALL = [
    Candidate("/orders", "GET", NODE, NODE, ("orders",)),
    Candidate("/orders/{id}/lines", "GET", NODE, NODE, ("orders", "lines")),
    Candidate("/users/{id}", "GET", NODE, NODE, ()),
]


def chosen(**globs):
    return [one.template for one in select(ALL, globs.get("include", ()), globs.get("exclude", ()))]


@pytest.mark.parametrize(
    ("globs", "templates"),
    [
        ({}, ["/orders", "/orders/{id}/lines", "/users/{id}"]),
        ({"include": ["/orders*"]}, ["/orders", "/orders/{id}/lines"]),
        ({"include": ["/users/{id}"]}, ["/users/{id}"]),
        ({"include": ["tag:li*"]}, ["/orders/{id}/lines"]),
        ({"exclude": ["tag:orders"]}, ["/users/{id}"]),
        ({"include": iter(["/orders*", "/users*"]), "exclude": ["*/lines"]}, ["/orders", "/users/{id}"]),
    ],
)
def test_globs_choose(globs, templates):
    """A star stands for slashes too; what is left out is left out of what is taken in."""
    assert chosen(**globs) == templates


@pytest.mark.parametrize(
    ("globs", "said"),
    [
        ({"include": ["/order"]}, r"include='/order' fits no path of the document. It has /orders"),
        ({"exclude": ["tag:line"]}, r"exclude='tag:line' fits no tag of the document. It has lines"),
        ({"include": ["/users*"], "exclude": ["/users*"]}, "leaves out all that"),
    ],
)
def test_a_glob_that_does_nothing_is_refused(globs, said):
    """With what the document has."""
    with pytest.raises(DescriptionError, match=said):
        chosen(**globs)


def test_a_text_in_the_place_of_several_is_refused():
    """It would be read letter by letter."""
    with pytest.raises(
        TypeError, match=r"include='/orders' is a text; expected several, such as include=\[\"/orders\"\]"
    ):
        chosen(include="/orders")
