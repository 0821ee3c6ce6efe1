"""Where requests are caught."""

import asyncio
import contextlib
import contextvars
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import httpx2
import pytest
import pytest_httpx2  # noqa: F401 - brings the mocker of respx for httpx2
import respx
from forgiving import forgiving

from mockapi import MockApiClient, UnmatchedRequestError
from mockapi.errors import SeveralClientsError
from mockapi.interception import release

URL = "https://api.test/x"
LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


@LIBRARIES
async def test_sync_and_async_callers_get_their_own_librarys_responses(library):
    """Whichever library and kind, with every verb."""
    with MockApiClient() as mock:
        found = mock.add_mock_response(URL, method=["GET", "POST", "DELETE"], body={"ok": 1})
        for response in (library.get(URL), library.post(URL, json={}), library.delete(URL)):
            assert isinstance(response, library.Response)
            assert response.json() == {"ok": 1}
            assert response.request.url == URL
        async with library.AsyncClient() as client:
            assert isinstance(await client.get(URL), library.Response)
        assert {call.library for call in found.calls} == {library.__name__}
        assert all(isinstance(call.request, library.Request) for call in found.calls)


@LIBRARIES
def test_clients_made_before_are_caught_in_every_shape(library):
    """base_url, auth, hooks, mounts, a subclass of the transport, redirects, cookies."""
    seen = []

    class OwnTransport(library.HTTPTransport):
        def handle_request(self, request):
            seen.append("own")
            return super().handle_request(request)

    clients = [
        library.Client(base_url="https://api.test"),
        library.Client(base_url="https://api.test", auth=("u", "p")),
        library.Client(base_url="https://api.test", event_hooks={"response": [lambda r: seen.append("hook")]}),
        library.Client(base_url="https://api.test", transport=OwnTransport()),
        library.Client(base_url="https://api.test", mounts={"https://api.test": library.HTTPTransport()}),
        library.Client(base_url="https://api.test", proxy="http://proxy.test:3128"),
        library.Client(base_url="https://api.test", follow_redirects=True),
    ]
    with MockApiClient() as mock:
        mock.add_mock_response("/x", body=1)
        mock.add_mock_response("/old", status_code=302, headers={"Location": "/x"})
        for client in clients:
            assert client.get("/x").json() == 1
        assert clients[-1].get("/old").json() == 1
        assert mock.calls[1].headers["authorization"].startswith("Basic ")
    for client in clients:
        client.close()
    assert sorted(set(seen)) == ["hook", "own"]


