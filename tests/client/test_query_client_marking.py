"""Marking queries: invalidating, refetching, resetting and cancelling those that filters mean."""

from __future__ import annotations

import pytest
from client_fixtures import Answers, FakeObserver

from query import UNSET, QueryCancelledError, QueryFilters, QueryObserver, QueryOptions, skip_token

Failed = pytest.fail.Exception


class Watched:
    """A query with its function, and an observer if it is watched."""

    def __init__(self, client, key, fetch, *, watched=True, **options):
        self.fetch = fetch
        self.query = client.get_query_cache().build(client, QueryOptions(query_key=key, query_fn=fetch))
        if watched:
            self.observer = FakeObserver(client, query_key=key, query_fn=fetch, **options)
            self.query.add_observer(self.observer)

    @property
    def calls(self):
        return len(self.fetch.calls)


@pytest.fixture
def entry(client, clock):
    """Makes a query that has been fetched once, as its state says; its function counts from here."""

    def make(key, *answers, after=0.0, **options):
        made = Watched(client, key, Answers(clock, answers or ("data",), after), **options)
        made.query.set_data("old", manual=True)
        return made

    return make


# -- refetching


async def test_a_refetch_starts_inside_the_call(client, entry, clock):
    """And is done when the fetches are."""
    one = entry(["a"], after=1)
    handle = client.refetch_queries()
    assert (one.calls, one.query.state.fetch_status) == (1, "fetching")
    assert not handle.done()
    await clock.advance(1)
    assert await handle is None
    assert one.query.state.data == "data"


@pytest.mark.parity(
    "QC-queryClient-118",
    "QC-queryClient-119",
    "QC-queryClient-122",
    "QC-queryClient-123",
    "QC-queryClient-124",
    "QC-queryClient-125",
)
@pytest.mark.parametrize(
    ("fields", "refetched"),
    [
        ({}, "stale fresh inactive"),
        ({"type": "all"}, "stale fresh inactive"),
        ({"type": "active"}, "stale fresh"),
        ({"type": "inactive"}, "inactive"),
        ({"stale": True}, "stale"),
        ({"stale": False}, "fresh inactive"),
        ({"query_key": ["a", "inactive"]}, "inactive"),
        ({"type": "active", "stale": False}, "fresh"),
        ({"type": "active", "stale": True}, "stale"),
        ({"type": "inactive", "stale": True}, ""),
    ],
    ids=str,
)
async def test_a_refetch_means_what_its_filters_mean(client, entry, fields, refetched):
    """Each query once, with its own options."""
    entries = {name: entry(["a", name], watched=name != "inactive") for name in ("stale", "fresh", "inactive")}
    entries["stale"].observer.stale = True
    await client.refetch_queries(**fields)
    assert [name for name, one in entries.items() if one.calls] == refetched.split()
    assert all(one.calls <= 1 for one in entries.values())


@pytest.mark.parity("QC-queryClient-116", "QC-queryClient-129", "QC-queryClient-136")
@pytest.mark.parametrize(
    "call",
    [lambda client: client.refetch_queries(), lambda client: client.invalidate_queries(refetch_type="all")],
    ids=["refetch", "invalidate"],
)
async def test_what_is_disabled_or_static_is_not_refetched(client, entry, build, answering, events, call):
    """Nor what was never fetched, nor what has skip_token and nobody who watches it."""
    disabled, static = entry(["disabled"], enabled=False), entry(["static"], stale_time="static")
    never = answering("data")
    build(query_key=["never"], query_fn=never)
    build(query_key=["skipped"], query_fn=skip_token, initial_data="data").set_data("written", manual=True)
    await call(client)
    assert (disabled.calls, static.calls, never.calls) == (0, 0, [])
    assert "updated:fetch" not in events


@pytest.mark.parity("QC-queryClient-117")
async def test_one_enabled_observer_is_enough_for_a_refetch(client, entry):
    """The query is in use."""
    one = entry(["a"], enabled=False)
    one.query.add_observer(FakeObserver(client))
    await client.refetch_queries()
    assert one.calls == 1


