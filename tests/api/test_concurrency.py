"""A limit of calls at once: fair, and safe to cancel."""

import asyncio
import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from query import OptionError, QueriesObserver, QueryClient, QueryOptions
from query.api import ConcurrencyLimit, api_fetch, api_options, host_of_call, limit_concurrency, set_api_client


class Calls:
    """An async function whose calls end when they are told to."""

    def __init__(self):
        self.begun = []
        self.running = {}
        self.most = 0

    async def __call__(self, number, group=None):
        self.begun.append(number)
        end = self.running[number] = asyncio.get_running_loop().create_future()
        self.most = max(self.most, len(self.running))
        try:
            return await end
        finally:
            del self.running[number]


async def settle():
    for _ in range(8):
        await asyncio.sleep(0)


async def test_no_more_run_at_once_and_the_first_come_is_the_first_served():
    """Those that wait begin in the order in which they came."""
    calls = Calls()
    limited = limit_concurrency(calls, 2)
    tasks = [asyncio.create_task(limited(number)) for number in range(4)]
    await settle()
    assert calls.begun == [0, 1]
    calls.running[1].set_result("one")
    await settle()
    assert calls.begun == [0, 1, 2]
    for number in (0, 2):
        calls.running[number].set_result(number)
    await settle()
    calls.running[3].set_exception(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await tasks[3]
    assert [await task for task in tasks[:3]] == [0, "one", 2]


STEPS = st.lists(
    st.one_of(
        st.just(("call",)),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.just("end"), st.integers(0, 30)),
        st.tuples(st.just("fail"), st.integers(0, 30)),
        st.just(("turn",)),
    ),
    max_size=60,
)


@settings(max_examples=300)
@given(count=st.integers(1, 4), steps=STEPS)
def test_whatever_happens_the_limit_holds_and_no_place_is_lost(count, steps):
    """Calls come, end, fail and are cancelled in whatever order, also several in one turn of the loop."""

    async def play():
        calls = Calls()
        limit = ConcurrencyLimit(count)
        limited = limit(calls)
        tasks = []
        cancelled = set()
        for step, *which in steps:
            if step == "call":
                tasks.append(asyncio.create_task(limited(len(tasks))))
            elif step == "cancel" and tasks:
                number = which[0] % len(tasks)
                if not tasks[number].done():
                    cancelled.add(number)
                    tasks[number].cancel()
            elif step in ("end", "fail") and calls.running:
                end = calls.running[sorted(calls.running)[which[0] % len(calls.running)]]
                if not end.done():
                    end.set_result(None) if step == "end" else end.set_exception(ZeroDivisionError())
            elif step == "turn":
                await asyncio.sleep(0)
            assert len(calls.running) <= count
        while True:
            await settle()
            alive = [task for task in tasks if not task.done()]
            # no place is left empty while somebody waits for one
            assert len(calls.running) == min(count, len(alive))
            if not alive:
                break
            calls.running[min(calls.running)].set_result(None)
        assert calls.most <= count
        assert calls.begun == sorted(calls.begun)
        assert set(range(len(tasks))) - set(calls.begun) <= cancelled
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not any(limit._places.values())

    asyncio.run(play())


async def test_each_group_has_the_limit_for_itself():
    """Such as each server."""
    calls = Calls()
    limited = limit_concurrency(calls, 1, per=lambda number, group=None: group)
    tasks = [asyncio.create_task(limited(n, g)) for n, g in enumerate("aabb")]
    await settle()
    assert calls.begun == [0, 2]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_functions_may_share_a_limit():
    """One for all of an API."""
    first, second = Calls(), Calls()
    limit = ConcurrencyLimit(1)
    tasks = [asyncio.create_task(limit(first)(0)), asyncio.create_task(limit(second)(1))]
    await settle()
    assert (first.begun, second.begun) == ([0], [])
    first.running[0].set_result(None)
    await settle()
    assert second.begun == [1]
    second.running[1].set_result(None)
    await asyncio.gather(*tasks)


def test_event_loops_do_not_share():
    """A limit of a module outlives the loops of many tests."""
    calls = Calls()
    limit = ConcurrencyLimit(1)

    async def leave_one():
        task = asyncio.create_task(limit(calls)(len(calls.begun)))
        await settle()
        assert len(calls.running) == 1
        task.cancel()

    for _ in range(3):
        asyncio.run(leave_one())
    gc.collect()
    assert len(calls.begun) == 3
    assert len(limit._places) <= 1


def test_the_same_function_limited_again_is_the_same():
    """So options that are made at each use stay equal; one that is forgotten is not kept."""

    async def load(context):
        """Load it."""

    limit = ConcurrencyLimit(1)
    limited = limit(load)
    assert limit(load) is limited
    assert (limited.__name__, limited.__doc__) == ("load", "Load it.")
    del limited
    gc.collect()
    assert not limit._limited


async def test_many_queries_ask_a_few_at_a_time(server):
    """Around the query function of API options."""
    now, most = 0, 0

    async def answer(request):
        nonlocal now, most
        now += 1
        most = max(most, now)
        await settle()
        now -= 1
        return {"status_code": 200, "json": request.url.path}

    server.answer = answer
    limit = ConcurrencyLimit(3)
    async with QueryClient() as client:
        set_api_client(server.api_client(), query_client=client)
        options = [api_options.as_(str)(f"/{n}/", stale_time=0) for n in range(10)]
        options = [o.with_(query_fn=limit(o.query_fn)) for o in options]
        observer = QueriesObserver(client, options)
        unsubscribe = observer.subscribe(lambda results: None)
        answers = await asyncio.gather(*(client.query(o) for o in options))
        unsubscribe()
        client.clear()
    assert answers == [f"/{n}/" for n in range(10)]
    assert most == 3


async def test_a_query_that_waits_for_its_turn_can_be_cancelled(server, client):
    """Its request is never sent."""
    begun = asyncio.Event()

    async def answer(request):
        begun.set()
        await asyncio.Event().wait()

    server.answer = answer
    fetch = limit_concurrency(api_fetch, 1)
    handles = [client.fetch_query(QueryOptions(query_key=(f"/{n}/",), query_fn=fetch)) for n in range(2)]
    await begun.wait()
    await client.cancel_queries()
    for handle in handles:
        with pytest.raises(Exception, match="cancelled"):
            await handle
    assert [request.url.path for request in server.requests] == ["/0/"]


@pytest.mark.parametrize(
    ("key", "host"),
    [
        (("/x/",), ""),
        (("/x/", {"host": "https://EU.api.test:8443/v1"}), "eu.api.test:8443"),
        (("https://user@other.test/x/",), "other.test"),
    ],
)
def test_the_server_of_a_call(key, host):
    """Empty for that of the base URL."""
    context = type("Context", (), {"query_key": key})()
    assert host_of_call(context) == host


@pytest.mark.parametrize("count", [0, -1, 1.5, True, "2", None])
def test_what_is_no_limit_is_refused(count):
    """Nothing would ever run with none."""
    with pytest.raises(OptionError, match="is no limit; expected a whole number from 1"):
        ConcurrencyLimit(count)


def test_what_is_no_function_is_refused():
    """Where it is written."""
    with pytest.raises(OptionError, match="expected an async function"):
        limit_concurrency(5, 1)
    with pytest.raises(OptionError, match="per=5 is no function"):
        limit_concurrency(api_fetch, 1, per=5)


async def test_a_plain_function_is_refused():
    """It has run before anybody could wait for it."""
    with pytest.raises(OptionError, match="which is not async"):
        await limit_concurrency(lambda: 5, 1)()
