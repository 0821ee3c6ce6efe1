"""What is counted as it changes is what a look at every query counts, also in the middle of a change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stories import KEYS, Player, keys, steps
from subjects import a_cache, many

from query import QueryFilters, QueryKey, match_query

FILTERS = [
    {"fetch_status": "fetching"},
    {"fetch_status": "paused"},
    {"fetch_status": "idle"},
    {"type": "active"},
    {"type": "inactive"},
    {"type": "active", "fetch_status": "fetching"},
    {"query_key": ["a"], "fetch_status": "fetching"},
    {"query_key": ["a"], "exact": True, "fetch_status": "fetching"},
    {"query_key": ["a"], "type": "active"},
]

odd_steps = st.one_of(
    st.tuples(st.just("set_state"), keys, st.sampled_from(["idle", "paused", "fetching"])),
    st.tuples(st.just("put_back"), st.integers(0, 5)),
    st.tuples(st.just("clear")),
)
odd_stories = st.lists(st.one_of(steps, steps, steps, odd_steps), min_size=3, max_size=25)


def check(client):
    """The counts and the filters that begin with them agree with a look at every query."""
    cache = client.get_query_cache()
    queries = cache.get_all()
    fetching = [query for query in queries if query.state.fetch_status == "fetching"]
    assert client.is_fetching() == len(fetching)
    for key in KEYS:
        begun = [query for query in fetching if query.query_key.startswith(key)]
        assert client.is_fetching(key) == client.is_fetching(query_key=key, type="all") == len(begun)
    for fields in FILTERS:
        assert cache.find_all(**fields) == [query for query in queries if match_query(QueryFilters(**fields), query)]


def odd_step(cache, removed, name, *arguments):
    """What no story of the model does: states by hand, queries put back by hand, and all gone at once."""
    held = cache.client.get_query_cache()
    if name == "set_state":
        query = cache.query(arguments[0])
        if query is not None:
            # a string of its own, as a restored state has them
            cache.do(lambda: query.set_state(fetch_status="".join(list(arguments[1]))))
    elif name == "put_back" and arguments[0] < len(removed):
        cache.do(held.add, removed.pop(arguments[0]))
    elif name == "clear":
        cache.do(held.clear)


@many
@given(story=odd_stories)
def test_counts_agree_with_a_look_at_every_query(story):
    """After every step, and at every event within it."""
    removed, wrong = [], []
    with a_cache() as cache:
        client = cache.client

        def on_event(event):
            if event.type == "removed":
                removed.append(event.query)
            try:
                check(client)
            except AssertionError as error:
                # what a listener raises is nobody's else
                wrong.append(error)

        cache.watch.stop()
        stop = client.get_query_cache().subscribe(on_event)
        player = Player(cache)
        for name, *arguments in story:
            if hasattr(cache, name) or name in ("fail", "answer"):
                player.take((name, *arguments))
            else:
                odd_step(cache, removed, name, *arguments)
            check(client)
            assert not wrong
        stop()
        # states that were set by hand are no states of a cache that is left alone
        for query in client.get_query_cache().get_all():
            cache.do(query.reset)
        cache.do(client.clear)


def test_many_fetches_are_counted_from_the_side_of_the_key():
    """The count is right where more is fetched than a key means."""
    with a_cache() as cache:
        for number in range(40):
            cache.fetch(("many", number))
        client = cache.client
        assert client.is_fetching() == client.is_fetching(["many"]) == 40
        assert client.is_fetching(["many", 3]) == 1
        assert client.is_fetching(["none"]) == client.is_fetching([True]) == client.is_fetching([{"a": 1}]) == 0
        assert client.is_fetching(QueryKey("many", 3)) == client.is_fetching(QueryFilters(query_key=["many", 3])) == 1
        assert [query.query_key[1] for query in client.get_query_cache().find_all(fetch_status="fetching")] == [
            *range(40)
        ]
