"""The query function of API options: makes the call that the key stands for, and reads its answer."""

from __future__ import annotations

import functools
from typing import Any, Generic, NotRequired, TypedDict

import msgspec
from typing_extensions import TypeForm, TypeVar

from ..base.contexts import QueryClientView, QueryFunctionContext
from ..base.plain_types import register_plain_type
from ..base.structural_sharing import register_shared_type, replace_equal_deep
from .bodies import read_body
from .http import get_api_client
from .request import ApiRequest, parse_api_query_key
from .response_headers import ResponseHeaders
from .validation import Validate, check_mode, validate_answer

T = TypeVar("T", default=Any)


class ApiResponse(msgspec.Struct, Generic[T], frozen=True, eq=False):
    """What the cache holds for an API call.

    Attributes:
        json: The body: as JSON, unless the call says ``parse=``; None for an empty one.
        headers: The headers.
    """

    json: T
    headers: ResponseHeaders = msgspec.field(default_factory=ResponseHeaders)

    def with_json(self, json: T) -> ApiResponse[T]:
        """The same answer around other JSON: ``response.with_json([*response.json, row])``.

        Args:
            json: The new JSON.
        """
        return ApiResponse(json, self.headers)


def _share_response(previous: ApiResponse[Any], next: ApiResponse[Any]) -> ApiResponse[Any]:
    # the same answer again is the same data: headers such as Date alone give a new one, around the same JSON
    json = replace_equal_deep(previous.json, next.json)
    if previous.headers == next.headers:
        return previous if json is previous.json else ApiResponse(json, previous.headers)
    return ApiResponse(json, next.headers)


class _PlainResponse(TypedDict):
    json: Any
    headers: NotRequired[dict[str, str]]


def _written(response: ApiResponse[Any]) -> _PlainResponse:
    return {"json": response.json, "headers": dict(response.headers)}


def _read(plain: object) -> ApiResponse[Any]:
    try:
        response = msgspec.convert(plain, _PlainResponse)
    except msgspec.ValidationError as error:
        raise ValueError(f'it is no API response, {{"json": ..., "headers": {{...}}}}: {error}') from None
    return ApiResponse(response["json"], ResponseHeaders(response.get("headers", {})))


register_shared_type(ApiResponse, _share_response)
register_plain_type(ApiResponse, "api_response", write=_written, read=_read)


async def call_api(
    request: ApiRequest,
    client: QueryClientView | None = None,
    *,
    type_: TypeForm[T] = Any,
    validate: Validate | None = None,
) -> ApiResponse[T]:
    """Make a call and read its answer: for query functions and mutation functions of your own.

    Args:
        request: The call.
        client: The query client whose API client is to be used, such as ``context.client``.
        type_: The type of the JSON; believed, unless *validate* or the API client says that it is to be checked.
        validate: What to do if it is wrong: nothing ("off"), "warn" or "raise"; by default what the API client says.

    Raises:
        RequestError: The server answered with an error or with something that is no JSON, or there was no answer.
        ResponseValidationError: The answer has not the type that was said, and was to be checked.
        OptionError: The type cannot be checked, and was to be.
    """
    api = get_api_client(client)
    response = await api.send(request)
    body: T = read_body(response, request.method, request.parse)
    validate_answer(response, request.method, body, type_, api.validate if validate is None else validate)
    return ApiResponse(body, ResponseHeaders(response.headers))


class ApiFetch:
    """A query function that makes the call which the key stands for, through the API client of the query client.

    It carries what the key does not: the type of the answer. ``api_fetch_as`` makes one.

    Attributes:
        type_: The type of the JSON; ``Any`` if nothing was said.
        validate: What to do if it is wrong; None for what the API client says.
    """

    __slots__ = ("__weakref__", "type_", "validate")

    def __init__(self, type_: Any = Any, validate: Validate | None = None) -> None:
        self.type_: Any = type_
        self.validate: Validate | None = validate

    async def __call__(self, context: QueryFunctionContext[Any]) -> ApiResponse[Any]:
        """Make the call.

        Args:
            context: The context of the query.

        Raises:
            RequestError: The server answered with an error or with something that is no JSON, or there was no answer.
            ResponseValidationError: The answer has not the type that was said, and was to be checked.
            QueryKeyError: The key stands for no call, or is that of an infinite query.
        """
        request = parse_api_query_key(context.query_key, infinite=False)
        return await call_api(request, context.client, type_=self.type_, validate=self.validate)

    def __repr__(self) -> str:
        return f"ApiFetch({self.type_!r}{'' if self.validate is None else f', validate={self.validate!r}'})"


api_fetch: ApiFetch = ApiFetch()
"""The query function of API calls, of whatever type."""


def api_fetch_as(type_: Any, *, validate: Validate | None = None) -> ApiFetch:
    """The query function of API calls whose answers have this type. The same for the same arguments.

    Args:
        type_: The type of the JSON, or a ``NamedType``, whose module is loaded when an answer is checked.
        validate: What to do if it is wrong: nothing ("off"), "warn" or "raise"; by default what the API client says.

    Raises:
        OptionError: A *validate* that is none of the three, or pydantic is not installed.
    """
    check_mode(validate)
    if type_ is Any and validate is None:
        return api_fetch
    try:
        # the same function: options that are made anew at each use stay equal
        return _fetch_as(type_, validate)
    except TypeError:
        # a type that cannot be hashed
        return ApiFetch(type_, validate)


@functools.lru_cache(maxsize=4096)
def _fetch_as(type_: Any, validate: Validate | None) -> ApiFetch:
    return ApiFetch(type_, validate)
