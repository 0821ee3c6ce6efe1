"""Counting, reading and writing by key or by filters."""

from __future__ import annotations

import functools

import pytest
from client_fixtures import FakeObserver

from query import (
    UNSET,
    DefaultOptions,
    OptionError,
    QueryClient,
    QueryFilters,
    QueryKey,
    QueryKeyError,
    QueryOptions,
    UnknownOptionError,
)


class Model:
    """Data that can be called."""

    def __call__(self):
        raise AssertionError("data is not called")


@pytest.fixture
def filled(client):
    """A client with data under three keys."""
    for key in (["a", 1], ["a", 2], ["b"]):
        client.set_query_data(key, f"data of {key}")
    return client


# -- counting


@pytest.mark.parity("QC-queryClient-030")
async def test_is_fetching_counts_running_fetches(client, build, answering, online):
    """Not those that are paused; filters narrow it, and a fetch status among them is not looked at."""
    for name in ("a", "b"):
        build(query_key=[name], query_fn=answering("data", after=1), network_mode="always").fetch()
    online.set_online(False)
    build(query_key=["paused"], query_fn=answering("data")).fetch()
    assert client.is_fetching() == 2
    assert client.is_fetching(query_key=["a"]) == 1
    assert client.is_fetching(["a"]) == 1
    assert client.is_fetching(QueryFilters(query_key=["b"]), fetch_status="idle") == 1
    assert client.is_fetching(query_key=["paused"]) == 0
    await client.cancel_queries()


@pytest.mark.parity("QC-queryClient-031")
async def test_is_mutating_counts_pending_mutations(client, mutation_of, answering, online, clock):
    """Paused ones too; filters narrow it, and a status among them is not looked at."""
    mutation_of(mutation_key=["a"], mutation_fn=answering("data", after=1)).execute(None)
    mutation_of(mutation_key=["idle"])
    await clock.settle()
    online.set_online(False)
    mutation_of(mutation_key=["b"], mutation_fn=answering("data")).execute(None)
    await clock.settle()
    assert client.is_mutating() == 2
    assert client.is_mutating(mutation_key=["a"]) == 1
    assert client.is_mutating(mutation_key=["b"], status="error") == 1
    online.set_online(True)
    await clock.advance(1)
    assert client.is_mutating() == 0


# -- reading


@pytest.mark.parity("QC-queryClient-032", "QC-queryClient-034")
def test_the_data_of_a_key_can_be_read(filled):
    """Of exactly that key, not of one that only begins with it."""
    assert filled.get_query_data(["a", 1]) == "data of ['a', 1]"
    assert filled.get_query_data(QueryKey("a", 1)) == "data of ['a', 1]"
    assert filled.get_query_data(["a"]) is None


@pytest.mark.parity("QC-queryClient-033")
def test_reading_creates_nothing(client, key):
    """What is not there is the default, also for a query without data."""
    assert client.get_query_data(key) is None
    assert client.get_query_data(key, "default") == "default"
    assert client.get_query_state(key) is UNSET
    assert client.get_query_cache().get_all() == []


def test_a_query_without_data_reads_as_the_default(client, key, build):
    """None that was cached is data."""
    build()
    assert client.get_query_data(key, "default") == "default"
    client.set_query_data(key, None)
    assert client.get_query_data(key, "default") is None


def test_the_state_of_a_key_is_the_live_record(client, key, build):
    """Not a copy."""
    state = build().state
    assert client.get_query_state(key) is state


@pytest.mark.parity("QC-queryClient-050", "QC-queryClient-051", "QC-queryClient-052")
def test_keys_and_data_of_all_that_match_can_be_read(filled, build):
    """Without data there is UNSET; nothing found is an empty list."""
    build(query_key=["a", 3])
    assert filled.get_queries_data(query_key=["a"]) == [
        (("a", 1), "data of ['a', 1]"),
        (("a", 2), "data of ['a', 2]"),
        (("a", 3), UNSET),
    ]
    assert filled.get_queries_data(QueryFilters(query_key=["a"]), stale=True) == [(("a", 3), UNSET)]
    assert filled.get_queries_data(predicate=lambda query: len(query.query_key) == 1) == [(("b",), "data of ['b']")]
    assert filled.get_queries_data(query_key=["none"]) == []


