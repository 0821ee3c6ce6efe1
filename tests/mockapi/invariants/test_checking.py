"""``check_invariants``: silent on what can be, and clear about what cannot."""

from __future__ import annotations

import asyncio
import math
import pickle

import pytest

import mockapi
from mockapi.invariants import INVARIANTS, InvariantError, broken_invariants, check_invariants
from query import (
    UNSET,
    InfiniteData,
    MutationObserver,
    MutationOptions,
    QueryClient,
    QueryKey,
    QueryObserver,
    QueryOptions,
    UnknownOptionError,
)


async def load(context):
    """Its data."""
    return {"key": list(context.query_key)}


OPTIONS = QueryOptions(query_key=("a",), query_fn=load, gc_time=math.inf)


@pytest.fixture
async def client():
    """A client with one query that has data and an observer."""
    made = QueryClient()
    observer = QueryObserver(made, OPTIONS)
    observer.subscribe(lambda result: None)
    await observer.wait_for(lambda result: result.is_success)
    yield made
    made.get_query_cache().clear()
    await made.aclose()


def the_query(client):
    """Its query."""
    return client.get_query_cache().get_all()[0]


def its_observer(client):
    """The observer of that."""
    return the_query(client).observers[0]


def shows(client, **changes):
    """Let the observer show something else."""
    import msgspec

    observer = its_observer(client)
    observer._result = msgspec.structs.replace(observer._result, **changes)


def mutation_with(client, **changes):
    """A mutation with such a state."""
    from query import MutationState

    state = MutationState(**{"status": "pending", **changes})
    return client.get_mutation_cache().build(client, MutationOptions(gc_time=math.inf), state)


def without_collection(client):
    query = the_query(client)
    query.remove_observer(its_observer(client))
    query.gc_time = 5.0


def beside_another_query(client):
    other = client.get_query_cache().build(client, OPTIONS.with_(query_key=("b",)))
    other.add_observer(its_observer(client))


def filed_twice(client):
    cache = client.get_query_cache()
    cache._queries['["b"]'] = the_query(client)
    cache._queries['["a"]'] = cache.build(client, OPTIONS.with_(query_key=("c",)))


def two_at_once(client):
    for mutation in [mutation_with(client), mutation_with(client)]:
        mutation.options = mutation.options.with_(scope="s")
        mutation._retryer = object()


def with_pages(client):
    data = InfiniteData([1, 2], [0, 1])
    client.set_query_data(("a",), data)
    the_query(client).state.data.pages.append(3)


def of_another_key(client):
    # the key of the_query is that of OPTIONS, which other tests use
    client.set_query_data(("other",), 1)
    query = client.get_query_cache().find(("other",))
    query._key = QueryKey("b")
    query._key.text = query.query_hash


def write(**changes):
    """Write such a state by hand."""
    return lambda client: the_query(client).set_state(**changes)


ERROR = ValueError("no")
BREAKERS = {
    "success_has_data": write(error=ERROR),
    "pending_has_nothing": write(status="pending"),
    "error_has_error": write(status="error", is_invalidated=True),
    "idle_error_is_invalidated": write(status="error", error=ERROR),
    "failure_count_and_reason_agree": write(fetch_failure_count=2),
    "no_data_was_never_updated": write(status="pending", data=UNSET),
    "time_of_an_error_needs_one": write(error_updated_at=5.0),
    "pages_and_params_go_together": with_pages,
    "fetching_has_a_fetch": write(fetch_status="fetching"),
    "key_is_unchanged": of_another_key,
    "unused_is_to_be_collected": without_collection,
    "query_is_filed_under_its_hash": filed_twice,
    "observer_looks_at_its_query": beside_another_query,
    "observer_has_listeners": lambda client: setattr(its_observer(client), "_listener", None),
    "result_shows_the_state": lambda client: shows(client, fetch_status="fetching"),
    "result_error_agrees_with_status": lambda client: shows(client, error=ERROR),
    "pending_shows_nothing": lambda client: (
        setattr(
            its_observer(client), "_result", QueryObserver(client, OPTIONS.with_(query_key=("p",))).get_current_result()
        )
        or shows(client, has_data=True)
    ),
    "disabled_is_never_stale": lambda client: shows(client, is_enabled=False, is_stale=True),
    "placeholder_stands_in_for_no_data": lambda client: shows(client, is_placeholder_data=True),
    "settled_mutation_tells_why": lambda client: mutation_with(client, status="success", error=ERROR, data=1),
    "only_pending_mutations_wait": lambda client: mutation_with(client, status="idle", is_paused=True),
    "mutation_failures_agree": lambda client: mutation_with(client, failure_reason=ERROR),
    "one_at_a_time_per_scope": two_at_once,
}


