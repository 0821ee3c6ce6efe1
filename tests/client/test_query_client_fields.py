"""Fields of options in the call: the same as options of these fields, whatever is in the cache."""

from __future__ import annotations

import asyncio
import functools
import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import (
    UNSET,
    DefaultOptions,
    OptionError,
    QueryCache,
    QueryClient,
    QueryKey,
    QueryOptions,
    hash_key,
    skip_token,
)
from query.base.known_texts import KNOWN_TEXTS, pack
from query.client import client_fetching

NOW = 1_000_000.0


# -- functions of all kinds, each with its outcome


def plain(context):
    return "new"


async def asynchronous(context):
    return "new"


def takes_two(context, more):
    raise AssertionError("called")


def takes_any(*args):
    return "new"


def wants_a_name(context, *, name):
    raise AssertionError("called")


def failing(context):
    raise ValueError("no")


class Holder:
    """An object with methods."""

    def load(self, context):
        return "new"

    def load_two(self, context, more):
        raise AssertionError("called")

    def __call__(self, context):
        return "new"


HOLDER = Holder()
FUNCTIONS = [
    plain,
    asynchronous,
    takes_two,
    takes_any,
    wants_a_name,
    failing,
    HOLDER.load,
    HOLDER.load_two,
    HOLDER,
    functools.partial(takes_two, more=1),
    lambda _: "new",
    lambda: "new",
    skip_token,
    None,
    5,
]
TIMES = [
    0,
    0.0,
    1,
    5,
    5.0,
    60,
    math.inf,
    math.nan,
    -1,
    -0.5,
    True,
    False,
    timedelta(seconds=5),
    "static",
    "statik",
    None,
    lambda query: 5,
    [5],
]
KEYS = [["a"], ("a",), ["a", {"page": 1}], QueryKey("a"), [1.5], ["a", b"b"], [], "a", None, {"a": 1}, ["a", object()]]
DEFAULTS = [
    QueryOptions(),
    QueryOptions(stale_time=5),
    QueryOptions(stale_time="static"),
    QueryOptions(stale_time=None),
    QueryOptions(select=str.upper),
    QueryOptions(query_key_hash_fn=lambda key: "all the same"),
    QueryOptions(query_fn=plain),
]
OTHERS = [{}, {}, {"select": str.title}, {"select": None}, {"gc_time": 60}, {"stale_tme": 5}, {"retry": -1}]
METHODS = ["query", "fetch_query", "prefetch_query", "ensure_query_data"]


def client_with(of_all, of_key):
    """A client at NOW, with defaults."""
    client = QueryClient(clock=VirtualClock(NOW), default_options=DefaultOptions(queries=of_all))
    if of_key is not None:
        client.set_query_defaults(["a"], of_key)
    return client


async def outcome(call):
    """What a call comes to: data or error, in words."""
    try:
        return "answered", await call()
    except Exception as error:  # noqa: BLE001 - it is compared
        return type(error), str(error)


def answers_are_of_the_states(client):
    """Whether each query has dropped the answer of another state: who finds an answer does not look."""
    queries = client.get_query_cache().get_all()
    return all(query._answer is None or query._answer.state is query._state for query in queries)


def facts(client):
    """What is in the cache of a client."""
    return {
        query.query_hash: (state.status, state.fetch_status, state.data, state.data_updated_at, state.is_invalidated)
        for query in client.get_query_cache().get_all()
        for state in [query.state]
    }


some = st.fixed_dictionaries(
    {},
    optional={
        "query_key": st.sampled_from(KEYS) | st.just(["a"]),
        "query_fn": st.sampled_from(FUNCTIONS) | st.just(plain),
        "stale_time": st.sampled_from(TIMES) | st.just(60),
    },
)


@given(
    fields=st.builds(lambda usual, others: {**usual, **others}, some, st.sampled_from(OTHERS)),
    method=st.sampled_from(METHODS),
    of_all=st.sampled_from(DEFAULTS),
    of_key=st.none() | st.sampled_from(DEFAULTS),
    age=st.none() | st.sampled_from([0, 1, 4.9, 5, 100, -10]),
    invalidated=st.booleans(),
    times=st.integers(1, 4),
)
def test_fields_do_what_options_of_them_do(fields, method, of_all, of_key, age, invalidated, times):
    """The same outcome, the same state and the same error: at the first call, and once the answer is known."""
    by_fields, by_options = client_with(of_all, of_key), client_with(of_all, of_key)

    async def ask():
        for _ in range(times):
            for client in (by_fields, by_options):
                if age is not None:
                    client.set_query_data(["a"], "old", updated_at=NOW - age)
                if invalidated:
                    await client.invalidate_queries(["a"])
            # the second time with an answer that may be known
            for _ in range(2):
                found = await outcome(lambda: getattr(by_fields, method)(**fields))
                if not fields:
                    assert found[0] is OptionError
                    return
                assert found == await outcome(lambda: getattr(by_options, method)(QueryOptions(**fields)))
                assert facts(by_fields) == facts(by_options)

    asyncio.run(ask())