def test_those_to_read_can_be_named_by_a_key_or_options(filled):
    """The key is meant as a beginning, and fields narrow it."""
    two = [(("a", 1), "data of ['a', 1]"), (("a", 2), "data of ['a', 2]")]
    assert filled.get_queries_data(["a"]) == two
    assert filled.get_queries_data(QueryOptions(query_key=["a"])) == two
    assert filled.get_queries_data(["a"], predicate=lambda query: query.query_key[1] == 2) == two[1:]
    assert filled.get_queries_data(["a"], exact=True) == []


# -- writing


@pytest.mark.parity("QC-queryClient-017", "QC-queryClient-018")
def test_a_write_creates_the_query(client, key, clock, events):
    """It is told of first, then the success; what is stored comes back."""
    assert client.set_query_data(key, {"a": 1}) == {"a": 1}
    state = client.get_query_state(key)
    assert (state.status, state.data, state.data_updated_at) == ("success", {"a": 1}, clock.time())
    assert events == ["added", "updated:success"]


def test_a_write_can_be_dated(client, key):
    """In seconds since the epoch."""
    client.set_query_data(key, "data", updated_at=5.0)
    assert client.get_query_state(key).data_updated_at == 5.0


@pytest.mark.parity("QC-queryClient-014", "QC-queryClient-023")
def test_an_updater_gets_the_present_data(client, key):
    """UNSET at first."""
    seen = []
    for number in (1, 2):
        client.set_query_data(key, lambda data, number=number: seen.append(data) or number)
    assert seen == [UNSET, 1]
    assert client.get_query_data(key) == 2


@pytest.mark.parity("QC-queryClient-019", "QC-queryClient-020", "QC-queryClient-021", "QC-queryClient-022")
@pytest.mark.parametrize("nothing", [UNSET, lambda data: UNSET], ids=["value", "updater"])
def test_unset_writes_nothing(client, key, events, nothing):
    """Neither creates it a query nor does it touch one."""
    assert client.set_query_data(key, nothing) is UNSET
    assert events == []
    client.set_query_data(key, "data")
    state = client.get_query_state(key)
    assert client.set_query_data(key, nothing) is UNSET
    assert client.get_query_state(key) is state


@pytest.mark.parametrize("data", [Model, Model()], ids=["class", "instance"])
def test_data_that_can_be_called_is_data(client, key, data):
    """Only functions, methods, builtins and partials are updaters."""
    assert client.set_query_data(key, data) is data


def test_a_partial_is_an_updater(client, key):
    """As a method is."""
    client.set_query_data(key, [1])
    client.set_query_data(key, functools.partial(lambda more, data: [*data, more], 2))
    assert client.get_query_data(key) == [1, 2]


def test_what_an_updater_raises_is_the_writers(client, key, events):
    """Nothing is created."""
    with pytest.raises(ZeroDivisionError):
        client.set_query_data(key, lambda data: 1 / 0)
    assert events == []


@pytest.mark.parity("QC-queryClient-015")
def test_a_key_may_hold_none(client):
    """As a part of it."""
    client.set_query_data(["a", None], "data")
    assert client.get_query_data(["a", None]) == "data"
    assert client.get_query_data(["a"]) is None


@pytest.mark.parity("QX-030")
def test_a_key_that_is_changed_later_changes_nothing(client):
    """It was copied."""
    key = ["a", {"page": [1]}]
    client.set_query_data(key, "data")
    key[1]["page"].append(2)
    assert client.get_query_data(["a", {"page": [1]}]) == "data"
    assert client.get_query_cache().get_all()[0].query_key == ["a", {"page": [1]}]


@pytest.mark.parity("QC-query-046")
@pytest.mark.parametrize("call", ["get_query_data", "get_query_state", "set_query_data", "set_query_defaults"])
@pytest.mark.parametrize("wrong", ["projects", {"a": 1}, 5, None], ids=repr)
def test_what_is_no_key_is_refused(client, call, wrong):
    """A string above all, which would be taken apart into letters."""
    more = {"set_query_data": ["data"], "set_query_defaults": [QueryOptions()]}.get(call, [])
    with pytest.raises(QueryKeyError, match="list or tuple"):
        getattr(client, call)(wrong, *more)
    assert client.get_query_cache().get_all() == []


@pytest.mark.parity("QC-queryClient-016")
def test_the_clients_hash_function_is_used_to_read_and_write():
    """And to find."""
    defaults = DefaultOptions(queries=QueryOptions(query_key_hash_fn=lambda key: str(key[0]).lower()))
    client = QueryClient(default_options=defaults)
    client.set_query_data(["A"], "data")
    assert client.get_query_data(["a"]) == "data"
    assert client.get_query_state(["a"]).data == "data"
    assert client.get_query_cache().find(query_key=["a"]).query_hash == "a"


