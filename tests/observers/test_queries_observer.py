"""An observer of several queries: its list of results, its members, and what changes of the list do."""

from __future__ import annotations

import asyncio
import logging

import pytest
from client_fixtures import shown

from query import OptionError, QueriesObserver, QueryOptions, ResultTimeoutError


@pytest.fixture
def options(key):
    """Makes the options of one of several queries, by its number."""
    return lambda number, **fields: QueryOptions(**{"query_key": (*key, number), **fields})


@pytest.fixture
def group(client, options, answering):
    """Makes a group of some queries, which answer with their number after as many seconds, and the list of options."""

    def make(*numbers, **fields):
        queries = [options(number, query_fn=answering(number, after=number), **fields) for number in numbers]
        return QueriesObserver(client, queries), queries

    return make


def data(results):
    """The data of all results."""
    return [result.data for result in results]


# -- what it shows


@pytest.mark.parity("QC-queriesObserver-001", "QC-queriesObserver-008")
async def test_subscribing_fetches_all_queries_and_delivers_a_list_with_one_result_each(group, watch, clock):
    """In the order of the queries, whoever is first."""
    observer, _ = group(2, 1)
    told = watch(observer)
    await clock.advance(2)
    assert [shown(result) for result in told[-1]] == [("success", "idle", 2), ("success", "idle", 1)]


@pytest.mark.parity("QC-queriesObserver-003")
async def test_each_change_of_a_member_delivers_a_whole_list(client, group, watch, clock):
    """A step for each fetch that starts, each that ends, and each write."""
    observer, queries = group(1, 2)
    told = watch(observer)
    await clock.advance(2)
    client.set_query_data(queries[1].query_key, "written")
    assert [[result.fetch_status for result in results] for results in told] == [
        ["fetching", "idle"],
        ["fetching", "fetching"],
        ["idle", "fetching"],
        ["idle", "idle"],
        ["idle", "idle"],
    ]
    assert [data(results) for results in told[2:]] == [[1, None], [1, 2], [1, "written"]]
    assert told[-1] is observer.get_current_result()


def test_before_anybody_subscribes_nothing_is_fetched(client, group):
    """The queries are made, as for one observer."""
    observer, _ = group(1, 2)
    assert [shown(result) for result in observer.get_current_result()] == [("pending", "idle", None)] * 2
    assert len(client.get_query_cache().get_all()) == 2
    assert client.is_fetching() == 0
    assert repr(observer) == "<QueriesObserver of 2 queries>"


@pytest.mark.parametrize("kind", [list, tuple])
async def test_the_results_are_a_list_or_a_tuple_as_the_options_are(client, options, watch, kind):
    """Also when they change, and when there are none."""
    observer = QueriesObserver(client, kind([options(1, enabled=False), options(2, enabled=False)]))
    told = watch(observer)
    assert type(observer.get_current_result()) is kind
    client.set_query_data(options(1).query_key, "data")
    observer.set_queries([])
    assert [type(results) for results in told] == [kind, kind]
    assert type(QueriesObserver(client, kind()).get_current_result()) is kind


@pytest.mark.parity("QC-queriesObserver-002")
def test_the_queries_are_those_of_the_list(group):
    """In its order."""
    observer, queries = group(2, 1)
    assert [query.query_key for query in observer.get_queries()] == [options.query_key for options in queries]


@pytest.mark.parity("QC-queriesObserver-004")
def test_the_members_are_observers_of_the_queries(group):
    """In order, and the list is the caller's to change."""
    observer, _ = group(2, 1)
    members = observer.get_observers()
    assert [member.get_current_query() for member in members] == observer.get_queries()
    members.clear()
    assert len(observer.get_observers()) == 2


def test_a_placeholder_is_each_members_own(client, options):
    """As for one observer."""
    queries = [options(1, placeholder_data="one"), options(2, placeholder_data=lambda data, query: "two")]
    assert data(QueriesObserver(client, queries).get_current_result()) == ["one", "two"]


# -- other queries


@pytest.mark.parity("QC-queriesObserver-005")
async def test_a_query_that_is_dropped_is_left(client, group, watch, clock):
    """The shorter list is delivered once."""
    observer, queries = group(1, 2)
    told = watch(observer)
    await clock.advance(2)
    told.clear()
    observer.set_queries(queries[1:])
    assert [data(results) for results in told] == [[2]]
    first, second = (client.get_query_cache().find(query_key=options.query_key) for options in queries)
    assert (first.is_active(), second.is_active()) == (False, True)


@pytest.mark.parity("QC-queriesObserver-006")
async def test_reordered_queries_keep_their_observers(group, watch, clock):
    """The reordered list is delivered once, and nothing is fetched for it."""
    observer, queries = group(1, 2)
    told = watch(observer)
    await clock.advance(2)
    told.clear()
    members = observer.get_observers()
    observer.set_queries(queries[::-1])
    assert [data(results) for results in told] == [[2, 1]]
    assert observer.get_observers() == members[::-1]
    assert [len(options.query_fn.calls) for options in queries] == [1, 1]


