"""Equal keys, by other means than the cache's own."""

from hypothesis import given
from hypothesis import strategies as st

from mockapi.stateful.plain_keys import has_dict, plain_key, respelled
from query import QueryKey

PARTS = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "a", "1"]),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from("abc"), part, max_size=3),
    max_leaves=6,
)


@given(st.lists(PARTS, max_size=3), st.lists(PARTS, max_size=3))
def test_it_agrees_with_the_cache(one, other):
    """Two keys are equal here if and only if the cache files them together."""
    same = QueryKey(*one) == QueryKey(*other)
    assert (plain_key(QueryKey(*one)) == plain_key(QueryKey(*other))) == same


@given(st.lists(PARTS, max_size=3))
def test_a_key_that_is_written_otherwise_is_equal(key):
    """The other way to write a key has its dicts in another order, and means the same."""
    other = respelled(key)
    assert plain_key(other) == plain_key(key)
    assert has_dict(key) or repr(other) == repr(key)
