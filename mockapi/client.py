"""The mock client: what tests register answers with.

One client answers the requests of httpx and httpx2, of sync and async callers, wherever they were made.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from typing_extensions import Unpack

from query.base.types import UNSET, Duration

from .answers import (
    checked_delay,
)
from .body_matchers import match_content, match_data
from .client_options import ClientOptions
from .errors import UnmatchedRequestError
from .file_matcher import match_files
from .header_matchers import match_cookies, match_headers
from .probe import probe
from .registering import RegisteringClient
from .responses import ResponseMock
from .respx_routes import RespxRouter, routes
from .schema_matcher import match_schema
from .text_matchers import match_form, match_query


class MockApiClient(RegisteringClient):
    """Answers HTTP requests from what is registered, and records them. Used as a context manager or as the fixture.

    The newest registration that matches answers: register a response again to change it before the next request. ::

        mock_api_client.add_mock_response(url="/projects/", body=[{"id": 1}])

    As a context manager it raises at the end for a request that nothing answered, if the program swallowed that.

    Args:
        below: A client whose mocks answer what these do not.
        parent: The client of which this one is a scope; see ``scope``.
        **options: See ``ClientOptions``.

    Attributes:
        async_delay: Seconds before each answer to an async caller that has no delay of its own; reset after each test.
        calls: Every call that a mock answered, in order.
        history: Every request, in order, with what became of it.
        unmatched: An error for every request that nothing answered.
        late: An error for every request that nothing answered and that came after the end of its test.
    """

    match_query = staticmethod(match_query)
    match_data = staticmethod(match_data)
    match_headers = staticmethod(match_headers)
    match_cookies = staticmethod(match_cookies)
    match_form = staticmethod(match_form)
    match_files = staticmethod(match_files)
    match_content = staticmethod(match_content)
    match_schema = staticmethod(match_schema)

    def __init__(
        self,
        *,
        below: MockApiClient | None = None,
        parent: MockApiClient | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        super().__init__(below=below, parent=parent, **options)

    @property
    def async_delay(self) -> float | None:
        """Seconds before each answer to an async caller that has no delay of its own."""
        return self._delay

    @async_delay.setter
    def async_delay(self, async_delay: Duration | None) -> None:
        self._delay = checked_delay(async_delay)

    # -- life

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        self.stop()
        if error is None:
            self.check()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        self.__exit__(kind, error, trace)

    @contextmanager
    def scope(self) -> Generator[MockApiClient]:
        """A layer on top, for the requests of this context alone: of one task of several, or of one Hypothesis example.

        What is registered on the client that it gives answers first, then what is registered here. It keeps records of
        its own, and this client keeps them too. A request that nothing answers is raised again at the end.

        Raises:
            UnmatchedRequestError: A request was not answered, and the program swallowed the error.
        """
        __tracebackhide__ = True
        given: ClientOptions = self._given or {}
        inner = MockApiClient(below=self, parent=self, **given)
        inner.start("" if self.turn is None else self.turn.name)
        try:
            yield inner
        finally:
            inner.stop()
        inner.check()

    @contextmanager
    def expect_unmatched(self) -> Generator[list[UnmatchedRequestError]]:
        """For requests that shall not be answered: the block must send one, which then fails nothing.

        Gives a list, to which the errors are added at the end; one that leaves the block goes no further.

        Raises:
            AssertionError: Every request of the block was answered.
        """
        __tracebackhide__ = True
        before = len(self.unmatched)
        found: list[UnmatchedRequestError] = []
        try:
            yield found
        except UnmatchedRequestError as error:
            if error not in self.unmatched[before:]:
                raise
        found.extend(self.unmatched[before:])
        self._forgive(found)
        if not found:
            raise AssertionError("expected a request that no mock answers, but every request was answered or none sent")

    @property
    def respx(self) -> RespxRouter:
        """A router of respx, whose routes answer what no mock does, for httpx and httpx2."""
        if self._routes is None:
            self._routes = routes()
        return self._routes[0]

    # -- what is registered

    @property
    def mocks(self) -> list[ResponseMock]:
        """The mocks that are registered here, oldest first."""
        return list(self._registry.mocks)

    def find(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = UNSET,
        data: Mapping[str, Any] | None = None,
        content: bytes | str | None = None,
    ) -> ResponseMock | None:
        """The mock that would answer a request, of this client or of those below; None if none would.

        Args:
            method: The method.
            url: A whole URL, or a path.
            headers: Its headers.
            json: Its body as JSON.
            data: Its body as a form.
            content: Its body.

        Raises:
            MatcherError: A matcher raised an error.
        """
        view = probe(method, url, self._options.base_url, headers=headers, json=json, data=data, content=content)
        for layer in self.layers:
            found = layer._registry.would_find(view)
            if found is not None:
                return found
        return None

    def clear_mock_responses(self) -> None:
        """Forget all mocks, calls and unmatched requests."""
        for mock in self._registry.mocks:
            mock.let_go()
        self._registry.clear()
        self._routes = None
        self.reset_calls()

    def reset_calls(self) -> None:
        """Forget all calls and unmatched requests; the mocks stay, as if they had not been used."""
        self.calls.clear()
        self.history.clear()
        self.unmatched.clear()
        for mock in self._registry.mocks:
            mock.reset()

    def keep_only(self, mocks: Collection[ResponseMock]) -> None:
        """Go back to an earlier set of mocks, with no calls made.

        Args:
            mocks: What was registered then.
        """
        self._registry.clear()
        for mock in mocks:
            self._registry.add(mock)
        self.reset_calls()

    def __repr__(self) -> str:
        return f"<MockApiClient with {len(self._registry.mocks)} mocks, {len(self.calls)} calls>"
