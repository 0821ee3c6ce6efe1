"""From client to client as JSON: what goes along, what wins, and what stays behind."""

from __future__ import annotations

import json

import pytest
from hydration_fixtures import always, never

from query import (
    UNSET,
    DefaultOptions,
    DehydratedError,
    DehydrateOptions,
    HydrateOptions,
    MutationOptions,
    OptionError,
    QueryClient,
    QueryOptions,
    UnknownOptionError,
    dehydrate,
    dehydrate_query,
    hydrate,
)


def query_of(client, key):
    """The stored query."""
    return client.get_query_cache().find(query_key=key)


# -- one query


@pytest.mark.parity("QC-hydration-001")
async def test_one_query_is_described_by_itself(build, key, clock):
    """With the present time; a settled one carries no fetch."""
    query = build()
    query.set_data({"n": 1}, updated_at=5.0)
    plain = dehydrate_query(query, promises=True)
    assert (plain["query_key"], plain["query_hash"], plain["dehydrated_at"]) == (
        list(key),
        query.query_hash,
        clock.time(),
    )
    assert plain["state"]["data"] is query.state.data
    assert (plain["state"]["data_updated_at"], plain["state"]["status"]) == (5.0, "success")
    assert plain.keys() == {"query_key", "query_hash", "state", "dehydrated_at"}


@pytest.mark.parity("QC-hydration-002")
async def test_serialize_data_is_called_once_and_changes_no_cache(build):
    """The live query keeps its data."""
    query, calls = build(), []
    query.set_data("data")
    plain = dehydrate_query(query, serialize_data=lambda data: calls.append(data) or f"plain {data}")
    assert plain["state"]["data"] == "plain data"
    assert (calls, query.state.data) == (["data"], "data")


async def test_options_of_a_call_may_be_an_object_and_fields(build):
    """A field wins; an unknown one is named."""
    query = build()
    query.set_data("data")
    options = DehydrateOptions(serialize_data=lambda _: "object")
    assert dehydrate_query(query, options)["state"]["data"] == "object"
    assert dehydrate_query(query, options, serialize_data=lambda _: "field")["state"]["data"] == "field"
    with pytest.raises(UnknownOptionError, match="no option 'serialise_data'. Did you mean 'serialize_data'"):
        dehydrate_query(query, options, serialise_data=str)


# -- from client to client


@pytest.mark.parity("QC-hydration-004")
@pytest.mark.parametrize("data", ["text", 1, True, None, ["text", 0], {"key": [{"nested": 1}]}], ids=repr)
async def test_plain_data_survives_json_and_stays_fresh(there, sent, client, key, answering, data):
    """What arrives is as old as it was, and is not fetched again before its time."""
    there.set_query_data(key, data)
    hydrate(client, sent())
    assert client.get_query_data(key, UNSET) == data
    again = answering("again")
    await client.prefetch_query(QueryOptions(query_key=key, query_fn=again, stale_time=1000))
    assert again.calls == []


@pytest.mark.parity("QC-hydration-010")
async def test_nested_keys_meet_the_same_entry(there, sent, client):
    """Lists, dicts and the order of their members."""
    there.set_query_data(("a", {"key": ["x"], "other": 0}), 1)
    hydrate(client, sent())
    assert client.get_query_data(("a", {"other": 0, "key": ("x",)})) == 1


@pytest.mark.parity("QC-hydration-011")
async def test_only_successful_queries_go_along(there, sent, client, answering, clock):
    """Those that wait for their first data, and those that failed, do not."""
    there.set_query_data(["good"], 1)
    there.prefetch_query(QueryOptions(query_key=["bad"], query_fn=answering(OSError("boom"))))
    there.prefetch_query(QueryOptions(query_key=["waiting"], query_fn=answering(1, after=9)))
    await clock.settle()
    assert [plain["query_key"] for plain in sent()["queries"]] == [["good"]]


@pytest.mark.parity("QC-hydration-005", "QC-hydration-012")
async def test_a_predicate_picks_the_queries(there, sent):
    """None of them, or some."""
    there.set_query_data(["a"], 1)
    there.set_query_data(["b"], 2)
    assert sent(should_dehydrate_query=never)["queries"] == []
    some = sent(should_dehydrate_query=lambda query: query.query_key != ["a"])
    assert [plain["state"]["data"] for plain in some["queries"]] == [2]


