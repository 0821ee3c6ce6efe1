"""``expect_query``: each method passes, fails, and shows what is known of the query."""

from __future__ import annotations

import asyncio
import math
import pickle
from unittest.mock import ANY

import pytest
from virtual_clock import VirtualClock

import mockapi
from mockapi import QueryExpectationError, expect_query
from query import (
    FocusManager,
    InfiniteData,
    OnlineManager,
    OptionError,
    QueryClient,
    QueryKeyError,
    QueryObserver,
    QueryOptions,
    infinite_query_options,
    skip_token,
)
from query.api import ApiResponse, api_options

KEY = ("projects", {"page": 1})


async def load_projects(context):
    """The data."""
    return [{"id": 1, "name": "one"}]


async def fail(context):
    raise ValueError("the server said no")


OPTIONS = QueryOptions(query_key=KEY, query_fn=load_projects, stale_time=10)


@pytest.fixture
def virtual():
    """The time of the client."""
    return VirtualClock(start=1_000_000.0)


@pytest.fixture
async def client(virtual):
    """A client whose time stands still."""
    made = QueryClient(clock=virtual, online_manager=OnlineManager(), focus_manager=FocusManager())
    yield made
    await made.aclose()


def said(expect):
    """What the failure of *expect* says, in lines."""
    with pytest.raises(QueryExpectationError) as caught:
        expect()
    return str(caught.value).splitlines()


async def test_what_holds_can_be_said_in_one_go(client, virtual):
    """Each method returns the expectation."""
    expect_query(client, KEY).to_be_absent()
    observer = QueryObserver(client, OPTIONS)
    leave = observer.subscribe(lambda result: None)
    expect_query(client, OPTIONS).to_be_present().to_be_fetching().to_have_no_data().to_have_status("pending")
    await virtual.settle()
    expect_query(client, OPTIONS).to_be_fresh().to_be_idle().to_have_status("success").to_have_no_error()
    expect_query(client, list(KEY)).to_be_observed_by(1).to_be_active().to_have_update_count(1)
    expect_query(client, OPTIONS).not_to_be_invalidated().to_have_failure_count(0).to_be_fresh("static")
    await virtual.advance(9.999)
    expect_query(client, OPTIONS).to_be_fresh().to_be_stale(5)
    await virtual.advance(0.002)
    expect_query(client, OPTIONS).to_be_stale().to_be_fresh(60)
    leave()
    expect_query(client, OPTIONS).to_be_stale().to_be_observed_by(0)
    client.invalidate_queries(KEY)
    expect_query(client, OPTIONS).to_be_invalidated().to_be_stale(math.inf)


async def test_a_failure_shows_all_that_is_known(client, virtual):
    """In lines that can be read."""
    observer = QueryObserver(client, OPTIONS.with_(enabled=False))
    leave = observer.subscribe(lambda result: None)
    client.set_query_data(KEY, [{"id": 1}])
    await virtual.advance(12.5)
    lines = said(lambda: expect_query(client, KEY).to_have_status("error"))
    assert lines == [
        "query ['projects', {'page': 1}]: expected the status error",
        "  it is success",
        "",
        "  status      success, idle",
        "  data        from 12.5 s ago, updated 1 time(s): [{'id': 1}]",
        "  stale       no: a disabled observer calls nothing stale",
        "  observers   1, 0 of them enabled",
        f"  fetched by  load_projects (test_query_expectation.py:{load_projects.__code__.co_firstlineno})",
        "  collected   not while it is observed; then after 300 s",
    ]
    leave()


async def test_a_query_that_failed_tells_of_it(client, virtual):
    """Error, age, and counts of attempts."""
    options = OPTIONS.with_(query_fn=fail, retry=1, retry_delay=1)
    observer = QueryObserver(client, options)
    leave = observer.subscribe(lambda result: None)
    await virtual.advance(4)
    expect_query(client, KEY).to_have_status("error").to_have_error(ValueError, match="server").to_be_invalidated()
    lines = said(lambda: expect_query(client, KEY).to_have_error(KeyError, match="x"))
    assert lines[:2] == [
        "query ['projects', {'page': 1}]: expected an error of class KeyError that says 'x'",
        "  it is ValueError('the server said no')",
    ]
    assert "  status      error, idle, invalidated" in lines
    assert "  data        none" in lines
    assert "  stale       yes: there is no data" in lines
    assert "  error       ValueError('the server said no'), 3 s ago" in lines
    assert "  failed      1 fetch(es) for good" in lines
    assert "  attempts    2 of this fetch failed, last: ValueError('the server said no')" in lines
    leave()