@pytest.mark.parity("QC-queryClient-120", "QC-queryClient-137")
async def test_a_refetch_supersedes_what_is_under_way(client, entry, clock):
    """Data that was asked for before is not new enough."""
    one = entry(["a"], "first", "second", after=1)
    one.observer.stale = True
    aborted = []
    client.invalidate_queries()
    one.fetch.calls[0][0].signal.add_listener(lambda: aborted.append(True))
    handle = client.refetch_queries(stale=True)
    assert aborted == [True]
    await clock.advance(1)
    assert handle.done()
    assert (one.calls, one.query.state.data) == (2, "second")


@pytest.mark.parity("QC-queryClient-121", "QC-queryClient-138")
async def test_a_refetch_may_join_what_is_under_way(client, entry, clock):
    """Without a second call."""
    one, fresh = entry(["a"], after=1), entry(["fresh"])
    one.observer.stale = True
    client.refetch_queries(["a"])
    handle = client.refetch_queries(type="active", stale=True, cancel_refetch=False)
    assert not one.fetch.calls[0][0].signal.aborted
    await clock.advance(1)
    assert handle.done()
    assert (one.calls, fresh.calls) == (1, 0)


@pytest.mark.parity("QC-queryClient-126")
async def test_a_refetch_that_fails_is_told_by_the_state(client, entry):
    """Unless the caller wants to be told himself."""
    one = entry(["a"], ValueError("failed"))
    one.query.set_options(one.query.options.with_(retry=False))
    assert await client.refetch_queries() is None
    assert one.query.state.status == "error"
    with pytest.raises(ValueError, match="failed"):
        await client.refetch_queries(throw_on_error=True)


async def test_the_first_failure_is_raised_while_the_others_go_on(client, entry, clock):
    """Nobody's fetch is given up because of another's."""
    failing, slow = entry(["failing"], ValueError("failed")), entry(["slow"], after=5)
    failing.query.set_options(failing.query.options.with_(retry=False))
    with pytest.raises(ValueError, match="failed"):
        await client.refetch_queries(throw_on_error=True)
    assert slow.query.state.fetch_status == "fetching"
    await clock.advance(5)
    assert slow.query.state.data == "data"


async def test_a_failed_test_reaches_who_waits_for_a_refetch(client, entry, clock):
    """Also without throw_on_error: no state tells of it."""
    entry(["a"], Failed("no such response"), after=1)
    handle = client.invalidate_queries()
    await clock.advance(1)
    with pytest.raises(Failed, match="no such response"):
        await handle


@pytest.mark.parity("QC-queryClient-127")
@pytest.mark.parametrize("throw_on_error", [False, True])
async def test_paused_queries_are_not_waited_for(client, entry, online, throw_on_error):
    """The call is done at once, and they go on when the network is back."""
    online.set_online(False)
    one = entry(["a"])
    assert await client.refetch_queries(throw_on_error=throw_on_error) is None
    assert one.query.state.fetch_status == "paused"
    await client.cancel_queries()


@pytest.mark.parity("QC-queryClient-128")
async def test_what_needs_no_network_is_refetched_offline(client, entry, online):
    """Its network mode says so."""
    online.set_online(False)
    one = entry(["a"])
    one.query.set_options(one.query.options.with_(network_mode="always"))
    await client.refetch_queries()
    assert one.query.state.data == "data"


# -- invalidating


@pytest.mark.parity("QC-queryClient-130", "QC-queryClient-131")
async def test_an_invalidation_marks_all_and_refetches_those_in_use(client, entry):
    """Inside the call."""
    active, inactive = entry(["active"], after=1), entry(["inactive"], watched=False)
    client.invalidate_queries()
    assert (active.calls, active.query.state.fetch_status) == (1, "fetching")
    assert active.query.state.is_invalidated
    assert (inactive.calls, inactive.query.state.is_invalidated) == (0, True)
    await client.cancel_queries()


@pytest.mark.parity("QC-queryClient-132", "QC-queryClient-133", "QC-queryClient-134")
@pytest.mark.parametrize(
    ("refetch_type", "type", "refetched"),
    [
        (None, None, "active"),
        (None, "all", "active inactive"),
        (None, "inactive", "inactive"),
        ("none", None, ""),
        ("none", "all", ""),
        ("active", "all", "active"),
        ("inactive", None, "inactive"),
        ("all", None, "active inactive"),
    ],
)
async def test_the_refetch_type_says_which_are_refetched(client, entry, refetch_type, type, refetched):
    """It stands over the type of the filters, which stands over "active"."""
    entries = {"active": entry(["active"]), "inactive": entry(["inactive"], watched=False)}
    await client.invalidate_queries(refetch_type=refetch_type, type=type)
    assert [name for name, one in entries.items() if one.calls] == refetched.split()


