"""What may be read as a dehydrated state: everything else is refused, with the place, and changes nothing."""

from __future__ import annotations

import copy
import datetime as dt
import json
import math

import pytest

from query import (
    DehydratedError,
    HydrationError,
    MutationOptions,
    QueryClient,
    QueryKey,
    QueryOptions,
    dehydrate,
    hydrate,
)


@pytest.fixture
def state():
    """A state with a query and a mutation, as JSON gives it."""
    client = QueryClient()
    client.set_query_data(["a"], {"n": 1}, updated_at=10)
    client.get_mutation_cache().build(client, MutationOptions(mutation_key=["m"]))
    return json.loads(json.dumps(dehydrate(client, should_dehydrate_mutation=lambda _: True)))


@pytest.fixture
def here():
    """A client without a loop."""
    return QueryClient()


def change(state, path, value):
    """*state* with one place changed; ``...`` takes it away."""
    *way, last = path
    place = changed = copy.deepcopy(state)
    for name in way:
        place = place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return changed


@pytest.mark.parity("QC-hydration-018", "QC-hydration-019")
@pytest.mark.parametrize("nothing", [None, {}, {"queries": None}, {"queries": [], "mutations": []}, {"other": 1}])
def test_nothing_is_hydrated_from_nothing(here, nothing):
    """Without complaint: what was never stored is often read."""
    hydrate(here, nothing)
    assert here.get_query_cache().get_all() == []


@pytest.mark.parity("QC-hydration-018")
@pytest.mark.parametrize("payload", ["text", b"{}", 1, [], ["queries"]], ids=repr)
def test_what_is_no_mapping_is_refused(here, payload):
    """A text that was not parsed, for instance; it is a TypeError too."""
    with pytest.raises(HydrationError, match="cannot be hydrated. Pass what dehydrate") as caught:
        hydrate(here, payload)
    assert isinstance(caught.value, TypeError)
    assert caught.value.place == ""


QUERY, STATE = ("queries", 0), ("queries", 0, "state")
MUTATION = ("mutations", 0, "state")
WRONG = [
    (("queries",), {}, "queries"),
    (QUERY, 1, "queries[0]"),
    ((*QUERY, "query_key"), "a", "queries[0].query_key"),
    ((*QUERY, "query_key"), [["a", print]], "queries[0].query_key"),
    ((*QUERY, "query_hash"), 1, "queries[0].query_hash"),
    ((*QUERY, "query_type"), "endless", "queries[0].query_type"),
    ((*QUERY, "dehydrated_at"), "today", "queries[0].dehydrated_at"),
    ((*QUERY, "meta"), [], "queries[0].meta"),
    ((*STATE, "status"), "ready", "queries[0].state.status"),
    ((*STATE, "status"), ..., "queries[0].state"),
    ((*STATE, "data"), ..., "queries[0].state"),
    ((*STATE, "fetch_status"), None, "queries[0].state.fetch_status"),
    ((*STATE, "data_updated_at"), "10", "queries[0].state.data_updated_at"),
    ((*STATE, "data_updated_at"), math.nan, "queries[0].state.data_updated_at"),
    ((*STATE, "data_updated_at"), math.inf, "queries[0].state.data_updated_at"),
    ((*STATE, "data_updated_at"), True, "queries[0].state.data_updated_at"),
    ((*STATE, "data_update_count"), -1, "queries[0].state.data_update_count"),
    ((*STATE, "is_invalidated"), 1, "queries[0].state.is_invalidated"),
    ((*STATE, "fetch_meta"), {"direction": "up"}, "queries[0].state.fetch_meta.direction"),
    ((*STATE, "error"), "boom", "queries[0].state.error"),
    ((*STATE, "error"), {"type": "OSError"}, "queries[0].state.error"),
    ((*STATE, "fetch_failure_reason"), 1, "queries[0].state.fetch_failure_reason"),
    (("mutations", 0, "mutation_key"), {"a": 1}, "mutations[0].mutation_key"),
    (("mutations", 0, "scope"), {"id": "s"}, "mutations[0].scope"),
    ((*MUTATION, "status"), "paused", "mutations[0].state.status"),
    ((*MUTATION, "error"), [], "mutations[0].state.error"),
    ((*MUTATION, "failure_reason"), [], "mutations[0].state.failure_reason"),
    (("version",), 2, "version"),
]


@pytest.mark.parametrize(("path", "value", "place"), WRONG, ids=[f"{'.'.join(map(str, p))}={v!r}" for p, v, _ in WRONG])
def test_a_wrong_part_is_named(here, state, path, value, place):
    """And nothing of the rest is taken in."""
    with pytest.raises(HydrationError) as caught:
        hydrate(here, change(state, path, value))
    assert caught.value.place == place
    assert place in str(caught.value)
    assert here.get_query_cache().get_all() == here.get_mutation_cache().get_all() == []


