"""Asking the client for data: from the cache while it is fresh, else fetched."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import math
from datetime import timedelta

import pytest

from query import (
    UNSET,
    DefaultOptions,
    MissingQueryFnError,
    OptionError,
    QueryCancelledError,
    QueryOptions,
    skip_token,
)

Failed = pytest.fail.Exception
CALLS = ["query", "fetch_query", "prefetch_query", "ensure_query_data"]


@pytest.fixture
def options(key):
    """Makes options of the key."""
    return lambda *query_fn, **more: QueryOptions(
        query_key=key, **({"query_fn": query_fn[0]} if query_fn else {}), **more
    )


# -- starting


@pytest.mark.parametrize("call", CALLS)
async def test_a_call_has_started_when_it_returns(client, key, options, answering, clock, events, call):
    """The query is there and fetching, its function called, before anybody awaits."""
    fetch = answering("data", after=1)
    getattr(client, call)(options(fetch))
    assert len(fetch.calls) == 1
    assert client.get_query_state(key).fetch_status == "fetching"
    await clock.advance(1)
    assert client.get_query_data(key) == "data"
    assert events == ["added", "updated:fetch", "updated:success"]


@pytest.mark.parametrize("call", CALLS)
async def test_calls_for_one_key_share_one_fetch(client, options, answering, clock, call):
    """Whichever they are."""
    fetch = answering("data", after=1)
    handles = [client.query(options(fetch)), getattr(client, call)(options(fetch))]
    await clock.advance(1)
    assert handles[0].result() == "data"
    assert handles[1].done()
    assert len(fetch.calls) == 1


@pytest.mark.parity("QC-queryClient-001")
@pytest.mark.parametrize("call", CALLS)
async def test_a_default_function_is_used(client, key, answering, call):
    """Of the client, or of the key."""
    client.set_default_options(DefaultOptions(queries=QueryOptions(query_fn=answering("default"))))
    await getattr(client, call)(QueryOptions(query_key=key))
    assert client.get_query_data(key) == "default"


@pytest.mark.parametrize("call", CALLS)
def test_options_without_a_key_are_refused(client, call):
    """The text says what to pass."""
    with pytest.raises(OptionError, match="the options have no query_key, so there is no query they could mean"):
        getattr(client, call)(QueryOptions(query_fn=lambda context: "data"))


@pytest.mark.parametrize("call", CALLS)
def test_what_is_no_options_is_refused(client, call):
    """A key alone is an easy mistake."""
    with pytest.raises(OptionError, match=r"expected QueryOptions\(\.\.\.\)"):
        getattr(client, call)(["a"])


# -- fresh or stale


@pytest.mark.parity(
    "QC-queryClient-040", "QC-queryClient-059", "QC-queryClient-060", "QC-queryClient-078", "QC-queryClient-079"
)
@pytest.mark.parametrize("call", ["query", "fetch_query"])
@pytest.mark.parametrize(
    ("stale_time", "fetches"),
    [
        (UNSET, True),
        (0, True),
        (10, True),
        (10.001, False),
        (timedelta(minutes=1), False),
        (math.inf, False),
        ("static", False),
        (lambda query: 10, True),
        (lambda query: timedelta(seconds=11), False),
        (lambda query: "static", False),
    ],
)
async def test_data_is_fetched_when_it_is_older_than_the_stale_time(
    client, key, options, answering, clock, call, stale_time, fetches
):
    """Data of exactly that age is stale; by default it always is."""
    client.set_query_data(key, "cached")
    await clock.advance(10)
    wanted = options(answering("fetched"), stale_time=stale_time, initial_data="initial")
    assert await getattr(client, call)(wanted) == ("fetched" if fetches else "cached")


@pytest.mark.parity("QC-queryClient-080")
async def test_a_stale_time_function_is_asked_once_with_the_query(client, key, options, answering):
    """When the data is there as well as when it is not."""
    asked = []
    wanted = options(answering("data"), stale_time=lambda query: asked.append(query.query_key) or 0)
    await client.query(wanted)
    assert asked == [key]


@pytest.mark.parity("QC-queryClient-036", "QC-queryClient-041")
@pytest.mark.parametrize("call", ["query", "fetch_query", "ensure_query_data"])
async def test_cached_none_is_data(client, key, options, call):
    """Static data is never fetched again, whatever it is."""
    client.set_query_data(key, None)
    wanted = options(lambda context: pytest.fail("fetched"), stale_time="static")
    assert await getattr(client, call)(wanted) is None


@pytest.mark.parity("QC-queryClient-056", "QC-queryClient-075")
@pytest.mark.parametrize("call", ["query", "fetch_query"])
async def test_invalidated_data_is_fetched_unless_static(client, key, options, answering, call):
    """The very object comes back then."""
    data = client.set_query_data(key, ["data"])
    client.invalidate_queries(key, refetch_type="none")
    fetch = answering(["fetched"])
    assert await getattr(client, call)(options(fetch, stale_time="static")) is data
    assert await getattr(client, call)(options(fetch, stale_time=math.inf)) == ["fetched"]


@pytest.mark.parity("QC-queryClient-039", "QC-queryClient-043")
@pytest.mark.parametrize("call", ["query", "fetch_query", "ensure_query_data"])
async def test_initial_data_that_is_fresh_is_not_fetched(client, key, options, call):
    """It is cached like any other data."""
    wanted = options(lambda context: pytest.fail("fetched"), initial_data="initial", stale_time="static")
    assert await getattr(client, call)(wanted) == "initial"
    assert client.get_query_data(key) == "initial"


@pytest.mark.parity("QC-queryClient-055", "QC-queryClient-064")
@pytest.mark.parametrize("call", ["query", "fetch_query"])
async def test_equal_data_is_stored_once(client, key, options, answering, call):
    """The cache keeps the object that it has."""
    await getattr(client, call)(options(answering({"a": 1})))
    first = client.get_query_data(key)
    await getattr(client, call)(options(answering({"a": 1})))
    assert client.get_query_data(key) is first


@pytest.mark.parity("QC-queryClient-042")
async def test_missing_data_is_fetched_although_it_would_be_static(client, options, answering):
    """Static means data that stays, not data that is missing."""
    assert await client.query(options(answering("data"), stale_time="static")) == "data"


async def test_data_from_the_future_is_fresh(client, key, options, clock):
    """A stale time of zero fetches what is at least of this moment."""
    client.set_query_data(key, "data", updated_at=clock.time() + 1)
    assert await client.query(options(lambda context: pytest.fail("fetched"))) == "data"


@pytest.mark.parity(
    "QC-queryClient-065",
    "QC-queryClient-066",
    "QC-queryClient-067",
    "QC-queryClient-068",
    "QC-queryClient-073",
    "QC-queryClient-074",
    "QC-queryClient-082",
)
@pytest.mark.parametrize("enabled", [True, False, lambda query: True, lambda query: False])
async def test_enabled_is_not_looked_at(client, options, answering, enabled):
    """It is for observers; this call was meant."""
    wanted = options(answering("fetched"), enabled=enabled, initial_data="initial", select=lambda data: f"{data}!")
    assert await client.query(wanted) == "fetched!"


@pytest.mark.parity("QC-queryClient-069", "QC-queryClient-070", "QC-queryClient-071", "QC-queryClient-072")
async def test_skip_token_works_only_on_fresh_data(client, key, options):
    """Without any there is nothing to fetch with, and nothing to select from."""
    wanted = options(skip_token, stale_time="static", select=lambda data: f"{data}!")
    with pytest.raises(MissingQueryFnError, match="skip_token"):
        await client.query(wanted)
    client.set_query_data(key, "data")
    assert await client.query(wanted) == "data!"
    assert await client.query(wanted.with_(enabled=False)) == "data!"


@pytest.mark.parity("QC-queryClient-061", "QC-queryClient-081")
@pytest.mark.parametrize("number", [1, 2])
async def test_the_meta_of_the_present_call_is_used(client, options, number):
    """Not that of an earlier one."""
    for n in range(number + 1):
        assert await client.query(options(lambda context: context.meta["n"], meta={"n": n})) == n


@pytest.mark.parity("QC-queryClient-057", "QC-queryClient-058", "QC-queryClient-076", "QC-queryClient-077")
@pytest.mark.parametrize("call", ["query", "fetch_query"])
async def test_an_entry_without_gc_time_delivers_and_goes(client, key, options, answering, clock, call):
    """A turn later; with an endless one it stays."""
    assert await getattr(client, call)(options(answering("data"), gc_time=0)) == "data"
    await clock.settle()
    assert client.get_query_state(key) is UNSET
    await getattr(client, call)(options(answering("data"), gc_time=math.inf))
    await clock.advance(1e6)
    assert client.get_query_data(key) == "data"


@pytest.mark.parity("QC-queryClient-108", "QC-queryClient-111")
@pytest.mark.parametrize("call", ["prefetch_query", "query"])
async def test_what_nobody_watches_is_collected(client, key, options, answering, clock, call):
    """After its time."""
    getattr(client, call)(options(answering("data"), gc_time=10))
    await clock.advance(9.999)
    assert client.get_query_data(key) == "data"
    await clock.advance(0.001)
    assert client.get_query_state(key) is UNSET


# -- failing


@pytest.mark.parity("QC-queryClient-054", "QC-queryClient-063", "QC-queryClient-083")
@pytest.mark.parametrize("call", ["query", "fetch_query", "ensure_query_data"])
async def test_the_caller_gets_the_error_without_retries(client, options, answering, call):
    """He is there to be told."""
    error = ValueError("failed")
    fetch = answering(error)
    with pytest.raises(ValueError, match="failed") as caught:
        await getattr(client, call)(options(fetch))
    assert caught.value is error
    assert len(fetch.calls) == 1


@pytest.mark.parametrize("where", ["options", "key", "client"])
async def test_retries_that_somebody_asked_for_are_made(client, key, options, answering, clock, where):
    """In the options, or in any default."""
    wanted = QueryOptions(retry=1, retry_delay=1)
    if where == "client":
        client.set_default_options(DefaultOptions(queries=wanted))
    elif where == "key":
        client.set_query_defaults(key, wanted)
    fetch = answering(ValueError(), "data")
    handle = client.query(options(fetch, **({"retry": 1, "retry_delay": 1} if where == "options" else {})))
    await clock.advance(1)
    assert await handle == "data"


@pytest.mark.parity("QX-015")
async def test_not_retrying_sticks_to_the_query(client, options, answering, clock):
    """A later refetch uses the options of the last call."""
    fetch = answering("data", ValueError())
    await client.query(options(fetch))
    await client.refetch_queries()
    await clock.advance(60)
    assert len(fetch.calls) == 2


@pytest.mark.parity("QC-queryClient-107")
async def test_a_prefetch_never_fails(client, key, options, answering, reported):
    """The state tells."""
    assert await client.prefetch_query(options(answering(ValueError("failed")))) is None
    assert client.get_query_state(key).status == "error"


@pytest.mark.parity("QC-queryClient-110")
async def test_a_query_that_is_used_as_a_prefetch_may_swallow_the_error(client, key, options, answering):
    """That is the caller's affair."""
    with contextlib.suppress(ValueError):
        await client.query(options(answering(ValueError("failed"))))
    assert client.get_query_state(key).status == "error"


