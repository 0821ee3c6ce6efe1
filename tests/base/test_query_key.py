"""The frozen key: made, compared, read."""

from __future__ import annotations

import copy
import enum
import pickle
from datetime import date
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from query.base import query_key
from query.base.errors import QueryKeyError
from query.base.keys import canonical_text, hash_key, normalize_key, plain_text
from query.base.query_key import (
    QueryKey,
    as_query_key,
    key_of_packed,
    packed_key,
    packed_plain_key,
    parts_of_packed,
    parts_of_text,
)
from query.base.types import UNSET

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
json_keys = st.lists(
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=3,
)


def test_a_key_equals_lists_and_tuples_of_its_parts():
    """Which of the three it was written as makes no difference."""
    key = QueryKey("projects", {"page": 1})
    assert key == ("projects", {"page": 1})
    assert key == ["projects", {"page": 1}]
    assert key == QueryKey("projects", {"page": 1})


@pytest.mark.parametrize("other", [("projects",), ["projects", 2], QueryKey("projects", True), [object()]])
def test_a_key_differs_from_other_parts(other):
    """Also from a list that could not be a key at all."""
    assert QueryKey("projects", 1) != other


@pytest.mark.parametrize("other", ["projects", 1, None, {"projects": 1}, {"projects"}])
def test_a_key_equals_nothing_that_is_no_key(other):
    """A plain string is no key, even with the same letters."""
    assert QueryKey("projects") != other


def test_equal_keys_have_one_hash():
    """Members of dicts in any order, integral floats as ints."""
    assert len({QueryKey({"a": 1, "b": 2}), QueryKey({"b": 2.0, "a": 1}), QueryKey({"a": True, "b": 2})}) == 2


def test_a_key_reads_like_a_tuple():
    """Index, slice, length and iteration."""
    key = QueryKey("a", {"page": 1}, "c")
    assert key[0] == "a"
    assert key[1]["page"] == 1
    assert key[1:] == ({"page": 1}, "c")
    assert len(key) == 3
    assert list(key) == ["a", {"page": 1}, "c"]


def test_the_empty_key_is_a_key():
    """Falsy as an empty tuple is, and equal to one."""
    key = QueryKey()
    assert key == ()
    assert not key
    assert key.text == "[]"


@pytest.mark.parametrize("make", [as_query_key, lambda parts: QueryKey(*parts)])
def test_a_later_change_of_the_caller_s_list_does_not_reach_the_key(make):
    """Nor one of a dict or list inside it."""
    page, ids = {"page": 1}, [1, 2]
    parts = ["projects", page, ids]
    key = make(parts)
    before = key.text
    page["page"] = 2
    ids.append(3)
    parts.append("more")
    assert key == ["projects", {"page": 1}, [1, 2]]
    assert key.text == before == make(["projects", {"page": 1}, [1, 2]]).text


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ([], True),
        (["projects"], True),
        (("projects", {"page": 1}), True),
        (["projects", {"page": 1, "sort": "name"}], True),
        (["projects", {"page": 2}], False),
        (["teams"], False),
        (["projects", {"page": 1, "sort": "name"}, "more"], False),
    ],
)
def test_a_key_starts_with_its_beginnings(prefix, expected):
    """A dict in the beginning need only be a part of the key's dict."""
    key = QueryKey("projects", {"page": 1, "sort": "name"})
    assert key.startswith(prefix) is expected
    assert key.startswith(as_query_key(prefix)) is expected


@pytest.mark.parametrize(
    ("key", "shown"),
    [(QueryKey(), "QueryKey()"), (QueryKey("a"), "QueryKey('a')"), (QueryKey("a", 1), "QueryKey('a', 1)")],
)
def test_a_key_shows_how_it_is_made(key, shown):
    """Also with a single part, without a tuple's comma."""
    assert repr(key) == shown


