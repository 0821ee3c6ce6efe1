"""A mock for HTTP APIs in pytest, for httpx and httpx2 alike. Loads nothing until it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from query.base.types import UNSET

    from .calls import Call, CallList
    from .client import MockApiClient
    from .errors import UnmatchedRequestError
    from .matchers import ABSENT, Matcher, Mismatch, match_data, match_query
    from .query_client import MakeTestQueryClient
    from .responses import ResponseMock

__all__ = [
    "MockApiClient",
    "ResponseMock",
    "Call",
    "CallList",
    "MakeTestQueryClient",
    "match_query",
    "match_data",
    "ABSENT",
    "Mismatch",
    "Matcher",
    "UNSET",
    "UnmatchedRequestError",
]

_ROOMS = {
    "MockApiClient": ".client",
    "ResponseMock": ".responses",
    "Call": ".calls",
    "CallList": ".calls",
    "MakeTestQueryClient": ".query_client",
    "match_query": ".matchers",
    "match_data": ".matchers",
    "ABSENT": ".matchers",
    "Mismatch": ".matchers",
    "Matcher": ".matchers",
    "UNSET": "query.base.types",
    "UnmatchedRequestError": ".errors",
}


if not TYPE_CHECKING:  # else every name would exist for a type checker

    def __getattr__(name: str) -> Any:
        room = _ROOMS.get(name)
        if room is None:
            raise AttributeError(f"module 'mockapi' has no attribute {name!r}")
        from importlib import import_module

        from .query_package import require_query

        require_query()
        return getattr(import_module(room, __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
