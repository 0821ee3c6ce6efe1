"""An observer of an infinite query: what it shows of the pages, and fetching more."""

from __future__ import annotations

import pytest
from client_fixtures import down_to, until

from query import (
    InfiniteData,
    InfiniteLoadingErrorResult,
    InfinitePendingResult,
    InfiniteQueryObserver,
    InfiniteRefetchErrorResult,
    InfiniteSuccessResult,
    OptionError,
    QueryOptions,
)


@pytest.fixture
def observe_pages(client, infinite, watch):
    """Makes an observer of ``key`` that is subscribed to until the test ends."""

    def make(**options):
        observer = InfiniteQueryObserver(client, infinite(**options))
        watch(observer)
        return observer

    return make


def flags(result):
    """The fields of a result that are about pages and true."""
    names = (
        *("has_next_page", "has_previous_page", "is_fetching_next_page", "is_fetching_previous_page"),
        *("is_fetch_next_page_error", "is_fetch_previous_page_error", "is_refetching", "is_refetch_error"),
    )
    return [name for name in names if getattr(result, name)]


async def test_pages_come_one_by_one(observe_pages, paging, clock):
    """The next one at the end, and the list knows whether there are more."""
    observer = observe_pages(query_fn=paging(after=1), get_next_page_param=until(1))
    assert isinstance(observer.get_current_result(), InfinitePendingResult)
    await clock.advance(1)
    result = observer.get_current_result()
    assert isinstance(result, InfiniteSuccessResult)
    assert (result.data, flags(result)) == (InfiniteData(["page 0"], [0]), ["has_next_page"])
    handle = result.fetch_next_page()
    assert flags(observer.get_current_result()) == ["has_next_page", "is_fetching_next_page"]
    await clock.advance(1)
    result = await handle
    assert (result.data, flags(result)) == (InfiniteData(["page 0", "page 1"], [0, 1]), [])


async def test_previous_pages_come_first(observe_pages, paging, clock):
    """Where the options say how to get there."""
    observer = observe_pages(query_fn=paging(after=1), initial_page_param=1, get_previous_page_param=down_to(0))
    await clock.advance(1)
    handle = observer.get_current_result().fetch_previous_page()
    assert "is_fetching_previous_page" in flags(observer.get_current_result())
    await clock.advance(1)
    result = await handle
    assert (result.data, result.has_previous_page) == (InfiniteData(["page 0", "page 1"], [0, 1]), False)


async def test_a_page_that_fails_is_no_failed_refetch(observe_pages, paging, clock):
    """Its direction tells, until another fetch succeeds; the pages stay."""
    error = ValueError()
    load = paging({1: [error, "page 1"], -1: error})
    observer = observe_pages(query_fn=load, retry=False, get_previous_page_param=down_to(-9))
    await clock.settle()
    result = await observer.fetch_next_page()
    assert isinstance(result, InfiniteRefetchErrorResult)
    assert (result.error, result.data) == (error, InfiniteData(["page 0"], [0]))
    assert flags(result) == ["has_next_page", "has_previous_page", "is_fetch_next_page_error"]
    result = await observer.fetch_previous_page()
    assert flags(result) == ["has_next_page", "has_previous_page", "is_fetch_previous_page_error"]
    result = await observer.fetch_next_page()
    assert flags(result) == ["has_next_page", "has_previous_page"]


async def test_a_refetch_is_told_from_a_page(observe_pages, paging, clock):
    """Also when it fails; it takes back the direction of the fetch before."""
    error = ValueError()
    load = paging(after=1)
    observer = observe_pages(query_fn=load, retry=False)
    await clock.advance(1)
    observer.fetch_next_page()
    await clock.advance(1)
    load.answers[0] = error
    handle = observer.refetch()
    assert flags(observer.get_current_result()) == ["has_next_page", "is_refetching"]
    await clock.advance(1)
    assert flags(await handle) == ["has_next_page", "is_refetch_error"]


