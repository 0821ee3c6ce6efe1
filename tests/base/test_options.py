"""Options of queries: made, checked, merged, changed."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from types import MethodType

import pytest

from query.base.errors import OptionError, QueryKeyError, UnknownOptionError
from query.base.given_options import given_options, is_complete, merge_options, replaced, same_options
from query.base.option_checks import anything
from query.base.options import CHECKS, FIELDS, NO_OPTIONS, QueryOptionFields, QueryOptions, query_options
from query.base.query_key import QueryKey
from query.base.types import UNSET, skip_token


async def fetch(context):
    return 1


def test_options_left_out_are_unset():
    """They inherit; nothing has a default here."""
    assert given_options(QueryOptions()) == {}


def test_every_option_is_checked_unless_it_is_data():
    """A new option cannot be forgotten: it has a check, or is data of the user."""
    assert set(FIELDS) == {name for name in QueryOptions.__annotations__ if name[0] != "_"}
    assert {name for name, checked in CHECKS.items() if checked is anything} == {"initial_data", "placeholder_data"}
    assert all(getattr(QueryOptions, name) is UNSET for name in FIELDS)


def test_every_option_is_known_to_type_checkers():
    """The typed fields and the class name the same options."""
    written_out = {"query_key", "query_fn", "select"}
    assert set(QueryOptionFields.__optional_keys__) == set(FIELDS) - written_out


def test_options_are_kept_as_the_house_uses_them():
    """Keys frozen, durations in seconds."""
    options = QueryOptions(
        query_key=["a", {"page": 1}],
        stale_time=timedelta(minutes=1),
        gc_time=timedelta(hours=1),
        retry_delay=timedelta(milliseconds=500),
        refetch_interval=timedelta(seconds=5),
        notify_on_change_props=["data"],
    )
    assert type(options.query_key) is QueryKey
    assert (options.stale_time, options.gc_time, options.retry_delay, options.refetch_interval) == (60, 3600, 0.5, 5)
    assert options.notify_on_change_props == ("data",)


@pytest.mark.parametrize("data", [None, 0, fetch, [], "text"])
def test_initial_and_placeholder_data_may_be_anything(data):
    """They are the user's: no check, no conversion."""
    options = QueryOptions(initial_data=data, placeholder_data=data)
    assert options.initial_data is data
    assert options.placeholder_data is data


def test_none_is_kept_beside_unset():
    """It asks for the built-in default, and so wins over inherited options."""
    assert given_options(QueryOptions(retry=None, stale_time=None)) == {
        "retry": None,
        "stale_time": None,
    }


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        (
            "stale_time",
            "5s",
            (
                "stale_time='5s' is a str; expected seconds (an int or float, at least 0), a timedelta, or math.inf; "
                '"static"; or a function of the query that returns one of them.'
            ),
        ),
        (
            "stale_time",
            True,
            (
                "stale_time=True is a bool; expected seconds (an int or float, at least 0), a timedelta, or math.inf; "
                '"static"; or a function of the query that returns one of them.'
            ),
        ),
        (
            "gc_time",
            -1,
            "gc_time=-1 is an int; expected seconds (an int or float, at least 0), a timedelta, or math.inf.",
        ),
        (
            "retry",
            "3",
            (
                "retry='3' is a str; expected the number of retries, True for ever, False for none, "
                "or a function (failure_count, error) -> bool."
            ),
        ),
        ("query_fn", 5, "query_fn=5 is an int; expected a function, called as query_fn(context), or skip_token."),
        ("network_mode", "off", 'network_mode=\'off\' is a str; expected "online", "always" or "offline_first".'),
        (
            "enabled",
            1,
            "enabled=1 is an int; expected True, False, or a function of the query that returns one of them.",
        ),
        ("meta", "x", "meta='x' is a str; expected a dict."),
        (
            "select",
            fetch,
            "select is the coroutine function fetch, but its answer is needed at once. Pass a plain function.",
        ),
        (
            "query_fn",
            lambda: 1,
            (
                "query_fn is called as query_fn(context), but <lambda> takes 0 positional arguments. "
                "Give it those parameters; *_ takes the ones it has no use for."
            ),
        ),
    ],
)
def test_a_wrong_option_is_refused_where_it_is_written(name, value, text):
    """What happened, what was expected, what to do."""
    with pytest.raises(OptionError) as caught:
        QueryOptions(**{name: value})
    assert str(caught.value) == text
    assert caught.value.option == name


