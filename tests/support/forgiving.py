"""A mock client that lets its block end well whatever was sent: for tests that look at the misses themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

from mockapi import MockApiClient


@contextmanager
def forgiving(client: MockApiClient) -> Iterator[MockApiClient]:
    """Like the client itself, but for its verdict at the end."""
    with client:
        yield client
        client.unmatched.clear()
