"""The pytest plugin: hooks and fixtures only. Loading it loads nothing else."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .client import MockApiClient
    from .clock.mock_clock import MockClock
    from .lifecycle import Lifecycle
    from .query_client import MakeTestQueryClient

_FIXTURES = frozenset(
    ("mock_api_client", "mock_api_client_module", "mock_api_client_session", "make_test_query_client")
)
_LIFECYCLE: pytest.StashKey[Lifecycle] = pytest.StashKey()
_CLOCK: pytest.StashKey[MockClock] = pytest.StashKey()
_ITEM: pytest.StashKey[pytest.Item] = pytest.StashKey()

# The session that runs is the last; one within a test of another is a session as well. Our fixtures look here instead
# of asking for pytestconfig: pytest would look that up for each test anew, at three times the cost of all else.
_SESSIONS: list[pytest.Config] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of the ini file and the command line."""
    for name, kind, default, text in (
        ("unmatched", "string", "fail", 'what happens to a request that no mock answers: "fail", "abort" or "pass"'),
        ("unused", "string", "ignore", 'what happens when a mock is not called: "ignore", "warn" or "fail"'),
        ("allow", "linelist", [], "hosts whose requests are sent for real"),
        ("share_ssl", "bool", True, "whether clients that are made in tests share their default TLS context"),
        ("transports", "linelist", [], "transports of other packages to catch, each as package.module:Class"),
        ("block_network", "bool", False, "whether a client that gets past the mock is refused, and named"),
        ("record_mask", "linelist", [], "names whose values a recording masks, too; * stands for any text"),
        ("record_headers", "linelist", [], "headers of answers that a recording keeps, too; * stands for any text"),
        ("openapi", "string", "", "the OpenAPI description that mocks and requests must keep to"),
    ):
        parser.addini(f"mockapi_{name}", text, type=kind, default=default)  # type: ignore[arg-type]
    group = parser.getgroup("mockapi", "mock_api_client")
    group.addoption(
        "--mockapi-strict",
        action="store_true",
        help="fail tests for unmatched requests, unused mocks and clients that get past the mock",
    )
    group.addoption(
        "--mockapi-record",
        metavar="DIR",
        help="send what no mock answers to the real service, and write it below DIR as Python mocks",
    )
    group.addoption(
        "--mockapi-update", action="store_true", help="let --mockapi-record overwrite recordings that were edited"
    )
    group.addoption(
        "--mockapi-report",
        metavar="FILE",
        action="append",
        help="write what the tests sent, and what answered, to FILE.html (a page) or FILE.json; may be given twice",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker; begin to record or a report, if that is asked for."""
    _SESSIONS.append(config)
    config.addinivalue_line(
        "markers",
        "mockapi(base_url=, unmatched=, unused=, allow=, async_delay=, real_time=, level=, block_network=, openapi=): "
        "options of mock_api_client for a module, class or test",
    )
    config.addinivalue_line(
        "markers",
        "mock_clock(start=, autojump=, real_timeout=, max_timers=): options of mock_clock for a module, class or test",
    )
    if config.getoption("mockapi_record"):
        from .query_package import require_query

        require_query()
        from .recorder.session import start_recording

        start_recording(config)
    elif config.getoption("mockapi_update"):
        raise pytest.UsageError("--mockapi-update says what --mockapi-record=DIR may overwrite; give that, too.")
    if config.getoption("mockapi_report"):
        from .report.session import ReportSession

        config.pluginmanager.register(ReportSession(config), "mockapi-report")


# Session-scoped on paper: what they return is made new for each test, and for each example of a Hypothesis test, which
# would refuse fixtures of function scope.
@pytest.fixture(scope="session")
def mock_api_client() -> MockApiClient:
    """A ``MockApiClient`` that answers the HTTP requests of this test, and fails it for those it cannot answer."""
    config = _SESSIONS[-1]
    lifecycle = _lifecycle(config)
    if config.stash.get(_ITEM, None) is not None and not lifecycle.client.is_active:
        # asked for by getfixturevalue, in a test that does not name it
        lifecycle.begin(config.stash[_ITEM])
    return lifecycle.client


@pytest.fixture(scope="module")
def mock_api_client_module() -> Generator[MockApiClient]:
    """A ``MockApiClient`` below that of each test: what it answers stays for all tests of the module."""
    lifecycle = _lifecycle(_SESSIONS[-1])
    with lifecycle.layer(lifecycle.module_client) as client:
        yield client


@pytest.fixture(scope="session")
def mock_api_client_session() -> Generator[MockApiClient]:
    """A ``MockApiClient`` below those of each module and test: what it answers stays for the session."""
    lifecycle = _lifecycle(_SESSIONS[-1])
    with lifecycle.layer(lifecycle.session_client) as client:
        yield client


@pytest.fixture(scope="session")
def make_test_query_client() -> MakeTestQueryClient:
    """Makes query clients for this test, without retries and with ``gc_time`` 0, and closes them after it."""
    return _lifecycle(_SESSIONS[-1]).make_query_client


@pytest.fixture(scope="session")
def mock_clock() -> MockClock:
    """Virtual time for this test: it stands still until the test says ``await mock_clock.advance(30)``."""
    config = _SESSIONS[-1]
    clock = _clock(config)
    if config.stash.get(_ITEM, None) is not None:
        # asked for by getfixturevalue, in a test that does not name it
        clock.begin(config.stash[_ITEM])
    return clock


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Explain a fixture that failed after a request was not answered."""
    item.config.stash[_ITEM] = item
    lifecycle = item.config.stash.get(_LIFECYCLE, None)
    if lifecycle is not None:
        lifecycle.watch(item)
    try:
        return (yield)
    except BaseException as error:
        _explain(item.config, error)
        raise


# no wrapper: what it raises must find the wrappers of other plugins set up, for they will be torn down
@pytest.hookimpl(specname="pytest_runtest_setup", tryfirst=True)
def pytest_mockapi_begin(item: pytest.Item) -> None:
    """Make everything new before the test's fixtures are set up."""
    __tracebackhide__ = True
    names = getattr(item, "fixturenames", ())
    if "mock_clock" in names:
        _clock(item.config).begin(item)
    # what tests without our fixtures send is recorded, too
    if _FIXTURES.intersection(names) or item.config.getoption("mockapi_record"):
        _lifecycle(item.config).begin(item)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Know the scope of the fixture that is set up: what a module's fixture registers would be gone too soon."""
    lifecycle = request.config.stash.get(_LIFECYCLE, None)
    if lifecycle is None:
        return (yield)
    with lifecycle.setting_up(fixturedef.argname, fixturedef.scope):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Close what the test made, and fail it for requests that were not answered, in its own call phase."""
    lifecycle = item.config.stash.get(_LIFECYCLE, None)
    clock = item.config.stash.get(_CLOCK, None)
    try:
        if lifecycle is None and clock is None:
            result = yield
        else:
            # the clock is wrapped by the client: closing what the test made takes real time, if any
            with (
                nullcontext() if clock is None else clock.around(item),
                nullcontext() if lifecycle is None else lifecycle.around(item),
            ):
                result = yield
    except BaseException as error:
        _explain(item.config, error)
        raise
    _check(item.config)
    return result


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Forget everything after the test's fixtures are torn down."""
    try:
        result = yield
    except BaseException as error:
        _explain(item.config, error)
        raise
    else:
        # the test has had its verdict; this is about requests of its fixtures' ends
        _check(item.config)
        return result
    finally:
        if _ITEM in item.config.stash:
            del item.config.stash[_ITEM]
        lifecycle = item.config.stash.get(_LIFECYCLE, None)
        if lifecycle is not None:
            lifecycle.watch(None)
            lifecycle.end()
        clock = item.config.stash.get(_CLOCK, None)
        if clock is not None:
            clock.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what a test that failed had sent, and what happened to its queries."""
    report = yield
    lifecycle = item.config.stash.get(_LIFECYCLE, None)
    if report.failed and lifecycle is not None:
        report.sections += lifecycle.sections(item.nodeid)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a session in which requests came after the end of their test: that test has had its verdict."""
    lifecycle = session.config.stash.get(_LIFECYCLE, None)
    if lifecycle is not None and lifecycle.client.late and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show them."""
    lifecycle = config.stash.get(_LIFECYCLE, None)
    if lifecycle is not None and lifecycle.client.late:
        terminalreporter.section("requests after the end of their test", red=True)
        for error in lifecycle.client.late:
            terminalreporter.line(str(error))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the transports."""
    if config in _SESSIONS:
        _SESSIONS.remove(config)
    if config.stash.get(_LIFECYCLE, None) is not None:
        from .interception import release

        release()


def running_lifecycle() -> Lifecycle | None:
    """The state of the session that runs; None if there is no session, or no test of it used our fixtures."""
    return _SESSIONS[-1].stash.get(_LIFECYCLE, None) if _SESSIONS else None


def _lifecycle(config: pytest.Config) -> Lifecycle:
    """The state of this session, made when it is first needed."""
    __tracebackhide__ = True
    lifecycle = config.stash.get(_LIFECYCLE, None)
    if lifecycle is None:
        from .query_package import require_query

        require_query()
        from .lifecycle import Lifecycle

        lifecycle = config.stash[_LIFECYCLE] = Lifecycle(config)
        lifecycle.watch(config.stash.get(_ITEM, None))
    return lifecycle


def _clock(config: pytest.Config) -> MockClock:
    """The clock of this session, made when it is first needed."""
    __tracebackhide__ = True
    clock = config.stash.get(_CLOCK, None)
    if clock is None:
        from .query_package import require_query

        require_query()
        from .clock.mock_clock import MockClock

        clock = config.stash[_CLOCK] = MockClock()
    return clock


def _explain(config: pytest.Config, error: BaseException) -> None:
    lifecycle = config.stash.get(_LIFECYCLE, None)
    if lifecycle is not None:
        lifecycle.explain(error)


def _check(config: pytest.Config) -> None:
    lifecycle = config.stash.get(_LIFECYCLE, None)
    if lifecycle is not None:
        lifecycle.check()
