"""An observer of mutations: what it shows, several calls, subscribing, and other options."""

from __future__ import annotations

import asyncio

import pytest

from query import UNSET, DefaultOptions, LoopError, MutationObserver, MutationOptions, OptionError


def shown(result):
    """A result as (status, data, variables)."""
    return (result.status, result.data, result.variables)


@pytest.fixture
def observe(client):
    """Makes an observer with some options."""
    return lambda **options: MutationObserver(client, MutationOptions(**options))


@pytest.fixture
def mutations(client):
    """All mutations of the cache."""
    return client.get_mutation_cache().get_all


# -- what it shows


def test_before_the_first_call_it_is_idle(observe, events, mutations):
    """No mutation is made for it; its options are told of."""
    observer = observe()
    result = observer.get_current_result()
    assert shown(result) == ("idle", None, None)
    assert (result.has_data, result.error, result.context, result.is_paused) == (False, None, None, False)
    assert (result.failure_count, result.failure_reason, result.submitted_at) == (0, None, 0.0)
    assert mutations() == []
    assert events == ["observer_options_updated"]
    assert repr(observer) == "<MutationObserver idle>"


@pytest.mark.parametrize("wrong", [lambda variables, context: None, None, ["add"]], ids=["function", "None", "key"])
def test_what_is_no_options_is_refused(client, wrong):
    """The text says what to pass."""
    with pytest.raises(OptionError, match=r"expected MutationOptions\(\.\.\.\)"):
        MutationObserver(client, wrong)


@pytest.mark.parity("QC-mutations-003")
async def test_a_call_is_pending_when_it_returns(observe, watch, answering, clock):
    """Then it has kept what on_mutate returned, then it succeeds."""
    observer = observe(mutation_fn=answering("data", after=1), on_mutate=lambda *_: "kept")
    told = watch(observer)
    handle = observer.mutate("variables")
    result = observer.get_current_result()
    assert (result.status, result.is_pending, result.is_idle, result.variables) == ("pending", True, False, "variables")
    assert result.submitted_at == clock.time()
    await clock.advance(1)
    assert await handle == "data"
    assert [(result.status, result.context, result.data) for result in told] == [
        ("pending", None, None),
        ("pending", "kept", None),
        ("success", "kept", "data"),
    ]
    assert (told[-1].is_success, told[-1].is_error, told[-1].has_data) == (True, False, True)


@pytest.mark.parity("QC-mutations-004")
async def test_a_failure_is_shown(observe, watch, answering):
    """With its count."""
    error = ValueError("failed")
    observer = observe(mutation_fn=answering(error))
    told = watch(observer)
    with pytest.raises(ValueError, match="failed"):
        await observer.mutate(None)
    result = told[-1]
    assert (result.status, result.is_error, result.error, result.failure_count) == ("error", True, error, 1)
    assert result.failure_reason is error


async def test_a_paused_call_is_shown_as_such(observe, watch, answering, online):
    """It waits for the network."""
    online.set_online(False)
    observer = observe(mutation_fn=answering("data"))
    told = watch(observer)
    handle = observer.mutate(None)
    assert told[-1].is_paused
    online.set_online(True)
    assert await handle == "data"
    assert not told[-1].is_paused


@pytest.mark.parity("QC-mutations-008", "QC-mutations-009")
async def test_without_listeners_the_result_follows_all_the_same(observe, answering):
    """Who polls sees it."""
    observer = observe(mutation_fn=answering("data"))
    await observer.mutate("variables")
    assert shown(observer.get_current_result()) == ("success", "data", "variables")


async def test_the_result_is_one_object_until_it_changes_also_if_nobody_listens(observe, watch, answering, clock):
    """It is made when somebody looks; after the last listener has left it stays."""
    observer = observe(mutation_fn=answering("data", after=1))
    assert observer.get_current_result() is observer.get_current_result()
    observer.mutate(1)
    pending = observer.get_current_result()
    assert pending is observer.get_current_result()
    stop = observer.subscribe(lambda result: None)
    stop()
    left = observer.get_current_result()
    await clock.advance(1)
    assert observer.get_current_result() is left
    assert (pending.status, left.status) == ("pending", "pending")


@pytest.mark.parametrize("leaves", [False, True])
async def test_a_listener_that_comes_while_one_is_told_is_told_too(observe, answering, leaves):
    """Whether the one that brings it stays or leaves."""
    observer, told = observe(mutation_fn=answering("data")), []

    def bring(result):
        told.append(("first", result.status))
        observer.subscribe(late)
        if leaves:
            stop()

    def late(result):
        told.append(("late", result.status))

    stop = observer.subscribe(bring)
    await observer.mutate(1)
    assert told[:2] == [("first", "pending"), ("late", "pending")]
    assert [name for name, status in told if status == "success"] == (["late"] if leaves else ["first", "late"])


async def test_mutate_and_reset_of_a_result_are_the_observers(observe, answering):
    """The same for good."""
    observer = observe(mutation_fn=answering("data"))
    first = observer.get_current_result()
    await first.mutate("variables")
    second = observer.get_current_result()
    assert (second.mutate, second.reset) == (first.mutate, first.reset)
    second.reset()
    assert observer.get_current_result().is_idle


