"""Fetching: what is called with what, joining, superseding, and whose options count."""

from __future__ import annotations

import asyncio
import contextvars
import gc

import pytest
from client_fixtures import FakeObserver, changes

from query import (
    UNSET,
    MissingQueryFnError,
    NoDataError,
    QueryCache,
    QueryClient,
    QueryOptions,
    skip_token,
)
from query.base.query_state import FetchMeta

Failed = pytest.fail.Exception


# -- success


async def test_a_fetch_has_called_its_function_when_it_returns(build, answering):
    """The state shows it, and the request is on its way, before anybody awaits."""
    fetch = answering("data", after=1)
    query = build(query_fn=fetch)
    query.fetch()
    assert len(fetch.calls) == 1
    assert (query.state.status, query.state.fetch_status) == ("pending", "fetching")
    await query.cancel(revert=True)


async def test_a_fetch_goes_on_without_anybody_awaiting_it(build, answering, clock):
    """A call that is not awaited starts and ends like any other."""
    query = build(query_fn=answering("data", after=1))
    query.fetch()
    await clock.advance(1)
    assert (query.state.status, query.state.fetch_status, query.state.data) == ("success", "idle", "data")
    assert query.state.data_updated_at == clock.time()


@pytest.mark.parametrize("failing", [False, True])
async def test_the_end_of_a_function_that_waited_is_taken_in_at_once(build, failing):
    """What is told in the turn in which it ends finds the state changed; only who awaits it has his turn later."""
    gate, seen = asyncio.get_running_loop().create_future(), []

    async def fetch(_):
        try:
            return await gate
        finally:
            asyncio.get_running_loop().call_soon(lambda: seen.append((query.state.fetch_status, handle.done())))

    query = build(query_fn=fetch, retry=False)
    handle = query.fetch()
    gate.set_exception(ValueError("no")) if failing else gate.set_result("data")
    await asyncio.gather(handle, return_exceptions=True)
    assert seen == [("idle", True)]
    assert (query.state.data, type(query.state.error)) == ((UNSET, ValueError) if failing else ("data", type(None)))


async def test_a_listener_may_ask_again_inside_the_end_of_a_fetch_that_waited(build, answering, clock, events):
    """It runs within the task of the fetch that ends, and the next one begins there."""
    fetch = answering("first", "second", after=1)
    query = build(query_fn=fetch)
    cache = query._terms.cache
    cache.subscribe(lambda event: len(fetch.calls) == 1 and query.state.data == "first" and query.fetch())
    first = query.fetch()
    await clock.advance(1)
    assert (await first, query.state.fetch_status) == ("first", "fetching")
    await clock.advance(1)
    assert (query.state.data, query.state.fetch_status) == ("second", "idle")


@pytest.mark.parity("QX-028")
async def test_a_fetch_survives_a_collection_of_garbage(build, answering, clock):
    """asyncio holds tasks weakly; the client holds its own."""
    query = build(query_fn=answering("data", after=1))
    query.fetch()
    gc.collect()
    await clock.advance(1)
    assert query.state.data == "data"


@pytest.mark.parity("QC-queryObserver-002")
async def test_a_plain_value_passes_through_the_fetching_state_too(build, states):
    """Whoever watches sees the same steps, whether the function is async or not."""
    query = build(query_fn=lambda context: "data")
    handle = query.fetch()
    assert not handle.done()
    assert await handle == "data"
    assert changes(states) == [("pending", "fetching"), ("success", "idle")]


@pytest.mark.parity("QX-016")
async def test_waiters_get_the_raw_data_and_the_cache_keeps_the_shared(build, answering):
    """Equal data is not replaced, but who fetched gets what the function returned."""
    old, new = {"a": [1]}, {"a": [1]}
    query = build(query_fn=answering(new))
    query.set_data(old, manual=True)
    assert await query.fetch() is new
    assert query.state.data is old
    assert query.state.data_update_count == 2


async def test_none_is_data(build):
    """An API may answer null."""
    query = build(query_fn=lambda context: None)
    assert await query.fetch() is None
    assert (query.state.status, query.state.data) == ("success", None)


