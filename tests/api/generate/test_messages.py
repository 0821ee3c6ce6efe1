"""Bodies are those of JSON, and what an operation answers is what its good statuses do."""

from __future__ import annotations

import pytest

from query.api.generate.backend import read_backend
from query.api.generate.messages import is_json

STRING = {"schema": {"type": "string"}}
LIST = {"schema": {"type": "array", "items": {"type": "string"}}}


def operation_of(operation, method="post", components=None):
    document = {
        "openapi": "3.0.3",
        "info": {"title": "T"},
        "paths": {"/x": {method: {"responses": {}, **operation}}},
        "components": components or {},
    }
    return read_backend(document).operations[0]


def answers(**media):
    return {"description": "x", "content": media}


@pytest.mark.parametrize(
    ("responses", "method", "expected"),
    [
        ({"200": answers(**{"application/json": STRING})}, "get", ("str", "200", "application/json")),
        ({"202": answers(**{"application/json": {}}), "404": {}}, "get", ("object", "202", "application/json")),
        ({"204": {}, "201": answers(**{"application/json": STRING})}, "get", ("str | None", "201", "application/json")),
        (
            {"200": answers(**{"application/json": STRING}), "202": answers(**{"application/json": LIST})},
            "get",
            ("str | list[str]", "200", "application/json"),
        ),
        ({"200": answers(**{"application/json": STRING}), "202": {}}, "get", ("str", "200", "application/json")),
        (
            {"200": answers(**{"application/json": STRING}), "202": answers(**{"application/json": {}})},
            "get",
            ("str", "200", "application/json"),
        ),
        (
            {"200": answers(**{"application/json": STRING}), "206": answers(**{"image/png": {}})},
            "get",
            ("str", "200", "application/json"),
        ),
        ({"200": answers(**{"text/csv": {}}), "204": {}}, "get", ("str", "200", "text/csv")),
        ({"202": {}, "204": {}}, "get", ("object", "202", "")),
        ({"204": {"description": "x"}}, "get", ("None", "204", "")),
        ({"200": {"description": "x"}}, "get", ("object", "200", "")),
        ({"200": answers(**{"application/json": STRING})}, "head", ("None", "200", "")),
        ({"2xx": answers(**{"application/json": STRING})}, "get", ("str", "2XX", "application/json")),
        ({"default": answers(**{"application/json": STRING})}, "get", ("str", "default", "application/json")),
        ({"302": {}, "404": answers(**{"application/json": STRING})}, "get", ("object", "", "")),
        ({"200": answers(**{"text/csv": STRING})}, "get", ("str", "200", "text/csv")),
        ({"200": answers(**{"image/png": {}})}, "get", ("bytes", "200", "image/png")),
        ({"200": answers(**{"*/*": STRING})}, "get", ("str", "200", "*/*")),
        (
            {"200": answers(**{"text/html": {}, "application/hal+json": {}, "application/json; v=1": STRING})},
            "get",
            ("str", "200", "application/json; v=1"),
        ),
        ({"200": {"$ref": "#/components/responses/R"}}, "get", ("str", "200", "application/json")),
    ],
)
def test_the_answer_is_that_of_the_good_statuses(responses, method, expected):
    """JSON before other media; text and bytes for what is no JSON; object where the first says nothing."""
    components = {"responses": {"R": answers(**{"application/json": STRING})}}
    found = operation_of({"responses": responses}, method, components)
    assert (found.response, found.response_status, found.response_media) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"content": {"application/json": STRING}, "required": True}, ("str", True, "application/json")),
        ({"content": {"application/json": STRING}}, ("str", False, "application/json")),
        ({"content": {"multipart/form-data": STRING}, "required": True}, (None, True, "multipart/form-data")),
        (
            {"content": {"text/plain": {}, "application/merge-patch+json": STRING}},
            ("str", False, "application/merge-patch+json"),
        ),
        ({"content": {}}, (None, False, "")),
        ({"$ref": "#/components/requestBodies/B"}, ("str", False, "application/json")),
        (None, (None, False, "")),
    ],
)
def test_a_body_is_one_of_json(body, expected):
    """Forms and files have a media type, and no type."""
    components = {"requestBodies": {"B": {"content": {"application/json": STRING}}}}
    found = operation_of({} if body is None else {"requestBody": body}, components=components)
    assert (found.body, found.body_required, found.body_media) == expected


@pytest.mark.parametrize(
    ("operation", "pages"),
    [
        ({"parameters": [{"name": "cursor", "in": "query"}]}, True),
        ({"parameters": [{"name": "page", "in": "query"}]}, True),
        ({"parameters": [{"name": "per_page", "in": "query"}]}, False),
        ({"responses": {"200": {"headers": {"link": {}}}}}, True),
        ({"responses": {"200": {"headers": {"ETag": {}}}, "404": {"headers": {"Link": {}}}}}, False),
        ({"responses": {"200": {"$ref": "#/components/responses/R"}}}, True),
    ],
)
def test_a_document_speaks_of_pages_by_a_header_or_a_parameter(operation, pages):
    """Of the answer, whatever the case of its name."""
    components = {"responses": {"R": {"description": "x", "headers": {"Link": {}}}}}
    assert operation_of(operation, components=components).pages is pages


def test_which_media_are_json():
    """Also those that may be, for servers that do not care."""
    assert all(map(is_json, ["application/json", "Application/JSON; charset=utf-8", "a/b+json", "*/*", "text/json"]))
    assert not any(map(is_json, ["text/plain", "application/x-ndjson", "application/jsonl", "image/*"]))
