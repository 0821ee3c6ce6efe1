"""The client of an API: base URL, headers, login and timeout of its calls, and who uses which."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from types import TracebackType
from typing import Any, NamedTuple, Self
from weakref import WeakKeyDictionary

from ..base.errors import OptionError
from .bodies import answered_error
from .errors import RequestError
from .http_library import LIBRARIES, HttpClient, HttpKind, Library, bare_request, http_kind, load
from .made_clients import MadeClients
from .origins import DEFAULT_BASE_URL, Trust, TrustedHosts, check_base_url, joined_url
from .request import ApiRequest, sent_query
from .uploads import sent_body
from .validation import Validate, check_mode


class ApiClient:
    """Sends API calls: one HTTP client with its base URL, headers, login and timeout.

    The HTTP client is made when the first call is sent, one for each event loop, so an ``ApiClient`` may be made
    anywhere. It is closed with its loop, as ``asyncio.run`` and pytest's plugins end one, or before that by
    ``async with`` or ``aclose``. Without a loop there is ``send_sync``, and ``with`` or ``close``. ::

        set_api_client(ApiClient(base_url="https://api.example.com", headers={"Authorization": "Bearer ..."}))

    Headers, login, cookies and default parameters go to the origin of the base URL alone, and to ``trusted_hosts``:
    other servers get what the call itself says.

    Args:
        base_url: Where paths lead; "http://localhost" by default. A path in it is kept: "https://api.test/api/0/".
        headers: Sent with every call to a trusted server.
        auth: As ``httpx.AsyncClient(auth=...)`` takes it.
        timeout: Seconds (30 by default), a timedelta, or a timeout of the library.
        trusted_hosts: Servers beside the base URL's own that get the headers and the login, too: "eu.api.test",
            "*.api.test", "api.test:8443" for HTTPS, "http://localhost:8000".
        http: A client of your own, of httpx or httpx2, instead of base URL, headers and login. It stays yours to
            close. An ``AsyncClient`` can be awaited only; a ``Client`` blocks: ``send`` runs it in a thread.
        library: Which library to make the HTTP client with.
        validate: Whether answers have the types that calls name: "off" believes them, "warn" and "raise" check, with
            pydantic.

    Attributes:
        validate: The same.

    Raises:
        OptionError: *http* beside the options that it replaces, or a client of none of the two libraries; a library
            that is neither of the two; a *base_url* without scheme, or with a query; a trusted host that is none; a
            *validate* that is none, or without pydantic.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Any = None,
        timeout: Any = 30.0,
        trusted_hosts: Collection[str] = (),
        http: HttpClient | None = None,
        library: Library = "httpx",
        validate: Validate = "off",
    ) -> None:
        check_mode(validate)
        if library not in LIBRARIES:
            raise OptionError(f'library={library!r} is not known; expected "httpx" or "httpx2".', option="library")
        if http is not None and (base_url is not None or headers is not None or auth is not None):
            raise OptionError(
                "http= brings its own base_url, headers and auth. Give them to that client instead.", option="http"
            )
        self.validate: Validate = validate
        self._own = http
        self._kind = HttpKind(library, blocks=False) if http is None else http_kind(http)
        if http is not None:
            base_url = str(getattr(http, "base_url", "")) or None
        self._base_url = DEFAULT_BASE_URL if base_url is None else check_base_url(base_url)
        told = {name.lower(): value for name, value in (headers or {}).items()}
        self._trust = Trust(self._kind.library, self._base_url, TrustedHosts(trusted_hosts), told)
        timeout = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
        options = {"headers": dict(headers or {}), "auth": auth, "timeout": timeout}
        self._made = MadeClients(self._kind.library, options, self._trust)

    async def send(self, request: ApiRequest) -> Any:
        """Send a call.

        With a client of your own that blocks, it is sent in a thread of the loop's own pool, which has a few. Such a
        call cannot be stopped: after a cancellation it goes on until its answer or its timeout, and what it brings is
        dropped.

        Args:
            request: The call.

        Returns:
            The response of the HTTP library, whose status is a 2xx.

        Raises:
            RequestError: Another status, or no answer.
            OptionError: A URL that is neither a path from the root nor a whole one.
        """
        if self.blocks:
            return await asyncio.to_thread(_without_stop_iteration, self.send_sync, request)
        with self._call(request, blocks=False) as call:
            client: Any = await self._made.of_loop() if self._own is None else self._own
            if call.is_trusted:
                response = await client.request(call.method, call.url, **call.options)
            else:
                response = await client.send(call.made(client), auth=None)
            return call.checked(response)

    def send_sync(self, request: ApiRequest) -> Any:
        """Send a call and wait for its answer, without an event loop; from whatever thread.

        Args:
            request: The call.

        Returns:
            The response of the HTTP library, whose status is a 2xx.

        Raises:
            RequestError: Another status, or no answer.
            OptionError: A URL that is neither a path from the root nor a whole one; or the client of your own is an
                ``AsyncClient``, which cannot be waited for without a loop.
        """
        with self._call(request, blocks=True) as call:
            client = self._blocking()
            if call.is_trusted:
                response = client.request(call.method, call.url, **call.options)
            else:
                response = client.send(call.made(client), auth=None)
            return call.checked(response)

    @asynccontextmanager
    async def stream(self, request: ApiRequest) -> AsyncGenerator[Any]:
        """Send a call whose answer is read within the block, piece by piece; see ``api_download`` for files.

        Args:
            request: The call.

        Returns:
            A context manager that gives the response of the HTTP library, whose status is a 2xx, not read yet.

        Raises:
            RequestError: Another status, no answer, or a connection that breaks while it is read.
            OptionError: A URL that cannot be; or the client of your own blocks: use ``stream_sync`` in a thread.
        """
        if self.blocks:
            raise OptionError(
                "stream needs a client that can be awaited, but http= is a Client, which blocks. Use stream_sync in a "
                "thread, or pass an AsyncClient.",
                option="http",
            )
        with self._call(request, blocks=False) as call:
            client: Any = await self._made.of_loop() if self._own is None else self._own
            response = await client.send(call.made(client), stream=True, **call.login)
            try:
                if not response.is_success:
                    await response.aread()
                yield call.checked(response)
            finally:
                await response.aclose()

    @contextmanager
    def stream_sync(self, request: ApiRequest) -> Generator[Any]:
        """The same as ``stream`` without an event loop.

        Args:
            request: The call.

        Returns:
            A context manager that gives the response of the HTTP library, whose status is a 2xx, not read yet.

        Raises:
            RequestError: Another status, no answer, or a connection that breaks while it is read.
            OptionError: A URL that cannot be; or the client of your own cannot be waited for without a loop.
        """
        with self._call(request, blocks=True) as call:
            client = self._blocking()
            response = client.send(call.made(client), stream=True, **call.login)
            try:
                if not response.is_success:
                    response.read()
                yield call.checked(response)
            finally:
                response.close()

    @property
    def blocks(self) -> bool:
        """Whether it has a client of your own that blocks: its calls are made in threads."""
        return self._kind.blocks

    async def aclose(self) -> None:
        """Close the HTTP client that was made for the running loop, and the one that blocks."""
        await self._made.aclose()

    def close(self) -> None:
        """Close the HTTP client that was made for ``send_sync``."""
        self._made.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _blocking(self) -> Any:
        if self._own is None:
            return self._made.blocking()
        if not self.blocks:
            raise OptionError(
                "a call without a loop needs a client that blocks, but http= is an AsyncClient. Pass a Client of "
                f"{self._kind.library}, or leave http= out, which serves both; or await the call.",
                option="http",
            )
        return self._own

    @contextmanager
    def _call(self, request: ApiRequest, *, blocks: bool) -> Generator[_Call]:
        url = joined_url(request, self._base_url)
        # a path cannot change the server in front of it
        is_trusted = url.startswith(f"{self._base_url}/") or self._trust.covers(url)
        with sent_body(request, blocks=blocks) as options:
            if query := sent_query(request):
                options["params"] = query
            if request.headers:
                options["headers"] = {**options.get("headers", {}), **request.headers}
            call = _Call(load(self._kind.library), request.method.upper(), url, options, is_trusted)
            try:
                yield call
            except call.library.RequestError as error:
                raise RequestError(method=call.method, url=_url_of(error, url), cause=error) from error


