"""Which answer a request gets: sequences, what functions leave to others, errors by name, and the rest of a request."""

import asyncio
import enum
import threading

import anyio
import httpx
import httpx2
import pytest
import respx
from forgiving import forgiving

from mockapi import NEXT, PASS, Answer, MockApiClient, SseEvent, UnmatchedRequestAbort, UnmatchedRequestError
from mockapi.errors import GateError, UsedUpError

URL = "https://api.test/x/"
LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


@pytest.fixture
def mock():
    with forgiving(MockApiClient()) as client:
        yield client


# -- sequences


@LIBRARIES
def test_a_sequence_answers_one_after_another_and_repeats_the_last(mock, library):
    """Bodies, and whole answers where more than the body is to be said."""
    found = mock.add_sequence("/x/", {"n": 1}, Answer("busy", status_code=503), [3])
    answers = [library.get(URL) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 200, 200]
    assert [answer.text for answer in answers] == ['{"n":1}', "busy", "[3]", "[3]"]
    assert found.call_count == 4


def test_a_sequence_that_fails_at_its_end_says_that_it_is_used_up(mock):
    """The miss counts, also if the program swallows it; older mocks do not answer."""
    mock.get("/x/", "older")
    found = mock.add_sequence("/x/", 1, 2, then="fail")
    assert [httpx.get(URL).json() for _ in range(2)] == [1, 2]
    with pytest.raises(UsedUpError, match=r"the sequence of GET /x/ \(added at .*\) is used up \(2 of 2\)") as caught:
        httpx.get(URL)
    assert mock.unmatched == [caught.value]
    assert found.calls[-1].outcome == "unmatched"


def test_a_sequence_that_falls_through_leaves_the_rest_to_older_mocks(mock):
    """As ``times`` does."""
    mock.get("/x/", "older")
    mock.add_sequence("/x/", 1, 2, then="fall_through")
    assert [httpx.get(URL).text for _ in range(3)] == ["1", "2", "older"]


def test_many_threads_share_out_a_sequence(mock):
    """Each answer is given once, whoever asks."""
    mock.add_sequence("/x/", *range(40), then="fail")
    got = []
    threads = [threading.Thread(target=lambda: got.extend(httpx.get(URL).json() for _ in range(10))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(40))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda m: m.add_sequence("/x/"), TypeError, "add_sequence has no answers"),
        (lambda m: m.add_sequence("/x/", 1, then="stop"), ValueError, "then='stop' means nothing"),
        (lambda m: m.add_error("/x/", "boom"), ValueError, r"'boom' is no error of the network. It may be: connect,"),
        (lambda m: m.add_error("/x/", 500), TypeError, "error=500 is no error"),
        (
            lambda m: m.add_sse("/x/", "one"),
            TypeError,
            r"is one event; expected a list of them: \['one'\]",
        ),
        (lambda m: m.add_sse("/x/", 5), TypeError, "events=5 are no events"),
        (lambda m: m.get("/x/", when="paid"), TypeError, "when='paid' is no state of a scenario"),
        (lambda m: m.get("/x/", then="paid"), TypeError, "then='paid' is no step of a scenario"),
        (lambda m: m.get("/x/", required=1), ValueError, "required=1 means nothing"),
        (
            lambda m: m.mount("api.test", lambda scope, receive, send: None),
            ValueError,
            "neither a path nor a whole URL",
        ),
        (lambda m: m.mount("/x?y=1", lambda scope, receive, send: None), ValueError, "has a query or fragment"),
        (lambda m: m.mount("/x", lambda: None), TypeError, "is no app; expected an ASGI app"),
        (lambda m: m.mount("/x", 5), TypeError, "is no app"),
        (lambda m: m.find("GET", "x"), ValueError, "url='x' is neither a path nor a whole URL"),
    ],
)
def test_what_cannot_be_is_refused_and_registers_nothing(mock, call, error, text):
    """With the value, what was expected, and nothing lost."""
    with pytest.raises(error, match=text):
        call(mock)
    assert mock.mocks == []


# -- what a mock leaves to others


