"""What a mock answers with."""

import asyncio
import dataclasses
import datetime as dt
import math
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import httpx
import httpx2
import msgspec
import pytest
from forgiving import forgiving
from hypothesis import given
from hypothesis import strategies as st

from mockapi import UNSET, MockApiClient
from mockapi.bodies import Computed, Content, Failure, prepare
from mockapi.errors import BodyError
from mockapi.streams import Stream, run_blocking

URL = "https://api.test/x"
KNOT = [{}]
KNOT[0]["k"] = KNOT


class Holder(msgspec.Struct):
    value: object


class Reusable:
    """Iterable, but no iterator."""

    def __iter__(self):
        return iter([b"a", b"b"])


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

    class Model:
        """In the shape of pydantic's."""

        def model_dump(self, mode):
            return {"mode": mode}

    assert prepare({"m": Model()}) == Content(b'{"m":{"mode":"json"}}', "application/json")
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
        ({"a": Holder(object())}, r"body\['a'\] is Holder\(.*which msgspec cannot make JSON of"),
        (KNOT, r"body\[0\]\['k'\] is the very list that it stands in"),
        ({"m": Mock()}, r"body\['m'\] is <Mock"),
        (["\ud800"], "half of a surrogate pair"),
        (..., r"body is the \.\.\. of a pasted mock"),
        (httpx.HTTPStatusError, "Give the status: status_code=500"),
        (UnicodeDecodeError, r"body is the class UnicodeDecodeError, .* Give an instance of it"),
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
    assert isinstance(prepare(Reusable()), Stream)
    assert prepare(lambda request, query: 1).names == ("query",)
    assert isinstance(prepare(lambda request: 1), Computed)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda request, user: 1, "asks for user; it gets the request first, and then by name any of json, query"),
        (lambda request, *, user: 1, "asks for user"),
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


def test_a_factory_without_parameters_makes_a_new_body_for_each_request():
    """Such as a generator function; a parameter of a known name gets its part even if it comes first."""

    def pieces():
        yield b"a"
        yield b"b"

    with MockApiClient() as mock:
        mock.add_mock_response("/a", body=pieces)
        assert [httpx.get("https://api.test/a").text for _ in range(2)] == ["ab", "ab"]
        mock.add_mock_response("/b", body=lambda query: query)
        assert httpx.get("https://api.test/b?x=1").json() == {"x": "1"}
        mock.add_mock_response("/f", method="POST", body=lambda request, form, data, json: [form, data, json])
        assert httpx.post("https://api.test/f", data={"a": "1"}).json() == [{"a": "1"}, {"a": "1"}, None]
        mock.add_mock_response("/c", body=Mock(return_value={"n": 1}))
        assert httpx.get("https://api.test/c").json() == {"n": 1}


async def test_an_async_body_function_serves_both_kinds_of_callers():
    """For a sync client it runs on an event loop of its own."""

    async def body(request):
        await asyncio.sleep(0)
        return {"url": str(request.url)}

    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=body)
        async with httpx.AsyncClient() as client:
            assert (await client.get(URL)).json() == {"url": URL}
        assert httpx.get(URL).json() == {"url": URL}
        assert await asyncio.to_thread(lambda: httpx.get(URL).json()) == {"url": URL}


def test_a_function_that_gives_what_cannot_be_sent_fails_the_test_too():
    """Its mistake is on record, so that a program that swallows the error does not hide it."""
    with forgiving(MockApiClient()) as mock:
        mock.add_mock_response(URL, body=lambda request: {"when": object()})
        with pytest.raises(
            BodyError, match=r"the body function of GET .*/x \(added at .*body\['when'\] is <object"
        ) as e:
            httpx.get(URL)
        assert isinstance(e.value, TypeError)
        assert mock.unmatched == [e.value]


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


def test_a_call_of_an_async_function_is_refused():
    """It would answer once; the function answers always."""

    async def body(request):
        return 1

    with pytest.raises(TypeError, match="expected the async function, not a call of it"):
        prepare(body(None))


# -- bodies in pieces


async def pieces(*parts):
    for part in parts:
        await asyncio.sleep(0)
        yield part


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_an_async_source_serves_sync_callers_again_and_again(library):
    """It runs on an event loop of its own, which is closed when the caller has read or left."""
    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=pieces(b"a", "b"))
        assert [library.get(URL).content for _ in range(2)] == [b"ab", b"ab"]


async def test_an_async_source_serves_a_sync_client_inside_a_coroutine():
    """The running loop is held up by that very call, so another thread runs the source."""
    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=pieces(b"a", b"b"))
        assert httpx.get(URL).content == b"ab"
        async with httpx.AsyncClient() as client:
            assert (await client.get(URL)).content == b"ab"


def test_a_caller_may_leave_early_and_the_next_one_reads_all():
    """An endless source is read as far as somebody asked."""

    async def endless():
        number = 0
        while True:
            yield b"%d," % number
            number += 1

    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=endless())
        for _ in range(2):
            with httpx.stream("GET", URL) as response:
                chunks = response.iter_raw()
                assert [next(chunks) for _ in range(3)] == [b"0,", b"1,", b"2,"]


async def test_readers_at_the_same_time_get_the_whole_body_each():
    """Tasks take turns at the source."""
    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=pieces(b"a", b"b", b"c"))
        async with httpx.AsyncClient() as client:
            answers = await asyncio.gather(*(client.get(URL) for _ in range(5)))
    assert [answer.content for answer in answers] == [b"abc"] * 5


def test_threads_at_the_same_time_get_the_whole_body_each():
    """A generator cannot be entered twice; nobody sees that."""
    gate = threading.Barrier(4)
    stream = Stream(b"%d," % number for number in range(300))

    def read(_):
        gate.wait(10)
        return b"".join(stream.pieces())

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(read, range(4)))) == 1


@pytest.mark.parametrize("library", [httpx, httpx2])
async def test_an_error_of_the_source_is_the_callers_own_for_every_caller(library):
    """After the pieces that came before it, with the request set."""

    def failing():
        yield b"a"
        raise httpx.ReadError("cut")

    async def afailing():
        yield b"a"
        raise httpx2.ReadError("cut")

    with MockApiClient() as mock:
        for source in (failing(), afailing()):
            mock.add_mock_response(URL, body=source)
            for _ in range(2):
                with pytest.raises(library.ReadError, match="cut") as caught:
                    library.get(URL)
                assert str(caught.value.request.url) == URL
                async with library.AsyncClient() as client:
                    with pytest.raises(library.ReadError, match="cut"):
                        await client.get(URL)


async def test_a_cancelled_reader_does_not_cut_the_body_short_for_the_next():
    """The generator is over with its reader; the next one is told so."""
    waiting = asyncio.Event()

    async def slow():
        yield b"a"
        waiting.set()
        await asyncio.Event().wait()
        yield b"b"

    stream = Stream(slow())

    async def read():
        return [piece async for piece in stream.apieces()]

    task = asyncio.create_task(read())
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(RuntimeError, match="Give a function that makes a new one for each request"):
        await read()


def test_a_coroutine_is_run_for_a_sync_caller():
    """With and without a running loop."""

    async def answer():
        await asyncio.sleep(0)
        return 42

    async def inside():
        return run_blocking(answer())

    assert run_blocking(answer()) == 42
    assert asyncio.run(inside()) == 42
