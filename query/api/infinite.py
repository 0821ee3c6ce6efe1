"""Options of infinite queries for API endpoints: page after page of what the endpoint answers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeAlias, cast

from typing_extensions import TypeVar

from ..base.contexts import InfiniteQueryFunctionContext, QueryFunctionContext
from ..base.errors import OptionError
from ..base.infinite_data import InfiniteData
from ..base.infinite_options import InfiniteQueryOptions
from ..base.types import UNSET, SkipToken, StaleTime, skip_token
from .bodies import Parse
from .fetch import ApiResponse, call_api
from .link_pages import link_pages
from .pages import PageParam, PageStrategy
from .request import ApiRequest, Method, QueryParams, api_query_key, check_api_url, parse_api_query_key
from .stale_time import needing_stale_time
from .url import PathParams, get_api_url
from .validation import Validate, check_mode

T = TypeVar("T", default=Any)
PageParamT = TypeVar("PageParamT", default=PageParam)

ApiInfiniteOptions: TypeAlias = InfiniteQueryOptions[ApiResponse[T], PageParam, InfiniteData[T, PageParam]]
"""Options whose query caches whole answers as pages, and whose observers see the JSON of each."""

DEFAULT_PAGES: Final = link_pages()


def select_json_pages(data: InfiniteData[ApiResponse[T], PageParamT]) -> InfiniteData[T, PageParamT]:
    """The JSON of each page: what infinite API options show unless ``select`` says otherwise.

    Args:
        data: The cached answers.
    """
    return InfiniteData([page.json for page in data.pages], data.page_params)


async def api_fetch_infinite(
    context: InfiniteQueryFunctionContext[Any],
    *,
    pages: PageStrategy = DEFAULT_PAGES,
    type_: Any = Any,
    validate: Validate | None = None,
) -> ApiResponse[Any]:
    """Fetch one page of the query whose key stands for the first: the one that ``context.page_param`` asks for.

    Args:
        context: The context of the query.
        pages: How the API tells its pages apart.
        type_: The type of the JSON of one page; believed, unless *validate* or the API client says otherwise.
        validate: Whether a page has that type: "off" believes it, "warn" and "raise" check.

    Raises:
        RequestError: The server answered with an error or with something that is no JSON, or there was no answer.
        ResponseValidationError: A page has not the type that was said, and was to be checked.
        QueryKeyError: The key stands for no call, or is that of a plain query.
        OptionError: It is no infinite query.
        PageError: The page param is none of *pages*, or leads where it may not.
    """
    first = parse_api_query_key(context.query_key, infinite=True)
    if not isinstance(cast("QueryFunctionContext[Any]", context), InfiniteQueryFunctionContext):
        raise OptionError(
            f"api_fetch_infinite fetches pages, but {context.query_key!r} was fetched by plain options. "
            "Make them with api_options.as_infinite().",
            option="query_fn",
        )
    request = pages.request(first, context.page_param)
    return await call_api(request, context.client, type_=type_, validate=validate)


class ApiInfiniteOptionsFactory(Generic[T]):
    """Makes the options of one infinite query; what ``api_options.as_infinite(T)`` returns."""

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
        pages: PageStrategy = DEFAULT_PAGES,
        max_pages: int | None = None,
        stale_time: StaleTime,
    ) -> ApiInfiniteOptions[T]:
        """The options. Their key has a mark, so the plain query of the same URL is another entry.

        Args:
            url: The path or whole URL, with parameters as ``$name``.
            path: Values of the parameters; or ``skip_token`` while they are not known: nothing is fetched then.
            query: Query parameters of all pages; None leaves one out.
            data: A body, sent as JSON, for endpoints that are read by POST.
            headers: Headers beside the client's own.
            method: The method.
            host: Scheme and host instead of the client's ``base_url``.
            parse: How to read the answers: "json" by default, "text", "bytes", or "auto" for what their content types
                say.
            validate: Whether a page has the type that was said: "off" believes it, "warn" and "raise" check; by default
                what the API client says.
            pages: How the API tells its pages apart: ``link_pages()``, by the ``Link`` header, unless said otherwise.
                All options of one endpoint must say the same, since they share its pages.
            max_pages: How many pages to keep, dropping at the far end; 0 or None for all.
            stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static". Required:
                it is the one thing that only the caller can know.

        Raises:
            MissingPathParamError: A parameter without a value.
            UnknownPathParamError: A value without a parameter.
            PathParamError: A value that cannot stand in a URL.
            OptionError: A *stale_time*, *url* or *pages* that is missing or cannot be.
        """
        check_api_url(url)
        _check_pages(pages)
        request = ApiRequest(
            url=get_api_url(url, path=path),
            method=method,
            query=query,
            data=data,
            headers=headers,
            host=host,
            parse=parse,
        )
        return InfiniteQueryOptions(
            query_key=api_query_key(request, infinite=True),
            query_fn=skip_token if isinstance(path, SkipToken) else _fetch_of(pages, self._type, validate),
            initial_page_param=pages.initial_page_param,
            get_next_page_param=pages.next_page_param,
            get_previous_page_param=pages.previous_page_param,
            select=select_json_pages,
            stale_time=stale_time,
            max_pages=max_pages,
        )


def _fetch_of(pages: PageStrategy, type_: Any, validate: Validate | None) -> Callable[..., Any]:
    check_mode(validate)
    key: Any = (pages, type_, validate)
    try:
        # the same function: options that are made anew at each use stay equal
        return _known_fetch_of(*key)
    except TypeError:
        # a strategy or a type that cannot be hashed
        return functools.partial(api_fetch_infinite, pages=pages, type_=type_, validate=validate)


@functools.lru_cache(maxsize=1024)
def _known_fetch_of(pages: PageStrategy, type_: Any, validate: Validate | None) -> Callable[..., Any]:
    if pages is DEFAULT_PAGES and type_ is Any and validate is None:
        return api_fetch_infinite
    return functools.partial(api_fetch_infinite, pages=pages, type_=type_, validate=validate)


def _check_pages(pages: object) -> None:
    functions: list[Callable[..., Any] | None] = [
        getattr(pages, name, None) for name in ("request", "next_page_param", "previous_page_param")
    ]
    if (
        isinstance(pages, type)
        or not all(map(callable, functions))
        or getattr(pages, "initial_page_param", UNSET) is UNSET
    ):
        hint = ""
        if isinstance(pages, int):
            hint = (
                " How many pages a fetch asks for is said by options.with_(pages=...), how many are kept by max_pages=."
            )
        elif callable(pages):
            hint = f" Call it: pages={getattr(pages, '__name__', 'link_pages')}()."
        raise OptionError(
            f"pages={pages!r} is no page strategy; expected link_pages(), page_number(), offset_pages(), "
            f"next_url_in_body(), cursor_in_body(), or an object with the members of PageStrategy.{hint}",
            option="pages",
        )
