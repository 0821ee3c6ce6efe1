"""Clients of both libraries, which block or not, serve an API client. Type-checked, never run."""

from __future__ import annotations

import httpx
import httpx2

from query.api import ApiClient, ApiRequest, set_api_client
from query.sync import QueryClient

ApiClient(http=httpx.AsyncClient())
ApiClient(http=httpx.Client())
ApiClient(http=httpx2.AsyncClient(base_url="https://api.test"))
ApiClient(http=httpx2.Client())
ApiClient(base_url="https://api.test", headers={"X-Key": "1"}, auth=("user", "word"), trusted_hosts=["eu.test"])


class OAuthClient(httpx.AsyncClient):
    token = ""


def configure(client: QueryClient) -> None:
    set_api_client(ApiClient(http=OAuthClient()), query_client=client)
    with ApiClient(library="httpx2") as api:
        api.send_sync(ApiRequest(url="/x/"))
