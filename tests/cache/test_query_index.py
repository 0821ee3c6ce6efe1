"""The index over the keys finds what a look at every query finds, in the same order."""

from __future__ import annotations

import enum
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from query import QueryClient, QueryFilters, QueryKey, QueryKeyError, QueryOptions, match_query
from query.cache import lagging_index, query_index


class Color(enum.IntEnum):
    """A member that equals a number."""

    RED = 1


class Word(enum.StrEnum):
    """A member that equals a string."""

    A = "a"


SCALARS = [
    None,
    True,
    False,
    0,
    1,
    2,
    1.0,
    -0.0,
    1.5,
    float("nan"),
    float("inf"),
    "a",
    "b",
    "1",
    "true",
    "a,b",
    "\ud800",
]
SCALARS += [Color.RED, Word.A, uuid.UUID(int=1), str(uuid.UUID(int=1)), frozenset({1, 2}), b"a", 10**30, '"', "\n"]
scalars = st.sampled_from(SCALARS)
few_scalars = st.sampled_from([1, "a", True, "b"])
names = st.sampled_from(["a", "b", "query"])


def parts_of(leaves):
    """A part of a key: a leaf, or lists and dicts of leaves, two deep."""
    flat = st.one_of(leaves, st.lists(leaves, max_size=2), st.dictionaries(names, leaves, max_size=3))
    return st.one_of(leaves, leaves, st.lists(flat, max_size=2), st.dictionaries(names, flat, max_size=3))


keys = st.one_of(
    st.lists(few_scalars, min_size=1, max_size=2),
    st.lists(parts_of(few_scalars), max_size=4),
    st.lists(parts_of(scalars), max_size=3),
    st.tuples(st.just("a"), st.dictionaries(names, st.integers(0, 3), max_size=3)),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), keys),
        st.tuples(st.just("add"), keys),
        st.tuples(st.just("rename"), keys),
        st.tuples(st.just("remove"), st.integers(0, 20)),
        st.tuples(st.just("ask"), keys),
        st.tuples(st.just("ask"), keys),
        st.tuples(st.just("clear"), st.just(None)),
    ),
    min_size=10,
    max_size=60,
)


def by_looking(cache, **fields):
    """What a look at every query finds."""
    filters = QueryFilters(**fields)
    return [query for query in cache.get_all() if match_query(filters, query)]


def check(cache, key):
    """The index and a look at every query agree on a key in every form."""
    expected = by_looking(cache, query_key=key)
    assert cache.find_all(key) == expected
    assert cache.find_all(QueryKey(*key)) == expected
    assert cache.find_all(query_key=key, stale=True) == by_looking(cache, query_key=key, stale=True)
    exactly = by_looking(cache, query_key=key, exact=True)
    assert cache.find_all(key, exact=True) == exactly
    assert cache.find(key) is (exactly[0] if exactly else None)
    assert cache.find(key, exact=False) is (expected[0] if expected else None)


@pytest.mark.parametrize(("slice_size", "few"), [(1, 0), (2, 1), (5, 3), (10_000, 16)])
def test_the_index_agrees_with_a_look_at_every_query(monkeypatch, slice_size, few):
    """Whatever comes, goes and comes again between the questions, however much of it still waits."""
    monkeypatch.setattr(lagging_index, "SLICE", slice_size)
    monkeypatch.setattr(query_index, "FEW", few)

    @settings(max_examples=80, derandomize=True, database=None)
    @given(steps)
    def agrees(story):
        client = QueryClient()
        cache = client.get_query_cache()
        for number, (what, it) in enumerate(story):
            if what == "add":
                cache.build(client, QueryOptions(query_key=it))
            elif what == "rename":
                # under the text of another key, or under no text of a key at all
                cache.build(client, QueryOptions(query_key=it, query_hash='["a"]' if number % 2 else f"{number}\n["))
            elif what == "remove":
                for query in cache.get_all()[it : it + 1]:
                    cache.remove(query)
            elif what == "clear":
                cache.clear()
            else:
                check(cache, it)
        for query in cache.get_all():
            check(cache, query.query_key.parts)
            check(cache, query.query_key.parts[:1])

    agrees()