@pytest.mark.parity("QC-hydration-006")
async def test_gc_time_is_the_receivers_own(there, sent, client, key, build, clock):
    """It does not travel."""
    there.get_query_cache().build(there, QueryOptions(query_key=key, gc_time=50)).set_data(1)
    hydrate(client, sent())
    await clock.advance(100)
    assert client.get_query_data(key) == 1
    assert query_of(client, key).gc_time == 300


@pytest.mark.parity("QC-hydration-007")
async def test_restored_queries_take_options_of_the_call(there, sent, client, key):
    """Until an observer brings its own."""
    there.set_query_data(key, 1)
    hydrate(client, sent(), queries=QueryOptions(retry=10))
    assert query_of(client, key).options.retry == 10


@pytest.mark.parity("QC-hydration-008")
async def test_sections_of_the_clients_defaults_count_for_queries(there, sent, client, key, answering):
    """Those of the receiving client combine with those of the call."""
    there.set_default_options(DefaultOptions(dehydrate=DehydrateOptions(should_dehydrate_query=always)))
    await there.prefetch_query(QueryOptions(query_key=key, query_fn=answering(OSError("boom"))))
    defaults = HydrateOptions(queries=QueryOptions(retry=10, gc_time=1))
    client.set_default_options(DefaultOptions(hydrate=defaults))
    hydrate(client, sent(), queries=QueryOptions(gc_time=1000))
    assert (query_of(client, key).options.retry, query_of(client, key).options.gc_time) == (10, 1000)


@pytest.mark.parity("QC-hydration-009")
async def test_sections_of_the_clients_defaults_count_for_mutations(there, sent, client, answering):
    """The same."""
    wanted = DehydrateOptions(should_dehydrate_mutation=lambda mutation: mutation.state.data == "done")
    there.set_default_options(DefaultOptions(dehydrate=wanted))
    options = MutationOptions(mutation_key=["m"], mutation_fn=answering("done"))
    await there.get_mutation_cache().build(there, options).execute(1)
    client.set_default_options(DefaultOptions(hydrate=HydrateOptions(mutations=MutationOptions(retry=10))))
    hydrate(client, sent(), mutations=MutationOptions(gc_time=10))
    mutation = client.get_mutation_cache().find(mutation_key=["m"])
    assert (mutation.options.retry, mutation.options.gc_time, mutation.state.data) == (10, 10, "done")


async def test_a_section_must_be_what_it_is_called():
    """Defaults of a client are checked like those of queries."""
    with pytest.raises(OptionError, match=r"DefaultOptions.hydrate is .*; expected HydrateOptions\(...\)"):
        DefaultOptions(hydrate=DehydrateOptions())


async def test_none_asks_for_the_built_in_default(there, sent):
    """Over the client's own."""
    there.set_default_options(DefaultOptions(dehydrate=DehydrateOptions(should_dehydrate_query=never)))
    there.set_query_data(["a"], 1)
    assert sent()["queries"] == []
    assert len(sent(should_dehydrate_query=None)["queries"]) == 1


# -- what wins


@pytest.mark.parity("QC-hydration-013")
async def test_newer_data_stays(there, sent, client, key, events):
    """No event either. Of the same age counts as newer."""
    there.set_query_data(key, "theirs", updated_at=10)
    client.set_query_data(key, "ours", updated_at=10)
    events.clear()
    hydrate(client, sent())
    assert client.get_query_data(key) == "ours"
    assert events == []


@pytest.mark.parity("QC-hydration-014")
async def test_older_data_goes(there, sent, client, key, events):
    """In one step, with its date."""
    there.set_query_data(key, "theirs", updated_at=10)
    client.set_query_data(key, "ours", updated_at=9)
    events.clear()
    hydrate(client, sent())
    state = client.get_query_state(key)
    assert (state.data, state.data_updated_at, events) == ("theirs", 10, ["updated:set_state"])


