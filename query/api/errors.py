"""What an API call fails with."""

from __future__ import annotations

from typing import Any

from ..base.errors import QueryError

MAX_DETAIL = 200
"""Characters of the detail that the message shows."""


class RequestError(QueryError):
    """An API call failed: the server answered with an error, or there was no answer.

    Attributes:
        method: The method.
        url: The whole URL.
        status: The status; None if there was no answer.
        detail: What the server says: the ``detail`` of its JSON answer, else the whole of it, else the text. None if
            there was no answer, or an empty one.
        headers: The headers of the answer, names in lower case.
        response: The response of the HTTP library; None if there was none.
    """

    def __init__(
        self,
        *,
        method: str,
        url: str,
        status: int | None = None,
        detail: Any = None,
        headers: dict[str, str] | None = None,
        response: Any = None,
        cause: BaseException | None = None,
    ) -> None:
        if status is None:
            said = f": {cause}" if str(cause or "") else ""
            text = f"{method} {url} got no answer: {type(cause).__name__}{said}" if cause else f"{method} {url} failed"
        else:
            text = f"{method} {url} answered {status}"
            if detail is not None:
                shown = detail if isinstance(detail, str) else repr(detail)
                text += f": {shown if len(shown) <= MAX_DETAIL else shown[:MAX_DETAIL] + '...'}"
        super().__init__(text)
        self.method = method
        self.url = url
        self.status = status
        self.detail = detail
        self.headers: dict[str, str] = headers or {}
        self.response = response
