"""When a failed call is tried again."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query import OptionError, QueryCancelledError, QueryClient, QueryOptions
from query.api import (
    RequestError,
    ResponseValidationError,
    api_fetch,
    api_retry,
    is_worth_retrying,
    retry_after_delay,
    set_api_client,
)


def failed(status=None, cause=None, headers=None, method="GET"):
    return RequestError(method=method, url="/x/", status=status, cause=cause, headers=headers)


@pytest.mark.parametrize(
    ("error", "worth"),
    [
        *((failed(status), True) for status in (408, 425, 429, 500, 502, 503, 504, 200)),
        *((failed(status), False) for status in (400, 401, 403, 404, 409, 410, 422, 451, 301, 304)),
        (failed(cause=TimeoutError()), True),
        (failed(cause=ConnectionError()), True),
        (failed(cause=ValueError()), False),
        (ValueError(), True),
        (OptionError("x", option="x"), False),
        (ResponseValidationError(method="GET", url="/x/", status=200), False),
        (QueryCancelledError(), True),
    ],
)
def test_what_may_pass_by_itself_is_worth_another_try(error, worth):
    """Of the client errors, those that say "not now"."""
    assert is_worth_retrying(error) is worth
    assert api_retry()["retry"](0, error) is worth


@given(count=st.integers(0, 20), failures=st.integers(0, 40), status=st.integers(100, 599))
def test_it_is_tried_so_often_and_no_more(count, failures, status):
    """And never for a client error but the three."""
    wanted = api_retry(count)["retry"](failures, failed(status))
    assert wanted == (failures < count and is_worth_retrying(failed(status)))
    if 400 <= status < 500 and status not in (408, 425, 429):
        assert not wanted


def test_methods_that_may_not_be_done_twice_are_left_alone():
    """For mutations: who created something in spite of a lost answer would create it twice."""
    retry = api_retry(methods={"put", "DELETE"})["retry"]
    assert retry(0, failed(503, method="PUT"))
    assert not retry(0, failed(503, method="POST"))
    assert retry(0, ValueError())


@given(
    failures=st.integers(0, 100_000),
    first=st.floats(0, 1e6),
    longest=st.floats(0, 1e6),
    number=st.floats(0, 1),
)
def test_a_pause_is_a_random_part_of_a_doubling_one(failures, first, longest, number):
    """From nothing to all of it, never more than the longest."""
    delay = retry_after_delay(first=first, longest=longest, random=lambda: number)(failures, failed(500))
    whole = retry_after_delay(first=first, longest=longest, random=lambda: 1.0)(failures, failed(500))
    assert whole == min(longest, first * 2.0 ** min(failures, 64))
    assert delay == number * whole
    assert 0 <= delay <= longest


@given(asked=st.integers(0, 10**9), most=st.floats(0, 1e12), failures=st.integers(0, 50))
def test_what_the_server_asks_for_is_done(asked, most, failures):
    """Exactly, up to a limit, at whatever try."""
    delay = retry_after_delay(longest_retry_after=most, random=lambda: 0.5)
    assert delay(failures, failed(429, headers={"Retry-After": str(asked)})) == min(asked, most)


def test_a_date_is_waited_for():
    """From the date of the answer."""
    headers = {"Retry-After": "Wed, 21 Oct 2015 07:28:30 GMT", "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}
    assert retry_after_delay()(0, failed(503, headers=headers)) == 30


def test_a_pause_is_random():
    """Without a hand in it: two clients that failed together do not come back together."""
    delay = retry_after_delay(first=timedelta(seconds=1))
    pauses = {delay(3, failed(500)) for _ in range(20)}
    assert len(pauses) > 1
    assert all(0 <= pause <= 8 for pause in pauses)


@pytest.mark.parametrize(
    "options",
    [
        {"count": -1},
        {"count": "3"},
        {"count": math.nan},
        {"first": -1},
        {"longest": "1"},
        {"longest_retry_after": None},
    ],
)
def test_what_cannot_be_right_is_refused(options):
    """By the name that it has."""
    with pytest.raises(OptionError) as caught:
        api_retry(**options)
    assert caught.value.option == next(iter(options))


def test_a_text_is_no_set_of_methods():
    """Its letters would be."""
    with pytest.raises(OptionError, match="methods='PUT' is a text"):
        api_retry(methods="PUT")


@pytest.fixture
async def timed(server, clock):
    """A query client whose calls go to the server, and whose time is ours."""
    async with QueryClient(clock=clock) as client:
        set_api_client(server.api_client(base_url="https://api.test"), query_client=client)
        yield client
        client.clear()


async def test_a_query_comes_back_when_the_server_wants_it(server, timed, clock):
    """A 503 with a wish, a 500 without, then the answer."""
    answers = [
        {"status_code": 503, "headers": {"Retry-After": "40"}},
        {"status_code": 500},
        {"status_code": 200, "json": "there"},
    ]
    server.answer = lambda request: answers[len(server.requests) - 1]
    options = QueryOptions(query_key=("/x/",), query_fn=api_fetch, **api_retry(random=lambda: 0.5))
    handle = timed.fetch_query(options)
    await clock.advance(39.999)
    assert len(server.requests) == 1
    await clock.advance(0.001)
    assert len(server.requests) == 2
    await clock.advance(0.999)
    assert len(server.requests) == 2
    await clock.advance(0.001)
    assert (await handle).json == "there"


async def test_a_query_does_not_ask_for_what_is_not_there_again(server, timed, clock):
    """A 404 is final."""
    server.answer = {"status_code": 404}
    handle = timed.fetch_query(QueryOptions(query_key=("/x/",), query_fn=api_fetch, **api_retry()))
    await clock.advance()
    with pytest.raises(RequestError):
        await handle
    assert len(server.requests) == 1
