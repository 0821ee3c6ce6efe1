"""The mock client: what tests register answers with.

One client answers the requests of httpx and httpx2, of sync and async callers, wherever they were made.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextvars import Token
from types import ModuleType, TracebackType
from typing import Any, Literal, Self, TypeAlias

import anyio

from query.base.types import UNSET

from . import interception, matchers, messages
from .bodies import Body, Computed, Content, Failure, Prepared, Ready, Stream, call_with, prepare
from .calls import Call, CallList
from .errors import UnmatchedRequestError
from .matchers import Matcher
from .native import make_error, make_response
from .places import registered_at, sent_from
from .registry import Registry
from .requests import RequestView
from .responses import Answer, ResponseMock
from .urls import parse_url

Unmatched: TypeAlias = Literal["fail", "pass"]
HeaderTypes: TypeAlias = Mapping[str, str] | Sequence[tuple[str, str]]

_METHOD = re.compile(r"[A-Za-z]+")


class MockApiClient:
    """Answers HTTP requests from what is registered, and records them. Used as a context manager or as the fixture.

    The newest registration that matches answers: register a response again to change it before the next request. ::

        mock_api_client.add_mock_response(url="/projects/", body=[{"id": 1}])

    Args:
        base_url: Where paths belong, such as "https://api.test"; by default a path means that path on any host.
        unmatched: What happens to a request that nothing answers: "fail" (raise, and fail the test even if the
            program swallows that), or "pass" (send it for real).
        allow: Hosts whose requests are sent for real: names, or regular expressions for them.
        async_delay: Seconds before each answer to an async caller that has no delay of its own.

    Attributes:
        async_delay: The same; reset after each test.
        calls: Every call that was answered, in order.
        unmatched: An error for every request that nothing answered.
    """

    match_query = staticmethod(matchers.match_query)
    match_data = staticmethod(matchers.match_data)

    def __init__(
        self,
        *,
        base_url: str | None = None,
        unmatched: Unmatched = "fail",
        allow: Iterable[str | re.Pattern[str]] = (),
        async_delay: float | None = None,
    ) -> None:
        self._registry = Registry()
        self._numbers = itertools.count(1)
        self._tokens: list[Token[Any]] = []
        self.calls = CallList()
        self.unmatched: list[UnmatchedRequestError] = []
        self.configure(base_url=base_url, unmatched=unmatched, allow=allow, async_delay=async_delay)

    def configure(
        self,
        *,
        base_url: str | None = None,
        unmatched: Unmatched = "fail",
        allow: Iterable[str | re.Pattern[str]] = (),
        async_delay: float | None = None,
    ) -> None:
        """Set the options anew; those not given go back to their defaults.

        Args:
            base_url: Where paths belong.
            unmatched: What happens to a request that nothing answers.
            allow: Hosts whose requests are sent for real.
            async_delay: Seconds before each answer to an async caller.

        Raises:
            ValueError: An *unmatched* that means nothing, or a *base_url* without a scheme.
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
        self.async_delay = async_delay

    # -- life

    @property
    def is_active(self) -> bool:
        """Whether requests come here."""
        return self in interception.active

    def start(self) -> None:
        """Answer requests from now on: those of this context, and all while it is the only client."""
        interception.intercept()
        if not self.is_active:
            interception.active.append(self)
        self._tokens.append(interception.current.set(self))

    def stop(self) -> None:
        """Answer no more."""
        if self.is_active:
            interception.active.remove(self)
        while self._tokens:
            token = self._tokens.pop()
            # started in another context, it keeps its own view there: not being active is enough
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
        async_delay: float | None = None,
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
            async_delay: Seconds before the answer to an async caller. One longer than the caller's read timeout ends
                at once in its ``ReadTimeout``.
            times: How often to answer; an older registration answers again afterwards.

        Returns:
            The mock, with the calls that arrive at it.

        Raises:
            TypeError: An argument of a wrong kind; a body that cannot be JSON, with the place in it.
            ValueError: A URL, method, status, delay or number of times that cannot be.
        """
        mock = ResponseMock(
            number=next(self._numbers),
            url=parse_url(url, self._base_url),
            methods=_methods(method),
            answer=Answer(
                body=prepare(body),
                status_code=_status(status_code),
                headers=_headers(headers),
                async_delay=_delay(async_delay),
            ),
            match=matchers.check_matchers(match),
            times=_times(times),
            source=registered_at(),
            remove=self._registry.remove,
        )
        self._registry.add(mock)
        return mock

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
        if found is None:
            return interception.PASS
        mock, call = found
        try:
            body = mock.answer.body
            while isinstance(body, Computed):
                made = call_with(body, view, call.path_params)
                if hasattr(made, "__await__"):
                    if hasattr(made, "close"):
                        made.close()
                    raise TypeError(messages.async_body(mock))
                body = prepare(made)
            self._check_timeout(mock, view, library)
            return self._finish(mock, call, body, library)
        except BaseException as error:
            call.error = error
            raise

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
        if found is None:
            return interception.PASS
        mock, call = found
        try:
            body: Prepared = mock.answer.body
            while isinstance(body, Computed):
                made = call_with(body, view, call.path_params)
                body = prepare(await made if hasattr(made, "__await__") else made)
            self._check_timeout(mock, view, library)
            delay = self._delay_of(mock)
            if delay:
                await anyio.sleep(delay)
            return self._finish(mock, call, body, library)
        except BaseException as error:
            call.error = error
            raise

    def _find(self, view: RequestView) -> tuple[ResponseMock, Call] | None:
        __tracebackhide__ = True
        found = self._registry.find(view)
        if found is None:
            if self._passes(view) or interception.respx_would_answer():
                return None
            error = UnmatchedRequestError(messages.unmatched(view, self._registry.mocks, sent_from()), view.request)
            self.unmatched.append(error)
            raise error
        mock, params = found
        call = Call(view, params)
        self.calls.record(call)
        mock.calls.record(call)
        return mock, call

    def _passes(self, view: RequestView) -> bool:
        if self._on_unmatched == "pass":
            return True
        host = str(view.request.url.host)
        return any(rule.fullmatch(host) if isinstance(rule, re.Pattern) else rule == host for rule in self._allow)

    def _delay_of(self, mock: ResponseMock) -> float | None:
        return self.async_delay if mock.answer.async_delay is None else mock.answer.async_delay

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


def _methods(method: object) -> tuple[str, ...]:
    names = (method,) if isinstance(method, str) else tuple(method) if isinstance(method, Collection) else ()
    if not names or not all(isinstance(name, str) and _METHOD.fullmatch(name) for name in names):
        raise ValueError(f'method={method!r} is no HTTP method; expected one such as "POST", or a list of them.')
    return tuple(dict.fromkeys(str(name).upper() for name in names))


def _status(status_code: object) -> int:
    if isinstance(status_code, bool) or not isinstance(status_code, int) or not 100 <= status_code <= 599:
        raise ValueError(f"status_code={status_code!r} is no HTTP status; expected an int from 100 to 599.")
    return int(status_code)


def _headers(headers: Any) -> tuple[tuple[str, str], ...]:
    pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers or ())
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise TypeError(f"headers has {pair!r}; expected names and values that are both str.")
    return tuple(pairs)


def _delay(async_delay: object) -> float | None:
    if async_delay is None:
        return None
    if (
        isinstance(async_delay, bool)
        or not isinstance(async_delay, (int, float))
        or not 0 <= async_delay < float("inf")
    ):
        raise ValueError(f"async_delay={async_delay!r} is no delay; expected seconds, at least 0.")
    return float(async_delay)


def _times(times: Any) -> int | None:
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
        raise ValueError(f"times={times!r} is no number of answers; expected an int, at least 1.")
    return times
