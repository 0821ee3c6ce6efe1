"""The contract of ``use_infinite_query``, on a page of every framework."""

from __future__ import annotations

from query import InfiniteSuccessResult, OptionError, QueryOptions


def pages(result):
    """What a list reads."""
    return None if result.data is None else result.data.pages


async def test_pages_come_one_by_one(stage, infinite, paging):
    """The button fetches the next one and is told whether there is more."""
    fn = paging()
    made = infinite(
        query_fn=fn, get_next_page_param=lambda page, pages, param, params: param + 1 if param < 1 else None
    )
    probe = await stage.mount(
        "use_infinite_query", lambda _: {"options": made}, lambda result: (pages(result), result.has_next_page)
    )
    assert probe.shown[0] == (None, False)
    assert probe.shown[-1] == (["page 0"], True)
    probe.result.fetch_next_page()
    await stage.settle()
    assert probe.shown[-1] == (["page 0", "page 1"], False)
    assert fn.asked == [0, 1]


async def test_two_lists_share_their_pages(stage, infinite, paging):
    """One asks for more, both show it, and it is fetched once."""
    fn = paging()
    make = {"options": infinite(query_fn=fn, stale_time=60)}
    one = await stage.mount("use_infinite_query", lambda _: make, pages)
    other = await stage.mount("use_infinite_query", lambda _: make, pages)
    one.result.fetch_next_page()
    await stage.settle()
    assert one.shown[-1] == other.shown[-1] == ["page 0", "page 1"]
    assert fn.asked == [0, 1]


async def test_fetching_one_page_is_told_apart(stage, infinite, paging, clock):
    """From a refetch of all."""
    probe = await stage.mount(
        "use_infinite_query",
        lambda _: {"options": infinite(query_fn=paging(after=1))},
        lambda result: (result.is_fetching_next_page, result.is_refetching),
    )
    await clock.advance(1)
    await stage.settle()
    probe.result.fetch_next_page()
    await stage.settle()
    assert probe.shown[-1] == (True, False)
    await clock.advance(1)
    await stage.settle()
    assert probe.shown[-1] == (False, False)


async def test_a_result_has_the_class_of_infinite_ones(stage, infinite, paging):
    """Also when it notes what is read."""
    probe = await stage.mount("use_infinite_query", lambda _: {"options": infinite(query_fn=paging())})
    assert isinstance(probe.result, InfiniteSuccessResult)


async def test_options_of_a_plain_query_are_refused(stage, key):
    """While rendering, in words."""
    probe = await stage.mount("use_infinite_query", lambda _: {"options": QueryOptions(query_key=key)})
    assert isinstance(probe.errors[0], OptionError)
