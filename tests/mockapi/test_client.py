"""Registering, recording and asserting."""

import re
from datetime import timedelta
from unittest.mock import ANY

import httpx
import httpx2
import pytest
from forgiving import forgiving

from mockapi import ABSENT, MockApiClient, SentFile, UnmatchedRequestError, match_data, match_query

BASE = "https://api.test"


@pytest.fixture
def mock():
    with forgiving(MockApiClient()) as client:
        yield client


def test_status_and_headers_are_those_of_the_answer(mock):
    """A header may repeat; an own content type stands."""
    mock.add_mock_response(
        "/a/",
        body={"x": 1},
        status_code=202,
        headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("content-type", "x/y")],
    )
    response = httpx.get(f"{BASE}/a/")
    assert response.status_code == 202
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert response.headers["content-type"] == "x/y"
    assert response.json() == {"x": 1}


def test_calls_are_recorded_on_the_mock_and_on_the_client(mock):
    """In order, with the caller's own request and response, and the parts parsed."""
    found = mock.add_mock_response("/a/$id/", method=["POST", "PUT"], body={"ok": True})
    response = httpx2.post(f"{BASE}/a/7/?x=1", json={"n": 1}, headers={"X-Y": "z"})
    httpx.put(f"{BASE}/a/8/", data={"f": "1"})
    first, second = found.calls
    assert (first.method, first.library, first.path_params, first.query, first.json) == (
        "POST",
        "httpx2",
        {"id": "7"},
        {"x": "1"},
        {"n": 1},
    )
    assert isinstance(first.request, httpx2.Request)
    assert first.response.status_code == response.status_code
    assert first.headers["x-y"] == "z"
    assert (second.form, second.data, second.json) == ({"f": "1"}, {"f": "1"}, None)
    assert list(mock.calls) == [first, second]
    assert found.last is second
    assert mock.calls[-1:] == [second]
    assert repr(second) == f"<Call PUT {BASE}/a/8/>"


def test_an_error_that_was_raised_is_on_record(mock):
    """The call has the error instead of a response."""
    found = mock.add_mock_response("/a/", body=ValueError("mine"))
    with pytest.raises(ValueError, match="mine"):
        httpx.get(f"{BASE}/a/")
    assert found.last.response is None
    assert str(found.last.error) == "mine"


def test_counting_assertions_say_what_arrived(mock):
    """In unittest.mock's words, with method, URL and the line of the mock."""
    found = mock.add_mock_response("/a/", method="POST")
    found.assert_not_called()
    assert not found.called
    with pytest.raises(
        AssertionError, match=r"expected at least 1 call to POST /a/ \(added at .*test_client.py:\d+\), got 0"
    ):
        found.assert_called()
    with pytest.raises(AssertionError, match="expected a call to POST /a/"):
        found.assert_called_with(data={})
    with pytest.raises(AssertionError, match="expected a call to POST /a/"):
        found.assert_any_call(data={})
    httpx.post(f"{BASE}/a/", json={"password": "x", "n": 1})
    found.assert_called()
    found.assert_called_once()
    with pytest.raises(
        AssertionError,
        match=r"got 1\n  POST https://api.test/a/   sent from \S+:\d+ in \w+  \{'password': '\*\*\*', 'n': 1\}",
    ):
        found.assert_not_called()
    with pytest.raises(AssertionError, match="expected 2 calls"):
        found.assert_called_times(2)


def test_assert_called_with_looks_at_the_latest_call_and_shows_the_difference(mock):
    """Each part that is given is compared by the rules of its matcher."""
    found = mock.add_mock_response("/a/$id/", method="POST")
    httpx.post(f"{BASE}/a/7/?page=1", json={"items": [{"sku": "B-02"}], "note": "x"}, headers={"X-Y": "z"})
    found.assert_called_with(
        query={"page": 1}, data={"note": "x"}, headers={"x-y": "z", "gone": ABSENT}, path={"id": "7"}
    )
    with pytest.raises(AssertionError) as failure:
        found.assert_called_with(
            query={"page": 2}, data={"items": [{"sku": "B-2"}], "note": ABSENT}, headers={"X-Y": "q"}, path={"id": "8"}
        )
    lines = str(failure.value).splitlines()
    assert lines[1].startswith("  POST https://api.test/a/7/?page=1   sent from tests/mockapi/test_client.py:")
    assert lines[2:] == [
        "  query   page   expected '2'   got '1'",
        "  data    items[0].sku   expected 'B-2'   got 'B-02'",
        "  data    note   expected absent   got 'x'",
        "  headers x-y   expected 'q'   got 'z'",
        "  path    id   expected '8'   got '7'",
    ]