@pytest.mark.parity("QC-hydration-020")
async def test_a_new_query_is_idle_whatever_it_was(there, sent, client, key, answering):
    """It fetched where it comes from, and the state says so."""
    there.set_query_data(key, 1)
    there.get_query_cache().build(there, QueryOptions(query_key=key)).fetch(
        QueryOptions(query_key=key, query_fn=answering(2, after=9))
    )
    state = sent()
    assert state["queries"][0]["state"]["fetch_status"] == "fetching"
    hydrate(client, state)
    assert client.get_query_state(key).fetch_status == "idle"


@pytest.mark.parity("QC-hydration-023")
async def test_a_fetch_of_the_receiver_goes_on(there, sent, client, key, answering, clock):
    """What arrives meanwhile is shown, and overwritten in the end."""
    there.set_query_data(key, "theirs")
    state = sent()
    client.prefetch_query(QueryOptions(query_key=key, query_fn=answering("ours", after=10)))
    hydrate(client, state)
    assert (client.get_query_data(key), client.get_query_state(key).fetch_status) == ("theirs", "fetching")
    await clock.advance(10)
    assert (client.get_query_data(key), client.get_query_state(key).fetch_status) == ("ours", "idle")


async def test_a_reset_empties_a_restored_query(there, sent, client, key):
    """Its initial state is that of its options."""
    there.set_query_data(key, 1)
    hydrate(client, sent())
    client.reset_queries(key)
    assert client.get_query_data(key, UNSET) is UNSET


# -- data, errors and meta


@pytest.mark.parity("QC-hydration-028")
async def test_data_goes_through_both_callbacks(there, sent, client, key):
    """Once each."""
    there.set_query_data(key, {1, 2})
    hydrate(client, sent(serialize_data=sorted), deserialize_data=set)
    assert client.get_query_data(key) == {1, 2}


@pytest.mark.parity("QC-hydration-029")
async def test_the_newer_wins_with_callbacks_too(there, sent, client, key):
    """They do not touch dates."""
    client.set_default_options(DefaultOptions(hydrate=HydrateOptions(deserialize_data=set)))
    there.set_query_data(key, {1}, updated_at=10)
    client.set_query_data(key, {2}, updated_at=9)
    hydrate(client, sent(serialize_data=list))
    assert client.get_query_data(key) == {1}
    client.set_query_data(key, {3}, updated_at=11)
    hydrate(client, sent(serialize_data=list))
    assert client.get_query_data(key) == {3}


async def test_an_error_arrives_as_its_description(there, sent, client, key, answering):
    """Its type and its words: an exception does not survive being written."""
    await there.prefetch_query(QueryOptions(query_key=key, query_fn=answering(OSError("boom"))))
    hydrate(client, sent(should_dehydrate_query=always))
    state = client.get_query_state(key)
    assert isinstance(state.error, DehydratedError)
    assert (state.error.type, str(state.error), state.status) == ("OSError", "boom", "error")
    # and once more
    text = json.dumps(dehydrate(client, should_dehydrate_query=always)["queries"][0]["state"]["error"])
    assert text == '{"type": "OSError", "message": "boom"}'


async def test_an_error_may_be_kept_within_the_process(there, client, key, answering):
    """As the very exception."""
    error = OSError("boom")
    await there.prefetch_query(QueryOptions(query_key=key, query_fn=answering(error)))
    state = dehydrate(there, should_dehydrate_query=always, serialize_error=lambda error: error)
    hydrate(client, state)
    assert client.get_query_state(key).error is error
    assert client.get_query_state(key).fetch_failure_reason is error


async def test_errors_go_through_callbacks_of_ones_own(there, sent, client, key, answering):
    """Written by one, read by the other."""
    await there.prefetch_query(QueryOptions(query_key=key, query_fn=answering(OSError("boom"))))
    state = sent(should_dehydrate_query=always, serialize_error=str)
    hydrate(client, state, deserialize_error=lambda text: ValueError(text.upper()))
    assert repr(client.get_query_state(key).error) == "ValueError('BOOM')"


