"""A body is matched by a JSON schema."""

from __future__ import annotations

import httpx
import pytest

from mockapi import Mismatch, match_schema

SCHEMA = {
    "type": "object",
    "required": ["sku"],
    "properties": {"quantity": {"type": "integer", "minimum": 1}, "password": {"type": "integer"}},
}


def post(**parts):
    request = httpx.Request("POST", "https://x.test/", **parts)
    request.read()
    return request


def test_a_body_that_is_as_the_schema_says_fits():
    """Formats count, and a schema may be a bool."""
    assert match_schema(SCHEMA)(post(json={"sku": "a", "quantity": 2})) is True
    assert match_schema(True)(post(json=[])) is True
    assert not match_schema({"format": "date"})(post(json="2024-13-01"))


def test_a_body_that_is_not_is_told_with_all_places():
    """The first five, values short and secrets masked."""
    outcome = match_schema(SCHEMA)(post(json={"quantity": 0, "password": "hunter2"}))
    assert isinstance(outcome, Mismatch)
    assert sorted(outcome.reason.split("; ")) == [
        '"sku" is a required property',
        "/password: '***' is not of type \"integer\"",
        "/quantity: 0 is less than the minimum of 1",
    ]
    many = match_schema({"items": {"type": "string"}})(post(json=list(range(8))))
    assert isinstance(many, Mismatch)
    assert many.reason.endswith('/4: 4 is not of type "string", and 3 more')
    long = match_schema({"type": "integer"})(post(json="x" * 200))
    assert isinstance(long, Mismatch)
    assert "... (202 characters) is not" in long.reason


@pytest.mark.parametrize(("parts", "reason"), [({}, "the body is empty"), ({"content": b"{"}, "the body is no JSON")])
def test_a_body_that_is_no_json_does_not_fit(parts, reason):
    """Nor does none at all."""
    assert match_schema({})(post(**parts)) == Mismatch("data", reason)


@pytest.mark.parametrize(
    ("schema", "error", "text"),
    [
        ([], TypeError, "takes a JSON schema as a dict, got \\[\\]"),
        ({"type": "text"}, ValueError, "takes a JSON schema, and this is none"),
        ({"$ref": "https://x.test/schema"}, ValueError, "leads out of the schema"),
    ],
)
def test_what_is_no_schema_is_refused_at_once(schema, error, text):
    """Where the matcher is made."""
    with pytest.raises(error, match=text):
        match_schema(schema)


def test_it_shows_itself_without_secrets():
    """As other matchers do."""
    assert repr(match_schema({"default": {"token": "x"}})) == "match_schema({'default': {'token': '***'}})"