def test_data_that_is_no_dict_is_compared_whole(mock):
    """Lists and None too."""
    found = mock.add_mock_response("/a/", method="POST")
    httpx.post(f"{BASE}/a/", json=[1, 2])
    found.assert_called_with(data=[1, 2])
    with pytest.raises(AssertionError, match=r"data    \[1\]   expected 3   got 2"):
        found.assert_called_with(data=[1, 3])


def test_every_part_of_a_call_can_be_asserted(mock):
    """By the rules of the matchers, in part at any depth with deep."""
    found = mock.add_mock_response("/a/$id/", method="POST")
    sent = {"X-Y": "z", "Cookie": "a=1; b=2"}
    httpx.post(f"{BASE}/a/7/?w[x]=1&w[y]=2", data={"t": "T"}, files={"f": ("n.txt", b"hi")}, headers=sent)
    found.assert_called_with(
        query={"w": {"x": 1}},
        headers={"x-y": ANY, "X-Z": ABSENT},
        cookies={"a": "1"},
        form={"t": "T"},
        files={"f": ("n.txt", b"hi")},
        path={"id": 7},
        deep=True,
    )
    assert found.last.cookies == {"a": "1", "b": "2"}
    assert found.last.files == {"f": [SentFile(filename="n.txt", content=b"hi", content_type="text/plain")]}
    with pytest.raises(AssertionError) as failure:
        found.assert_any_call(cookies={"a": "2"}, form={"t": 1}, files={"f": b""}, content=b"", path={"x": ABSENT})
    assert [line.split()[0] for line in str(failure.value).splitlines()[2:]] == ["cookies", "form", "files", "content"]
    httpx.post(f"{BASE}/a/7/", content=b"hi", headers={"Content-Type": "text/plain"})
    found.assert_called_with(content="hi")
    assert (found.last.files, found.last.cookies) == ({}, {})


def test_a_part_that_is_none_is_refused(mock):
    """A slip of the pen does not pass for an assertion."""
    found = mock.add_mock_response("/a/")
    httpx.get(f"{BASE}/a/")
    with pytest.raises(
        TypeError, match="header= is no part of a request that can be compared; expected one of query, "
    ):
        found.assert_called_with(header={"a": "b"})


def test_assert_any_call_names_the_nearest(mock):
    """One of several calls is enough."""
    found = mock.add_mock_response("/a/", method="POST")
    for number in (1, 2):
        httpx.post(f"{BASE}/a/", json={"n": number})
    found.assert_any_call(data={"n": 1})
    with pytest.raises(AssertionError, match="the nearest of 2 calls to POST /a/"):
        found.assert_any_call(data={"n": 3})


def test_no_last_call_without_calls(mock):
    """The list says so."""
    with pytest.raises(AssertionError, match="no call was made"):
        mock.add_mock_response("/a/").calls.last


def test_clearing_forgets_mocks_and_resetting_only_calls(mock):
    """times start anew."""
    found = mock.add_mock_response("/a/", times=1)
    httpx.get(f"{BASE}/a/")
    mock.reset_calls()
    assert (len(mock.calls), found.call_count) == (0, 0)
    httpx.get(f"{BASE}/a/")
    mock.clear_mock_responses()
    assert mock.mocks == []
    with pytest.raises(UnmatchedRequestError):
        httpx.get(f"{BASE}/a/")


def test_a_base_url_binds_paths():
    """Other hosts are not meant."""
    with forgiving(MockApiClient(base_url=BASE)) as mock:
        mock.add_mock_response("/a/")
        assert httpx.get(f"{BASE}/a/").status_code == 200
        with pytest.raises(UnmatchedRequestError, match="host    wanted https://api.test, got https://other.test"):
            httpx.get("https://other.test/a/")


def test_a_query_in_the_url_is_compared_exactly(mock):
    """Neither fewer nor more keys."""
    mock.add_mock_response("/a/?x=1&y=a%20b", body=1)
    assert httpx.get(f"{BASE}/a/?y=a+b&x=1").json() == 1
    for query in ("?x=1", "?x=1&y=a%20b&z=1"):
        with pytest.raises(UnmatchedRequestError):
            httpx.get(f"{BASE}/a/{query}")


def test_own_matchers_may_give_a_reason(mock):
    """A function of the caller's request."""
    mock.add_mock_response("/a/", match=[lambda request: request.headers.get("x-tenant") == "acme"])
    assert httpx.get(f"{BASE}/a/", headers={"X-Tenant": "acme"}).status_code == 200
    with pytest.raises(UnmatchedRequestError, match="match   .*lambda.* said False"):
        httpx.get(f"{BASE}/a/")


