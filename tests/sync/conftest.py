"""A sync client of its own for each test, and functions that block."""

import pytest
from thread_fixtures import gate, make_client, no_thread_left, others, sync_client

__all__ = ["gate", "make_client", "no_thread_left", "others", "sync_client"]


@pytest.fixture
def client(sync_client):
    """A client, mounted."""
    return sync_client
