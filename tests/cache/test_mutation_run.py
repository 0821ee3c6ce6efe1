"""The run of a mutation: its states, its pauses, and how it ends."""

from __future__ import annotations

import asyncio
import gc
import sys

import pytest

from query import (
    UNSET,
    LoopError,
    MissingMutationFnError,
    MutationOptions,
    MutationState,
    QueryCancelledError,
    QueryClient,
    QueryObserver,
    QueryOptions,
)
from query.base.mutation_state import reduce_mutation_state
from query.base.query_state import fields_of

Failed = pytest.fail.Exception


@pytest.fixture
def states(client):
    """The states that follow from one another, as the cache's listeners see them."""
    seen = []
    client.get_mutation_cache().subscribe(
        lambda event: event.type == "updated" and seen.append(fields_of(event.mutation.state))
    )
    return seen


# -- the states of a run


async def test_a_mutation_is_pending_when_its_call_returns(mutation_of, answering, clock):
    """It has its variables and its date, and the function is not called yet."""
    write = answering("data", after=1)
    mutation = mutation_of(mutation_fn=write)
    handle = mutation.execute("variables")
    state = mutation.state
    assert (state.status, state.variables, state.submitted_at) == ("pending", "variables", clock.time())
    assert write.calls == []
    await clock.advance(1)
    assert await handle == "data"


async def test_a_mutation_goes_on_without_anybody_awaiting_it(mutation_of, answering, clock):
    """A call that is not awaited starts and ends like any other."""
    mutation = mutation_of(mutation_fn=answering("data", after=1))
    mutation.execute(None)
    gc.collect()
    await clock.advance(1)
    assert (mutation.state.status, mutation.state.data) == ("success", "data")


@pytest.mark.parity("QC-mutations-001")
async def test_none_is_passed_through_as_variables(mutation_of, answering):
    """It is a value like any other."""
    write = answering("data")
    mutation = mutation_of(mutation_fn=write)
    await mutation.execute(None)
    assert write.calls[0][0] is None
    assert mutation.state.variables is None


@pytest.mark.parity("QC-mutations-002")
async def test_the_function_is_told_what_it_runs_for(client, mutation_of, answering):
    """Variables first, then client, meta and key."""
    write, meta = answering("data"), {"a": 1}
    await mutation_of(mutation_fn=write, mutation_key=["add"], meta=meta).execute("variables")
    ((variables, context),) = write.calls
    assert variables == "variables"
    assert context.client is client
    assert context.meta is meta
    assert context.mutation_key == ("add",)


@pytest.mark.parity("QC-mutations-003")
async def test_the_states_of_a_success(mutation_of, answering, clock, states):
    """Pending, pending with what on_mutate returned, success."""
    mutation = mutation_of(mutation_fn=answering("data"), on_mutate=lambda *_: "kept")
    assert await mutation.execute("variables") == "data"
    pending = fields_of(MutationState(status="pending", variables="variables", submitted_at=clock.time()))
    kept = pending | {"context": "kept"}
    assert states == [pending, kept, kept | {"status": "success", "data": "data"}]


@pytest.mark.parity("QC-mutations-004")
async def test_the_states_of_a_failure_with_a_retry(mutation_of, answering, clock, states):
    """A failed attempt is counted while it is pending; the last is the error."""
    error = ValueError("failed")
    mutation = mutation_of(mutation_fn=answering(error), retry=1, retry_delay=1, on_mutate=lambda *_: "kept")
    handle = mutation.execute("variables")
    await clock.advance(1)
    with pytest.raises(ValueError, match="failed"):
        await handle
    assert [(state["status"], state["failure_count"], state["context"]) for state in states] == [
        ("pending", 0, UNSET),
        ("pending", 0, "kept"),
        ("pending", 1, "kept"),
        ("error", 2, "kept"),
    ]
    assert states[-1] | {"error": error, "failure_reason": error, "data": UNSET} == states[-1]


