"""Endpoints of an API: what ``api["/projects/$slug/"]`` gives.

To a type checker they are generic in what they take and answer; a generated stub, and a table that is written by hand,
are made of these classes:

* *PathT*: a TypedDict of the parameters of the path,
* *QueryT*: a TypedDict of the query parameters, ``NoQuery`` for none, ``QueryParams`` where anything goes,
* *AnswerT*: the JSON of the answer.

A URL with methods beside GET is a class of its own, with an attribute for each::

    class ProjectEndpoint(Endpoint[SlugPath, NoQuery, Project]):
        put: ApiMutation[SlugPath, NoQuery, ProjectBody, Project]
        delete: ApiMutation[SlugPath, NoQuery, None, None]

At run time an endpoint is its pattern, its methods, and the names of what they answer, which are looked up only if an
answer is to be checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic

from typing_extensions import TypeForm, TypeVar

from ..base.types import SkipToken, StaleTime
from .bodies import Parse
from .endpoint_base import AnyEndpoint
from .infinite import ApiInfiniteOptions
from .options import ApiQueryOptions
from .pages import PageStrategy
from .request import QueryParams
from .validation import Validate

PathT = TypeVar("PathT")
QueryT = TypeVar("QueryT")
AnswerT = TypeVar("AnswerT")
T = TypeVar("T")


class ApiUrl(AnyEndpoint, Generic[PathT]):
    """A URL with parameters that is not read by GET."""

    if TYPE_CHECKING:

        def url(self, *, path: PathT) -> str:
            """The URL with the values in it, percent-encoded.

            Args:
                path: Values of its parameters.
            """
            ...


class FlatApiUrl(AnyEndpoint):
    """A URL without parameters that is not read by GET."""

    if TYPE_CHECKING:

        def url(self) -> str:
            """The URL."""
            ...


class Endpoint(ApiUrl[PathT], Generic[PathT, QueryT, AnswerT]):
    """A URL with parameters: ``api["/projects/$slug/"](path={"slug": slug}, stale_time=30)``."""

    if TYPE_CHECKING:

        def __call__(
            self,
            *,
            path: PathT | SkipToken,
            query: QueryT | None = None,
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
                query: Query parameters; None leaves one out.
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
            query: QueryT | None = None,
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
                query: Query parameters of all pages; None leaves one out.
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

        def as_(self, type_: TypeForm[T], /) -> Endpoint[PathT, QueryT, T]:
            """The same with another answer; it is believed, unless it is to be checked.

            Args:
                type_: The type of its JSON.
            """
            ...


class FlatEndpoint(FlatApiUrl, Generic[QueryT, AnswerT]):
    """A URL without parameters: ``api["/projects/"](stale_time=30)``."""

    if TYPE_CHECKING:

        def __call__(
            self,
            *,
            query: QueryT | None = None,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
            parse: Parse | None = None,
            validate: Validate | None = None,
            stale_time: StaleTime,
        ) -> ApiQueryOptions[AnswerT]:
            """The options of a query that reads it.

            Args:
                query: Query parameters; None leaves one out.
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
            query: QueryT | None = None,
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
                query: Query parameters of all pages; None leaves one out.
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

        def as_(self, type_: TypeForm[T], /) -> FlatEndpoint[QueryT, T]:
            """The same with another answer; it is believed, unless it is to be checked.

            Args:
                type_: The type of its JSON.
            """
            ...
