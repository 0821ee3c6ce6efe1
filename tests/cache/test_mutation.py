"""A mutation: its first state, its options, its observers, and how long it is kept."""

from __future__ import annotations

import math

import pytest
from client_fixtures import FakeMutationObserver

from query import UNSET, MutationOptions, MutationState
from query.base.query_state import fields_of


@pytest.fixture
def observer():
    """An observer of the mutation."""
    return FakeMutationObserver()


@pytest.fixture
def is_kept(client):
    """Whether the cache still has a mutation."""
    return lambda mutation: mutation in client.get_mutation_cache().get_all()


# -- what it is


def test_a_mutation_is_born_idle(mutation_of):
    """Nothing was called yet."""
    mutation = mutation_of()
    assert fields_of(mutation.state) == {
        "context": UNSET,
        "data": UNSET,
        "error": None,
        "failure_count": 0,
        "failure_reason": None,
        "is_paused": False,
        "status": "idle",
        "variables": UNSET,
        "submitted_at": 0.0,
    }
    assert (mutation.meta, mutation.mutation_key, mutation.scope) == (None, None, None)


def test_a_mutation_shows_what_its_options_attach(mutation_of):
    """Meta by identity, key and scope."""
    meta = {"a": 1}
    mutation = mutation_of(meta=meta, mutation_key=["add"], scope="writes")
    assert mutation.meta is meta
    assert (mutation.mutation_key, mutation.scope) == (("add",), "writes")


def test_a_given_state_is_used_as_it_is(client):
    """What was stored elsewhere is taken over, and nothing is run for it."""
    state = MutationState(status="pending", is_paused=True, variables="stored")
    mutation = client.get_mutation_cache().build(client, MutationOptions(), state)
    assert mutation.state is state


def test_new_options_replace_the_former_as_a_whole(mutation_of):
    """What the newer ones leave out does not stay behind."""
    mutation = mutation_of(meta={"a": 1})
    mutation.set_options(MutationOptions(retry=1))
    assert (mutation.meta, mutation.options.retry) == (None, 1)


async def test_a_mutation_shows_its_number_and_state(mutation_of, online, answering):
    """For messages and the debugger."""
    mutation = mutation_of(mutation_fn=answering("data"))
    assert repr(mutation) == "<Mutation 1 idle>"
    online.set_online(False)
    handle = mutation.execute(None)
    assert repr(mutation) == "<Mutation 1 pending, paused>"
    online.set_online(True)
    await handle


# -- observers


@pytest.mark.parity("QC-mutations-006")
def test_an_observer_subscribed_twice_counts_once(mutation_of, observer, events):
    """The second time is no news."""
    mutation = mutation_of()
    mutation.add_observer(observer)
    mutation.add_observer(observer)
    assert events == ["added", "observer_added"]


async def test_observers_hear_of_each_change_before_the_cache(client, mutation_of, observer, answering, events):
    """With the action that changed it."""
    mutation = mutation_of(mutation_fn=answering("data"))
    observer.on_mutation_update = lambda action: events.append(f"observer: {action.type}")
    mutation.add_observer(observer)
    events.clear()
    await mutation.execute(None)
    assert events == ["observer: pending", "updated:pending", "observer: success", "updated:success"]


async def test_an_observer_that_leaves_does_not_stop_the_mutation(mutation_of, observer, answering, clock):
    """A write is not cancelled; the observer just hears no more."""
    mutation = mutation_of(mutation_fn=answering("data", after=1))
    mutation.add_observer(observer)
    mutation.execute(None)
    mutation.remove_observer(observer)
    await clock.advance(1)
    assert mutation.state.data == "data"
    assert observer.actions == ["pending"]


# -- how long it is kept


@pytest.mark.parity("QC-mutationCache-010")
async def test_an_unused_mutation_is_kept_for_its_time(mutation_of, clock, is_kept):
    """Five minutes, unless the options say otherwise."""
    usual, short, endless = mutation_of(), mutation_of(gc_time=10), mutation_of(gc_time=math.inf)
    await clock.advance(10)
    assert [is_kept(mutation) for mutation in (usual, short, endless)] == [True, False, True]
    await clock.advance(290)
    assert [is_kept(mutation) for mutation in (usual, short, endless)] == [False, False, True]