async def test_without_anything_kept_there_is_one_pending_state(mutation_of, answering, states):
    """on_mutate may return nothing."""
    await mutation_of(mutation_fn=answering("data"), on_mutate=lambda *_: None).execute(None)
    assert [state["status"] for state in states] == ["pending", "success"]


@pytest.mark.parity("QX-023")
async def test_what_on_mutate_keeps_moves_the_date(mutation_of, answering, clock, states):
    """The second pending state is dated when on_mutate is done."""

    async def on_mutate(*_):
        await clock.sleep(3)
        return "kept"

    mutation = mutation_of(mutation_fn=answering("data"), on_mutate=on_mutate)
    handle = mutation.execute(None)
    await clock.advance(3)
    await handle
    assert [state["submitted_at"] - states[0]["submitted_at"] for state in states] == [0, 3, 3]


async def test_a_mutation_is_not_retried_unless_asked(mutation_of, answering):
    """A write may have worked although its answer was lost."""
    write = answering(ValueError("failed"))
    with pytest.raises(ValueError, match="failed"):
        await mutation_of(mutation_fn=write).execute(None)
    assert len(write.calls) == 1


@pytest.mark.parity("QC-mutations-007")
async def test_without_function_it_fails(mutation_of):
    """The error says what to do."""
    mutation = mutation_of()
    with pytest.raises(MissingMutationFnError, match=r"no mutation_fn.*set_mutation_defaults"):
        await mutation.execute(None)
    assert mutation.state.status == "error"


@pytest.mark.parity("QC-mutations-014", "QC-mutations-017")
async def test_a_plain_function_is_as_good_as_an_async_one(mutation_of):
    """So are plain callbacks, whose results mean nothing."""
    mutation = mutation_of(
        mutation_fn=lambda variables, context: f"{variables}!",
        on_success=lambda *_: "ignored",
        on_settled=lambda *_: "ignored",
    )
    assert await mutation.execute("a") == "a!"


def test_a_mutation_without_a_loop_is_refused_and_leaves_no_trace(mutation_of, answering):
    """It is not left pending for ever."""
    mutation = mutation_of(mutation_fn=answering("data"))
    with pytest.raises(LoopError, match="while no event loop runs"):
        mutation.execute(None)
    assert mutation.state.status == "idle"


@pytest.mark.parametrize("answer", ["data", ValueError("failed")], ids=["success", "failure"])
@pytest.mark.parametrize("kept", [None, "kept"])
@pytest.mark.parametrize("is_async", [False, True])
async def test_each_state_is_what_the_reducer_makes_of_the_one_before(
    client, mutation_of, answering, clock, answer, kept, is_async
):
    """The frequent ones are made where they are needed, without it."""

    async def on_mutate(*_):
        return kept

    mutation = mutation_of(
        mutation_fn=answering(answer), on_mutate=on_mutate if is_async else lambda *_: kept, retry=1, retry_delay=1
    )
    before, steps = mutation.state, []

    def compare(event):
        nonlocal before
        assert fields_of(event.mutation.state) == fields_of(reduce_mutation_state(before, event.action))
        before = event.mutation.state
        steps.append(event.action.type)

    client.get_mutation_cache().subscribe(compare)
    handle = mutation.execute("variables")
    await clock.advance(1)
    await asyncio.gather(handle, return_exceptions=True)
    pending = ["pending"] if kept is None else ["pending", "pending"]
    assert steps == [*pending, *(["success"] if answer == "data" else ["failed", "error"])]


async def test_a_handle_tells_of_a_write_that_is_done_without_anybody_having_waited(mutation_of, answering):
    """What it came to is there, for as often as somebody asks."""
    handle = mutation_of(mutation_fn=answering("data")).execute(None)
    assert not handle.done()
    await asyncio.sleep(0)
    assert (handle.done(), handle.result(), handle.exception()) == (True, "data", None)
    assert handle.get_loop() is asyncio.get_running_loop()
    assert [await handle, await asyncio.ensure_future(handle)] == ["data", "data"]