@pytest.mark.parametrize("call", CALLS)
async def test_a_failure_that_nobody_awaits_is_no_news(client, options, answering, clock, reported, call):
    """The state has it."""
    getattr(client, call)(options(answering(ValueError("failed"), after=1), select=lambda data: data))
    await clock.advance(1)
    gc.collect()
    assert reported == []


@pytest.mark.parametrize("call", CALLS)
async def test_a_failed_test_reaches_who_waits(client, key, options, answering, clock, call):
    """Also who awaits a prefetch, which otherwise never fails: it is not the query's failure but the test's."""
    handle = getattr(client, call)(options(answering(Failed("no such response"), after=1)))
    await clock.advance(1)
    with pytest.raises(Failed, match="no such response"):
        await handle
    assert client.get_query_state(key).status == "pending"


@pytest.mark.parametrize("call", CALLS)
async def test_a_waiter_that_gives_up_harms_nobody(client, key, options, answering, clock, call):
    """A timeout around the call does not cancel the fetch."""
    handle = getattr(client, call)(options(answering("data", after=1)))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(handle, 0)
    await clock.advance(1)
    assert client.get_query_data(key) == "data"


# -- select


@pytest.mark.parity("QC-queryClient-084", "QC-queryClient-085")
async def test_select_makes_what_the_caller_gets(client, key, options, answering):
    """Of fetched data and of fresh; the cache keeps the whole."""
    wanted = options(answering(["data"]), select=lambda data: data[0], stale_time=10)
    assert await client.query(wanted) == "data"
    assert await client.query(wanted) == "data"
    assert await client.query(wanted.with_(select=None)) == ["data"]
    assert client.get_query_data(key) == ["data"]


