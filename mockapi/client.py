"""The mock client: what tests register answers with.

One client answers the requests of httpx and httpx2, of sync and async callers, wherever they were made.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
import re
from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from contextvars import Token
from types import ModuleType, TracebackType
from typing import Any, Literal, Self, TypeAlias

import anyio

from query.base.types import UNSET, Duration

from . import interception, matchers, messages
from .bodies import Body, Computed, Content, Failure, Prepared, Ready, Stream, call_with, prepare, run_blocking
from .calls import Call, CallList
from .errors import BodyError, UnmatchedRequestError
from .interception import Below, Turn
from .matchers import Matcher
from .native import make_error, make_response, own_error
from .places import registered_at, sent_from, users_place
from .registry import Registry
from .requests import RequestView
from .responses import (
    Answer,
    ResponseMock,
    checked_delay,
    checked_headers,
    checked_methods,
    checked_status,
    checked_times,
)
from .urls import parse_url

Unmatched: TypeAlias = Literal["fail", "pass"]
HeaderTypes: TypeAlias = Mapping[str, str] | Sequence[tuple[str, str]]


class MockApiClient:
    """Answers HTTP requests from what is registered, and records them. Used as a context manager or as the fixture.

    The newest registration that matches answers: register a response again to change it before the next request. ::

        mock_api_client.add_mock_response(url="/projects/", body=[{"id": 1}])

    Args:
        base_url: Where paths belong, such as "https://api.test"; by default a path means that path on any host.
        unmatched: What happens to a request that nothing answers: "fail" (raise, and fail the test even if the
            program swallows that), or "pass" (send it for real).
        allow: Hosts whose requests are sent for real: names, or regular expressions for them.
        async_delay: Seconds, or a timedelta, before each answer to an async caller that has no delay of its own.

    Attributes:
        async_delay: The same, in seconds; reset after each test.
        calls: Every call that was answered, in order.
        unmatched: An error for every request that nothing answered. A test that means to send one takes it out:
            ``mock_api_client.unmatched.clear()``.
        late: An error for every request that nothing answered and that came from a task or thread of a test that was
            over. It is no fault of the test that runs then; it fails the session.
    """

    match_query = staticmethod(matchers.match_query)
    match_data = staticmethod(matchers.match_data)

    def __init__(
        self,
        *,
        base_url: str | None = None,
        unmatched: Unmatched = "fail",
        allow: Iterable[str | re.Pattern[str]] = (),
        async_delay: Duration | None = None,
    ) -> None:
        self._registry = Registry()
        self._numbers = itertools.count(1)
        self._turn: Turn | None = None
        self._tokens: list[Token[Any]] = []
        self.calls = CallList()
        self.unmatched: list[UnmatchedRequestError] = []
        self.late: list[UnmatchedRequestError] = []
        self.configure(base_url=base_url, unmatched=unmatched, allow=allow, async_delay=async_delay)

    def configure(
        self,
        *,
        base_url: str | None = None,
        unmatched: Unmatched = "fail",
        allow: Iterable[str | re.Pattern[str]] = (),
        async_delay: Duration | None = None,
    ) -> None:
        """Set the options anew; those not given go back to their defaults.

        Args:
            base_url: Where paths belong.
            unmatched: What happens to a request that nothing answers.
            allow: Hosts whose requests are sent for real.
            async_delay: Seconds, or a timedelta, before each answer to an async caller.

        Raises:
            ValueError: An *unmatched* that means nothing, a *base_url* without a scheme, or a delay that cannot be.
            TypeError: An *allow* that is a single str.
        """
        if unmatched not in ("fail", "pass"):
            raise ValueError(f'unmatched={unmatched!r} means nothing; expected "fail" or "pass".')
        if base_url is not None and "://" not in base_url:
            raise ValueError(f"base_url={base_url!r} has no scheme; expected one such as 'https://{base_url}'.")
        if isinstance(allow, str):
            raise TypeError(f"allow={allow!r} is a single str; expected a list of hosts: allow=[{allow!r}].")
        self._base_url = base_url
        self._on_unmatched = unmatched
        self._allow = tuple(allow)
        self._delay = checked_delay(async_delay)

    @property
    def async_delay(self) -> float | None:
        """Seconds before each answer to an async caller that has no delay of its own."""
        return self._delay

    @async_delay.setter
    def async_delay(self, async_delay: Duration | None) -> None:
        self._delay = checked_delay(async_delay)

    # -- life

    @property
    def is_active(self) -> bool:
        """Whether requests come here."""
        return self in interception.active

    @property
    def turn(self) -> Turn | None:
        """The stretch for which it answers now; None if it does not."""
        return self._turn

    def start(self, name: str = "") -> None:
        """Answer requests from now on: those of this context, and all while it is the only client.

        Args:
            name: For which test, if it is for one.
        """
        interception.intercept()
        if not self.is_active:
            interception.active.append(self)
        if self._turn is not None:
            self._turn.is_over = True
        self._turn = Turn(self, name)
        self._tokens.append(interception.current.set(self._turn))

    def stop(self) -> None:
        """Answer no more."""
        if self.is_active:
            interception.active.remove(self)
        if self._turn is not None:
            self._turn.is_over = True
            self._turn = None
        while self._tokens:
            token = self._tokens.pop()
            # started in another context, it keeps its own view there: its turn being over is enough
            with contextlib.suppress(ValueError):
                interception.current.reset(token)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- registering

    def add_mock_response(
        self,
        url: str | re.Pattern[str],
        *,
        method: str | Collection[str] = "GET",
        body: Body = UNSET,
        status_code: int = 200,
        headers: HeaderTypes | None = None,
        match: Sequence[Matcher] = (),
        async_delay: Duration | None = None,
        times: int | None = None,
    ) -> ResponseMock:
        """Answer requests to *url* from now on. The newest registration that matches wins.

        Args:
            url: A path ("/projects/"), a whole URL, either with parameters ("/projects/$slug/" or
                "/projects/{slug}/"), or a compiled regular expression for the whole URL or path. A trailing slash
                counts. A query in it is compared exactly.
            method: The method, or several.
            body: What to answer. JSON data, None for null, str or bytes, a dataclass or msgspec value, a Path, an
                iterable or async iterable of pieces, an exception (raised as the caller's own library's), a response,
                or a function of the request that returns one of these, plain or async. Empty if not given.
            status_code: The status.
            headers: Headers of the answer.
            match: Matchers that must all agree: ``match_query``, ``match_data``, or functions of the request.
            async_delay: Seconds, or a timedelta, before the answer to an async caller. One longer than the caller's
                read timeout ends at once in its ``ReadTimeout``.
            times: How often to answer; an older registration answers again afterwards.

        Returns:
            The mock, with the calls that arrive at it.

        Raises:
            TypeError: An argument of a wrong kind; a body that cannot be JSON, with the place in it.
            ValueError: A URL, method, status, delay or number of times that cannot be.
        """
        self.about_to_register()
        mock = ResponseMock(
            number=next(self._numbers),
            url=parse_url(url, self._base_url),
            methods=checked_methods(method),
            answer=Answer(
                body=prepare(body),
                status_code=checked_status(status_code),
                headers=checked_headers(headers),
                async_delay=checked_delay(async_delay),
            ),
            match=matchers.check_matchers(match),
            times=checked_times(times),
            source=registered_at(),
            remove=self._registry.remove,
        )
        self._registry.add(mock)
        return mock

    def about_to_register(self) -> None:
        """Called before each registration. The client of the fixture looks here whether a test runs."""

    @property
    def mocks(self) -> list[ResponseMock]:
        """The mocks that are registered, oldest first."""
        return list(self._registry.mocks)

    def clear_mock_responses(self) -> None:
        """Forget all mocks, calls and unmatched requests."""
        self._registry.clear()
        self.reset_calls()

    def reset_calls(self) -> None:
        """Forget all calls and unmatched requests; the mocks stay."""
        self.calls.clear()
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

    # -- answering

    def respond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to a sync caller.

        Args:
            view: The request.
            library: The caller's library.

        Raises:
            UnmatchedRequestError: Nothing answers it.
        """
        __tracebackhide__ = True
        found = self._find(view)
        if not isinstance(found, tuple):
            return interception.PASS if found is None else found
        mock, call = found
        try:
            body = mock.answer.body
            while isinstance(body, Computed):
                made = call_with(body, view, call.path_params)
                body = self._prepared(run_blocking(_awaited(made)) if inspect.isawaitable(made) else made, mock, view)
            self._check_timeout(mock, view, library)
            return self._finish(mock, call, body, library)
        except BaseException as error:
            call.error = own_error(library, error, view.request)
            if call.error is error:
                raise
            raise call.error from error

    async def arespond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to an async caller.

        Args:
            view: The request.
            library: The caller's library.

        Raises:
            UnmatchedRequestError: Nothing answers it.
        """
        __tracebackhide__ = True
        found = self._find(view)
        if not isinstance(found, tuple):
            return interception.PASS if found is None else found
        mock, call = found
        try:
            body: Prepared = mock.answer.body
            while isinstance(body, Computed):
                made = call_with(body, view, call.path_params)
                body = self._prepared(await made if inspect.isawaitable(made) else made, mock, view)
            self._check_timeout(mock, view, library)
            delay = self._delay_of(mock)
            if delay:
                await anyio.sleep(delay)
            return self._finish(mock, call, body, library)
        except BaseException as error:
            call.error = own_error(library, error, view.request)
            if call.error is error:
                raise
            raise call.error from error

    def _find(self, view: RequestView) -> tuple[ResponseMock, Call] | Below | None:
        """The mock that answers, and a record of the call; None if the request is not ours to answer."""
        __tracebackhide__ = True
        try:
            found = self._registry.find(view)
        except UnmatchedRequestError as error:
            self.unmatched.append(error)
            raise
        if found is None:
            if self._passes(view):
                return None
            if interception.respx_would_answer():
                return Below(functools.partial(self._refusal, view))
            raise self._refusal(view)
        mock, params = found
        call = Call(view, params, users_place())
        self.calls.record(call)
        mock.calls.record(call)
        return mock, call

    def _refusal(self, view: RequestView) -> UnmatchedRequestError:
        """The error for a request that nothing answers, recorded where it counts."""
        text = messages.unmatched(view, self._registry.mocks, sent_from())
        late = interception.late_turn()
        if late is None:
            error = UnmatchedRequestError(text, view.request)
            self.unmatched.append(error)
        else:
            error = UnmatchedRequestError(messages.late(text, late.name), view.request)
            late.client.late.append(error)
        return error

    def _prepared(self, made: Any, mock: ResponseMock, view: RequestView) -> Prepared:
        """What a function gave, as a body. A mistake in it is the test's, so it must not be lost either."""
        try:
            return prepare(made)
        except TypeError as error:
            refusal = BodyError(messages.unusable_body(mock, view, error), view.request)
            self.unmatched.append(refusal)
            raise refusal from error

    def _passes(self, view: RequestView) -> bool:
        if self._on_unmatched == "pass":
            return True
        host = str(view.request.url.host)
        return any(rule.fullmatch(host) if isinstance(rule, re.Pattern) else rule == host for rule in self._allow)

    def _delay_of(self, mock: ResponseMock) -> float | None:
        return self._delay if mock.answer.async_delay is None else mock.answer.async_delay

    def _check_timeout(self, mock: ResponseMock, view: RequestView, library: ModuleType) -> None:
        delay = self._delay_of(mock)
        limit = (view.request.extensions.get("timeout") or {}).get("read")
        if delay is not None and limit is not None and delay > limit:
            text = f"the mock's answer takes {delay:g} s, longer than this client's read timeout of {limit:g} s"
            raise library.ReadTimeout(text, request=view.request)

    @staticmethod
    def _finish(mock: ResponseMock, call: Call, body: Content | Stream | Ready | Failure, library: ModuleType) -> Any:
        if isinstance(body, Failure):
            raise make_error(library, body, call.request)
        call.response = make_response(library, mock.answer, body, call.request)
        return call.response

    def __repr__(self) -> str:
        return f"<MockApiClient with {len(self._registry.mocks)} mocks, {len(self.calls)} calls>"


async def _awaited(made: Awaitable[Any]) -> Any:
    return await made