FAILING = [
    ("to_be_absent", (), "it not to be in the cache", "it is there"),
    ("to_have_no_data", (), "no data", "it has some"),
    ("to_be_stale", (), "it to be stale", "it is fresh: the data is 1 s old, stale_time is 10 s"),
    ("to_be_fresh", (0.5,), "it to be fresh", "it is stale: the data is 1 s old, stale_time is 0.5 s"),
    ("to_be_stale", ("static",), "it to be stale", "it is fresh: stale_time is 'static'"),
    ("to_be_invalidated", (), "it to be invalidated", "it is not"),
    ("to_have_update_count", (2,), "data to have come in 2 time(s)", "it was 1"),
    ("to_have_status", ("pending",), "the status pending", "it is success"),
    ("to_have_error", (), "an error of class Exception", "it is None"),
    ("to_have_failure_count", (1,), "1 failed attempt(s)", "there are 0"),
    ("to_be_fetching", (), "it to be fetching", "it is idle"),
    ("to_be_paused", (), "it to wait for the network", "it is idle"),
    ("to_be_observed_by", (1,), "1 observer(s)", "there are 0"),
    ("to_be_active", (), "an enabled observer", "there is none"),
]


@pytest.mark.parametrize(("method", "arguments", "expected", "is_so"), FAILING)
async def test_each_method_says_what_was_expected_and_what_is(client, virtual, method, arguments, expected, is_so):
    """And shows the state below."""
    await client.fetch_query(OPTIONS)
    await virtual.advance(1)
    lines = said(lambda: getattr(expect_query(client, OPTIONS), method)(*arguments))
    assert lines[0] == f"query ['projects', {{'page': 1}}]: expected {expected}"
    assert lines[1] == f"  {is_so}"
    assert "  status      success, idle" in lines


async def test_the_other_way_round(client):
    """What cannot be said of a query that is well."""
    expect_query(client, KEY).to_be_absent()
    client.set_query_data(KEY, None)
    expect_query(client, KEY).to_have_data(None)
    client.invalidate_queries(KEY)
    assert said(expect_query(client, KEY).not_to_be_invalidated)[1] == "  it is"
    assert said(expect_query(client, KEY).to_be_fresh)[1] == "  it is stale: it is invalidated"
    client.environment.online_manager.set_online(False)
    handle = client.fetch_query(OPTIONS)
    expect_query(client, KEY).to_be_paused()
    assert said(expect_query(client, KEY).to_be_idle)[1] == "  it is paused"
    client.get_query_cache().clear()
    with pytest.raises(Exception, match="cancel"):
        await handle
    with pytest.raises(ValueError, match="no"):
        client.environment.online_manager.set_online(True)
        await client.fetch_query(OPTIONS.with_(query_fn=fail))
    assert said(expect_query(client, KEY).to_have_no_error)[1] == "  it is ValueError('the server said no')"
    assert said(lambda: expect_query(client, KEY).to_have_data(1))[1] == "  it has none"


async def test_data_is_compared_place_by_place(client):
    """By a diff, with secrets masked and large data cut."""
    client.set_query_data(KEY, {"items": [{"id": 1, "name": "one"}, {"id": 2}], "token": "abc"})
    lines = said(
        lambda: expect_query(client, KEY).to_have_data({"items": [{"id": 1, "name": "One"}, {"id": 2}], "token": "x"})
    )
    assert lines[:3] == [
        "query ['projects', {'page': 1}]: expected other data",
        "  items[0].name   expected 'One'   got 'one'",
        "  token   expected ***   got ***",
    ]
    client.set_query_data(KEY, [{"id": number, "text": "x" * 50} for number in range(2_000)])
    lines = said(lambda: expect_query(client, KEY).to_have_data([]))
    assert "too large to compare" in lines[1]
    assert max(map(len, lines)) < 500


async def test_values_with_an_equality_of_their_own_are_asked(client):
    """``mock.ANY``, ``approx`` and classes of that kind, at any depth; True is not 1."""

    class IsEven:
        def __eq__(self, other):
            return isinstance(other, int) and other % 2 == 0

        __hash__ = None

    client.set_query_data(KEY, {"id": 4, "at": 0.30000000000000004, "on": True})
    expect_query(client, KEY).to_have_data(ANY)
    expect_query(client, KEY).to_have_data({"id": IsEven(), "at": pytest.approx(0.3), "on": ANY})
    assert "on" in said(lambda: expect_query(client, KEY).to_have_data({"id": 4, "at": ANY, "on": 1}))[1]


