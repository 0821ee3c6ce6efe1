"""Query options for API endpoints, typed by what the endpoint answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeAlias

from typing_extensions import TypeForm, TypeVar

from ..base.errors import OptionError
from ..base.options import QueryOptions
from ..base.types import SkipToken, StaleTime, skip_token
from .fetch import ApiResponse, api_fetch
from .request import ApiRequest, Method, QueryParams, api_query_key
from .url import PathParams, get_api_url

T = TypeVar("T", default=Any)

ApiQueryOptions: TypeAlias = QueryOptions[ApiResponse[T], T]
"""Options whose query caches the whole answer, and whose observers see its JSON."""


def select_json(response: ApiResponse[T]) -> T:
    """The JSON of an answer: what API options show unless ``select`` says otherwise.

    Args:
        response: The cached answer.
    """
    return response.json


def select_json_with_headers(response: ApiResponse[T]) -> ApiResponse[T]:
    """The whole answer: ``options.with_(select=select_json_with_headers)`` shows headers too.

    Args:
        response: The cached answer.
    """
    return response


class ApiOptionsFactory(Generic[T]):
    """Makes the options of one call; what ``api_options.as_(T)`` returns."""

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
            stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static". Required:
                it is the one thing that only the caller can know.

        Raises:
            MissingPathParamError: A parameter without a value.
            UnknownPathParamError: A value without a parameter.
            PathParamError: A value that cannot stand in a URL.
            OptionError: A *stale_time* or *url* that cannot be.
        """
        if not str(url).startswith("/") and "://" not in str(url):
            raise OptionError(
                f"url={url!r} is no URL of an API; expected a path such as '/projects/$slug/', or a whole URL.",
                option="url",
            )
        request = ApiRequest(
            url=get_api_url(url, path=path), method=method, query=query, data=data, headers=headers, host=host
        )
        return QueryOptions(
            query_key=api_query_key(request),
            query_fn=skip_token if isinstance(path, SkipToken) else api_fetch,
            select=select_json,
            stale_time=stale_time,
        )


class ApiOptions:
    """The factory of API options: ``api_options.as_(list[Project])("/projects/", stale_time=30)``."""

    def as_(self, type_: TypeForm[T], /) -> ApiOptionsFactory[T]:
        """Say what the endpoint answers; it is believed, not checked.

        Args:
            type_: The type of its JSON.
        """
        return ApiOptionsFactory()


api_options = ApiOptions()
"""The factory of API options."""
