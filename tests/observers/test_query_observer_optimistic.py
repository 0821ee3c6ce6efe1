"""What would be shown with options that are not set yet: for what draws results."""

from __future__ import annotations

import pytest
from client_fixtures import shown

from query import LoopError, QueryObserver, QueryOptions
from query.base.given_options import replaced


@pytest.fixture
def optimistic(client, key):
    """Options that show a fetch before it starts, or none while restoring."""

    def make(mode="optimistic", **options):
        complete = client.default_query_options(QueryOptions(**{"query_key": key, **options}))
        return replaced(complete, {"_optimistic_results": mode}, complete=True)

    return make


# -- a result ahead of its options


@pytest.mark.parity("QC-queryObserver-071")
async def test_an_optimistic_result_becomes_the_current_one(observe):
    """Where it differs."""
    observer = observe(enabled=False)
    before = observer.get_current_result()
    assert observer.get_optimistic_result(observer.options) is not before
    assert observer.get_current_result() is before
    result = observer.get_optimistic_result(observer.options.with_(placeholder_data="placeholder"))
    assert shown(result) == ("success", "idle", "placeholder")
    assert observer.get_current_result() is result


async def test_an_optimistic_result_of_another_key_looks_there(client, key, observe):
    """The observer stays where it is; counts begin with the look."""
    client.set_query_data([*key, "other"], "other")
    observer = observe(enabled=False)
    result = observer.get_optimistic_result(QueryOptions(query_key=[*key, "other"]))
    assert (result.data, result.is_fetched, result.is_fetched_after_mount) == ("other", True, False)
    assert observer.get_current_query().query_key == key
    assert observer.get_current_query().get_observers_count() == 0


async def test_what_comes_next_is_shared_with_an_optimistic_result(client, key, observe, watch):
    """It is what was shown last."""
    options = QueryOptions(query_key=key, enabled=False, select=lambda data: {"a": list(data["a"])})
    observer = QueryObserver(client, options)
    told = watch(observer)
    result = observer.get_optimistic_result(options.with_(query_key=[*key, "other"], initial_data={"a": [1]}))
    client.set_query_data(key, {"a": [1], "b": 2})
    assert observer.get_current_result().data is result.data
    assert told[-1].data_updated_at > 0


async def test_without_a_mode_only_what_is_there_is_shown(observe):
    """No fetch is under way."""
    observer = observe(query_fn=lambda context: pytest.fail("fetched"))
    assert shown(observer.get_optimistic_result(observer.options)) == ("pending", "idle", None)


async def test_the_fetch_of_a_subscription_is_shown_ahead(client, optimistic):
    """Nothing is fetched for it."""
    observer = QueryObserver(client, optimistic(query_fn=lambda context: pytest.fail("fetched")))
    assert shown(observer.get_current_result()) == ("pending", "fetching", None)
    assert observer.get_current_query().state.fetch_status == "idle"


async def test_the_fetch_is_shown_ahead_as_paused_without_a_network(client, optimistic, online):
    """Unless it does not need one."""
    online.set_online(False)
    observer = QueryObserver(client, optimistic())
    assert shown(observer.get_current_result()) == ("pending", "paused", None)
    observer.set_options(optimistic(network_mode="always"))
    assert shown(observer.get_current_result()) == ("pending", "fetching", None)


async def test_fresh_data_is_shown_as_it_is(client, key, optimistic):
    """Subscribing would fetch nothing."""
    client.set_query_data(key, "data")
    observer = QueryObserver(client, optimistic(stale_time=10))
    assert shown(observer.get_current_result()) == ("success", "idle", "data")


async def test_the_fetch_of_other_options_is_shown_ahead(client, optimistic, watch, key, clock, answering):
    """While somebody is subscribed; failures of the fetch before are gone."""
    observer = QueryObserver(client, optimistic(query_fn=answering(ValueError()), retry=False))
    watch(observer)
    await clock.settle()
    assert shown(observer.get_optimistic_result(observer.options)) == ("error", "idle", None)
    client.set_query_data([*key, "other"], "stale")
    result = observer.get_optimistic_result(optimistic(query_key=[*key, "other"]))
    assert (shown(result), result.failure_count) == (("success", "fetching", "stale"), 0)