async def test_who_resumes_a_mutation_that_is_past_its_function_hears_of_it(mutation_of, answering, clock):
    """Going on is with the function: its callbacks may still run."""

    async def on_success(*_):
        await clock.sleep(1)

    mutation = mutation_of(mutation_fn=answering("data"), on_success=on_success)
    handle = mutation.execute(None)
    await clock.settle()
    assert await mutation.continue_() == "data"
    assert not handle.done()
    await clock.advance(1)
    assert handle.done()


async def test_what_a_fetch_delivered_is_taken_in_before_a_write_that_is_awaited(client, key):
    """Else a write that invalidates would join a first fetch that has read what was there before."""
    rows = ["before"]

    async def write(variables, context):
        rows.append("written")

    async def refetch(*_):
        await client.invalidate_queries(key)

    observer = QueryObserver(client, QueryOptions(query_key=key, query_fn=lambda _: list(rows)))
    unsubscribe = observer.subscribe(lambda _: None)
    await (
        client.get_mutation_cache()
        .build(client, client.default_mutation_options(MutationOptions(mutation_fn=write, on_success=refetch)))
        .execute(None)
    )
    assert observer.get_current_result().data == ["before", "written"]
    unsubscribe()


# -- pauses


@pytest.mark.parity("QC-queryClient-147")
async def test_offline_a_mutation_waits_for_the_network(client, mutation_of, answering, clock, online, events):
    """It is pending and paused at once, and goes on when the network is back."""
    # golden trace 13
    online.set_online(False)
    write = answering("data")
    mutation = mutation_of(mutation_fn=write)
    handle = mutation.execute(None)
    assert (mutation.state.status, mutation.state.is_paused) == ("pending", True)
    await clock.advance(60)
    assert write.calls == []
    online.set_online(True)
    assert await handle == "data"
    assert not mutation.state.is_paused
    assert events == ["added", "updated:pending", "updated:pause", "updated:continue", "updated:success"]


@pytest.mark.parametrize("retry", [0, 1])
async def test_a_first_attempt_under_way_fails_although_the_network_is_gone(mutation_of, clock, online, events, retry):
    """It was made: only another attempt waits for the network."""
    gate = asyncio.get_running_loop().create_future()

    async def write(variables, context):
        await gate

    mutation = mutation_of(mutation_fn=write, retry=retry, retry_delay=1)
    handle = mutation.execute(None)
    await clock.settle()
    online.set_online(False)
    gate.set_exception(ValueError("lost"))
    await clock.advance(60)
    if retry:
        assert (mutation.state.is_paused, mutation.state.failure_count) == (True, 1)
        online.set_online(True)
    with pytest.raises(ValueError, match="lost"):
        await handle
    paused = ["updated:pause", "updated:continue"]
    assert events == ["added", "updated:pending", *(["updated:failed", *paused] if retry else []), "updated:error"]


@pytest.mark.parity("QC-mutations-005")
async def test_a_stored_paused_mutation_is_run_without_on_mutate(client, answering, events, states):
    """Its optimistic part was done by then; it keeps its date."""
    # golden trace 13
    cache = client.get_mutation_cache()
    state = MutationState(
        status="pending", is_paused=True, variables="stored", context="kept", failure_count=1, submitted_at=5.0
    )
    write, settled = answering("data"), []
    options = MutationOptions(
        mutation_fn=write,
        on_mutate=lambda *_: pytest.fail("called again"),
        on_settled=lambda *args: settled.append(args[:-1]),
    )
    mutation = cache.build(client, options, state)
    await client.resume_paused_mutations()
    assert write.calls[0][0] == "stored"
    assert settled == [("data", None, "stored", "kept")]
    assert events == ["added", "updated:continue", "updated:success"]
    assert (states[0]["status"], states[0]["is_paused"]) == ("pending", False)
    assert (mutation.state.failure_count, mutation.state.submitted_at) == (0, 5.0)


