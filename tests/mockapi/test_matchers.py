"""What a request must have to be answered, and why one is not."""

import asyncio
import datetime as dt
from unittest.mock import ANY

import httpx
import httpx2
import pytest
from dirty_equals import IsPositiveInt
from hypothesis import given
from hypothesis import strategies as st

from mockapi import ABSENT, Mismatch, match_data, match_query
from mockapi.matchers import UnusableOutcomeError, ask, check_matchers
from mockapi.requests import RequestView

URL = "https://api.test/items/"


def get(query, library=httpx):
    return library.Request("GET", URL, params=query)


def post(json=None, **body):
    request = httpx.Request("POST", URL, **(body or {"json": json}))
    request.read()
    return request


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_query_keys_that_are_given_are_compared_and_others_ignored(library):
    """A matcher names what matters."""
    assert match_query({"page": "2"})(get({"page": "2", "sort": "name"}, library))
    assert not match_query({"page": "2"})(get({"page": "3"}, library))
    assert not match_query({"page": "2"})(get({}, library))


@pytest.mark.parametrize(
    ("wanted", "sent"), [(2, "2"), (1.5, "1.5"), (True, "true"), (False, "false"), (None, ""), ("a b&c=ü", "a b&c=ü")]
)
def test_query_values_are_compared_as_they_are_sent(wanted, sent):
    """Numbers, flags and None have the text that httpx gives them."""
    assert match_query({"v": wanted})(get({"v": sent}))
    assert match_query({"v": wanted})(get({"v": wanted}))


def test_a_list_in_a_query_is_all_values_of_the_key_in_order():
    """Repeated keys are compared whole."""
    assert match_query({"tag": ["a", "b"]})(get({"tag": ["a", "b"]}))
    assert not match_query({"tag": ["b", "a"]})(get({"tag": ["a", "b"]}))
    assert not match_query({"tag": "a"})(get({"tag": ["a", "b"]}))
    assert match_query({"tag": ["a"]})(get({"tag": "a"}))


@pytest.mark.parametrize(
    ("wanted", "sent", "outcome"),
    [
        (IsPositiveInt, "7", True),
        (IsPositiveInt, "-7", False),
        (IsPositiveInt, "x", False),
        (pytest.approx(0.5), "0.5000000001", True),
        (dt.date(2026, 1, 2), "2026-01-02", True),
        ([IsPositiveInt, "b"], ["1", "b"], True),
    ],
)
def test_values_with_their_own_equality_see_the_number_that_a_text_is(wanted, sent, outcome):
    """A query has texts only; IsInt and approx mean numbers."""
    assert bool(match_query({"v": wanted})(get({"v": sent}))) is outcome


def test_absent_in_a_query_means_not_sent():
    """ABSENT asserts that a key is missing."""
    assert match_query({"page": ABSENT})(get({"sort": "x"}))
    assert not match_query({"page": ABSENT})(get({"page": ""}))


def test_values_with_their_own_equality_are_asked():
    """ANY, approx and dirty-equals work at any depth."""
    assert match_query({"page": ANY})(get({"page": "2"}))
    assert match_data({"price": pytest.approx(0.3)})(post({"price": 0.1 + 0.2}))
    assert match_data({"rows": [{"id": IsPositiveInt, "x": ANY}]})(post({"rows": [{"id": 3, "x": None}]}))
    assert not match_data({"rows": [{"id": IsPositiveInt}]})(post({"rows": [{"id": -3}]}))


def test_data_is_a_subset_at_the_top_and_whole_below():
    """Keys that are given count; their values are compared deeply."""
    assert match_data({"a": {"b": [1]}})(post({"a": {"b": [1]}, "c": 2}))
    assert not match_data({"a": {"b": [1]}})(post({"a": {"b": [1], "d": 3}}))
    assert match_data({"gone": ABSENT})(post({"a": 1}))
    assert not match_data({"a": ABSENT})(post({"a": None}))


def test_true_is_not_one_and_one_is_one_point_zero():
    """JSON's types, not Python's."""
    assert not match_data({"a": True})(post({"a": 1}))
    assert not match_data([0])(post([False]))
    assert match_data({"a": 1})(post({"a": 1.0}))


def test_what_is_wanted_is_copied():
    """What the test does with its dict afterwards is its own business."""
    wanted = {"a": [1]}
    matcher = match_data(wanted)
    wanted["a"].append(2)
    assert matcher(post({"a": [1]}))


def test_absent_below_the_top_is_refused():
    """It could never match: values are compared whole."""
    with pytest.raises(TypeError, match=r"match_data has ABSENT at \['a'\]\[0\]\['b'\]; it can stand at the top level"):
        match_data({"a": [{"b": ABSENT}]})


