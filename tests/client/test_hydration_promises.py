"""Fetches under way that are handed from client to client within one event loop."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest
from client_fixtures import changes
from hydration_fixtures import always

from query import (
    UNSET,
    DefaultOptions,
    DehydrateOptions,
    HydrateOptions,
    HydrationError,
    LoopError,
    QueryClient,
    QueryOptions,
    RedactedError,
    dehydrate,
    dehydrate_query,
    hydrate,
)

WITH_PROMISES = DehydrateOptions(should_dehydrate_query=always, promises=True)


@pytest.fixture
def handed(there):
    """What the client ``there`` hands over, fetches under way included."""
    return lambda **options: dehydrate(there, WITH_PROMISES, **options)


@pytest.fixture
def fetching(there, key, answering):
    """Starts the first fetch of ``key`` there; returns its query."""

    def fetching(answer, after=10):
        there.prefetch_query(QueryOptions(query_key=key, query_fn=answering(answer, after=after)))
        return there.get_query_cache().find(query_key=key)

    return fetching


@pytest.mark.parity("QC-hydration-025")
async def test_only_waiting_queries_carry_a_fetch(there, fetching, handed):
    """And only if they are asked to: JSON has no word for it."""
    there.set_query_data(["settled"], 1)
    fetching("data")
    settled, waiting = handed()["queries"]
    assert "promise" not in settled
    assert waiting["promise"].done() is False
    assert "promise" not in handed(promises=False)["queries"][1]


async def test_a_waiting_query_without_a_fetch_carries_none(there, build, key, handed):
    """A disabled one, say."""
    there.get_query_cache().build(there, QueryOptions(query_key=key))
    assert "promise" not in handed()["queries"][0]


@pytest.mark.parity("QC-hydration-026")
async def test_a_fetch_that_was_handed_over_needs_no_observer(fetching, handed, client, key, clock):
    """The query shows it at once, and has its data when the other one has."""
    fetching("data")
    hydrate(client, handed())
    state = client.get_query_state(key)
    assert (state.status, state.fetch_status, state.data) == ("pending", "fetching", UNSET)
    await clock.advance(10)
    state = client.get_query_state(key)
    assert (state.status, state.fetch_status, state.data) == ("success", "idle", "data")
    assert (state.data_update_count, state.data_updated_at) == (1, clock.time())


@pytest.mark.parity("QC-hydration-027", "QC-hydration-032")
async def test_the_callbacks_see_the_data_of_a_fetch_once(there, fetching, handed, client, key, clock):
    """Each fetch that is streamed in replaces the data of the one before."""
    calls = []
    serialize = {"serialize_data": lambda data: calls.append(data) or str(data)}
    client.set_default_options(
        DefaultOptions(hydrate=HydrateOptions(deserialize_data=lambda text: calls.append(text) or int(text)))
    )
    for number in (1, 2):
        fetching(number)
        hydrate(client, handed(**serialize))
        await clock.advance(10)
        assert client.get_query_data(key) == number
        there.clear()
        await clock.advance(1)
    assert calls == [1, "1", 2, "2"]


@pytest.mark.parity("QC-hydration-030")
async def test_a_fetch_newer_than_the_data_replaces_it(fetching, handed, client, key, clock):
    """Once it is done; until then the old data is shown."""
    fetching("new")
    client.set_query_data(key, "old", updated_at=10)
    hydrate(client, handed())
    assert (client.get_query_data(key), client.get_query_state(key).fetch_status) == ("old", "fetching")
    await clock.advance(10)
    assert client.get_query_data(key) == "new"


@pytest.mark.parity("QC-hydration-031")
@pytest.mark.parametrize("settles_after", [10, 10_000])
async def test_a_fetch_older_than_the_data_is_left_alone(fetching, handed, client, key, clock, states, settles_after):
    """Whether it is done or not, and nothing is ever shown of it."""
    fetching("old", after=settles_after)
    state = handed()
    await clock.advance(1000)
    client.set_query_data(key, "new")
    states.clear()
    hydrate(client, state)
    await clock.settle()
    assert (client.get_query_data(key), states) == ("new", [])


async def test_a_query_that_fetches_itself_does_not_take_the_fetch(fetching, handed, client, key, answering, clock):
    """Its own function has been called already."""
    fetching("theirs")
    state = handed()
    client.prefetch_query(QueryOptions(query_key=key, query_fn=answering("ours", after=20)))
    hydrate(client, state)
    await clock.advance(10)
    assert client.get_query_data(key) is None
    await clock.advance(10)
    assert client.get_query_data(key) == "ours"


@pytest.mark.parity("QC-hydration-036", "QC-hydration-044", "QC-hydration-046")
async def test_a_fetch_that_is_done_by_now_fills_a_new_query_at_once(fetching, handed, client, key, clock, states):
    """It is never shown as fetching or pending, and dated from when it was handed over."""
    fetching("data")
    state, handed_over = handed(), clock.time()
    await clock.advance(10)
    hydrate(client, state)
    assert client.get_query_data(key) == "data"
    assert client.get_query_state(key).data_updated_at == handed_over
    await clock.settle()
    assert states == []


@pytest.mark.parity("QC-hydration-045", "QC-hydration-047")
async def test_a_fetch_that_is_done_by_now_fills_an_old_query_at_once(fetching, handed, client, key, clock, states):
    """In one step, without fetching or pending."""
    fetching("data")
    state, handed_over = handed(), clock.time()
    await clock.advance(10)
    client.set_query_data(key, "old", updated_at=0)
    states.clear()
    hydrate(client, state)
    await clock.settle()
    assert [(s.status, s.fetch_status, s.data, s.data_updated_at) for s in states] == [
        ("success", "idle", "data", handed_over)
    ]


@pytest.mark.parity("QC-hydration-043")
async def test_a_fetch_that_is_done_by_now_answers_a_waiting_query(fetching, handed, client, key, answering, clock):
    """Its own fetch goes on."""
    fetching("data")
    state = handed()
    await clock.advance(10)
    client.prefetch_query(QueryOptions(query_key=key, query_fn=answering("own", after=5)))
    hydrate(client, state)
    assert changes([client.get_query_state(key)]) == [("success", "fetching")]
    assert client.get_query_data(key) == "data"
    await clock.advance(5)
    assert client.get_query_data(key) == "own"


async def test_a_waiting_query_that_has_paused_is_idle_with_the_data(fetching, handed, client, key, online, clock):
    """Upstream does the same: only a running fetch is left to show."""
    fetching("data")
    state = handed()
    await clock.advance(10)
    client.get_query_cache().build(client, QueryOptions(query_key=key)).set_state(fetch_status="paused")
    hydrate(client, state)
    assert changes([client.get_query_state(key)]) == [("success", "idle")]


# -- failures


@pytest.mark.parity("QC-hydration-003", "QC-hydration-033")
@pytest.mark.parametrize("of_the_client", [False, True])
async def test_an_error_may_be_told(there, fetching, handed, clock, of_the_client):
    """If the predicate says False, as an option of the call or as a default of the client."""
    error, asked = OSError("boom"), []
    options = {"should_redact_errors": lambda error: asked.append(error) is not None}
    if of_the_client:
        there.set_default_options(DefaultOptions(dehydrate=DehydrateOptions(**options)))
        fetching(error)
        plain = handed()["queries"][0]
    else:
        plain = dehydrate_query(fetching(error), promises=True, **options)
    await clock.advance(10)
    assert plain["promise"].exception() is error
    assert asked == [error]


@pytest.mark.parity("QC-hydration-034", "QC-hydration-035")
@pytest.mark.parametrize("options", [{}, {"should_redact_errors": always}], ids=["default", "asked"])
async def test_an_error_is_kept_back(fetching, handed, clock, caplog, key, options):
    """Whoever hydrates it learns that it failed; the log here says why."""
    query = fetching(OSError("secret"))
    promise = handed(**options)["queries"][0]["promise"]
    with caplog.at_level(logging.WARNING, logger="query"):
        await clock.advance(10)
    assert isinstance(promise.exception(), RedactedError)
    assert str(promise.exception()) == "redacted"
    assert f"the fetch of query {query.query_hash}" in caplog.text
    assert "OSError('secret')" in caplog.text


async def test_a_fetch_that_failed_is_tried_again_and_fails_the_same(fetching, handed, client, key, clock, caplog):
    """Nobody here knows how to fetch it."""
    fetching(OSError("boom"))
    hydrate(client, handed(), queries=QueryOptions(retry=2, retry_delay=1))
    await clock.advance(11)
    assert client.get_query_state(key).fetch_failure_count == 2
    await clock.advance(1)
    state = client.get_query_state(key)
    assert (state.status, state.fetch_failure_count, type(state.error)) == ("error", 3, RedactedError)


async def test_a_fetch_that_failed_is_tried_again_with_the_function_of_an_observer(
    fetching, handed, client, key, clock, observe, watch, answering, caplog
):
    """It has come to know how."""
    fetching(OSError("boom"))
    hydrate(client, handed(), queries=QueryOptions(retry_delay=1))
    watch(observe(query_fn=answering("again"), retry_delay=1))
    await clock.advance(11)
    assert client.get_query_data(key) == "again"


async def test_nobody_complains_of_a_failure_that_nobody_looked_at(there, fetching, handed, clock, reported, caplog):
    """Neither asyncio nor the loop's exception handler."""
    fetching(OSError("boom"))
    state = handed()
    await clock.advance(10)
    del state
    there.clear()
    gc.collect()
    assert reported == []


