"""The options of infinite queries: those of queries, and what leads from one page to the next.

Source: types.ts, InfiniteQueryPageParamsOptions and InfiniteQueryObserverOptions.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeAlias, overload

from typing_extensions import TypeVar, Unpack

from . import option_checks as check
from .contexts import InfiniteQueryFunctionContext
from .errors import OptionError
from .infinite_data import InfiniteData, PageParamT, PageT
from .infinite_data import ShownPagesT as ShownT
from .options import CHECKS, QueryOptionFields, QueryOptions
from .query_key import QueryKey
from .types import UNSET, KeyParts, SkipToken, Unset
from .values import given

T = TypeVar("T", default=Any)
P = TypeVar("P", default=Any)
SelectedT = TypeVar("SelectedT", default=Any)

PageFunction: TypeAlias = Callable[[InfiniteQueryFunctionContext[P]], Awaitable[T] | T]
"""Fetches one page. Plain or async; called with the context."""
AsyncPageFunction: TypeAlias = Callable[[InfiniteQueryFunctionContext[P]], Awaitable[T]]

GetPageParam: TypeAlias = Callable[[T, list[T], P, list[P]], P | None]
"""Called with a page at the edge, all pages, that page's param and all params; None if there is no page beyond it."""


class InfiniteQueryOptionFields(QueryOptionFields[InfiniteData[T, P]], Generic[T, P], total=False):
    """The options beside ``query_key``, ``query_fn``, ``select`` and what leads to the next page."""

    get_previous_page_param: GetPageParam[T, P] | None
    max_pages: int | None
    pages: int | None


INFINITE_CHECKS: Final[dict[str, check.Check]] = {
    **CHECKS,
    "initial_page_param": check.anything,
    "get_next_page_param": check.function_of(
        4, "get_next_page_param(last_page, pages, last_page_param, page_params)", sync=True
    ),
    "get_previous_page_param": check.function_of(
        4, "get_previous_page_param(first_page, pages, first_page_param, page_params)", sync=True
    ),
    "max_pages": check.count,
    "pages": check.count,
}


