"""The contract of ``use_query``, on a page of every framework."""

from __future__ import annotations

import pytest
from ui_pages import staged

from query import MissingQueryClientError, OptionError, QueryClient, QueryOptions, SuccessResult


@pytest.fixture
def options(key):
    """Options of the test's key."""
    return lambda query_fn=None, **fields: QueryOptions(
        **{"query_key": key, **({} if query_fn is None else {"query_fn": query_fn}), **fields}
    )


def status(result):
    """What most components read."""
    return (result.status, result.fetch_status, result.data)


# -- the first render


async def test_the_first_render_shows_the_fetch_that_is_about_to_start(stage, options, answering, clock):
    """It has not begun then, but no component should say that nothing is going on."""
    fn = answering("data", after=1)
    probe = await stage.mount("use_query", lambda _: {"options": options(fn)}, status)
    assert probe.shown == [("pending", "fetching", None)]
    assert len(fn.calls) == 1
    await clock.advance(1)
    await stage.settle()
    assert probe.shown[1:] == [("success", "idle", "data")]


async def test_cached_data_is_there_at_the_first_render(stage, client, key, options, answering):
    """And is not fetched while it is fresh."""
    client.set_query_data(key, "cached")
    fn = answering("data")
    probe = await stage.mount("use_query", lambda _: {"options": options(fn, stale_time=60)}, status)
    assert probe.shown == [("success", "idle", "cached")]
    assert fn.calls == []


async def test_an_error_is_in_the_result(stage, options, answering):
    """Nothing is raised into the component, whatever throw_on_error says."""
    error = ValueError("no")
    made = options(answering(error), retry=False, throw_on_error=True)
    probe = await stage.mount("use_query", lambda _: {"options": made}, lambda result: result.error)
    assert probe.shown == [None, error]
    assert probe.errors == []


async def test_what_changed_between_drawing_and_listening_is_drawn(stage, client, key, options):
    """The cache was written while the component was on its way onto the page."""

    def read(result):
        if result.data == "before":
            client.set_query_data(key, "after")
        return result.data

    client.set_query_data(key, "before")
    probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False)}, read)
    assert probe.shown == ["before", "after"]


# -- following the cache


async def test_a_write_to_the_cache_is_drawn(stage, client, key, options):
    """Whoever made it."""
    client.set_query_data(key, 0)
    probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False)}, lambda result: result.data)
    for number in (1, 2):
        client.set_query_data(key, number)
        await stage.settle()
    assert probe.shown == [0, 1, 2]


async def test_writes_of_one_turn_are_drawn_once(stage, client, key, options):
    """Only the last one is seen."""
    client.set_query_data(key, 0)
    probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False)}, lambda result: result.data)
    for number in range(1, 100):
        client.set_query_data(key, number)
    await stage.settle()
    assert probe.shown == [0, 99]


async def test_only_changes_of_what_was_read_are_drawn(stage, client, key, options, answering, clock):
    """A component that reads the data alone does not see the fetches."""
    client.set_query_data(key, "data")
    made = options(answering("data", after=1))
    reads_data = await stage.mount("use_query", lambda _: {"options": made}, lambda result: result.data)
    await clock.advance(1)
    await stage.settle()
    assert reads_data.shown == ["data"]
    refetched = reads_data.result.refetch()
    await clock.advance(1)
    await refetched
    await stage.settle()
    assert reads_data.shown == ["data"]


async def test_notify_on_change_props_says_what_is_drawn(stage, client, key, options):
    """In place of what was read; the result is then the plain one."""
    made = options(enabled=False, notify_on_change_props=["error"])
    probe = await stage.mount("use_query", lambda _: {"options": made}, lambda result: result.data)
    client.set_query_data(key, "data")
    await stage.settle()
    assert probe.shown == [None]
    await stage.rerender(probe)
    assert probe.shown == [None, "data"]
    assert type(probe.result) is SuccessResult


async def test_a_result_stays_the_same_object_while_nothing_changes(stage, client, key, options):
    """However often the component is drawn."""
    client.set_query_data(key, "data")
    probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False)})
    await stage.rerender(probe)
    await stage.rerender(probe)
    assert [result is probe.result for result in probe.results] == [True, True, True]


async def test_a_result_matches_its_class(stage, client, key, options):
    """Also when it notes what is read."""
    client.set_query_data(key, "data")
    probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False)})
    assert isinstance(probe.result, SuccessResult)


async def test_two_components_share_one_request(stage, options, answering):
    """And both are drawn."""
    fn = answering("data")
    make = {"options": options(fn)}
    one = await stage.mount("use_query", lambda _: make, status)
    other = await stage.mount("use_query", lambda _: {**make, "options": options(fn, stale_time=60)}, status)
    assert one.shown[-1] == other.shown[-1] == ("success", "idle", "data")
    assert len(fn.calls) == 1


# -- other options at a later render


async def test_another_key_is_another_query(stage, key, answering):
    """The data of the first is never shown under the second."""
    fn = {name: answering(f"data of {name}") for name in ("a", "b")}

    def make(name):
        return {"options": QueryOptions(query_key=(*key, name), query_fn=fn[name])}

    probe = await stage.mount("use_query", make, lambda result: result.data, "a")
    await stage.rerender(probe, "b")
    assert probe.shown == [None, "data of a", None, "data of b"]


async def test_options_of_the_latest_render_count(stage, client, key, options):
    """``select`` may be made anew at each render and use what the component knows."""
    client.set_query_data(key, 10)

    def make(factor):
        return {"options": options(enabled=False, select=lambda data: data * factor)}

    probe = await stage.mount("use_query", make, lambda result: result.data, 2)
    await stage.rerender(probe, 3)
    assert probe.shown == [20, 30]
    client.set_query_data(key, 20)
    await stage.settle()
    assert probe.shown == [20, 30, 60]