@pytest.mark.parity("QC-mutations-028")
async def test_going_on_with_a_stored_pending_mutation_runs_it(client, answering):
    """It has no run of its own that could go on."""
    state = MutationState(status="pending", variables="stored")
    mutation = client.get_mutation_cache().build(client, MutationOptions(mutation_fn=answering("data")), state)
    assert await mutation.continue_() == "data"


@pytest.mark.parity("QC-mutations-025", "QC-mutations-026", "QC-mutations-027")
@pytest.mark.parametrize("answer", ["data", ValueError("failed")], ids=["success", "failure"])
async def test_going_on_with_a_settled_mutation_does_nothing(mutation_of, answering, answer):
    """Its run was let go of."""
    write = answering(answer)
    mutation = mutation_of(mutation_fn=write)
    handle = mutation.execute(None)
    await asyncio.gather(handle, return_exceptions=True)
    assert handle.exception() is (answer if isinstance(answer, Exception) else None)
    assert await mutation.continue_() is None
    assert len(write.calls) == 1


@pytest.mark.parametrize("told", ["pause", "continue"])
async def test_a_failed_test_in_a_listener_of_a_pause_reaches_who_waits(client, mutation_of, answering, online, told):
    """There is no task that could fail; the mutation is forgotten, and nothing is left that waits."""

    def fail(event):
        if event.type == "updated" and event.action.type == told:
            pytest.fail("for the test")

    cache = client.get_mutation_cache()
    cache.subscribe(fail)
    client.unmount()
    online.set_online(False)
    write = answering("data")
    handle = mutation_of(mutation_fn=write).execute(None)
    await asyncio.sleep(0)
    online.set_online(True)
    resumed = cache.resume_paused_mutations()
    with pytest.raises(Failed, match="for the test"):
        await handle
    if told == "continue":
        with pytest.raises(Failed, match="for the test"):
            await resumed
    assert resumed.done()
    assert write.calls == []
    assert client.is_mutating() == 0


async def test_who_lets_a_mutation_go_on_hears_of_an_on_mutate_that_failed(mutation_of, answering, clock, online):
    """It never comes to its function, for which they wait."""

    async def on_mutate(*_):
        await clock.sleep(1)
        raise ValueError("failed")

    online.set_online(False)
    write = answering("data")
    mutation = mutation_of(mutation_fn=write, on_mutate=on_mutate)
    handle, went_on = mutation.execute(None), mutation.continue_()
    await clock.advance(1)
    for one in (handle, went_on):
        with pytest.raises(ValueError, match="failed"):
            await one
    assert write.calls == []


async def test_a_listener_that_ends_a_pause_within_it_lets_the_function_run_once(
    client, mutation_of, answering, online
):
    """It is told before the mutation waits for long."""
    online.set_online(False)
    client.get_mutation_cache().subscribe(
        lambda event: event.action is not None and event.action.type == "pause" and online.set_online(True)
    )
    write = answering("data")
    mutation = mutation_of(mutation_fn=write)
    assert await mutation.execute(None) == "data"
    assert len(write.calls) == 1


async def test_a_listener_that_takes_the_network_away_as_it_goes_on_pauses_it_again(
    client, mutation_of, answering, clock, online, events
):
    """It was called without a network, and its turn came with one."""
    online.set_online(False)
    write = answering("data")
    handle = mutation_of(mutation_fn=write).execute(None)
    online.set_online(True)
    client.get_mutation_cache().subscribe(
        lambda event: event.action is not None and event.action.type == "continue" and online.set_online(False)
    )
    await clock.settle()
    assert write.calls == []
    assert events == ["added", "updated:pending", "updated:continue", "updated:pause"]
    online.set_online(True)
    assert await handle == "data"


# -- cancelling and failing tests


async def test_a_waiter_that_gives_up_does_not_stop_the_write(mutation_of, answering, clock):
    """A write under way is never cancelled by who waits for it."""
    mutation = mutation_of(mutation_fn=answering("data", after=1))
    handle = mutation.execute(None)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(handle, 0)
    await clock.advance(1)
    assert await handle == "data"