class Sibling(Holder):
    """Its methods have the code of those of a ``Holder``, and one that of a function."""

    plain = plain


# each is asked after each: what was looked at for the one may say nothing of the other
ALIKE = [plain, HOLDER.load, Sibling().load, Holder.load, Holder.load_two, takes_two, lambda _: "new", None, 5]


@given(
    asked=st.lists(
        st.tuples(
            st.integers(0, 1),
            st.sampled_from(METHODS),
            st.sampled_from([["a"], ("a",), ["a", 1], ["a", True], ["a", 1.0], QueryKey("a")]),
            st.sampled_from(ALIKE),
            st.sampled_from([5, 5.0, 60, 0, 1, True, UNSET, math.inf]),
            st.sampled_from([{}, {}, {}, {"gc_time": 60}, {"stale_tme": 5}]),
            st.sampled_from([0, 0, 0, 4, 30]),
        ),
        min_size=2,
        max_size=8,
    ),
    of_all=st.tuples(*[st.sampled_from([*DEFAULTS[:3], DEFAULTS[4]])] * 2),
)
def test_who_asks_after_others_is_answered_by_his_own_fields(asked, of_all):
    """Of two clients that share a cache, with options made once as with fields: each the same as with new options."""
    made = {}

    def clients():
        clock, cache = VirtualClock(NOW), QueryCache()
        shared = [
            QueryClient(clock=clock, query_cache=cache, default_options=DefaultOptions(queries=queries))
            for queries in of_all
        ]
        for key in (["a"], ["a", 1], ["a", True]):
            shared[0].set_query_data(key, f"old {key}")
        return clock, shared

    def prepared(*fields):
        key, function, stale_time, others = fields
        name = (str(key), id(function), str(stale_time), str(others))
        if name not in made:
            made[name] = QueryOptions(query_key=key, query_fn=function, stale_time=stale_time, **others)
        return made[name]

    async def ask():
        ways = [
            lambda method, *fields: method(query_key=fields[0], query_fn=fields[1], stale_time=fields[2], **fields[3]),
            lambda method, *fields: method(prepared(*fields)),
            lambda method, *fields: method(
                QueryOptions(query_key=fields[0], query_fn=fields[1], stale_time=fields[2], **fields[3])
            ),
        ]
        found = []
        for way in ways:
            clock, shared = clients()
            outcomes = []
            for whose, method, *fields, pause in asked:
                await clock.advance(pause)
                asking = getattr(shared[whose], method)
                for _ in range(3):
                    outcomes.append(await outcome(lambda: way(asking, *fields)))  # noqa: B023 - called at once
                outcomes.append(facts(shared[0]))
                assert answers_are_of_the_states(shared[0])
            found.append(outcomes)
        assert found[0] == found[2]
        assert found[1] == found[2]

    asyncio.run(ask())


# -- a glance at what is there


@pytest.fixture
def no_options(monkeypatch):
    """From now on a call that makes options fails."""

    def refuse(*_):
        raise AssertionError("made options")

    return lambda: monkeypatch.setattr(client_fetching, "options_by_name", refuse)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("stale_time", [60, 60.0, math.inf, "static"])
@pytest.mark.parametrize("form", [list, tuple, lambda key: QueryKey(*key)])
async def test_fresh_data_needs_no_options(client, key, no_options, method, stale_time, form):
    """From the second time on, whatever form the key has."""
    client.set_query_data(key, None)
    for function in (plain, asynchronous, HOLDER.load):
        fields = {"query_key": form(key), "query_fn": function, "stale_time": stale_time}
        for _ in range(3):
            assert await getattr(client, method)(**fields) is None
    no_options()
    assert await getattr(client, method)(**fields) is None


@pytest.mark.parametrize("defaults", ["of all", "of the key", "of both"])
async def test_the_stale_time_of_defaults_needs_no_options(client, key, no_options, defaults):
    """Whether it is that of all queries or that of these."""
    if defaults != "of the key":
        client.set_default_options(DefaultOptions(queries=QueryOptions(stale_time=0 if "both" in defaults else 60)))
    if defaults != "of all":
        client.set_query_defaults(key[:1], QueryOptions(stale_time=60))
    client.set_query_data(key, "data")
    for _ in range(3):
        assert await client.query(query_key=key, query_fn=plain) == "data"
    no_options()
    assert await client.query(query_key=key, query_fn=plain) == "data"
    assert await client.query(query_key=key) == "data"


async def test_new_defaults_are_inherited_at_once(client, key, clock):
    """By fields as by options."""
    client.set_query_data(key, "data")
    await clock.advance(10)
    for stale_time, expected in ((20, "data"), (5, "new"), (20, "new")):
        client.set_query_defaults(key, QueryOptions(stale_time=stale_time))
        for _ in range(3):
            assert await client.query(query_key=key, query_fn=plain) == expected