def test_a_hash_function_that_is_set_later_is_used_at_once():
    """For a key or for all, and no longer once it is taken back."""
    client = QueryClient()
    for data, key in [("for all", ["A", 1]), ("for b", ["B", 1])]:
        client.set_query_data([str(key[0]).lower()], data)
    lower = QueryOptions(query_key_hash_fn=lambda key: f'["{str(key[0]).lower()}"]')
    client.set_query_defaults(["B"], lower)
    assert [client.get_query_data(key) for key in (["A", 1], ["B", 1])] == [None, "for b"]
    client.set_default_options(DefaultOptions(queries=lower))
    client.set_query_defaults(["B"], QueryOptions())
    assert [client.get_query_data(key) for key in (["A", 1], ["B", 1])] == ["for all", "for b"]
    client.set_default_options(DefaultOptions())
    assert [client.get_query_data(key) for key in (["A", 1], ["B", 1])] == [None, None]


def test_equal_data_stays_the_same_object(client, key):
    """What is stored comes back, not what was given."""
    first = client.set_query_data(key, {"a": [1]})
    assert client.set_query_data(key, {"a": [1]}) is first


@pytest.mark.parity("QC-queryClient-024")
def test_sharing_is_decided_by_the_options_of_the_key(client, key):
    """With False the new object itself is stored."""
    client.set_query_defaults(key, QueryOptions(structural_sharing=False))
    client.set_query_data(key, [1])
    new = [1]
    assert client.set_query_data(key, new) is new


@pytest.mark.parity("QC-queryClient-027", "QC-queryClient-028", "QC-queryClient-029")
def test_many_can_be_written_at_once(filled):
    """All that match, and none is created; the keys come back with what is stored."""
    assert filled.set_queries_data(QueryFilters(query_key=["a"]), lambda data: f"new {data}", updated_at=5.0) == [
        (("a", 1), "new data of ['a', 1]"),
        (("a", 2), "new data of ['a', 2]"),
    ]
    assert filled.get_query_state(["a", 1]).data_updated_at == 5.0
    assert filled.get_query_data(["b"]) == "data of ['b']"
    assert filled.set_queries_data(QueryFilters(predicate=lambda query: query.query_key == ["b"]), "b") == [
        (("b",), "b")
    ]
    assert filled.set_queries_data(QueryFilters(query_key=["none"]), "data") == []
    assert filled.set_queries_data(QueryFilters(query_key=["b"]), UNSET) == [(("b",), UNSET)]
    assert filled.get_query_data(["b"]) == "b"
    assert len(filled.get_query_cache().get_all()) == 3


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        ([["a"], "new"], {}),
        ([QueryOptions(query_key=["a"]), "new"], {}),
        ([None, "new"], {"query_key": ["a"]}),
        ([QueryFilters(query_key=["a"])], {"updater": "new"}),
        ([], {"query_key": ["a"], "updater": "new"}),
    ],
    ids=["key", "options", "fields", "filters", "names"],
)
def test_those_to_write_can_be_named_in_every_way(filled, arguments, fields):
    """By a key, by options, by fields, or by filters; fields narrow the others."""
    assert filled.set_queries_data(*arguments, **fields, predicate=lambda query: query.query_key[1] == 1) == [
        (("a", 1), "new")
    ]
    assert [data for _, data in filled.get_queries_data()] == ["new", "data of ['a', 2]", "data of ['b']"]


def test_a_query_with_a_hash_of_its_own_is_written_with_the_others(client, build):
    """And no other is created under the hash of its key."""
    query = build(query_hash="its own", initial_data="old")
    assert client.set_queries_data(query.query_key, "new") == [(query.query_key, "new")]
    assert (query.state.data, client.get_query_cache().get_all()) == ("new", [query])


def test_a_client_shows_how_much_it_holds(filled):
    """For messages and the debugger."""
    assert repr(filled) == "<QueryClient with 3 queries>"