async def test_api_responses_are_their_json(client):
    """Or the response itself, whose headers are not looked at."""
    options = api_options.as_(dict)("/projects/$id/", path={"id": 1}, stale_time=30)
    client.set_query_data(options.query_key, ApiResponse({"id": 1}, {"Date": "today"}))
    expect_query(client, options).to_have_data({"id": 1}).to_have_data(ApiResponse({"id": 1}))
    expect_query(client, options).to_have_data(ANY)
    lines = said(lambda: expect_query(client, options).to_have_data({"id": 2}))
    assert lines[0].startswith("query ['/projects/1/'")
    assert lines[1] == "  id   expected 2   got 1"
    assert any("{'id': 1}" in line for line in lines if line.startswith("  data"))


async def test_infinite_data_is_its_pages(client):
    """As a list, as InfiniteData with its params, and of responses their JSON."""
    options = infinite_query_options(
        query_key=("rows",), query_fn=load_projects, initial_page_param=0, get_next_page_param=lambda *_: None
    )
    client.set_query_data(options.query_key, InfiniteData([ApiResponse([1]), ApiResponse([2])], [0, 1]))
    expect_query(client, options).to_have_data([[1], [2]]).to_have_data(InfiniteData([[1], [2]], [0, 1]))
    lines = said(lambda: expect_query(client, options).to_have_data(InfiniteData([[1], [2]], [0, 7])))
    assert lines[1] == "  page_params[1]   expected 7   got 1"
    assert said(lambda: expect_query(client, options).to_have_data([[1], [3]]))[1] == "  [1][0]   expected 3   got 2"


async def test_a_key_that_is_not_there_names_the_nearest(client):
    """Those that begin alike first; an empty cache says why that may be."""
    assert said(expect_query(client, KEY).to_be_fresh)[1].startswith(
        "  the cache does not hold it, nor any other. With gc_time=0"
    )
    for key in [("users",), ("projects", {"page": 2}), ("projects",), ("project", {"page": 1})]:
        client.set_query_data(key, 1)
    assert said(expect_query(client, KEY).to_be_fresh) == [
        "query ['projects', {'page': 1}]: expected it to be fresh",
        "  the cache does not hold it. Nearest of 4:",
        "    ['projects', {'page': 2}]",
        "    ['projects']",
        "    ['project', {'page': 1}]",
    ]


async def test_what_does_not_mean_one_query_is_refused(client):
    """Filters, options without a key, a bare text, an unknown status."""
    from query import QueryFilters

    with pytest.raises(OptionError, match="was given filters"):
        expect_query(client, QueryFilters(query_key=KEY))
    with pytest.raises(OptionError, match="options without a query_key"):
        expect_query(client, QueryOptions(query_fn=fail))
    with pytest.raises(QueryKeyError):
        expect_query(client, "projects")
    with pytest.raises(OptionError, match=r"status='fetching'; expected .* to_be_fetching\(\)"):
        expect_query(client, KEY).to_have_status("fetching")


async def test_what_a_query_is_fetched_by(client):
    """A function, nothing, or skip_token; and when it goes."""
    client.set_query_data(KEY, 1)
    assert "  fetched by  nothing: it has no query_fn" in said(expect_query(client, KEY).to_be_absent)
    QueryObserver(client, QueryOptions(query_key=KEY, query_fn=skip_token, gc_time=math.inf))
    lines = said(expect_query(client, KEY).to_be_absent)
    assert "  fetched by  nothing: its query_fn is skip_token" in lines
    assert "  collected   never" in lines


async def test_the_error_keeps_its_facts(client):
    """As attributes, also when it is pickled on its way from a worker of pytest-xdist."""
    client.set_query_data(KEY, 1, updated_at=1_000_005.0)
    with pytest.raises(AssertionError) as caught:
        expect_query(client, KEY).to_be_fetching()
    error = caught.value
    assert (error.query_key, error.expected, error.is_so) == (KEY, "it to be fetching", ["it is idle"])
    assert "from 5 s in the future" in "".join(error.state)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert repr(expect_query(client, KEY)) == "<expectation of query ['projects', {'page': 1}]>"
    assert mockapi.expect_query is expect_query
    await asyncio.sleep(0)
