"""What mockapi relies on in respx and respx does not document: when one of these fails, a new respx has moved it.

Each assertion says what to change in mockapi/interception.py then. The rest of respx may change as it likes.
"""

import ast
from pathlib import Path

import httpcore
import httpx
import httpx2
import pytest
import pytest_httpx2  # noqa: F401 - brings respx's twin for httpx2
import respx
from respx.mocks import Mocker
from respx.models import AllMockedAssertionError, PassThrough

import mockapi
from mockapi import MockApiClient, UnmatchedRequestError
from mockapi.interception import TransportMocker, respx_would_answer

URL = "https://api.test/x"

USED = {
    "respx": {"Router"},
    "respx.mocks": {"Mocker"},
    "respx.models": {"AllMockedAssertionError", "PassThrough"},
    "respx.patterns": {"Pattern"},
}
"""Every name that mockapi imports from respx, by module."""


def test_nothing_else_of_respx_is_used():
    """Each further name needs a test here that says what to do when it moves."""
    found = {}
    for path in Path(mockapi.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "respx":
                found.setdefault(node.module, set()).update(alias.name for alias in node.names)
            if isinstance(node, ast.Import):
                found.update({a.name: {"*"} for a in node.names if a.name.split(".")[0] == "respx"})
    assert found == USED, "mockapi uses more or less of respx than tests/mockapi/test_respx_contract.py pins: add tests"


def test_a_named_mocker_registers_itself_with_routers_of_its_own():
    """TransportMocker is found, and is told apart from respx's own."""
    assert Mocker.registry.get("mockapi") is TransportMocker, (
        "respx no longer keeps its mockers in Mocker.registry by name. respx_would_answer() walks that registry: let "
        "it ask wherever respx now lists the active routers."
    )
    assert TransportMocker.routers == [], (
        "a subclass of respx's Mocker no longer gets an empty list of routers of its own. TransportMocker relies on "
        "having none: respx must never start or stop it. Set routers in the class, or make it no Mocker at all."
    )
    assert TransportMocker.routers is not Mocker.registry["httpcore"].routers


def test_a_name_can_be_taken_once():
    """Why ours is called mockapi, and why httpcore2 is left to pytest-httpx2."""
    with pytest.raises(TypeError, match="unique name"):
        type("Twin", (Mocker,), {"name": "mockapi", "targets": [], "target_methods": []})


@pytest.mark.parametrize(("name", "core"), [("httpcore", "httpcore"), ("httpcore2", "httpcore2")])
def test_respx_sits_below_the_transports(name, core):
    """On the connection pools, so that what our handler hands down arrives there."""
    mocker = Mocker.registry.get(name)
    assert mocker is not None, f"respx has no mocker {name!r} any more; look for what took its place in interception.py"
    assert {target.partition(".")[0] for target in mocker.targets} == {core}, (
        f"respx's mocker {name!r} patches elsewhere than in {core}. _is_below() tells by the first part of the targets "
        "which library's requests reach it: name the new places there."
    )
    assert set(mocker.target_methods) == {"handle_request", "handle_async_request"}
    assert respx.mocks.DEFAULT_MOCKER == "httpcore", (
        "respx.mock() intercepts elsewhere by default. If that is above the transports, an unmatched request must no "
        "longer be handed down to it: see _is_below()."
    )


def test_respxs_other_mocker_sits_above_the_transports():
    """What reaches our handler has passed it already, so it is not asked again."""
    assert {target.rpartition(".")[2] for target in Mocker.registry["httpx"].targets} == {"Client", "AsyncClient"}, (
        'respx.mock(using="httpx") no longer patches clients. If it now patches transports, both of us patch the same '
        "method: decide in _is_below() who hands down to whom."
    )


@pytest.mark.parametrize(
    ("using", "own", "other"),
    [("httpcore", "httpx", "httpx2"), ("httpcore2", "httpx2", "httpx"), ("httpx", "", "httpx")],
)
def test_a_started_router_is_in_the_list_of_its_mocker(using, own, other):
    """While it is on, and no longer; it answers one library only."""
    advice = (
        "a started respx router is not in its Mocker's `routers`, or is left there. respx_would_answer() looks there "
        "to know whether a request without a mock is respx's to answer."
    )
    mocker = Mocker.registry[using]
    with respx.mock(using=using, assert_all_called=False) as router:
        assert router in mocker.routers, advice
        assert respx_would_answer(own) if own else mocker.targets
        assert not respx_would_answer(other)
    assert router not in mocker.routers, advice
    assert not respx_would_answer("httpx")
    assert not respx_would_answer("httpx2")


@pytest.mark.parametrize(("using", "library"), [("httpcore", httpx), ("httpcore2", httpx2)])
async def test_an_unmatched_request_comes_back_up_as_respxs_own_error(using, library):
    """Our handler turns exactly that error into a miss of ours."""
    advice = (
        "respx's error for a request without a route does not come through the transport as AllMockedAssertionError. "
        "_sync_handler and _async_handler catch it to record a miss: let them catch what comes now."
    )
    with respx.mock(using=using, assert_all_called=False):
        for ask in (library.get, _awaiting(library)):
            with pytest.raises(Exception) as caught:
                await ask(URL) if ask is not library.get else ask(URL)
            assert isinstance(caught.value, AllMockedAssertionError), advice
        with MockApiClient() as mock:
            with pytest.raises(UnmatchedRequestError):
                library.get(URL)
            with pytest.raises(UnmatchedRequestError):
                await _awaiting(library)(URL)
            assert len(mock.unmatched) == 2
            mock.unmatched.clear()


def _awaiting(library):
    async def get(url):
        async with library.AsyncClient(verify=False) as client:
            return await client.get(url)

    return get


def test_a_route_that_passes_goes_past_respx_and_not_past_us(monkeypatch):
    """PassThrough is caught within respx, below our handler; a mock of ours comes first."""

    # respx leaves a method of any other name alone
    def handle_request(self, request):
        return httpcore.Response(299, content=b"real")

    monkeypatch.setattr(httpcore.ConnectionPool, "handle_request", handle_request)
    with respx.mock(assert_all_called=False) as router, MockApiClient() as mock:
        passing = router.route(host="api.test").pass_through()
        assert httpx.get(URL).status_code == 299, (
            "respx lets PassThrough out of its patched methods. Our handlers would give it to the caller: catch it "
            "there and call the original."
        )
        assert passing.call_count == 1
        mock.add_mock_response(URL, body="ours")
        assert httpx.get(URL).text == "ours"
        assert mock.unmatched == []
    assert not issubclass(PassThrough, AllMockedAssertionError)


def test_respx_never_starts_ours():
    """Its start and stop touch the mocker that is in use, and that is never ours."""
    with MockApiClient() as mock:
        mock.add_mock_response(URL, body="ours")
        with respx.mock(assert_all_called=False):
            assert httpx.get(URL).text == "ours"
        respx.mock.start()
        respx.mock.stop(quiet=True)
        assert httpx.get(URL).text == "ours", (
            "stopping respx's router took our handlers off the transports. TransportMocker.stop() must refuse that."
        )


async def test_a_router_can_be_asked_without_being_started():
    """What mock_api_client.respx does: nothing of respx is patched for it."""
    router = respx.Router(assert_all_called=False)
    router.get(URL).respond(201)
    router.get("https://real.test/").pass_through()
    advice = (
        "mockapi/respx_routes.py asks Router.async_handler and knows what it raises: let it ask what took its place."
    )
    assert (await router.async_handler(httpx.Request("GET", URL))).status_code == 201, advice
    with pytest.raises(AllMockedAssertionError):
        await router.async_handler(httpx.Request("GET", "https://nope.test/"))
    with pytest.raises(PassThrough):
        await router.async_handler(httpx.Request("GET", "https://real.test/"))
    assert not respx_would_answer("httpx"), advice


def test_a_pattern_tells_whether_a_request_fits():
    """What match=[respx.patterns.M(...)] stands on."""
    pattern = respx.patterns.M(host="api.test") & respx.patterns.M(json={"a": 1})
    assert isinstance(pattern, respx.patterns.Pattern)
    outcomes = [bool(pattern.match(httpx.Request("POST", URL, json={"a": number}))) for number in (1, 2)]
    assert outcomes == [True, False], "Pattern.match() answers otherwise: see RespxMatcher in mockapi/respx_routes.py."
