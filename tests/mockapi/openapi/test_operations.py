"""Requests are held against an operation: parameters in every style, and bodies of every kind."""

from __future__ import annotations

import pytest

ID = "5f0f7b52-3a8e-4e1c-9d5e-6c7a1f6b9c11"
LINES = [{"sku": "B-1", "quantity": 1}]
URL = "https://x.test/things"
KEY = {"Idempotency-Key": ID}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({}, []),
        ({"limit": "5", "cursor": "a", "paid": "true"}, []),
        ({"limit": "ten"}, ["query limit: 'ten' is not of type \"integer\""]),
        ({"limit": "0"}, ["query limit: 0 is less than the minimum of 1"]),
        ({"paid": "yes"}, ["query paid: 'yes' is not of type \"boolean\""]),
        ({"cursor": ""}, ["query cursor: '' is shorter than 1 character"]),
        ({"status": ["open", "paid"]}, []),
        ({"status": ["open", "lost"]}, ['query status /1: \'lost\' is not one of "open", "paid" or "sent"']),
        ({"ids": "1,2"}, []),
        ({"ids": "1,x"}, ["query ids /1: 'x' is not of type \"integer\""]),
        ({"tags": "a|b"}, []),
        ({"filter[color]": "red", "filter[price][max]": "2.5"}, []),
        ({"filter[price][max]": "much"}, ["query filter /price/max: 'much' is not of type \"number\""]),
        ({"api_key": "k"}, []),
        (
            {"colour": "red"},
            ["query colour: is no parameter; there are: cursor, limit, status, ids, tags, filter, paid"],
        ),
    ],
)
def test_query_parameters_are_read_by_their_style(faults, query, wrong):
    """Arrays repeated, joined by commas or pipes; deep objects; numbers and booleans; API keys; what is not known."""
    assert faults("GET", "/orders", params=query) == wrong


@pytest.mark.parametrize(
    ("style", "explode", "schema", "url", "value_fits"),
    [
        ("simple", False, {"type": "array", "items": {"type": "integer"}}, "/x/1,2", True),
        ("simple", False, {"type": "array", "items": {"type": "integer"}}, "/x/1,b", False),
        ("label", False, {"type": "integer"}, "/x/.5", True),
        ("label", True, {"type": "array", "items": {"type": "integer"}}, "/x/.1.2", True),
        ("label", False, {"type": "array", "items": {"type": "integer"}}, "/x/.1,b", False),
        ("matrix", False, {"type": "integer"}, "/x/;at=5", True),
        ("matrix", False, {"type": "array", "items": {"type": "integer"}}, "/x/;at=1,2", True),
        ("matrix", True, {"type": "array", "items": {"type": "integer"}}, "/x/;at=1;at=b", False),
        ("simple", False, {"type": "object", "properties": {"a": {"type": "integer"}}}, "/x/a,1,b,c", True),
        ("simple", True, {"type": "object", "properties": {"a": {"type": "integer"}}}, "/x/a=b", False),
        ("label", True, {"type": "object", "properties": {"a": {"type": "integer"}}}, "/x/.a=1", True),
        ("matrix", True, {"type": "object", "properties": {"a": {"type": "integer"}}}, "/x/;a=1", True),
        ("matrix", False, {"type": "object", "properties": {"a": {"type": "integer"}}}, "/x/;at=a,z", False),
    ],
)
def test_path_parameters_are_read_by_their_style(described, faults, style, explode, schema, url, value_fits):
    """simple, label and matrix, exploded or not, for values, arrays and objects."""
    parameter = {"name": "at", "in": "path", "required": True, "style": style, "explode": explode, "schema": schema}
    operation = {"parameters": [parameter], "responses": {}}
    found = faults("GET", "https://x.test" + url, openapi=described(operation, path="/x/{at}"))
    assert (not found) is value_fits


def test_an_object_may_be_spread_over_the_query(described, faults):
    """form with explode: each property is a parameter; others must be declared themselves."""
    parameters = [
        {
            "name": "box",
            "in": "query",
            "schema": {
                "type": "object",
                "required": ["w"],
                "properties": {"w": {"type": "integer"}},
                "additionalProperties": False,
            },
        },
        {"name": "q", "in": "query", "schema": {"type": "string"}},
    ]
    openapi = described({"parameters": parameters, "responses": {}})
    assert faults("GET", f"{URL}?w=1&q=a", openapi=openapi) == []
    assert faults("GET", f"{URL}?w=a", openapi=openapi) == ["query box /w: 'a' is not of type \"integer\""]
    assert faults("GET", f"{URL}?h=1", openapi=openapi) == ["query h: is no parameter; there are: box, q"]


def test_a_parameter_may_be_json(described, faults):
    """``content`` instead of ``schema``."""
    schema = {"type": "object", "required": ["a"]}
    parameter = {"name": "q", "in": "query", "content": {"application/json": {"schema": schema}}}
    openapi = described({"parameters": [parameter], "responses": {}})
    assert faults("GET", URL, params={"q": '{"a": 1}'}, openapi=openapi) == []
    assert faults("GET", URL, params={"q": "{}"}, openapi=openapi) == ["query q: 'a' is missing"]
    assert faults("GET", URL, params={"q": "{"}, openapi=openapi) == ["query q: '{' is no JSON"]


