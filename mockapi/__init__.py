"""A mock for HTTP APIs in pytest, for httpx and httpx2 alike. Loads nothing until it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from query.base.types import UNSET

    from .answers import Answer
    from .bodies import NEXT, PASS
    from .calls import Call, CallList
    from .client import MockApiClient
    from .errors import (
        LeakError,
        UnmatchedRequestAbort,
        UnmatchedRequestError,
        UnusedMockError,
        UnusedMockWarning,
    )
    from .gates import Gate
    from .matchers import ABSENT, Matcher, Mismatch, match_data, match_query
    from .query_client import MakeTestQueryClient
    from .responses import ResponseMock
    from .scenarios import Scenario
    from .sse import SseEvent

__all__ = [
    "MockApiClient",
    "ResponseMock",
    "Call",
    "CallList",
    "Answer",
    "NEXT",
    "PASS",
    "SseEvent",
    "Gate",
    "Scenario",
    "MakeTestQueryClient",
    "match_query",
    "match_data",
    "ABSENT",
    "Mismatch",
    "Matcher",
    "UNSET",
    "UnmatchedRequestError",
    "UnmatchedRequestAbort",
    "UnusedMockError",
    "UnusedMockWarning",
    "LeakError",
]

_ROOMS = {
    "MockApiClient": ".client",
    "ResponseMock": ".responses",
    "Call": ".calls",
    "CallList": ".calls",
    "Answer": ".answers",
    "NEXT": ".bodies",
    "PASS": ".bodies",
    "SseEvent": ".sse",
    "Gate": ".gates",
    "Scenario": ".scenarios",
    "MakeTestQueryClient": ".query_client",
    "match_query": ".matchers",
    "match_data": ".matchers",
    "ABSENT": ".matchers",
    "Mismatch": ".matchers",
    "Matcher": ".matchers",
    "UNSET": "query.base.types",
    "UnmatchedRequestError": ".errors",
    "UnmatchedRequestAbort": ".errors",
    "UnusedMockError": ".errors",
    "UnusedMockWarning": ".errors",
    "LeakError": ".errors",
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
