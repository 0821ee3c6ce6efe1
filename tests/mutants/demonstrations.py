"""What each planted bug looks like: a small program, what it comes to in the healthy cache, and what with the bug."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from planted import MUTANTS

from query import (
    UNSET,
    FocusManager,
    InfiniteQueryObserver,
    OnlineManager,
    QueryClient,
    QueryObserver,
    infinite_query_options,
    mutation_options,
    query_options,
    take_back,
    update_data,
)

KEY = ("rows",)


class Refused(Exception):
    """What a request fails with that the server refuses."""


@dataclass
class World:
    """A client, and a server whose answers the program decides."""

    online: OnlineManager = field(default_factory=lambda: OnlineManager(online=True))
    focus: FocusManager = field(default_factory=FocusManager)
    requests: list[asyncio.Future[Any]] = field(default_factory=list)

    def __post_init__(self):
        self.client = QueryClient(online_manager=self.online, focus_manager=self.focus)
        self.client.mount()

    async def load(self, *_):
        self.requests.append(asyncio.get_running_loop().create_future())
        return await self.requests[-1]

    def options(self, **options):
        return query_options(**{"query_key": KEY, "query_fn": self.load, **options})

    def watch(self, **options):
        observer = QueryObserver(self.client, self.options(**options))
        return observer, observer.subscribe(lambda _: None)

    @property
    def data(self):
        return self.client.get_query_data(KEY)

    @property
    def state(self):
        return self.client.get_query_state(KEY)


@dataclass(frozen=True)
class Demonstration:
    """A program and what it comes to."""

    program: Callable[[World], Awaitable[object]]
    right: object
    wrong: object


DEMONSTRATIONS: dict[str, Demonstration] = {}


def shows(*, right, wrong):
    """Declare what a planted bug of the name of the decorated program looks like."""

    def declare(program):
        assert program.__name__ in MUTANTS
        DEMONSTRATIONS[program.__name__] = Demonstration(program, right, wrong)
        return program

    return declare


async def rest():
    """Let all run that can: no time passes in between that anybody could notice."""
    await asyncio.sleep(0.000_01)


async def outcome(handle, seconds=100):
    """What a handle comes to: its value, or the name of its error."""
    try:
        return await asyncio.wait_for(handle, seconds)
    except (Exception, asyncio.CancelledError) as error:
        return type(error).__name__


# -- fetches


@shows(right="new", wrong="old")
async def a_stale_answer_overwrites_a_newer_one(world):
    world.client.set_query_data(KEY, "before")
    observer, _ = world.watch()
    observer.refetch()
    world.requests[1].set_result("new")
    await rest()
    if not world.requests[0].done():
        world.requests[0].set_result("old")
    await rest()
    return world.data


@shows(right=(2, "data"), wrong=(1, "QueryCancelledError"))
async def a_fetch_after_a_cancel_joins_the_dead_one(world):
    world.client.prefetch_query(world.options())
    world.client.cancel_queries(KEY)
    again = world.client.fetch_query(world.options())
    world.requests[-1].done() or world.requests[-1].set_result("data")
    return len(world.requests), await outcome(again)


@shows(right=1, wrong=2)
async def a_second_caller_makes_a_second_request(world):
    world.client.prefetch_query(world.options())
    world.client.prefetch_query(world.options())
    return len(world.requests)


@shows(right="new", wrong=None)
async def the_clean_up_of_an_old_fetch_unregisters_the_new_one(world):
    # cancelled in the same turn in which the next begins; the clean-up comes after
    world.client.prefetch_query(world.options())
    world.client.cancel_queries(KEY)
    world.client.prefetch_query(world.options())
    await rest()
    world.client.cancel_queries(KEY)
    fetching = world.client.is_fetching()
    world.client.prefetch_query(world.options())
    await rest()
    if fetching == 0:
        world.requests[-1].set_result("new")
    await rest()
    return world.data


@shows(right="data", wrong="CancelledError")
async def a_cancelled_waiter_kills_the_others(world):
    handle = world.client.fetch_query(world.options())
    one, other = asyncio.create_task(outcome(handle)), asyncio.ensure_future(handle)
    await rest()
    other.cancel()
    await rest()
    world.requests[0].set_result("data")
    return await one


@shows(right="idle", wrong="fetching")
async def a_cancelled_fetch_leaves_its_state(world):
    world.client.prefetch_query(world.options())
    world.client.cancel_queries(KEY)
    await rest()
    return world.state.fetch_status


@shows(right=2, wrong=1)
async def an_invalidation_during_a_fetch_is_lost(world):
    world.client.set_query_data(KEY, "before")
    world.watch()
    world.client.invalidate_queries(KEY)
    return len(world.requests)


@shows(right=True, wrong=False)
async def an_invalidation_does_not_mark_a_query_that_fetches(world):
    # somebody is told, so that each query is marked for itself
    world.client.get_query_cache().subscribe(lambda event: None)
    world.client.set_query_data(KEY, "before")
    world.client.prefetch_query(world.options())
    world.client.invalidate_queries(KEY)
    world.client.cancel_queries(KEY, revert=False, silent=True)
    return world.state.is_invalidated


@shows(right=[], wrong=["data"])
async def a_removed_query_is_written(world):
    came = []
    world.client.get_query_cache().subscribe(
        lambda event: came.append(event.query.state.data) if event.query.state.data is not UNSET else None
    )
    world.client.prefetch_query(world.options())
    world.client.remove_queries(KEY)
    await rest()
    world.requests[0].done() or world.requests[0].set_result("data")
    await rest()
    return came[:1]


# -- times


@shows(right=1, wrong=0)
async def data_is_still_fresh_at_the_deadline(world):
    world.client.set_query_data(KEY, "data")
    await asyncio.sleep(30)
    world.client.prefetch_query(world.options(stale_time=30))
    return len(world.requests)


@shows(right="data", wrong=None)
async def an_observed_query_is_collected(world):
    world.watch(gc_time=60, stale_time=1000)
    world.requests[0].set_result("data")
    await asyncio.sleep(61)
    return world.client.get_query_data(KEY)


@shows(right=1, wrong=0)
async def a_fetching_query_is_collected(world):
    world.client.prefetch_query(world.options(gc_time=60))
    await asyncio.sleep(301)
    return world.client.is_fetching()


async def attempts(world, *script, retry):
    """How many requests a fetch makes whose attempts end so."""
    world.client.prefetch_query(world.options(retry=retry, retry_delay=1))
    for number, ends in enumerate(script):
        await asyncio.sleep(1.5)
        if number < len(world.requests):
            answer = world.requests[number]
            answer.set_exception(Refused()) if ends == "fails" else answer.set_result(ends)
    await asyncio.sleep(1.5)
    return len(world.requests)


@shows(right=3, wrong=4)
async def one_retry_too_many(world):
    return await attempts(world, "fails", "fails", "fails", retry=2)


@shows(right=2, wrong=3)
async def retries_go_on_after_a_success(world):
    return await attempts(world, "fails", "data", retry=3)


@shows(right=(1, "paused"), wrong=(2, "fetching"))
async def the_network_is_looked_at_before_the_wait(world):
    world.client.prefetch_query(world.options(retry=1, retry_delay=1))
    world.requests[0].set_exception(Refused())
    await rest()
    world.online.set_online(False)
    await asyncio.sleep(1.5)
    return len(world.requests), world.state.fetch_status


async def come_back_online(world):
    """How many requests a fetch makes that waited for the network."""
    world.online.set_online(False)
    world.client.prefetch_query(world.options())
    while_away = len(world.requests)
    world.online.set_online(True)
    await rest()
    return while_away, len(world.requests)


@shows(right=(0, 1), wrong=(0, 2))
async def a_paused_fetch_resumes_twice(world):
    return await come_back_online(world)


@shows(right=(0, 1), wrong=(0, 0))
async def a_paused_fetch_is_never_resumed(world):
    return await come_back_online(world)


@shows(right=(0, 1), wrong=(1, 1))
async def an_offline_fetch_starts_anyway(world):
    return await come_back_online(world)


@shows(right=0, wrong=1)
async def focus_refetches_what_is_fresh(world):
    world.client.set_query_data(KEY, "data")
    world.watch(stale_time=1000)
    world.focus.set_focused(False)
    world.focus.set_focused(True)
    return len(world.requests)


@shows(right=1, wrong=2)
async def an_interval_goes_on_unfocused(world):
    world.watch(refetch_interval=10)
    world.requests[0].set_result("data")
    world.focus.set_focused(False)
    await asyncio.sleep(11)
    return len(world.requests)


@shows(right=1, wrong=2)
async def an_interval_goes_on_after_the_unsubscription(world):
    _, leave = world.watch(refetch_interval=10)
    world.requests[0].set_result("data")
    await rest()
    leave()
    await asyncio.sleep(11)
    return len(world.requests)


@shows(right=1, wrong=2)
async def intervals_pile_up(world):
    _, leave = world.watch(refetch_interval=10)
    world.requests[0].set_result("data")
    await asyncio.sleep(5)
    leave()
    await asyncio.sleep(6)
    return len(world.requests)


@shows(right=0, wrong=1)
async def a_cancelled_fetch_leaves_its_task(world):
    world.online.set_online(False)
    world.client.prefetch_query(world.options())
    world.client.cancel_queries(KEY)
    await rest()
    return len(asyncio.all_tasks()) - 1


@shows(right="data", wrong=None)
async def a_collection_timer_is_left_behind(world):
    _, leave = world.watch(gc_time=300, stale_time=1000)
    world.requests[0].set_result("data")
    await rest()
    leave()
    await asyncio.sleep(200)
    _, leave = world.watch(gc_time=300, stale_time=1000)
    await asyncio.sleep(50)
    leave()
    await asyncio.sleep(100)
    return world.data


# -- observers


@shows(right=3, wrong=1)
async def another_select_shows_the_result_of_the_old_one(world):
    world.client.set_query_data(KEY, [1, 2, 3])
    observer, _ = world.watch(stale_time=1000, select=min)
    observer.set_options(world.options(stale_time=1000, select=max))
    return observer.get_current_result().data


@shows(right=1, wrong=3)
async def select_runs_each_time(world):
    calls = []
    world.client.set_query_data(KEY, "data")
    observer, _ = world.watch(select=lambda data: calls.append(data) or data)
    before = len(calls)
    world.requests[0].set_result("new")
    await rest()
    observer.update_result()
    observer.update_result()
    return len(calls) - before


@shows(right=0, wrong=1)
async def a_listener_is_told_after_it_left(world):
    told = []
    observer = QueryObserver(world.client, world.options())
    leave = observer.subscribe(told.append)
    await rest()
    before = len(told)
    world.client.cancel_queries(KEY)
    before = len(told)
    leave()
    await rest()
    return len(told) - before


@shows(right=0, wrong=1)
async def a_change_of_key_leaves_the_old_observer_counted(world):
    observer, _ = world.watch()
    observer.set_options(world.options(query_key=("other",)))
    return world.client.get_query_cache().find(KEY).get_observers_count()


@shows(right="data", wrong=None)
async def a_change_of_key_does_not_count_at_the_new_one(world):
    observer, _ = world.watch()
    observer.set_options(world.options(query_key=("other",)))
    world.requests[-1].set_result("data")
    await rest()
    return observer.get_current_result().data


# -- data


@shows(right=1, wrong=2)
async def a_dict_in_another_order_is_another_key(world):
    world.client.set_query_data(("rows", {"a": 1, "b": 2}), "data")
    world.client.set_query_data(("rows", {"b": 2, "a": 1}), "data")
    return len(world.client.get_query_cache().get_all())


@shows(right=False, wrong=True)
async def a_write_does_not_clear_the_invalidation(world):
    world.client.set_query_data(KEY, "data")
    world.client.invalidate_queries(KEY)
    world.client.set_query_data(KEY, "new")
    return world.state.is_invalidated


@shows(right="data", wrong=None)
async def a_failed_refetch_loses_the_data(world):
    world.client.set_query_data(KEY, "data")
    world.client.prefetch_query(world.options())
    world.requests[0].set_exception(Refused())
    await rest()
    return world.data


@shows(right={"rows": 1}, wrong={"rows": 2})
async def sharing_changes_the_old_data(world):
    before = world.client.set_query_data(KEY, {"rows": 1})
    world.client.set_query_data(KEY, {"rows": 2})
    return before


async def page(context):
    return f"page {context.page_param}"


def pages_observer(world, **options):
    observer = InfiniteQueryObserver(
        world.client,
        infinite_query_options(
            query_key=KEY,
            query_fn=page,
            initial_page_param=0,
            get_next_page_param=lambda page, pages, param, params: param + 1,
            **options,
        ),
    )
    observer.subscribe(lambda _: None)
    return observer


@shows(right=2, wrong=1)
async def a_refetch_loses_a_page(world):
    observer = pages_observer(world)
    await rest()
    await observer.fetch_next_page()
    await observer.refetch()
    return len(world.data.pages)


@shows(right=["page 1", "page 2"], wrong=["page 0", "page 1", "page 2"])
async def one_page_too_many_is_kept(world):
    observer = pages_observer(world, max_pages=2, get_previous_page_param=lambda page, pages, param, params: param - 1)
    await rest()
    await observer.fetch_next_page()
    await observer.fetch_next_page()
    return world.data.pages


# -- writes


def change(world, *keys, new="optimistic"):
    """Options of a write that shows its outcome at once under these keys."""
    return mutation_options(
        mutation_fn=lambda variables, context: world.load(),
        on_mutate=lambda variables, context: [update_data(context.client, key, lambda _: new) for key in keys],
        on_error=take_back,
    )


async def fail_a_write(world, *keys, meanwhile=None):
    """Write optimistically under these keys, and let the server refuse."""
    for key in keys:
        world.client.set_query_data(key, "before")
    mutation = world.client.get_mutation_cache().build(world.client, change(world, *keys))
    handle = mutation.execute(None)
    await rest()
    if meanwhile is not None:
        world.client.set_query_data(KEY, meanwhile)
    world.requests[0].set_exception(Refused())
    await outcome(handle)
    return [world.client.get_query_data(key) for key in keys]


@shows(right=["from the server"], wrong=["before"])
async def a_rollback_takes_back_newer_data(world):
    return await fail_a_write(world, KEY, meanwhile="from the server")


@shows(right=["before"], wrong=["optimistic"])
async def a_rollback_takes_back_nothing(world):
    return await fail_a_write(world, KEY)


@shows(right=["before", "before"], wrong=["before", "optimistic"])
async def a_rollback_takes_back_the_first_write_only(world):
    return await fail_a_write(world, KEY, ("row", 1))


@shows(right="optimistic", wrong="from before")
async def a_fetch_under_way_overwrites_an_optimistic_write(world):
    world.client.set_query_data(KEY, "before")
    world.client.prefetch_query(world.options())
    update_data(world.client, KEY, lambda _: "optimistic")
    await rest()
    if not world.requests[0].done():
        world.requests[0].set_result("from before")
    await rest()
    return world.data


async def two_of_one_scope(world):
    """How many requests two writes of one scope have sent, before and after the first is answered."""
    cache = world.client.get_mutation_cache()
    for _ in range(2):
        cache.build(world.client, mutation_options(mutation_fn=world.load, scope="form")).execute(None)
    await rest()
    at_first = len(world.requests)
    world.requests[0].set_result(None)
    await rest()
    return at_first, len(world.requests)


@shows(right=(1, 2), wrong=(2, 2))
async def a_scope_runs_two_at_once(world):
    return await two_of_one_scope(world)


@shows(right=(1, 2), wrong=(1, 1))
async def a_scope_never_goes_on(world):
    return await two_of_one_scope(world)
