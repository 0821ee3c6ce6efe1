"""Blocking functions as async ones."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from query import OptionError, QueryCancelledError, QueryClient, QueryOptions
from query.runtime.worker_thread import in_thread

request_id = contextvars.ContextVar("request_id")


async def test_the_loop_goes_on_while_a_function_blocks():
    """It runs in another thread, with what it is called with."""
    go = threading.Event()

    def load(page, *, size):
        assert go.wait(10)
        return (page, size, threading.current_thread() is threading.main_thread())

    task = asyncio.create_task(in_thread(load)(2, size=50))
    await asyncio.sleep(0)
    go.set()
    assert await task == (2, 50, False)


async def test_a_query_function_may_block(key):
    """It is called with the context, as any other."""
    async with QueryClient() as client:
        options = QueryOptions(query_key=key, query_fn=in_thread(lambda context: list(context.query_key)))
        assert await client.query(options) == list(key)


async def test_a_blocking_function_that_raises_fails():
    """With its own error."""

    def load():
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await in_thread(load)()


async def test_a_blocking_function_that_raises_stop_iteration_fails_too():
    """Instead of hanging whoever waits for it."""
    with pytest.raises(RuntimeError, match="StopIteration"):
        await in_thread(lambda: next(iter(())))()


async def test_context_variables_go_along():
    """Those of the task that calls it."""
    request_id.set("r1")
    assert await in_thread(request_id.get)() == "r1"


async def test_a_cancelled_fetch_leaves_the_thread_alone(key):
    """What it delivers is dropped, and it may see that by the signal."""
    begun, go, saw = threading.Event(), threading.Event(), []

    def load(context):
        begun.set()
        assert go.wait(10)
        saw.append(context.signal.aborted)
        return "late"

    async with QueryClient() as client:
        handle = client.query(QueryOptions(query_key=key, query_fn=in_thread(load)))
        while not begun.is_set():
            await asyncio.sleep(0)
        await client.cancel_queries(key)
        with pytest.raises(QueryCancelledError):
            await handle
        go.set()
        await asyncio.get_running_loop().shutdown_default_executor()
        assert saw == [True]
        assert client.get_query_data(key) is None


def test_the_wrapper_has_the_function_s_name():
    """For messages and traces."""

    def load(context):
        """Load it."""

    assert (in_thread(load).__name__, in_thread(load).__doc__) == ("load", "Load it.")


async def asynchronous(context):
    """What needs no thread."""


@pytest.mark.parametrize(("wrong", "text"), [(asynchronous, "does not block"), ("load", "no function")])
def test_only_a_blocking_function_is_run_in_a_thread(wrong, text):
    """A coroutine function would come back as a coroutine that nobody runs."""
    with pytest.raises(OptionError, match=text):
        in_thread(wrong)