def test_equal_scalars_and_no_others_find_each_other(client):
    """As keys see them: 1 is 1.0 and not True, and a member of a StrEnum is its value."""
    cache = client.get_query_cache()
    for scalar in SCALARS:
        cache.build(client, QueryOptions(query_key=[scalar, "more"]))
        cache.build(client, QueryOptions(query_key=["in", {"a": {"b": scalar}}]))
    for scalar in SCALARS:
        check(cache, [scalar])
        check(cache, ["in", {"a": {"b": scalar}}])


def test_a_key_that_contains_itself_is_refused(client):
    """Where it stands, as everywhere."""
    key = ["a"]
    key.append(key)
    client.get_query_cache().find_all(["a"])
    with pytest.raises(QueryKeyError, match="contains itself"):
        client.get_query_cache().find_all(key)


MEANT = [
    (None, {}),
    (["a"], {}),
    (("a", 1), {}),
    (["a", {"b": 1}], {}),
    ([True], {}),
    (QueryKey("a"), {}),
    (["a"], {"exact": True}),
    (["a", 1], {"exact": True}),
    (QueryKey("a", 1), {"exact": True}),
    (["a"], {"exact": False}),
    (["b"], {"query_key": ["a"]}),
    (None, {"query_key": ["a"]}),
    (None, {"query_key": ["a", 1], "exact": True}),
    (None, {"query_key": None}),
    (None, {"fetch_status": "idle"}),
    (["a"], {"stale": False}),
    (QueryFilters(query_key=["a"]), {}),
]


@pytest.mark.parametrize("refetch_type", [None, "none", "active"])
@pytest.mark.parametrize(("meant", "fields"), MEANT)
def test_what_is_marked_does_not_depend_on_who_listens(meant, fields, refetch_type):
    """The short way that nobody is told of ends where the long one does."""
    marked = []
    for heard in (False, True):
        client = QueryClient()
        cache = client.get_query_cache()
        for key in ([], ["a"], ["a", 1], ["a", {"b": 1, "c": 2}], [True], [1], ["b"]):
            client.set_query_data(key, "data")
        client.invalidate_queries(["b"], exact=True)
        told = []
        if heard:
            cache.subscribe(told.append)
        assert client.invalidate_queries(meant, refetch_type=refetch_type, **fields).done()
        marked.append([query.query_hash for query in cache.get_all() if query.state.is_invalidated])
        assert len(told) == heard * (len(marked[-1]) - 1)
    assert marked[0] == marked[1]


def test_a_hash_function_decides_which_key_is_exactly_meant(client):
    """Of each query its own; and one that gets it late is asked from then on."""
    cache = client.get_query_cache()

    def first_only(key):
        return f"first {key[0]}"

    one = cache.build(client, QueryOptions(query_key=["a", 1], query_key_hash_fn=first_only))
    plain = cache.build(client, QueryOptions(query_key=["a", 2]))
    assert cache.find(["a", 7]) is one
    assert cache.find_all(["a", 2], exact=True) == [one, plain]
    cache.clear()
    plain = cache.build(client, QueryOptions(query_key=["b"]))
    assert cache.find(["b"]) is plain
    plain.set_options(QueryOptions(query_key=["b"], query_key_hash_fn=lambda key: "other"))
    assert cache.find(["b"]) is None