@pytest.mark.parity("QC-query-035")
async def test_a_function_that_delivers_unset_fails(build, caplog):
    """UNSET means "no data", which no fetch may come to; the log names the query."""
    query = build(query_fn=lambda context: UNSET, query_hash="some hash")
    with pytest.raises(NoDataError, match="query_fn of query some hash delivered UNSET"):
        await query.fetch()
    assert query.state.status == "error"
    assert isinstance(query.state.error, NoDataError)
    assert "some hash" in caplog.text


@pytest.mark.parity("QC-query-007", "QC-query-027")
async def test_the_function_is_told_what_it_fetches_for(client, build, answering, key):
    """Key, client, meta and signal, and nothing of pages."""
    fetch = answering("data")
    meta = {"a": 1}
    query = build(query_fn=fetch, meta=meta)
    await query.fetch()
    ((context,),) = fetch.calls
    assert context.query_key == key
    assert context.client is client
    assert context.meta is meta
    assert not context.signal.aborted
    assert not hasattr(context, "page_param")


async def test_a_fetch_runs_in_the_context_of_the_client(build):
    """The first caller's request id or login must not leak into a fetch that others share."""
    user = contextvars.ContextVar("user", default="nobody")
    seen = []

    async def query_fn(context):
        seen.append(user.get())
        await asyncio.sleep(0)
        seen.append(user.get())
        return "data"

    user.set("caller")
    await build(query_fn=query_fn).fetch()
    assert seen == ["nobody", "nobody"]
    assert user.get() == "caller"


# -- joining and superseding


@pytest.mark.parity("QC-query-033")
async def test_two_fetches_at_a_time_are_one(build, answering, clock, events):
    """One call, one success, one result for both."""
    fetch = answering("data", after=1)
    query = build(query_fn=fetch)
    handles = [query.fetch(), query.fetch()]
    await clock.advance(1)
    assert [await handle for handle in handles] == ["data", "data"]
    assert len(fetch.calls) == 1
    assert events == ["added", "updated:fetch", "updated:success"]


async def test_two_fetches_share_a_function_that_fails_at_once(build, events):
    """Its failure is known when the second comes, but not yet taken in: it is joined all the same."""
    calls = []

    def query_fn(context):
        calls.append(1)
        raise ValueError("at once")

    query = build(query_fn=query_fn, retry=False)
    for handle in [query.fetch(), query.fetch()]:
        with pytest.raises(ValueError, match="at once"):
            await handle
    assert len(calls) == 1
    assert query.state.error_update_count == 1
    assert events == ["added", "updated:fetch", "updated:error"]


async def test_options_of_a_caller_that_joins_are_ignored(build, key, answering, clock):
    """The fetch under way keeps the options with which it was started."""
    query = build(query_fn=answering("data", after=1))
    options = query.options
    query.fetch()
    query.fetch(QueryOptions(query_key=key, query_fn=answering("other")))
    assert query.options == options
    await clock.advance(1)
    assert query.state.data == "data"


@pytest.mark.parity("QC-query-041")
async def test_a_refetch_supersedes_the_one_under_way(build, answering, clock, events):
    """Both callers get the second result; the first function is stopped."""
    # golden trace 5
    fetch = answering("first", "second", after=1)
    query = build(query_fn=fetch, initial_data="initial")
    first = query.fetch()
    signal = fetch.calls[0][0].signal
    second = query.fetch(cancel_refetch=True)
    assert signal.aborted
    await clock.advance(1)
    assert [await first, await second] == ["second", "second"]
    assert len(fetch.calls) == 2
    assert events == ["added", "updated:fetch", "updated:fetch", "updated:success"]


@pytest.mark.parametrize("outcome", ["first", ValueError("first")], ids=["success", "failure"])
async def test_an_outcome_is_not_taken_in_once_a_newer_fetch_took_over(build, answering, clock, events, outcome):
    """The first is over, but a turn too late: the query goes on fetching, and all get the second result."""
    second = answering("second", after=1)
    query = build(query_fn=answering(outcome), initial_data="initial", retry=False)
    handle = query.fetch()
    query.fetch(query.options.with_(query_fn=second), cancel_refetch=True)
    await clock.settle()
    assert (query.state.data, query.state.fetch_status) == ("initial", "fetching")
    await clock.advance(1)
    assert await handle == "second"
    assert events == ["added", "updated:fetch", "updated:fetch", "updated:success"]