@pytest.mark.parametrize(
    "defaults",
    [
        QueryOptions(),
        QueryOptions(gc_time=7, meta={"a": 1}),
        QueryOptions(initial_data=[1]),
        QueryOptions(query_key=("b",)),
    ],
    ids=repr,
)
@pytest.mark.parametrize("of_key", [None, QueryOptions(stale_time=3)], ids=["", "of the key"])
def test_a_written_query_has_the_options_of_a_built_one(clock, defaults, of_key):
    """Although it shares them with others until somebody looks: its key, its hash, and what it inherits."""
    writing, building = [QueryClient(clock=clock, default_options=DefaultOptions(queries=defaults)) for _ in range(2)]
    for client in (writing, building):
        client.set_query_data(("other",), 0)
        if of_key is not None:
            client.set_query_defaults(("a",), of_key)
    writing.set_query_data(("a", 1), "data")
    written = writing.get_query_cache().find(("a", 1))
    built = building.get_query_cache().build(building, QueryOptions(query_key=("a", 1)))
    assert repr(written.options) == repr(built.options)
    assert written.options is written.options
    assert (written.gc_time, written.meta, written.reset_state.data) == (
        built.gc_time,
        built.meta,
        built.reset_state.data,
    )


def test_defaults_that_change_are_those_of_later_writes(client):
    """Queries that are there keep theirs."""
    client.set_query_data(("a",), 1)
    client.set_default_options(DefaultOptions(queries=QueryOptions(gc_time=900)))
    client.set_query_data(("b",), 1)
    client.set_query_defaults(("c",), QueryOptions(gc_time=1000))
    client.set_query_data(("c",), 1)
    assert [query.gc_time for query in client.get_query_cache().get_all()] == [300, 900, 1000]


def test_an_updater_may_remove_or_make_the_query_that_it_is_asked_about(client, key):
    """What it returns is written to the query that is there then."""
    cache = client.get_query_cache()
    client.set_query_data(key, "old")
    before = cache.find(key)
    assert client.set_query_data(key, lambda old: client.clear() or f"not {old}") == "not old"
    assert (before.state.data, cache.find(key).state.data) == ("old", "not old")
    client.clear()
    client.set_query_data(key, lambda old: client.set_query_data(key, "made") and "replaced")
    assert cache.find(key).state.data_update_count == 2


# -- which queries a call means


@pytest.mark.parametrize(
    "said",
    [["a"], ("a",), QueryKey("a"), QueryFilters(query_key=["a"]), QueryOptions(query_key=["a"])],
    ids=["list", "tuple", "key", "filters", "options"],
)
def test_a_call_takes_filters_a_key_or_options(filled, said):
    """A key, or that of options, is meant as a beginning."""
    filled.remove_queries(said)
    assert [query.query_key for query in filled.get_query_cache().get_all()] == [("b",)]


@pytest.mark.parametrize("said", [["a"], QueryFilters(query_key=["a"])], ids=["key", "filters"])
def test_fields_narrow_what_else_is_said(filled, build, said):
    """Both must match."""
    filled.get_query_cache().find(query_key=["a", 2]).add_observer(FakeObserver(filled))
    filled.remove_queries(said, type="inactive")
    assert [query.query_key for query in filled.get_query_cache().get_all()] == [("a", 2), ("b",)]


def test_a_call_without_filters_means_all(filled):
    """Nothing is asked for."""
    filled.remove_queries()
    assert filled.get_query_cache().get_all() == []


@pytest.mark.parity("QC-queryClient-112")
def test_an_exact_key_means_that_query_alone(filled, build):
    """Not those that begin with it."""
    build(query_key=["a"])
    filled.remove_queries(["a"], exact=True)
    assert len(filled.get_query_cache().get_all()) == 3


@pytest.mark.parametrize("call", ["invalidate_queries", "refetch_queries", "reset_queries", "cancel_queries"])
def test_options_without_a_key_mean_no_query(client, call):
    """They might be taken for all."""
    with pytest.raises(OptionError, match="the options have no query_key, so they mean no query"):
        getattr(client, call)(QueryOptions(retry=1))


def test_a_misspelt_filter_is_named(client):
    """It would otherwise mean everything."""
    with pytest.raises(UnknownOptionError, match=r"no option 'exakt'. Did you mean 'exact'\?"):
        client.remove_queries(["a"], exakt=True)


def test_removed_queries_are_gone_and_their_observers_keep_what_they_have(filled):
    """They are told of nothing."""
    observer = FakeObserver(filled)
    query = filled.get_query_cache().find(query_key=["b"])
    query.add_observer(observer)
    filled.remove_queries(["b"])
    assert filled.get_query_state(["b"]) is UNSET
    assert (observer.updates, query.get_observers_count()) == (0, 1)
