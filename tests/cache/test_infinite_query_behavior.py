"""The fetch of an infinite query: one page in a direction, or all pages again."""

from __future__ import annotations

import pytest
from client_fixtures import down_to, until

from query import (
    UNSET,
    InfiniteData,
    InfiniteQueryFunctionContext,
    InfiniteQueryObserver,
    MissingQueryFnError,
    OptionError,
    QueryCancelledError,
    QueryObserver,
    QueryOptions,
    is_cancelled_error,
    skip_token,
)


@pytest.fixture
def observer_of(client, watch):
    """Makes an observer that is subscribed to until the test ends."""

    def make(options):
        observer = InfiniteQueryObserver(client, options)
        watch(observer)
        return observer

    return make


@pytest.mark.parity("QC-infiniteQueryBehavior-001")
@pytest.mark.parametrize("query_fn", [None, skip_token])
async def test_without_a_function_the_fetch_fails_and_says_so(client, infinite, key, query_fn):
    """With the hash of the query, as for any other."""
    with pytest.raises(MissingQueryFnError, match=str(key[1])):
        await client.fetch_infinite_query(infinite(query_fn=query_fn))
    assert client.get_query_state(key).status == "error"


@pytest.mark.parity("QC-infiniteQueryBehavior-002")
async def test_max_pages_drops_at_the_other_end(client, observer_of, infinite, paging, clock):
    """Forward and back; a refetch begins with the first page that is left."""
    load = paging()
    observer = observer_of(
        infinite(query_fn=load, initial_page_param=1, get_previous_page_param=down_to(-9), max_pages=2)
    )
    await clock.settle()
    await observer.fetch_next_page()
    assert (await observer.fetch_next_page()).data == InfiniteData(["page 2", "page 3"], [2, 3])
    assert (await observer.fetch_previous_page()).data == InfiniteData(["page 1", "page 2"], [1, 2])
    assert (await observer.fetch_previous_page()).data == InfiniteData(["page 0", "page 1"], [0, 1])
    load.contexts.clear()
    assert (await observer.refetch()).data == InfiniteData(["page 0", "page 1"], [0, 1])
    assert load.asked == [0, 1]


@pytest.mark.parity("QC-infiniteQueryBehavior-002", "QC-infiniteQueryObserver-002")
async def test_the_context_tells_which_page_is_wanted(client, observer_of, infinite, paging, key, clock):
    """Beside what the context of any query has."""
    load = paging()
    observer = observer_of(infinite(query_fn=load, get_previous_page_param=down_to(-9), meta={"m": 1}))
    await clock.settle()
    await observer.fetch_next_page()
    await observer.fetch_previous_page()
    await observer.refetch()
    assert [(c.page_param, c.direction) for c in load.contexts] == [
        *((0, "forward"), (1, "forward"), (-1, "backward")),
        *((-1, "forward"), (0, "forward"), (1, "forward")),
    ]
    context = load.contexts[1]
    assert isinstance(context, InfiniteQueryFunctionContext)
    assert (context.query_key, context.client, context.meta) == (key, client, {"m": 1})
    assert not context.signal.aborted
    assert repr(context).endswith("page_param=1>")


@pytest.mark.parity("QC-infiniteQueryBehavior-003")
async def test_cancelling_the_first_page_leaves_the_error(client, infinite, paging, key):
    """With a plain cancel; there is no data, and nothing is asked for again."""
    load = paging(after=1)
    handle = client.fetch_infinite_query(infinite(query_fn=load))
    await client.cancel_queries(key, revert=False)
    with pytest.raises(QueryCancelledError):
        await handle
    state = client.get_query_state(key)
    assert (state.status, is_cancelled_error(state.error), load.asked) == ("error", True, [0])
    assert client.get_query_data(key) is None


@pytest.mark.parity("QC-infiniteQueryBehavior-004")
async def test_cancelling_a_refetch_keeps_the_pages(client, observer_of, infinite, paging, key, clock):
    """And the pages that were left are not asked for."""
    load = paging(after=1)
    observer = observer_of(infinite(query_fn=load, pages=2))
    await clock.advance(2)
    handle = observer.refetch()
    await clock.advance(0.5)
    await client.cancel_queries(key, revert=False)
    assert is_cancelled_error((await handle).error)
    await clock.advance(5)
    assert observer.get_current_result().data == InfiniteData(["page 0", "page 1"], [0, 1])
    assert load.asked == [0, 1, 0]