async def test_enabling_starts_the_fetch(stage, options, answering):
    """After the render that asks for it, which shows it already."""
    fn = answering("data")
    probe = await stage.mount(
        "use_query", lambda enabled: {"options": options(fn, enabled=enabled)}, status, props=False
    )
    assert fn.calls == []
    await stage.rerender(probe, True)
    assert probe.shown == [("pending", "idle", None), ("pending", "fetching", None), ("success", "idle", "data")]


async def test_a_select_that_returns_new_objects_does_not_draw_for_ever(stage, client, key, options):
    """Though neither the function nor what it returns is ever the same."""
    client.set_query_data(key, 1)
    probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False, select=lambda _: object())})
    await stage.rerender(probe)
    await stage.settle()
    assert probe.renders == 2


# -- not subscribed, and restoring


async def test_without_subscription_nothing_is_fetched_or_followed(stage, client, key, options, answering):
    """What is there is shown, at each render."""
    fn = answering("data")
    probe = await stage.mount("use_query", lambda _: {"options": options(fn), "subscribed": False}, status)
    client.set_query_data(key, "written")
    await stage.settle()
    assert probe.shown == [("pending", "idle", None)]
    await stage.rerender(probe)
    assert probe.shown[1:] == [("success", "idle", "written")]
    assert fn.calls == []
    assert client.get_query_cache().get(probe_hash(client, key)).observers == []


def probe_hash(client, key):
    """The hash of a key."""
    return client.default_query_options(QueryOptions(query_key=key)).query_hash


async def test_a_subscription_may_come_and_go(stage, client, key, options, answering):
    """With what the component says at each render."""
    fn = answering("first", "second")
    query_hash = probe_hash(client, key)
    probe = await stage.mount(
        "use_query", lambda on: {"options": options(fn), "subscribed": on}, lambda result: result.data, props=False
    )
    await stage.rerender(probe, True)
    assert probe.shown[-1] == "first"
    await stage.rerender(probe, False)
    assert client.get_query_cache().get(query_hash).observers == []
    await stage.rerender(probe, True)
    assert probe.shown[-1] == "second"


async def test_nothing_is_fetched_while_a_stored_cache_is_restored(stage, options, answering):
    """When that is done, all begins."""
    fn = answering("data")
    await stage.restore(True)
    probe = await stage.mount("use_query", lambda _: {"options": options(fn)}, status)
    assert probe.shown == [("pending", "idle", None)]
    assert fn.calls == []
    await stage.restore(False)
    assert probe.shown[-1] == ("success", "idle", "data")
    assert len(fn.calls) == 1


# -- clients


async def test_a_client_may_be_given_to_the_hook(framework, client, key, options):
    """Then there need be no provider."""
    client.set_query_data(key, "data")
    async with staged(framework, None) as stage:
        probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False), "client": client}, status)
        assert probe.shown == [("success", "idle", "data")]


async def test_without_any_client_the_hook_says_what_to_do(framework, options):
    """In words, and as an error of its own."""
    async with staged(framework, None) as stage:
        probe = await stage.mount("use_query", lambda _: {"options": options()})
        (error,) = probe.errors
        assert isinstance(error, MissingQueryClientError)
        assert "QueryClientProvider" in str(error)


async def test_another_client_is_another_cache(stage, client, key, options, clock):
    """The component leaves the first one."""
    other = QueryClient(clock=clock)
    client.set_query_data(key, "of the first")
    other.set_query_data(key, "of the other")
    probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False)}, lambda result: result.data)
    await stage.provide(other)
    assert probe.shown[-1] == "of the other"
    query_hash = probe_hash(client, key)
    assert client.get_query_cache().get(query_hash).observers == []
    assert len(other.get_query_cache().get(query_hash).observers) == 1
    client.set_query_data(key, "unseen")
    other.set_query_data(key, "seen")
    await stage.settle()
    assert probe.shown[-1] == "seen"
    await stage.unmount(probe)
    await other.aclose()


async def test_the_provider_keeps_its_client_mounted(framework, clock):
    """And not a moment longer."""
    one, other = QueryClient(clock=clock), QueryClient(clock=clock)
    async with staged(framework, one) as stage:
        assert (one._mount_count, other._mount_count) == (1, 0)
        await stage.provide(other)
        assert (one._mount_count, other._mount_count) == (0, 1)
    assert other._mount_count == 0


async def test_options_without_a_key_are_refused(stage):
    """While rendering."""
    probe = await stage.mount("use_query", lambda _: {"options": QueryOptions()})
    assert isinstance(probe.errors[0], OptionError)


# -- the end


async def test_an_unmounted_component_is_told_nothing(stage, client, key, options):
    """Its observer is gone."""
    client.set_query_data(key, 0)
    probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False)}, lambda result: result.data)
    await stage.unmount(probe)
    client.set_query_data(key, 1)
    await stage.settle()
    assert probe.shown == [0]
    assert client.get_query_cache().get(probe_hash(client, key)).observers == []


async def test_a_change_on_its_way_to_a_component_that_goes_is_lost(stage, client, key, options):
    """It is told of in a later turn, and by then nobody is there."""
    client.set_query_data(key, 0)
    probe = await stage.mount("use_query", lambda _: {"options": options(enabled=False)}, lambda result: result.data)
    client.set_query_data(key, 1)
    await stage.unmount(probe)
    client.set_query_data(key, 2)
    await stage.settle()
    assert probe.shown[-1] in (0, 1)
