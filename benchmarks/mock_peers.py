"""Mock libraries with some mocks each, for measuring what a request costs them."""

from __future__ import annotations

import importlib
import re
from typing import Any

import httpx
import pytest
import pytest_httpx2  # noqa: F401 - makes using="httpcore2" known to respx
import responses
import respx
from pytest_httpx._httpx_mock import HTTPXMock
from pytest_httpx._options import _HTTPXMockOptions

from mockapi import MockApiClient, match_query
from mockapi.interception import release

HOST = "https://api.test"
BODY = {"id": 1, "name": "Apollo"}
# it has no types of its own
REQUESTS: Any = importlib.import_module("requests")
KINDS = ("exact", "template", "regex", "query")


class Peer:
    """One mock library with its mocks: started around each measurement, since they get in each other's way.

    Args:
        kind: One of ``KINDS``.
        size: How many mocks.
    """

    def __init__(self, kind: str, size: int) -> None:
        self.kind = kind
        self.size = size

    def url(self, number: int) -> str:
        """What to ask for, to be answered by the mock of that number.

        Args:
            number: From 0.
        """
        last = self.size - 1
        return {
            "exact": f"{HOST}/items/{number}",
            "template": f"{HOST}/k{number}/z",
            "regex": f"{HOST}/k{number}/z",
            "query": f"{HOST}/items/{last}?q={number}",
        }[self.kind]

    @property
    def target(self) -> str:
        """What to ask for, to be answered by the mock that is looked at last."""
        return self.url(self.size - 1)

    def start(self) -> None:
        """Answer requests."""

    def stop(self) -> None:
        """Answer no more, and forget what was asked."""


class Ours(Peer):
    """``MockApiClient``."""

    def __init__(self, kind: str, size: int) -> None:
        super().__init__(kind, size)
        self.client = MockApiClient()
        for number in range(size):
            url: Any = {
                "exact": f"{HOST}/items/{number}",
                "template": f"{HOST}/k{number}/{{name}}",
                "regex": re.compile(rf"https://api\.test/k{number}/([^/]+)"),
                "query": f"{HOST}/items/{size - 1}",
            }[kind]
            match = [match_query({"q": number})] if kind == "query" else []
            self.client.add_mock_response(url, body=BODY, match=match)

    @property
    def target(self) -> str:
        """The oldest: the newest mock comes first."""
        return self.url(0)

    def start(self) -> None:
        self.client.start()

    def stop(self) -> None:
        self.client.stop()
        self.client.reset_calls()
        # the others are not to pay for our handler
        release()


class Respx(Peer):
    """respx.

    Args:
        kind: One of ``KINDS``.
        size: How many routes.
        using: At which place it mocks.
    """

    def __init__(self, kind: str, size: int, using: str) -> None:
        super().__init__(kind, size)
        self.router: Any = respx.mock(using=using, assert_all_called=False)
        for number in range(size):
            if kind == "exact":
                route = self.router.get(f"{HOST}/items/{number}")
            elif kind == "query":
                route = self.router.get(f"{HOST}/items/{size - 1}", params={"q": number})
            else:
                route = self.router.get(url__regex=rf"^https://api\.test/k{number}/([^/]+)$")
            route.respond(json=BODY)

    def start(self) -> None:
        self.router.start()

    def stop(self) -> None:
        self.router.stop(quiet=True, reset=False)
        self.router.calls.clear()
        for route in self.router.routes:
            route.calls.clear()


class PytestHttpx(Peer):
    """pytest-httpx, patched in as its fixture does it."""

    def __init__(self, kind: str, size: int) -> None:
        super().__init__(kind, size)
        self.mock = HTTPXMock(_HTTPXMockOptions(can_send_already_matched_responses=True))
        self.patch = pytest.MonkeyPatch()
        for number in range(size):
            url: Any = {
                "exact": f"{HOST}/items/{number}",
                "query": f"{HOST}/items/{size - 1}?q={number}",
            }.get(kind) or re.compile(rf"^https://api\.test/k{number}/([^/]+)$")
            self.mock.add_response(url=url, method="GET", json=BODY)

    def start(self) -> None:
        def handle(transport: Any, request: Any) -> Any:
            return self.mock._handle_request(transport, request)

        self.patch.setattr(httpx.HTTPTransport, "handle_request", handle)

    def stop(self) -> None:
        self.patch.undo()
        self.mock._requests.clear()


class Responses(Peer):
    """responses, which mocks requests."""

    def __init__(self, kind: str, size: int) -> None:
        super().__init__(kind, size)
        self.mock = responses.RequestsMock(assert_all_requests_are_fired=False)
        for number in range(size):
            url: Any = {
                "exact": f"{HOST}/items/{number}",
                "query": f"{HOST}/items/{size - 1}",
            }.get(kind) or re.compile(rf"^https://api\.test/k{number}/([^/]+)$")
            match: Any = [responses.matchers.query_param_matcher({"q": number})] if kind == "query" else ()
            self.mock.add(responses.GET, url, json=BODY, match=match)

    def start(self) -> None:
        self.mock.start()

    def stop(self) -> None:
        self.mock.stop(allow_assert=False)
        self.mock.calls.reset()
