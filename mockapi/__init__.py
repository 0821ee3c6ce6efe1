"""A mock for HTTP APIs in pytest, for httpx and httpx2 alike. Loads nothing until it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from query.base.types import UNSET

    from .answers import Answer
    from .bodies import EXAMPLE, NEXT, PASS
    from .body_matchers import match_content, match_data
    from .calls import Call, CallList
    from .client import MockApiClient
    from .clock.errors import EndlessTimersError, RealTimeError, TimeStandsStillError, UnsupportedLoopError
    from .clock.virtual_clock import VirtualClock
    from .errors import (
        LeakError,
        UnmatchedRequestAbort,
        UnmatchedRequestError,
        UnusedMockError,
        UnusedMockWarning,
    )
    from .expecting.leaks import ClientLeakError, assert_no_leaks
    from .expecting.query_expectation import QueryExpectation, QueryExpectationError, expect_query
    from .file_matcher import match_files
    from .forms import SentFile
    from .gates import Gate
    from .header_matchers import match_cookies, match_headers
    from .invariants.checking import check_invariants
    from .invariants.table import BrokenInvariant, InvariantError
    from .invariants.watch import InvariantWatch
    from .matchers import ABSENT, Matcher, Mismatch
    from .openapi.coverage import Coverage
    from .openapi.description import Description, load_description
    from .openapi.errors import (
        AnswerContractError,
        DescriptionError,
        ExampleError,
        MissingExtraError,
        MockContractError,
        RequestContractError,
    )
    from .query_client import MakeTestQueryClient
    from .responses import ResponseMock
    from .scenarios import Scenario
    from .schema_matcher import match_schema
    from .sse import SseEvent
    from .text_matchers import match_form, match_query

__all__ = [
    "MockApiClient",
    "ResponseMock",
    "Call",
    "CallList",
    "Answer",
    "NEXT",
    "PASS",
    "EXAMPLE",
    "SseEvent",
    "Gate",
    "Scenario",
    "MakeTestQueryClient",
    "check_invariants",
    "InvariantWatch",
    "expect_query",
    "assert_no_leaks",
    "QueryExpectation",
    "QueryExpectationError",
    "ClientLeakError",
    "InvariantError",
    "BrokenInvariant",
    "VirtualClock",
    "match_query",
    "match_data",
    "match_headers",
    "match_cookies",
    "match_form",
    "match_files",
    "match_content",
    "match_schema",
    "ABSENT",
    "Mismatch",
    "Matcher",
    "SentFile",
    "UNSET",
    "UnmatchedRequestError",
    "UnmatchedRequestAbort",
    "UnusedMockError",
    "UnusedMockWarning",
    "LeakError",
    "TimeStandsStillError",
    "EndlessTimersError",
    "RealTimeError",
    "UnsupportedLoopError",
    "load_description",
    "Description",
    "Coverage",
    "DescriptionError",
    "MockContractError",
    "RequestContractError",
    "AnswerContractError",
    "ExampleError",
    "MissingExtraError",
]

_ROOMS = {
    "MockApiClient": ".client",
    "ResponseMock": ".responses",
    "Call": ".calls",
    "CallList": ".calls",
    "Answer": ".answers",
    "NEXT": ".bodies",
    "PASS": ".bodies",
    "EXAMPLE": ".bodies",
    "SseEvent": ".sse",
    "Gate": ".gates",
    "Scenario": ".scenarios",
    "MakeTestQueryClient": ".query_client",
    "check_invariants": ".invariants.checking",
    "InvariantWatch": ".invariants.watch",
    "expect_query": ".expecting.query_expectation",
    "assert_no_leaks": ".expecting.leaks",
    "QueryExpectation": ".expecting.query_expectation",
    "QueryExpectationError": ".expecting.query_expectation",
    "ClientLeakError": ".expecting.leaks",
    "InvariantError": ".invariants.table",
    "BrokenInvariant": ".invariants.table",
    "VirtualClock": ".clock.virtual_clock",
    "match_query": ".text_matchers",
    "match_data": ".body_matchers",
    "match_headers": ".header_matchers",
    "match_cookies": ".header_matchers",
    "match_form": ".text_matchers",
    "match_files": ".file_matcher",
    "match_content": ".body_matchers",
    "match_schema": ".schema_matcher",
    "ABSENT": ".matchers",
    "Mismatch": ".matchers",
    "Matcher": ".matchers",
    "SentFile": ".forms",
    "UNSET": "query.base.types",
    "UnmatchedRequestError": ".errors",
    "UnmatchedRequestAbort": ".errors",
    "UnusedMockError": ".errors",
    "UnusedMockWarning": ".errors",
    "LeakError": ".errors",
    "TimeStandsStillError": ".clock.errors",
    "EndlessTimersError": ".clock.errors",
    "RealTimeError": ".clock.errors",
    "UnsupportedLoopError": ".clock.errors",
    "load_description": ".openapi.description",
    "Description": ".openapi.description",
    "Coverage": ".openapi.coverage",
    "DescriptionError": ".openapi.errors",
    "MockContractError": ".openapi.errors",
    "RequestContractError": ".openapi.errors",
    "AnswerContractError": ".openapi.errors",
    "ExampleError": ".openapi.errors",
    "MissingExtraError": ".openapi.errors",
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
