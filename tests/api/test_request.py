"""A call as data and as a key: the same call has the same key, and a key gives its call back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.api.request import ApiRequest, api_query_key, check_api_url, is_whole_url, parse_api_query_key, sent_query
from query.base.errors import OptionError, QueryKeyError
from query.base.query_key import QueryKey

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
requests = st.builds(
    ApiRequest,
    url=st.sampled_from(["/a/", "https://b.test/"]),
    method=st.sampled_from(["GET", "POST", "get"]),
    query=st.none() | st.dictionaries(st.text(max_size=2), scalars | st.lists(scalars, max_size=2), max_size=2),
    data=st.none() | st.dictionaries(st.text(max_size=2), scalars, max_size=2),
    headers=st.none() | st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=1),
    host=st.none() | st.just("https://eu.test"),
)


def test_a_call_without_options_has_a_key_of_one_part():
    """So that everything below a URL can be found by the URL."""
    assert api_query_key(ApiRequest(url="/projects/")) == ("/projects/",)
    assert api_query_key(ApiRequest(url="/projects/", query={}, headers={})) == ("/projects/",)


def test_the_options_that_are_given_make_the_second_part():
    """By their names."""
    request = ApiRequest(
        url="/x/", method="POST", query={"page": 2}, data={"a": 1}, headers={"X": "1"}, host="https://eu.test"
    )
    assert api_query_key(request) == (
        "/x/",
        {"method": "POST", "query": {"page": 2}, "data": {"a": 1}, "headers": {"X": "1"}, "host": "https://eu.test"},
    )


def test_what_is_not_sent_is_not_in_the_key():
    """None leaves a query parameter out, also from a list; two spellings of one call are one entry."""
    request = ApiRequest(url="/x/", query={"a": None, "b": [None], "c": [1, None, 2], "d": "", "e": 0, "f": ()})
    assert sent_query(request) == {"c": [1, 2], "d": "", "e": 0}
    assert api_query_key(request) == ("/x/", {"query": {"c": [1, 2], "d": "", "e": 0}})
    assert api_query_key(ApiRequest(url="/x/", method="get")) == ("/x/",)


def test_falsy_data_is_data():
    """An empty object is a body; None is none."""
    assert api_query_key(ApiRequest(url="/x/", data={})) == ("/x/", {"data": {}})
    assert api_query_key(ApiRequest(url="/x/", data=None)) == ("/x/",)


@given(requests, st.booleans())
def test_a_key_gives_its_call_back(request, infinite):
    """Making the key of a parsed key changes nothing."""
    key = api_query_key(request, infinite=infinite)
    parsed = parse_api_query_key(key)
    assert parsed == parse_api_query_key(key, infinite=infinite)
    assert api_query_key(parsed, infinite=infinite) == key
    assert sent_query(parsed).keys() == sent_query(request).keys()
    assert (parsed.url, parsed.host, parsed.data) == (request.url, request.host, request.data)


@given(requests)
def test_the_key_of_pages_has_a_mark(request):
    """No infinite query collides with the plain one of the same call, and both begin with the URL."""
    plain, infinite = api_query_key(request), api_query_key(request, infinite=True)
    assert plain != infinite
    assert infinite.startswith(plain)
    assert infinite.startswith((request.url, {"infinite": True}))
    assert not plain.startswith((request.url, {"infinite": True}))
    with pytest.raises(QueryKeyError, match="is the key of an infinite query"):
        parse_api_query_key(infinite, infinite=False)
    with pytest.raises(QueryKeyError, match="is the key of a plain API call"):
        parse_api_query_key(plain, infinite=True)


def test_lists_and_tuples_are_keys_too():
    """A key written by hand is parsed as well."""
    parsed = parse_api_query_key(["/x/", {"query": {"page": 1}}])
    assert parsed == ApiRequest(url="/x/", query={"page": 1})


@pytest.mark.parametrize(
    "key",
    [
        (),
        ("projects", 5),
        (5,),
        ("/x/", {"page": 1}),
        ("/x/", {}, {}),
        QueryKey("/x/", "y"),
        ("/x/", {"infinite": False}),
        ("/x/", {"infinite": 1}),
    ],
)
def test_another_key_is_refused(key):
    """With what a key of a call looks like."""
    with pytest.raises(QueryKeyError, match=r'no key of an API call\. Expected a URL.*"query"'):
        parse_api_query_key(key)


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("https://a.test/", True),
        ("HTTP://a.test", True),
        ("http+unix://x", True),
        ("/login?next=https://a.test/", False),
        ("a.test/https://", False),
    ],
)
def test_a_whole_url_begins_with_its_scheme(url, whole):
    """A URL inside a path or query is only text."""
    assert is_whole_url(url) is whole


@pytest.mark.parametrize("url", ["projects/", "", "api.test/x", None, 5, b"/x/"])
def test_what_is_no_url_is_refused(url):
    """A path begins with a slash."""
    with pytest.raises(OptionError, match="is no URL of an API; expected a path such as '/projects/"):
        check_api_url(url)


@pytest.mark.parametrize("url", ["/", "/projects/", "https://api.test/projects/"])
def test_paths_and_whole_urls_pass(url):
    """The two forms of a URL."""
    check_api_url(url)
