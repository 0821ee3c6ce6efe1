"""The query, and the fields of a form."""

import json
import re
from unittest.mock import ANY

import httpx
import pytest
from dirty_equals import IsPositiveInt

from mockapi import ABSENT, Mismatch, match_form, match_query
from mockapi.differences import difference

URL = "https://api.test/items/"


def get(query):
    return httpx.Request("GET", URL, params=query)


def post(**body):
    request = httpx.Request("POST", URL, **body)
    request.read()
    return request


FILES = {"f": ("n.txt", b"hi")}


@pytest.mark.parametrize("files", [None, FILES])
def test_fields_of_both_kinds_of_form_are_compared_as_texts(files):
    """Urlencoded or multipart: what is given counts, by the rules of a query."""
    sent = post(data={"name": "Ada Ü&=", "age": "7", "ok": "true", "tag": ["a", "b"], "none": ""}, files=files)
    assert match_form({"name": "Ada Ü&=", "age": 7, "ok": True, "none": None, "gone": ABSENT})(sent)
    assert match_form({"tag": ["a", "b"], "age": IsPositiveInt, "name": re.compile("Ada.*")})(sent)
    for wrong in ({"age": 8}, {"tag": "a"}, {"tag": ["b", "a"]}, {"name": ABSENT}, {"gone": ANY}):
        assert not match_form(wrong)(sent)


def test_a_file_is_no_field():
    """It is for match_files."""
    assert match_form({"f": ABSENT, "a": "1"})(post(data={"a": "1"}, files=FILES))


def test_a_body_that_is_no_form_has_no_fields_and_says_so():
    """Its content type is named."""
    assert match_form({"a": ABSENT})(post(json={"a": 1}))
    outcome = match_form({"a": 1})(post(json={"a": 1, "token": "t"}))
    assert difference(outcome) == [
        "the body is no form but application/json   expected {'a': '1'}   got b'{\"a\": 1, \"token\": \"***\"}'"
    ]
    assert match_form({"a": 1})(post()).reason == "the body is empty"


def test_a_dict_in_a_query_is_what_is_sent_in_brackets():
    """Nested names, as qs, PHP and Rails write them; lists end in empty brackets."""
    sent = get({"filter[state]": "open", "filter[by][id]": "7", "filter[tags][]": ["a", "b"], "filters": "x"})
    whole = {"state": "open", "by": {"id": 7}, "tags": ["a", "b"]}
    assert match_query({"filter": whole})(sent)
    assert not match_query({"filter": {"state": "open"}})(sent)
    assert match_query({"filter": {"state": "open", "by": {"id": IsPositiveInt, "name": ABSENT}}}, deep=True)(sent)
    assert not match_query({"filter": {"by": {"id": ABSENT}}}, deep=True)(sent)
    assert not match_query({"filter": {"state": {"x": 1}}}, deep=True)(sent)
    assert not match_query({"other": {"state": "open"}}, deep=True)(sent)


def test_names_in_brackets_that_contradict_each_other_do_no_harm():
    """One of them counts; what is no nested name at all is another one."""
    assert match_query({"a": {"b": "1"}})(get({"a[b]": "1", "a[b][c]": "2", "a[b": "3", "a[b]c": "4"}))
    assert match_query({"a": {"b": "1"}})(get({"a[b][c]": "2", "a[b]": "1"}))
    assert not match_query({"a": {"b": ["1"]}}, deep=True)(get({"a[b][c]": "1"}))
    assert not match_query({"a": {"b": "1"}})(get({"a": ["x", "y"]}))
    assert not match_query({"a": {"b": "1"}})(get({"a": "x"}))


@pytest.mark.parametrize("make", [lambda data: get(data), lambda data: post(data=data)])
def test_a_dict_is_what_a_json_text_says(make):
    """With the types of JSON; in part with deep."""
    sent = make({"where": json.dumps({"and": [{"id": 1, "ok": True}], "x": None})})
    match = match_query if sent.method == "GET" else match_form
    assert match({"where": {"and": [{"id": 1, "ok": True}], "x": None}})(sent)
    assert not match({"where": {"and": [{"id": 1}]}})(sent)
    assert match({"where": {"and": [{"id": 1, "gone": ABSENT}]}}, deep=True)(sent)
    assert not match({"where": {"and": [{"id": True}]}}, deep=True)(sent)
    assert not match({"where": {"and": [{}, {}]}}, deep=True)(sent)


def test_only_what_differs_is_shown():
    """Not what agrees by a == of its own, and of what is nested the part that was asked for."""
    outcome = match_query(
        {"id": IsPositiveInt, "page": 2, "gone": ABSENT, "filter": {"state": "open", "x": ABSENT}, "w": {"a": 1}},
        deep=True,
    )(get({"id": "7", "page": "3", "gone": "", "filter[state]": "shut", "filter[by]": "me", "w": '{"a": 2, "b": 3}'}))
    assert isinstance(outcome, Mismatch)
    assert outcome.reason == "page differs"
    assert difference(outcome) == [
        "filter.state   expected 'open'   got 'shut'",
        "gone   expected absent   got ''",
        "page   expected '2'   got '3'",
        "w.a   expected 1   got 2",
    ]


def test_a_secret_in_a_query_is_not_shown():
    """By its name."""
    assert difference(match_query({"api_key": "k"})(get({"api_key": "z"}))) == ["api_key   expected ***   got ***"]


@pytest.mark.parametrize(
    ("make", "wanted", "deep", "text"),
    [
        (match_query, {"a": b"x"}, False, "match_query has the bytes b'x' at ['a'], but its values are sent as text"),
        (
            match_form,
            {"a": [b"x"]},
            False,
            "match_form has the bytes b'x' at ['a'][0], but its values are sent as text. F",
        ),
        (match_query, {"a": [{"b": 1}]}, True, "match_query has dicts in the list at ['a']; no name that repeats is"),
        (match_query, {"a": ["x", ABSENT]}, True, "match_query has ABSENT at ['a'][1], as an item of a list"),
        (
            match_query,
            {"a": {"b": ABSENT}},
            False,
            "match_query has ABSENT at ['a']['b']; it can stand at the top level",
        ),
    ],
)
def test_what_can_never_be_sent_is_refused(make, wanted, deep, text):
    """Where it is written."""
    with pytest.raises(TypeError, match=re.escape(text)):
        make(wanted, deep=deep)
