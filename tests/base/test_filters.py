"""Which queries and mutations a filter means."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from query.base.errors import OptionError, QueryKeyError, UnknownOptionError
from query.base.filters import (
    MutationFilters,
    QueryFilters,
    match_mutation,
    match_query,
    mutation_filters,
    query_filters,
)
from query.base.infinite_options import InfiniteQueryOptions
from query.base.mutation_options import MutationOptions
from query.base.mutation_state import MutationState
from query.base.options import QueryOptions
from query.base.query_key import QueryKey, as_query_key
from query.base.query_state import QueryState


class FakeQuery:
    """A query as filters see it."""

    def __init__(self, *parts, active=False, stale=True, fetch_status="idle", hash_of=lambda key: key.text):
        self.query_key = QueryKey(*parts)
        self.query_hash = hash_of(self.query_key)
        self.hash_of = hash_of
        self.state = QueryState(fetch_status=fetch_status)
        self.is_active = lambda: active
        self.is_stale = lambda: stale


def mutation(*parts, status="idle"):
    """A mutation as filters see it; without parts it has no key."""
    return SimpleNamespace(mutation_key=QueryKey(*parts) if parts else None, state=MutationState(status=status))


def meant(query, **fields):
    """Whether a filter of these fields means *query*."""
    return match_query(QueryFilters(**fields), query)


def test_no_filter_means_every_query():
    """Nothing given, nothing asked."""
    assert meant(FakeQuery("a", 1))
    assert meant(FakeQuery())


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (["projects"], True),
        (("projects", {"page": 1}), True),
        (QueryKey("projects"), True),
        ([], True),
        (["projects", {"page": 2}], False),
        (["projects", {"page": 1}, 3], False),
        (["teams"], False),
    ],
)
def test_a_key_means_the_keys_that_begin_with_it(key, expected):
    """The empty key is the beginning of all."""
    assert meant(FakeQuery("projects", {"page": 1, "sort": "name"}), query_key=key) is expected


@pytest.mark.parametrize(("key", "expected"), [(["a", {"x": 1, "y": 2}], True), (["a"], False), ([], False)])
def test_exact_means_the_key_itself(key, expected):
    """And no longer one; the empty key then means only itself."""
    assert meant(FakeQuery("a", {"y": 2, "x": 1}), query_key=key, exact=True) is expected
    assert meant(FakeQuery(), query_key=[], exact=True)


def test_exact_without_a_key_asks_nothing():
    """There is nothing to be exact about."""
    assert meant(FakeQuery("a"), exact=True)


def test_exact_goes_by_the_query_s_own_hash_function():
    """Two keys that it calls equal are one entry."""
    query = FakeQuery("Acme", hash_of=lambda key: key[0].lower())
    assert meant(query, query_key=["ACME"], exact=True)
    assert not meant(query, query_key=["ACME"])


@pytest.mark.parametrize(
    ("type", "active", "inactive"),
    [(None, True, True), ("all", True, True), ("active", True, False), ("inactive", False, True)],
)
def test_type_asks_for_enabled_observers(type, active, inactive):
    """Active queries, inactive ones, or all."""
    assert meant(FakeQuery("a", active=True), type=type) is active
    assert meant(FakeQuery("a", active=False), type=type) is inactive


@pytest.mark.parametrize(("wanted", "stale", "fresh"), [(None, True, True), (True, True, False), (False, False, True)])
def test_stale_asks_whether_the_query_is(wanted, stale, fresh):
    """False asks for fresh ones; None does not ask."""
    assert meant(FakeQuery("a", stale=True), stale=wanted) is stale
    assert meant(FakeQuery("a", stale=False), stale=wanted) is fresh


@pytest.mark.parametrize("status", ["fetching", "paused", "idle"])
def test_fetch_status_asks_for_one_of_three(status):
    """And excludes the other two."""
    found = [
        other for other in ("fetching", "paused", "idle") if meant(FakeQuery(fetch_status=other), fetch_status=status)
    ]
    assert found == [status]


def test_the_predicate_is_asked_last():
    """Only about queries that match the rest; any true answer is a yes."""
    asked = []
    fields = {"query_key": ["a"], "predicate": lambda query: asked.append(query.query_key) or "yes"}
    assert meant(FakeQuery("a"), **fields) is True
    assert meant(FakeQuery("b"), **fields) is False
    assert asked == [("a",)]
    assert meant(FakeQuery("a"), predicate=lambda query: 0) is False


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"mutation_key": ["todos"]}, True),
        ({"mutation_key": []}, True),
        ({"mutation_key": ["todos"], "exact": True}, False),
        ({"mutation_key": ["todos", 1], "exact": True}, True),
        ({"mutation_key": ["todos", True], "exact": True}, False),
        ({"mutation_key": ["teams"]}, False),
        ({"status": "pending"}, True),
        ({"status": "error"}, False),
        ({"status": "pending", "predicate": lambda found: found.state.status == "pending"}, True),
        ({"predicate": lambda found: None}, False),
    ],
)
def test_filters_of_mutations(fields, expected):
    """Key, status and predicate, all of them."""
    assert match_mutation(MutationFilters(**fields), mutation("todos", 1, status="pending")) is expected


@pytest.mark.parity("QC-utils-049")
@pytest.mark.parametrize("fields", [{"mutation_key": []}, {"mutation_key": ["a"]}, {"mutation_key": [], "exact": True}])
def test_a_mutation_without_a_key_matches_no_key(fields):
    """Not even the empty one; without a key in the filter it does match."""
    assert match_mutation(MutationFilters(**fields), mutation()) is False
    assert match_mutation(MutationFilters(), mutation()) is True


def test_a_filter_s_key_is_frozen():
    """A later change of the caller's list changes no filter."""
    key = ["a"]
    filters = QueryFilters(query_key=key)
    key.append("b")
    assert filters.query_key == as_query_key(["a"])


