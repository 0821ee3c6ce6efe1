"""Clients of both libraries, which block or not, serve an API client. Type-checked, never run."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_type

import httpx
import httpx2

from query import MutationOptions, QueryOptions
from query.api import ApiClient, ApiQueryOptions, ApiRequest, api_options, api_retry, fetch_mutation, set_api_client
from query.sync import QueryClient

ApiClient(http=httpx.AsyncClient())
ApiClient(http=httpx.Client())
ApiClient(http=httpx2.AsyncClient(base_url="https://api.test"))
ApiClient(http=httpx2.Client())
ApiClient(base_url="https://api.test", headers={"X-Key": "1"}, auth=("user", "word"), trusted_hosts=["eu.test"])


retried = api_options.as_(list[int])("/x/", stale_time=0).with_(**api_retry(5, first=timedelta(seconds=2)))
assert_type(retried, ApiQueryOptions[list[int]])
QueryOptions(query_key=("x",), query_fn=lambda context: 1, **api_retry())
MutationOptions(mutation_fn=fetch_mutation("PUT", "/x/"), **api_retry(methods={"PUT"}))
text = api_options.as_(str)("/x.csv", parse="text", stale_time=0)


class OAuthClient(httpx.AsyncClient):
    token = ""


def configure(client: QueryClient) -> None:
    set_api_client(ApiClient(http=OAuthClient()), query_client=client)
    with ApiClient(library="httpx2") as api:
        api.send_sync(ApiRequest(url="/x/"))