@pytest.mark.parity("QC-hydration-021")
async def test_meta_of_queries_goes_along(there, sent, client):
    """Where there is any."""
    there.get_query_cache().build(there, QueryOptions(query_key=["with"], meta={"some": "meta"})).set_data(1)
    there.set_query_data(["without"], 1)
    state = sent()
    hydrate(client, state)
    assert query_of(client, ["with"]).meta == {"some": "meta"}
    assert "meta" not in state["queries"][1]
    assert query_of(client, ["without"]).meta is None


async def test_a_hash_of_ones_own_goes_along(there, sent, client, key):
    """The receiver finds the query under it."""
    options = QueryOptions(query_key=key, query_key_hash_fn=lambda key: f"own {key[1]}")
    there.get_query_cache().build(there, options).set_data(1)
    hydrate(client, sent())
    assert client.get_query_cache().get(f"own {key[1]}").state.data == 1


# -- mutations


@pytest.mark.parity("QC-hydration-015")
async def test_a_paused_mutation_is_resumed_elsewhere(there, sent, client, online, answering, clock):
    """Its function and its later callbacks run there, with what ``on_mutate`` returned here."""
    online.set_online(False)
    options = MutationOptions(mutation_key=["add"], mutation_fn=answering("here"), on_mutate=lambda *_: {"id": 1})
    there.get_mutation_cache().build(there, options).execute({"text": "x"})
    await clock.settle()
    state = sent()
    add, on_mutate, told = answering({"id": 2}), answering(None), []
    client.set_mutation_defaults(
        ["add"],
        MutationOptions(mutation_fn=add, on_mutate=on_mutate, on_success=lambda *args: told.append(args[:3])),
    )
    hydrate(client, state)
    await client.resume_paused_mutations()
    assert add.calls == []
    online.set_online(True)
    await clock.settle()
    assert (len(add.calls), on_mutate.calls) == (1, [])
    assert told == [({"id": 2}, {"text": "x"}, {"id": 1})]


@pytest.mark.parity("QC-hydration-016", "QC-hydration-017")
async def test_only_paused_mutations_go_along(there, sent, online, answering, clock):
    """Not one that waits for its next try; a predicate takes none at all."""
    options = MutationOptions(mutation_fn=answering(OSError("boom")), retry=1, retry_delay=20)
    there.get_mutation_cache().build(there, options).execute(1)
    await clock.settle()
    assert sent()["mutations"] == []
    online.set_online(False)
    there.get_mutation_cache().build(there, options).execute(2)
    await clock.settle()
    assert [plain["state"]["variables"] for plain in sent()["mutations"]] == [2]
    assert sent(should_dehydrate_mutation=never)["mutations"] == []


@pytest.mark.parity("QC-hydration-022", "QC-hydration-024")
async def test_meta_and_scope_of_mutations_go_along(there, sent, client):
    """Where there are any; a key too."""
    there.get_mutation_cache().build(there, MutationOptions(mutation_key=["m"], scope="s", meta={"some": "meta"}))
    there.get_mutation_cache().build(there, MutationOptions())
    state = sent(should_dehydrate_mutation=always)
    hydrate(client, state)
    with_all, without = client.get_mutation_cache().get_all()
    assert (with_all.scope, with_all.meta, with_all.mutation_key) == ("s", {"some": "meta"}, ["m"])
    assert state["mutations"][1].keys() == {"state"}
    assert (without.scope, without.meta, without.mutation_key) == (None, None, None)


async def test_restored_mutations_wait_until_they_are_resumed(there, sent, client, online, answering, clock):
    """Hydrating runs nothing, and gives them numbers of the receiver's."""
    online.set_online(False)
    there.get_mutation_cache().build(there, MutationOptions(mutation_key=["m"])).execute(1)
    await clock.settle()
    client.get_mutation_cache().build(client, MutationOptions())
    hydrate(client, sent())
    restored = client.get_mutation_cache().find(mutation_key=["m"])
    assert (restored.mutation_id, restored.state.is_paused, restored.state.status) == (2, True, "pending")


def test_data_needs_no_loop(key):
    """Writing and reading a state is for plain programs too."""
    here, there = QueryClient(), QueryClient()
    there.set_query_data(key, 1)
    hydrate(here, json.loads(json.dumps(dehydrate(there))))
    assert here.get_query_data(key) == 1
