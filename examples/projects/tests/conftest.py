"""What the tests of the user interfaces share."""

from __future__ import annotations

import pytest
from mockapi import MakeTestQueryClient
from query import QueryClient


@pytest.fixture
def query_client(make_test_query_client: MakeTestQueryClient) -> QueryClient:
    """The client of the test."""
    return make_test_query_client()
