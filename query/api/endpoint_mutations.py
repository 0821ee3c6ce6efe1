"""Methods of an endpoint that write: what ``api["/projects/"].post`` gives.

Calling one gives the options of a mutation whose variables are the body::

    creating = MutationObserver(client, api["/projects/"].post())
    creating.mutate({"name": "Apollo"})

    deleting = MutationObserver(client, api["/projects/$slug/"].delete(path={"slug": "apollo"}))
    deleting.mutate()

Where the variables decide about more than the body, ``from_variables`` takes a function that builds the call::

    endpoint = api["/projects/$slug/"].put


    def rename(project: Project) -> ApiRequest:
        return endpoint.request({"name": project["name"]}, path={"slug": project["slug"]})


    renaming = MutationObserver(client, endpoint.from_variables(rename))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic

from msgspec import structs
from typing_extensions import TypeForm, TypeVar

from ..base.errors import OptionError
from ..base.mutation_options import MutationOptions
from ..base.types import SkipToken
from .bodies import Parse
from .mutations import fetch_mutation
from .request import ApiRequest, QueryParams
from .uploads import Content, Files
from .url import get_api_url

PathT = TypeVar("PathT")
QueryT = TypeVar("QueryT")
BodyT = TypeVar("BodyT")
AnswerT = TypeVar("AnswerT")
T = TypeVar("T")
V = TypeVar("V")


def merged_query(query: Mapping[str, Any] | None, extra: QueryParams | None) -> Mapping[str, Any] | None:
    """The query parameters of a call: those that the document has, and those that it leaves out.

    Args:
        query: Documented ones.
        extra: Others; on top.

    Raises:
        OptionError: One of the two is no mapping.
    """
    for name, given in (("query", query), ("extra_query", extra)):
        if given is not None and not isinstance(given, Mapping):
            raise OptionError(
                f'{name}={given!r} is no mapping; expected parameters by name, such as {{"page": 2}}.', option=name
            )
    return query if extra is None else {**(query or {}), **extra}


class AnyApiMutation:
    """What every writing method of an endpoint is, whatever its types.

    Args:
        pattern: The URL pattern.
        method: The method, in capitals.
        type_: What the answer is taken for; ``Any`` if nothing was said.
        parse: How to read it; None for JSON.

    Attributes:
        pattern: The URL pattern.
        method: The method.
    """

    def __init__(self, pattern: str, method: str, type_: Any = Any, parse: Parse | None = None) -> None:
        self.pattern: str = pattern
        self.method: str = method
        self._type = type_
        self._parse: Parse | None = parse

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.pattern!r}, {self.method!r})"

    def _options(
        self,
        *,
        path: Any = None,
        query: Mapping[str, Any] | None = None,
        extra_query: QueryParams | None = None,
        headers: Mapping[str, str] | None = None,
        host: str | None = None,
    ) -> MutationOptions[Any, Any, Any]:
        """The options of a mutation whose variables are the body: ``mutate(body)``, ``mutate()`` if it takes none.

        Args:
            path: Values of the URL's parameters.
            query: Query parameters.
            extra_query: Query parameters that the document leaves out.
            headers: Headers beside the client's own.
            host: Scheme and host instead of the client's ``base_url``.

        Raises:
            PathParamError: A *path* that does not fit the URL.
            OptionError: ``skip_token``, or a query that is no mapping.
        """
        # all of the call but its body is checked here, not at the first write
        call = self._request(None, path=path, query=query, extra_query=extra_query, headers=headers, host=host)
        return self._from_variables(lambda body: structs.replace(call, data=body))

    def _request(
        self,
        data: Any = None,
        /,
        *,
        path: Any = None,
        query: Mapping[str, Any] | None = None,
        extra_query: QueryParams | None = None,
        headers: Mapping[str, str] | None = None,
        host: str | None = None,
        form: Mapping[str, Any] | None = None,
        files: Files | None = None,
        content: Content | None = None,
    ) -> ApiRequest:
        """The call as data, to be returned by a function given to ``from_variables``.

        Args:
            data: The body; None for none.
            path: Values of the URL's parameters.
            query: Query parameters.
            extra_query: Query parameters that the document leaves out.
            headers: Headers beside the client's own.
            host: Scheme and host instead of the client's ``base_url``.
            form: The fields of a form, instead of *data*.
            files: Files of a form by the name of their field, as in ``ApiRequest``.
            content: A raw body, instead of the others.

        Raises:
            PathParamError: A *path* that does not fit the URL.
            OptionError: ``skip_token``, or a query that is no mapping.
        """
        if isinstance(path, SkipToken):
            raise OptionError(
                f"path=skip_token cannot be for {self.method} {self.pattern!r}: nothing is written until mutate() is "
                "called. Make the options when the path is known, or build the call with from_variables().",
                option="path",
            )
        return ApiRequest(
            url=get_api_url(self.pattern, path=path),
            method=self.method,
            query=merged_query(query, extra_query),
            data=data,
            headers=headers,
            host=host,
            form=form,
            files=files,
            content=content,
            parse=self._parse,
        )

    def _from_variables(self, build: Callable[[Any], ApiRequest], /) -> MutationOptions[Any, Any, Any]:
        """The options of a mutation whose variables decide about the whole call.

        Args:
            build: From the variables to the call, which ``request`` makes.
        """
        return MutationOptions(mutation_fn=fetch_mutation.as_(self._type)(build))

    def _as(self, type_: Any, /) -> Any:
        """The same with another answer; it is believed, unless it is to be checked.

        Args:
            type_: The type of its JSON.
        """
        return type(self)(self.pattern, self.method, type_, self._parse)

    if not TYPE_CHECKING:
        # hidden from checkers: the classes below promise them, in the types of each
        __call__ = _options
        request = _request
        from_variables = _from_variables
        as_ = _as


class ApiMutation(AnyApiMutation, Generic[PathT, QueryT, BodyT, AnswerT]):
    """A writing method of a URL with parameters."""

    if TYPE_CHECKING:

        def __call__(
            self,
            *,
            path: PathT,
            query: QueryT | None = None,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
        ) -> MutationOptions[BodyT, AnswerT, Any]:
            """The options of a mutation whose variables are the body: ``mutate(body)``, ``mutate()`` if it takes none.

            Args:
                path: Values of the URL's parameters.
                query: Query parameters.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
            """
            ...

        def request(
            self,
            data: BodyT,
            /,
            *,
            path: PathT,
            query: QueryT | None = None,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
        ) -> ApiRequest:
            """The call as data, to be returned by a function given to ``from_variables``.

            Args:
                data: The body; None for a method that takes none.
                path: Values of the URL's parameters.
                query: Query parameters.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
            """
            ...

        def from_variables(self, build: Callable[[V], ApiRequest], /) -> MutationOptions[V, AnswerT, Any]:
            """The options of a mutation whose variables decide about the whole call.

            Args:
                build: From the variables to the call, which ``request`` makes.
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> ApiMutation[PathT, QueryT, BodyT, T]:
            """The same with another answer; it is believed, unless it is to be checked.

            Args:
                type_: The type of its JSON.
            """
            ...


class FlatApiMutation(AnyApiMutation, Generic[QueryT, BodyT, AnswerT]):
    """A writing method of a URL without parameters."""

    if TYPE_CHECKING:

        def __call__(
            self,
            *,
            query: QueryT | None = None,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
        ) -> MutationOptions[BodyT, AnswerT, Any]:
            """The options of a mutation whose variables are the body: ``mutate(body)``, ``mutate()`` if it takes none.

            Args:
                query: Query parameters.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
            """
            ...

        def request(
            self,
            data: BodyT,
            /,
            *,
            query: QueryT | None = None,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
        ) -> ApiRequest:
            """The call as data, to be returned by a function given to ``from_variables``.

            Args:
                data: The body; None for a method that takes none.
                query: Query parameters.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
            """
            ...

        def from_variables(self, build: Callable[[V], ApiRequest], /) -> MutationOptions[V, AnswerT, Any]:
            """The options of a mutation whose variables decide about the whole call.

            Args:
                build: From the variables to the call, which ``request`` makes.
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> FlatApiMutation[QueryT, BodyT, T]:
            """The same with another answer; it is believed, unless it is to be checked.

            Args:
                type_: The type of its JSON.
            """
            ...