async def test_a_first_load_that_fails_has_nothing_to_show(observe_pages, paging, clock):
    """And no page before or after."""
    observer = observe_pages(query_fn=paging({0: ValueError()}), retry=False)
    await clock.settle()
    result = observer.get_current_result()
    assert isinstance(result, InfiniteLoadingErrorResult)
    assert flags(result) == []


async def test_a_failed_page_can_be_raised(observe_pages, paging, clock):
    """For the caller who wants to know."""
    observer = observe_pages(query_fn=paging({1: ValueError("no page")}), retry=False)
    await clock.settle()
    with pytest.raises(ValueError, match="no page"):
        await observer.fetch_next_page(throw_on_error=True)


@pytest.mark.parity("QX-018")
async def test_paging_joins_a_first_load_and_supersedes_a_refetch(observe_pages, paging, clock):
    """Unless it is told to join that, too."""
    load = paging(after=1)
    observer = observe_pages(query_fn=load)
    joined = observer.fetch_next_page()
    await clock.advance(1)
    assert (await joined).data.page_params == load.asked == [0]

    observer.refetch()
    handle = observer.fetch_next_page()
    await clock.advance(1)
    assert (await handle).data.page_params == [0, 1]
    assert load.asked == [0, 0, 1]

    observer.refetch()
    handle = observer.fetch_next_page(cancel_refetch=False)
    await clock.advance(2)
    assert (await handle).data.page_params == [0, 1]
    assert load.asked == [0, 0, 1, 0, 1]


@pytest.mark.parity("QC-infiniteQueryObserver-001")
async def test_select_is_given_all_pages_and_the_flags_go_by_the_raw_ones(observe_pages, paging, clock):
    """Whatever it makes of them."""
    observer = observe_pages(query_fn=paging(), select=lambda data: len(data.pages))
    await clock.settle()
    assert (await observer.fetch_next_page()).data == 2
    assert observer.get_current_result().has_next_page


@pytest.mark.parity("QC-infiniteQueryObserver-003")
async def test_page_functions_get_the_edge_and_everything(observe_pages, paging, clock):
    """To find the param of a page, and to tell whether there is one."""
    seen = []

    def note(name, step):
        def page_param(*args):
            seen.append((name, *args))
            return args[2] + step

        return page_param

    observer = observe_pages(
        query_fn=paging(), get_next_page_param=note("next", 1), get_previous_page_param=note("previous", -1)
    )
    await clock.settle()
    seen.clear()
    await observer.fetch_next_page()
    before = ("next", "page 0", ["page 0"], 0, [0])
    after = ("next", "page 1", ["page 0", "page 1"], 1, [0, 1])
    assert before in seen
    assert seen[-2:] == [after, ("previous", "page 0", ["page 0", "page 1"], 0, [0, 1])]
    assert seen.index(before) < seen.index(after)


@pytest.mark.parity("QC-infiniteQueryObserver-004")
async def test_page_functions_are_not_asked_about_an_empty_list(client, infinite, key):
    """There is no page to go on from."""
    client.set_query_data(key, InfiniteData([], []))
    refuse = lambda *_: pytest.fail("asked without a page")  # noqa: E731
    observer = InfiniteQueryObserver(
        client, infinite(get_next_page_param=refuse, get_previous_page_param=refuse, enabled=False)
    )
    assert flags(observer.get_current_result()) == []


@pytest.mark.parity("QC-infiniteQueryObserver-007")
async def test_an_optimistic_result_is_one_of_pages(client, infinite, paging):
    """The options are not changed by it."""
    options = infinite(query_fn=paging())
    result = InfiniteQueryObserver(client, options).get_optimistic_result(options)
    assert isinstance(result, InfinitePendingResult)
    assert (result.fetch_status, flags(result)) == ("idle", [])
    assert client.get_query_cache().get_all()[0].query_type == "infinite"


