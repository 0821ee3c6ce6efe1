"""What was sent to a real service and what came back: the plain form that recordings and HAR files share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from query.base.types import UNSET

Pairs: TypeAlias = Sequence[tuple[str, str]]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A response.

    Attributes:
        status_code: The status.
        headers: Names in lower case and values, a name may repeat.
        content: The body, decoded from gzip and its like; what was read of it, if the program did not read on.
        is_whole: Whether the body was read to its end.
    """

    status_code: int
    headers: Pairs = ()
    content: bytes = b""
    is_whole: bool = True

    @property
    def content_type(self) -> str:
        """The whole header; empty if there is none."""
        return header(self.headers, "content-type")


class Breakdown(msgspec.Struct, frozen=True, kw_only=True):
    """An error in the place of a response.

    Attributes:
        name: The exception's class, by its name in httpx, such as "ConnectError".
    """

    name: str


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One request and what came of it.

    Attributes:
        method: The method, in capitals.
        origin: Scheme, host and port, such as "https://api.test".
        path: The path as it was sent, percent-encoded.
        query: The parameters, decoded, in order.
        headers: Those of the request, names in lower case.
        data: The body as JSON or as the fields of a form; UNSET if it is neither.
        content: The body as it was sent.
        outcome: The response, or the error.
        base_url: Where the paths of the mock client belong; None for anywhere.
    """

    method: str
    origin: str
    path: str
    query: dict[str, list[str]]
    headers: Pairs = ()
    data: Any = UNSET
    content: bytes = b""
    outcome: Reply | Breakdown
    base_url: str | None = None


def header(headers: Pairs, name: str) -> str:
    """The first value of a header; empty if there is none.

    Args:
        headers: Names in lower case and values.
        name: The name, in lower case.
    """
    return next((value for known, value in headers if known == name), "")


def media_type(content_type: str) -> str:
    """A content type without its parameters, in lower case.

    Args:
        content_type: The header, such as "text/html; charset=utf-8".
    """
    return content_type.partition(";")[0].strip().lower()


def is_json(content_type: str) -> bool:
    """Whether a content type means JSON, also a kind of its own such as "application/problem+json".

    Args:
        content_type: The header.
    """
    kind = media_type(content_type)
    return kind.endswith(("/json", "+json"))


def as_json(content: bytes) -> Any:
    """A body as JSON; UNSET if it is none that Python data can stand for.

    Args:
        content: The body.
    """

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        return json.loads(content, parse_constant=refuse)
    except (ValueError, RecursionError):
        return UNSET
