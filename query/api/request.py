"""One call of an API, as data, and as the key of the query that makes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypeVar, cast

import msgspec

from ..base.errors import QueryKeyError
from ..base.query_key import AnyQueryKey, QueryKey, as_query_key

T = TypeVar("T")

QueryScalar: TypeAlias = str | int | float | bool | None
QueryParams: TypeAlias = Mapping[str, QueryScalar | Sequence[QueryScalar]]
"""Query parameters; None leaves one out, a list repeats it."""
Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


class ApiRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A call of an API.

    Attributes:
        url: The path or whole URL, parameters filled in.
        method: The method.
        query: Query parameters.
        data: The body, sent as JSON; None for none.
        headers: Headers beside the client's own.
        host: Scheme and host instead of the client's ``base_url``, such as "https://eu.api.test".
    """

    url: str
    method: str = "GET"
    query: Mapping[str, Any] | None = None
    data: Any = None
    headers: Mapping[str, str] | None = None
    host: str | None = None


def api_query_key(request: ApiRequest) -> QueryKey[Any]:
    """The key of the query that makes this call: ``("/projects/", {"query": {"page": 2}})``.

    What is not given is left out, so that a call without options has a key of one part.

    Args:
        request: The call.

    Raises:
        QueryKeyError: Data or parameters without a stable text.
    """
    query = {name: value for name, value in (request.query or {}).items() if value is not None}
    options: dict[str, Any] = {}
    if request.method != "GET":
        options["method"] = request.method
    if query:
        options["query"] = query
    if request.data is not None:
        options["data"] = request.data
    if request.headers:
        options["headers"] = dict(request.headers)
    if request.host is not None:
        options["host"] = request.host
    return QueryKey(request.url, options) if options else QueryKey(request.url)


def parse_api_query_key(query_key: AnyQueryKey) -> ApiRequest:
    """The call that a key stands for.

    Args:
        query_key: A key that ``api_query_key`` made.

    Raises:
        QueryKeyError: Another key.
    """
    key: QueryKey[Any] = as_query_key(query_key)
    url: object = key.parts[0] if len(key) else None
    options: Any = key.parts[1] if len(key) == 2 else {}
    if (
        not isinstance(url, str)
        or len(key) > 2
        or not isinstance(options, dict)
        or not _NAMES.issuperset(cast("dict[str, Any]", options))
    ):
        raise QueryKeyError(
            f"{key!r} is no key of an API call. Expected a URL and, if there are any, its options: "
            '("/projects/", {"query": {"page": 2}}).'
        )
    return ApiRequest(url=url, **cast("dict[str, Any]", options))


_NAMES = frozenset(ApiRequest.__struct_fields__) - {"url"}