@LIBRARIES
async def test_a_function_may_leave_a_request_to_an_older_mock(mock, library):
    """Its use and its call are undone; both kinds of callers."""
    older = mock.get("/x/", "older")
    newer = mock.get("/x/", lambda request: NEXT if "skip" in request.headers else "newer", times=1)
    async with library.AsyncClient() as client:
        assert (await client.get(URL, headers={"skip": "1"})).text == "older"
    assert library.get(URL, headers={"skip": "1"}).text == "older"
    assert library.get(URL).text == "newer"
    assert (older.call_count, newer.call_count, len(mock.calls)) == (2, 1, 3)
    assert [call.mock for call in mock.history] == [older, older, newer]


async def test_what_the_last_mock_leaves_is_a_miss(mock):
    """Once in the history, and among no calls."""
    mock.get("/x/", lambda request: NEXT)
    async with httpx.AsyncClient() as client:
        with pytest.raises(UnmatchedRequestError):
            await client.get(URL)
    assert [call.outcome for call in mock.history] == ["unmatched"]
    assert len(mock.calls) == 0
    assert len(mock.unmatched) == 1


def test_a_request_that_is_passed_on_is_in_the_history(mock):
    """With the real error, since nobody listens there."""
    mock.get("http://127.0.0.1:1/", PASS)
    mock.get("http://127.0.0.1:1/made/", lambda request: PASS)
    for path in ("", "made/"):
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:1/{path}")
    assert [(call.outcome, type(call.error)) for call in mock.history] == [("passed", httpx.ConnectError)] * 2


# -- errors, events, apps


@LIBRARIES
@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("connect", "ConnectError", "all connection attempts failed"),
        ("reset", "ReadError", "connection reset by peer"),
        ("disconnect", "RemoteProtocolError", "server disconnected without sending a response"),
        ("pool_timeout", "PoolTimeout", "no connection became free in time"),
        ("write_error", "WriteError", "WriteError of a mock"),
        ("LocalProtocolError", "LocalProtocolError", "LocalProtocolError of a mock"),
    ],
)
def test_errors_by_name_are_raised_as_the_callers_own(mock, library, name, kind, text):
    """With the request set."""
    found = mock.add_error("/x/", name, method="POST")
    with pytest.raises(getattr(library, kind), match=text) as caught:
        library.post(URL)
    assert str(caught.value.request.url) == URL
    assert found.last.outcome == "failed"
    assert found.last.error is caught.value


@LIBRARIES
@pytest.mark.parametrize("kind", ["list", "async", "function", "async function"])
async def test_events_are_streamed_any_number_of_times(mock, library, kind):
    """To sync and async callers, from every kind of source."""
    events = ["a\nb", SseEvent({"n": 1}, event="more", id="7", retry=3000, comment="alive"), None]

    async def several():
        for event in events:
            yield event

    async def made(request):
        return events

    source = {"list": events, "async": several(), "function": lambda request: events, "async function": made}[kind]
    mock.add_sse("/x/", source, headers={"x-y": "z"})
    text = 'data: a\ndata: b\n\n: alive\nevent: more\nid: 7\nretry: 3000\ndata: {"n": 1}\n\ndata: null\n\n'
    async with library.AsyncClient() as client:
        for response in (await client.get(URL), library.get(URL), await client.get(URL)):
            assert response.text == text
            assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert response.headers["x-y"] == "z"


async def test_httpx2s_own_reader_understands_the_events(mock):
    """``Client.sse()`` is httpx2's."""
    mock.add_sse("/x/", [SseEvent("hello", event="greeting", id="1")])
    async with httpx2.AsyncClient() as client, client.sse(URL) as source:
        events = [event async for event in source]
    assert [(event.event, event.data, event.id) for event in events] == [("greeting", "hello", "1")]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: SseEvent(), "says nothing"),
        (lambda: SseEvent("x", event="a\nb"), "has a line break"),
        (lambda: SseEvent("x", retry=-1), "retry=-1 is no number of milliseconds"),
    ],
)
def test_an_event_that_cannot_be_is_refused(make, text):
    """It would be read as another."""
    with pytest.raises(ValueError, match=text):
        make()