async def test_a_mutation_without_variables_is_called_without(observe, answering):
    """It is given None."""
    write = answering("data")
    observer = observe(mutation_fn=write)
    assert await observer.mutate() == "data"
    assert write.calls[0][0] is None


def test_a_call_without_a_loop_is_refused_and_leaves_no_trace(observe, answering, mutations):
    """Neither a mutation nor a result."""
    observer = observe(mutation_fn=answering("data"))
    with pytest.raises(LoopError, match="no event loop runs"):
        observer.mutate(None)
    assert mutations() == []
    assert observer.get_current_result().is_idle


# -- several calls


async def test_each_call_is_a_mutation_and_the_latest_is_followed(observe, watch, answering, clock, mutations):
    """The earlier one goes on unwatched."""
    observer = observe(mutation_fn=answering("first", "second", after=1))
    told = watch(observer)
    handles = [observer.mutate(1)]
    await clock.advance(0.5)
    handles.append(observer.mutate(2))
    await clock.advance(1)
    assert [handle.result() for handle in handles] == ["first", "second"]
    assert [mutation.state.data for mutation in mutations()] == ["first", "second"]
    assert [shown(result) for result in told] == [("pending", None, 1), ("pending", None, 2), ("success", "second", 2)]


async def test_a_reset_forgets_the_latest(observe, watch, answering, clock, mutations):
    """It is told, and the mutation goes on unwatched."""
    observer = observe(mutation_fn=answering("data", after=1))
    told = watch(observer)
    observer.mutate(None)
    observer.reset()
    assert told[-1].is_idle
    await clock.advance(1)
    assert observer.get_current_result().is_idle
    assert mutations()[0].state.data == "data"


@pytest.mark.parity("QC-mutationObserver-005")
async def test_a_reset_mutation_can_be_collected(observe, watch, answering, clock, mutations):
    """Nobody looks at it any more."""
    observer = observe(mutation_fn=answering("data"), gc_time=10)
    watch(observer)
    await observer.mutate(None)
    await clock.advance(100)
    assert len(mutations()) == 1
    observer.reset()
    await clock.advance(10)
    assert mutations() == []


def test_a_reset_without_a_mutation_is_told_too(observe, watch):
    """It does nothing else."""
    observer = observe()
    told = watch(observer)
    observer.reset()
    assert [result.is_idle for result in told] == [True]


# -- subscribing and leaving


@pytest.mark.parity("QC-mutationObserver-001")
async def test_one_of_two_listeners_may_leave(observe, watch, answering, clock):
    """The other hears on."""
    observer = observe(mutation_fn=answering("data", after=1))
    left = []
    unsubscribe = observer.subscribe(left.append)
    told = watch(observer)
    observer.mutate(None)
    unsubscribe()
    await clock.advance(1)
    assert ([result.status for result in left], [result.status for result in told]) == (
        ["pending"],
        ["pending", "success"],
    )


@pytest.mark.parity("QC-mutationObserver-002")
async def test_a_mutation_that_nobody_watches_can_be_collected(observe, answering, clock, mutations):
    """When the last listener has left."""
    observer = observe(mutation_fn=answering("data"), gc_time=10)
    unsubscribe = observer.subscribe(lambda result: None)
    await observer.mutate(None)
    unsubscribe()
    unsubscribe()
    await clock.advance(10)
    assert mutations() == []


@pytest.mark.parity("QC-mutationObserver-003")
async def test_coming_back_during_a_mutation_follows_it_again(observe, watch, answering, clock):
    """And hears how it ends."""
    observer = observe(mutation_fn=answering("data", after=2))
    unsubscribe = observer.subscribe(lambda result: None)
    observer.mutate(None)
    unsubscribe()
    await clock.advance(1)
    told = watch(observer)
    assert told == []
    await clock.advance(1)
    assert [shown(result) for result in told] == [("success", "data", None)]


@pytest.mark.parity("QC-mutationObserver-004")
async def test_coming_back_after_a_mutation_shows_how_it_ended(observe, watch, answering, clock):
    """Without being told."""
    observer = observe(mutation_fn=answering("data", after=1))
    unsubscribe = observer.subscribe(lambda result: None)
    observer.mutate(None)
    unsubscribe()
    await clock.advance(1)
    assert observer.get_current_result().is_pending
    assert watch(observer) == []
    assert observer.get_current_result().is_success


def test_leaving_without_a_mutation_does_nothing(observe):
    """There is nothing to leave."""
    observer = observe()
    observer.subscribe(lambda result: None)()
    assert not observer.has_listeners()


# -- options


@pytest.mark.parity("QC-mutationObserver-006", "QC-mutationObserver-007")
async def test_another_key_forgets_the_latest(observe, answering, mutations):
    """The mutation keeps its own key and state."""
    observer = observe(mutation_key=["a"], mutation_fn=answering("data"))
    await observer.mutate(None)
    observer.set_options(MutationOptions(mutation_key=["b"], mutation_fn=answering("data")))
    assert observer.get_current_result().is_idle
    assert (mutations()[0].mutation_key, mutations()[0].state.data) == (("a",), "data")


