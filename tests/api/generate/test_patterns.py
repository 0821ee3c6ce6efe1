"""Paths of a document become patterns that say the same, and only one of each URL."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.api.generate.patterns import read_pattern, with_prefix
from query.api.url import get_api_url, path_params
from query.openapi.documents import Document
from query.openapi.errors import DescriptionError

NODE = Document({"paths": {"/x": {}}}, None, {}).root.at("paths", "/x")


@pytest.mark.parametrize(
    ("path", "pattern", "names"),
    [
        ("/orders/{orderId}", "/orders/$orderId", {"orderId": "orderId"}),
        ("/v/{v}_raw", "/v/${v}_raw", {"v": "v"}),
        ("/v/{v}1", "/v/${v}1", {"v": "v"}),
        ("/compare/{base}...{head}", "/compare/$base...$head", {"base": "base", "head": "head"}),
        ("/{a}{b}/{a}:cancel", "/$a$b/$a:cancel", {"a": "a", "b": "b"}),
        ("/files/{file_path:path}", "/files/$file_path", {"file_path": "file_path"}),
        ("/$count/{x}$", "/$$count/$x$$", {"x": "x"}),
        ("/{order-id}/{class}", "/$order_id/$class", {"order-id": "order_id", "class": "class"}),
        ("/{a-b}/{a.b}/{a_b}", "/$a_b_2/$a_b_3/$a_b", {"a-b": "a_b_2", "a.b": "a_b_3", "a_b": "a_b"}),
        ("/{1st}/{é}/", "/$_1st/$_/", {"1st": "_1st", "é": "_"}),
    ],
)
def test_a_path_becomes_a_pattern(path, pattern, names):
    """Every grammar of parameters; names that are no identifiers become some."""
    found = read_pattern(NODE, path, ())
    assert found.text == pattern
    assert dict(found.names) == names
    assert set(path_params(pattern)) == set(names.values())


def test_a_colon_is_part_of_the_name_where_the_document_declares_it():
    """Else what stands behind it belongs to the router."""
    assert read_pattern(NODE, "/{a:path}", {"a:path"}).names == (("a:path", "a_path"),)
    assert read_pattern(NODE, "/{a:[0-9]+}", {"a"}).names == (("a", "a"),)
    assert read_pattern(NODE, "/{a:b}", ()).names == (("a:b", "a_b"),)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("orders", "the path 'orders' does not begin with a slash. Write '/orders'"),
        ("/orders/{}", "has braces that enclose no parameter"),
        ("/orders/{id", "has braces that enclose no parameter"),
        ("/orders/{a/b}", "has braces that enclose no parameter"),
    ],
)
def test_a_path_that_is_none_is_refused(path, said):
    """With its place."""
    with pytest.raises(DescriptionError, match=said) as caught:
        read_pattern(NODE, path, ())
    assert caught.value.where == "the description#/paths/~1x"


def test_a_prefix_with_a_dollar_is_a_text():
    """It is no pattern."""
    found = read_pattern(NODE, "/$a/{b}", ())
    assert with_prefix(found, NODE, "/$a", "/$c").text == "/$$c/$b"


NAMES = st.text("ab_-.1$é", min_size=1, max_size=4)
PARTS = st.one_of(st.text("ab_$-.1", max_size=3), NAMES.map(lambda name: f"{{{name}}}"))


@given(st.lists(st.lists(PARTS, max_size=4).map("".join), min_size=1, max_size=4))
def test_a_pattern_filled_in_is_the_path_filled_in(segments):
    """Each parameter gets a value of its own, so none is mixed up with another."""
    path = "/" + "/".join(segments)
    found = read_pattern(NODE, path, ())
    values = {usable: f"v{number}" for number, (_, usable) in enumerate(found.names)}
    by_name = {name: values[usable] for name, usable in found.names}

    assert len(values) == len(found.names)
    assert get_api_url(found.text, path=values) == re.sub(r"\{([^{}/]+)\}", lambda match: by_name[match[1]], path)