def test_each_invariant_of_the_table_is_tested_below():
    """A new one wants a line in BREAKERS."""
    assert set(BREAKERS) == set(INVARIANTS)


@pytest.mark.parametrize("name", BREAKERS)
async def test_what_cannot_be_is_named(client, name):
    """Which invariant, of what, what was and what must be; and it can be left out."""
    check_invariants(client)
    BREAKERS[name](client)
    with pytest.raises(
        InvariantError, match=rf"(?m)^  {name}: .*\n      it was .*\n      must be .*\n      for "
    ) as caught:
        check_invariants(client)
    others = {one.name for one in caught.value.broken} - {name}
    assert name not in {one.name for one in broken_invariants(client, skip=[name])}
    check_invariants(client, skip=[name, *others])
    for mutation in client.get_mutation_cache().get_all():
        mutation._retryer = None


async def test_the_message_names_key_values_and_statement(client):
    """As a whole, so that nobody has to guess."""
    write(status="error", error=ValueError("the server said no"))(client)
    with pytest.raises(InvariantError) as caught:
        check_invariants(client)
    assert str(caught.value).splitlines()[:5] == [
        "1 invariant(s) of the cache do not hold in this client:",
        "  idle_error_is_invalidated: query ['a']",
        "      it was    an idle error with is_invalidated False",
        "      must be   is_invalidated True",
        f"      for       {INVARIANTS['idle_error_is_invalidated']}",
    ]
    assert "check_invariants(client, skip=[name])" in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


async def test_secrets_of_a_key_are_masked(client):
    """A key may hold a token."""
    client.set_query_data(("b", {"api_key": "s3cr3t"}), 1)
    client.get_query_cache().find(("b",), exact=False).set_state(error=ERROR)
    with pytest.raises(InvariantError) as caught:
        check_invariants(client)
    assert "s3cr3t" not in str(caught.value)
    assert "query ['b', {'api_key': '***'}]" in str(caught.value)


async def test_an_unknown_name_is_refused(client):
    """With the nearest one."""
    with pytest.raises(UnknownOptionError, match="Did you mean 'success_has_data'"):
        check_invariants(client, skip=["success_has_dat"])


async def test_it_holds_at_every_turn_of_ordinary_use(client):
    """Fetching, failing, retrying, writing, cancelling, invalidating, unmounting, collecting, mutating."""
    seen = 0

    async def fail(context):
        raise ERROR

    async def look():
        nonlocal seen
        while True:
            check_invariants(client)
            seen += 1
            await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    failing = OPTIONS.with_(query_key=("f",), query_fn=fail, retry=1, retry_delay=0, gc_time=0)
    observer = QueryObserver(client, failing)
    leave = observer.subscribe(lambda result: None)
    await observer.wait_for(lambda result: result.is_error)
    client.set_query_data(("f",), 1)
    refetch = client.refetch_queries(("a",))
    await client.cancel_queries(("a",))
    await refetch
    await client.invalidate_queries()
    leave()
    mutate = MutationObserver(client, MutationOptions(mutation_fn=lambda v, c: asyncio.sleep(0), scope="s")).mutate
    await asyncio.gather(mutate(1), mutate(2))
    await client.reset_queries()
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert seen > 10


async def test_it_is_on_at_the_end_of_tests(pytester):
    """A test that leaves what cannot be fails, in its call phase, unless it says check=False."""
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile("""
        import asyncio
        from query import QueryClient

        def strand(client):
            client.set_query_data(("a",), 1)
            client.get_query_cache().find(("a",)).set_state(fetch_status="fetching")

        async def test_async(make_test_query_client):
            strand(make_test_query_client())

        def test_sync(make_test_query_client):
            strand(make_test_query_client())

        async def test_unchecked(make_test_query_client):
            strand(make_test_query_client(check=False))

        async def test_own_failure(make_test_query_client):
            strand(make_test_query_client())
            assert 1 == 2
    """)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        ["E*1 invariant(s) of the cache do not hold in a query client of this test:", "E*fetching_has_a_fetch: query*"]
    )
    assert result.stdout.str().count("1 invariant(s) of the cache") == 2 + 2  # and in the summary
    result.stdout.fnmatch_lines(["*assert 1 == 2*"])


def test_it_is_a_public_name():
    """From the front door."""
    assert mockapi.check_invariants is check_invariants
    assert mockapi.InvariantError is InvariantError
