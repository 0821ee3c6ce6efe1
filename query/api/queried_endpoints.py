"""Endpoints that cannot be read without a query, such as a search: for checkers, ``query=`` is then required."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic

from typing_extensions import TypeForm, TypeVar

from ..base.types import SkipToken, StaleTime
from .bodies import Parse
from .endpoints import ApiUrl, FlatApiUrl
from .infinite import ApiInfiniteOptions
from .options import ApiQueryOptions
from .pages import PageStrategy
from .request import QueryParams
from .validation import Validate

PathT = TypeVar("PathT")
QueryT = TypeVar("QueryT")
AnswerT = TypeVar("AnswerT")
T = TypeVar("T")


class QueriedEndpoint(ApiUrl[PathT], Generic[PathT, QueryT, AnswerT]):
    """A URL with parameters that cannot be read without a query."""

    if TYPE_CHECKING:

        def __call__(
            self,
            *,
            path: PathT | SkipToken,
            query: QueryT,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
            parse: Parse | None = None,
            validate: Validate | None = None,
            stale_time: StaleTime,
        ) -> ApiQueryOptions[AnswerT]:
            """The options of a query that reads it.

            Args:
                path: Values of the URL's parameters; ``skip_token`` while they are not known: nothing is fetched then.
                query: Query parameters; some are needed.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                parse: How to read the answer; by default as the document says.
                validate: Whether the answer has its type: "off" believes it, "warn" and "raise" check; by default what
                    the API client says.
                stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static".
            """
            ...

        def infinite(
            self,
            *,
            path: PathT | SkipToken,
            query: QueryT,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
            parse: Parse | None = None,
            validate: Validate | None = None,
            pages: PageStrategy = ...,
            max_pages: int | None = None,
            stale_time: StaleTime,
        ) -> ApiInfiniteOptions[AnswerT]:
            """The options of an infinite query of it, page by page.

            Args:
                path: Values of the URL's parameters; ``skip_token`` while they are not known: nothing is fetched then.
                query: Query parameters; some are needed.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                parse: How to read the answer; by default as the document says.
                validate: Whether the answer has its type: "off" believes it, "warn" and "raise" check; by default what
                    the API client says.
                pages: How the API tells its pages apart: ``link_pages()``, by the ``Link`` header, unless said
                    otherwise.
                max_pages: How many pages to keep, dropping at the far end; 0 or None for all.
                stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static".
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> QueriedEndpoint[PathT, QueryT, T]:
            """The same with another answer; it is believed, unless it is to be checked.

            Args:
                type_: The type of its JSON.
            """
            ...


class FlatQueriedEndpoint(FlatApiUrl, Generic[QueryT, AnswerT]):
    """A URL without parameters that cannot be read without a query: ``api["/search/"](query={"q": "moon"}, ...)``."""

    if TYPE_CHECKING:

        def __call__(
            self,
            *,
            query: QueryT,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
            parse: Parse | None = None,
            validate: Validate | None = None,
            stale_time: StaleTime,
        ) -> ApiQueryOptions[AnswerT]:
            """The options of a query that reads it.

            Args:
                query: Query parameters; some are needed.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                parse: How to read the answer; by default as the document says.
                validate: Whether the answer has its type: "off" believes it, "warn" and "raise" check; by default what
                    the API client says.
                stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static".
            """
            ...

        def infinite(
            self,
            *,
            query: QueryT,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
            parse: Parse | None = None,
            validate: Validate | None = None,
            pages: PageStrategy = ...,
            max_pages: int | None = None,
            stale_time: StaleTime,
        ) -> ApiInfiniteOptions[AnswerT]:
            """The options of an infinite query of it, page by page.

            Args:
                query: Query parameters; some are needed.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                parse: How to read the answer; by default as the document says.
                validate: Whether the answer has its type: "off" believes it, "warn" and "raise" check; by default what
                    the API client says.
                pages: How the API tells its pages apart: ``link_pages()``, by the ``Link`` header, unless said
                    otherwise.
                max_pages: How many pages to keep, dropping at the far end; 0 or None for all.
                stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static".
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> FlatQueriedEndpoint[QueryT, T]:
            """The same with another answer; it is believed, unless it is to be checked.

            Args:
                type_: The type of its JSON.
            """
            ...