@pytest.mark.parity("QC-mutationCache-011")
async def test_an_observer_keeps_its_mutation(mutation_of, observer, clock, is_kept):
    """The time begins when it leaves."""
    mutation = mutation_of(gc_time=10)
    mutation.add_observer(observer)
    await clock.advance(1000)
    mutation.remove_observer(observer)
    await clock.advance(9.999)
    assert is_kept(mutation)
    await clock.advance(0.001)
    assert not is_kept(mutation)


@pytest.mark.parity("QC-mutations-024")
async def test_one_observer_left_is_enough(mutation_of, observer, clock, is_kept):
    """The timer that the other's leaving set finds it still in use."""
    mutation, other = mutation_of(gc_time=10), FakeMutationObserver()
    mutation.add_observer(observer)
    mutation.add_observer(other)
    mutation.remove_observer(other)
    await clock.advance(1000)
    assert is_kept(mutation)


async def test_an_observer_that_nobody_listens_to_keeps_nothing(mutation_of, clock, is_kept):
    """A mutation that was only started goes when its time is over, though its observer still looks at it."""
    mutation, observer = mutation_of(gc_time=10), FakeMutationObserver(listened=False)
    mutation.add_observer(observer)
    await clock.advance(9)
    assert is_kept(mutation)
    await clock.advance(1)
    assert not is_kept(mutation)


async def test_a_listener_that_comes_late_keeps_the_mutation(mutation_of, clock, is_kept):
    """Its time is asked for when it is over, not when the observer came."""
    mutation, observer = mutation_of(gc_time=10), FakeMutationObserver(listened=False)
    mutation.add_observer(observer)
    observer.listened = True
    await clock.advance(1000)
    assert is_kept(mutation)


@pytest.mark.parity("QC-mutationCache-012")
async def test_a_mutation_under_way_is_kept_until_a_whole_time_has_passed_again(mutation_of, answering, clock, is_kept):
    """Its time was over at 10 and 20 seconds; it ends at 25, so it goes at 30."""
    mutation = mutation_of(gc_time=10, mutation_fn=answering("data", after=25))
    mutation.execute(None)
    await clock.advance(29.999)
    assert mutation.state.status == "success"
    assert is_kept(mutation)
    await clock.advance(0.001)
    assert not is_kept(mutation)


async def test_a_mutation_that_is_watched_again_when_it_ends_is_kept(mutation_of, observer, answering, clock, is_kept):
    """Its overdue collection is off."""
    mutation = mutation_of(gc_time=10, mutation_fn=answering("data", after=25))
    mutation.execute(None)
    await clock.advance(15)
    mutation.add_observer(observer)
    await clock.advance(1000)
    assert is_kept(mutation)
    mutation.remove_observer(observer)
    await clock.advance(10)
    assert not is_kept(mutation)


@pytest.mark.parity("QC-mutationCache-013", "QX-024")
async def test_a_time_of_zero_lets_a_mutation_finish_and_takes_no_loop_to_wait_for_it(
    mutation_of, answering, clock, is_kept
):
    """Its callbacks run; it is gone right after it settled; and no timer asks again and again meanwhile."""
    order = []
    mutation = mutation_of(
        gc_time=0,
        mutation_fn=answering("data", after=10),
        on_success=lambda *_: order.append("on_success"),
        on_settled=lambda *_: order.append("on_settled"),
    )
    mutation.execute(None)
    await clock.advance(5)
    assert clock.pending() == [5]
    assert is_kept(mutation)
    await clock.advance(5)
    await clock.settle()
    assert order == ["on_success", "on_settled"]
    assert not is_kept(mutation)


async def test_a_removed_mutation_sets_no_timer_any_more(client, mutation_of, observer, answering, clock):
    """Neither when it ends nor when its observer leaves."""
    mutation = mutation_of(gc_time=1, mutation_fn=answering("data", after=5))
    mutation.execute(None)
    await clock.advance(2)
    client.get_mutation_cache().remove(mutation)
    mutation.add_observer(observer)
    mutation.remove_observer(observer)
    await clock.advance(3)
    assert mutation.state.status == "success"
    assert client.leaks() == []
