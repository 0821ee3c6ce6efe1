"""Exchanges as mocks."""

import gzip
from unittest.mock import ANY

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockapi import MockApiClient
from mockapi.recorder.capturing import decoded
from mockapi.recorder.exchange import Breakdown, Exchange, Reply
from mockapi.recorder.har import exchange_of
from mockapi.recorder.loading import register
from mockapi.recorder.masking import Masker
from mockapi.recorder.plan import plan
from mockapi.recorder.reply_body import Attached
from query import UNSET

JSON = [("content-type", "application/json")]


def exchange(path="/x", *, method="GET", query=None, reply=None, error=None, data=UNSET, **options):
    return Exchange(
        method=method,
        origin=options.pop("origin", "https://api.test"),
        path=path,
        query=query or {},
        data=data,
        outcome=Breakdown(name=error) if error else reply or Reply(status_code=200),
        **options,
    )


def answering(content, kind="application/json", status=200, *headers, whole=True):
    head = [("content-type", kind)] if kind else []
    return Reply(status_code=status, headers=[*head, *headers], content=content, is_whole=whole)


def planned(*exchanges, **options):
    return plan(exchanges, Masker(), **options)


def test_equal_exchanges_are_one_mock():
    """However often the program asked."""
    (mock,) = planned(*[exchange(reply=answering(b"[1]"))] * 3)
    assert [answer.body for answer in mock.answers] == [[1]]


def test_answers_that_differ_are_a_sequence_that_ends_with_the_last():
    """Repetitions before the end count, for the program may count on them."""
    replies = [answering(body) for body in (b"1", b"1", b"2", b"true", b"true")]
    (mock,) = planned(*(exchange(reply=reply) for reply in replies))
    assert [answer.body for answer in mock.answers] == [1, 1, 2, True]


def test_an_error_may_stand_in_a_sequence():
    """A service that was down, and is there again."""
    (mock,) = planned(exchange(error="ConnectError"), exchange(reply=answering(b"1")))
    assert [answer.error for answer in mock.answers] == ["ConnectError", ""]


def test_what_asks_for_more_comes_later_than_what_asks_for_less():
    """Else the mock without a query would answer for the one with it: the newest that matches wins."""
    mocks = planned(
        exchange("/b"),
        exchange(query={"page": ["2"], "size": ["9"]}),
        exchange(query={"page": ["2"]}),
        exchange("/c"),
        exchange(),
    )
    assert [(mock.url, len(mock.query)) for mock in mocks] == [("/b", 0), ("/x", 0), ("/x", 1), ("/x", 2), ("/c", 0)]


def test_one_host_gives_paths_and_several_give_urls():
    """Unless the client has a base_url."""
    here, there = exchange(), exchange(origin="https://other.test")
    assert [mock.url for mock in planned(here)] == ["/x"]
    assert [mock.url for mock in planned(here, there)] == ["https://api.test/x", "https://other.test/x"]
    assert [mock.url for mock in planned(here, there, paths_only=True)] == ["/x"]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/v1/a", "/a"),
        ("/v1/", "/"),
        ("/v1", "https://api.test/v1"),
        ("/v10/a", "https://api.test/v10/a"),
        ("/v1//a", "https://api.test/v1//a"),
    ],
)
def test_paths_belong_to_the_base_url(path, url):
    """What lies elsewhere is a whole URL."""
    assert planned(exchange(path, base_url="https://api.test/v1/"))[0].url == url


def test_signs_of_templates_are_escaped():
    """They were sent as they are, and mean nothing."""
    assert planned(exchange("/$x/{y}/*"))[0].url == "/%24x/%7By%7D/%2A"
    assert planned(exchange("//x"))[0].url == "https://api.test//x"


@pytest.mark.parametrize(
    ("content", "kind", "body", "headers"),
    [
        (b'{"a": 1}', "application/json; charset=utf-8", {"a": 1}, {}),
        (b'{"a": 1}', "application/vnd.api+json", {"a": 1}, {"content-type": "application/vnd.api+json"}),
        (b'{"a": 1}', "", {"a": 1}, {}),
        (b"null", "application/json", None, {}),
        (b'"text"', "application/json", '"text"', {"content-type": "application/json"}),
        (b"{broken", "application/json", "{broken", {"content-type": "application/json"}),
        (b'{"a": NaN}', "application/json", '{"a": NaN}', {"content-type": "application/json"}),
        (b'"\\ud800"', "application/json", '"\\ud800"', {"content-type": "application/json"}),
        (b'["\\ud800"]', "application/json", '["\\ud800"]', {"content-type": "application/json"}),
        (b"[1e999]", "application/json", "[1e999]", {"content-type": "application/json"}),
        (b"plain", "text/plain; charset=UTF-8", "plain", {}),
        (b"plain", "", b"plain", {}),
        (b"5", "", b"5", {}),
        (b"<p>", "text/html", "<p>", {"content-type": "text/html"}),
        (b"\xff\x00", "image/gif", b"\xff\x00", {"content-type": "image/gif"}),
        (b"", "text/html", UNSET, {}),
    ],
)
def test_bodies_are_what_gives_the_same_answer(content, kind, body, headers):
    """JSON as data, text as text, and the content type where the body does not say it."""
    (mock,) = planned(exchange(reply=answering(content, kind)))
    assert mock.answers[0].body == body
    assert dict(mock.answers[0].headers) == headers


