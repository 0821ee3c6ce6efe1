"""The option ``persister``: what stands between a query and its function."""

from __future__ import annotations

import pytest
from client_fixtures import FakeObserver

from query import MissingQueryFnError, OptionError, QueryOptions, skip_token


@pytest.mark.parity("QC-query-044")
async def test_a_persister_is_called_in_the_function_s_place(build, key):
    """With the function, its context and the query; the function is called when the persister calls it."""
    seen = []

    def persister(query_fn, context, query):
        seen.append((context.query_key, query))
        return f"stored with {query_fn(context)}"

    query = build(query_fn=lambda context: context.query_key[1], persister=persister)
    assert await query.fetch() == f"stored with {key[1]}"
    assert seen == [(key, query)]


@pytest.mark.parity("QC-query-044")
async def test_a_persister_may_be_async_and_leave_the_function_alone(build, answering):
    """What it delivers is the data."""
    fetch = answering("fetched")

    async def persister(query_fn, context, query):
        return "restored"

    assert await build(query_fn=fetch, persister=persister).fetch() == "restored"
    assert fetch.calls == []


async def test_a_persister_that_raises_fails_the_fetch(build):
    """As the function would."""

    def persister(query_fn, context, query):
        raise ValueError("storage")

    query = build(query_fn=lambda _: 1, persister=persister, retry=False)
    with pytest.raises(ValueError, match="storage"):
        await query.fetch()
    assert str(query.state.error) == "storage"


async def test_each_attempt_asks_the_persister_with_the_newest_function(build, clock):
    """A retry uses what was set meanwhile."""
    asked = []

    def persister(query_fn, context, query):
        asked.append(query_fn)
        return query_fn(context)

    def fails(context):
        raise ValueError

    def works(context):
        return "data"

    query = build(query_fn=fails, persister=persister)
    handle = query.fetch()
    query.set_options(QueryOptions(query_fn=works, persister=persister))
    await clock.advance(1)
    assert await handle == "data"
    assert asked == [fails, works]


@pytest.mark.parametrize("query_fn", [None, skip_token])
async def test_a_persister_may_have_something_without_a_function(build, query_fn):
    """Only calling the missing function fails."""

    async def restores(query_fn, context, query):
        return "restored"

    async def fetches(query_fn, context, query):
        return query_fn(context)

    assert await build(query_fn=query_fn, persister=restores).fetch() == "restored"
    query = build(query_fn=query_fn, persister=restores)
    query.set_options(QueryOptions(query_fn=query_fn, persister=fetches, retry=False))
    with pytest.raises(MissingQueryFnError) as caught:
        await query.fetch()
    assert caught.value.skipped is (query_fn is skip_token)


@pytest.mark.parametrize("reads", [True, False])
async def test_only_reading_the_signal_declares_that_it_is_heeded(client, key, build, clock, reads):
    """Whoever of the two reads it; standing between them does not."""

    async def persister(query_fn, context, query):
        if reads:
            context.signal.raise_if_aborted()
        return await query_fn(context)

    async def fetch(context):
        await clock.sleep(1)
        return "data"

    query, observer = build(query_fn=fetch, persister=persister), FakeObserver(client, query_key=key)
    query.add_observer(observer)
    query.fetch()
    query.remove_observer(observer)
    await clock.advance(1)
    assert query.state.status == ("pending" if reads else "success")


async def test_without_a_network_a_persister_is_asked_once(build, online, answering, clock):
    """What is stored can be had; a failed attempt waits for the network."""
    online.set_online(False)
    fetch = answering(ValueError("no network"), "fetched")
    query = build(query_fn=fetch, persister=lambda query_fn, context, query: query_fn(context))
    handle = query.fetch()
    await clock.advance(1)
    assert (len(fetch.calls), query.state.fetch_status) == (1, "paused")
    online.set_online(True)
    query.on_online()
    assert await handle == "fetched"


@pytest.mark.parametrize(
    ("options", "mode"),
    [
        ({}, "offline_first"),
        ({"network_mode": None}, "offline_first"),
        ({"network_mode": "online"}, "online"),
        ({"network_mode": "always"}, "always"),
        ({"persister": None}, None),
    ],
)
def test_a_persister_makes_offline_first_the_default(client, options, mode):
    """A mode that is given stays, also one from the defaults."""
    client.set_query_defaults(["a"], QueryOptions(persister=lambda query_fn, context, query: 1))
    made = client.default_query_options(QueryOptions(query_key=["a"], **options))
    assert (made.network_mode or None) == mode


@pytest.mark.parametrize("wrong", [lambda query_fn, context: 1, "file"])
def test_a_persister_must_take_all_three(wrong):
    """It is refused where it is written."""
    with pytest.raises(OptionError, match=r"persister\(query_fn, context, query\)"):
        QueryOptions(persister=wrong)