class InfiniteQueryOptions(
    QueryOptions[InfiniteData[PageT, PageParamT], ShownT],
    Generic[PageT, PageParamT, ShownT],
):
    """How to fetch, keep and show the pages of one infinite query. Immutable: ``with_`` makes a changed copy.

    The options of ``QueryOptions``, of which ``query_fn`` fetches one page and ``select`` gets all, and:

    Attributes:
        initial_page_param: What to ask for the first page with; None is a legal one.
        get_next_page_param: A function (last_page, pages, last_page_param, page_params) that returns what to ask for
            the next page with; None if there is none.
        get_previous_page_param: The same for the page before the first one; without it there is none.
        max_pages: How many pages to keep, dropping at the far end; 0 or None for all.
        pages: How many pages a fetch that is no single page asks for; by default as many as there are.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.
        QueryKeyError: A key that cannot be one.

    Source: types.ts, InfiniteQueryObserverOptions. Differs: the class is the mark of an infinite query.
    """

    _checks: ClassVar[Mapping[str, check.Check]] = INFINITE_CHECKS

    # one function a page: what it delivers is not what the cache holds
    query_fn: PageFunction[PageParamT, PageT] | SkipToken | Unset | None = UNSET  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
    initial_page_param: PageParamT | Unset = UNSET
    get_next_page_param: GetPageParam[PageT, PageParamT] | Unset | None = UNSET
    get_previous_page_param: GetPageParam[PageT, PageParamT] | Unset | None = UNSET
    max_pages: int | Unset | None = UNSET
    pages: int | Unset | None = UNSET

    if TYPE_CHECKING:
        # async functions first: an awaitable of T must not be taken for a T
        @overload
        def __init__(
            self: InfiniteQueryOptions[T, P, SelectedT],
            *,
            query_key: QueryKey[InfiniteData[T, P]] | KeyParts = ...,
            query_fn: AsyncPageFunction[P, T],
            initial_page_param: P,
            get_next_page_param: GetPageParam[T, P],
            select: Callable[[InfiniteData[T, P]], SelectedT],
            **fields: Unpack[InfiniteQueryOptionFields[T, P]],
        ) -> None: ...
        @overload
        def __init__(
            self: InfiniteQueryOptions[T, P, InfiniteData[T, P]],
            *,
            query_key: QueryKey[InfiniteData[T, P]] | KeyParts = ...,
            query_fn: AsyncPageFunction[P, T],
            initial_page_param: P,
            get_next_page_param: GetPageParam[T, P],
            **fields: Unpack[InfiniteQueryOptionFields[T, P]],
        ) -> None: ...
        @overload
        def __init__(
            self: InfiniteQueryOptions[T, P, SelectedT],
            *,
            query_key: QueryKey[InfiniteData[T, P]] | KeyParts = ...,
            query_fn: PageFunction[P, T] | SkipToken | None = ...,
            initial_page_param: P = ...,
            get_next_page_param: GetPageParam[T, P] | None = ...,
            select: Callable[[InfiniteData[T, P]], SelectedT],
            **fields: Unpack[InfiniteQueryOptionFields[T, P]],
        ) -> None: ...
        @overload
        def __init__(
            self: InfiniteQueryOptions[T, P, InfiniteData[T, P]],
            *,
            query_key: QueryKey[InfiniteData[T, P]] | KeyParts = ...,
            query_fn: PageFunction[P, T] | SkipToken | None = ...,
            initial_page_param: P = ...,
            get_next_page_param: GetPageParam[T, P] | None = ...,
            **fields: Unpack[InfiniteQueryOptionFields[T, P]],
        ) -> None: ...
        def __init__(self, **fields: Any) -> None: ...

        # what it gives back and what a query_fn delivers differ from the base's
        @overload  # type: ignore[override]
        def with_(
            self,
            *,
            select: Callable[[InfiniteData[PageT, PageParamT]], SelectedT],
            **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]],
        ) -> InfiniteQueryOptions[PageT, PageParamT, SelectedT]: ...
        @overload
        def with_(
            self, *, select: None, **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]]
        ) -> InfiniteQueryOptions[PageT, PageParamT, InfiniteData[PageT, PageParamT]]: ...
        @overload
        def with_(
            self,
            *,
            query_key: QueryKey[InfiniteData[PageT, PageParamT]] | KeyParts = ...,
            query_fn: PageFunction[PageParamT, PageT] | SkipToken | None = ...,
            initial_page_param: PageParamT = ...,
            get_next_page_param: GetPageParam[PageT, PageParamT] | None = ...,
            select: Unset = ...,
            **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]],
        ) -> InfiniteQueryOptions[PageT, PageParamT, ShownT]: ...
        def with_(self, **fields: Any) -> InfiniteQueryOptions[Any, Any, Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
            """A copy with some options changed; see ``QueryOptions.with_``."""
            ...


AnyInfiniteQueryOptions: TypeAlias = InfiniteQueryOptions[Any, Any, Any]


@overload
def infinite_query_options(
    base: InfiniteQueryOptions[PageT, PageParamT, Any],
    /,
    *,
    select: Callable[[InfiniteData[PageT, PageParamT]], SelectedT],
    **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]],
) -> InfiniteQueryOptions[PageT, PageParamT, SelectedT]: ...
@overload
def infinite_query_options(
    base: InfiniteQueryOptions[PageT, PageParamT, Any],
    /,
    *,
    select: None,
    **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]],
) -> InfiniteQueryOptions[PageT, PageParamT, InfiniteData[PageT, PageParamT]]: ...
@overload
def infinite_query_options(
    base: InfiniteQueryOptions[PageT, PageParamT, ShownT],
    /,
    *,
    select: Unset = ...,
    **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]],
) -> InfiniteQueryOptions[PageT, PageParamT, ShownT]: ...
@overload
def infinite_query_options(
    *,
    query_key: QueryKey[InfiniteData[PageT, PageParamT]] | KeyParts,
    query_fn: AsyncPageFunction[PageParamT, PageT],
    initial_page_param: PageParamT,
    get_next_page_param: GetPageParam[PageT, PageParamT],
    select: Callable[[InfiniteData[PageT, PageParamT]], SelectedT],
    **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]],
) -> InfiniteQueryOptions[PageT, PageParamT, SelectedT]: ...
@overload
def infinite_query_options(
    *,
    query_key: QueryKey[InfiniteData[PageT, PageParamT]] | KeyParts,
    query_fn: AsyncPageFunction[PageParamT, PageT],
    initial_page_param: PageParamT,
    get_next_page_param: GetPageParam[PageT, PageParamT],
    **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]],
) -> InfiniteQueryOptions[PageT, PageParamT, InfiniteData[PageT, PageParamT]]: ...
@overload
def infinite_query_options(
    *,
    query_key: QueryKey[InfiniteData[PageT, PageParamT]] | KeyParts,
    query_fn: PageFunction[PageParamT, PageT] | SkipToken | None = ...,
    initial_page_param: PageParamT,
    get_next_page_param: GetPageParam[PageT, PageParamT],
    select: Callable[[InfiniteData[PageT, PageParamT]], SelectedT],
    **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]],
) -> InfiniteQueryOptions[PageT, PageParamT, SelectedT]: ...
@overload
def infinite_query_options(
    *,
    query_key: QueryKey[InfiniteData[PageT, PageParamT]] | KeyParts,
    query_fn: PageFunction[PageParamT, PageT] | SkipToken | None = ...,
    initial_page_param: PageParamT,
    get_next_page_param: GetPageParam[PageT, PageParamT],
    **fields: Unpack[InfiniteQueryOptionFields[PageT, PageParamT]],
) -> InfiniteQueryOptions[PageT, PageParamT, InfiniteData[PageT, PageParamT]]: ...
def infinite_query_options(base: AnyInfiniteQueryOptions | None = None, /, **fields: Any) -> AnyInfiniteQueryOptions:
    """Options of an infinite query, new or based on others.

    For example::

        def issues(project: str):
            return infinite_query_options(
                query_key=("issues", project),
                query_fn=load_page,
                initial_page_param=None,
                get_next_page_param=lambda page, *_: page["next"],
            )

    Args:
        base: Options to change; without them ``query_key``, ``initial_page_param`` and ``get_next_page_param`` are
            required.
        **fields: The options, by name.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right, or a required one is missing.

    Source: react-query's infiniteQueryOptions. Differs: it checks.
    """
    if base is not None:
        return base.with_(**fields)
    options: AnyInfiniteQueryOptions = InfiniteQueryOptions(**fields)
    for name in ("query_key", "initial_page_param", "get_next_page_param"):
        if getattr(options, name) is UNSET:
            raise check.missing("infinite_query_options()", name)
    return options