def test_an_empty_body_has_no_keys():
    """So those that must be absent are."""
    assert match_data({"a": ABSENT})(post(content=b""))
    assert not match_data({"a": ABSENT, "b": 1})(post(content=b""))


def test_none_is_not_a_missing_key():
    """null is a value."""
    assert match_data({"a": None})(post({"a": None}))
    assert not match_data({"a": None})(post({}))


def test_forms_and_lists_are_data_too():
    """The body is read by its content type."""
    assert match_data({"a": "1"})(post(data={"a": "1", "b": "2"}))
    assert match_data({"a": ["1", "2"]})(post(data={"a": ["1", "2"]}))
    assert match_data({"kind": "x"})(post(data={"kind": "x"}, files={"f": ("n.txt", b"hi")}))
    assert match_data({"f": b"hi"})(post(data={"kind": "x"}, files={"f": ("n.txt", b"hi")}))
    assert match_data([1, ANY])(post([1, 2]))
    assert not match_data([1])(post([1, 2]))


@pytest.mark.parametrize("body", [{"content": b"not json"}, {"content": b""}, {"json": [1]}])
def test_a_body_that_is_no_object_does_not_match_and_says_why(body):
    """Malformed JSON is a miss with a reason, not an error."""
    outcome = match_data({"a": 1})(post(**body))
    assert isinstance(outcome, Mismatch)
    assert outcome.part == "data"
    assert outcome.reason


@pytest.mark.parametrize(
    ("match", "text"),
    [
        (lambda request: True, "is a single matcher; expected a list of matchers"),
        ("query", "is str; expected a list of matchers"),
        ({"page": 1}, "is dict; expected a list of matchers"),
        ([{"page": 1}], r"match\[0\] is \{'page': 1\}, which cannot be called"),
    ],
)
def test_matchers_that_cannot_be_some_are_refused(match, text):
    """The mistake is named where it is made."""
    with pytest.raises(TypeError, match=text):
        check_matchers(match)


def test_an_async_function_is_refused_as_a_matcher():
    """Sync callers are matched too."""

    async def later(request):
        return True

    with pytest.raises(TypeError, match=r"match\[0\] is .*later.*, an async function; sync callers are matched too"):
        check_matchers([later])


@pytest.mark.parametrize(
    ("returned", "outcome"),
    [
        (True, True),
        (False, False),
        ("the tenant is wrong", Mismatch("match", "the tenant is wrong")),
        (Mismatch("auth", "no"), Mismatch("auth", "no")),
    ],
)
def test_a_function_says_yes_no_or_why_not(returned, outcome):
    """A str is the reason for no."""
    assert ask(lambda request: returned, RequestView(get({}), "httpx")) == outcome


@pytest.mark.parametrize(
    ("returned", "hint"),
    [
        (None, "Does it lack a return?"),
        ("", "Compare, or write bool(...)"),
        (1, "Compare, or write bool(...)"),
        (["x"], "Compare, or write bool(...)"),
        (asyncio.sleep(0), "A matcher is a plain function, not an async one"),
    ],
)
def test_a_function_that_returns_anything_else_is_not_believed(returned, hint):
    """What is neither yes nor no is a mistake in the test."""
    with pytest.raises(UnusableOutcomeError) as caught:
        ask(lambda request: returned, RequestView(get({}), "httpx"))
    assert caught.value.outcome == returned
    assert caught.value.hint.startswith(hint)


def test_a_matcher_shows_itself_without_secrets():
    """Its repr can end in a message."""
    assert repr(match_data({"a": 1, "password": "p"})) == "match_data({'a': 1, 'password': '***'})"
    assert repr(match_data([1])) == "match_data([1])"
    assert repr(match_query({"page": 2})) == "match_query({'page': 2})"


@pytest.mark.parametrize("make", [match_query, match_data])
def test_a_matcher_of_no_mapping_is_refused(make):
    """match_query("page") is a mistake."""
    with pytest.raises(TypeError, match="takes a dict of the keys to compare, got 'page'"):
        make("page")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(
    wanted=st.dictionaries(TEXT.filter(bool), TEXT, max_size=4),
    extra=st.dictionaries(TEXT.filter(bool), TEXT, max_size=3),
)
def test_a_query_match_survives_added_keys_and_any_encoding(wanted, extra):
    """What is sent through httpx comes back as it was, whatever else is sent."""
    assert match_query(wanted)(get({**extra, **wanted}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(data=st.dictionaries(TEXT, JSON, min_size=1, max_size=4), extra=st.dictionaries(TEXT, JSON, max_size=2))
def test_a_data_match_survives_added_keys_and_no_changed_value(data, extra):
    """Subset matching is monotone; a changed value is seen."""
    assert match_data(data)(post({**extra, **data}))
    name = next(iter(data))
    assert not match_data({name: {"changed": data[name]}})(post({**extra, **data}))