class _Call(NamedTuple):
    library: Any
    method: str
    url: str
    options: dict[str, Any]
    is_trusted: bool

    @property
    def login(self) -> dict[str, Any]:
        return {} if self.is_trusted else {"auth": None}

    def made(self, client: Any) -> Any:
        if self.is_trusted:
            return client.build_request(self.method, self.url, **self.options)
        return bare_request(self.library, client, self.method, self.url, self.options)

    def checked(self, response: Any) -> Any:
        if response.is_success:
            return response
        error = answered_error(response, self.method)
        if not self.is_trusted and error.status in (401, 403):
            error.add_note(
                "The headers and the login of the API client were not sent: this server is neither that of its "
                "base_url nor one of its trusted_hosts=."
            )
        raise error


def _without_stop_iteration(send: Any, request: ApiRequest) -> Any:
    try:
        return send(request)
    except StopIteration as error:
        # no future can hold one: whoever waits for the thread would wait for ever
        raise RuntimeError("a call in a thread raised StopIteration") from error


def _url_of(error: Any, url: str) -> str:
    try:
        return str(error.request.url)
    except RuntimeError:
        # raised by hand, as mocks do, without the request
        return url


_default = ApiClient()
_of_query_client: WeakKeyDictionary[Any, ApiClient] = WeakKeyDictionary()


def set_api_client(api_client: ApiClient, *, query_client: object | None = None) -> None:
    """Send the API calls of all queries, or of one query client's, through *api_client*.

    Args:
        api_client: The client.
        query_client: Whose calls; by default those of every query client that has none of its own.

    Raises:
        OptionError: Not an ``ApiClient``.
    """
    global _default  # noqa: PLW0603 - the process-wide default is one on purpose
    if not isinstance(api_client, ApiClient):
        raise OptionError(
            f"{api_client!r} is no ApiClient. Wrap an HTTP client of your own: ApiClient(http=...).",
            option="api_client",
        )
    if query_client is None:
        _default = api_client
    else:
        _of_query_client[_in_loop(query_client)] = api_client


def get_api_client(query_client: object | None = None) -> ApiClient:
    """Who sends the API calls of *query_client*.

    Args:
        query_client: A query client; None for the default.
    """
    return _default if query_client is None else _of_query_client.get(_in_loop(query_client), _default)


def _in_loop(query_client: object) -> object:
    # a face for threads stands for the client that it has in the loop, which is the one that calls
    return getattr(query_client, "loop_client", query_client)
