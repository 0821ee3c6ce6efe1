"""Clients of both libraries, which block or not, serve an API client. Type-checked, never run."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, TypedDict, assert_type

import httpx
import httpx2

from query import MutationOptions, QueryFunctionContext, QueryOptions, query_options
from query.api import (
    ApiClient,
    ApiQueryOptions,
    ApiRequest,
    ApiResponse,
    BatchContext,
    ConcurrencyLimit,
    api_download,
    api_download_sync,
    api_options,
    api_retry,
    batch_requests,
    call_api,
    fetch_mutation,
    host_of_call,
    limit_concurrency,
    set_api_client,
)
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


class User(TypedDict):
    id: int


async def load_users(ids: tuple[int, ...], context: BatchContext) -> dict[int, User]:
    answer = await call_api(ApiRequest(url="/users/"), context.client, type_=list[User], validate="raise")
    assert_type(answer, ApiResponse[list[User]])
    return {user["id"]: user for user in answer.json}


def id_of(context: QueryFunctionContext[Any]) -> int:
    found: int = context.query_key[1]
    return found


fetch_user = batch_requests(load_users, id_of=id_of, max_size=50, max_wait=0.01)
user = query_options(query_key=("user", 5), query_fn=fetch_user)
assert_type(user, QueryOptions[User, User])
limited = query_options(query_key=("user", 5), query_fn=limit_concurrency(fetch_user, 4))
assert_type(limited, QueryOptions[User, User])
limit = ConcurrencyLimit(4, per=host_of_call)


@limit
async def load_one(context: QueryFunctionContext[User]) -> User:
    return {"id": 1}


assert_type(query_options(query_key=("user", 5), query_fn=load_one), QueryOptions[User, User])
checked = api_options.as_(list[User])("/users/", validate="raise", stale_time=0)
assert_type(checked, ApiQueryOptions[list[User]])
MutationOptions(mutation_fn=fetch_mutation.as_(User, validate="warn")("POST", "/users/"))


async def files(path: Path) -> None:
    assert_type(await api_download("/x", path), Path)
    assert_type(await api_download(ApiRequest(url="/x")), bytes)
    assert_type(api_download_sync("/x", "x"), Path)
    ApiRequest(url="/x", form={"a": 1}, files={"f": path, "g": [b"1", ("n", b"2", "text/plain")]})
    ApiRequest(url="/x", content=path)
