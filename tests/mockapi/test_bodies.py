"""What a mock answers with."""

import dataclasses
import datetime as dt
import math
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockapi import UNSET, MockApiClient
from mockapi.bodies import Computed, Content, Failure, Stream, prepare

URL = "https://api.test/x"


@pytest.mark.parametrize(
    ("body", "data", "kind"),
    [
        (UNSET, b"", None),
        (None, b"null", "application/json"),
        ("hé", "hé".encode(), "text/plain; charset=utf-8"),
        (b"\x00", b"\x00", None),
        ({"a": [1, 2.5, True, None]}, b'{"a":[1,2.5,true,null]}', "application/json"),
        ((1, 2), b"[1,2]", "application/json"),
        (False, b"false", "application/json"),
    ],
)
def test_values_become_content(body, data, kind):
    """Each kind has its bytes and its media type."""
    assert prepare(body) == Content(data, kind)


def test_records_become_json(tmp_path):
    """Dataclasses and msgspec values are JSON objects, also inside lists; a Path is its content."""

    @dataclasses.dataclass
    class Row:
        id: int

    class Struct(msgspec.Struct):
        id: int

    assert prepare([Row(1), Struct(2)]) == Content(b'[{"id":1},{"id":2}]', "application/json")
    (tmp_path / "f").write_bytes(b"content")
    assert prepare(Path(tmp_path / "f")) == Content(b"content")


def test_json_is_copied_at_registration():
    """What the test does with its list afterwards is its own business."""
    rows = [1]
    prepared = prepare(rows)
    rows.append(2)
    assert prepared == Content(b"[1]", "application/json")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"a": [{"when": dt.date(2026, 1, 1)}]}, r"body\['a'\]\[0\]\['when'\] is datetime.date\(2026, 1, 1\)"),
        ({1: "x"}, "body has the key 1, a int; JSON objects have str keys. Write '1'"),
        ([math.nan], r"body\[0\] is nan"),
        ({"x": {1, 2}}, r"body\['x'\] is \{1, 2\}, a set, which JSON has no form for"),
        (object(), "body is <object object"),
    ],
)
def test_a_body_that_cannot_be_json_is_refused_with_its_place(body, text):
    """The place in the data, and what to give instead."""
    with pytest.raises(TypeError, match=text):
        prepare(body)


def test_exceptions_streams_and_functions_are_their_own_kinds():
    """They are not encoded."""
    assert isinstance(prepare(ValueError("x")), Failure)
    assert isinstance(prepare(ValueError), Failure)
    assert isinstance(prepare(iter([b"a"])), Stream)
    assert prepare(lambda request, query: 1).names == ("query",)
    assert isinstance(prepare(lambda request: 1), Computed)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda: 1, "takes no positional argument; expected one that takes the request"),
        (lambda request, user: 1, "asks for user; it gets the request, and then by name any of json, query"),
    ],
)
def test_a_body_function_with_other_parameters_is_refused(function, text):
    """At registration, not at the first request."""
    with pytest.raises(TypeError, match=text):
        prepare(function)


def test_a_body_function_gets_what_it_names():
    """By name: json, query, path_params."""

    def body(request, *, json, query, path_params):
        return {"method": request.method, "json": json, "query": query, "path": path_params}

    with MockApiClient() as mock:
        mock.add_mock_response("/p/$id/", method="POST", body=body)
        answer = httpx.post("https://api.test/p/a%20b/?x=1&x=2", json={"n": 1}).json()
    assert answer == {"method": "POST", "json": {"n": 1}, "query": {"x": ["1", "2"]}, "path": {"id": "a b"}}


def test_a_body_function_may_return_any_kind():
    """Also an exception, or a whole response."""
    with MockApiClient() as mock:
        mock.add_mock_response("/a", body=lambda request: httpx.Response(418, json={"tea": True}))
        mock.add_mock_response("/b", body=lambda request: httpx.ConnectError("down"))
        assert httpx.get("https://api.test/a").status_code == 418
        with pytest.raises(httpx.ConnectError, match="down"):
            httpx.get("https://api.test/b")


async def test_a_stream_can_be_read_any_number_of_times_by_both_kinds_of_callers():
    """A generator is no trap: its pieces are kept."""
    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=(piece for piece in (b"a", "b")))
        assert [httpx.get(URL).content for _ in range(2)] == [b"ab", b"ab"]
        async with httpx.AsyncClient() as client, client.stream("GET", URL) as response:
            assert [piece async for piece in response.aiter_raw()] == [b"a", b"b"]


async def test_an_async_stream_serves_async_callers_and_refuses_sync_ones():
    """The error says what to give instead."""

    async def pieces():
        yield b"a"
        yield b"b"

    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=pieces())
        async with httpx.AsyncClient() as client:
            assert [(await client.get(URL)).content for _ in range(2)] == [b"ab", b"ab"]
        with pytest.raises(TypeError, match="this mock's body is an async iterable, but a sync client asks"):
            httpx.get(URL)


async def test_an_async_body_function_serves_async_callers_and_refuses_sync_ones():
    """The error names the mock and what to give instead."""

    async def body(request):
        return {"url": str(request.url)}

    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=body)
        async with httpx.AsyncClient() as client:
            assert (await client.get(URL)).json() == {"url": URL}
        with pytest.raises(TypeError, match=r"the body of GET https://api.test/x \(added at .*\) is an async function"):
            httpx.get(URL)


def test_a_stream_of_other_things_is_refused():
    """Pieces are bytes or str."""
    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=iter([1]))
        with pytest.raises(TypeError, match="a stream gave 1, a int; expected pieces of bytes or str"):
            httpx.get(URL)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(body=JSON.filter(lambda value: not isinstance(value, str)))
def test_every_json_value_comes_back_equal(body):
    """What is registered is what the caller decodes."""
    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=body)
        assert httpx.get(URL).json() == body