@pytest.mark.parametrize(
    ("content", "kind", "suffix"),
    [
        (b"[" + b"1," * 6000 + b"1]", "application/json", ".json"),
        (b"x" * 20_000, "text/csv", ".csv"),
        (b"x" * 20_000, "", ".txt"),
        (b"\x00" * 65, "application/x-own", ".bin"),
        (b"\x00" * 65, "image/png", ".png"),
    ],
)
def test_what_is_large_or_binary_goes_to_a_file(content, kind, suffix):
    """With a name that says what it is."""
    (mock,) = planned(exchange(reply=answering(content, kind)))
    assert isinstance(mock.answers[0].body, Attached)
    assert mock.answers[0].body.suffix == suffix


def test_headers_that_no_program_reads_are_left_out():
    """Limits stay where they have been reached, anything unknown stays, and so does what one asks for."""
    noise = [("date", "now"), ("server", "nginx"), ("x-amz-id", "1"), ("cf-ray", "2"), ("x-ratelimit-remaining", "9")]
    kept = [("etag", "1"), ("x-total-count", "3"), ("retry-after", "2")]
    (mock,) = planned(exchange(reply=answering(b"1", "application/json", 200, *noise, *kept)))
    assert list(mock.answers[0].headers) == kept
    (mock,) = planned(exchange(reply=answering(b"1", "application/json", 429, *noise)))
    assert list(mock.answers[0].headers) == [("x-ratelimit-remaining", "9")]
    (mock,) = planned(exchange(reply=answering(b"1", "application/json", 200, *noise)), keep=["CF-*", "date"])
    assert list(mock.answers[0].headers) == [("date", "now"), ("cf-ray", "2")]


def test_a_head_request_is_told_of_the_body():
    """It gets none, but its length and type."""
    reply = Reply(status_code=200, headers=[("content-type", "text/html"), ("content-length", "12"), ("date", "now")])
    (mock,) = planned(exchange(method="HEAD", reply=reply))
    assert dict(mock.answers[0].headers) == {"content-type": "text/html", "content-length": "12"}


def test_a_body_that_was_not_read_to_its_end_says_so():
    """The recording holds what there was."""
    (mock,) = planned(exchange(reply=answering(b"some", "text/plain; charset=utf-8", whole=False)))
    assert (mock.answers[0].body, mock.answers[0].size) == ("some", 4)


def test_bodies_that_are_no_data_are_compared_as_they_are():
    """Unless they are long, or have a secret in them: then any will do."""
    bodies = [b"a", b"b", b"\xff", b"5", b"x" * 1001, b"Bearer abcdef123", b""]
    mocks = planned(*(exchange(method="PUT", content=body, data=5 if body == b"5" else UNSET) for body in bodies))
    assert [mock.content for mock in mocks] == [UNSET, "a", "b", b"\xff", "5"]
    assert len(mocks[0].answers) == 1


def test_an_object_without_keys_is_compared_as_it_is():
    """As data it would agree with any other."""
    (mock,) = planned(exchange(method="PUT", content=b"{}", data={}))
    assert (mock.data, mock.content) == (UNSET, "{}")


def test_a_large_file_in_a_form_may_be_any():
    """A small one is compared."""
    data = {"file": [b"x" * 101, b"x"], "name": "n"}
    (mock,) = planned(exchange(method="POST", data=data, content=b"..."))
    assert mock.data["file"][0] is ANY
    assert mock.data["file"][1] == b"x"


def test_what_cannot_be_decoded_stays_as_the_program_saw_it():
    """A coding that is unknown or wrong keeps its header, so that a program fails on it as it did."""
    wrong = [("content-encoding", "gzip"), ("etag", "1")]
    assert decoded(httpx, wrong, b"no gzip") == (b"no gzip", wrong)
    unknown = [("content-encoding", "own")]
    assert decoded(httpx, unknown, b"x") == (b"x", unknown)
    assert decoded(httpx, wrong, gzip.compress(b"x")) == (b"x", [("etag", "1")])


REQUESTS = st.tuples(
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["/a", "/b", "/a/b c"]),
    st.dictionaries(st.sampled_from(["p", "q"]), st.sampled_from(["1", "2", ""]), max_size=2),
    st.none() | st.dictionaries(st.sampled_from("xy"), st.sampled_from([1, True, "1", None]), max_size=2),
)


@settings(max_examples=50)
@given(st.lists(REQUESTS, min_size=1, max_size=8))
def test_every_request_gets_its_own_answers_again(requests):
    """Whatever was sent, in whatever order: the mocks answer the same requests with the same answers."""
    exchanges = []
    for number, (method, path, query, data) in enumerate(requests):
        request = httpx.Request(method, f"https://api.test{path}", params=query, json=data)
        reply = answering(b"%d" % number)
        kind = [("content-type", request.headers.get("content-type", ""))]
        exchanges.append(exchange_of(method, str(request.url), kind, request.read(), reply, place="here"))
    with MockApiClient() as mock, httpx.Client(base_url="https://api.test") as client:
        for one in planned(*exchanges):
            register(mock, one)
        for number, (method, path, query, data) in enumerate(requests):
            assert client.request(method, path, params=query, json=data).json() == number