@LIBRARIES
async def test_own_transports_are_left_alone(library):
    """A MockTransport or an app is no network."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b"app"})

    with MockApiClient() as mock:
        transport = library.MockTransport(lambda request: library.Response(202))
        with library.Client(transport=transport) as client:
            assert client.get(URL).status_code == 202
        async with library.AsyncClient(transport=library.ASGITransport(app=app)) as client:
            assert (await client.get(URL)).text == "app"
        assert len(mock.calls) == 0


@LIBRARIES
@pytest.mark.parametrize("made_in", ["httpx", "httpx2", "httpcore"])
@pytest.mark.parametrize("name", ["ConnectError", "ReadTimeout", "RemoteProtocolError"])
def test_errors_are_raised_as_the_callers_own(library, made_in, name):
    """Whichever family they are made in, as instance or class, with the request set."""
    kind = getattr(sys.modules[made_in], name)
    with MockApiClient() as mock:
        for body in (kind("down"), kind):
            mock.add_mock_response(URL, body=body)
            with pytest.raises(getattr(library, name)) as caught:
                library.get(URL)
            assert str(caught.value.request.url) == URL


@LIBRARIES
async def test_streams_and_generator_request_bodies(library):
    """A request body in pieces is matched like any other."""

    async def pieces():
        yield b'{"a":'
        yield b"1}"

    with MockApiClient() as mock:
        found = mock.add_mock_response(URL, method="POST", match=[mock.match_data({"a": 1})], body=iter([b"x", b"y"]))
        with library.stream("POST", URL, content=(p for p in (b'{"a":', b"1}"))) as response:
            assert list(response.iter_raw()) == [b"x", b"y"]
        async with library.AsyncClient() as client, client.stream("POST", URL, content=pieces()) as response:
            assert [piece async for piece in response.aiter_raw()] == [b"x", b"y"]
        assert found.call_count == 2


async def test_two_clients_in_fifty_tasks_do_not_mix():
    """A client belongs to the context in which it was started."""

    async def run(name):
        with MockApiClient() as mock:
            mock.add_mock_response(URL, body=name)
            await asyncio.sleep(0)
            async with httpx.AsyncClient() as a, httpx2.AsyncClient() as b:
                answers = await asyncio.gather(a.get(URL), b.get(URL), asyncio.create_task(a.get(URL)))
            assert len(mock.calls) == 3
            return {response.text for response in answers} == {name}

    assert all(await asyncio.gather(*(run(str(n)) for n in range(50))))


def test_clients_in_threads_do_not_mix():
    """Eight threads, two libraries, a client each."""
    gate = threading.Barrier(8)

    def run(name):
        with MockApiClient() as mock:
            mock.add_mock_response(URL, body=name)
            gate.wait(10)
            answers = {httpx.get(URL).text, httpx2.get(URL).text}
            gate.wait(10)
            return answers == {name}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, "abcdefgh"))


def test_a_bare_thread_uses_the_only_client_and_is_told_when_there_are_two():
    """A thread does not inherit the context."""
    outcomes = []

    def call():
        try:
            outcomes.append(httpx.get(URL).text)
        except SeveralClientsError as error:
            outcomes.append(str(error))

    def in_thread(function):
        thread = threading.Thread(target=function)
        thread.start()
        thread.join()

    with forgiving(MockApiClient()) as outer:
        outer.add_mock_response(URL, body="outer")
        in_thread(call)
        with forgiving(MockApiClient()) as inner:
            inner.add_mock_response(URL, body="inner")
            in_thread(call)
            context = contextvars.copy_context()
            in_thread(lambda: context.run(call))
            assert httpx.get(URL).text == "inner"
        assert httpx.get(URL).text == "outer"
    assert outcomes[0] == "outer"
    assert outcomes[1].startswith(
        "GET https://api.test/x was sent from a thread or task that belongs to no mock client"
    )
    assert outcomes[2] == "inner"


async def test_worker_threads_keep_the_client():
    """asyncio.to_thread and anyio's workers copy the context."""
    with MockApiClient(), MockApiClient() as inner:
        inner.add_mock_response(URL, body="inner")
        assert await asyncio.to_thread(lambda: httpx.get(URL).text) == "inner"
        assert await anyio.to_thread.run_sync(lambda: httpx.get(URL).text) == "inner"


def test_respx_beside_it_still_answers():
    """A request without a mock of ours goes to respx while that is on."""
    with MockApiClient() as mock, respx.mock(assert_all_called=False) as router:
        mock.add_mock_response(URL, body="ours")
        router.get("https://api.test/theirs").respond(text="theirs")
        assert httpx.get(URL).text == "ours"
        assert httpx.get("https://api.test/theirs").text == "theirs"
        assert mock.unmatched == []


def test_without_an_active_client_requests_go_through():
    """The patch stays, and does nothing."""
    with MockApiClient():
        pass
    with respx.mock() as router:
        router.get(URL).respond(text="respx")
        assert httpx.get(URL).text == "respx"