async def test_a_delay_beyond_the_read_timeout_is_the_callers_own_at_once(mock):
    """Nobody waits for it."""
    mock.add_mock_response("/slow/", async_delay=60)
    for library in (httpx, httpx2):
        with pytest.raises(
            library.ReadTimeout, match="takes 60 s, longer than this client's read timeout of 1 s"
        ) as caught:
            library.get(f"{BASE}/slow/", timeout=1)
        assert str(caught.value.request.url) == f"{BASE}/slow/"
        async with library.AsyncClient(timeout=1) as client:
            with pytest.raises(library.ReadTimeout):
                await client.get(f"{BASE}/slow/")


async def test_a_delay_is_taken_by_async_callers_only(mock, monkeypatch):
    """A sync caller does not sleep; the client's own delay holds for mocks without one."""
    slept = []

    async def sleep(delay):
        slept.append(delay)

    monkeypatch.setattr("anyio.sleep", sleep)
    mock.async_delay = timedelta(seconds=2)
    mock.add_mock_response("/a/")
    mock.add_mock_response("/b/", async_delay=3)
    mock.add_mock_response("/c/", async_delay=0)
    httpx.get(f"{BASE}/b/")
    async with httpx.AsyncClient() as client:
        for path in "abc":
            await client.get(f"{BASE}/{path}/")
    assert slept == [2, 3]


def test_allowed_hosts_and_pass_through_reach_the_transport(monkeypatch):
    """They are sent for real, and are no misses."""
    sent = []
    with forgiving(MockApiClient(allow=["ok.test", re.compile(r".*\.local")])) as mock:
        mock_transport = httpx.HTTPTransport

        class Pool:
            def handle_request(self, request):
                sent.append(request.url.host.decode())
                raise ConnectionAbortedError("reached")

            def __enter__(self):
                pass

            def __exit__(self, *exc):
                pass

        transport = mock_transport()
        transport._pool = Pool()
        with httpx.Client(transport=transport) as client:
            for host in ("ok.test", "x.local"):
                with pytest.raises(ConnectionAbortedError):
                    client.get(f"http://{host}/")
            with pytest.raises(UnmatchedRequestError):
                client.get("http://no.test/")
            mock.configure(unmatched="pass")
            with pytest.raises(ConnectionAbortedError):
                client.get("http://no.test/")
    assert sent == [b.decode() if isinstance(b, bytes) else b for b in ("ok.test", "x.local", "no.test")]


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"url": "a/"}, ValueError, "neither a path nor a whole URL"),
        ({"method": "GE T"}, ValueError, "method='GE T' is no HTTP method"),
        ({"method": 3}, ValueError, "method=3 is no HTTP method"),
        ({"status_code": 42}, ValueError, "status_code=42 is no HTTP status; expected an int from 100 to 599"),
        ({"status_code": True}, ValueError, "status_code=True"),
        ({"headers": {"X": 1}}, TypeError, r"headers has \('X', 1\); expected names and values that are both str"),
        ({"async_delay": -1}, ValueError, "async_delay=-1 is no delay; expected seconds"),
        ({"async_delay": "1"}, ValueError, "async_delay='1'"),
        ({"times": 0}, ValueError, "times=0 is no number of answers"),
        ({"match": match_query({})}, TypeError, "is a single matcher"),
        ({"match": [match_data]}, None, ""),
    ],
)
def test_arguments_that_cannot_be_are_refused_where_they_are_written(mock, options, error, text):
    """And nothing is registered."""
    if error is None:
        mock.add_mock_response("/a/", **options)
        return
    with pytest.raises(error, match=text):
        mock.add_mock_response(**{"url": "/a/", **options})
    assert mock.mocks == []


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            {"unmatched": "warn"},
            'unmatched=\'warn\' means nothing; expected "fail", "abort", "connect_error", "pass", a response or',
        ),
        ({"base_url": "api.test"}, "base_url='api.test' has no scheme; expected one such as 'https://api.test'"),
    ],
)
def test_options_of_the_client_are_checked(options, text):
    """At once."""
    with pytest.raises(ValueError, match=re.escape(text)):
        MockApiClient(**options)
    with pytest.raises(TypeError, match="allow='a' is a single str; expected a list of hosts"):
        MockApiClient(allow="a")


async def test_it_is_an_async_context_manager_too():
    """For use without pytest."""
    async with MockApiClient() as mock:
        mock.add_mock_response("/a/", body=1)
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{BASE}/a/")).json() == 1
    assert not mock.is_active
    assert repr(mock) == "<MockApiClient with 1 mocks, 1 calls>"
    assert repr(mock.mocks[0]) == "<ResponseMock GET /a/, 1 calls>"