def test_a_copy_of_a_key_is_the_key():
    """It is frozen: there is nothing to copy."""
    key = QueryKey("a", {"b": [1]})
    assert copy.copy(key) is key
    assert copy.deepcopy([key])[0] is key


def test_a_key_survives_pickling():
    """With parts of all kinds."""
    key = QueryKey("a", {"b": [1, None, 2.5]}, date(2024, 2, 29), UUID(int=7), True)
    again = pickle.loads(pickle.dumps(key))
    assert again == key
    assert again.text == key.text
    assert hash(again) == hash(key)


def test_the_text_is_made_once(monkeypatch):
    """A cache asks for it at every look-up."""
    texts = []
    monkeypatch.setattr("query.base.query_key.hash_key", lambda parts: texts.append(parts) or "text")
    key = QueryKey(date(2024, 2, 29))
    assert [key.text, key.text, hash(key) == hash("text")] == ["text", "text", True]
    assert len(texts) == 1


class Sort(enum.StrEnum):
    """Members are strings, and equal to them."""

    NAME = "name"


@given(json_keys)
def test_a_key_that_was_seen_before_is_read_the_same(key):
    """Its text and parts are those that were made the first time, the members of dicts in the order given."""
    first, second = as_query_key(key), as_query_key(key)
    assert first.text == second.text == canonical_text(key)
    assert repr(first.parts) == repr(second.parts) == repr(normalize_key(key))


def test_a_key_is_read_by_its_exact_types():
    """A member of a StrEnum is kept, though its value was seen before, and both name one entry."""
    plain, named = [as_query_key([sort]) for _ in range(3) for sort in ("name", Sort.NAME)][-2:]
    assert type(plain[0]) is str
    assert named[0] is Sort.NAME
    assert plain.text == named.text


def test_equal_keys_do_not_share_what_can_be_changed():
    """Whoever changes a dict that he read in a key spoils that key alone."""
    first, second = as_query_key(["p", {"page": 1}]), as_query_key(["p", {"page": 1}])
    first[1]["page"] = 2
    assert second[1] == as_query_key(["p", {"page": 1}])[1] == {"page": 1}


def test_keys_that_were_seen_are_forgotten_in_time(monkeypatch):
    """A program that makes new keys for ever does not fill the memory."""
    monkeypatch.setattr(query_key, "_MOST_KNOWN", 3)
    for number in range(10):
        assert [as_query_key(["bounded", number]).parts for _ in range(2)] == [("bounded", number)] * 2
        assert as_query_key(["x" * 1000]).text == f'["{"x" * 1000}"]'
        assert len(query_key.KNOWN_KEYS) <= 3


def test_a_subscripted_key_is_an_ordinary_one():
    """The type of its data is for type checkers."""
    assert QueryKey[int]("a") == QueryKey("a")
    assert type(QueryKey[int]("a")) is QueryKey


def test_a_query_key_is_taken_as_it_is():
    """The same object, hashed already."""
    key = QueryKey("a")
    assert as_query_key(key) is key


def test_a_string_is_refused_as_a_key():
    """A string is a sequence of letters, which nobody means."""
    with pytest.raises(QueryKeyError) as caught:
        as_query_key("projects")
    assert str(caught.value) == "query_key is 'projects', a str. A query key is a list or tuple: write ['projects']."


@pytest.mark.parametrize("key", [None, 1, {"a": 1}, {"a"}, object(), UNSET, iter(["a"])])
def test_only_lists_and_tuples_become_keys(key):
    """Anything else is a TypeError that says so."""
    with pytest.raises(TypeError, match="^query_key is .*A query key is a list or tuple: write "):
        as_query_key(key)


@pytest.mark.parametrize("make", [as_query_key, lambda parts: QueryKey(*parts)])
def test_a_part_without_a_stable_text_is_refused_with_its_place(make):
    """Where it is written, not where it is looked up."""
    with pytest.raises(QueryKeyError, match=r'^query_key\[1\]\["when"\] is an object, which has no stable text\.'):
        make(["a", {"when": object()}])


