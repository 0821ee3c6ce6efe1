"""The query function of API options: makes the call that the key stands for."""

from __future__ import annotations

from typing import Any, Generic

import msgspec
from typing_extensions import TypeVar

from ..base.contexts import QueryFunctionContext
from ..base.structural_sharing import register_shared_type, replace_equal_deep
from .bodies import read_body
from .http import get_api_client
from .request import ApiRequest, parse_api_query_key
from .response_headers import ResponseHeaders

T = TypeVar("T", default=Any)
U = TypeVar("U")


class ApiResponse(msgspec.Struct, Generic[T], frozen=True, eq=False):
    """What the cache holds for an API call.

    Attributes:
        json: The body: as JSON, unless the call says ``parse=``; None for an empty one.
        headers: The headers.
    """

    json: T
    headers: ResponseHeaders = msgspec.field(default_factory=ResponseHeaders)

    def with_json(self, json: U) -> ApiResponse[U]:
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


register_shared_type(ApiResponse, _share_response)


async def api_fetch(context: QueryFunctionContext[Any]) -> ApiResponse[Any]:
    """Make the call that the query's key stands for, through the API client of the query client.

    Args:
        context: The context of the query.

    Raises:
        RequestError: The server answered with an error or with something that is no JSON, or there was no answer.
        QueryKeyError: The key stands for no call, or is that of an infinite query.
    """
    return await fetch_request(parse_api_query_key(context.query_key, infinite=False), context)


async def fetch_request(request: ApiRequest, context: QueryFunctionContext[Any]) -> ApiResponse[Any]:
    """Make a call through the API client of the query client.

    Args:
        request: The call.
        context: The context of the query that it is made for.

    Raises:
        RequestError: The server answered with an error or with something that is no JSON, or there was no answer.
    """
    response = await get_api_client(context.client).send(request)
    return ApiResponse(read_body(response, request.method, request.parse), ResponseHeaders(response.headers))