async def test_a_failed_test_reaches_who_waits_although_a_newer_fetch_took_over(build, answering, clock):
    """It belongs to those who started that fetch; the newer one goes on."""
    query = build(query_fn=answering(Failed("first")), initial_data="initial")
    handle = query.fetch()
    query.fetch(query.options.with_(query_fn=answering("second", after=1)), cancel_refetch=True)
    with pytest.raises(Failed, match="first"):
        await handle
    assert query.state.fetch_status == "fetching"
    await clock.advance(1)
    assert query.state.data == "second"


@pytest.mark.parity("QX-001")
async def test_a_superseding_fetch_starts_counting_failures_anew(build, answering, clock):
    """The failures belonged to the fetch that was given up."""
    query = build(query_fn=answering(ValueError(), "data", after=1), initial_data="initial", retry_delay=10)
    query.fetch()
    await clock.advance(1)
    assert query.state.fetch_failure_count == 1
    query.fetch(cancel_refetch=True)
    assert (query.state.fetch_failure_count, query.state.fetch_failure_reason) == (0, None)
    await clock.advance(1)
    assert query.state.data == "data"


async def test_who_waits_for_a_superseded_fetch_gets_the_failure_of_the_next(build, answering, clock):
    """They share its outcome, whatever it is."""
    query = build(query_fn=answering("first", ValueError("second"), after=1), initial_data="initial", retry=False)
    first = query.fetch()
    query.fetch(cancel_refetch=True)
    await clock.advance(1)
    with pytest.raises(ValueError, match="second"):
        await first


@pytest.mark.parity("QX-002")
async def test_a_first_load_is_joined_even_by_who_would_supersede(build, answering, clock):
    """There is no data yet that could be too old."""
    fetch = answering("data", after=1)
    query = build(query_fn=fetch)
    query.fetch()
    query.fetch(cancel_refetch=True)
    await clock.advance(1)
    assert len(fetch.calls) == 1


async def test_a_fetching_state_from_elsewhere_does_not_keep_it_from_fetching(build, answering):
    """There is nobody to join."""
    query = build(query_fn=answering("data"))
    query.set_state(fetch_status="fetching")
    assert await query.fetch() == "data"


@pytest.mark.parity("QC-query-017")
async def test_the_raw_outcome_is_there_while_a_fetch_is_under_way(build, answering, clock):
    """And let go of afterwards: it would keep a second copy of the data alive."""
    query = build(query_fn=answering("data", after=1))
    assert query.promise is None
    query.fetch()
    assert not query.promise.done()
    await clock.advance(1)
    assert query.promise is None


@pytest.mark.parity("QC-query-017")
async def test_a_fetch_that_a_success_starts_is_not_let_go_of(clock, answering, key):
    """The release at the end of the first is not meant for the second."""

    def again(data, query):
        if query.state.data_update_count == 1:
            query.fetch()

    async with QueryClient(query_cache=QueryCache(on_success=again), clock=clock) as client:
        options = QueryOptions(query_key=key, query_fn=answering("first", "second", after=1))
        query = client.get_query_cache().build(client, options)
        first = query.fetch()
        await clock.advance(1)
        assert await first == "first"
        assert query.promise is not None
        assert query.state.fetch_status == "fetching"
        await clock.advance(1)
        assert query.state.data == "second"


# -- which options


async def test_options_given_to_a_fetch_become_the_querys(build, key, answering):
    """The last writer wins, and they stay."""
    query = build()
    await query.fetch(QueryOptions(query_key=key, query_fn=answering("data"), meta={"a": 1}, retry=False))
    assert (query.state.data, query.meta, query.options.retry) == ("data", {"a": 1}, False)


