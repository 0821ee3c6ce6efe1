"""API responses on the way from client to client: plain on the way, responses in the end."""

import json

import pytest

from query import (
    HydrationError,
    InfiniteData,
    MemoryStorage,
    QueryClient,
    create_query_persister,
    create_storage_persister,
    dehydrate,
    from_tanstack,
    hydrate,
    persist_query_client_restore,
    persist_query_client_save,
    to_tanstack,
)
from query.api import ApiResponse, ResponseHeaders, api_options, set_api_client

plain = api_options.as_(list[int])("/rows/", stale_time=60)
pages = api_options.as_infinite(list[int])("/rows/", stale_time=60)


@pytest.fixture
async def fetched(server, client):
    """A client that has fetched a response, and two pages of them."""
    server.answer = {"status_code": 200, "json": [1], "headers": {"Link": "<?page=2>; rel=next", "Set-Cookie": "sid=1"}}
    await client.query(plain)
    await client.infinite_query(pages.with_(pages=2))
    return client


@pytest.fixture
async def other():
    """A client that hydrates."""
    async with QueryClient() as other:
        yield other
        other.clear()


def check(client):
    response = client.get_query_data(plain.query_key)
    assert isinstance(response, ApiResponse)
    assert response.json == [1]
    assert [link.rel for link in response.headers.link] == [("next",)]
    data = client.get_query_data(pages.query_key)
    assert isinstance(data, InfiniteData)
    assert data.page_params == [None, "?page=2"]
    assert all(isinstance(page, ApiResponse) and page.headers["link"] for page in data.pages)


async def test_a_response_comes_back_from_json(fetched, other):
    """With its headers, alone and as pages; without the cookies, which were never in the cache."""
    text = json.dumps(dehydrate(fetched))
    assert "sid" not in text
    hydrate(other, json.loads(text))
    check(other)
    assert await other.query(plain) == [1]
    assert await other.infinite_query(pages) == InfiniteData([[1], [1]], [None, "?page=2"])


async def test_a_dehydrated_response_is_a_dict(fetched):
    """That anybody can read."""
    query = dehydrate(fetched)["queries"][0]
    assert query["data_type"] == "api_response"
    assert query["state"]["data"]["json"] == [1]
    assert query["state"]["data"]["headers"]["link"] == "<?page=2>; rel=next"


async def test_it_goes_through_the_form_of_tanstack(fetched, other):
    """That has no word for it, but leaves ours alone."""
    hydrate(other, from_tanstack(json.loads(json.dumps(to_tanstack(dehydrate(fetched))))))
    check(other)


async def test_a_persisted_client_has_responses(fetched, other):
    """As JSON in whatever storage."""
    persister = create_storage_persister(MemoryStorage())
    await persist_query_client_save(fetched, persister)
    await persist_query_client_restore(other, persister)
    check(other)


async def test_a_persisted_query_has_a_response(fetched, other, server):
    """It is restored instead of asking the server."""
    persister = create_query_persister(storage=MemoryStorage())
    for options in (plain, pages):
        await persister.persist_query_by_key(options.query_key, fetched)
    asked = len(server.requests)
    set_api_client(server.api_client(base_url="https://api.test"), query_client=other)
    assert await other.query(plain.with_(persister=persister.persister_fn)) == [1]
    assert (await other.infinite_query(pages.with_(persister=persister.persister_fn))).pages == [[1], [1]]
    check(other)
    assert len(server.requests) == asked


async def test_serialize_data_is_given_responses(fetched, other):
    """And what it makes of them is its own to read."""
    written = []

    def serialize(data):
        written.append(data)
        return data.json if isinstance(data, ApiResponse) else data

    state = dehydrate(fetched, serialize_data=serialize)
    assert [type(data) for data in written] == [ApiResponse, InfiniteData]
    assert [query.get("data_type") for query in state["queries"]] == [None, "api_response"]
    read = []
    hydrate(other, state, deserialize_data=lambda data: read.append(data) or data)
    assert read[0] == [1]
    assert isinstance(read[1].pages[0], ApiResponse)


async def test_a_fetch_under_way_brings_a_response(server, client, other):
    """It stays in the process, so it is handed on as it is."""
    handle = client.query(plain)
    hydrate(other, dehydrate(client, promises=True, should_dehydrate_query=lambda query: True))
    await handle
    assert await other.query(plain) == {"ok": True}
    assert isinstance(other.get_query_data(plain.query_key), ApiResponse)
    assert len(server.requests) == 1


@pytest.mark.parametrize("data", [[1], {"headers": {}}, {"json": 1, "headers": {"a": 5}}, {"json": 1, "headers": []}])
async def test_what_is_no_response_is_refused(fetched, other, data):
    """With its place, and nothing is taken in."""
    state = dehydrate(fetched)
    state["queries"][1]["state"]["data"]["pages"][0] = data
    with pytest.raises(HydrationError, match=r"queries\[1\]\.state\.data: it is no API response") as caught:
        hydrate(other, state)
    assert caught.value.place == "queries[1].state.data"
    assert other.get_query_cache().get_all() == []


async def test_headers_may_be_left_out(fetched, other):
    """By those who write a state by hand."""
    state = dehydrate(fetched)
    state["queries"][0]["state"]["data"] = {"json": [5]}
    hydrate(other, state)
    assert other.get_query_data(plain.query_key).headers == ResponseHeaders()


async def test_an_unknown_record_is_refused(fetched, other):
    """With what to import."""
    state = dehydrate(fetched)
    state["queries"][0]["data_type"] = "moon_rock"
    with pytest.raises(HydrationError, match=r"was a record 'moon_rock'.*for an ApiResponse that is query\.api"):
        hydrate(other, state)
