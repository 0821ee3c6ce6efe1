"""An observer that gets other options: another key, another function, enabled or not."""

from __future__ import annotations

import pytest
from client_fixtures import event_text, shown

from query import OptionError, QueryObserver, QueryOptions


@pytest.fixture
def observer(client, key, answering):
    """An observer of the key, whose data comes after a second."""
    return QueryObserver(client, QueryOptions(query_key=key, query_fn=answering("data", after=1)))


@pytest.mark.parity("QC-queryObserver-012")
async def test_another_key_is_another_query(client, observer, watch, key, answering, clock):
    """Loading, data, loading, other data."""
    told = watch(observer)
    await clock.advance(1)
    former = observer.get_current_query()
    observer.set_options(QueryOptions(query_key=[*key, "other"], query_fn=answering("other", after=1)))
    assert observer.get_current_query() is client.get_query_cache().find(query_key=[*key, "other"])
    assert (former.get_observers_count(), observer.get_current_query().get_observers_count()) == (0, 1)
    await clock.advance(1)
    assert [shown(result) for result in told] == [
        ("pending", "fetching", None),
        ("success", "idle", "data"),
        ("pending", "fetching", None),
        ("success", "idle", "other"),
    ]


@pytest.mark.parity("QX-017")
async def test_the_events_of_another_key_come_in_order(client, observer, watch, key, answering, clock):
    """The new query, the leaving, the coming, the options, the result, the fetch."""
    # golden trace 16
    watch(observer)
    await clock.advance(1)
    events = []
    client.get_query_cache().subscribe(
        lambda event: events.append(f"{event_text(event)} {'other' if 'other' in event.query.query_key else 'key'}")
    )
    observer.set_options(QueryOptions(query_key=[*key, "other"], query_fn=answering("other")))
    assert events == [
        "added other",
        "observer_removed key",
        "observer_added other",
        "observer_options_updated other",
        "observer_results_updated other",
        "updated:fetch other",
    ]
    await clock.settle()


async def test_leaving_a_key_may_cancel_its_fetch(client, observer, watch, key, answering):
    """As any last observer's leaving."""
    signals = []
    fetch = answering("data", after=1)
    observer.set_options(
        QueryOptions(query_key=key, query_fn=lambda context: (signals.append(context.signal), fetch())[1])
    )
    watch(observer)
    observer.set_options(QueryOptions(query_key=[*key, "other"], enabled=False))
    assert signals[0].aborted
    assert client.get_query_state(key).fetch_status == "idle"


@pytest.mark.parity("QX-012")
async def test_another_key_fetches_whatever_is_said_about_mounting(observer, watch, key, answering, clock):
    """It is not a mount."""
    fetch = answering("other")
    watch(observer)
    observer.set_options(QueryOptions(query_key=[*key, "other"], query_fn=fetch, refetch_on_mount=False))
    assert len(fetch.calls) == 1
    await clock.advance(1)


async def test_another_key_with_fresh_data_does_not_fetch(client, observer, watch, key, clock):
    """It is shown at once, and counts from now as looked at."""
    client.set_query_data([*key, "other"], "fresh")
    told = watch(observer)
    await clock.advance(1)
    observer.set_options(
        QueryOptions(query_key=[*key, "other"], query_fn=lambda context: pytest.fail("fetched"), stale_time=10)
    )
    assert shown(told[-1]) == ("success", "idle", "fresh")
    assert not told[-1].is_fetched_after_mount


async def test_without_subscribers_another_key_fetches_nothing(observer, key):
    """The result shows the other query all the same."""
    former = observer.get_current_query()
    observer.set_options(
        QueryOptions(query_key=[*key, "other"], initial_data="other", query_fn=lambda c: pytest.fail())
    )
    assert shown(observer.get_current_result()) == ("success", "idle", "other")
    assert (former.get_observers_count(), observer.get_current_query().get_observers_count()) == (0, 0)


