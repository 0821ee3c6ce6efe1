"""What the type checkers must refuse of infinite API options. Never run."""

from __future__ import annotations

from typing import TypedDict

from query import InfiniteData, InfiniteQueryObserver, QueryClient
from query.api import ApiResponse, api_options, cursor_in_body, link_pages, offset_pages, page_number, page_param


class Issue(TypedDict):
    id: int


make = api_options.as_infinite(list[Issue])
plain = api_options.as_(list[Issue])("/issues/", stale_time=30)
issues = make("/issues/", stale_time=30)

make("/issues/")  # error: call-arg | reportCallIssue
make("/issues/", stale_time=None)  # error: arg-type | reportArgumentType
make("/issues/", stale_time=0, pages=link_pages)  # error: arg-type | reportArgumentType
make("/issues/", stale_time=0, pages=2)  # error: arg-type | reportArgumentType
make("/issues/", stale_time=0, max_pages="3")  # error: arg-type | reportArgumentType
make("/issues/", stale_time=0, max_page=3)  # error: call-arg | reportCallIssue
offset_pages()  # error: call-arg | reportCallIssue
page_number(size="50")  # error: arg-type | reportArgumentType
cursor_in_body(5)  # error: arg-type | reportArgumentType
page_param(None, "prev")  # error: arg-type | reportArgumentType


def count(data: InfiniteData[ApiResponse[int]]) -> int:
    return len(data.pages)


async def using(client: QueryClient) -> None:
    client.infinite_query(plain)  # error: arg-type | reportArgumentType
    InfiniteQueryObserver(client, plain)  # error: arg-type | reportArgumentType
    issues.with_(select=count)  # error: arg-type | reportArgumentType
    client.set_query_data(issues.query_key, InfiniteData([[Issue(id=1)]], [None]))  # error: misc | reportArgumentType
    rows: list[Issue] = await client.infinite_query(issues)  # error: arg-type | reportAssignmentType
    print(rows, ApiResponse([1]).headers.hit)  # error: attr-defined | reportAttributeAccessIssue
