"""Mutation functions for API endpoints, typed by what the endpoint answers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeAlias, overload

from typing_extensions import TypeForm, TypeVar

from ..base.contexts import MutationFunctionContext
from ..base.errors import OptionError
from ..base.option_checks import refuse_async
from .fetch import json_of
from .http import get_api_client
from .request import ApiRequest, Method, check_api_url
from .url import get_api_url

T = TypeVar("T", default=Any)
V = TypeVar("V", default=Any)

FetchMutation: TypeAlias = Callable[[V, MutationFunctionContext], Coroutine[Any, Any, T]]
"""A ``mutation_fn`` that makes an API call."""


class FetchMutationFactory(Generic[T]):
    """Makes mutation functions; what ``fetch_mutation.as_(T)`` returns.

    ``fetch_mutation("POST", "/projects/")`` sends the variables as JSON. Where more depends on them, a function builds
    the call::

        fetch_mutation(lambda project: ApiRequest(method="PUT", url=f"/projects/{project['id']}/", data=project))
    """

    @overload
    def __call__(self, method: Method, url: str, /) -> FetchMutation[Any, T]: ...
    @overload
    def __call__(self, build: Callable[[V], ApiRequest], /) -> FetchMutation[V, T]: ...
    def __call__(self, method: str | Callable[[Any], ApiRequest], url: str | None = None, /) -> FetchMutation[Any, T]:
        """A ``mutation_fn``.

        Args:
            method: The method of the call, whose body the variables are; or a function from the variables to the
                whole ``ApiRequest``.
            url: The path or whole URL, if a method is given.

        Returns:
            A function (variables, context) that makes the call and gives the JSON of the answer, None for an empty
            one. It fails with a ``RequestError``.

        Raises:
            OptionError: Neither of the two forms, or a *url* that cannot be.
            MissingPathParamError: A *url* with a parameter: its value depends on the variables, so a function must
                build the call.
        """
        build: Callable[[Any], ApiRequest]
        if isinstance(method, str) and isinstance(url, str):
            check_api_url(url)
            build = _with_body(method, get_api_url(url))
        elif callable(method) and url is None:
            refuse_async("fetch_mutation", method)
            build = method
        else:
            raise OptionError(
                'fetch_mutation takes a method and a URL, fetch_mutation("POST", "/projects/"), or a function from the '
                "variables to an ApiRequest.",
                option="fetch_mutation",
            )

        async def mutate(variables: Any, context: MutationFunctionContext) -> T:
            request = build(variables)
            if not isinstance(request, ApiRequest):
                raise OptionError(
                    f"the function given to fetch_mutation returned {request!r}; expected an ApiRequest, such as "
                    'ApiRequest(method="POST", url="/projects/", data=...).',
                    option="fetch_mutation",
                )
            response = await get_api_client(context.client).send(request)
            result: T = json_of(response, request.method)
            return result

        return mutate


def _with_body(method: str, url: str) -> Callable[[Any], ApiRequest]:
    return lambda variables: ApiRequest(method=method, url=url, data=variables)


class FetchMutationOptions(FetchMutationFactory[Any]):
    """The factory of mutation functions: plain, or typed by ``as_``."""

    def as_(self, type_: TypeForm[T], /) -> FetchMutationFactory[T]:
        """Say what the endpoint answers; it is believed, not checked.

        Args:
            type_: The type of its JSON.
        """
        return FetchMutationFactory()


fetch_mutation: FetchMutationOptions = FetchMutationOptions()
"""The factory of mutation functions."""
