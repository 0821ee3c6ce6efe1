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

At run time nothing is known of the types: an endpoint is its pattern and its methods.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic

from typing_extensions import TypedDict, TypeForm, TypeVar

from ..base.errors import QueryError
from ..base.types import SkipToken, StaleTime
from .endpoint_mutations import ApiMutation, FlatApiMutation, merged_query
from .options import ApiQueryOptions, api_options
from .request import QueryParams
from .url import get_api_url, path_params

PathT = TypeVar("PathT")
QueryT = TypeVar("QueryT")
AnswerT = TypeVar("AnswerT")
T = TypeVar("T")


class NoQuery(TypedDict):
    """The query parameters of an endpoint that documents none. Others go into ``extra_query=``."""


class UndocumentedMethodError(QueryError, AttributeError):
    """A method that the endpoint does not have.

    Attributes:
        pattern: The URL pattern.
        method: The method that was asked for.
        methods: Those that it has.
    """

    def __init__(self, pattern: str, method: str, methods: Iterable[str]) -> None:
        self.pattern = pattern
        self.method = method
        self.methods = tuple(sorted(methods))
        super().__init__(
            f"{pattern!r} has no {method}; the document has {', '.join(self.methods) or 'no method'} for it. If the "
            "backend has it by now, generate the table anew; if its document leaves it out, use a companion table."
        )


class AnyEndpoint:
    """What every endpoint is, whatever its types.

    Args:
        pattern: The URL pattern.
        methods: The methods that it has, in capitals; None if that is not known: then none is refused.
        type_: What the answer is taken for; ``Any`` if nothing was said.

    Attributes:
        pattern: The URL pattern, such as ``"/projects/$slug/"``.
        methods: The methods that it has; None if that is not known.
    """

    def __init__(self, pattern: str, methods: Iterable[str] | None = None, type_: Any = Any) -> None:
        self.pattern: str = pattern
        self.methods: frozenset[str] | None = None if methods is None else frozenset(methods)
        self._type = type_

    def __repr__(self) -> str:
        methods = "" if self.methods is None else f", {sorted(self.methods)}"
        return f"{type(self).__name__}({self.pattern!r}{methods})"

    def _needs(self, method: str) -> None:
        if self.methods is not None and method not in self.methods:
            raise UndocumentedMethodError(self.pattern, method, self.methods)

    def _read(
        self,
        *,
        path: Any = None,
        query: Mapping[str, Any] | None = None,
        extra_query: QueryParams | None = None,
        **options: Any,
    ) -> Any:
        """The options of a query that reads the endpoint, as ``api_options`` makes them.

        Args:
            path: Values of the URL's parameters; ``skip_token`` while they are not known: nothing is fetched then.
            query: Query parameters; None leaves one out.
            extra_query: Query parameters that the document leaves out.
            **options: ``headers``, ``host`` and ``stale_time``, which is required.

        Raises:
            UndocumentedMethodError: The endpoint has no GET.
            PathParamError: A *path* that does not fit the URL.
            OptionError: A *stale_time* that is missing, or a value that cannot be right.
        """
        self._needs("GET")
        make = api_options.as_(self._type)
        return make(self.pattern, path=path, query=merged_query(query, extra_query), **options)

    def _as(self, type_: Any, /) -> Any:
        """The same with another answer; it is believed, not checked.

        Args:
            type_: The type of its JSON.

        Raises:
            UndocumentedMethodError: The endpoint has no GET.
        """
        self._needs("GET")
        return type(self)(self.pattern, self.methods, type_)

    def _url(self, *, path: Any = None) -> str:
        """The URL with the values in it, percent-encoded.

        Args:
            path: Values of its parameters.

        Raises:
            PathParamError: They do not fit the URL.
        """
        return get_api_url(self.pattern, path=path)

    def _writing(self, method: str) -> Any:
        self._needs(method)
        kind: Any = ApiMutation if path_params(self.pattern) else FlatApiMutation
        return kind(self.pattern, method)

    if not TYPE_CHECKING:
        # hidden from checkers, which would take every endpoint to have every method; the classes below promise them
        __call__ = _read
        as_ = _as
        url = _url

        @property
        def post(self) -> Any:
            """Writing by POST."""
            return self._writing("POST")

        @property
        def put(self) -> Any:
            """Writing by PUT."""
            return self._writing("PUT")

        @property
        def patch(self) -> Any:
            """Writing by PATCH."""
            return self._writing("PATCH")

        @property
        def delete(self) -> Any:
            """Writing by DELETE."""
            return self._writing("DELETE")


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
            stale_time: StaleTime,
        ) -> ApiQueryOptions[AnswerT]:
            """The options of a query that reads it.

            Args:
                path: Values of the URL's parameters; ``skip_token`` while they are not known: nothing is fetched then.
                query: Query parameters; None leaves one out.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static".
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> Endpoint[PathT, QueryT, T]:
            """The same with another answer; it is believed, not checked.

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
            stale_time: StaleTime,
        ) -> ApiQueryOptions[AnswerT]:
            """The options of a query that reads it.

            Args:
                query: Query parameters; None leaves one out.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static".
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> FlatEndpoint[QueryT, T]:
            """The same with another answer; it is believed, not checked.

            Args:
                type_: The type of its JSON.
            """
            ...


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
            stale_time: StaleTime,
        ) -> ApiQueryOptions[AnswerT]:
            """The options of a query that reads it.

            Args:
                path: Values of the URL's parameters; ``skip_token`` while they are not known: nothing is fetched then.
                query: Query parameters; some are needed.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static".
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> QueriedEndpoint[PathT, QueryT, T]:
            """The same with another answer; it is believed, not checked.

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
            stale_time: StaleTime,
        ) -> ApiQueryOptions[AnswerT]:
            """The options of a query that reads it.

            Args:
                query: Query parameters; some are needed.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                stale_time: Seconds for which the answer counts as fresh, a timedelta, ``math.inf`` or "static".
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> FlatQueriedEndpoint[QueryT, T]:
            """The same with another answer; it is believed, not checked.

            Args:
                type_: The type of its JSON.
            """
            ...