@pytest.mark.parity("QC-query-045")
async def test_a_query_without_function_borrows_an_observers_options(client, build, key, answering):
    """Born from a write, it learns how to fetch from the first observer that knows."""
    query = build()
    query.set_data("written", manual=True)
    observers = [
        FakeObserver(client, query_key=key),
        FakeObserver(client, query_key=key, query_fn=answering("borrowed"), meta={"a": 1}),
        FakeObserver(client, query_key=key, query_fn=answering("later")),
    ]
    for observer in observers:
        query.add_observer(observer)
    assert await query.fetch() == "borrowed"
    assert query.meta == {"a": 1}


@pytest.mark.parity("QC-utils-072")
async def test_a_query_with_a_function_of_its_own_borrows_nothing(client, build, key, answering):
    """Whatever its observers have."""
    query = build(query_fn=answering("own"))
    query.add_observer(FakeObserver(client, query_key=key, query_fn=answering("borrowed"), meta={"a": 1}))
    assert await query.fetch() == "own"
    assert query.meta is None


async def test_skip_token_counts_as_a_function_to_borrow(client, build, key, caplog):
    """The observer said how: not at all. Asking anyway fails and is logged."""
    query = build(retry=False)
    query.add_observer(FakeObserver(client, query_key=key, query_fn=skip_token, retry=False))
    with pytest.raises(MissingQueryFnError, match=r"has skip_token as its query_fn.*Give it a real query_fn"):
        await query.fetch()
    assert "skip_token" in caplog.text


@pytest.mark.parity("QC-query-034")
async def test_a_query_without_any_function_fails(build):
    """The error names the query and says what to do."""
    query = build(query_hash="some hash", retry=False)
    with pytest.raises(MissingQueryFnError, match=r"query some hash has no query_fn.*Pass query_fn= in its options"):
        await query.fetch()
    assert query.state.status == "error"
    assert query.state.error.query_hash == "some hash"


async def test_an_awaitable_can_take_the_place_of_the_first_attempt(build, answering):
    """The function is called only if that fails."""
    fetch = answering("fetched")
    query = build(query_fn=fetch)
    first = asyncio.get_running_loop().create_future()
    first.set_result("given")
    assert await query.fetch(first=first) == "given"
    assert fetch.calls == []


async def test_after_the_given_awaitable_the_function_is_tried(build, answering, clock):
    """A retry asks anew."""
    query = build(query_fn=answering("fetched"))
    first = asyncio.get_running_loop().create_future()
    first.set_exception(ValueError("given"))
    handle = query.fetch(first=first)
    await clock.advance(1)
    assert await handle == "fetched"


@pytest.mark.parity("QC-utils-070")
async def test_without_function_the_given_awaitable_delivers_the_data(build):
    """As hydration needs it: nobody has said how to fetch yet."""
    query = build()
    first = asyncio.get_running_loop().create_future()
    first.set_result("given")
    assert await query.fetch(first=first) == "given"
    assert query.state.data == "given"


@pytest.mark.parity("QC-utils-071")
async def test_without_function_the_given_awaitable_is_all_there_is(build, clock):
    """Retries see the same failure, and it is the query's in the end."""
    query = build(retry=1)
    first = asyncio.get_running_loop().create_future()
    first.set_exception(ValueError("given"))
    handle = query.fetch(first=first)
    await clock.advance(1)
    with pytest.raises(ValueError, match="given"):
        await handle


async def test_what_a_fetch_is_for_is_kept_until_the_next(build, answering):
    """Paging records its direction; a plain fetch has none."""
    query = build(query_fn=answering("data"))
    meta = FetchMeta("forward")
    await query.fetch(meta=meta)
    assert query.state.fetch_meta is meta
    await query.fetch()
    assert query.state.fetch_meta is None


@pytest.mark.parity("QX-003")
async def test_a_retry_uses_the_newest_function_but_the_settings_of_the_start(build, key, answering, clock):
    """How often and how long to wait was settled when the fetch began."""
    query = build(query_fn=answering(ValueError("old function")), retry=1, retry_delay=1)
    handle = query.fetch()
    await clock.settle()
    query.set_options(QueryOptions(query_key=key, query_fn=answering(ValueError("new function")), retry=9))
    await clock.advance(1)
    with pytest.raises(ValueError, match="new function"):
        await handle
    assert query.state.fetch_failure_count == 2