def test_what_is_required_must_be_there(faults):
    """A header and a body that are required, and a cookie that is not."""
    assert faults("POST", "/orders") == [
        "header Idempotency-Key: is missing, and it is required (string)",
        "body: is missing, and it is required (application/json)",
    ]
    assert faults("GET", f"/orders/{ID}") == []


def test_headers_and_cookies_are_checked(faults):
    """By name without regard to case; a secret is not shown."""
    assert faults("GET", "/orders", headers={"x-trace": "zz"}) == [
        "header X-Trace: 'zz' does not match \"^[0-9a-f]{8}$\""
    ]
    assert faults("GET", f"/orders/{ID}", headers={"cookie": "a=b; session=abc"}) == [
        "cookie session: '***' is shorter than 4 characters"
    ]


def test_a_json_body_is_checked_with_the_place_in_it(faults):
    """Through references, allOf and a discriminator."""
    body = {"status": "open", "lines": [{"sku": "b", "quantity": 0, "x": 1}], "payment": {"kind": "sepa", "iban": "x"}}
    assert faults("POST", "/orders", json=body, headers=KEY) == [
        "body /lines/0/sku: 'b' does not match \"^[A-Z]-\\d+$\"",
        "body /lines/0/quantity: 0 is less than or equal to the minimum of 0",
        "body /lines/0: 'x' must not be there; there may be sku, quantity, price",
        "body /payment/iban: 'x' is shorter than 5 characters",
    ]


def test_what_is_read_only_is_not_sent_and_not_required(faults):
    """``id`` and ``created`` are the server's; ``gift_code`` is the program's."""
    body = {"status": "open", "lines": LINES, "gift_code": "g", "note": None}
    assert faults("POST", "/orders", json=body, headers=KEY) == []
    assert faults("POST", "/orders", json={**body, "id": ID}, headers=KEY) == [
        "body /id: readOnly: the server makes it, so a request does not have it"
    ]


def test_a_discriminator_names_what_there_is(faults):
    """A kind that is not among those of the mapping."""
    body = {"status": "open", "lines": LINES, "payment": {"kind": "cash"}}
    assert faults("POST", "/orders", json=body, headers=KEY) == [
        "body /payment: 'kind' is 'cash'; expected one of card, sepa"
    ]


def test_a_body_of_another_media_type_is_refused(faults):
    """Also one without a type, one that is no JSON, and one where there should be none."""
    typed = {**KEY, "content-type": "text/plain"}
    assert faults("POST", "/orders", content=b"a", headers=typed) == [
        "header content-type: 'text/plain'; expected application/json"
    ]
    assert faults("POST", "/orders", content=b"a", headers=KEY) == [
        "header content-type: no content type; expected application/json"
    ]
    broken = faults("POST", "/orders", content=b"{", headers={**KEY, "content-type": "application/json"})
    assert broken[0].startswith("body: '{' is no JSON")
    assert faults("DELETE", f"/orders/{ID}", content=b"x") == [
        "body: must not be there: the operation has no requestBody"
    ]


def test_a_range_of_media_types_takes_all_of_them(described, faults):
    """``image/*`` takes image/png, and not text/plain."""
    openapi = described({"requestBody": {"content": {"image/*": {}}}, "responses": {}}, method="post")

    def send(kind):
        return faults("POST", URL, content=b"x", headers={"content-type": kind}, openapi=openapi)

    assert send("image/png") == []
    assert send("text/plain") == ["header content-type: 'text/plain'; expected image/*"]


def test_a_multipart_form_is_checked_field_by_field(faults):
    """Files, numbers, repeated fields, JSON in a field, and fields that there are not."""
    good = {"purpose": "invoice", "copies": "3", "labels": ["a"], "about": '{"by": "x"}'}
    assert faults("POST", "/files", data=good, files={"file": b"%PDF\x00"}) == []
    bad = {"purpose": "cat", "copies": "4", "labels": ["a", ""], "about": "{}", "q": "1"}
    assert faults("POST", "/files", data=bad, files={"file": b"x"}) == [
        'body /purpose: \'cat\' is not one of "invoice" or "photo"',
        "body /copies: 4 is greater than the maximum of 3",
        "body /labels/1: '' is shorter than 1 character",
        "body /about: 'by' is missing",
        "body: 'q' must not be there; there may be file, purpose, copies, labels, about",
    ]


def test_a_plain_form_is_checked_and_keeps_its_secrets(faults):
    """application/x-www-form-urlencoded."""
    assert faults("POST", "/login", data={"user": "a", "password": "long enough", "remember": "true"}) == []
    assert faults("POST", "/login", data={"user": "a", "password": "short"}) == [
        "body /password: '***' is shorter than 8 characters"
    ]


def test_numbers_of_a_format_have_its_limits(described, faults):
    """int32 and int64 are ranges, byte is base64."""
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "format": "int32"},
            "b": {"type": "string", "format": "byte"},
        },
    }
    body = {"content": {"application/json": {"schema": schema}}}
    openapi = described({"requestBody": body, "responses": {}}, method="post")

    def send(data):
        return faults("POST", URL, json=data, openapi=openapi)

    assert send({"a": 2**31 - 1, "b": "aGk="}) == []
    assert send({"a": 2**31, "b": "?"}) == [
        "body /a: 2147483648 is greater than the maximum of 2147483647",
        "body /b: '?' is not a \"byte\"",
    ]