@pytest.mark.parity("QC-queriesObserver-007")
async def test_an_equal_list_delivers_nothing(group, watch, clock):
    """The same options, or a list made anew."""
    observer, queries = group(1, 2)
    told = watch(observer)
    await clock.advance(2)
    told.clear()
    observer.set_queries(queries)
    observer.set_queries([options.with_() for options in queries])
    assert told == []


@pytest.mark.parity("QC-queriesObserver-011")
@pytest.mark.parametrize("subscribed", [True, False])
async def test_other_options_of_the_same_queries_are_noticed(client, group, watch, clock, subscribed):
    """The list has not changed, but what one of its members shows."""
    observer, queries = group(1, 2, enabled=False)
    told = watch(observer) if subscribed else []
    for options in queries:
        client.set_query_data(options.query_key, "data")
    told.clear()
    observer.set_queries([queries[0].with_(select=str.upper), queries[1]])
    assert data(observer.get_current_result()) == ["DATA", "data"]
    assert [data(results) for results in told] == ([["DATA", "data"]] if subscribed else [])


@pytest.mark.parity("QC-queriesObserver-030")
async def test_a_query_that_is_added_is_subscribed_to(group, options, answering, watch, clock):
    """Its data arrives."""
    observer, queries = group(1)
    told = watch(observer)
    await clock.advance(1)
    observer.set_queries([*queries, options(2, query_fn=answering("added"))])
    await clock.settle()
    assert data(told[-1]) == [1, "added"]


async def test_after_other_queries_were_set_each_change_is_told_once(client, group, watch, options):
    """By the members that stayed as by those that came."""
    observer, queries = group(1, 2, enabled=False)
    told = watch(observer)
    observer.set_queries([*queries[::-1], options(3, enabled=False)])
    told.clear()
    for number in (1, 2, 3):
        client.set_query_data(options(number).query_key, number)
    assert [data(results) for results in told] == [[None, 1, None], [2, 1, None], [2, 1, 3]]


async def test_queries_set_before_anybody_subscribes_are_those_that_are_fetched(group, options, answering, clock):
    """Those that were dropped are not."""
    observer, (first, second) = group(1, 2)
    observer.set_queries([second])
    with_listener = observer.subscribe(lambda results: None)
    await clock.advance(2)
    assert (len(first.query_fn.calls), len(second.query_fn.calls)) == (0, 1)
    with_listener()


@pytest.mark.parity("QC-queriesObserver-010")
async def test_a_query_that_is_listed_twice_has_two_members_and_one_fetch(
    client, options, answering, watch, clock, caplog
):
    """Each place takes its steps, and the log warns."""
    fetch = answering("data", after=1)
    twice = options(1, query_fn=fetch)
    observer = QueriesObserver(client, [twice, twice])
    assert len(set(observer.get_observers())) == 2
    told = watch(observer)
    await clock.advance(1)
    assert len(fetch.calls) == 1
    assert [[shown(result) for result in results] for results in told] == [
        [("pending", "fetching", None), ("pending", "idle", None)],
        [("success", "idle", "data"), ("pending", "idle", None)],
        [("success", "idle", "data"), ("success", "idle", "data")],
    ]
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("query", logging.WARNING)
    assert f"more than once: {twice.query_key.text}." in record.getMessage()


async def test_of_two_members_for_one_query_the_first_stays(client, options, watch):
    """First come, first served; a third place gets a new one."""
    one = options(1, enabled=False)
    observer = QueriesObserver(client, [one, one])
    watch(observer)
    first, second = observer.get_observers()
    observer.set_queries([one])
    assert observer.get_observers() == [first]
    observer.set_queries([one, one])
    assert observer.get_observers()[0] is first
    assert observer.get_observers()[1] is not second


def test_options_that_are_refused_change_nothing(client, group):
    """No member is dropped for them."""
    observer, queries = group(1, 2)
    members = observer.get_observers()
    with pytest.raises(OptionError, match="no query_key"):
        observer.set_queries([queries[1], QueryOptions()])
    with pytest.raises(OptionError, match=r"expected QueryOptions\(\.\.\.\)"):
        observer.set_queries([queries[1], ("key",)])
    assert observer.get_observers() == members


def test_what_is_no_list_of_options_is_refused(client, options):
    """One query is no list of one."""
    with pytest.raises(OptionError, match=r"^queries=.* expected a list or a tuple of QueryOptions\(\.\.\.\)\."):
        QueriesObserver(client, options(1))


# -- subscribing and leaving


@pytest.mark.parity("QC-queriesObserver-009")
async def test_one_of_two_listeners_may_leave(group, watch, clock):
    """The other hears on, and the queries stay in use."""
    observer, _ = group(1, 2)
    leave = observer.subscribe(lambda results: None)
    told = watch(observer)
    leave()
    await clock.advance(2)
    assert data(told[-1]) == [1, 2]
    assert all(query.is_active() for query in observer.get_queries())


async def test_the_last_listener_that_leaves_takes_the_members_along(group, clock):
    """Who comes back finds them all."""
    observer, _ = group(1, 2, enabled=False)
    for _ in range(2):
        leave = observer.subscribe(lambda results: None)
        assert all(query.get_observers_count() == 1 for query in observer.get_queries())
        leave()
        leave()
        assert not any(query.is_active() for query in observer.get_queries())


