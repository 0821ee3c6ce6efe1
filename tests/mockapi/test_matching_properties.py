"""What holds of matching whatever is sent, registered and expected."""

from __future__ import annotations

import asyncio
import json
import re
import string

import httpx
import httpx2
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mockapi import ABSENT, MockApiClient, UnmatchedRequestError, match_data, match_form, match_headers, match_query
from mockapi.agreement import agrees, agrees_in_part
from mockapi.differences import difference

URL = "https://api.test/a/b/"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NAME = TEXT.filter(bool)
LEAF = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
JSON = st.recursive(
    LEAF | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | st.just("__x"), inner, max_size=3),
    max_leaves=8,
)
OBJECT = st.dictionaries(TEXT, JSON, max_size=4)


@pytest.fixture(scope="module")
def http():
    """A kept client; what belongs to a test is registered anew for each example."""
    with httpx.Client() as client:
        yield client


def post(library=httpx, **body):
    request = library.Request("POST", URL, **body)
    request.read()
    return request


# -- which mock answers


@given(
    urls=st.lists(
        st.sampled_from(
            ["/a/b/", "/a/$x/", "/$x/b/", "/*/b/", "/a/**", "/**", URL, re.compile("/a/.*"), re.compile(".*")]
        ),
        min_size=1,
        max_size=6,
    ),
    data=st.data(),
)
def test_the_newest_wins_and_removing_it_restores_the_answer_before(http, urls, data):
    """Whatever the kinds of their URLs, and in whatever order they are removed."""
    with MockApiClient() as client:
        mocks = [client.add_mock_response(url, body=number) for number, url in enumerate(urls)]
        left = list(range(len(urls)))
        while left:
            assert http.get(URL).json() == left[-1]
            gone = data.draw(st.sampled_from(left))
            mocks[gone].remove()
            left.remove(gone)
        with pytest.raises(UnmatchedRequestError):
            http.get(URL)
        client.unmatched.clear()


@given(counts=st.lists(st.integers(1, 4), max_size=4))
def test_times_gives_exactly_so_many_answers(http, counts):
    """Then the older one answers, with its own number."""
    with MockApiClient() as client:
        client.add_mock_response("/a/b/", body="always")
        for number, count in enumerate(counts):
            client.add_mock_response("/a/b/", body=number, times=count)
        expected = [number for number in reversed(range(len(counts))) for _ in range(counts[number])]
        assert [http.get(URL).json() for _ in expected] == expected
        assert http.get(URL).text == "always"
        assert [mock.call_count for mock in client.mocks[1:]] == counts


# -- what a match survives


@given(wanted=OBJECT, extra=OBJECT)
def test_a_match_of_data_survives_added_keys(wanted, extra):
    """A subset at the top, and so also a subset at any depth."""
    sent = post(json={**extra, **wanted})
    assert match_data(wanted)(sent)
    assert match_data(wanted, deep=True)(sent)


def widened(value, draw):
    """*value* with keys added to the dicts in it, at any depth."""
    if isinstance(value, dict):
        added = {f"+{name}": item for name, item in draw(st.dictionaries(TEXT, LEAF, max_size=2)).items()}
        return {**{name: widened(item, draw) for name, item in value.items()}, **added}
    return [widened(item, draw) for item in value] if isinstance(value, list) else value


@given(wanted=OBJECT, data=st.data())
def test_a_deep_match_survives_keys_that_are_added_at_any_depth(wanted, data):
    """Keys that begin with a plus are in no wanted value, so ABSENT holds for those that were not added."""
    assume("+" not in json.dumps(wanted))
    assert match_data({**wanted, "+++": ABSENT}, deep=True)(post(json=widened(wanted, data.draw)))


@given(wanted=OBJECT.filter(bool), other=JSON, extra=OBJECT, deep=st.booleans(), data=st.data())
def test_no_match_of_data_survives_a_changed_value(wanted, other, extra, deep, data):
    """Nor that a key is gone."""
    name = data.draw(st.sampled_from(sorted(wanted)))
    assume(not (agrees_in_part if deep else agrees)(wanted[name], other))
    assert not match_data(wanted, deep=deep)(post(json={**extra, **wanted, name: other}))
    assert not match_data(wanted, deep=deep)(post(json={k: v for k, v in {**extra, **wanted}.items() if k != name}))
    assert not match_data({name: ABSENT})(post(json=wanted))


VALUES = st.dictionaries(NAME, st.lists(TEXT, min_size=1, max_size=3), max_size=4)


@given(wanted=VALUES.filter(bool), other=st.lists(TEXT, min_size=1, max_size=3), extra=VALUES, data=st.data())
def test_matches_of_texts_survive_added_names_and_no_changed_value(wanted, other, extra, data):
    """Of a query and of a form alike."""
    name = data.draw(st.sampled_from(sorted(wanted)))
    assume(other != wanted[name])
    sent = {**extra, **wanted}
    for make, match in (
        (lambda texts: httpx.Request("GET", URL, params=texts), match_query),
        (lambda texts: post(data=texts), match_form),
    ):
        assert match(wanted)(make(sent))
        assert not match(wanted)(make({**sent, name: other}))
        assert not match({**wanted, name: ABSENT})(make(sent))


