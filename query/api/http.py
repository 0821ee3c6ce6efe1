"""The HTTP client behind the API calls: the only place that knows httpx and httpx2, loaded when a call is made."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from importlib import import_module
from types import TracebackType
from typing import Any, Literal, Protocol, Self, cast
from weakref import WeakKeyDictionary

from ..base.errors import OptionError
from .errors import RequestError
from .request import ApiRequest

DEFAULT_BASE_URL = "http://localhost"
"""Where paths lead if no ``base_url`` is set: good for tests, in which a mock answers on any host."""


class AsyncHttpClient(Protocol):
    """An ``httpx.AsyncClient`` or ``httpx2.AsyncClient``."""

    def request(self, method: str, url: str, **options: Any) -> Any:
        """Send a request."""
        ...


class ApiClient:
    """Sends API calls: one HTTP client with its base URL, headers, login and timeout.

    The HTTP client is made when the first call is sent, one for each event loop, so an ``ApiClient`` may be made
    anywhere. ``async with`` or ``aclose`` close what was made. ::

        set_api_client(ApiClient(base_url="https://api.example.com", headers={"Authorization": "Bearer ..."}))

    Args:
        base_url: Where paths lead; "http://localhost" by default.
        headers: Sent with every call.
        auth: As ``httpx.AsyncClient(auth=...)`` takes it.
        timeout: Seconds, or a timeout of the library.
        http: An HTTP client of your own, of httpx or httpx2, instead of all the others. It stays yours to close.
        library: Which library to make the HTTP client with.

    Raises:
        OptionError: *http* beside the options that it replaces, or a library that is neither of the two.
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
        if library not in ("httpx", "httpx2"):
            raise OptionError(f'library={library!r} is not known; expected "httpx" or "httpx2".', option="library")
        if http is not None and (base_url is not None or headers is not None or auth is not None):
            raise OptionError(
                "http= brings its own base_url, headers and auth. Give them to that client instead.", option="http"
            )
        self._options: dict[str, Any] = {"headers": dict(headers or {}), "auth": auth, "timeout": timeout}
        self._base_url = base_url
        self._own = http
        self._library = library if http is None else type(http).__module__.split(".")[0]
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()
        self._ssl: Any = None

    async def send(self, request: ApiRequest) -> Any:
        """Send a call.

        Args:
            request: The call.

        Returns:
            The response of the HTTP library, whose status is a 2xx.

        Raises:
            RequestError: Another status, or no answer.
        """
        client = self._client()
        options: dict[str, Any] = {}
        query = {name: value for name, value in (request.query or {}).items() if value is not None}
        if query:
            options["params"] = query
        if request.data is not None:
            options["json"] = request.data
        if request.headers:
            options["headers"] = dict(request.headers)
        url = self._url(request, client)
        errors: Any = import_module(self._library)
        try:
            response = await client.request(request.method, url, **options)
        except errors.RequestError as error:
            raise RequestError(method=request.method, url=url, cause=error) from error
        if not response.is_success:
            raise RequestError(
                method=request.method,
                url=str(response.url),
                status=int(response.status_code),
                detail=_detail(response),
                headers={name.lower(): value for name, value in response.headers.items()},
                response=response,
            )
        return response

    async def aclose(self) -> None:
        """Close the HTTP client that was made for the running loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def _client(self) -> Any:
        if self._own is not None:
            return self._own
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            library: Any = import_module(self._library)
            if self._ssl is None:
                # the dear part of a client, and the same for every loop
                self._ssl = library.create_ssl_context()
            client = self._clients[loop] = library.AsyncClient(verify=self._ssl, follow_redirects=True, **self._options)
        return client

    def _url(self, request: ApiRequest, client: Any) -> str:
        if "://" in request.url:
            return request.url
        if request.host is not None:
            return request.host.rstrip("/") + request.url
        if self._own is not None and str(getattr(client, "base_url", "")):
            return request.url  # the own client joins it
        return (self._base_url or DEFAULT_BASE_URL).rstrip("/") + request.url


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
        _of_query_client[query_client] = api_client


def get_api_client(query_client: object | None = None) -> ApiClient:
    """Who sends the API calls of *query_client*.

    Args:
        query_client: A query client; None for the default.
    """
    return _default if query_client is None else _of_query_client.get(query_client, _default)


def _detail(response: Any) -> Any:
    text = response.text
    if not text:
        return None
    try:
        body: Any = json.loads(text)
    except ValueError:
        return text
    return cast("Any", body["detail"]) if isinstance(body, dict) and "detail" in body else cast("Any", body)
