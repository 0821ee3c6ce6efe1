"""Mutation functions for API endpoints, typed by what they are given and what the endpoint answers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Generic, TypeAlias, cast, overload

from typing_extensions import TypeForm, TypeVar

from ..base.contexts import MutationFunctionContext
from ..base.errors import OptionError
from ..base.option_checks import refuse_async
from ..base.types import UNSET, Unset
from .fetch import ApiResponse, call_api
from .request import ApiRequest, Method, QueryParams, check_api_url
from .url import MissingPathParamError, PathParams, get_api_url, path_params
from .validation import Validate, check_mode

T = TypeVar("T", default=Any)
# object, not Any: a function of anything fits wherever one of something is wanted, and no checker stops looking
V = TypeVar("V", default=object)
W = TypeVar("W")

FetchMutation: TypeAlias = Callable[[V, MutationFunctionContext], Coroutine[Any, Any, T]]
"""A ``mutation_fn`` that makes an API call."""

_FORMS = (
    'fetch_mutation takes a method and a URL, fetch_mutation("POST", "/projects/"), or a function from the variables '
    "to an ApiRequest."
)


class FetchMutationFactory(Generic[T, V]):
    """Makes mutation functions; what ``fetch_mutation.as_(T, variables=V)`` returns.

    ``fetch_mutation("POST", "/projects/")`` sends the variables as JSON. Parameters of the URL are taken from the
    variables by name, and what is left is the body::

        fetch_mutation("PUT", "/projects/$slug/")  # .mutate({"slug": "apollo", "name": "Apollo 11"})

    Everything else may be given, each as a value or as a function of the variables::

        fetch_mutation("POST", "/teams/", query={"notify": True}, headers=lambda team: {"X-Owner": team["owner"]})

    A function may also build the whole call::

        fetch_mutation(lambda project: ApiRequest(method="PUT", url=f"/projects/{project['id']}/", data=project))
    """

    def __init__(self, type_: Any = Any, validate: Validate | None = None) -> None:
        self._type = type_
        self._validate: Validate | None = validate

    @overload
    def __call__(
        self,
        method: Method,
        url: str,
        /,
        *,
        path: PathParams | Callable[[V], PathParams] | None = None,
        query: QueryParams | Callable[[V], QueryParams | None] | None = None,
        data: Any | Callable[[V], Any] = UNSET,
        headers: Mapping[str, str] | Callable[[V], Mapping[str, str] | None] | None = None,
        host: str | Callable[[V], str | None] | None = None,
    ) -> FetchMutation[V, T]: ...
    @overload
    def __call__(self, build: Callable[[W], ApiRequest], /) -> FetchMutation[W, T]: ...
    def __call__(
        self,
        method: str | Callable[[Any], ApiRequest],
        url: str | None = None,
        /,
        *,
        path: Any = None,
        query: Any = None,
        data: Any = UNSET,
        headers: Any = None,
        host: Any = None,
    ) -> FetchMutation[Any, T]:
        """A ``mutation_fn``.

        Args:
            method: The method of the call; or a function from the variables to the whole ``ApiRequest``, alone.
            url: The path or whole URL, if a method is given, with parameters as ``$name``.
            path: Values of parameters. Those that are left out are taken from the variables by name.
            query: Query parameters; None leaves one out.
            data: The body, sent as JSON; None for none. By default the variables, without those that became
                parameters of the URL; nothing if none is left.
            headers: Headers beside the client's own.
            host: Scheme and host instead of the client's ``base_url``.

        Returns:
            A function (variables, context) that makes the call and gives the JSON of the answer, None for an empty
            one. It fails with a ``RequestError``; or with a ``MissingPathParamError`` if the variables lack a
            parameter.

        Raises:
            OptionError: Neither of the two forms, or a *url* that cannot be.
            UnknownPathParamError: A value in *path* without a parameter.
            PathParamError: A *url* with a ``$`` that begins no parameter.
        """
        build: Callable[[Any], ApiRequest]
        if isinstance(method, str) and isinstance(url, str):
            for function in (path, query, data, headers, host):
                if callable(function):
                    refuse_async("fetch_mutation", function)
            build = _Call(method, url, path, query, data, headers, host)
        elif callable(method) and url is None:
            if any(given is not None for given in (path, query, headers, host)) or data is not UNSET:
                raise OptionError(
                    "a function that builds the whole call was given to fetch_mutation beside parts of a call. Put "
                    "them into the ApiRequest that it returns.",
                    option="fetch_mutation",
                )
            refuse_async("fetch_mutation", method)
            build = method
        else:
            raise OptionError(_FORMS, option="fetch_mutation")

        type_, validate = self._type, self._validate

        async def mutate(variables: Any, context: MutationFunctionContext) -> T:
            request = build(variables)
            if not isinstance(request, ApiRequest):
                raise OptionError(
                    f"the function given to fetch_mutation returned {request!r}; expected an ApiRequest, such as "
                    'ApiRequest(method="POST", url="/projects/", data=...).',
                    option="fetch_mutation",
                )
            answer: ApiResponse[T] = await call_api(request, context.client, type_=type_, validate=validate)
            return answer.json

        return mutate


class _Call:
    """Builds the call of one endpoint from variables."""

    __slots__ = ("_data", "_headers", "_host", "_method", "_names", "_path", "_query", "_url")

    def __init__(self, method: str, url: str, path: Any, query: Any, data: Any, headers: Any, host: Any) -> None:
        check_api_url(url)
        self._method, self._url = method, url
        self._path, self._query, self._data, self._headers, self._host = path, query, data, headers, host
        self._names = path_params(url)
        if isinstance(path, Mapping):
            # what is wrong in it is said where it is written, and not at the first write
            get_api_url(url, path={**dict.fromkeys(self._names, "x"), **cast("PathParams", path)})

    def __call__(self, variables: Any) -> ApiRequest:
        path = dict(cast("PathParams", _value(self._path, variables) or {}))
        missing = [name for name in self._names if name not in path]
        body: Any = variables
        if missing and isinstance(variables, Mapping):
            fields = cast("Mapping[str, Any]", variables)
            path.update({name: fields[name] for name in missing if name in fields})
            body = {name: value for name, value in fields.items() if name not in missing} or None
        lacking = tuple(name for name in missing if name not in path)
        if lacking:
            raise MissingPathParamError(
                f"cannot build a URL from {self._url!r}: no value for {', '.join(f'${name}' for name in lacking)}. The "
                f"variables are {variables!r}; expected a dict with {' and '.join(map(repr, lacking))} in it, or give "
                "path= to fetch_mutation, as values or as a function of the variables.",
                pattern=self._url,
                names=lacking,
            )
        return ApiRequest(
            method=self._method,
            url=get_api_url(self._url, path=path),
            query=_value(self._query, variables),
            data=body if isinstance(self._data, Unset) else _value(self._data, variables),
            headers=_value(self._headers, variables),
            host=_value(self._host, variables),
        )


def _value(given: Any, variables: Any) -> Any:
    return given(variables) if callable(given) else given


class FetchMutationOptions(FetchMutationFactory[Any, object]):
    """The factory of mutation functions: plain, or typed by ``as_``."""

    @overload
    def as_(
        self, type_: TypeForm[T], /, *, variables: TypeForm[V], validate: Validate | None = None
    ) -> FetchMutationFactory[T, V]: ...
    @overload
    def as_(self, type_: TypeForm[T], /, *, validate: Validate | None = None) -> FetchMutationFactory[T, object]: ...
    def as_(
        self, type_: Any, /, *, variables: Any = UNSET, validate: Validate | None = None
    ) -> FetchMutationFactory[Any, Any]:
        """Say what the endpoint answers, and what the mutation is given; both are believed.

        Args:
            type_: The type of the JSON of the answer.
            variables: The type of the variables; anything by default.
            validate: Whether the answer has its type: "off" believes it, "warn" and "raise" check; by default what the
                API client says.

        Raises:
            OptionError: A *validate* that is none of the three, or pydantic is needed and not installed.
        """
        check_mode(validate)
        return FetchMutationFactory(type_, validate)


fetch_mutation: FetchMutationOptions = FetchMutationOptions()
"""The factory of mutation functions."""
