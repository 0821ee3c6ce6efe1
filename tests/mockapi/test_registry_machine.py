"""Whatever is added, removed and used up: the index finds what a scan from the newest to the oldest finds.

The scan reads the texts of the registrations by itself: it shares nothing with the index. As a program, with a number
of steps, it runs at least that many and prints how many they were.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any
from unittest.mock import ANY
from urllib.parse import parse_qs, unquote

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from mockapi import ABSENT, MockApiClient, ResponseMock, match_headers, match_query
from mockapi.requests import RequestView

URLS = [
    "/a",
    "/a/",
    "/a/b/",
    "/a/b%2Fc/",
    "/a b/",
    "/$x/",
    "/a/{x}/",
    "/a/$y/",
    "/$x/b/",
    "/$x/$y/",
    "/{x}-{y}/",
    "/a/v{x}/",
    "/*",
    "/*/b/",
    "/a/*/",
    "/**",
    "/a/**",
    "/{x}/**",
    "/a/b/**",
    "https://h.test/a/",
    "https://h.test/$x/",
    "https://h.test/a/**",
    "/a/?q=1",
    "/a/$x/?q=1&r=2",
    re.compile("/a/.*"),
    re.compile(".*/b/"),
    re.compile(r"https://h\.test/a(/.*)?"),
    re.compile("/(?P<x>[ab])/?"),
    re.compile("/A/.*", re.IGNORECASE),
]
PATHS = [
    "/",
    "/a",
    "/a/",
    "/a/b",
    "/a/b/",
    "/a/b%2Fc/",
    "/a/v1/",
    "/a%20b/",
    "/a-b/",
    "/z/b/",
    "/z/z/",
    "/a/b/c/d",
    "//b/",
]
QUERIES: list[Any] = [
    None,
    {"q": 1},
    {"q": "1", "r": 2},
    {"r": 2},
    {"q": [1, 2]},
    {"q": ANY},
    {"q": ABSENT},
    {"s": ABSENT, "r": 2},
]
SENT = ["", "?q=1", "?q=2", "?r=2&q=1", "?q=1&r=2&s=3", "?q=1&q=2", "?r=2", "?q=%31"]


@dataclass
class Registration:
    """A registration as it was written, and what is left of it."""

    mock: ResponseMock
    url: str | re.Pattern[str]
    methods: list[str] | str
    query: dict[str, Any] | None
    tenant: str | None
    left: float


def place(path: str) -> str:
    """A path decoded, a slash in a segment being told from one between two."""
    return "/".join(unquote(segment).replace("/", "\0") for segment in path.split("/"))


def means(url: str | re.Pattern[str], request: httpx.Request) -> bool:
    """Whether a URL as it is written means a request."""
    if isinstance(url, re.Pattern):
        return bool(url.fullmatch(str(request.url)) or url.fullmatch(request.url.path))
    url, _, query = url.partition("?")
    if query and parse_qs(query) != parse_qs(request.url.query.decode()):
        return False
    if "://" in url:
        url = url.removeprefix("https://h.test")
        if request.url.host != "h.test" or request.url.scheme != "https":
            return False
    kinds = {"**": "(?s:.*)", "*": "[^/]+"}
    parts = re.split(r"(\*\*|\*|\$\w+|\{\w+\})", place(url))
    written = "".join(kinds.get(part, "[^/]+") if i % 2 else re.escape(part) for i, part in enumerate(parts))
    return re.fullmatch(written, place(request.url.raw_path.decode().partition("?")[0])) is not None


def wants(query: dict[str, Any], request: httpx.Request) -> bool:
    """Whether a request has a query."""
    sent = parse_qs(request.url.query.decode())
    return all(
        name not in sent
        if value is ABSENT
        else name in sent
        and (value is ANY or sent[name] == [str(v) for v in (value if isinstance(value, list) else [value])])
        for name, value in query.items()
    )


class IndexEqualsScan(RuleBasedStateMachine):
    """A client and the list of what was registered with it."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.client = MockApiClient()
        self.model: list[Registration] = []
        self.urls = URLS
        self.paths = PATHS

    def register(self, url, methods, query, tenant, times):
        match = [] if query is None else [match_query(query)]
        match += [] if tenant is None else [match_headers({"X-Tenant": tenant})]
        mock = self.client.add_mock_response(url, method=methods, match=match, times=times)
        self.model.append(Registration(mock, url, methods, query, tenant, times or float("inf")))

    @initialize(urls=st.lists(st.sampled_from(URLS), min_size=1, max_size=5))
    def choose(self, urls):
        """Few, so that they get in each other's way."""
        self.urls = urls
        self.paths = [
            path
            for path in PATHS
            if any(means(url, httpx.Request("GET", f"https://h.test{path}?q=1&r=2")) for url in urls)
        ] or PATHS

    @rule(
        data=st.data(),
        methods=st.sampled_from([["GET"], ["GET", "POST"], ["POST"], "*"]),
        query=st.sampled_from(QUERIES),
        tenant=st.sampled_from([None, None, "a"]),
        times=st.sampled_from([None, None, 1, 2]),
    )
    def add(self, data, methods, query, tenant, times):
        IndexEqualsScan.steps += 1
        self.register(data.draw(st.sampled_from(self.urls)), methods, query, tenant, times)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def add_again(self, data):
        """The same once more, as a test does that changes an answer."""
        IndexEqualsScan.steps += 1
        old = data.draw(st.sampled_from(self.model))
        self.register(old.url, old.methods, old.query, old.tenant, None)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data):
        IndexEqualsScan.steps += 1
        gone = data.draw(st.sampled_from(self.model))
        gone.mock.remove()
        gone.mock.remove()
        self.model.remove(gone)

    @precondition(lambda self: len(self.model) > 6)
    @rule()
    def clear(self):
        IndexEqualsScan.steps += 1
        self.client.clear_mock_responses()
        self.model.clear()

    @precondition(lambda self: len(self.model) > 6)
    @rule(data=st.data())
    def keep_only(self, data):
        """Back to those registered first: what a scope does when it ends."""
        IndexEqualsScan.steps += 1
        del self.model[data.draw(st.integers(0, len(self.model))) :]
        self.client.keep_only([entry.mock for entry in self.model])
        for entry in self.model:
            entry.left = entry.mock.times or float("inf")

    @rule(
        host=st.sampled_from(["https://h.test", "https://h.test", "http://h.test", "https://other.test"]),
        data=st.data(),
        query=st.sampled_from(SENT),
        method=st.sampled_from(["GET", "GET", "GET", "POST", "PUT"]),
        tenant=st.sampled_from([None, "a", "b"]),
        count=st.sampled_from([1, 1, 2]),
    )
    def send(self, host, data, query, method, tenant, count):
        IndexEqualsScan.steps += 1
        path = data.draw(st.sampled_from(self.paths) | st.sampled_from(PATHS))
        request = httpx.Request(method, host + path + query, headers={} if tenant is None else {"X-Tenant": tenant})
        for _ in range(count):
            expected = self.scan(request)
            would = self.client._registry.would_find(RequestView(request, "httpx"))
            assert would is (expected and expected.mock)
            found = self.client._registry.find(RequestView(request, "httpx"))
            assert (found and found[0]) is (expected and expected.mock)
            if expected is not None:
                expected.left -= 1

    def scan(self, request: httpx.Request) -> Registration | None:
        for entry in reversed(self.model):
            if (
                entry.left
                and (request.method in entry.methods or entry.methods == "*")
                and means(entry.url, request)
                and (entry.query is None or wants(entry.query, request))
                and (entry.tenant is None or request.headers.get("x-tenant") == entry.tenant)
            ):
                return entry
        return None


IndexEqualsScan.TestCase.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
TestIndexEqualsScan = IndexEqualsScan.TestCase


def main(least: int) -> None:
    """Run at least so many steps."""
    runs = settings(
        max_examples=100, stateful_step_count=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    while IndexEqualsScan.steps < least:
        run_state_machine_as_test(IndexEqualsScan, settings=runs)
    print(f"{IndexEqualsScan.steps} steps, no difference between the index and the scan")


if __name__ == "__main__":
    main(int(sys.argv[1]))
