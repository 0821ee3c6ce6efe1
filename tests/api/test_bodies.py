"""How the body of an answer is read."""

import json

import pytest

from query import OptionError, QueryObserver
from query.api import ApiRequest, RequestError, api_options, fetch_mutation
from query.api.bodies import read_body, read_json, read_text
from query.base.types import UNSET

PNG = b"\x89PNG\r\n\x1a\n\xff"


@pytest.fixture
def answer(library):
    """An answer as the HTTP library brings it."""

    def make(content=b"", kind=None, status=200):
        headers = {} if kind is None else {"content-type": kind}
        request = library.Request("GET", "https://api.test/x/")
        return library.Response(status, content=content, headers=headers, request=request)

    return make


@pytest.mark.parametrize(
    ("parse", "kind", "content", "body"),
    [
        (None, "text/html", b"[1]", [1]),
        ("json", None, b'{"a": null}', {"a": None}),
        ("json", "application/json", b"", None),
        ("text", "text/csv", b"a,b", "a,b"),
        ("text", "application/json", b"[1]", "[1]"),
        ("text", "text/plain", b"", ""),
        ("text", "text/plain; charset=iso-8859-1", "gr\u00fcn".encode("latin-1"), "gr\u00fcn"),
        ("text", None, "\ufeffgr\u00fcn".encode(), "gr\u00fcn"),
        ("text", "text/plain; charset=klingon", b"abc", "abc"),
        ("text", "text/plain", b"a\xff", "a\ufffd"),
        ("bytes", "application/json", b"[1]", b"[1]"),
        ("bytes", None, b"", b""),
        ("auto", "application/json; charset=utf-8", b"[1]", [1]),
        ("auto", "application/vnd.api+json", b"[1]", [1]),
        ("auto", "text/csv; charset=utf-8", b"a,b", "a,b"),
        ("auto", "application/atom+xml", b"<a/>", "<a/>"),
        ("auto", "image/png", PNG, PNG),
        ("auto", None, b"x", b"x"),
        ("auto", None, b"", None),
    ],
)
def test_a_body_is_read_as_the_call_says(answer, parse, kind, content, body):
    """As JSON by default, whatever it is said to be; as its content type says, if that is asked for."""
    assert read_body(answer(content, kind), "GET", parse) == body


@pytest.mark.parametrize("parse", [None, "text", "bytes", "auto"])
@pytest.mark.parametrize("status", [204, 205])
def test_a_status_without_a_body_is_none(answer, parse, status):
    """Whatever was asked for."""
    assert read_body(answer(status=status), "DELETE", parse) is None


DATA = {"name": "gr\u00fcn \U0001f600"}
TEXT = json.dumps(DATA, ensure_ascii=False)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("kind", ["", "application/json", "application/json; charset=iso-8859-1"])
def test_json_in_unicode_is_read_whatever_it_is_said_to_be(charset, kind):
    """The standard leaves no choice, so a wrong charset goes unnoticed. Byte order marks are skipped."""
    assert read_json(TEXT.encode(charset), kind) == DATA


def test_json_in_another_charset_is_read_as_it_is_said_to_be():
    """Where it cannot be Unicode."""
    content = '{"name": "gr\u00fcn"}'.encode("latin-1")
    assert read_json(content, 'application/json; charset="ISO-8859-1"') == {"name": "gr\u00fcn"}
    for kind in ("application/json", "application/json; charset=klingon", "application/json; charset=utf-8"):
        with pytest.raises(ValueError, match="klingon|utf-8"):
            read_json(content, kind)


@pytest.mark.parametrize("parse", [None, "json"])
@pytest.mark.parametrize(("content", "kind"), [(b"<html>", "text/html"), (b"\xff\xfe\xfa", None), (b"{", "x/y")])
def test_a_body_that_is_no_json_is_an_error(answer, parse, content, kind):
    """It has the text, so that one sees what came."""
    with pytest.raises(
        RequestError, match=r"answered 200: the body is no JSON \((text/html|no content-type|x/y)\)"
    ) as caught:
        read_body(answer(content, kind), "GET", parse)
    error = caught.value
    assert error.text == read_text(content)
    assert error.json is UNSET
    assert isinstance(error.cause, ValueError)


def test_a_body_that_promises_json_and_is_none_is_an_error(answer):
    """Also where the content type decides."""
    with pytest.raises(RequestError, match="the body is no JSON"):
        read_body(answer(b"<html>", "application/json"), "GET", "auto")


@pytest.mark.parametrize("parse", ["xml", "JSON", 5])
def test_another_way_of_reading_is_refused(parse):
    """Where the call is written."""
    with pytest.raises(OptionError, match='expected "json", "text", "bytes" or "auto"'):
        ApiRequest(url="/x/", parse=parse)
    with pytest.raises(OptionError, match="parse="):
        api_options.as_(str)("/x/", parse=parse, stale_time=0)


async def test_a_query_of_text(server, client):
    """It is in the key: the same answer as JSON is other data."""
    server.answer = {"status_code": 200, "text": "a,b"}
    table = api_options.as_(str)("/table.csv", parse="text", stale_time=0)
    assert table.query_key == ("/table.csv", {"parse": "text"})
    assert table.query_key != api_options.as_(str)("/table.csv", stale_time=0).query_key
    assert api_options.as_(str)("/x/", parse="json", stale_time=0).query_key == ("/x/",)
    assert await client.query(table) == "a,b"
    assert QueryObserver(client, table).get_current_result().data == "a,b"


async def test_a_mutation_whose_answer_is_a_file(server, client):
    """Such as a report that is made."""
    server.answer = {"status_code": 200, "content": PNG}
    draw = fetch_mutation.as_(bytes)(lambda data: ApiRequest(method="POST", url="/draw/", data=data, parse="bytes"))
    assert await draw({}, type("Context", (), {"client": client})()) == PNG
