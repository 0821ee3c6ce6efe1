"""Registering answers: everything that ``mock_api_client`` has for that."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterable, Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from typing_extensions import Unpack

from query.base.types import UNSET, Duration

from . import interception
from .answering import AnsweringClient
from .answers import (
    ANY_METHOD,
    Answer,
    HeaderTypes,
    PreparedAnswer,
    checked_methods,
    checked_required,
    checked_times,
)
from .apps import App, mounted
from .bodies import Body
from .client_options import ClientOptions
from .faults import Fault, fault
from .matchers import Matcher, check_matchers
from .mock_options import MockOptions, ResponseOptions, SequenceOptions, Url, with_then
from .places import registered_at
from .responses import Ending, ResponseMock, Rule
from .respx_routes import with_patterns
from .scenarios import Scenario, StateT, Then, When, checked_states
from .sse import sse_body
from .urls import parse_url
from .verbs import Verbs


class RegisteringClient(AnsweringClient, Verbs):
    """What tests register answers with.

    Args:
        below: A client whose mocks answer what these do not.
        parent: The client of which this one is a scope.
        **options: See ``ClientOptions``.
    """

    def __init__(
        self,
        *,
        below: AnsweringClient | None = None,
        parent: AnsweringClient | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._numbers = itertools.count(1)
        super().__init__(below=below, parent=parent, **options)

    def add_mock_response(
        self,
        url: Url,
        *,
        method: str | Collection[str] = "GET",
        body: Body = UNSET,
        status_code: int = 200,
        headers: HeaderTypes | None = None,
        match: Sequence[Matcher] = (),
        async_delay: Duration | None = None,
        times: int | None = None,
        required: bool | None = None,
        name: str | None = None,
        when: When[Any] | None = None,
        then: Then[Any] | None = None,
        openapi: bool = True,
    ) -> ResponseMock:
        """Answer requests to *url* from now on. The newest registration that matches wins.

        Args:
            url: A path ("/projects/"), a whole URL, either with parameters ("/projects/$slug/" or
                "/projects/{slug}/"), or a compiled regular expression for the whole URL or path. A trailing slash
                counts. A query in it is compared exactly.
            method: The method, or several; "*" for any.
            body: What to answer. JSON data, None for null, str or bytes, a dataclass or msgspec value, a Path, an
                iterable or async iterable of pieces, an exception (raised as the caller's own library's), a response,
                ``PASS`` (send it for real), ``EXAMPLE`` (what the OpenAPI description has), or a function of the
                request that returns one of these, plain or async; it may also return ``NEXT``, to leave the request
                to an older mock. Empty if not given.
            status_code: The status.
            headers: Headers of the answer.
            match: Matchers that must all agree: ``match_query``, ``match_data``, ``match_headers`` and their like, or
                functions of the request that return a bool, a ``Mismatch`` or a str that is the reason for no.
            async_delay: Seconds, or a timedelta, before the answer to an async caller. One longer than the caller's
                read timeout ends at once in its ``ReadTimeout``.
            times: How often to answer; an older registration answers again afterwards.
            required: Whether it must be called by the end of the test; by default the client's ``unused`` says.
            name: What to call it in messages.
            when: States of a scenario in which it answers: ``scenario.at(...)``.
            then: The state to which it moves a scenario: ``scenario.go(...)``.
            openapi: Whether it, and requests for it, must keep to the client's OpenAPI description, if there is one.

        Returns:
            The mock, with the calls that arrive at it.

        Raises:
            TypeError: An argument of a wrong kind; a body that cannot be JSON, with the place in it.
            ValueError: A URL, method, status, delay or number of times that cannot be.
            MockContractError: It does not keep to the OpenAPI description.
        """
        self.about_to_register()
        answer = Answer(body, status_code=status_code, headers=headers, async_delay=async_delay)
        options = MockOptions(
            match=match, times=times, required=required, name=name, when=when, then=then, openapi=openapi
        )
        return self._register(url, method, (answer.prepared,), "repeat", options)

    def _answer_to(self, method: str, url: Url, body: Body, options: ResponseOptions) -> ResponseMock:
        return self.add_mock_response(url, method=method, body=body, **options)

    def add_sequence(
        self,
        url: Url,
        *answers: Body,
        method: str | Collection[str] = "GET",
        then: Ending = "repeat",
        **options: Unpack[SequenceOptions],
    ) -> ResponseMock:
        """Answer with one after another.

        Args:
            url: What ``add_mock_response`` takes.
            *answers: Bodies, or ``Answer(body, status_code=...)`` where more than the body is to be said.
            method: The method, or several.
            then: What comes after the last: "repeat" it, "fail" (the request counts as one that nothing answers), or
                "fall_through" to the older mocks.
            **options: See ``SequenceOptions``.

        Raises:
            TypeError: No answer given; an argument of a wrong kind.
            ValueError: A *then* that means nothing; a URL or method that cannot be.
        """
        self.about_to_register()
        if then not in ("repeat", "fail", "fall_through"):
            raise ValueError(f'then={then!r} means nothing; expected "repeat", "fail" or "fall_through".')
        if not answers:
            raise TypeError("add_sequence has no answers; expected one or several after the URL.")
        prepared = tuple((one if isinstance(one, Answer) else Answer(one)).prepared for one in answers)
        if then == "fall_through":
            options.setdefault("times", len(prepared))
        return self._register(url, method, prepared, then, with_then(options))

    def add_error(
        self, url: Url, error: Fault, *, method: str | Collection[str] = "GET", **options: Unpack[MockOptions]
    ) -> ResponseMock:
        """Answer with an error of the network, raised as the caller's own library's.

        Args:
            url: What ``add_mock_response`` takes.
            error: A name, such as "connect", "read_timeout" or "reset"; the name of any exception of httpx; an
                exception, or its class.
            method: The method, or several.
            **options: See ``MockOptions``.

        Raises:
            ValueError: No such name; the message has all of them.
            TypeError: Neither a name nor an exception.
        """
        return self.add_mock_response(url, method=method, body=fault(error), **options)

    def add_sse(
        self,
        url: Url,
        events: Iterable[Any] | AsyncIterable[Any] | Callable[..., Any],
        *,
        method: str | Collection[str] = "GET",
        **options: Unpack[ResponseOptions],
    ) -> ResponseMock:
        """Answer with server-sent events.

        Args:
            url: What ``add_mock_response`` takes.
            events: An iterable or async iterable of events, or a function of the request that returns one. An event is
                an ``SseEvent``, a str (its data), or JSON data.
            method: The method, or several.
            **options: See ``ResponseOptions``.

        Raises:
            TypeError: *events* is none of these.
        """
        body, options["headers"] = sse_body(events, options.get("headers"))
        return self.add_mock_response(url, method=method, body=body, **options)

    def mount(self, url_prefix: str, app: App, **options: Unpack[MockOptions]) -> ResponseMock:
        """Let an app answer everything below a URL, with any method.

        Args:
            url_prefix: A whole URL or a path, such as "https://api.test" or "https://api.test/v1".
            app: An ASGI or WSGI app.
            **options: See ``MockOptions``.

        Raises:
            TypeError: *app* is neither.
            ValueError: A URL that cannot be.
        """
        self.about_to_register()
        url, body = mounted(url_prefix, app)
        answer = Answer(body)
        return self._register(url, ANY_METHOD, (answer.prepared,), "repeat", options)

    def scenario(self, name: str, start: StateT, states: Iterable[StateT] | None = None) -> Scenario[StateT]:
        """A state that mocks can ask about, by ``when=``, and change, by ``then=``.

        Args:
            name: For messages.
            start: The state in which it begins.
            states: All that there are; those of *start*'s Enum by default, else any value will do.

        Raises:
            ValueError: *start* is not among *states*.
        """
        return Scenario(name, start, states)

    def load(
        self,
        path: Path | str,
        *,
        urls: Url | Iterable[Url] | None = None,
        methods: str | Collection[str] | None = None,
    ) -> list[ResponseMock]:
        """Answer as a real service did: from a HAR file of a browser, mitmproxy or Playwright, or a cassette of vcrpy.

        Requests that are there several times become a sequence of their answers. In a request, anything will do in
        the place of a secret.

        Args:
            path: The file.
            urls: Which entries: beginnings of URLs or of their paths, or regular expressions that are searched in
                the URL. All by default.
            methods: Which entries: those with this method, or one of these. All by default.

        Returns:
            The mocks, in the order of the first requests.

        Raises:
            ValueError: The file or an entry of it is not as it should be, with its place; or no entry is chosen.
            OSError: The file cannot be read.
            ImportError: A cassette in YAML, and PyYAML is not installed.
        """
        from .recorder.loading import load

        return load(self, path, base_url=self._options.base_url, urls=urls, methods=methods)

    def _register(
        self,
        url: Url,
        method: str | Collection[str],
        answers: Sequence[PreparedAnswer],
        ending: Ending,
        options: MockOptions,
    ) -> ResponseMock:
        when, then = checked_states(options.get("when"), options.get("then"))
        mock = ResponseMock(
            number=next(self._numbers),
            rule=Rule(
                url=parse_url(url, self._options.base_url),
                methods=checked_methods(method),
                match=check_matchers(with_patterns(options.get("match", ()))),
                when=when,
                then=then,
            ),
            answers=answers,
            ending=ending,
            times=checked_times(options.get("times")),
            required=checked_required(options.get("required")),
            label=options.get("name"),
            source=registered_at(),
            remove=self._registry.remove,
        )
        mock.keep_to(self._options.contract if options.get("openapi", True) else None)
        # while a recording is made, what it is made from is asked
        if interception.recorder is None or not interception.recorder.wrote(mock.source):
            self._registry.add(mock)
        return mock

    def about_to_register(self) -> None:
        """Called before each registration. The client of the fixture looks here whether a test runs."""