@pytest.mark.parametrize(
    ("narrow", "make"), [(query_filters, QueryFilters), (mutation_filters, MutationFilters)], ids=["query", "mutation"]
)
def test_calls_take_an_object_or_fields_or_both(narrow, make):
    """Fields win over those of the object, which is left as it was."""
    base = make(exact=True, predicate=bool)
    assert narrow(None, {"exact": True}).exact is True
    assert narrow(base, {}) is base
    narrowed = narrow(base, {"exact": False})
    assert (narrowed.exact, narrowed.predicate, base.exact) == (False, bool, True)


@pytest.mark.parametrize("base", [None, "object"])
@pytest.mark.parametrize(
    ("narrow", "make", "name"),
    [(query_filters, QueryFilters, "QueryFilters"), (mutation_filters, MutationFilters, "MutationFilters")],
    ids=["query", "mutation"],
)
def test_an_unknown_filter_names_the_nearest_one(base, narrow, make, name):
    """Written alone or on top of an object."""
    with pytest.raises(UnknownOptionError) as caught:
        narrow(base and make(), {"exakt": True})
    assert str(caught.value) == f"{name} has no option 'exakt'. Did you mean 'exact'?"


def test_an_unknown_filter_unlike_any_other_lists_them_all():
    """Also where the class is called itself."""
    with pytest.raises(UnknownOptionError) as caught:
        QueryFilters(wat=1)
    assert str(caught.value) == (
        "QueryFilters has no option 'wat'. It knows: exact, fetch_status, predicate, query_key, stale, type."
    )


@pytest.mark.parametrize(
    ("make", "fields", "text"),
    [
        (QueryFilters, {"type": "aktive"}, "type='aktive' means nothing. Use one of 'all', 'active', 'inactive'."),
        (QueryFilters, {"stale": 1}, "stale=1 means nothing. Use one of True, False."),
        (QueryFilters, {"exact": "yes"}, "exact='yes' means nothing. Use one of True, False."),
        (
            QueryFilters,
            {"fetch_status": "loading"},
            "fetch_status='loading' means nothing. Use one of 'fetching', 'paused', 'idle'.",
        ),
        (MutationFilters, {"exact": 0}, "exact=0 means nothing. Use one of True, False."),
        (
            MutationFilters,
            {"status": "done"},
            "status='done' means nothing. Use one of 'idle', 'pending', 'success', 'error'.",
        ),
    ],
)
def test_a_filter_that_means_nothing_says_what_would(make, fields, text):
    """Instead of silently matching nothing."""
    with pytest.raises(OptionError) as caught:
        make(**fields)
    assert str(caught.value) == f"the filter {text}"
    assert [caught.value.option] == list(fields)