@pytest.mark.parity("QC-queryClient-139", "QC-queryObserver-005")
async def test_an_invalidation_does_not_refetch_what_is_disabled_or_static(client, entry, build, answering):
    """Even if all are to be refetched; a never fetched one neither."""
    disabled, static = entry(["disabled"], enabled=lambda query: False), entry(["static"], stale_time="static")
    never = answering("data")
    build(query_key=["never"], query_fn=never)
    await client.invalidate_queries(refetch_type="all")
    assert (disabled.calls, static.calls, never.calls) == (0, 0, [])
    assert static.query.state.is_invalidated


@pytest.mark.parity("QX-014")
async def test_filters_are_asked_again_after_the_invalidation(client, entry):
    """What was fresh is stale by then: it is marked, but no longer meant."""
    one = entry(["a"], watched=False)
    await client.invalidate_queries(stale=False, refetch_type="all")
    assert (one.query.state.is_invalidated, one.calls) == (True, 0)


@pytest.mark.parity("QC-queryClient-138")
async def test_an_invalidation_may_join_what_is_under_way(client, entry, clock):
    """Without a second call."""
    one = entry(["a"], after=1)
    client.invalidate_queries()
    client.invalidate_queries(cancel_refetch=False)
    await clock.advance(1)
    assert one.calls == 1


async def test_a_failing_refetch_of_an_invalidation_can_be_raised(client, entry):
    """If the caller wants to be told."""
    one = entry(["a"], ValueError("failed"))
    one.query.set_options(one.query.options.with_(retry=False))
    with pytest.raises(ValueError, match="failed"):
        await client.invalidate_queries(throw_on_error=True)


@pytest.mark.parity("QC-queryClient-135")
async def test_what_a_disabled_observer_left_unfetched_is_not_refetched(client, key, answering):
    """Even if all are to be: nobody has ever wanted its data."""
    fetch = answering("data")
    observer = QueryObserver(client, QueryOptions(query_key=key, query_fn=fetch, enabled=False))
    observer.subscribe(lambda result: None)()
    await client.invalidate_queries(key, refetch_type="all")
    assert fetch.calls == []


@pytest.mark.parity("QC-query-040")
async def test_an_observer_that_leaves_amid_invalidations_leaves_the_old_data(client, key, answering, clock):
    """Its refetch heeds the signal and is undone; the next observer fetches what is new."""
    fetch = answering("old", "never", "never", "new", after=1)

    def heeding(context):
        context.signal.raise_if_aborted()
        return fetch(context)

    options = QueryOptions(query_key=key, query_fn=heeding)
    leave = QueryObserver(client, options).subscribe(lambda result: None)
    await clock.advance(1)
    client.invalidate_queries(key)
    client.invalidate_queries(key)
    leave()
    await clock.advance(10)
    state = client.get_query_state(key)
    assert (state.status, state.fetch_status, state.data, len(fetch.calls)) == ("success", "idle", "old", 3)
    leave = QueryObserver(client, options).subscribe(lambda result: None)
    await clock.advance(1)
    assert client.get_query_data(key) == "new"
    leave()


async def test_the_data_of_an_invalidated_query_is_fresh_again_after_its_fetch(client, entry):
    """The mark is gone."""
    one = entry(["a"])
    await client.invalidate_queries()
    assert (one.query.state.is_invalidated, one.query.state.status) == (False, "success")


# -- resetting


@pytest.mark.parity("QC-queryClient-140", "QC-queryClient-141")
def test_a_reset_is_one_step_without_data(client, build, events):
    """Pending and idle inside the call."""
    query = build()
    query.set_data("data", manual=True)
    events.clear()
    client.reset_queries()
    assert (query.state.status, query.state.fetch_status, query.state.data) == ("pending", "idle", UNSET)
    assert events == ["updated:set_state"]


@pytest.mark.parity("QC-queryClient-142")
def test_a_reset_brings_initial_data_back(client, build):
    """As on the first day."""
    query = build(initial_data="initial")
    query.set_data("written", manual=True)
    client.reset_queries()
    assert (query.state.status, query.state.data) == ("success", "initial")


