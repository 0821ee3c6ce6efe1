"""Options that are set again: what they inherit is not worked out anew, and nobody can tell."""

from __future__ import annotations

import math

from query import QueriesObserver, QueryObserver, QueryOptions


def load(context):
    """Never called here."""
    return "fetched"


def same(key, **fields):
    """Fresh options that say the same each time."""
    return QueryOptions(query_key=key, query_fn=load, stale_time=math.inf, refetch_on_mount=False, **fields)


async def test_what_is_given_again_keeps_the_options_in_force(client, key, watch):
    """A component gives the same at each drawing."""
    client.set_query_data(key, 1)
    observer = QueryObserver(client, same(key))
    observer.set_options(same(key))
    before, result = observer.options, observer.get_current_result()
    told = watch(observer)
    for _ in range(3):
        observer.set_options(same(key))
        assert (observer.options, observer.get_current_result()) == (before, result)
    assert told == []
    complete = client.default_query_options(same(key))
    observer.set_options(complete)
    assert observer.options is before
    observer.set_options(same(key, meta={"a": 1}))
    assert observer.options.meta == {"a": 1}
    observer.set_options(same(key))
    assert "meta" not in observer.options.__dict__


async def test_defaults_that_were_set_in_between_count(client, key):
    """The same options inherit something else then."""
    client.set_query_data(key, 1)
    observer = QueryObserver(client, same(key))
    observer.set_options(same(key))
    client.set_query_defaults(key, QueryOptions(retry=7))
    observer.set_options(same(key))
    assert observer.options.retry == 7
    client.set_query_defaults(key, QueryOptions(retry=8))
    observer.set_options(same(key))
    assert observer.options.retry == 8


async def test_the_query_that_was_removed_is_looked_at_anew(client, key, watch):
    """The same options mean the query that is there now, and write themselves into it."""
    client.set_query_data(key, "old")
    observer = QueryObserver(client, same(key))
    observer.set_options(same(key))
    told = watch(observer)
    client.remove_queries(key)
    client.set_query_data(key, "new")
    observer.set_options(same(key))
    query = client.get_query_cache().find(key)
    assert observer.get_current_query() is query
    assert query.options is observer.options
    assert [result.data for result in told] == ["new"]


async def test_the_last_observer_to_set_its_options_decides_for_the_query(client, key):
    """Also if they are the same as before."""
    client.set_query_data(key, 1)
    one, other = QueryObserver(client, same(key)), QueryObserver(client, same(key, retry=5))
    one.set_options(same(key))
    query = client.get_query_cache().find(key)
    for observer, retry in ((other, 5), (one, None), (other, 5)):
        observer.set_options(same(key) if retry is None else same(key, retry=retry))
        assert query.options is observer.options


async def test_the_observers_of_a_group_are_followed_once_somebody_asks(client, key):
    """Whoever waits for a result of the group sees each, whatever its listeners are told of."""
    keys = [[*key, number] for number in range(2)]
    for each in keys:
        client.set_query_data(each, 0)
    group = QueriesObserver(client, [same(each, notify_on_change_props=["error"]) for each in keys])
    told, seen = [], []
    unsubscribe = group.subscribe(told.append)
    client.set_query_data(keys[0], 1)
    leave = group._follow(lambda results: seen.append([result.data for result in results]))
    client.set_query_data(keys[1], 2)
    assert (told, seen) == ([], [[1, 2]])
    unsubscribe()
    client.set_query_data(keys[0], 3)
    assert seen == [[1, 2], [3, 2]]
    leave()
    client.set_query_data(keys[0], 4)
    assert seen == [[1, 2], [3, 2]]
