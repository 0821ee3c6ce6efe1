"""States of TanStack Query: its names and units, both ways."""

from __future__ import annotations

import json

import pytest

from query import (
    DehydratedError,
    HydrationError,
    InfiniteData,
    MutationOptions,
    QueryClient,
    QueryKey,
    QueryOptions,
    dehydrate,
    from_tanstack,
    hydrate,
    to_tanstack,
)

# as query-core writes it; tests/conformance/test_tanstack.py asks query-core itself
THEIRS = json.loads(
    r"""
{"mutations": [{"mutationKey": ["add"], "scope": {"id": "s"}, "meta": {"m": 1},
   "state": {"context": {"id": 1}, "error": null, "failureCount": 1, "failureReason": {}, "isPaused": true,
             "status": "pending", "variables": {"text": "x"}, "submittedAt": 1700000000500}}],
 "queries": [
  {"dehydratedAt": 1700000001000, "queryKey": ["todos", {"done": false, "page": 1}], "meta": {"some": "meta"},
   "queryHash": "[\"todos\",{\"done\":false,\"page\":1}]",
   "state": {"data": [{"id": 1}], "dataUpdateCount": 2, "dataUpdatedAt": 1700000000250, "error": null,
             "errorUpdateCount": 0, "errorUpdatedAt": 0, "fetchFailureCount": 0, "fetchFailureReason": null,
             "fetchMeta": null, "isInvalidated": false, "status": "success", "fetchStatus": "idle"}},
  {"dehydratedAt": 1700000001000, "queryKey": ["feed"], "queryHash": "[\"feed\"]", "queryType": "infinite",
   "state": {"data": {"pages": [["a"], ["b"]], "pageParams": [0, 1]}, "dataUpdateCount": 1,
             "dataUpdatedAt": 1700000000000, "error": {"name": "TypeError", "message": "boom"}, "errorUpdateCount": 1,
             "errorUpdatedAt": 1700000000750, "fetchFailureCount": 1, "fetchFailureReason": "boom",
             "fetchMeta": {"fetchMore": {"direction": "forward"}}, "isInvalidated": true, "status": "error",
             "fetchStatus": "idle"}}]}
"""
)


@pytest.fixture
def client():
    """A client that took in what TanStack Query wrote."""
    client = QueryClient()
    hydrate(client, from_tanstack(THEIRS))
    return client


# -- read


def test_instants_are_seconds_here(client):
    """There they are milliseconds."""
    state = client.get_query_state(["todos", {"done": False, "page": 1}])
    assert (state.data, state.data_updated_at, state.data_update_count) == ([{"id": 1}], 1_700_000_000.25, 2)
    assert client.get_query_state(["feed"]).error_updated_at == 1_700_000_000.75


def test_pages_are_pages_here(client):
    """With the direction of the last fetch."""
    query = client.get_query_cache().find(query_key=["feed"])
    assert query.query_type == "infinite"
    assert query.state.data == InfiniteData([["a"], ["b"]], [0, 1])
    assert query.state.fetch_meta.direction == "forward"


def test_pages_that_were_written_by_hand_are_pages_too():
    """Though nobody has said yet how to fetch them."""
    entry = {name: part for name, part in THEIRS["queries"][1].items() if name != "queryType"}
    client = QueryClient()
    hydrate(client, from_tanstack({"queries": [entry]}))
    assert client.get_query_data(["feed"]) == InfiniteData([["a"], ["b"]], [0, 1])


def test_what_is_left_of_an_error_is_a_description(client):
    """JSON makes an empty object of one, if nobody saw to it."""
    state = client.get_query_state(["feed"])
    assert [repr(state.error), repr(state.fetch_failure_reason)] == [
        "DehydratedError(type='TypeError', message='boom')",
        "DehydratedError(type='Error', message='boom')",
    ]
    (mutation,) = client.get_mutation_cache().get_all()
    assert repr(mutation.state.failure_reason) == "DehydratedError(type='Error', message='')"


def test_a_paused_mutation_can_be_resumed_here(client):
    """Key, scope, meta, variables and context came along."""
    (mutation,) = client.get_mutation_cache().get_all()
    assert (mutation.mutation_key, mutation.scope, mutation.meta) == (["add"], "s", {"m": 1})
    assert (mutation.state.variables, mutation.state.context) == ({"text": "x"}, {"id": 1})
    assert (mutation.state.is_paused, mutation.state.submitted_at) == (True, 1_700_000_000.5)


def test_meta_comes_along(client):
    """Where there is any."""
    assert client.get_query_cache().find(query_key=["todos"], exact=False).meta == {"some": "meta"}


@pytest.mark.parametrize(
    ("key", "their_hash"),
    [([1e-07], "[1e-7]"), ([1e21], "[1e+21]"), (["\U0001f600", {"b": 1, "a": 2}], '["\U0001f600",{"a":2,"b":1}]')],
    ids=["small", "large", "text"],
)
def test_the_usual_hash_is_made_anew(key, their_hash):
    """JavaScript spells some numbers in another way, and the entry must be found here."""
    entry = {**THEIRS["queries"][0], "queryKey": key, "queryHash": their_hash}
    client = QueryClient()
    hydrate(client, from_tanstack({"queries": [entry]}))
    assert client.get_query_data(key) == [{"id": 1}]
    assert client.get_query_cache().get(QueryKey(*key).text) is not None