@pytest.mark.parity("QC-infiniteQueryBehavior-005")
async def test_no_page_is_asked_for_once_the_signal_has_fired(client, infinite, key):
    """Also by a plain function, whose task is never suspended between two pages."""
    asked = []

    def load(context):
        asked.append(context.page_param)
        assert not context.signal.aborted
        if len(asked) == 2:
            client.cancel_queries(key, revert=False)
        return context.page_param

    with pytest.raises(QueryCancelledError):
        await client.fetch_infinite_query(infinite(query_fn=load, pages=5))
    assert asked == [0, 1]


@pytest.mark.parity("QC-infiniteQueryBehavior-006", "QX-020")
async def test_a_retry_goes_on_with_the_page_that_failed(client, observer_of, infinite, paging, clock):
    """Golden trace 14: starting over, a long list might never be through."""
    load = paging()
    observer = observer_of(infinite(query_fn=load, pages=3, retry=5, retry_delay=1))
    await clock.settle()
    load.contexts.clear()
    load.answers = {1: [ValueError(), ValueError(), "page 1"]}
    handle = observer.refetch()
    await clock.advance(2)
    assert (await handle).data.pages == ["page 0", "page 1", "page 2"]
    assert load.asked == [0, 1, 1, 1, 2]


@pytest.mark.parity("QC-infiniteQueryBehavior-007")
async def test_none_is_a_legal_first_page_param(client, observer_of, infinite, paging, clock):
    """It is recorded, and a refetch begins with it whatever the options say by then."""
    load = paging()
    observer = observer_of(infinite(query_fn=load, initial_page_param=None, get_next_page_param=lambda *_: None))
    await clock.settle()
    assert observer.get_current_result().data == InfiniteData(["page None"], [None])
    observer.set_options(infinite(query_fn=load, initial_page_param=5, get_next_page_param=lambda *_: None))
    assert (await observer.refetch()).data.page_params == [None]


@pytest.mark.parity("QC-infiniteQueryBehavior-008", "QX-019")
async def test_without_a_next_page_the_pages_stay(client, observer_of, infinite, paging, key, clock):
    """Nothing is asked for, but it is a success: the data is as good as new."""
    load = paging()
    observer = observer_of(infinite(query_fn=load, get_next_page_param=until(0)))
    await clock.settle()
    before = client.get_query_state(key)
    await clock.advance(5)
    result = await observer.fetch_next_page()
    after = client.get_query_state(key)
    assert result.data == InfiniteData(["page 0"], [0])
    assert after.data is before.data
    assert (after.data_update_count, after.data_updated_at) == (2, before.data_updated_at + 5)
    assert load.asked == [0]


async def test_without_a_next_page_who_selects_looks_again(client, infinite, paging, watch, clock):
    """The pages are the same, in another object: a selection that failed is tried once more."""
    looked = []

    def refuse(data):
        looked.append(data)
        raise ValueError("no")

    options = infinite(query_fn=paging(), get_next_page_param=lambda *_: None, structural_sharing=False, select=refuse)
    observer = InfiniteQueryObserver(client, options)
    watch(observer)
    await clock.advance(1)
    before = len(looked)
    await observer.fetch_next_page()
    assert len(looked) > before
    assert looked[-1] is not looked[0]
    assert looked[-1].pages is looked[0].pages


@pytest.mark.parity("QC-infiniteQueryBehavior-009")
async def test_a_persister_stands_around_all_pages(client, infinite, paging):
    """It is called once a fetch, with a context that is about no single page."""
    contexts = []

    def persister(query_fn, context, query):
        contexts.append(context)
        return query_fn(context)

    load = paging()
    data = await client.fetch_infinite_query(infinite(query_fn=load, pages=3, persister=persister))
    assert (data.page_params, load.asked) == ([0, 1, 2], [0, 1, 2])
    (context,) = contexts
    assert not hasattr(context, "page_param")


