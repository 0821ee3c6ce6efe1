"""What all options are: sparse, frozen, merged and compared by what was given."""

from __future__ import annotations

import copy
import math
import pickle
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query import InfiniteQueryOptions, MutationOptions, QueryKey, QueryOptions
from query.base import option_checks as check
from query.base.errors import OptionError, UnknownOptionError
from query.base.given_options import (
    GivenOptions,
    changed,
    given_options,
    is_complete,
    merge_options,
    options_of,
    replaced,
    same_options,
    set_remembered,
)
from query.base.types import UNSET, Unset


class Few(GivenOptions):
    """Three options, of which one is data."""

    _checks: ClassVar[dict[str, check.Check]] = {"time": check.duration, "flag": check.flag, "data": check.anything}

    time: float | Unset | None = UNSET
    flag: bool | Unset | None = UNSET
    data: Any = UNSET


class More(Few):
    """One more."""

    _checks: ClassVar[dict[str, check.Check]] = {**Few._checks, "count": check.count}

    count: int | Unset | None = UNSET


values = {
    "time": st.sampled_from([0, 1, 1.0, math.inf, None, UNSET]),
    "flag": st.sampled_from([True, False, None, UNSET]),
    "data": st.sampled_from([None, UNSET, 1, True, 1.0, "a", QueryKey("a")]),
    "count": st.sampled_from([0, 1, None, UNSET]),
}
few = st.fixed_dictionaries({}, optional={name: values[name] for name in Few._checks}).map(lambda f: Few(**f))
more = st.fixed_dictionaries({}, optional=values).map(lambda f: More(**f))


def all_of(options, kind=None):
    """Every option by name, given or not: the naive way."""
    return {name: getattr(options, name, UNSET) for name in (kind or type(options))._checks}


@given(few | more, few | more)
def test_merging_is_choosing_for_every_option(lower, higher):
    """The higher one's, unless it leaves it out; the class is that of the higher."""
    before = all_of(lower), all_of(higher)
    merged = merge_options(lower, higher)
    naive = {name: getattr(lower, name, UNSET) if value is UNSET else value for name, value in all_of(higher).items()}
    assert type(merged) is type(higher)
    assert all_of(merged) == naive
    assert set(given_options(merged)) <= set(type(higher)._checks)
    assert (all_of(lower), all_of(higher)) == before


@given(few | more, few | more)
def test_options_are_the_same_if_every_option_is(a, b):
    """Identical, or equal scalars of one type."""

    def same(x, y):
        return x is y or (type(x) is type(y) and isinstance(x, (int, float, str, QueryKey)) and x == y)

    x, y = all_of(a, More), all_of(b, More)
    assert same_options(a, b) == all(same(x[name], y[name]) for name in x)


@given(few, st.fixed_dictionaries({}, optional={name: values[name] for name in Few._checks}))
def test_a_change_is_a_copy_with_other_options(options, changes):
    """UNSET takes one back, and what is left out stays."""
    before = all_of(options)
    assert all_of(changed(options, changes)) == {**before, **changes}
    assert all_of(options) == before


@given(more)
def test_copies_and_pickles_give_the_same_options(options):
    """Complete ones stay complete."""
    complete = replaced(options, {}, complete=True)
    for one in (options, complete):
        for again in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
            assert type(again) is More
            assert all_of(again) == all_of(one)
            assert is_complete(again) == is_complete(one)


@pytest.mark.parametrize(
    "options",
    [
        QueryOptions(query_key=["a"], retry=1),
        InfiniteQueryOptions(max_pages=1),
        MutationOptions(scope="a"),
        Few(flag=True),
    ],
)
def test_options_cannot_be_changed(options):
    """Neither what was given nor what was not, nor taken away."""
    for name in given_options(options):
        with pytest.raises(AttributeError, match=f"^immutable type: '{type(options).__name__}'$"):
            setattr(options, name, None)
        with pytest.raises(AttributeError, match="immutable"):
            delattr(options, name)
    with pytest.raises(AttributeError, match="immutable"):
        options.new = 1


def test_what_is_not_given_takes_no_place():
    """It reads as UNSET all the same."""
    options = Few(time=timedelta(seconds=2), flag=UNSET)
    assert vars(options) == {"time": 2.0}
    assert (options.time, options.flag, options.data) == (2.0, UNSET, UNSET)


def test_they_are_shown_in_the_order_of_their_class():
    """However they were written."""
    assert repr(More(count=1, data="x", time=None)) == "More(time=None, data='x', count=1)"


def test_an_unknown_name_and_a_wrong_value_are_refused():
    """By the class that is meant."""
    with pytest.raises(UnknownOptionError, match=r"^Few has no option 'tiem'\. Did you mean 'time'\?$"):
        Few(tiem=1)
    with pytest.raises(OptionError, match=r"^time='5' is a str; expected seconds"):
        changed(Few(), {"time": "5"})
    with pytest.raises(TypeError, match="positional"):
        Few(1)


def test_what_is_remembered_is_no_option():
    """It is kept beside them, and no copy has it."""
    options = Few(flag=True)
    set_remembered(options, "outcome")
    assert (options._remembered, given_options(options)) == ("outcome", {"flag": True})
    for other in (changed(options, {}), merge_options(Few(time=1), options), copy.copy(options)):
        assert other._remembered is None
    assert not is_complete(options)


def test_merging_under_complete_options_leaves_them_complete():
    """As filling in once more does."""
    complete = options_of(Few, {"flag": True}, complete=True)
    assert is_complete(merge_options(Few(time=1), complete))
    assert not is_complete(merge_options(complete, Few(time=1)))