@pytest.mark.parametrize("key", [["a"], ("a",), None], ids=repr)
async def test_an_equal_key_or_none_forgets_nothing(observe, answering, key):
    """It is the same kind of write."""
    observer = observe(mutation_key=["a"], mutation_fn=answering("data"))
    await observer.mutate(None)
    observer.set_options(MutationOptions(mutation_key=key, mutation_fn=answering("data")))
    assert observer.get_current_result().is_success


@pytest.mark.parity("QC-mutationObserver-008", "QC-mutationObserver-009", "QC-mutationObserver-010")
@pytest.mark.parametrize("answer", ["data", ValueError("failed")], ids=["success", "failure"])
async def test_options_of_what_is_over_stay(observe, answering, mutations, answer):
    """The next mutation gets the new ones."""
    write = answering(answer, "data")
    observer = observe(mutation_fn=write, meta={"a": 1})
    await asyncio.gather(observer.mutate(None), return_exceptions=True)
    observer.set_options(MutationOptions(mutation_fn=write, meta={"a": 2}))
    assert mutations()[0].meta == {"a": 1}
    await observer.mutate(None)
    assert [mutation.meta for mutation in mutations()] == [{"a": 1}, {"a": 2}]


@pytest.mark.parity("QC-mutationObserver-011")
async def test_options_of_what_is_under_way_are_replaced(observe, answering, clock, mutations):
    """Its callbacks are those of the present options."""
    write, called = answering("data", after=1), []
    observer = observe(mutation_fn=write, meta={"a": 1}, on_success=lambda *_: called.append("old"))
    observer.mutate(None)
    observer.set_options(MutationOptions(mutation_fn=write, meta={"a": 2}, on_success=lambda *_: called.append("new")))
    assert mutations()[0].meta == {"a": 2}
    await clock.advance(1)
    assert called == ["new"]


@pytest.mark.parity("QC-mutationObserver-016")
async def test_options_that_differ_are_told(client, observe, answering):
    """With the mutation, if there is one; equal ones are not."""
    observer = observe(mutation_fn=answering("data"))
    events = []
    client.get_mutation_cache().subscribe(
        lambda event: event.type == "observer_options_updated" and events.append((event.mutation, event.observer))
    )
    observer.set_options(observer.options)
    observer.set_options(MutationOptions(mutation_fn=observer.options.mutation_fn))
    assert events == []
    observer.set_options(observer.options.with_(retry=1))
    await observer.mutate(None)
    observer.set_options(observer.options.with_(retry=2))
    assert events == [(None, observer), (client.get_mutation_cache().get_all()[0], observer)]


@pytest.mark.parity("QC-mutations-002")
async def test_defaults_of_the_key_are_used(client, observe, answering):
    """Also its function."""
    write = answering("default")
    client.set_mutation_defaults(["add"], MutationOptions(mutation_fn=write))
    assert await observe(mutation_key=["add"]).mutate("variables") == "default"
    assert write.calls[0][0] == "variables"


async def test_the_same_options_again_are_not_worked_out_again(client, observe, answering, events):
    """A component gives them whenever it is drawn: it keeps what they came to, and nobody is told."""
    write = answering("data")
    observer = observe(mutation_fn=write, mutation_key=["add"])
    before = observer.options
    events.clear()
    observer.set_options(MutationOptions(mutation_fn=write, mutation_key=["add"]))
    assert observer.options is before
    assert events == []


async def test_the_same_options_inherit_what_was_set_meanwhile(client, observe, answering):
    """Of the key, and of all mutations."""
    write = answering("data")
    given = MutationOptions(mutation_fn=write, mutation_key=["add"])
    observer = observe(mutation_fn=write, mutation_key=["add"])
    client.set_mutation_defaults(["add"], MutationOptions(retry=2))
    observer.set_options(given)
    assert observer.options.retry == 2
    client.set_default_options(DefaultOptions(mutations=MutationOptions(scope="all")))
    observer.set_options(given)
    assert (observer.options.retry, observer.options.scope) == (2, "all")


async def test_complete_options_are_not_taken_for_those_that_still_inherit(client, observe, answering):
    """They have the same fields here, and mean other things."""
    write = answering("data")
    complete = client.default_mutation_options(MutationOptions(mutation_fn=write, mutation_key=["add"]))
    client.set_mutation_defaults(["add"], MutationOptions(retry=2))
    observer = MutationObserver(client, complete)
    observer.set_options(MutationOptions(mutation_fn=write, mutation_key=["add"]))
    assert observer.options.retry == 2
    observer.set_options(complete)
    assert observer.options.retry is UNSET


async def test_the_same_options_replace_others_of_what_is_under_way(observe, answering, clock, mutations):
    """Somebody else may have given those to the mutation."""
    write = answering("data", after=1)
    observer = observe(mutation_fn=write)
    handle = observer.mutate(None)
    (mutation,) = mutations()
    mutation.set_options(MutationOptions(meta={"a": 1}))
    observer.set_options(MutationOptions(mutation_fn=write))
    assert mutation.meta is None
    await clock.advance(1)
    assert await handle == "data"
