"""Assertions about a query client, whose failures show the whole state: ``expect_query`` and ``assert_no_leaks``."""

from __future__ import annotations

from .leaks import ClientLeakError, assert_no_leaks
from .query_expectation import QueryExpectation, QueryExpectationError, expect_query

__all__ = ["expect_query", "QueryExpectation", "QueryExpectationError", "assert_no_leaks", "ClientLeakError"]