@pytest.mark.parity("QC-infiniteQueryObserver-005", "QC-infiniteQueryObserver-006")
async def test_a_refetch_may_come_to_fewer_pages(client, observer_of, infinite, paging, clock):
    """When the way forward ends earlier than before."""
    last = 5
    observer = observer_of(
        infinite(query_fn=paging(), pages=3, get_next_page_param=lambda p, ps, n, ns: n + 1 if n < last else None)
    )
    await clock.settle()
    assert observer.get_current_result().has_next_page
    last = 0
    result = await observer.refetch()
    assert (result.data.page_params, result.has_next_page) == ([0], False)


async def test_paging_before_there_is_a_page_is_a_first_load(client, infinite, paging):
    """In either direction."""
    load = paging()
    observer = InfiniteQueryObserver(client, infinite(query_fn=load))
    assert (await observer.fetch_previous_page()).data == InfiniteData(["page 0"], [0])
    assert load.contexts[0].direction == "forward"


async def test_the_signal_of_an_earlier_fetch_does_not_count_as_read(client, infinite, key, paging, watch, clock):
    """Each fetch begins anew: a function that never reads it is left to finish."""
    load = paging(after=1)

    async def reading(context):
        assert not context.signal.aborted
        return "page 0"

    await client.fetch_infinite_query(infinite(query_fn=reading))
    observer = InfiniteQueryObserver(client, infinite(query_fn=load))
    unsubscribe = observer.subscribe(lambda result: None)
    assert client.is_fetching() == 1
    unsubscribe()
    assert client.is_fetching() == 1
    await clock.advance(1)
    assert client.get_query_state(key).data_update_count == 2


async def test_plain_options_cannot_fetch_an_infinite_query(client, infinite, paging, key):
    """The mark stays, and the error says what to do."""
    await client.fetch_infinite_query(infinite(query_fn=paging()))
    query = client.get_query_cache().find(query_key=key)
    with pytest.raises(OptionError, match="is an infinite query, but was asked to fetch with plain options"):
        await client.query(QueryOptions(query_key=key, query_fn=paging()))
    assert query.query_type == "infinite"


async def test_who_only_reads_is_told_that_nobody_knows_how_to_fetch(client, infinite, paging, key):
    """Plain options without a function are fine for reading; what is missing for a fetch is a function."""
    await client.fetch_infinite_query(infinite(query_fn=paging()))
    with pytest.raises(MissingQueryFnError):
        await client.query(QueryOptions(query_key=key))


async def test_who_only_reads_lets_those_fetch_who_can(client, observer_of, infinite, paging, key, clock, watch):
    """An observer with plain options and without a function takes those of one with a function."""
    load = paging()
    observer_of(infinite(query_fn=load, pages=2))
    await clock.settle()
    reader = QueryObserver(client, QueryOptions(query_key=key, select=lambda data: len(data.pages), enabled=False))
    watch(reader)
    await client.refetch_queries(key)
    assert reader.get_current_result().data == 2
    assert load.asked == [0, 1, 0, 1]


async def test_data_that_was_written_by_hand_need_not_be_pages(client, infinite, paging, key):
    """A fetch then begins with the first page."""
    client.set_query_data(key, ["no pages"])
    observer = InfiniteQueryObserver(client, infinite(query_fn=paging()))
    assert observer.get_current_result().has_next_page is False
    assert (await observer.fetch_next_page()).data == InfiniteData(["page 0"], [0])


async def test_plain_functions_deliver_pages_too(client, infinite):
    """No page needs to be awaited."""
    data = await client.fetch_infinite_query(infinite(query_fn=lambda context: context.page_param, pages=3))
    assert data == InfiniteData([0, 1, 2], [0, 1, 2])


async def test_an_infinite_query_without_a_beginning_says_so(client, infinite, paging):
    """Options made by the class may lack it."""
    with pytest.raises(OptionError, match="needs initial_page_param"):
        await client.fetch_query(infinite(query_fn=paging(), initial_page_param=UNSET))