async def asgi(scope, receive, send):
    body = (await receive())["body"]
    text = f"{scope['method']} {scope['root_path']} {scope['path']} {scope['query_string'].decode()} ".encode() + body
    await send({"type": "http.response.start", "status": 201, "headers": [(b"x-app", b"asgi")]})
    await send({"type": "http.response.body", "body": text})


def wsgi(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("201 Created", [("x-app", "wsgi")])
    parts = (environ["REQUEST_METHOD"], environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["QUERY_STRING"])
    return [" ".join(parts).encode() + b" " + body]


@LIBRARIES
@pytest.mark.parametrize(("app", "path"), [(asgi, "/v1/a/"), (wsgi, "/a/")], ids=["asgi", "wsgi"])
async def test_an_app_answers_everything_below_its_url(mock, library, app, path):
    """With any method, for both kinds of callers; a newer mock answers instead."""
    mounted = mock.mount("https://api.test/v1", app)
    mock.get("/v1/mine/", "mine")
    async with library.AsyncClient() as client:
        for response in (
            await client.post("https://api.test/v1/a/?q=1", content=b"body"),
            library.post("https://api.test/v1/a/?q=1", content=b"body"),
        ):
            assert isinstance(response, library.Response)
            assert (response.status_code, response.headers["x-app"]) == (201, app.__name__)
            assert response.text == f"POST /v1 {path} q=1 body"
        assert (await client.get("https://api.test/v1/mine/")).text == "mine"
        assert (await client.delete("https://api.test/v1")).status_code == 201
        with pytest.raises(UnmatchedRequestError):
            await client.get("https://api.test/v10/")
    assert mounted.call_count == 3


# -- the forms


def test_every_method_has_a_form_of_its_own(mock):
    """With all options of the long one."""
    for verb in ("get", "post", "put", "patch", "delete", "head", "options", "query"):
        getattr(mock, verb)("/x/", verb, status_code=202, headers={"x-y": verb}, name=verb)
        response = httpx.request(verb.upper(), URL)
        assert (response.status_code, response.headers["x-y"]) == (202, verb)
        assert response.text == ("" if verb == "head" else verb)
    assert [found.name for found in mock.mocks][:1] == ["GET /x/ (get)"]


def test_any_method_is_a_star(mock):
    """The newest still wins, whichever way it names its methods."""
    mock.add_mock_response("/x/", method="*", body="any")
    assert {httpx.request(method, URL).text for method in ("GET", "PURGE")} == {"any"}
    mock.get("/x/", "get")
    assert [httpx.request(method, URL).text for method in ("GET", "PUT")] == ["get", "any"]
    mock.add_mock_response("/$name/", method="*", body="any template")
    assert [httpx.request(method, URL).text for method in ("GET", "PUT")] == ["any template"] * 2


def test_a_mock_can_be_changed_in_its_place(mock):
    """What is not given stays; a newer mock still wins."""
    found = mock.get("/x/", "old", status_code=201, headers={"x-y": "z"}, times=1)
    assert httpx.get(URL).text == "old"
    assert found.update(body="new", times=3) is found
    response = httpx.get(URL)
    assert (response.text, response.status_code, response.headers["x-y"]) == ("new", 201, "z")
    found.update(status_code=404, headers={}, async_delay=0, required=True)
    response = httpx.get(URL)
    assert (response.text, response.status_code, "x-y" in response.headers) == ("new", 404, False)
    assert found.is_used_up
    with pytest.raises(TypeError, match="answers with a sequence"):
        mock.add_sequence("/x/", 1, 2).update(body=3)


def test_the_mock_that_would_answer_can_be_asked_for(mock):
    """Nothing is used up, and nothing recorded."""
    mock.get("/x/", "any")
    mine = mock.post("/x/", match=[mock.match_data({"n": 1})], times=1)
    assert mock.find("POST", "/x/", json={"n": 1}) is mine
    assert mock.find("POST", "/x/", data={"n": "1"}) is None
    assert mock.find("post", URL, json={"n": 1}) is mine
    assert mock.find("POST", "/y/") is None
    assert (len(mock.history), mine.used) == (0, 0)


# -- gates


async def test_a_paused_mock_answers_when_it_is_released(mock):
    """Its call is on record meanwhile, and other mocks answer."""
    found = mock.get("/x/", "held")
    mock.get("/other/", "other")
    gate = found.pause()
    assert found.pause() is gate
    async with httpx.AsyncClient() as client:
        task = asyncio.create_task(client.get(URL))
        await found.wait_called()
        assert (await client.get("https://api.test/other/")).text == "other"
        assert (task.done(), gate.waiting, found.last.outcome, found.last.ended) == (False, 1, "pending", None)
        gate.release()
        assert (await task).text == "held"
        assert (await client.get(URL)).text == "held"
        assert found.last.outcome == "answered"
    assert found.pause() is not gate


async def test_a_gate_is_released_at_the_end_of_its_block_and_of_the_client():
    """Nobody waits for a test that is over."""
    with MockApiClient() as mock:
        found = mock.get("/x/", "held")
        async with httpx.AsyncClient() as client:
            with found.pause():
                first = asyncio.create_task(client.get(URL))
                await found.wait_called()
            assert (await first).text == "held"
            found.pause()
            second = asyncio.create_task(client.get(URL))
            await found.wait_called(2)
            mock.stop()
            assert (await second).text == "held"


def test_threads_wait_at_a_gate_and_a_test_without_a_loop_waits_for_them(mock):
    """The release comes from another thread than theirs."""
    found = mock.get("/x/", "held")
    gate = found.pause()
    got = []
    thread = threading.Thread(target=lambda: got.append(httpx.get(URL).text))
    thread.start()
    found.wait_called_sync()
    assert got == []
    gate.release()
    thread.join()
    assert got == ["held"]


def test_a_sync_request_that_would_wait_for_itself_is_refused(mock):
    """The thread that has to release the gate would hang."""
    found = mock.get("/x/", "held")
    found.pause()
    with pytest.raises(GateError, match="would wait for ever: GET /x/ .* is paused") as caught:
        httpx.get(URL)
    assert mock.unmatched == [caught.value]


async def test_waiting_for_a_call_that_does_not_come_says_so(mock):
    """In both forms, with what did come."""
    found = mock.get("/x/")
    httpx.get(URL)
    with pytest.raises(AssertionError, match=r"expected 2 calls within 0 s to GET /x/ .*, got 1"):
        await found.wait_called(2, timeout=0)
    with pytest.raises(AssertionError, match=r"expected 2 calls within 0.001 s"):
        found.wait_called_sync(2, timeout=0.001)
    await found.wait_called(1, timeout=0)


def test_gates_work_under_trio(mock):
    """And a call is waited for there."""
    found = mock.get("/x/", "held")
    gate = found.pause()
    got = []

    async def main():
        async def call():
            async with httpx.AsyncClient() as client:
                got.append((await client.get(URL)).text)

        async with anyio.create_task_group() as group:
            group.start_soon(call)
            await found.wait_called()
            assert got == []
            gate.release()

    anyio.run(main, backend="trio")
    assert got == ["held"]


# -- scenarios


def test_a_scenario_is_told_by_mocks_that_ask_and_move_it(mock):
    """Each answers in its state only; the state can be set by hand, and is there again after a reset."""
    order = mock.scenario("order", start="new", states=("new", "paid", "sent"))
    mock.get("/order/", {"state": "new"}, when=order.at("new"))
    mock.get("/order/", {"state": "done"}, when=order.at("paid", "sent"))
    pay = mock.post("/pay/", status_code=204, when=order.at("new"), then=order.go("paid"))
    assert httpx.get("https://api.test/order/").json() == {"state": "new"}
    httpx.post("https://api.test/pay/")
    assert order.state == "paid"
    assert httpx.get("https://api.test/order/").json() == {"state": "done"}
    with pytest.raises(UnmatchedRequestError) as caught:
        httpx.post("https://api.test/pay/")
    assert "state   wanted the scenario 'order' at 'new', it is at 'paid'" in str(caught.value)
    assert pay.call_count == 1
    mock.reset_calls()
    assert order.state == "new"
    order.state = "sent"
    assert repr(order) == "<Scenario 'order' at 'sent'>"


def test_a_scenario_may_be_moved_by_a_mock_that_asks_another(mock):
    """Two stories in one mock."""
    user, cart = mock.scenario("user", "out"), mock.scenario("cart", "empty")
    mock.post("/x/", when=user.at("in"), then=cart.go("full"))
    assert mock.find("POST", "/x/") is None
    user.state = "in"
    httpx.post(URL)
    assert (user.state, cart.state) == ("in", "full")


def test_states_are_those_that_were_named(mock):
    """Or those of an Enum; with none named any value will do."""

    class State(enum.Enum):
        NEW = 1
        PAID = 2

    order = mock.scenario("order", State.NEW)
    assert order.at(State.PAID).states == (State.PAID,)
    for wrong in (lambda: order.go(3), lambda: order.at(3), lambda: mock.scenario("x", "a", states=("b",))):
        with pytest.raises(ValueError, match="has no state"):
            wrong()
    with pytest.raises(ValueError, match="names no state"):
        order.at()
    assert mock.scenario("free", 1).go(99).state == 99


def test_many_requests_at_once_move_a_scenario_once(mock):
    """The question and the step are one."""
    turn = mock.scenario("turn", 0)
    mock.get("/x/", "late")
    mock.get("/x/", "first", when=turn.at(0), then=turn.go(1))
    got = []
    threads = [threading.Thread(target=lambda: got.append(httpx.get(URL).text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == ["first", *["late"] * 7]


# -- what nothing answers


@LIBRARIES
async def test_unmatched_requests_can_be_answered_by_default(library):
    """By a response, or a function; they fail nothing."""
    with MockApiClient(unmatched=httpx.Response(404, json={"no": 1})) as mock:
        mock.get("/x/", "mine")
        assert library.get(URL).text == "mine"
        async with library.AsyncClient() as client:
            assert (await client.get("https://api.test/y/")).json() == {"no": 1}
        assert library.get("https://api.test/y/").status_code == 404
        assert (len(mock.calls), mock.unmatched) == (3, [])
    with MockApiClient(unmatched=lambda request: request.url.path) as mock:
        assert library.get("https://api.test/y/").text == "/y/"
        with pytest.raises(TypeError, match="is what unmatched= says"):
            mock.calls[-1].mock.remove()


@LIBRARIES
def test_a_miss_can_be_the_callers_own_connect_error(library):
    """For programs that must see an error of the network; it fails the test all the same."""
    with forgiving(MockApiClient(unmatched="connect_error")) as mock:
        with pytest.raises(library.ConnectError, match="no mock answers GET"):
            library.get(URL)
        assert len(mock.unmatched) == 1
        assert mock.history[-1].outcome == "unmatched"


def test_a_miss_can_get_through_everything_that_catches_exceptions():
    """A BaseException."""
    with forgiving(MockApiClient(unmatched="abort")) as mock:
        with pytest.raises(UnmatchedRequestAbort, match="no mock answers GET") as caught:
            try:
                httpx.get(URL)
            except Exception:
                pytest.fail("swallowed")
        assert mock.unmatched == [caught.value.error]


def test_a_hand_made_client_raises_at_its_end_for_what_was_swallowed():
    """Unless the block fails for another reason, or the miss is expected."""
    with pytest.raises(UnmatchedRequestError, match="the block ended well, but the program sent a request"):
        with MockApiClient():
            try:
                httpx.get(URL)
            except Exception:
                pass
    with pytest.raises(ZeroDivisionError), MockApiClient():
        with pytest.raises(UnmatchedRequestError):
            httpx.get(URL)
        1 / 0
    with MockApiClient() as mock, mock.expect_unmatched() as misses:
        httpx.get(URL)
    assert [str(miss.request.url) for miss in misses] == [URL]
    with pytest.raises(AssertionError, match="expected a request that no mock answers"):
        with MockApiClient() as mock, mock.expect_unmatched():
            pass


async def test_an_async_block_has_its_verdict_too():
    """The same for ``async with``."""
    with pytest.raises(UnmatchedRequestError, match="the block ended well"):
        async with MockApiClient(), httpx.AsyncClient() as client:
            await asyncio.gather(client.get(URL), return_exceptions=True)


# -- layers


def test_a_client_below_answers_what_this_one_does_not():
    """Each keeps the calls of its own mocks; the upper one the history."""
    base = MockApiClient()
    shared = base.get("/shared/", "shared")
    base.get("/x/", "base")
    with MockApiClient(below=base) as mock:
        mock.get("/x/", lambda request: NEXT if request.headers.get("skip") else "top")
        assert httpx.get(URL).text == "top"
        assert httpx.get(URL, headers={"skip": "1"}).text == "base"
        assert httpx.get("https://api.test/shared/").text == "shared"
        assert mock.find("GET", "/shared/") is shared
        assert (len(mock.calls), len(base.calls), len(mock.history), len(base.history)) == (3, 2, 3, 0)


@LIBRARIES
async def test_scopes_of_parallel_tasks_do_not_mix(library):
    """What one registers the others do not see; all see what is below; the client keeps all records."""
    with MockApiClient() as mock:
        mock.get("/shared/", "shared")

        async def run(name):
            with mock.scope() as scope:
                scope.get("/x/", name)
                await asyncio.sleep(0)
                async with library.AsyncClient() as client:
                    own = await client.get(URL)
                    task = asyncio.create_task(client.get(URL))
                    assert (await client.get("https://api.test/shared/")).text == "shared"
                    assert (await task).text == own.text == name
                return len(scope.calls)

        assert await asyncio.gather(*(run(str(n)) for n in range(20))) == [3] * 20
        assert (len(mock.calls), len(mock.history), len(mock.mocks)) == (60, 60, 1)


def test_a_miss_in_a_scope_is_raised_at_its_end_and_known_to_the_client():
    """A scope is a verdict of its own: an example of Hypothesis fails by itself."""
    with forgiving(MockApiClient()) as mock:
        with pytest.raises(UnmatchedRequestError, match="the block ended well"):
            with mock.scope() as scope:
                try:
                    httpx.get(URL)
                except AssertionError:
                    pass
        assert mock.unmatched == scope.unmatched
        assert len(mock.unmatched) == 1
        with mock.scope() as scope, scope.expect_unmatched():
            httpx.get(URL)
        assert len(mock.unmatched) == 1


def test_a_bare_thread_uses_the_client_and_not_a_scope():
    """It belongs to no scope, and a scope is not for everybody."""
    with MockApiClient() as mock:
        mock.get("/x/", "client")
        with mock.scope() as scope:
            scope.get("/x/", "scope")
            got = []
            thread = threading.Thread(target=lambda: got.append(httpx.get(URL).text))
            thread.start()
            thread.join()
            assert (got, httpx.get(URL).text) == (["client"], "scope")


# -- respx


@LIBRARIES
async def test_routes_of_respx_answer_what_no_mock_does(mock, library):
    """For both libraries and both kinds of callers; what they do not know is a miss."""
    mock.respx.get("https://api.test/x/").respond(json={"from": "respx"})
    mock.respx.get("https://api.test/real/").pass_through()
    assert library.get(URL).json() == {"from": "respx"}
    async with library.AsyncClient() as client:
        assert (await client.get(URL)).json() == {"from": "respx"}
        with pytest.raises(UnmatchedRequestError):
            await client.get("https://api.test/y/")
    assert len(mock.calls) == 2
    mock.get("/x/", "mine")
    assert library.get(URL).text == "mine"
    mock.clear_mock_responses()
    with pytest.raises(UnmatchedRequestError):
        library.get(URL)


@LIBRARIES
def test_patterns_of_respx_are_matchers(mock, library):
    """Beside ours."""
    mock.post("/x/", "fits", match=[respx.patterns.M(json__a=1), mock.match_data({"b": 2})])
    assert library.post(URL, json={"a": 1, "b": 2}).text == "fits"
    with pytest.raises(UnmatchedRequestError, match="respx"):
        library.post(URL, json={"a": 2, "b": 2})