async def test_fetch_query_does_not_select(client, options, answering):
    """It gives the whole."""
    assert await client.fetch_query(options(answering(["data"]), select=lambda data: data[0])) == ["data"]


@pytest.mark.parametrize("cached", [False, True])
async def test_what_select_raises_is_the_waiters(client, key, options, answering, cached):
    """When it is awaited, whether the data was there or not; the query has nothing to do with it."""
    wanted = options(answering("data"), select=lambda data: 1 / 0, stale_time=10)
    if cached:
        client.set_query_data(key, "data")
    handle = client.query(wanted)
    with pytest.raises(ZeroDivisionError):
        await handle
    assert (client.get_query_state(key).status, client.get_query_state(key).error) == ("success", None)


async def test_a_test_that_fails_in_select_reaches_who_waits(client, options, answering, clock):
    """Nobody waits for ever."""
    handle = client.query(options(answering("data", after=1), select=lambda data: pytest.fail("unexpected data")))
    await clock.advance(1)
    with pytest.raises(Failed, match="unexpected data"):
        await handle


# -- ensuring


@pytest.mark.parity("QC-queryClient-035")
async def test_data_that_is_there_is_enough(client, key, options):
    """However old, and invalidated or not."""
    client.set_query_data(key, "cached", updated_at=0)
    client.invalidate_queries(key, refetch_type="none")
    assert await client.ensure_query_data(options(lambda context: pytest.fail("fetched"))) == "cached"