async def test_a_destroyed_group_hears_no_more(client, group, watch, options):
    """It may be subscribed to again."""
    observer, queries = group(1, 2, enabled=False)
    told = watch(observer)
    observer.destroy()
    client.set_query_data(queries[0].query_key, "data")
    assert told == []
    again = watch(observer)
    assert data(observer.get_current_result()) == ["data", None]
    assert len(again) == 1


@pytest.mark.parametrize("kept", [0, 1, 2], ids=["dropping the second", "dropping the first", "dropping both"])
async def test_a_listener_may_set_other_queries_while_members_subscribe(client, group, options, kept):
    """Those that it drops do not subscribe any more, nor are others subscribed to twice."""
    observer, queries = group(1, 2, stale_time=60)
    wanted = [*queries, options(3, enabled=False)][kept]
    leave = observer.subscribe(lambda results: observer.set_queries([wanted]))
    assert [query.query_key for query in observer.get_queries()] == [wanted.query_key]
    used = [query for query in client.get_query_cache().get_all() if query.is_active() or query.get_observers_count()]
    assert [query.query_key for query in used] == [wanted.query_key]
    assert used[0].get_observers_count() == 1
    leave()
    await client.cancel_queries()


@pytest.mark.parametrize("at", ["subscribing", "setting queries"])
async def test_a_listener_may_leave_while_members_subscribe(client, group, at):
    """Then none of them does any more."""
    observer, queries = group(1, 2, stale_time=60)
    if at == "setting queries":
        observer.set_queries([])
    told = []

    def leave(results):
        told.append(results)
        observer.destroy()

    observer.subscribe(leave)
    observer.set_queries(queries)
    assert len(told) == 1
    assert not any(query.get_observers_count() for query in observer.get_queries())
    await client.cancel_queries()


async def test_a_listener_may_leave_and_come_back_while_members_subscribe(group, clock):
    """Each member is subscribed to once."""
    observer, _ = group(1, 2)
    told = []

    def again(_):
        observer.destroy()
        observer.subscribe(told.append)

    observer.subscribe(again)
    await clock.advance(2)
    assert data(told[-1]) == [1, 2]
    assert [query.get_observers_count() for query in observer.get_queries()] == [1, 1]
    observer.destroy()


async def test_a_member_that_is_being_dropped_is_not_heard(client, group, watch):
    """Though its query changes before it has left."""
    observer, queries = group(1, 2, 3, enabled=False)
    told = watch(observer)

    def write(event):
        if event.type == "observer_removed" and event.query.query_key == queries[0].query_key:
            client.set_query_data(queries[1].query_key, "late")

    unsubscribe = client.get_query_cache().subscribe(write)
    observer.set_queries(queries[2:])
    unsubscribe()
    assert [data(results) for results in told] == [[None]]


# -- iterating and waiting


async def test_the_results_can_be_iterated_over(group, clock):
    """The present ones first; leaving the loop leaves the queries."""
    observer, _ = group(1, 2)
    seen = []

    async def iterate():
        async with observer.results() as stream:
            async for results in stream:
                seen.append(data(results))
                if None not in seen[-1]:
                    break

    task = asyncio.create_task(iterate())
    await clock.advance(2)
    await task
    assert seen == [[None, None], [1, None], [1, 2]]
    assert not observer.has_listeners()


async def test_the_first_results_that_fulfil_a_condition_can_be_waited_for(group, clock):
    """Waiting subscribes, and leaves."""
    observer, _ = group(1, 2)
    waiting = asyncio.create_task(observer.wait_for(lambda results: all(result.is_success for result in results)))
    await clock.advance(1)
    assert not waiting.done()
    await clock.advance(1)
    assert data(await waiting) == [1, 2]
    assert not observer.has_listeners()


async def test_changes_that_listeners_are_not_told_of_count(client, options, clock):
    """The condition may be about any field, whatever combine reads."""
    observer = QueriesObserver(client, [options(1, enabled=False)], lambda results: results[0].data)
    client.set_query_data(options(1).query_key, "data", updated_at=1.0)
    waiting = asyncio.create_task(observer.wait_for(lambda results: results[0].data_updated_at == 2.0))
    await clock.settle()
    observer.get_combined_result()
    client.set_query_data(options(1).query_key, "data", updated_at=2.0)
    assert data(await waiting) == ["data"]


async def test_who_waits_too_long_is_told_what_the_last_results_were(client, options, clock):
    """Of the first few queries, by name."""
    observer = QueriesObserver(client, [options(number, enabled=False) for number in range(7)])
    waiting = asyncio.create_task(observer.wait_for(lambda results: False, timeout=1))
    await clock.advance(1)
    with pytest.raises(ResultTimeoutError) as caught:
        await waiting
    hashes = [query.query_hash for query in observer.get_queries()]
    assert caught.value.query_hash == "; ".join(hashes[:5]) + "; and 2 more"
    assert str(caught.value).endswith("The last one was " + "pending/idle; " * 5 + "and 2 more.")