def test_a_known_key_is_one_object():
    """Which nobody can change for the others: parts with a dict are made anew for each who asks."""
    first, second = as_query_key(["known", {"page": 1}]), as_query_key(["known", {"page": 1}])
    assert first is second
    assert as_query_key(("known", {"page": 1})) == first
    flat = as_query_key(["known", 1])
    assert flat.parts is flat.parts
    assert as_query_key(["known", [1, ["{"]]]).parts == ("known", (1, ("{",)))
    assert as_query_key(["known", ["["]]).parts == ("known", ("[",))


odd_keys = st.sampled_from(
    [[1.5, 1.0], [b"a", {2}], (date(2020, 1, 1),), [UUID(int=1), {"a": (1, [2])}], ["a", {"b": (1, [2])}]]
)


@given(json_keys | odd_keys)
def test_a_packed_key_is_the_same_key(key):
    """When somebody asks for it; what is no plain key, or is made already, is not packed."""
    made = as_query_key(key)
    packed = packed_key(key, made.text)
    if type(packed) is str:
        # there is nothing to keep besides it
        assert packed is made.text
    if type(packed) is not QueryKey:
        parts = parts_of_text(packed) if type(packed) is str else parts_of_packed(packed)
        assert normalize_key(list(parts)) == made.parts
        packed = key_of_packed(packed, made.text)
    assert (packed.text, packed.parts, repr(packed)) == (made.text, made.parts, repr(made))
    assert packed_key(made, "") is made


@given(json_keys, st.booleans())
def test_a_plain_key_is_packed_as_any_is(key, as_tuple):
    """Its text says it all if its dicts have their members in the order in which that writes them."""
    text = plain_text(key)
    assume(text is not None)
    packed = packed_plain_key(tuple(key) if as_tuple else key, text)
    made = as_query_key(key)
    if type(packed) is str:
        assert packed is text
        assert repr(list(parts_of_text(packed))) == repr(key)
    else:
        assert repr(list(parts_of_packed(packed))) == repr(key)
    assert repr(key_of_packed(packed, text)) == repr(made)
    assert type(packed_plain_key(["a", {"a": 1, "b": [2]}], '["a",{"a":1,"b":[2]}]')) is str
    assert type(packed_plain_key(["a", {"b": [2], "a": 1}], '["a",{"a":1,"b":[2]}]')) is bytes


simple_texts = st.text(st.characters(exclude_characters='"\\\\', exclude_categories=["C"]))
short_keys = st.lists(
    simple_texts
    | st.integers()
    | st.booleans()
    | st.none()
    | st.dictionaries(simple_texts, st.integers() | st.booleans(), max_size=1),
    max_size=4,
)


@given(short_keys, st.booleans())
def test_the_text_says_all_of_most_keys(key, as_tuple):
    """Part by part, and with the type of each; a dict of two members may stand in another order there."""
    text = hash_key(key)
    assume(len(text) <= 500)
    packed = packed_key(tuple(key) if as_tuple else key, text)
    assert packed is text
    assert repr(key_of_packed(packed, text)) == repr(as_query_key(key))
    assert list(parts_of_text(packed)) == key
    assert type(packed_key([{"b": 1, "a": 2}, *key], hash_key([{"b": 1, "a": 2}, *key]))) is bytes


@pytest.mark.parametrize(
    "part",
    ["\ud800", '"', "\\", "\n", 10**5000, 0.5, {"a": "\ud800"}, {"a": {"b": 1}}, [1], {}],
    ids=lambda part: type(part).__name__,
)
def test_what_json_has_no_words_for_is_packed_by_others(part):
    """It is the same key when somebody asks."""
    text = hash_key([part])
    packed = packed_key([part], text)
    made = key_of_packed(packed, text) if type(packed) is not QueryKey else packed
    assert (made, made.parts) == (as_query_key([part]), as_query_key([part]).parts)
