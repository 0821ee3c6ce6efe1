"""Places and parts of types have names by where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from query.api.generate.labels import labelled, parts, place_name
from query.api.generate.shapes import OBJECT, Field, Fields, Listed, Mapped, Referred, Shaped, union
from query.openapi.documents import Document


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        (("components", "schemas", "Order"), "Order"),
        (("components", "schemas", "Order", "properties", "lines", "items"), "Order lines"),
        (("definitions", "Order", "anyOf", 0), "Order"),
        (("components", "responses", "NotFound", "content", "application/json", "schema"), "NotFound"),
        ((), "Type"),
    ],
)
def test_a_place_is_called_by_the_names_that_lead_there(steps, name):
    """Words of the specification are none of them."""
    assert place_name(Document({}, None, {}).root.at(*steps)) == name


def test_a_whole_file_is_called_by_its_name():
    """Without what stands behind the dot."""
    assert place_name(Document({}, Path("a/order-line.yaml"), {}).root) == "order-line"


SHAPES = [Fields((Field("a", OBJECT, True),)), Fields((Field("b", OBJECT, True),))]


def test_shapes_are_called_by_key_and_container():
    """Item and Value are not said twice."""
    kind = union([Listed(Listed(Shaped(0))), Mapped(Mapped(Shaped(1)))])
    assert list(labelled(kind, "X", SHAPES)) == [(0, "XItem"), (1, "XValue")]


def test_parts_are_what_needs_a_name():
    """References and shapes at any depth."""
    to = Referred((0, (), "response"))
    assert list(parts(union([Listed(to), Mapped(Shaped(1)), OBJECT]))) == []
    assert list(parts(union([Listed(to), Mapped(Shaped(1))]))) == [to, Shaped(1)]
