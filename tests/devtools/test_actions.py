"""What viewers can do, and queries that load or fail on demand."""

from __future__ import annotations

import pytest

from query import UNSET, InfiniteQueryOptions
from query.devtools import TriggeredError
from query.devtools.actions import ActionError, Actions


@pytest.fixture
def actions(client):
    return Actions(client, {"Not found": lambda query: LookupError(query.query_hash)})


async def test_refetch_invalidate_and_reset_mean_this_query_alone(client, actions, key, observe, answering, clock):
    """Not those whose keys begin with its own, as upstream's do."""
    load = answering(1, 2, 3, 4)
    query = observe(query_fn=load, stale_time=60, initial_data=0)
    client.set_query_data((*key, "below"), "kept")
    below = client.get_query_cache().find((*key, "below"))
    for name, data in (("refetch", 1), ("invalidate", 2), ("reset", 3)):
        actions.do(name, query.query_hash)
        await clock.settle()
        assert query.state.data == data
    assert (below.state.data, below.state.is_invalidated) == ("kept", False)


def test_remove_and_clear_take_queries_and_mutations_out(client, actions, key, mutation_of):
    """One, or all."""
    for name in "abc":
        client.set_query_data((*key, name), name)
    actions.do("remove", client.get_query_cache().find((*key, "a")).query_hash)
    assert [query.query_key[-1] for query in client.get_query_cache().get_all()] == ["b", "c"]
    mutation_of()
    actions.do("clear_queries")
    assert client.get_query_cache().get_all() == []
    assert len(client.get_mutation_cache().get_all()) == 1
    actions.do("clear_mutations")
    assert client.get_mutation_cache().get_all() == []


def test_the_network_can_be_switched(client, actions, online):
    """That of the client."""
    actions.do("go_offline")
    assert not online.is_online()
    actions.do("go_online")
    assert online.is_online()


@pytest.mark.parametrize(
    ("name", "message"),
    [("explode", "no action 'explode'"), ("__init__", "no action"), ("refetch", "no longer in the cache")],
)
def test_what_cannot_be_done_is_said(actions, name, message):
    """A query may be gone by the time somebody presses its button."""
    with pytest.raises(ActionError, match=message):
        actions.do(name, "[]")


def test_without_a_loop_a_fetch_is_refused_in_words(key):
    """A client that has not begun has none."""
    from query import QueryClient

    client = QueryClient()
    client.set_query_data(key, 1)
    query = client.get_query_cache().find(key)
    with pytest.raises(ActionError, match="no event loop runs"):
        Actions(client, {}).do("refetch", query.query_hash)


async def test_a_query_loads_without_end_and_comes_back_as_it_was(client, actions, observe, answering, clock):
    """Its data and options come back; a query in use is fetched anew."""
    load = answering("first", "second")
    query = observe(query_fn=load, stale_time=600)
    await clock.advance(1)
    before = query.options
    actions.do("trigger_loading", query.query_hash)
    await clock.advance(3600)
    assert (query.state.status, query.state.fetch_status, query.state.data) == ("pending", "fetching", UNSET)
    assert actions.triggers.of(query) == "loading"
    await clock.settle()
    client.refetch_queries(query.query_key)
    assert query.state.data is UNSET
    actions.do("restore_loading", query.query_hash)
    assert query.state.data == "first"
    await clock.settle()
    assert query.state.data == "second"
    assert query.options.query_fn is before.query_fn
    assert actions.triggers.of(query) is None
    assert len(load.calls) == 2


async def test_a_query_fails_on_demand_and_comes_back(client, actions, observe, answering, clock):
    """With an error of the devtools, or one that the program offers."""
    query = observe(query_fn=answering("data"), stale_time=600)
    await clock.settle()
    actions.do("trigger_error", query.query_hash)
    assert (query.state.status, query.state.data) == ("error", UNSET)
    assert isinstance(query.state.error, TriggeredError)
    actions.do("trigger_error", query.query_hash, "Not found")
    assert isinstance(query.state.error, LookupError)
    with pytest.raises(ActionError, match="no error 'Teapot'"):
        actions.do("trigger_error", query.query_hash, "Teapot")
    actions.do("restore_error", query.query_hash)
    assert (query.state.status, query.state.data, query.state.error) == ("success", "data", None)
    await clock.settle()


async def test_a_fetch_under_way_does_not_undo_a_trigger_and_is_made_up_for(actions, observe, answering, clock):
    """Its outcome is dropped; the restored query is fetched again."""
    load = answering("data", after=5)
    query = observe(query_fn=load)
    actions.do("trigger_error", query.query_hash)
    await clock.advance(10)
    assert query.state.status == "error"
    actions.do("trigger_loading", query.query_hash)
    assert query.state.status == "pending"
    actions.do("restore_loading", query.query_hash)
    await clock.advance(10)
    assert query.state.data == "data"


@pytest.mark.parametrize("change", ["write", "reset"])
async def test_a_trigger_is_over_when_something_else_happens(client, actions, observe, answering, clock, change):
    """There is nothing to restore after a write or a reset."""
    query = observe(query_fn=answering("data"))
    await clock.settle()
    actions.do("trigger_loading", query.query_hash)
    if change == "write":
        client.set_query_data(query.query_key, "written")
    else:
        client.reset_queries(query.query_key)
    await clock.settle()
    assert actions.triggers.of(query) is None
    data = query.state.data
    actions.do("restore_loading", query.query_hash)
    assert query.state.data == data
    query.cancel(silent=True)
    await clock.settle()


async def test_a_query_that_was_only_written_can_be_triggered_too(client, actions, key, clock):
    """It has no function to fetch with, and gets its data back."""
    client.set_query_data(key, "written")
    query = client.get_query_cache().find(key)
    for trigger in ("loading", "error"):
        actions.do(f"trigger_{trigger}", query.query_hash)
        actions.do(f"restore_{trigger}", query.query_hash)
        await clock.settle()
        assert (query.state.data, query.state.fetch_status) == ("written", "idle")


async def test_an_infinite_query_keeps_its_pages(client, actions, clock, key):
    """Loading without end and coming back."""
    options = InfiniteQueryOptions(
        query_key=key,
        query_fn=lambda context: context.page_param,
        initial_page_param=0,
        get_next_page_param=lambda last, pages, param, params: param + 1,
        pages=3,
    )
    await client.fetch_infinite_query(options)
    query = client.get_query_cache().find(key)
    actions.do("trigger_loading", query.query_hash)
    await clock.settle()
    assert query.state.data is UNSET
    actions.do("restore_loading", query.query_hash)
    await clock.settle()
    assert query.state.data.pages == [0, 1, 2]