async def test_callers_with_other_stale_times_are_each_answered_by_their_own(client, key, clock, no_options):
    """And need no options for it."""
    client.set_query_data(key, "data")
    for stale_time in (20, 60, 20, 60):
        assert await client.query(query_key=key, query_fn=plain, stale_time=stale_time) == "data"
    no_options()
    for stale_time in (20, 60, 20, 60):
        assert await client.query(query_key=key, query_fn=plain, stale_time=stale_time) == "data"
    await clock.advance(20)
    assert await client.query(query_key=key, query_fn=plain, stale_time=60) == "data"
    with pytest.raises(AssertionError, match="made options"):
        client.query(query_key=key, query_fn=plain, stale_time=20)


@pytest.mark.parametrize("method", ["query", "fetch_query"])
@pytest.mark.parametrize(
    ("right", "wrong"), [(HOLDER.load, Holder.load), (plain, Sibling().plain), (plain, takes_two), (plain, 5)]
)
async def test_a_wrong_function_is_refused_after_a_right_one(client, key, method, right, wrong):
    """Also if it has the code of the right one."""
    client.set_query_data(key, "data")
    for _ in range(4):
        assert await getattr(client, method)(query_key=key, query_fn=right, stale_time=60) == "data"
    with pytest.raises(OptionError, match="query_fn"):
        getattr(client, method)(query_key=key, query_fn=wrong, stale_time=60)


@pytest.mark.parametrize("method", ["query", "fetch_query"])
async def test_a_wrong_field_is_refused_after_right_ones(client, key, method):
    """All others are as before."""
    client.set_query_data(key, "data")
    for _ in range(4):
        assert await getattr(client, method)(query_key=key, query_fn=plain, stale_time=60) == "data"
    with pytest.raises(OptionError, match="stale_tme"):
        getattr(client, method)(query_key=key, query_fn=plain, stale_time=60, stale_tme=5)


@pytest.mark.parametrize("method", ["query", "fetch_query"])
@pytest.mark.parametrize("is_short_by", ["options", "fields"])
async def test_options_and_fields_are_each_answered_by_their_own_stale_time(client, key, clock, method, is_short_by):
    """What was found for the one is no answer to the other."""
    client.set_query_data(key, "data")
    by_options, by_fields = (10, 60) if is_short_by == "options" else (60, 10)
    options = QueryOptions(query_key=key, query_fn=plain, stale_time=by_options)
    ways = {
        "options": lambda: getattr(client, method)(options),
        "fields": lambda: getattr(client, method)(query_key=key, query_fn=plain, stale_time=by_fields),
    }
    short, long = ways.pop(is_short_by), *ways.values()
    for way in (short, short, short, long, long, long):
        assert await way() == "data"
    await clock.advance(20)
    assert await long() == "data"
    assert await short() == "new"


@pytest.mark.parametrize("asks_first", ["options", "fields"])
async def test_clients_that_share_a_cache_are_each_answered_by_their_own_defaults(key, clock, asks_first):
    """Also between calls that say all by themselves."""
    cache = QueryCache()
    sparing, eager = (
        QueryClient(
            clock=clock, query_cache=cache, default_options=DefaultOptions(queries=QueryOptions(stale_time=stale_time))
        )
        for stale_time in (60, 0)
    )
    sparing.set_query_data(key, "data")
    # so that its text is known, and nobody makes options for it
    assert hash_key(key) == hash_key(key)
    inheriting, complete = QueryOptions(query_key=key, query_fn=plain), QueryOptions(query_key=key, stale_time=60)

    def by_options(client):
        return client.fetch_query(inheriting)

    def by_fields(client):
        return client.fetch_query(query_key=key, query_fn=plain)

    first = by_options if asks_first == "options" else by_fields
    for _ in range(4):
        assert await first(sparing) == "data"
    for _ in range(4):
        if asks_first == "options":
            assert await eager.fetch_query(query_key=key, query_fn=plain, stale_time=60) == "data"
        else:
            assert await eager.fetch_query(complete) == "data"
    assert await first(eager) == "new"


async def test_a_key_that_is_fetched_once_is_not_kept(client, key):
    """Of the many that nobody asks for again none is worth a copy."""
    await client.query(query_key=key, query_fn=plain)
    assert pack(key) not in KNOWN_TEXTS


# -- one of the two


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("more", [{"query_key": ["a"]}, {"query_fn": plain}, {"stale_time": 5}, {"retry": 1}])
def test_options_and_fields_are_refused(client, key, method, more):
    """Also where data is fresh."""
    client.set_query_data(key, "data")
    with pytest.raises(OptionError, match=rf"^{method}\(\) was given options and fields of options, too\. Pass one"):
        getattr(client, method)(QueryOptions(query_key=key, stale_time=60), **more)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_refused(client, method):
    """With an example of what to pass."""
    with pytest.raises(OptionError, match=rf"^{method}\(\) was given nothing to go by.*{method}\(query_key="):
        getattr(client, method)()


@pytest.mark.parametrize("method", METHODS)
def test_fields_without_a_key_are_refused(client, method):
    """As options without one."""
    with pytest.raises(OptionError, match="the options have no query_key"):
        getattr(client, method)(query_fn=plain)