@pytest.mark.parametrize("their_hash", ["todos-1", "[1", '"text"', '["other"]', "{}"])
def test_a_hash_of_a_function_of_ones_own_is_kept(their_hash):
    """The client here has the same function."""
    entry = {**THEIRS["queries"][0], "queryHash": their_hash}
    client = QueryClient()
    hydrate(client, from_tanstack({"queries": [entry]}))
    assert client.get_query_cache().get(their_hash) is not None


def test_nothing_is_read_from_nothing():
    """Every part may be missing, as there."""
    nothing = {"version": 1, "queries": [], "mutations": []}
    assert from_tanstack({}) == from_tanstack({"queries": None, "mutations": []}) == nothing


def test_a_query_that_waits_for_its_first_data_is_read():
    """A page may show it at once."""
    entry = THEIRS["queries"][0]
    state = {name: part for name, part in entry["state"].items() if name != "data"} | {"status": "pending"}
    client = QueryClient()
    hydrate(client, from_tanstack({"queries": [{**entry, "state": state, "promise": {}}]}))
    assert client.get_query_cache().get_all()[0].state.status == "pending"


def test_a_mutation_without_anything_is_read():
    """It was only called, or it has done its work."""
    state = {**THEIRS["mutations"][0]["state"], "data": "done", "status": "success", "isPaused": False}
    del state["variables"], state["context"]
    (plain,) = from_tanstack({"mutations": [{"state": state}]})["mutations"]
    assert plain.keys() == {"state"}
    assert plain["state"]["data"] == "done"
    assert not plain["state"].keys() & {"variables", "context"}


def test_older_versions_did_not_write_when():
    """It counts as now."""
    entry = {name: part for name, part in THEIRS["queries"][0].items() if name != "dehydratedAt"}
    assert "dehydrated_at" not in from_tanstack({"queries": [entry]})["queries"][0]


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        ({"queries": {}}, "queries"),
        ({"queries": [{**THEIRS["queries"][0], "queryKey": "todos"}]}, "queries[0].queryKey"),
        ({"queries": [{**THEIRS["queries"][0], "state": {}}]}, "queries[0].state"),
        ({"mutations": [{**THEIRS["mutations"][0], "scope": "s"}]}, "mutations[0].scope"),
        ([], ""),
    ],
    ids=lambda part: part if isinstance(part, str) else None,
)
def test_what_is_no_state_is_refused_with_the_place(payload, place):
    """In their names."""
    with pytest.raises(HydrationError) as caught:
        from_tanstack(payload)
    assert caught.value.place == place


# -- written


def test_what_was_read_is_written_the_same(client):
    """But for what a description of an error has on top, and what is from now."""
    everything = dehydrate(client, should_dehydrate_query=lambda _: True)
    for query in everything["queries"]:
        query["dehydrated_at"] = 1_700_000_001.0
    written = json.loads(json.dumps(to_tanstack(everything)))
    expected = json.loads(json.dumps(THEIRS))
    expected["queries"][1]["state"]["fetchFailureReason"] = {"name": "Error", "message": "boom"}
    expected["mutations"][0]["state"]["failureReason"] = {"name": "Error", "message": ""}
    assert written == expected


def test_an_entry_without_anything_has_no_members_for_it():
    """As there."""
    client = QueryClient()
    client.get_query_cache().build(client, QueryOptions(query_key=["a"]))
    client.get_mutation_cache().build(client, MutationOptions())
    state = dehydrate(
        client, should_dehydrate_query=lambda _: True, should_dehydrate_mutation=lambda _: True, promises=True
    )
    written = to_tanstack(state)
    assert written["queries"][0].keys() == {"dehydratedAt", "state", "queryKey", "queryHash"}
    assert "data" not in written["queries"][0]["state"]
    assert written["mutations"][0].keys() == {"state"}
    assert not written["mutations"][0]["state"].keys() & {"data", "variables", "context"}


def test_an_exception_that_was_kept_is_described():
    """One written by a function of the caller's own is left as it is."""
    client = QueryClient()
    client.get_query_cache().build(client, QueryOptions(query_key=["a"])).set_state(
        error=OSError("boom"), fetch_failure_reason=DehydratedError("TypeError", "why"), status="error"
    )

    def written(**options):
        plain = dehydrate(client, should_dehydrate_query=lambda _: True, **options)
        state = to_tanstack(plain)["queries"][0]["state"]
        return state["error"], state["fetchFailureReason"]

    described = ({"name": "OSError", "message": "boom"}, {"name": "TypeError", "message": "why"})
    assert written() == written(serialize_error=lambda error: error) == described
    assert written(serialize_error=str) == ("boom", "why")


def test_what_was_written_by_hand_gets_what_is_missing():
    """The hash, and when it was dehydrated."""
    client = QueryClient()
    client.set_query_data(["a"], 1, updated_at=5)
    state = dehydrate(client)
    del state["queries"][0]["query_hash"], state["queries"][0]["dehydrated_at"]
    written = to_tanstack(state)["queries"][0]
    assert (written["queryHash"], written["dehydratedAt"]) == ('["a"]', 5000)