TOKEN = st.text("abcABC-", min_size=1, max_size=6)
HEADER_TEXT = st.text(string.ascii_letters + string.digits + "-_;= ", max_size=8).map(str.strip)


@given(
    wanted=st.dictionaries(TOKEN.map(str.lower), HEADER_TEXT, min_size=1, max_size=4),
    extra=st.dictionaries(TOKEN.map(lambda name: f"x{name}"), HEADER_TEXT, max_size=3),
    other=HEADER_TEXT,
    data=st.data(),
)
def test_a_match_of_headers_survives_added_ones_and_any_case_and_no_changed_value(wanted, extra, other, data):
    """Names are names in any case, values are texts in theirs."""
    name = data.draw(st.sampled_from(sorted(wanted)))
    assume(other != wanted[name])
    sent = [
        (data.draw(st.sampled_from([str.upper, str.title, str.lower]))(k), v) for k, v in {**extra, **wanted}.items()
    ]
    assert match_headers(wanted)(httpx.Request("GET", URL, headers=sent))
    changed = [(k, other if k.lower() == name else v) for k, v in sent]
    assert not match_headers(wanted)(httpx.Request("GET", URL, headers=changed))


# -- round trips

PLAIN = set((string.ascii_letters + string.digits + "-._~").encode())


def encoded(text, draw):
    """*text* as a part of a query, each byte escaped or not, as the rules leave open."""
    choice = draw(st.randoms(use_true_random=False))
    found = ""
    for byte in text.encode():
        if byte in PLAIN and choice.random() < 0.5:
            found += chr(byte)
        elif byte == 0x20 and choice.random() < 0.5:
            found += "+"
        else:
            found += f"%{byte:02x}" if choice.random() < 0.5 else f"%{byte:02X}"
    return found


@pytest.mark.parametrize("library", [httpx, httpx2])
@given(wanted=VALUES, data=st.data())
def test_a_query_comes_back_through_any_encoding_and_order_of_names(library, wanted, data):
    """Values of one name keep their order; all else is open to whoever writes a URL."""
    names = data.draw(st.permutations([name for name, values in wanted.items() for _ in values]))
    left = {name: iter(values) for name, values in wanted.items()}
    raw = "&".join(f"{encoded(name, data.draw)}={encoded(next(left[name]), data.draw)}" for name in names)
    request = library.Request("GET", f"{URL}?{raw}")
    assert match_query(wanted)(request)
    assert match_query({name: values[0] if len(values) == 1 else values for name, values in wanted.items()})(request)


@pytest.fixture(scope="module")
def callers():
    """One function for each library and way of calling, that gets the JSON of a URL."""
    with asyncio.Runner() as runner, httpx.Client() as one, httpx2.Client() as two:
        three, four = httpx.AsyncClient(), httpx2.AsyncClient()

        def later(client):
            async def get(url):
                return (await client.get(url)).json()

            return lambda url: runner.run(get(url))

        yield [lambda url: one.get(url).json(), lambda url: two.get(url).json(), later(three), later(four)]
        runner.run(three.aclose())
        runner.run(four.aclose())


@settings(max_examples=50)
@given(value=JSON.filter(lambda value: not isinstance(value, str)))
def test_every_json_value_comes_back_in_both_libraries_and_both_ways(callers, value):
    """To the last digit and type; and what was sent matches itself. A str by itself is text, no JSON."""
    with MockApiClient() as client:
        client.add_mock_response("/a/b/", body=value)
        for get in callers:
            assert json.dumps(get(URL)) == json.dumps(value)
    assert match_data([value])(post(httpx2, json=[value]))


# -- what a miss says


@given(wanted=OBJECT, sent=OBJECT, share=st.booleans(), deep=st.booleans())
def test_there_are_rows_of_differences_if_and_only_if_data_does_not_match(wanted, sent, share, deep):
    """Each row names what was expected and what came instead."""
    sent = {**wanted, **sent} if share else sent
    outcome = match_data(wanted, deep=deep)(post(json=sent))
    assert bool(outcome) is all(
        name in sent and (agrees_in_part if deep else agrees)(value, sent[name]) for name, value in wanted.items()
    )
    if not outcome:
        rows = difference(outcome)
        assert rows
        assert all("   expected " in row and "   got " in row for row in rows)


@given(wanted=VALUES, sent=VALUES, share=st.booleans())
def test_there_are_rows_of_differences_if_and_only_if_a_query_does_not_match(wanted, sent, share):
    """The same for texts, and a name that agrees has no row."""
    sent = {**wanted, **sent} if share else sent
    outcome = match_query(wanted)(httpx.Request("GET", URL, params=sent))
    differing = {name for name, values in wanted.items() if sent.get(name) != values}
    assert bool(outcome) is not bool(differing)
    if not outcome:
        assert set(outcome.wanted) == differing
        assert len(difference(outcome)) >= len(differing)
