"""Query options for API endpoints, typed by what the endpoint answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeAlias, overload

from typing_extensions import TypeForm, TypeVar

from ..base.infinite_data import InfiniteData
from ..base.options import QueryOptions
from ..base.types import SkipToken, StaleTime, skip_token
from .bodies import Parse
from .fetch import ApiResponse, api_fetch_as
from .infinite import ApiInfiniteOptionsFactory
from .request import ApiRequest, Method, QueryParams, api_query_key, check_api_url
from .stale_time import needing_stale_time
from .url import PathParams, get_api_url
from .validation import Validate

T = TypeVar("T", default=Any)
PageParamT = TypeVar("PageParamT", default=Any)

ApiQueryOptions: TypeAlias = QueryOptions[ApiResponse[T], T]
"""Options whose query caches the whole answer, and whose observers see its JSON."""


def select_json(response: ApiResponse[T]) -> T:
    """The JSON of an answer: what API options show unless ``select`` says otherwise.

    Args:
        response: The cached answer.
    """
    return response.json


@overload
def select_json_with_headers(cached: ApiResponse[T]) -> ApiResponse[T]: ...
@overload
def select_json_with_headers(
    cached: InfiniteData[ApiResponse[T], PageParamT],
) -> InfiniteData[ApiResponse[T], PageParamT]: ...
def select_json_with_headers(cached: Any) -> Any:
    """The whole answer, or pages of whole answers: ``options.with_(select=select_json_with_headers)`` shows headers.

    Args:
        cached: What the cache holds.
    """
    return cached


class ApiOptionsFactory(Generic[T]):
    """Makes the options of one call; what ``api_options.as_(T)`` returns."""

    def __init__(self, type_: Any = Any) -> None:
        self._type = type_

    @needing_stale_time
    def __call__(
        self,
        url: str,
        *,
        path: PathParams | SkipToken | None = None,
        query: QueryParams | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        method: Method = "GET",
        host: str | None = None,
        parse: Parse | None = None,
        validate: Validate | None = None,
        stale_time: StaleTime,
    ) -> ApiQueryOptions[T]:
        """The options.

        Args:
            url: The path or whole URL, with parameters as ``$name``.
            path: Values of the parameters; or ``skip_token`` while they are not known: nothing is fetched then.
            query: Query parameters; None leaves one out.
            data: A body, sent as JSON, for endpoints that are read by POST.
            headers: Headers beside the client's own.
            method: The method.
            host: Scheme and host instead of the client's ``base_url``.
            parse: How to read the answer: "json" by default, "text", "bytes", or "auto" for what its content type says.
            validate: Whether the answer has the type that was said: "off" believes it, "warn" and "raise" check; by
                default what the API client says.
            stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static". Required:
                it is the one thing that only the caller can know.

        Raises:
            MissingPathParamError: A parameter without a value.
            UnknownPathParamError: A value without a parameter.
            PathParamError: A value that cannot stand in a URL.
            OptionError: A *stale_time* or *url* that is missing or cannot be, or pydantic is needed and not installed.
        """
        check_api_url(url)
        request = ApiRequest(
            url=get_api_url(url, path=path),
            method=method,
            query=query,
            data=data,
            headers=headers,
            host=host,
            parse=parse,
        )
        return QueryOptions(
            query_key=api_query_key(request),
            query_fn=skip_token if isinstance(path, SkipToken) else api_fetch_as(self._type, validate=validate),
            select=select_json,
            stale_time=stale_time,
        )


class ApiOptions:
    """The factory of API options: ``api_options.as_(list[Project])("/projects/", stale_time=30)``."""

    def as_(self, type_: TypeForm[T], /) -> ApiOptionsFactory[T]:
        """Say what the endpoint answers; it is believed, unless ``validate=`` says that it is to be checked.

        Args:
            type_: The type of its JSON.
        """
        return ApiOptionsFactory(type_)

    def as_infinite(self, type_: TypeForm[T], /) -> ApiInfiniteOptionsFactory[T]:
        """Say what the pages of the endpoint are; it is believed, unless ``validate=`` says that it is to be checked.

        ``api_options.as_infinite(list[Issue])("/issues/", stale_time=30)`` are the options of an infinite query.

        Args:
            type_: The type of the JSON of one page.
        """
        return ApiInfiniteOptionsFactory(type_)


api_options: ApiOptions = ApiOptions()
"""The factory of API options."""