@pytest.mark.parametrize(
    "make",
    [QueryOptions, QueryOptions().with_, query_options, lambda **fields: query_options(QueryOptions(), **fields)],
)
@pytest.mark.parametrize(
    ("name", "near"), [("staleTime", "stale_time"), ("query_func", "query_fn"), ("retries", "retry")]
)
def test_an_unknown_option_names_the_nearest(make, name, near):
    """In all four ways of writing options."""
    with pytest.raises(UnknownOptionError) as caught:
        make(**{name: 1})
    assert str(caught.value) == f"QueryOptions has no option {name!r}. Did you mean {near!r}?"


def test_an_option_unlike_any_other_lists_them_all():
    """Without the one that is not for users."""
    with pytest.raises(UnknownOptionError) as caught:
        QueryOptions(wat=1)
    assert str(caught.value).startswith("QueryOptions has no option 'wat'. It knows: cancel_when_unused, enabled, ")
    assert "_optimistic_results" not in str(caught.value)


def test_a_string_is_no_query_key():
    """Its letters are not meant."""
    with pytest.raises(QueryKeyError, match=r"^query_key is 'a', a str\."):
        QueryOptions(query_key="a")


def test_skip_token_is_a_query_fn():
    """The query is known, but must not fetch yet."""
    assert QueryOptions(query_fn=skip_token).query_fn is skip_token


class Loader:
    """Methods as people write them."""

    async def load(self, context): ...

    async def load_page(self, context, *, page): ...

    async def load_two(self, one, two): ...

    def give(self): ...

    @classmethod
    async def load_all(cls, context): ...

    @staticmethod
    async def load_any(context): ...


@pytest.mark.parametrize(
    "function",
    [
        Loader().load,
        Loader().load_page,
        Loader().load_two,
        Loader().give,
        Loader.load,
        Loader.load_all,
        Loader.load_any,
        MethodType(partial(print), 1),
        MethodType(len, []),
        print,
        partial(print),
        None,
    ],
)
def test_a_query_fn_is_judged_as_the_check_of_functions_judges_it(function):
    """The options look for themselves at what is usual, and may only agree."""
    try:
        expected = None if function is None else CHECKS["query_fn"]("query_fn", function)
    except OptionError as error:
        with pytest.raises(OptionError, match=f"^{re.escape(str(error))}$"):
            QueryOptions(query_fn=function)
    else:
        assert QueryOptions(query_fn=function).query_fn is expected


def test_options_are_frozen_and_compared_by_identity():
    """Two of the same content are not the same; comparing never looks into data."""
    options = QueryOptions(retry=1)
    with pytest.raises(AttributeError):
        options.retry = 2
    assert options != QueryOptions(retry=1)


def test_subscripted_options_are_ordinary_ones():
    """The types are for type checkers."""
    assert type(QueryOptions[int, str](retry=1)) is QueryOptions


def test_with_makes_a_changed_copy():
    """Checked like fresh options; the original stays."""
    options = QueryOptions(query_key=["a"], stale_time=1, retry=2)
    changed = options.with_(stale_time=timedelta(seconds=5))
    assert (changed.query_key, changed.stale_time, changed.retry) == (("a",), 5.0, 2)
    assert options.stale_time == 1
    with pytest.raises(OptionError, match=r"^retry=-1 is an int"):
        options.with_(retry=-1)


def test_with_unset_takes_an_option_back():
    """It inherits again."""
    assert QueryOptions(retry=2).with_(retry=UNSET).retry is UNSET