@pytest.mark.parity("QC-queryObserver-068")
async def test_while_restoring_no_fetch_is_shown(client, optimistic):
    """Not even one that is under way."""
    observer = QueryObserver(client, optimistic("restoring", query_fn=lambda context: "data"))
    assert shown(observer.get_current_result()) == ("pending", "idle", None)
    client.prefetch_query(observer.options)
    assert observer.get_current_query().state.fetch_status == "fetching"
    assert shown(observer.get_optimistic_result(observer.options)) == ("pending", "idle", None)
    await client.cancel_queries()


async def test_an_option_for_drawing_is_not_for_users(key):
    """It is no name that can be written."""
    with pytest.raises(TypeError, match="_optimistic_results"):
        QueryOptions(query_key=key).with_(_optimistic_results="optimistic")


# -- a fetch ahead of its options


@pytest.mark.parity("QC-queryObserver-060")
async def test_fetching_ahead_gives_the_result(observe, answering, clock, events, key):
    """Of the fetch with those options; nobody is told."""
    observer = observe(enabled=False)
    events.clear()
    handle = observer.fetch_optimistic(QueryOptions(query_key=key, query_fn=answering("data", after=1), select=len))
    assert not handle.done()
    await clock.advance(1)
    assert shown(await handle) == ("success", "idle", 4)
    assert events == ["updated:fetch", "updated:success"]
    assert shown(observer.get_current_result()) == ("pending", "idle", None)


@pytest.mark.parity("QC-queryObserver-061")
async def test_fetching_ahead_is_done_when_data_is_written(client, key, observe, answering, clock):
    """The fetch goes on."""
    observer = observe(enabled=False)
    handle = observer.fetch_optimistic(QueryOptions(query_key=key, query_fn=answering("fetched", after=1)))
    client.set_query_data(("another",), "data")
    assert not handle.done()
    client.set_query_data(key, "written")
    assert shown(await handle) == ("success", "fetching", "written")
    await clock.advance(1)
    assert client.get_query_data(key) == "fetched"
    assert not client.get_query_cache().has_listeners()


async def test_fetching_ahead_gives_old_data_at_once(client, key, observe, answering, clock):
    """Marked as being fetched again."""
    client.set_query_data(key, "old")
    handle = observe(enabled=False).fetch_optimistic(QueryOptions(query_key=key, query_fn=answering("new", after=1)))
    assert shown(await handle) == ("success", "fetching", "old")
    await clock.advance(1)
    assert client.get_query_data(key) == "new"


async def test_fetching_ahead_fails_with_the_fetch(key, observe, answering, client):
    """Nobody is left listening; a failure that nobody awaits is not reported."""
    failing = QueryOptions(query_key=key, query_fn=answering(ValueError("failed")), retry=False)
    observer = observe(enabled=False)
    with pytest.raises(ValueError, match="failed"):
        await observer.fetch_optimistic(failing)
    observer.fetch_optimistic(failing)
    await client.cancel_queries()
    assert not client.get_query_cache().has_listeners()


async def test_a_failure_after_old_data_was_given_is_the_querys(client, key, observe, answering, clock):
    """Who fetched ahead has his answer."""
    client.set_query_data(key, "old")
    failing = QueryOptions(query_key=key, query_fn=answering(ValueError("failed"), after=1), retry=False)
    handle = observe(enabled=False).fetch_optimistic(failing)
    await clock.advance(1)
    assert (await handle).data == "old"
    assert str(client.get_query_state(key).error) == "failed"


async def test_a_fetch_ahead_that_cannot_begin_leaves_no_listener(client, key, observe):
    """What its options raise is the caller's."""
    with pytest.raises(ZeroDivisionError):
        observe(enabled=False).fetch_optimistic(QueryOptions(query_key=key, initial_data=lambda: 1 / 0))
    assert not client.get_query_cache().has_listeners()


def test_fetching_ahead_without_a_loop_is_refused(client, observe):
    """And leaves no listener behind."""
    observer = observe(query_fn=lambda context: "data")
    with pytest.raises(LoopError, match="no event loop runs"):
        observer.fetch_optimistic(observer.options)
    assert not client.get_query_cache().has_listeners()


async def test_an_option_function_that_raises_is_told_to_who_fetches_ahead(observe, answering, key):
    """Nobody waits for ever."""

    def enabled(query):
        if query.state.data is not None and query.state.status == "success":
            raise RuntimeError("from enabled")
        return True

    options = QueryOptions(query_key=key, query_fn=answering("data"), enabled=enabled)
    with pytest.raises(RuntimeError, match="from enabled"):
        await observe(enabled=False).fetch_optimistic(options)
