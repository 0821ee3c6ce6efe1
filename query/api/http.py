"""The HTTP client behind the API calls: the only place that knows httpx and httpx2, loaded when a call is made."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from importlib import import_module
from types import TracebackType
from typing import Any, Literal, NamedTuple, Protocol, Self, cast
from weakref import WeakKeyDictionary

from ..base.errors import OptionError
from .errors import RequestError
from .request import ApiRequest, check_api_url, is_whole_url, sent_query

DEFAULT_BASE_URL = "http://localhost"
"""Where paths lead if no ``base_url`` is set: good for tests, in which a mock answers on any host."""


LIBRARIES = ("httpx", "httpx2")


class AsyncHttpClient(Protocol):
    """An ``httpx.AsyncClient`` or ``httpx2.AsyncClient``."""

    def request(self, method: str, url: str, **options: Any) -> Any:
        """Send a request."""
        ...


class ApiClient:
    """Sends API calls: one HTTP client with its base URL, headers, login and timeout.

    The HTTP client is made when the first call is sent, one for each event loop, so an ``ApiClient`` may be made
    anywhere. It is closed with its loop, as ``asyncio.run`` and pytest's plugins end one, or before that by
    ``async with`` or ``aclose``. ::

        set_api_client(ApiClient(base_url="https://api.example.com", headers={"Authorization": "Bearer ..."}))

    Args:
        base_url: Where paths lead; "http://localhost" by default.
        headers: Sent with every call.
        auth: As ``httpx.AsyncClient(auth=...)`` takes it.
        timeout: Seconds (30 by default), a timedelta, or a timeout of the library.
        http: An ``AsyncClient`` of your own, of httpx or httpx2, instead of all the others. It stays yours to close.
        library: Which library to make the HTTP client with.

    Raises:
        OptionError: *http* beside the options that it replaces, or none of the two libraries' asynchronous clients;
            a library that is neither of the two; a *base_url* without scheme.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Any = None,
        timeout: Any = 30.0,
        http: AsyncHttpClient | None = None,
        library: Literal["httpx", "httpx2"] = "httpx",
    ) -> None:
        if library not in LIBRARIES:
            raise OptionError(f'library={library!r} is not known; expected "httpx" or "httpx2".', option="library")
        if http is not None and (base_url is not None or headers is not None or auth is not None):
            raise OptionError(
                "http= brings its own base_url, headers and auth. Give them to that client instead.", option="http"
            )
        if base_url is not None and not is_whole_url(base_url):
            raise OptionError(
                f'base_url={base_url!r} has no scheme; expected a whole URL such as "https://api.example.com".',
                option="base_url",
            )
        timeout = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
        self._options: dict[str, Any] = {"headers": dict(headers or {}), "auth": auth, "timeout": timeout}
        self._base_url = base_url or DEFAULT_BASE_URL
        self._own = http
        self._library = library if http is None else _library_of(http)
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, _OpenClient] = WeakKeyDictionary()
        self._ssl: Any = None

    async def send(self, request: ApiRequest) -> Any:
        """Send a call.

        Args:
            request: The call.

        Returns:
            The response of the HTTP library, whose status is a 2xx.

        Raises:
            RequestError: Another status, or no answer.
            OptionError: A URL that is neither a path from the root nor a whole one.
        """
        check_api_url(request.url)
        client = await self._client()
        options: dict[str, Any] = {}
        if query := sent_query(request):
            options["params"] = query
        if request.data is not None:
            options["json"] = request.data
        if request.headers:
            options["headers"] = dict(request.headers)
        method, url = request.method.upper(), self._url(request, client)
        errors: Any = import_module(self._library)
        try:
            response = await client.request(method, url, **options)
        except errors.RequestError as error:
            raise RequestError(method=method, url=_url_of(error, url), cause=error) from error
        if not response.is_success:
            raise RequestError(
                method=method,
                url=str(response.url),
                status=int(response.status_code),
                detail=_detail(response),
                headers={name.lower(): value for name, value in response.headers.items()},
                response=response,
            )
        return response

    async def aclose(self) -> None:
        """Close the HTTP client that was made for the running loop."""
        opened = self._clients.pop(asyncio.get_running_loop(), None)
        if opened is not None:
            await opened.closing.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _client(self) -> Any:
        if self._own is not None:
            return self._own
        loop = asyncio.get_running_loop()
        opened = self._clients.get(loop)
        if opened is None:
            for old in [old for old in self._clients if old.is_closed()]:
                # closed without a farewell: connections left open would hold it for ever
                del self._clients[old]
            library: Any = import_module(self._library)
            if self._ssl is None:
                # the dear part of a client, and the same for every loop
                self._ssl = library.create_ssl_context()
            client = library.AsyncClient(verify=self._ssl, follow_redirects=True, **self._options)
            opened = self._clients[loop] = _OpenClient(client, _closing(client))
            await anext(opened.closing)
        return opened.client

    def _url(self, request: ApiRequest, client: Any) -> str:
        if is_whole_url(request.url):
            return request.url
        if request.host is not None:
            return request.host.rstrip("/") + request.url
        if self._own is not None and str(client.base_url):
            return request.url  # the own client joins it
        return self._base_url.rstrip("/") + request.url


class _OpenClient(NamedTuple):
    client: Any
    closing: AsyncGenerator[None, None]


async def _closing(client: Any) -> AsyncGenerator[None, None]:
    # A loop that ends in good order finishes the asynchronous generators that were begun in it. That is its only
    # word of farewell, and without it connections would be left open under a loop that is gone.
    try:
        yield
    finally:
        await client.aclose()


def _library_of(http: AsyncHttpClient) -> str:
    # by its base classes: clients with a login of their own extend one of the two
    for base in type(http).__mro__:
        library = base.__module__.split(".")[0]
        if library in LIBRARIES and base.__name__ == "AsyncClient":
            return library
    raise OptionError(
        f"http= is a {type(http).__module__}.{type(http).__qualname__}; expected an httpx.AsyncClient or an "
        "httpx2.AsyncClient.",
        option="http",
    )


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


def _detail(response: Any) -> Any:
    text = response.text
    if not text:
        return None
    try:
        body: Any = json.loads(text)
    except ValueError:
        return text
    return cast("Any", body["detail"]) if isinstance(body, dict) and "detail" in body else cast("Any", body)