@pytest.mark.parity("QC-queryClient-144")
async def test_a_reset_refetches_those_in_use(client, entry):
    """Not those that are disabled, skipped or unwatched; static data is gone, so it is fetched too."""
    entries = {
        "active": entry(["active"]),
        "static": entry(["static"], stale_time="static"),
        "disabled": entry(["disabled"], enabled=False),
        "inactive": entry(["inactive"], watched=False),
    }
    skipping = FakeObserver(client, query_key=["skipped"], query_fn=skip_token)
    skipped = entry(["skipped"], watched=False)
    skipped.query.add_observer(skipping)
    await client.reset_queries()
    assert (skipped.calls, skipped.query.state.status) == (0, "pending")
    assert [name for name, one in entries.items() if one.calls] == ["active", "static"]


@pytest.mark.parity("QC-queryClient-143", "QX-014")
async def test_what_is_meant_is_settled_before_the_reset(client, entry):
    """A filter that asks for data would find none afterwards."""
    one, other = entry(["one"]), entry(["other"])
    await client.reset_queries(predicate=lambda query: query.state.data == "old" and query.query_key == ["one"])
    assert (one.calls, other.calls) == (1, 0)


async def test_who_waits_for_a_query_that_is_reset_gets_the_next_fetch(client, entry, clock, events):
    """It begins in the same step."""
    # golden trace 7, without an observer's own events
    one = entry(["a"], "first", "second", after=1)
    handle = one.query.fetch()
    events.clear()
    client.reset_queries()
    assert events == ["updated:set_state", "updated:fetch"]
    await clock.advance(1)
    assert await handle == "second"


async def test_a_failing_refetch_of_a_reset_can_be_raised(client, entry):
    """If the caller wants to be told."""
    one = entry(["a"], ValueError("failed"))
    one.query.set_options(one.query.options.with_(retry=False))
    with pytest.raises(ValueError, match="failed"):
        await client.reset_queries(throw_on_error=True)


# -- cancelling


@pytest.mark.parity("QC-queryClient-113")
async def test_cancelled_queries_go_back_at_once(client, entry, clock):
    """Who waits gets the earlier data; the handle is done when all is over."""
    one = entry(["a"], after=1)
    waiting = client.query(QueryOptions(query_key=["a"], query_fn=one.fetch))
    handle = client.cancel_queries(["a"])
    assert (one.query.state.data, one.query.state.fetch_status) == ("old", "idle")
    assert await handle is None
    assert await waiting == "old"


@pytest.mark.parity("QC-queryClient-115")
async def test_a_cancelled_first_load_leaves_no_error(client, key, answering):
    """Only who waits is told."""
    handle = client.query(QueryOptions(query_key=key, query_fn=answering("data", after=1)))
    await client.cancel_queries(key)
    with pytest.raises(QueryCancelledError):
        await handle
    state = client.get_query_state(key)
    assert (state.status, state.fetch_status, state.error) == ("pending", "idle", None)


@pytest.mark.parity("QC-queryClient-114")
async def test_without_revert_the_cancellation_is_the_error(client, entry):
    """The data stays."""
    one = entry(["a"], after=1)
    client.refetch_queries()
    await client.cancel_queries(revert=False)
    assert (one.query.state.status, one.query.state.data) == ("error", "old")


async def test_in_silence_and_without_revert_the_state_stays_as_it_was(client, entry):
    """Fetching, though nothing is under way any more."""
    one = entry(["a"], after=1)
    client.refetch_queries()
    await client.cancel_queries(revert=False, silent=True)
    assert one.query.state.fetch_status == "fetching"


async def test_only_what_is_meant_is_cancelled(client, entry, clock):
    """And cancelling nothing is done at once."""
    one, other = entry(["one"], after=1), entry(["other"], after=1)
    client.refetch_queries()
    await client.cancel_queries(QueryFilters(query_key=["one"]))
    assert (one.query.state.fetch_status, other.query.state.fetch_status) == ("idle", "fetching")
    assert client.cancel_queries(["none"]).done()
    await clock.advance(1)


async def test_an_optimistic_write_is_not_overwritten_by_what_was_under_way(client, entry, clock):
    """Cancel, then write: what comes in later is not listened to."""
    one = entry(["a"], "from before", after=1)
    client.refetch_queries()
    client.cancel_queries(["a"])
    client.set_query_data(["a"], "optimistic")
    await clock.advance(1)
    assert one.query.state.data == "optimistic"