async def test_the_end_of_the_client_there_is_a_failure_here(there, fetching, handed, client, key, clock, caplog):
    """The fetch is cancelled with it."""
    fetching("data")
    hydrate(client, handed(), queries=QueryOptions(retry=False))
    await there.aclose()
    await clock.settle()
    assert isinstance(client.get_query_state(key).error, RedactedError)


# -- futures of one's own


def payload(key, promise):
    """A query that waits, as whoever streams it would write it."""
    client = QueryClient()
    query = client.get_query_cache().build(client, QueryOptions(query_key=key))
    return {"queries": [{**dehydrate_query(query), "promise": promise}]}


async def test_a_future_will_do(client, key, clock):
    """Cancelling the fetch here does not cancel it for others."""
    future = asyncio.get_running_loop().create_future()
    hydrate(client, payload(key, future))
    await client.cancel_queries(key)
    assert not future.cancelled()
    hydrate(client, payload(["other"], future))
    future.set_result("data")
    await clock.settle()
    assert client.get_query_data(["other"]) == "data"


@pytest.mark.parametrize("deserialize", [None, str])
@pytest.mark.parametrize("early", [True, False])
async def test_a_future_that_is_cancelled_takes_the_fetch_back(client, key, clock, early, deserialize):
    """As if it had never begun."""
    future = asyncio.get_running_loop().create_future()
    if early:
        future.cancel()
    hydrate(client, payload(key, future), deserialize_data=deserialize)
    future.cancel()
    await clock.settle()
    assert changes([client.get_query_state(key)]) == [("pending", "idle")]


async def test_what_cannot_be_awaited_is_refused(client, key):
    """With the place; what JSON makes of it is no fetch."""
    with pytest.raises(HydrationError, match=r"queries\[0\].promise is a dict, but a fetch under way is") as caught:
        hydrate(client, payload(key, {}))
    assert caught.value.place == "queries[0].promise"
    assert client.get_query_cache().get_all() == []


async def test_a_fetch_of_another_loop_is_refused(client, key):
    """It would be waited for in vain."""
    other = asyncio.new_event_loop()
    try:
        with pytest.raises(LoopError, match=r"queries\[0\].promise is a fetch under way in another event loop"):
            hydrate(client, payload(key, other.create_future()))
    finally:
        other.close()