@pytest.mark.parity("QC-queryObserver-050")
async def test_options_that_differ_are_told(client, observer, key):
    """Once, with query and observer; equal ones are not."""
    events = []
    client.get_query_cache().subscribe(events.append)
    observer.set_options(observer.options)
    observer.set_options(QueryOptions(query_key=key, query_fn=observer.options.query_fn))
    assert events == []
    observer.set_options(QueryOptions(query_key=key, query_fn=observer.options.query_fn, gc_time=5))
    assert [(event.type, event.query, event.observer) for event in events] == [
        ("observer_options_updated", observer.get_current_query(), observer)
    ]


async def test_the_querys_options_are_the_latest_observers(client, observer, key):
    """The last writer wins."""
    other = QueryObserver(client, QueryOptions(query_key=key, meta={"from": "other"}))
    assert observer.get_current_query().meta == {"from": "other"}
    observer.set_options(QueryOptions(query_key=key, meta={"from": "first"}))
    assert other.get_current_query().meta == {"from": "first"}


@pytest.mark.parametrize("wrong", [QueryOptions(), ["a"]], ids=["without a key", "no options"])
async def test_options_that_mean_no_query_are_refused_and_change_nothing(observer, watch, clock, wrong):
    """The observer goes on as before."""
    told = watch(observer)
    options = observer.options
    with pytest.raises(OptionError):
        observer.set_options(wrong)
    assert observer.options is options
    await clock.advance(1)
    assert shown(told[-1]) == ("success", "idle", "data")


async def test_an_observer_that_is_enabled_fetches(client, key, watch, answering):
    """While somebody is subscribed."""
    fetch = answering("data", after=1)
    observer = QueryObserver(client, QueryOptions(query_key=key, query_fn=fetch, enabled=False))
    told = watch(observer)
    observer.set_options(observer.options.with_(enabled=True))
    assert len(fetch.calls) == 1
    assert told[-1].is_enabled
    await client.cancel_queries()


@pytest.mark.parity("QC-queryObserver-031", "QC-queryObserver-051")
async def test_an_observer_that_is_disabled_shows_so(observer, watch, clock):
    """It is never stale then."""
    told = watch(observer)
    await clock.advance(1)
    assert told[-1].is_stale
    observer.set_options(observer.options.with_(enabled=False))
    assert (told[-1].is_stale, told[-1].is_enabled) == (False, False)


@pytest.mark.parity("QX-013")
async def test_a_variable_that_both_functions_read_flips_unseen(client, key, watch, answering):
    """The former function answers now, and says what the present one says: no fetch."""
    switch, fetch = [False], answering("data")

    def options():
        return QueryOptions(query_key=key, query_fn=fetch, enabled=lambda query: switch[0])

    observer = QueryObserver(client, options())
    watch(observer)
    switch[0] = True
    observer.set_options(options())
    assert fetch.calls == []


async def test_a_removed_query_is_made_anew_by_new_options(client, observer, watch, key, clock):
    """And fetched, since it is another query."""
    watch(observer)
    await clock.advance(1)
    client.remove_queries(key)
    observer.set_options(observer.options)
    assert observer.get_current_query() is client.get_query_cache().find(query_key=key)
    await clock.advance(1)
    assert client.get_query_data(key) == "data"


async def test_raw_and_complete_options_are_both_taken(client, observer, key):
    """Defaults are filled in where they are missing."""
    client.set_query_defaults(key, QueryOptions(meta={"from": "defaults"}))
    for options in (QueryOptions(query_key=key), client.default_query_options(QueryOptions(query_key=key))):
        observer.set_options(options)
        assert observer.options.meta == {"from": "defaults"}


async def test_a_stale_time_that_grew_makes_the_data_fresh(observer, watch, clock):
    """Without a fetch."""
    told = watch(observer)
    await clock.advance(1)
    assert told[-1].is_stale
    observer.set_options(observer.options.with_(stale_time=10))
    assert not told[-1].is_stale
    await clock.advance(10.001)
    assert told[-1].is_stale
