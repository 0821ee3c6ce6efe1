"""The options of infinite queries: made, checked, changed, and asked for the next page."""

from __future__ import annotations

import pytest

from query import (
    UNSET,
    InfiniteData,
    InfiniteQueryOptions,
    OptionError,
    QueryOptions,
    UnknownOptionError,
    infinite_query_options,
)
from query.base.given_options import merge_options
from query.base.infinite_options import INFINITE_CHECKS, next_page_param, previous_page_param
from query.base.option_checks import anything


def load(context):
    return context.page_param


def following(page, pages, param, params):
    return param + 1


def make(**options):
    given = {"query_key": ["a"], "query_fn": load, "initial_page_param": 0, "get_next_page_param": following}
    return infinite_query_options(**{**given, **options})


def test_they_are_options_of_a_query():
    """Whatever takes those takes these, and they have what those have."""
    options = make(stale_time=30, max_pages=3)
    assert isinstance(options, QueryOptions)
    assert (options.stale_time, options.max_pages, options.initial_page_param) == (30, 3, 0)
    assert repr(options).startswith("InfiniteQueryOptions(query_key=QueryKey('a'), query_fn=")


@pytest.mark.parametrize("missing", ["query_key", "initial_page_param", "get_next_page_param"])
def test_what_nothing_works_without_is_demanded(missing):
    """The message says what to pass."""
    given = {"query_key": ["a"], "initial_page_param": 0, "get_next_page_param": following}
    del given[missing]
    with pytest.raises(OptionError, match=rf"needs {missing}, which is not given\. Pass {missing}="):
        infinite_query_options(**given)


def test_none_is_a_page_param():
    """An API may begin without a cursor."""
    assert make(initial_page_param=None).initial_page_param is None


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("max_pages", -1, "expected a whole number"),
        ("max_pages", True, "expected a whole number"),
        ("pages", 1.5, "expected a whole number"),
        ("get_next_page_param", lambda page: 1, r"is called as get_next_page_param\(last_page, pages,"),
        ("get_previous_page_param", "cursor", "get_previous_page_param"),
        ("stale_time", "statik", "stale_time"),
    ],
)
def test_options_that_cannot_be_right_are_refused(option, value, said):
    """Where they are written."""
    with pytest.raises(OptionError, match=said):
        make(**{option: value})


async def next_later(page, pages, param, params):
    return None


def test_a_coroutine_function_leads_to_no_page():
    """Its coroutine would be a page param, unseen."""
    with pytest.raises(OptionError, match="needed at once"):
        make(get_next_page_param=next_later)


def test_an_unknown_option_is_named_with_the_nearest():
    """Also in a change."""
    with pytest.raises(UnknownOptionError, match="Did you mean 'max_pages'"):
        make(max_page=3)
    with pytest.raises(UnknownOptionError, match="Did you mean 'max_pages'"):
        make().with_(max_page=3)


def test_a_change_makes_a_copy_of_the_same_kind():
    """With ``with_`` and with the factory."""
    options = make()
    for changed in (options.with_(max_pages=2), infinite_query_options(options, max_pages=2)):
        assert type(changed) is InfiniteQueryOptions
        assert (changed.max_pages, changed.get_next_page_param) == (2, following)
    assert make(max_pages=2).with_(max_pages=None).max_pages is None


def test_defaults_fill_in_what_is_left_out():
    """Those of infinite queries as well as those of all queries."""
    merged = merge_options(InfiniteQueryOptions(max_pages=5, stale_time=1), InfiniteQueryOptions(stale_time=2))
    assert (merged.max_pages, merged.stale_time) == (5, 2)
    assert merge_options(QueryOptions(retry=1), make()).retry == 1


def test_every_option_beside_data_is_checked():
    """None is forgotten; a page param may be anything."""
    data = {"initial_data", "placeholder_data", "initial_page_param"}
    annotated = {**QueryOptions.__annotations__, **InfiniteQueryOptions.__annotations__}
    assert set(INFINITE_CHECKS) == {name for name in annotated if name[0] != "_"}
    assert {name for name, checked in INFINITE_CHECKS.items() if checked is anything} == data
    assert all(getattr(InfiniteQueryOptions, name) is UNSET for name in INFINITE_CHECKS)


def test_page_functions_get_the_page_at_the_edge():
    """The last one forward, the first one backward, each with its param, and all of both."""
    seen = []

    def note(*args):
        seen.append(args)
        return 7

    options = make(get_next_page_param=note, get_previous_page_param=note)
    data = InfiniteData(["a", "b"], [1, 2])
    assert (next_page_param(options, data), previous_page_param(options, data)) == (7, 7)
    assert seen == [("b", ["a", "b"], 2, [1, 2]), ("a", ["a", "b"], 1, [1, 2])]


def test_without_a_way_there_is_no_previous_page_and_no_guess_of_the_next():
    """Previous pages are optional; the way forward is not."""
    data = InfiniteData(["a"], [1])
    assert previous_page_param(make(), data) is None
    with pytest.raises(OptionError, match="an infinite query needs get_next_page_param"):
        next_page_param(InfiniteQueryOptions(query_key=["a"]), data)


@pytest.mark.parametrize("nothing", [None, UNSET])
def test_neither_none_nor_unset_is_a_page_param(nothing):
    """Both say that there is no such page."""
    options = make(get_next_page_param=lambda *_: nothing, get_previous_page_param=lambda *_: nothing)
    data = InfiniteData(["a"], [1])
    assert (next_page_param(options, data), previous_page_param(options, data)) == (None, None)