async def test_listeners_may_ask_for_the_pages_only(client, infinite, paging, clock):
    """The fields of an infinite result can be listed, and tracked."""
    observer = InfiniteQueryObserver(
        client,
        infinite(query_fn=paging(after=1), notify_on_change_props=["has_next_page"], get_next_page_param=until(1)),
    )
    told = []
    unsubscribe = observer.subscribe(lambda result: told.append(result.has_next_page))
    await clock.advance(1)
    observer.fetch_next_page()
    await clock.advance(1)
    unsubscribe()
    assert told == [True, False]


async def test_what_a_page_function_raises_is_shown(observe_pages, paging, clock, client, key):
    """The pages stay, and the same error is told once; other pages take it back."""
    load = paging({0: {}, 1: {"next": None}})
    observer = observe_pages(query_fn=load, get_next_page_param=lambda page, *_: page["next"])
    told = []
    unsubscribe = observer.subscribe(told.append)
    await clock.settle()
    result = observer.get_current_result()
    assert isinstance(result, InfiniteRefetchErrorResult)
    assert isinstance(result.error, KeyError)
    assert (result.data, flags(result)) == (InfiniteData([{}], [0]), ["is_refetch_error"])
    assert result.error_updated_at == client.environment.now()
    client.get_query_cache().find(query_key=key).invalidate()
    assert told == [result] == [observer.get_current_result()]
    client.set_query_data(key, InfiniteData([{"next": None}], [1]))
    assert isinstance(observer.get_current_result(), InfiniteSuccessResult)
    unsubscribe()


async def test_an_error_of_select_or_of_the_fetch_comes_before_that_of_a_page_function(observe_pages, paging, clock):
    """One error is shown at a time."""
    refuse = ValueError("not these pages")

    def select(data):
        raise refuse

    observer = observe_pages(query_fn=paging({0: {}}), get_next_page_param=lambda page, *_: page["next"], select=select)
    await clock.settle()
    assert observer.get_current_result().error is refuse


async def test_what_a_page_function_raises_fails_the_fetch_that_needs_it(observe_pages, paging, clock):
    """Like an error of the query function."""
    observer = observe_pages(query_fn=paging({0: {}}), retry=False, get_next_page_param=lambda page, *_: page["next"])
    await clock.settle()
    with pytest.raises(KeyError, match="next"):
        await observer.fetch_next_page(throw_on_error=True)


async def test_a_direction_that_shows_in_no_flag_is_no_news(observe_pages, paging, client, online, clock, key):
    """Listeners are not told that a paused refetch has become a paused page."""
    observer = observe_pages(query_fn=paging())
    await clock.settle()
    online.set_online(False)
    observer.refetch()
    told = []
    unsubscribe = observer.subscribe(told.append)
    observer.fetch_next_page()
    assert (told, client.get_query_state(key).fetch_meta.direction) == ([], "forward")
    unsubscribe()
    await client.cancel_queries(key)


async def test_plain_options_are_refused(client, infinite, key):
    """In each place where options can be given."""
    plain = QueryOptions(query_key=key)
    observer = InfiniteQueryObserver(client, infinite())
    before = observer.get_current_result()
    for give in (
        lambda: InfiniteQueryObserver(client, plain),
        lambda: observer.set_options(plain),
        lambda: observer.get_optimistic_result(plain),
        lambda: observer.fetch_optimistic(plain),
    ):
        with pytest.raises(OptionError, match=r"expected InfiniteQueryOptions\. Make them with infinite_query_options"):
            give()
    assert observer.get_current_result() is before


async def test_another_key_shows_other_pages(client, observe_pages, infinite, paging, clock):
    """And keeps the page functions of the new options."""
    observer = observe_pages(query_fn=paging())
    await clock.settle()
    observer.set_options(infinite(query_key=("other",), query_fn=paging(), get_next_page_param=until(0)))
    await clock.settle()
    result = observer.get_current_result()
    assert (result.data, result.has_next_page) == (InfiniteData(["page 0"], [0]), False)
