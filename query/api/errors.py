"""What an API call fails with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..base.errors import QueryError
from ..base.types import UNSET
from .masking import masked_url
from .problem import Problem, read_problem
from .response_headers import ResponseHeaders
from .retry_after import retry_after

MAX_DETAIL = 200
"""Characters of the detail that the message shows."""

REQUEST_IDS: Final = (
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-ms-request-id",
    "x-trace-id",
    "cf-ray",
)
"""Headers under which servers name a request, the most usual first."""


class RequestError(QueryError):
    """An API call failed: the server answered with an error, or there was no answer.

    One class, not one for each status: a retry or ``throw_on_error`` function asks the properties, and a timeout is no
    ``TimeoutError``, which would be taken for the end of the caller's own patience (``client.query(..., timeout=5)``).

    Pickles and copies have everything but ``response`` and the cause, which belong to the HTTP library.

    Attributes:
        method: The method.
        url: The whole URL. The message shows it without passwords and tokens.
        status: The status; None if there was no answer.
        reason: The reason phrase, such as "Not Found"; empty if there is none.
        detail: What the server says: the ``detail`` of its JSON answer (the ``title`` of a problem that has no detail),
            else the whole of it, else the text. None if there was no answer, or an empty one.
        headers: The headers of the answer, whatever the case of their names.
        json: The body as JSON; ``UNSET`` if it is none.
        text: The body as text.
        retry_after: The seconds after which the server wants to be asked again; None if it does not say.
        is_timeout: There was no answer in time.
        is_network: There was no answer because the connection failed or broke, other than by time.
        response: The response of the HTTP library; None if there was none.
    """

    def __init__(
        self,
        *,
        method: str,
        url: str,
        status: int | None = None,
        reason: str = "",
        detail: Any = None,
        headers: Mapping[str, str] | None = None,
        json: Any = UNSET,
        text: str = "",
        response: Any = None,
        cause: BaseException | None = None,
    ) -> None:
        super().__init__(_message(method, url, status, reason, detail, cause))
        self.method = method
        self.url = url
        self.status = status
        self.reason = reason
        self.detail = detail
        self.headers: ResponseHeaders = ResponseHeaders(headers or {})
        self.json = json
        self.text = text
        self.retry_after: float | None = retry_after(self.headers)
        # by name: the HTTP libraries are not loaded to look at an error
        kinds = {kind.__name__ for kind in type(cause).__mro__} if status is None and cause is not None else set[str]()
        self.is_timeout: bool = bool(kinds & {"TimeoutException", "TimeoutError"})
        is_connection = bool(kinds & {"TransportError", "OSError"}) and "UnsupportedProtocol" not in kinds
        self.is_network: bool = is_connection and not self.is_timeout
        self.response = response
        self.__cause__ = cause

    @property
    def cause(self) -> BaseException | None:
        """What the HTTP library raised, or why a body could not be read; None if the server answered with an error."""
        return self.__cause__

    @property
    def is_client_error(self) -> bool:
        """Whether the status is a 4xx."""
        return self.status is not None and 400 <= self.status < 500

    @property
    def is_server_error(self) -> bool:
        """Whether the status is a 5xx."""
        return self.status is not None and 500 <= self.status < 600

    @property
    def problem(self) -> Problem | None:
        """The problem of an answer in ``application/problem+json`` (RFC 9457); None for another."""
        return read_problem(self.headers.get("content-type", ""), self.json)

    @property
    def request_id(self) -> str | None:
        """How the server calls this request in its logs; None if it does not say."""
        return next((self.headers[name] for name in REQUEST_IDS if name in self.headers), None)

    def __reduce__(self) -> tuple[Any, ...]:
        again, args, facts = super().__reduce__()
        return again, args, {**facts, "response": None}


def _message(method: str, url: str, status: int | None, reason: str, detail: Any, cause: BaseException | None) -> str:
    called = f"{method} {masked_url(url)}"
    if status is None:
        said = f": {cause}" if str(cause or "") else ""
        return f"{called} got no answer: {type(cause).__name__}{said}" if cause else f"{called} failed"
    if detail is None:
        return f"{called} answered {status} {reason}".rstrip()
    shown = detail if isinstance(detail, str) else repr(detail)
    return f"{called} answered {status}: {shown if len(shown) <= MAX_DETAIL else shown[:MAX_DETAIL] + '...'}"
