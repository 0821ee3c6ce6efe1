"""The contracts of the hooks that read a whole cache, or fetch ahead, on a page of every framework."""

from __future__ import annotations

from ui_pages import staged

from query import MutationFilters, MutationObserver, MutationOptions, QueryOptions
from query.base.errors import MissingQueryClientError


async def test_is_fetching_counts_what_fetches(stage, client, key, answering, clock):
    """Wherever it was started."""
    probe = await stage.mount("use_is_fetching", lambda _: {})
    fn = answering("data", after=1)
    for name in "ab":
        client.prefetch_query(QueryOptions(query_key=(*key, name), query_fn=fn))
    await stage.settle()
    await clock.advance(1)
    await stage.settle()
    assert (probe.shown[:2], probe.shown[-1]) == ([0, 2], 0)


async def test_is_fetching_takes_filters(stage, client, key, answering, clock):
    """Those of the latest render."""
    probe = await stage.mount("use_is_fetching", lambda name: {"filters": [*key, name]}, props="a")
    client.prefetch_query(QueryOptions(query_key=(*key, "b"), query_fn=answering("data", after=1)))
    await stage.settle()
    assert probe.shown == [0]
    await stage.rerender(probe, "b")
    assert probe.shown == [0, 1]
    await clock.advance(1)
    await stage.settle()
    assert probe.shown == [0, 1, 0]


async def test_is_mutating_counts_what_is_pending(stage, client, clock, answering):
    """Wherever it was started."""
    probe = await stage.mount("use_is_mutating", lambda _: {})
    other = await stage.mount("use_is_mutating", lambda _: {"filters": MutationFilters(mutation_key=["other"])})
    MutationObserver(client, MutationOptions(mutation_fn=answering("done", after=1))).mutate(1)
    await stage.settle()
    await clock.advance(1)
    await stage.settle()
    assert probe.shown[-3:] == [0, 1, 0]
    assert set(other.shown) == {0}


async def test_mutation_state_lists_what_is_being_written(stage, client, clock, answering):
    """For instance the rows that are still on their way, in any component."""
    probe = await stage.mount(
        "use_mutation_state",
        lambda _: {
            "filters": MutationFilters(status="pending"),
            "select": lambda mutation: mutation.state.variables,
        },
    )
    observer = MutationObserver(client, MutationOptions(mutation_fn=answering("done", after=1)))
    observer.mutate("first")
    observer.mutate("second")
    await stage.settle()
    await clock.advance(1)
    await stage.settle()
    assert (probe.shown[:2], probe.shown[-1]) == ([[], ["first", "second"]], [])


async def test_mutation_state_gives_states_by_default(stage, client):
    """Of all mutations."""
    probe = await stage.mount("use_mutation_state", lambda _: {})
    MutationObserver(client, MutationOptions(mutation_fn=lambda value, _: value)).mutate("data")
    await stage.settle()
    assert [state.data for state in probe.result] == ["data"]


async def test_mutation_state_is_drawn_when_what_is_selected_changes(stage, client, clock, answering):
    """And keeps its equal parts otherwise."""
    probe = await stage.mount(
        "use_mutation_state", lambda _: {"select": lambda mutation: {"variables": mutation.state.variables}}
    )
    MutationObserver(client, MutationOptions(mutation_fn=answering("done", after=1))).mutate("first")
    await stage.settle()
    await clock.advance(1)
    await stage.settle()
    assert probe.shown == [[], [{"variables": "first"}]]
    await stage.rerender(probe)
    assert probe.results[-1] is probe.results[-2]


async def test_select_is_asked_again_only_for_other_states(stage, client, key):
    """Not at each event of the cache."""
    asked = []

    def select(mutation):
        asked.append(mutation)
        return mutation.mutation_id

    observer = MutationObserver(client, MutationOptions(mutation_fn=lambda value, _: value))
    observer.mutate(1)
    await stage.mount("use_mutation_state", lambda _: {"select": select})
    asked.clear()
    observer.set_options(MutationOptions(mutation_fn=lambda value, _: value, meta={"other": True}))
    await stage.settle()
    assert asked == []


async def test_prefetching_asks_for_what_the_cache_never_heard_of(stage, client, key, answering):
    """Once, however often the component is drawn."""
    fn = answering("data")
    options = QueryOptions(query_key=key, query_fn=fn)
    probe = await stage.mount("use_prefetch_query", lambda _: {"options": options})
    await stage.rerender(probe)
    assert client.get_query_data(key) == "data"
    assert len(fn.calls) == 1


async def test_prefetching_leaves_alone_what_is_there(stage, client, key, answering):
    """However old."""
    fn = answering("data")
    client.set_query_data(key, "old", updated_at=0.0)
    await stage.mount("use_prefetch_query", lambda _: {"options": QueryOptions(query_key=key, query_fn=fn)})
    assert fn.calls == []


async def test_errors_of_prefetching_are_for_others_to_see(stage, client, key, answering):
    """The state of the query tells."""
    options = QueryOptions(query_key=key, query_fn=answering(ValueError("no")), retry=False)
    probe = await stage.mount("use_prefetch_query", lambda _: {"options": options})
    assert probe.errors == []
    assert client.get_query_state(key).status == "error"


async def test_the_client_of_the_nearest_provider_is_found(stage, client):
    """By its hook."""
    probe = await stage.mount("use_query_client", lambda _: {})
    assert probe.results == [client]


async def test_without_a_provider_there_is_no_client(framework):
    """And the hook says so."""
    async with staged(framework, None) as stage:
        probe = await stage.mount("use_query_client", lambda _: {})
        assert isinstance(probe.errors[0], MissingQueryClientError)


async def test_whether_a_stored_cache_is_being_restored_can_be_asked(stage):
    """By a component that wants to say so."""
    probe = await stage.mount("use_is_restoring", lambda _: {})
    await stage.restore(True)
    assert probe.shown == [False, True]