def test_with_takes_no_internal_field():
    """What is kept beside the options is not for users."""
    with pytest.raises(UnknownOptionError, match="^QueryOptions has no option '_remembered'"):
        QueryOptions().with_(_remembered=True)


def test_a_change_of_defaulted_options_makes_them_plain_again():
    """Defaults are filled in anew; what they filled in for another key is dropped."""
    defaulted = replaced(QueryOptions(query_key=["a"]), {"query_hash": "hash of a"}, complete=True)
    same_key = defaulted.with_(retry=1)
    assert (is_complete(same_key), same_key.query_hash) == (False, "hash of a")
    other_key = defaulted.with_(query_key=["b"])
    assert (is_complete(other_key), other_key.query_hash) == (False, UNSET)
    assert defaulted.with_(query_key=["b"], query_hash="mine").query_hash == "mine"
    assert is_complete(defaulted)


def test_a_hash_of_one_s_own_outlives_a_change_of_key():
    """Only what defaults filled in is dropped."""
    assert QueryOptions(query_key=["a"], query_hash="mine").with_(query_key=["b"]).query_hash == "mine"


def test_options_show_what_was_given():
    """Not the thirty that were not."""
    assert repr(QueryOptions(query_key=["a"], retry=None)) == "QueryOptions(query_key=QueryKey('a'), retry=None)"
    assert repr(QueryOptions()) == "QueryOptions()"


def test_merging_fills_in_what_the_higher_leaves_out():
    """Given beats inherited, None included; nobody is changed."""
    lower = QueryOptions(retry=1, stale_time=5, gc_time=7)
    higher = QueryOptions(query_key=["a"], retry=0, stale_time=None)
    merged = merge_options(lower, higher)
    assert given_options(merged) == {
        "query_key": higher.query_key,
        "retry": 0,
        "stale_time": None,
        "gc_time": 7,
    }
    assert (higher.gc_time, lower.retry) == (UNSET, 1)


def test_merging_nothing_gives_the_higher_itself():
    """No copy is made in vain."""
    higher = QueryOptions(retry=1)
    assert merge_options(QueryOptions(), higher) is higher
    assert merge_options(QueryOptions(retry=2), higher) is higher


def test_equal_scalars_make_the_same_options():
    """Keys by their text, numbers and texts of one type by value, all else by identity."""
    meta = {}
    fields = {"query_fn": fetch, "meta": meta, "query_hash": "x", "stale_time": 5.5, "retry": 3}
    a = QueryOptions(query_key=["a", 1], **fields)
    assert same_options(a, a)
    assert same_options(a, QueryOptions(query_key=("a", 1.0), **fields))


@pytest.mark.parametrize(
    "change",
    [
        {"query_key": ["b"]},
        {"retry": True},
        {"retry": 1.0},
        {"retry": UNSET},
        {"retry": None},
        {"meta": {}},
        {"query_fn": lambda context: 1},
        {"initial_data": [1]},
        {"gc_time": 5},
    ],
)
def test_any_other_difference_makes_other_options(change):
    """1, 1.0 and True are three; an equal dict is another dict."""
    a = QueryOptions(query_key=["a"], retry=1, meta={}, query_fn=fetch, initial_data=[1])
    assert not same_options(a, a.with_(**change))
    assert not same_options(a.with_(**change), a)


def test_query_options_builds_on_others():
    """The form for factories that wrap one another."""
    base = query_options(query_key=["a"], query_fn=fetch, retry=1)
    made = query_options(base, select=len, retry=2)
    assert given_options(made) == {**given_options(base), "select": len, "retry": 2}


def test_query_options_needs_a_key():
    """Without one there is nothing to cache under."""
    with pytest.raises(QueryKeyError, match="^query_key is None"):
        query_options(query_fn=fetch)


def test_merging_with_nothing_is_the_options_themselves():
    """Most clients and keys have no defaults."""
    options = QueryOptions(retry=7)
    assert merge_options(NO_OPTIONS, options) is options
    assert given_options(NO_OPTIONS) == given_options(QueryOptions())