@pytest.mark.parametrize("count", [30, 500])
def test_an_index_is_built_in_slices(client, monkeypatch, count):
    """The first question only looks, each further one takes some in, and all find the same."""
    monkeypatch.setattr(lagging_index, "SLICE", 20)
    cache = client.get_query_cache()
    for number in range(count):
        client.set_query_data(["g", number // 10, {"at": number % 10}], number)
    for _ in range(count // 20 + 2):
        assert [query.state.data for query in cache.find_all(["g", 2])] == [*range(20, 30)]
        assert [query.state.data for query in cache.find_all(["g", 2, {"at": 3}])] == [23]
        assert [query.state.data for query in cache.find_all(["g", {"at": 3}])] == []
    assert not cache._index._by_prefix[2]._waiting
    client.set_query_data(["g", 2, {"at": 10}], "new")
    assert [query.state.data for query in cache.find_all(["g", 2])] == [*range(20, 30), "new"]


def test_queries_that_come_and_go_while_others_wait_are_found(client, monkeypatch):
    """The text that the questions before were answered from is not that of now."""
    monkeypatch.setattr(lagging_index, "SLICE", 20)
    cache = client.get_query_cache()
    for number in range(500):
        client.set_query_data(["g", number // 10, {"at": number % 10}], number)
    expected = [*range(400, 410)]
    for new in range(10):
        assert [query.state.data for query in cache.find_all(["g", 40])] == expected
        client.set_query_data(["g", 40, "new", new], f"new {new}")
        client.remove_queries(["g", 40, {"at": new}], exact=True)
        expected = [*expected[1:], f"new {new}"]
    assert [query.state.data for query in cache.find_all(["g", 40])] == expected
    assert cache._index._by_prefix[2]._text


def test_a_text_is_searched_for_queries_and_not_for_places(client, monkeypatch):
    """Each is found once, oldest first, whether its key ends with what is asked for or goes on."""
    monkeypatch.setattr(lagging_index, "SLICE", 20)
    cache = client.get_query_cache()
    for number in range(100):
        client.set_query_data(["twice", {"at": number}, {"at": number}], number)
        client.set_query_data(["g", number], number)
    for key in (["a", 1, "more"], ["a", 1], ["a", 1, "other"]):
        client.set_query_data(key, key[-1])
    assert [query.state.data for query in cache.find_all(["twice", {"at": 3}])] == [3]
    assert [query.state.data for query in cache.find_all(["a", 1])] == ["more", 1, "other"]


def test_what_an_index_cannot_look_up_is_compared(client):
    """What stands behind a dict, and the lists in it."""
    cache = client.get_query_cache()
    for number in range(40):
        client.set_query_data(["g", {"at": 1, "in": [number]}, number], number)
    for _ in range(2):
        assert [query.state.data for query in cache.find_all(["g", {"at": 1}, 3])] == [3]
        assert [query.state.data for query in cache.find_all(["g", {"at": 1, "in": [4]}])] == [4]


def test_an_answer_of_nearly_all_is_not_searched_for(client, monkeypatch):
    """The index is built at once where the answer is as long."""
    monkeypatch.setattr(lagging_index, "SLICE", 20)
    cache = client.get_query_cache()
    for number in range(100):
        client.set_query_data(["g", number], number)
    assert len(cache.find_all(["g"])) == 100
    assert len(cache.find_all(["g"])) == 100


def test_a_query_out_of_the_cache_is_in_no_index(client):
    """Nothing keeps a removed query alive."""
    cache = client.get_query_cache()
    for number in range(40):
        client.set_query_data(["g", {"at": number, "in": {"all": 1}}], number)
    assert len(cache.find_all(["g", {"in": {"all": 1}}])) == 40
    assert len(cache.find_all(["g"])) == 40
    client.remove_queries(["g", {"at": 3}])
    assert len(cache.find_all(["g", {"in": {"all": 1}}])) == 39
    client.remove_queries()
    assert cache.find_all(["g", {"in": {"all": 1}}]) == cache.find_all(["g"]) == []
    index = cache._index
    assert all(held.is_empty() for held in index._by_prefix.values())
    assert index._by_members == {}
    cache.remove(cache.build(client, QueryOptions(query_key=["g"], query_hash="other")))
    assert index._renamed == {}


def test_what_comes_when_all_that_waits_has_gone_is_found(client, monkeypatch):
    """The text of those that have gone is still to be taken in."""
    monkeypatch.setattr(lagging_index, "SLICE", 20)
    cache = client.get_query_cache()
    for number in range(60):
        client.set_query_data(["g", {"at": number, "in": 1}], number)
    assert len(cache.find_all(["g", {"at": 3}])) == 1
    client.set_query_data(["g", {"at": 3, "in": 2}], "new")
    client.remove_queries(predicate=lambda query: query.state.data != "new")
    client.set_query_data(["g", {"at": 3, "in": 1}], "again")
    for _ in range(5):
        assert [query.state.data for query in cache.find_all(["g", {"at": 3}])] == ["new", "again"]