async def test_a_closing_client_ends_the_writes_under_way(clock, answering, caplog):
    """Who waits is told, and the log says how many there were."""
    async with QueryClient(clock=clock) as client:
        options = MutationOptions(mutation_fn=answering("data", after=1))
        mutation = client.get_mutation_cache().build(client, options)
        handle = mutation.execute(None)
        await clock.settle()
    with pytest.raises(QueryCancelledError) as caught:
        await handle
    assert isinstance(caught.value.__cause__, asyncio.CancelledError)
    assert mutation.state.error is None
    assert client.get_mutation_cache().get_all() == []
    assert "the client was closed while 1 mutation(s) were under way" in caplog.text


@pytest.mark.parity("QX-026")
async def test_a_cancellation_that_comes_out_of_the_function_is_no_error_state(mutation_of):
    """Nobody cancelled the mutation; waiters get the cache's own error, caused by asyncio's."""

    async def mutation_fn(variables, context):
        raise asyncio.CancelledError("from inside")

    mutation = mutation_of(mutation_fn=mutation_fn)
    with pytest.raises(QueryCancelledError) as caught:
        await mutation.execute(None)
    assert isinstance(caught.value.__cause__, asyncio.CancelledError)
    assert not isinstance(mutation.state.error, asyncio.CancelledError)


@pytest.mark.parametrize("where", ["mutation_fn", "on_mutate", "on_success", "on_settled"])
async def test_a_failed_test_reaches_who_waits_and_is_no_error_state(client, mutation_of, answering, where):
    """``pytest.fail`` in a function or callback is for the test, not for the cache, which forgets the mutation."""
    options = {"mutation_fn": answering("data"), where: lambda *_: pytest.fail("for the test")}
    mutation = mutation_of(**options)
    with pytest.raises(Failed, match="for the test"):
        await mutation.execute(None)
    assert mutation.state.error is None
    assert client.is_mutating() == 0


async def test_a_failed_test_in_an_error_callback_reaches_who_waits(mutation_of, answering):
    """It is no mere mistake of a callback, to be reported."""
    mutation = mutation_of(mutation_fn=answering(ValueError()), on_error=lambda *_: pytest.fail("for the test"))
    with pytest.raises(Failed, match="for the test"):
        await mutation.execute(None)


async def test_a_failure_that_nobody_awaits_is_not_lost(mutation_of, clock, reported):
    """A lost write is worth a complaint of asyncio's."""

    def mutation_fn(variables, context):
        raise ValueError("unseen")

    mutation_of(mutation_fn=mutation_fn).execute(None)
    await clock.settle()
    gc.collect()
    assert [str(context["exception"]) for context in reported] == ["unseen"]
    reported.clear()


async def test_a_listener_that_raises_harms_nobody(client, mutation_of, answering, reported):
    """A good write stays one; the error goes to the loop's handler."""
    client.get_mutation_cache().subscribe(lambda event: 1 / 0)
    assert await mutation_of(mutation_fn=answering("data")).execute(None) == "data"
    assert len(reported) == 3
    reported.clear()


async def test_a_second_run_at_the_same_time_is_not_let_go_of_with_the_first(mutation_of, answering, clock):
    """Only who made the mutation could start it twice; each run ends for its own caller."""
    mutation = mutation_of(mutation_fn=answering("first", "second", after=1))
    first = mutation.execute(1)
    await clock.advance(0.5)
    second = mutation.execute(2)
    await clock.advance(0.5)
    assert (first.result(), second.done()) == ("first", False)
    await clock.advance(0.5)
    assert second.result() == "second"


@pytest.mark.usefixtures("told_of_lost_tasks")
def test_an_exit_in_a_callback_ends_the_program():
    """It is raised where the loop runs, and the mutation is forgotten."""
    client = QueryClient()

    async def main():
        options = MutationOptions(mutation_fn=lambda *_: "data", on_success=lambda *_: sys.exit("from a callback"))
        await client.get_mutation_cache().build(client, options).execute(None)

    with pytest.raises(SystemExit, match="from a callback"):
        asyncio.run(main())
    assert client.is_mutating() == 0
