"""Methods of an endpoint that take no JSON: forms, files and raw bodies.

Nothing says how variables become one, so a function does::

    avatar = api["/projects/$slug/avatar/"].put


    def upload(path: Path) -> ApiRequest:
        return avatar.request(path={"slug": "apollo"}, files={"image": path})


    uploading = MutationObserver(client, avatar.from_variables(upload))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic

from typing_extensions import TypeForm, TypeVar

from ..base.mutation_options import MutationOptions
from .endpoint_mutations import AnyApiMutation
from .request import ApiRequest, QueryParams
from .uploads import Content, Files

PathT = TypeVar("PathT")
QueryT = TypeVar("QueryT")
AnswerT = TypeVar("AnswerT")
T = TypeVar("T")
V = TypeVar("V")


class ApiUpload(AnyApiMutation, Generic[PathT, QueryT, AnswerT]):
    """A method of a URL with parameters that takes a form, files or a raw body."""

    if TYPE_CHECKING:

        def request(
            self,
            *,
            path: PathT,
            query: QueryT | None = None,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
            form: Mapping[str, Any] | None = None,
            files: Files | None = None,
            content: Content | None = None,
        ) -> ApiRequest:
            """The call as data, to be returned by a function given to ``from_variables``.

            Args:
                path: Values of the URL's parameters.
                query: Query parameters.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                form: The fields of a form.
                files: Files of a form by the name of their field, as in ``ApiRequest``.
                content: A raw body, instead of the others.
            """
            ...

        def from_variables(self, build: Callable[[V], ApiRequest], /) -> MutationOptions[V, AnswerT, Any]:
            """The options of a mutation whose variables decide about the whole call.

            Args:
                build: From the variables to the call, which ``request`` makes.
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> ApiUpload[PathT, QueryT, T]:
            """The same with another answer; it is believed, unless it is to be checked.

            Args:
                type_: The type of its JSON.
            """
            ...


class FlatApiUpload(AnyApiMutation, Generic[QueryT, AnswerT]):
    """A method of a URL without parameters that takes a form, files or a raw body."""

    if TYPE_CHECKING:

        def request(
            self,
            *,
            query: QueryT | None = None,
            extra_query: QueryParams | None = None,
            headers: Mapping[str, str] | None = None,
            host: str | None = None,
            form: Mapping[str, Any] | None = None,
            files: Files | None = None,
            content: Content | None = None,
        ) -> ApiRequest:
            """The call as data, to be returned by a function given to ``from_variables``.

            Args:
                query: Query parameters.
                extra_query: Query parameters that the document leaves out.
                headers: Headers beside the client's own.
                host: Scheme and host instead of the client's ``base_url``.
                form: The fields of a form.
                files: Files of a form by the name of their field, as in ``ApiRequest``.
                content: A raw body, instead of the others.
            """
            ...

        def from_variables(self, build: Callable[[V], ApiRequest], /) -> MutationOptions[V, AnswerT, Any]:
            """The options of a mutation whose variables decide about the whole call.

            Args:
                build: From the variables to the call, which ``request`` makes.
            """
            ...

        def as_(self, type_: TypeForm[T], /) -> FlatApiUpload[QueryT, T]:
            """The same with another answer; it is believed, unless it is to be checked.

            Args:
                type_: The type of its JSON.
            """
            ...