@pytest.mark.parametrize(("path", "value", "place"), [wrong for wrong in WRONG if wrong[0][:2] == QUERY])
def test_one_wrong_query_among_good_ones_is_named(here, state, path, value, place):
    """By its own number, and none of the good ones is taken in."""
    good, wrong = state["queries"][0], change(state, path, value)["queries"][0]
    many = {**state, "queries": [{**good, "query_key": ["b"]}, good, wrong, good]}
    with pytest.raises(HydrationError) as caught:
        hydrate(here, many)
    assert caught.value.place == place.replace("[0]", "[2]")
    assert here.get_query_cache().get_all() == here.get_mutation_cache().get_all() == []


def test_a_wrong_part_is_told_with_what_was_expected(here, state):
    """In one sentence."""
    with pytest.raises(HydrationError) as caught:
        hydrate(here, change(state, (*STATE, "data_updated_at"), "10"))
    assert str(caught.value) == (
        "what was given is no dehydrated state: queries[0].state.data_updated_at: expected `float`, got `str`."
    )


def test_a_state_of_a_later_format_is_refused(here, state):
    """It may mean something else."""
    with pytest.raises(HydrationError, match="has format 2, but this version of the package reads up to 1. Update it"):
        hydrate(here, {**state, "version": 2})


def test_a_state_of_tanstack_query_is_told_the_way(here):
    """Its names and units differ."""
    theirs = {"queries": [{"queryKey": ["a"], "queryHash": '["a"]', "state": {"status": "success"}}]}
    with pytest.raises(HydrationError, match=r"A state of TanStack Query goes through from_tanstack\(\) first"):
        hydrate(here, theirs)


def test_unknown_members_are_passed_over(here, state):
    """A later version may write more."""
    hydrate(here, change(change(state, (*QUERY, "more"), 1), ("also",), 2))
    assert here.get_query_data(["a"]) == {"n": 1}


def test_a_state_written_by_hand_may_leave_out_what_follows(here, state):
    """The hash follows from the key, and it is from now."""
    entry = change(change(state, (*QUERY, "query_hash"), ...), (*QUERY, "dehydrated_at"), ...)
    hydrate(here, change(entry, ("version",), ...))
    assert here.get_query_cache().get(QueryKey("a").text).state.data == {"n": 1}


def test_data_without_success_is_data_all_the_same(here, state):
    """What waited for its first data has it; it is dated from when it was written down."""
    hydrate(here, change(change(state, (*STATE, "status"), "pending"), (*QUERY, "dehydrated_at"), 99))
    restored = here.get_query_state(["a"])
    assert (restored.status, restored.data, restored.data_updated_at) == ("success", {"n": 1}, 99)


def test_waiting_data_is_as_old_as_it_says_when_others_have_some(here, state):
    """The date of the data decides, not that of the writing."""
    here.set_query_data(["a"], "ours", updated_at=50)
    hydrate(here, change(change(state, (*STATE, "status"), "pending"), (*QUERY, "dehydrated_at"), 99))
    assert here.get_query_data(["a"]) == "ours"


def test_an_error_description_that_is_read_as_none_is_refused(here, state):
    """``deserialize_error`` must return an exception."""
    wrong = change(state, (*STATE, "error"), "boom")
    with pytest.raises(HydrationError, match=r"deserialize_error made a str of queries\[0\].state.error; it must"):
        hydrate(here, wrong, deserialize_error=lambda text: text)


def test_a_callback_that_raises_leaves_the_client_as_it_was(here, state):
    """The data of the second query cannot be read: the first is not taken in either."""
    two = change(state, ("queries",), [state["queries"][0], change(state, (*STATE, "data"), 0)["queries"][0]])
    with pytest.raises(TypeError, match="'int' object is not iterable"):
        hydrate(here, two, deserialize_data=list)
    assert here.get_query_cache().get_all() == []


def test_the_direction_of_the_last_fetch_goes_along(here, state):
    """An infinite query shows it."""
    hydrate(here, change(state, (*STATE, "fetch_meta"), {"direction": "backward"}))
    assert here.get_query_state(["a"]).fetch_meta.direction == "backward"


def test_a_key_with_parts_beyond_json_stays_what_it_is_within_the_process(here):
    """Lists and dicts are copies, so that nobody reaches into a key."""
    there, day = QueryClient(), dt.date(2026, 1, 2)
    there.set_query_data(["a", day, {"x": ["y"]}], 1)
    state = dehydrate(there)
    assert state["queries"][0]["query_key"] == ["a", day, {"x": ["y"]}]
    state["queries"][0]["query_key"][2]["x"].append("z")
    assert there.get_query_data(["a", day, {"x": ["y"]}]) == 1


def test_a_description_tells_an_error_without_words():
    """The class is left."""
    assert repr(DehydratedError("TimeoutError", "")) == "DehydratedError(type='TimeoutError', message='')"


def test_data_is_handed_over_as_it_is_within_the_process(here):
    """Nothing is copied: what is JSON after all is made of it by whoever needs it."""
    there, data = QueryClient(), {"model": object()}
    there.get_query_cache().build(there, QueryOptions(query_key=["a"])).set_data(data)
    hydrate(here, dehydrate(there))
    assert here.get_query_data(["a"]) is data
