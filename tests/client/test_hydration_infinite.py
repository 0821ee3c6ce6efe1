"""Infinite queries from client to client: pages stay pages."""

from __future__ import annotations

import pytest
from hydration_fixtures import always

from query import (
    UNSET,
    HydrationError,
    InfiniteData,
    InfiniteQueryOptions,
    QueryOptions,
    RedactedError,
    dehydrate,
    dehydrate_query,
    hydrate,
)


@pytest.fixture
def options(key, clock):
    """Makes the options of an infinite query whose pages tell their numbers."""

    async def fetch_page(context):
        await clock.sleep(10)
        return {"items": [f"item {context.page_param}"], "next": context.page_param + 1}

    return lambda **more: InfiniteQueryOptions(
        **{
            "query_key": key,
            "query_fn": fetch_page,
            "initial_page_param": 0,
            "get_next_page_param": lambda page, *_: page["next"],
            **more,
        }
    )


@pytest.fixture
def fetched(there, options, clock):
    """Fetches some pages there."""

    async def fetched(pages):
        there.prefetch_infinite_query(options(pages=pages))
        await clock.advance(10 * pages)
        return there.get_query_cache().get_all()[0]

    return fetched


def pages(*numbers):
    """The data of these pages."""
    return InfiniteData([{"items": [f"item {n}"], "next": n + 1} for n in numbers], list(numbers))


@pytest.mark.parity("QC-hydration-037", "QC-hydration-039")
async def test_an_infinite_query_is_one_after_the_way(fetched, sent, client, key):
    """Its pages are a dict on the way and pages in the end."""
    await fetched(1)
    state = sent()
    assert state["queries"][0]["query_type"] == "infinite"
    assert state["queries"][0]["state"]["data"] == {"pages": pages(0).pages, "page_params": [0]}
    hydrate(client, state)
    restored = client.get_query_cache().find(query_key=key)
    assert (restored.query_type, restored.state.data) == ("infinite", pages(0))


async def test_what_restored_queries_inherit_may_tell_how_to_page(fetched, sent, client, key, options, clock):
    """Then they can be refetched before anybody asks for them."""
    await fetched(2)
    how = options(query_key=UNSET)
    hydrate(client, sent(), queries=how)
    client.refetch_queries(key)
    await clock.advance(20)
    state = client.get_query_state(key)
    assert (state.data, state.error, state.data_update_count) == (pages(0, 1), None, 2)


@pytest.mark.parity("QC-hydration-038", "QC-hydration-040", "QC-hydration-042")
@pytest.mark.parametrize("count", [1, 2])
async def test_a_refetch_fetches_the_restored_pages_again(fetched, sent, client, options, clock, count):
    """As many as there were."""
    await fetched(count)
    hydrate(client, sent())
    handle = client.fetch_infinite_query(options())
    await clock.advance(10 * count)
    assert await handle == pages(*range(count))


@pytest.mark.parity("QC-hydration-041")
async def test_later_options_do_not_make_it_an_ordinary_query(fetched, sent, client, key):
    """What it is stays."""
    await fetched(1)
    hydrate(client, sent())
    restored = client.get_query_cache().find(query_key=key)
    restored.set_options(QueryOptions(query_key=key))
    assert restored.query_type == "infinite"


async def test_pages_that_were_written_by_hand_are_pages_too(there, sent, client, key):
    """Though nobody has said yet how to fetch them."""
    there.set_query_data(key, pages(0, 1))
    hydrate(client, sent())
    assert client.get_query_data(key) == pages(0, 1)


async def test_callbacks_see_pages_on_both_sides(fetched, sent, client, key):
    """Each page may be made plain and read again by itself."""
    await fetched(2)

    def each(function):
        return lambda data: InfiniteData([function(page) for page in data.pages], data.page_params)

    state = sent(serialize_data=each(lambda page: page["items"]))
    assert state["queries"][0]["state"]["data"] == {"pages": [["item 0"], ["item 1"]], "page_params": [0, 1]}
    hydrate(client, state, deserialize_data=each(tuple))
    assert client.get_query_data(key) == InfiniteData([("item 0",), ("item 1",)], [0, 1])


async def test_a_callback_may_write_pages_in_its_own_way(fetched, sent, client, key):
    """And give them back as a dict."""
    await fetched(1)
    state = sent(serialize_data=lambda data: [data.pages, data.page_params])
    hydrate(client, state, deserialize_data=lambda pair: {"pages": pair[0], "page_params": pair[1]})
    assert client.get_query_data(key) == pages(0)


@pytest.mark.parametrize("data", [None, "text", {"pages": 1}, {"pages": [], "more": 1}], ids=repr)
async def test_data_that_is_no_pages_is_left_alone(fetched, sent, client, key, data):
    """Whoever wrote it there may know why."""
    await fetched(1)
    state = sent()
    state["queries"][0]["state"]["data"] = data
    hydrate(client, state)
    assert client.get_query_data(key) == data


async def test_pages_without_params_are_refused(fetched, sent, client):
    """Nobody could fetch them again."""
    await fetched(2)
    state = sent()
    state["queries"][0]["state"]["data"]["page_params"].pop()
    with pytest.raises(HydrationError, match=r"queries\[0\].state.data: InfiniteData has 2 pages, but 1 page_params"):
        hydrate(client, state)


async def test_a_fetch_of_pages_is_handed_over(there, client, options, key, clock):
    """And joined like any other."""
    there.prefetch_infinite_query(options())
    hydrate(client, dehydrate(there, should_dehydrate_query=always, promises=True))
    await clock.advance(10)
    assert client.get_query_data(key) == pages(0)


async def test_a_fetch_of_pages_that_fails_is_tried_again_and_fails_the_same(there, client, options, key, clock):
    """Nobody here knows how to fetch a page."""

    async def fail(_):
        await clock.sleep(10)
        raise OSError("boom")

    there.prefetch_infinite_query(options().with_(query_fn=fail))
    plain = dehydrate_query(there.get_query_cache().get_all()[0], promises=True)
    hydrate(client, {"queries": [plain]}, queries=QueryOptions(retry=1, retry_delay=1))
    await clock.advance(11)
    state = client.get_query_state(key)
    assert (state.fetch_failure_count, type(state.error)) == (2, RedactedError)