@pytest.mark.parity("QC-queryClient-037")
async def test_what_is_not_there_is_fetched(client, options, answering):
    """And awaited."""
    assert await client.ensure_query_data(options(answering("data"))) == "data"


@pytest.mark.parity("QC-queryClient-044")
async def test_a_second_query_refreshes_while_the_former_data_can_be_read(client, key, options, answering, clock):
    """It need not be awaited for that."""
    fetch = answering("first", "second", after=1)
    client.query(options(fetch))
    await clock.advance(1)
    client.query(options(fetch, stale_time=0))
    assert (client.get_query_data(key), client.is_fetching(key)) == ("first", 1)
    await clock.advance(1)
    assert (client.get_query_data(key), len(fetch.calls)) == ("second", 2)


@pytest.mark.parity("QC-queryClient-038")
async def test_stale_data_may_be_refreshed_in_the_background(client, key, options, answering, clock):
    """It is given out all the same; fresh data is left alone."""
    client.set_query_data(key, "old")
    fetch = answering("new", after=1)
    handle = client.ensure_query_data(options(fetch, stale_time=10), revalidate_if_stale=True)
    assert handle.done()
    assert fetch.calls == []
    asked = []
    stale = options(fetch, stale_time=lambda query: asked.append(query.query_key) or 0)
    assert await client.ensure_query_data(stale, revalidate_if_stale=True) == "old"
    assert asked == [key]
    await clock.advance(1)
    assert client.get_query_data(key) == "new"


async def test_a_cancelled_call_says_so(client, options, answering):
    """With an error of the cache's own."""
    handle = client.query(options(answering("data", after=1)))
    client.cancel_queries()
    with pytest.raises(QueryCancelledError, match="was cancelled before it finished"):
        await handle
