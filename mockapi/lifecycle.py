"""What happens around each test: a fresh mock client, and an end that loses no error."""

from __future__ import annotations

import contextlib
import functools
import inspect
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import Token
from typing import Any

import pytest

from . import interception, leftovers, messages, turns
from .client import MockApiClient
from .errors import (
    MarkerError,
    ScopeError,
    UnmatchedRequestAbort,
    UnmatchedRequestError,
    UnusedMockError,
    UnusedMockWarning,
)
from .query_client import MakeTestQueryClient
from .request_log import RequestLogs
from .responses import ResponseMock
from .settings import catch_transports, marker_options, session_options
from .turns import Turn


class FixtureClient(MockApiClient):
    """The client that the fixture hands out: one object for the session, with the state of the test that runs.

    Args:
        wake: Called before each registration while it is not active, and in the set-up of fixtures.
        below: The client of the module.
    """

    def __init__(self, wake: Callable[[], None], below: MockApiClient) -> None:
        super().__init__(below=below)
        self._wake = wake

    def about_to_register(self) -> None:
        """Start it for a test that got hold of it without naming its fixture, or say why that cannot be."""
        self._wake()


class Lifecycle:
    """The client and the factory of one test session, renewed for each test and each Hypothesis example.

    Args:
        config: The session's configuration.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.session_client = MockApiClient()
        self.module_client = MockApiClient(below=self.session_client)
        self.client: MockApiClient = FixtureClient(self.wake, self.module_client)
        self.make_query_client = MakeTestQueryClient()
        # requests stand in the time line of queries too, where they belong in time
        self.client.history.log = self.make_query_client.log.note_request
        self.logs = RequestLogs(config.pluginmanager.get_plugin("mockapi-report"))
        self._item: pytest.Item | None = None
        self._fixtures: list[tuple[str, str]] = []
        self._told: list[UnmatchedRequestError] = []
        self._missed: list[UnmatchedRequestError] = []
        self._told_unused: list[ResponseMock] = []
        self._is_over = False
        self._defaults: dict[str, Any] = {**session_options(config)}
        try:
            for client in (self.client, self.module_client, self.session_client):
                client.configure(**self._defaults)
        except (TypeError, ValueError) as error:
            raise pytest.UsageError(f"the mockapi options of the ini file: {error}") from None
        interception.shares_tls = bool(config.getini("mockapi_share_ssl"))
        catch_transports(config.getini("mockapi_transports"))

    # -- from test to test

    def begin(self, item: pytest.Item) -> None:
        """Make everything new for a test.

        Args:
            item: The test.

        Raises:
            MarkerError: Its marker has an unknown option, or a value that cannot be.
        """
        __tracebackhide__ = True
        if self._is_over:
            self.make_query_client.close()
        else:
            self.end()
        self._is_over = False
        try:
            self.client.configure(**{**self._defaults, **marker_options(item)})
        except (TypeError, ValueError) as error:
            if isinstance(error, MarkerError):
                raise
            raise MarkerError(f"@pytest.mark.mockapi on {item.name}: {error}") from None
        self.client.start(item.nodeid)

    def end(self) -> None:
        """Forget everything that a test did, but for what its reports still need."""
        self.logs.note(self.client)
        self.client.stop()
        self.client.clear_mock_responses()
        self.client.configure(**self._defaults)
        self._told.clear()
        self._missed.clear()
        self._told_unused.clear()
        self.make_query_client.close()
        self._is_over = True

    @contextmanager
    def layer(self, client: MockApiClient) -> Generator[MockApiClient]:
        """The client of a module or session, for as long as its fixture lives.

        Args:
            client: The client.

        Raises:
            AssertionError: A request of the fixtures around the tests was not answered, or a mock had to be called.
        """
        __tracebackhide__ = True
        client.start(bind=False)
        try:
            yield client
            client.stop()
            client.check()
        finally:
            client.stop()
            client.clear_mock_responses()
            client.configure(**self._defaults)

    def watch(self, item: pytest.Item | None) -> None:
        """Know which test runs, also if it does not name our fixtures: it may get them by ``getfixturevalue``.

        Args:
            item: The test; None after it.
        """
        self._item = item
        if item is not None:
            self.make_query_client.log.begin(item.nodeid)

    def sections(self, test: str) -> list[tuple[str, str]]:
        """What to add to the report of a test that failed: what it sent, and what happened to its queries.

        Args:
            test: The test's node id.
        """
        return self.logs.sections(self.client, test) + self.make_query_client.log.sections(test)

    def sections_so_far(self) -> list[tuple[str, str]]:
        """What the test that runs has sent until now, and what happened to its queries, for messages of failures."""
        return [] if self._item is None else self.sections(self._item.nodeid)

    def wake(self) -> None:
        """Begin late, for a test that got our client without naming its fixture.

        Raises:
            ScopeError: No test runs; or a fixture is set up that lives longer than what it registers would.
        """
        if self._fixtures:
            name, scope = self._fixtures[-1]
            raise ScopeError(
                f"the {scope}-scoped fixture {name!r} uses mock_api_client, but everything is forgotten after each "
                f"test: from the second test on it would be gone. Use mock_api_client_module or "
                f"mock_api_client_session there, or make {name!r} function-scoped."
            )
        if self.client.is_active:
            return
        if self._item is None:
            raise ScopeError(
                "mock_api_client was used while no test runs, so nothing would ever answer. Use it inside a test or a "
                "function-scoped fixture, or make a client of your own: with MockApiClient() as client."
            )
        self.begin(self._item)

    @contextmanager
    def setting_up(self, name: str, scope: str) -> Generator[None]:
        """Know which fixture is being set up.

        Args:
            name: Its name.
            scope: Its scope, such as "module".
        """
        if scope == "function":
            yield
            return
        self._fixtures.append((name, scope))
        before = turns.current.get()
        try:
            yield
        finally:
            self._fixtures.pop()
            if before is not None and not before.is_over:
                # a client that such a fixture makes stands behind that of the test, in the first test as in the others
                turns.current.set(before)

    # -- around the test's function

    @contextmanager
    def around(self, item: pytest.Item) -> Generator[None]:
        """Wrap the test's function, inside whatever runs it.

        An async test's query clients must be closed in its own loop; each example of a Hypothesis test gets what is
        registered before the first.

        Args:
            item: The test.
        """
        function = getattr(item, "obj", None)
        handle = getattr(function, "hypothesis", None)
        owner, name = (item, "obj") if handle is None else (handle, "inner_test")
        inner: Any = getattr(owner, name, None)
        if handle is None and not inspect.iscoroutinefunction(inner):
            # it runs right here, so it need not be wrapped, which costs more than the rest of this
            token = turns.inside.set(self.client.turn)
            try:
                yield
            except BaseException:
                # the test's own failure says more
                with contextlib.suppress(AssertionError):
                    self.make_query_client.close()
                raise
            else:
                self.make_query_client.close()
            finally:
                turns.inside.reset(token)
            return
        setattr(owner, name, self._wrapped(inner, item.nodeid, renew=handle is not None))
        try:
            yield
        finally:
            setattr(owner, name, inner)

    def _wrapped(self, inner: Callable[..., Any], name: str, *, renew: bool) -> Callable[..., Any]:
        mocks: list[ResponseMock] | None = None
        seen = 0
        # whose turn it is here; an event loop that is older than the test has a context of its own
        outside = turns.current.get()

        def begin() -> Token[Turn | None]:
            """Begin one run of the function: a test, or one example of it."""
            nonlocal mocks
            if renew:
                self.make_query_client.log.clear()
            if renew and self.client.is_active:
                if mocks is None:
                    # not before: the setUp of a unittest class has run only now
                    mocks = self.client.mocks
                # of fixtures, or of a task or thread between two examples: no example will fail for them
                self._missed += self.client.unmatched[seen:]
                self.logs.note(self.client, is_renewed=True)
                self.client.keep_only(mocks)
                # a new turn: what an earlier example left behind must not answer for this one
                self.client.start(name)
            elif outside is not None and not outside.is_over:
                turns.current.set(outside)
            return turns.inside.set(self.client.turn)

        def end(token: Token[Turn | None]) -> None:
            nonlocal seen
            turns.inside.reset(token)
            seen = len(self.client.unmatched)

        def check() -> None:
            if renew and self.client.unmatched:
                # this example is the one that failed
                raise self.client.unmatched[0]

        if inspect.iscoroutinefunction(inner):

            @functools.wraps(inner)
            async def wrapped_async(*args: Any, **kwargs: Any) -> Any:
                __tracebackhide__ = True
                before = leftovers.tasks() if self.client.is_active else None
                token = begin()
                try:
                    result = await inner(*args, **kwargs)
                except BaseException:
                    # the test's own failure says more
                    with contextlib.suppress(AssertionError):
                        await self.make_query_client.aclose()
                    raise
                else:
                    await self.make_query_client.aclose()
                    if before is not None:
                        await leftovers.let_begin(before)
                finally:
                    end(token)
                check()
                return result

            return wrapped_async

        @functools.wraps(inner)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            token = begin()
            try:
                result = inner(*args, **kwargs)
            except BaseException:
                with contextlib.suppress(AssertionError):
                    self.make_query_client.close()
                raise
            else:
                self.make_query_client.close()
            finally:
                end(token)
            check()
            return result

        return wrapped

    # -- what may not be lost

    def explain(self, error: BaseException) -> None:
        """Add unmatched requests to a test's own failure, unless it is about them.

        Args:
            error: What the test failed with.
        """
        untold = self._untold()
        unused = self._unused_of_failed()
        if untold and not _is_about(error, (UnmatchedRequestError, UnmatchedRequestAbort)):
            error.add_note(messages.swallowed_note(untold))
        if unused and not _is_about(error, (UnusedMockError,)):
            error.add_note(messages.unused(unused, self.client.history))

    def check(self) -> None:
        """Fail a test that passed although a request was not answered.

        Raises:
            pytest.fail.Exception: There was one.
        """
        untold = self._untold()
        if untold:
            unused = self._unused_of_failed()
            texts = [messages.swallowed(untold)] + ([messages.unused(unused, self.client.history)] if unused else [])
            pytest.fail("\n".join(texts), pytrace=False)
        if not self.client.mocks:
            return
        unused = self._unused("warn")
        if unused:
            warnings.warn(messages.unused(unused, self.client.history), UnusedMockWarning, stacklevel=2)
        unused = self._unused("fail")
        if unused:
            pytest.fail(messages.unused(unused, self.client.history), pytrace=False)

    def _unused_of_failed(self) -> list[ResponseMock]:
        """The same of a test that fails anyway: told with that, and never a failure of its tear-down."""
        self._unused("warn")
        return self._unused("fail")

    def _unused(self, policy: str) -> list[ResponseMock]:
        """The mocks of the test that had to be called, each told once."""
        found = [mock for mock in self.client.unused_mocks(policy) if mock not in self._told_unused]
        self._told_unused += found
        return found

    def _untold(self) -> list[UnmatchedRequestError]:
        """The unmatched requests that no phase of this test has failed for yet."""
        if not self.client.unmatched and not self._missed:
            return []
        told = {id(error) for error in self._told}
        untold = [error for error in (*self._missed, *self.client.unmatched) if id(error) not in told]
        self._told += untold
        return untold


def _is_about(error: BaseException, kinds: tuple[type[BaseException], ...]) -> bool:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, kinds):
            return True
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return False