def python(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def test_a_library_that_is_imported_later_is_caught_from_the_start():
    """No request may leak because httpx2 was imported inside the test."""
    done = python(
        """
        import sys
        from mockapi import MockApiClient
        with MockApiClient() as mock:
            mock.add_mock_response("/x", body=1)
            assert "httpx2" not in sys.modules
            import httpx2
            assert httpx2.get("https://api.test/x").json() == 1
            assert httpx2.__spec__.loader.get_filename("httpx2")
        from mockapi.interception import release
        release()
        assert httpx2.HTTPTransport.handle_request.__qualname__ == "HTTPTransport.handle_request"
        """
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_alias_of_one_library_for_the_other_is_caught_once():
    """httpx2.alias_httpx() makes both names one."""
    done = python(
        """
        import httpx2
        httpx2.alias_httpx()
        import httpx
        from mockapi import MockApiClient
        with MockApiClient() as mock:
            found = mock.add_mock_response("/x", body=1)
            assert httpx.get("https://api.test/x").json() == 1
            assert found.call_count == 1
        """
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_library_that_is_looked_up_before_it_is_imported_is_caught():
    """As programs do that can use either."""
    done = python(
        """
        import sys
        from importlib.util import find_spec
        from mockapi import MockApiClient
        with MockApiClient() as mock:
            mock.add_mock_response("/x", body=1)
            assert find_spec("httpx2") is not None
            assert "httpx2" not in sys.modules
            import httpx2
            assert httpx2.get("https://api.invalid/x").json() == 1
            assert type(httpx2.__loader__).__name__ == "SourceFileLoader"
        """
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_library_that_is_imported_anew_is_caught_again():
    """Its classes are others than before."""
    done = python(
        """
        import sys
        import httpx2 as old
        from mockapi import MockApiClient
        with MockApiClient() as mock:
            mock.add_mock_response("/x", body=1)
            for name in [name for name in sys.modules if name.split(".")[0] == "httpx2"]:
                del sys.modules[name]
            import httpx2 as new
            assert old is not new
            for library in (new, old):
                response = library.get("https://api.invalid/x")
                assert isinstance(response, library.Response)
        """
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_patch_of_another_fixture_comes_and_goes_without_harm(monkeypatch):
    """Whoever patches the transport last answers first; when it is undone, the other one is there as before."""
    release()
    original = httpx.HTTPTransport.handle_request
    with monkeypatch.context() as outer:
        outer.setattr(httpx.HTTPTransport, "handle_request", lambda self, request: httpx.Response(299))
        with MockApiClient(allow=["theirs.test"]) as mock:
            mock.add_mock_response("/x", body=1)
            assert httpx.get(URL).json() == 1
            assert httpx.get("https://theirs.test/").status_code == 299
            with monkeypatch.context() as inner:
                inner.setattr(httpx.HTTPTransport, "handle_request", lambda self, request: httpx.Response(298))
                assert httpx.get(URL).status_code == 298
            assert httpx.get(URL).json() == 1
    with MockApiClient() as mock:
        mock.add_mock_response("/x", body=2)
        assert httpx.get(URL).json() == 2
    release()
    assert httpx.HTTPTransport.handle_request is original


def test_the_patch_is_not_released_while_a_client_is_active():
    """A pytest session inside another must not disarm it."""
    with MockApiClient() as mock:
        mock.add_mock_response(URL, body=1)
        release()
        assert httpx.get(URL).json() == 1


def test_a_request_that_nobody_can_assign_is_on_record_everywhere():
    """A thread that swallows it cannot hide it, whichever client it meant."""

    def call():
        with contextlib.suppress(SeveralClientsError):
            httpx.get(URL)

    with forgiving(MockApiClient()) as one, forgiving(MockApiClient()) as two:
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        assert [type(error) for error in (*one.unmatched, *two.unmatched)] == [SeveralClientsError] * 2


async def test_a_request_that_respx_does_not_know_either_is_a_miss():
    """Of ours, so that it fails the test; what respx lets through goes on."""
    with forgiving(MockApiClient()) as mock, respx.mock(assert_all_called=False):
        with pytest.raises(UnmatchedRequestError):
            httpx.get(URL)
        async with httpx.AsyncClient() as client:
            with pytest.raises(UnmatchedRequestError):
                await client.get(URL)
        assert len(mock.unmatched) == 2
    with forgiving(MockApiClient()) as mock, respx.mock(assert_all_mocked=False, assert_all_called=False):
        assert httpx.get(URL).status_code == 200
        assert mock.unmatched == []


@pytest.mark.parametrize(("using", "other"), [("httpcore", httpx2), ("httpcore2", httpx)])
async def test_a_router_of_respx_for_one_library_opens_no_gap_for_the_other(using, other):
    """It would not answer, so the request would go to the network."""
    with MockApiClient() as mock, respx.mock(using=using, assert_all_called=False, assert_all_mocked=False):
        with pytest.raises(UnmatchedRequestError):
            other.get(URL)
        async with other.AsyncClient() as client:
            with pytest.raises(UnmatchedRequestError):
                await client.get(URL)
        assert len(mock.unmatched) == 2
        mock.unmatched.clear()