def require_infinite(options: object, who: str) -> None:
    """Refuse options that are not those of an infinite query.

    Args:
        options: What was given.
        who: To whom.

    Raises:
        OptionError: They are not.
    """
    if not isinstance(options, InfiniteQueryOptions):
        raise OptionError(
            f"{who} was given {type(options).__name__}; expected InfiniteQueryOptions. "
            "Make them with infinite_query_options().",
            option="initial_page_param",
        )


def next_page_param(options: AnyInfiniteQueryOptions, data: InfiniteData[PageT, PageParamT]) -> PageParamT | None:
    """What to ask for the page after the last one with; None if there is none.

    Args:
        options: The options of the query.
        data: Its pages, at least one.

    Raises:
        OptionError: The options do not say how to get there.

    Source: infiniteQueryBehavior.ts, getNextPageParam.
    """
    function = options.get_next_page_param
    if isinstance(function, Unset) or function is None:
        raise check.missing("an infinite query", "get_next_page_param")
    page_param: PageParamT | Unset | None = function(data.pages[-1], data.pages, data.page_params[-1], data.page_params)
    # UNSET is no page param either
    return given(page_param, None)


def previous_page_param(options: AnyInfiniteQueryOptions, data: InfiniteData[PageT, PageParamT]) -> PageParamT | None:
    """What to ask for the page before the first one with; None if there is none, or no way to tell.

    Args:
        options: The options of the query.
        data: Its pages, at least one.

    Source: infiniteQueryBehavior.ts, getPreviousPageParam.
    """
    function = options.get_previous_page_param
    if isinstance(function, Unset) or function is None:
        return None
    page_param: PageParamT | Unset | None = function(data.pages[0], data.pages, data.page_params[0], data.page_params)
    # UNSET is no page param either
    return given(page_param, None)
