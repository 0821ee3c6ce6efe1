"""The client as users hold it: the client floor's, and what on it needs an observer or another thread."""

from __future__ import annotations

from .client.query_client import QueryClient as CoreClient


class QueryClient(CoreClient):  # noqa: D101 - the floor below has the text
    __doc__ = CoreClient.__doc__
