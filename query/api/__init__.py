"""HTTP beside the core: query options and mutation functions for API endpoints.

Imports the base floor alone; httpx or httpx2 are loaded when a call is made. What few programs need is loaded when they
ask for it.
"""

from typing import TYPE_CHECKING, Any

from ..base.types import SkipToken, StaleTime, skip_token
from .bodies import Parse
from .body_pages import cursor_in_body
from .counted_pages import offset_pages, page_number
from .endpoint_base import NoQuery, UndocumentedMethodError
from .endpoint_mutations import ApiMutation, FlatApiMutation
from .endpoint_table import EndpointTable, TableApiOptions, UnknownApiUrlError
from .endpoints import ApiUrl, Endpoint, FlatApiUrl, FlatEndpoint
from .errors import RequestError
from .fetch import ApiResponse, api_fetch, api_fetch_as, call_api
from .http import ApiClient, get_api_client, set_api_client
from .infinite import ApiInfiniteOptions, api_fetch_infinite, select_json_pages
from .link_header import Link, page_param, parse_link_header
from .link_pages import link_pages, next_url_in_body
from .mutations import fetch_mutation
from .options import ApiQueryOptions, api_options, select_json, select_json_with_headers
from .pages import PageError, PageParam, PageStrategy
from .problem import Problem
from .request import ApiRequest, QueryParams, api_query_key, parse_api_query_key
from .response_headers import ResponseHeaders
from .updates import update_json, update_pages
from .url import MissingPathParamError, PathParamError, PathValue, UnknownPathParamError, get_api_url
from .validation import Mismatch, NamedType, ResponseValidationError, ResponseValidationWarning, Validate

if TYPE_CHECKING:
    from .batching import BatchContext, NotInBatchError, batch_requests
    from .concurrency import ConcurrencyLimit, host_of_call, limit_concurrency
    from .downloads import api_download, api_download_sync
    from .endpoint_uploads import ApiUpload, FlatApiUpload
    from .queried_endpoints import FlatQueriedEndpoint, QueriedEndpoint
    from .retry import ApiRetry, api_retry, is_worth_retrying, retry_after_delay

__all__ = [
    "api_options",
    "select_json",
    "select_json_with_headers",
    "skip_token",
    "SkipToken",
    "StaleTime",
    "fetch_mutation",
    "EndpointTable",
    "TableApiOptions",
    "Endpoint",
    "FlatEndpoint",
    "QueriedEndpoint",
    "FlatQueriedEndpoint",
    "ApiUrl",
    "FlatApiUrl",
    "ApiMutation",
    "FlatApiMutation",
    "ApiUpload",
    "FlatApiUpload",
    "NoQuery",
    "QueryParams",
    "Parse",
    "Validate",
    "PathValue",
    "update_json",
    "update_pages",
    "ApiRequest",
    "get_api_url",
    "ApiClient",
    "set_api_client",
    "get_api_client",
    "ApiResponse",
    "ResponseHeaders",
    "Link",
    "parse_link_header",
    "page_param",
    "ApiInfiniteOptions",
    "api_fetch_infinite",
    "select_json_pages",
    "PageStrategy",
    "PageParam",
    "PageError",
    "link_pages",
    "page_number",
    "offset_pages",
    "next_url_in_body",
    "cursor_in_body",
    "ApiQueryOptions",
    "RequestError",
    "Problem",
    "ResponseValidationError",
    "ResponseValidationWarning",
    "Mismatch",
    "NamedType",
    "api_fetch_as",
    "call_api",
    "api_download",
    "api_download_sync",
    "ConcurrencyLimit",
    "limit_concurrency",
    "host_of_call",
    "batch_requests",
    "BatchContext",
    "NotInBatchError",
    "api_retry",
    "ApiRetry",
    "retry_after_delay",
    "is_worth_retrying",
    "PathParamError",
    "MissingPathParamError",
    "UnknownPathParamError",
    "UnknownApiUrlError",
    "UndocumentedMethodError",
    "api_fetch",
    "api_query_key",
    "parse_api_query_key",
]

_ROOMS = {
    "ApiUpload": ".endpoint_uploads",
    "FlatApiUpload": ".endpoint_uploads",
    "QueriedEndpoint": ".queried_endpoints",
    "FlatQueriedEndpoint": ".queried_endpoints",
    "BatchContext": ".batching",
    "NotInBatchError": ".batching",
    "batch_requests": ".batching",
    "ConcurrencyLimit": ".concurrency",
    "host_of_call": ".concurrency",
    "limit_concurrency": ".concurrency",
    "api_download": ".downloads",
    "api_download_sync": ".downloads",
    "ApiRetry": ".retry",
    "api_retry": ".retry",
    "is_worth_retrying": ".retry",
    "retry_after_delay": ".retry",
}


if not TYPE_CHECKING:  # else every name would exist for a type checker

    def __getattr__(name: str) -> Any:
        room = _ROOMS.get(name)
        if room is None:
            raise AttributeError(f"module 'query.api' has no attribute {name!r}")
        from importlib import import_module

        # found at once from now on
        value = globals()[name] = getattr(import_module(room, __name__), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
