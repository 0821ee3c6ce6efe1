"""Waiting for the first result that fulfils a condition."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta

import pytest
from client_fixtures import shown

from query import OptionError, QueryCancelledError, ResultTimeoutError


async def test_the_first_result_that_fulfils_it_is_returned(observe, answering, clock):
    """The subscription of who waits has started the fetch, and ends with the waiting."""
    observer = observe(query_fn=answering("data", after=1))
    waiting = asyncio.create_task(observer.wait_for(lambda result: result.is_success))
    await clock.settle()
    assert not waiting.done()
    await clock.advance(1)
    assert shown(await waiting) == ("success", "idle", "data")
    assert not observer.has_listeners()


async def test_the_present_result_counts(client, key, observe):
    """As it is for a subscriber, not as it was before."""
    observer = observe(enabled=False)
    client.set_query_data(key, "data")
    assert (await observer.wait_for(lambda result: result.has_data)).data == "data"


async def test_a_result_of_the_moment_counts(observe, answering, clock):
    """Though it is another by the time that the waiter runs."""
    observer = observe(query_fn=answering("data"))
    assert shown(await observer.wait_for(lambda result: result.is_loading)) == ("pending", "fetching", None)


async def test_results_that_listeners_are_not_told_of_count(client, key, observe, watch, clock):
    """The condition may be about any field."""
    observer = observe(enabled=False, notify_on_change_props=["data"])
    told = watch(observer)
    waiting = asyncio.create_task(observer.wait_for(lambda result: result.data_updated_at == 2.0))
    await clock.settle()
    client.set_query_data(key, "data", updated_at=1.0)
    client.set_query_data(key, "data", updated_at=2.0)
    client.set_query_data(key, "data", updated_at=3.0)
    assert (await waiting).data_updated_at == 2.0
    assert len(told) == 1


@pytest.mark.parametrize("timeout", [5, timedelta(seconds=5)], ids=["seconds", "timedelta"])
async def test_who_waits_too_long_is_told_what_the_last_result_was(observe, client, key, clock, timeout):
    """By the client's clock."""
    observer = observe(enabled=False)
    waiting = asyncio.create_task(observer.wait_for(lambda result: result.data == 2, timeout=timeout))
    await clock.settle()
    client.set_query_data(key, 1)
    await clock.advance(4.999)
    assert not waiting.done()
    await clock.advance(0.001)
    text = r"no result of query .* fulfilled the predicate within 5 s\. The last one was success/idle, data 1\."
    with pytest.raises(ResultTimeoutError, match=text) as caught:
        await waiting
    assert isinstance(caught.value, TimeoutError)
    assert (caught.value.query_hash, caught.value.timeout) == (observer.get_current_query().query_hash, 5)
    assert not observer.has_listeners()


async def test_the_last_error_is_named_too(observe, answering, clock):
    """It is often why."""
    observer = observe(query_fn=answering(ValueError("failed")), retry=False)
    waiting = asyncio.create_task(observer.wait_for(lambda result: result.has_data, timeout=1))
    await clock.advance(1)
    with pytest.raises(TimeoutError, match=r"The last one was error/idle, error ValueError\('failed'\)\."):
        await waiting


@pytest.mark.parametrize("timeout", [None, math.inf])
async def test_without_a_timeout_no_timer_is_set(observe, client, key, clock, timeout):
    """It waits for good."""
    waiting = asyncio.create_task(observe(enabled=False).wait_for(lambda result: result.has_data, timeout=timeout))
    await clock.settle()
    assert [line for line in client.leaks() if "a result of" in line] == []
    client.set_query_data(key, "data")
    await waiting


async def test_no_time_at_all_is_enough_for_a_look(observe):
    """At what is there."""
    observer = observe(initial_data=1, enabled=False)
    assert (await observer.wait_for(lambda result: result.data == 1, timeout=0)).data == 1
    with pytest.raises(ResultTimeoutError, match="within 0 s"):
        await observer.wait_for(lambda result: result.data == 2, timeout=0)


async def test_what_the_predicate_raises_is_told_to_who_waits(observe, client, key, clock):
    """Not to who made the change."""
    waiting = asyncio.create_task(observe(enabled=False).wait_for(lambda result: 1 / len(result.data or "x"[1:])))
    with pytest.raises(ZeroDivisionError):
        await waiting
    observer = observe(enabled=False)
    waiting = asyncio.create_task(observer.wait_for(lambda result: result.has_data and next(iter([]))))
    await clock.settle()
    client.set_query_data(key, "data")
    with pytest.raises(RuntimeError, match="StopIteration"):
        await waiting
    assert not observer.has_listeners()


async def test_a_cancelled_waiter_leaves(observe, client, clock):
    """With its timer."""
    observer = observe(enabled=False)
    waiting = asyncio.create_task(observer.wait_for(lambda result: False, timeout=5))
    await clock.settle()
    waiting.cancel()
    await clock.settle()
    assert waiting.cancelled()
    assert not observer.has_listeners()
    assert [line for line in client.leaks() if "a result of" in line] == []


async def test_closing_the_client_ends_the_waiting(observe, client, clock):
    """Nothing would come any more."""
    waiting = asyncio.create_task(observe(enabled=False).wait_for(lambda result: False, timeout=5))
    await clock.settle()
    await client.aclose()
    with pytest.raises(QueryCancelledError):
        await waiting


async def test_a_result_that_came_before_the_closing_is_returned(observe, client, key, clock):
    """Though its waiter had no turn in between."""
    waiting = asyncio.create_task(observe(enabled=False).wait_for(lambda result: result.has_data))
    await clock.settle()
    client.set_query_data(key, "data")
    await client.aclose()
    assert (await waiting).data == "data"


async def test_what_cannot_be_a_condition_or_a_timeout_is_refused(observe):
    """A coroutine would count as true."""

    async def predicate(result):
        return False

    with pytest.raises(OptionError, match="predicate is the coroutine function"):
        await observe().wait_for(predicate)
    with pytest.raises(OptionError, match="timeout=-1 is an int; expected seconds"):
        await observe().wait_for(lambda result: True, timeout=-1)