@pytest.mark.parametrize(("make", "subject"), [(QueryFilters, "query"), (MutationFilters, "mutation")])
def test_a_predicate_must_be_a_plain_function_of_one(make, subject):
    """A coroutine would count as true, and match everything."""

    async def later(found): ...

    def two(found, other): ...

    prefix = "test_a_predicate_must_be_a_plain_function_of_one.<locals>."
    wanted = {
        "x": f"the filter predicate='x' cannot be called. Pass a function that takes the {subject} and says whether "
        "it is meant.",
        later: f"predicate is the coroutine function {prefix}later, but its answer is needed at once. "
        "Pass a plain function.",
        two: f"predicate is called as predicate({subject}), but {prefix}two takes 2 positional arguments. "
        "Give it those parameters; *_ takes the ones it has no use for.",
    }
    for predicate, text in wanted.items():
        with pytest.raises(OptionError) as caught:
            make(predicate=predicate)
        assert str(caught.value) == text


@pytest.mark.parametrize(
    "make", [lambda key: QueryFilters(query_key=key), lambda key: MutationFilters(mutation_key=key)]
)
def test_a_string_is_no_key_of_a_filter(make):
    """It would begin nothing."""
    with pytest.raises(QueryKeyError, match=r"^query_key is 'a', a str\."):
        make("a")


def test_a_filter_is_frozen():
    """It may be kept and shared."""
    with pytest.raises(AttributeError):
        QueryFilters().stale = True


@pytest.mark.parametrize(
    ("narrow", "filters", "name", "meant"),
    [
        (query_filters, QueryFilters, "query_key", QueryOptions(query_key=("a", 1))),
        (query_filters, QueryFilters, "query_key", InfiniteQueryOptions(query_key=("a", 1))),
        (query_filters, QueryFilters, "query_key", ("a", 1)),
        (query_filters, QueryFilters, "query_key", ["a", 1]),
        (query_filters, QueryFilters, "query_key", QueryKey("a", 1)),
        (query_filters, QueryFilters, "query_key", FakeQuery("a", 1)),
        (mutation_filters, MutationFilters, "mutation_key", MutationOptions(mutation_key=("a", 1))),
        (mutation_filters, MutationFilters, "mutation_key", ("a", 1)),
        (mutation_filters, MutationFilters, "mutation_key", ["a", 1]),
        (mutation_filters, MutationFilters, "mutation_key", QueryKey("a", 1)),
        (mutation_filters, MutationFilters, "mutation_key", mutation("a", 1)),
    ],
)
def test_options_and_keys_mean_what_begins_with_their_key(narrow, filters, name, meant):
    """And may be narrowed by fields."""
    made = narrow(meant, {})
    assert isinstance(made, filters)
    assert (getattr(made, name), made.exact) == (("a", 1), None)
    assert narrow(meant, {"exact": True}).exact is True


@pytest.mark.parametrize(
    ("narrow", "meant", "text"),
    [
        (query_filters, QueryOptions(stale_time=3), "the options have no query_key, so they mean no query"),
        (mutation_filters, MutationOptions(retry=3), "the options have no mutation_key, so they mean no mutation"),
        (mutation_filters, mutation(), "the options have no mutation_key, so they mean no mutation"),
    ],
)
def test_options_without_a_key_mean_nothing(narrow, meant, text):
    """Rather than everything."""
    with pytest.raises(OptionError, match=text):
        narrow(meant, {})


@pytest.mark.parametrize("narrow", [query_filters, mutation_filters])
@pytest.mark.parametrize("meant", ["projects", 3, {"query_key": ["a"]}])
def test_what_is_none_of_these_is_refused(narrow, meant):
    """A plain string above all."""
    with pytest.raises(QueryKeyError):
        narrow(meant, {})
