"""The callbacks of one call of mutate, and failures that nobody awaits."""

from __future__ import annotations

import asyncio
import gc

import pytest
from client_fixtures import event_text

from query import UNSET, MutationObserver, MutationOptions

Failed = pytest.fail.Exception


@pytest.fixture
def observe(client):
    """Makes an observer with some options."""
    return lambda **options: MutationObserver(client, MutationOptions(**options))


@pytest.fixture
def mutations(client):
    """All mutations of the cache."""
    return client.get_mutation_cache().get_all


# -- the callbacks of one call


@pytest.fixture
def noted():
    """Callbacks for ``mutate`` that note what they are called with, but for the context, and the list of that."""
    calls = []

    def note(name):
        return lambda *args: calls.append((name, *args[:-1]))

    return {name: note(name) for name in ("on_success", "on_error", "on_settled")}, calls


@pytest.mark.parity("QC-mutationObserver-012")
async def test_the_callbacks_of_a_call_run_after_a_success(observe, watch, answering, noted):
    """Success first, then settled."""
    callbacks, calls = noted
    observer = observe(mutation_fn=answering("data"), on_mutate=lambda *_: "kept")
    watch(observer)
    await observer.mutate("variables", **callbacks)
    assert calls == [
        ("on_success", "data", "variables", "kept"),
        ("on_settled", "data", None, "variables", "kept"),
    ]


@pytest.mark.parity("QC-mutationObserver-013")
async def test_the_callbacks_of_a_call_run_after_a_failure(observe, watch, answering, noted):
    """Error first, then settled, without data."""
    callbacks, calls = noted
    error = ValueError("failed")
    observer = observe(mutation_fn=answering(error), on_mutate=lambda *_: "kept")
    watch(observer)
    with pytest.raises(ValueError, match="failed"):
        await observer.mutate("variables", **callbacks)
    assert calls == [
        ("on_error", error, "variables", "kept"),
        ("on_settled", UNSET, error, "variables", "kept"),
    ]


async def test_callbacks_are_told_for_whom_they_run(client, observe, watch, answering):
    """Client, meta and key."""
    contexts = []
    observer = observe(mutation_fn=answering("data"), mutation_key=["add"], meta={"a": 1})
    watch(observer)
    await observer.mutate(None, on_success=lambda data, variables, kept, context: contexts.append(context))
    (context,) = contexts
    assert (context.client, context.meta, context.mutation_key) == (client, {"a": 1}, ("add",))


@pytest.mark.parity("QC-mutations-008", "QC-mutations-009")
async def test_without_listeners_the_callbacks_of_a_call_do_not_run(observe, answering, noted):
    """Who called has gone."""
    callbacks, calls = noted
    await observe(mutation_fn=answering("data")).mutate(None, **callbacks)
    assert calls == []


async def test_only_the_latest_call_has_its_callbacks_run(observe, watch, answering, clock, noted):
    """Those of the options run for each."""
    callbacks, calls = noted
    every = []
    observer = observe(
        mutation_fn=answering("first", "second", after=1), on_success=lambda data, *_: every.append(data)
    )
    watch(observer)
    observer.mutate(1, **callbacks)
    observer.mutate(2, **callbacks)
    await clock.advance(1)
    assert every == ["first", "second"]
    assert calls == [("on_success", "second", 2, None), ("on_settled", "second", None, 2, None)]


async def test_a_callback_that_calls_again_does_not_hand_its_run_to_the_next(observe, watch, answering, clock):
    """What settles is the first; the second settles by its own callback."""
    settled = []
    observer = observe(mutation_fn=answering("first", "second"))
    watch(observer)

    def again(*_):
        observer.mutate(2, on_settled=lambda data, *_: settled.append(("second's", data)))

    await observer.mutate(1, on_success=again, on_settled=lambda data, *_: settled.append(("first's", data)))
    await clock.settle()
    assert settled == [("first's", "first"), ("second's", "second")]


@pytest.mark.parity("QC-mutationObserver-014", "QC-mutationObserver-015")
@pytest.mark.parametrize(
    ("answer", "names"), [("data", ["on_success", "on_settled"]), (ValueError(), ["on_error", "on_settled"])]
)
async def test_callbacks_that_raise_are_reported_and_keep_nobody_from_being_told(
    observe, watch, answering, reported, answer, names
):
    """In order; the outcome stays what it is."""
    observer = observe(mutation_fn=answering(answer))
    told = watch(observer)
    handle = observer.mutate(None, **{name: lambda *_: 1 / 0 for name in names})
    await asyncio.gather(handle, return_exceptions=True)
    assert handle.exception() is (answer if answer != "data" else None)
    assert told[-1].status == ("success" if answer == "data" else "error")
    assert [context["message"] for context in reported] == [f"{name} given to mutate raised" for name in names]
    reported.clear()


async def test_async_callbacks_of_a_call_run_without_being_waited_for(observe, watch, answering, clock, reported):
    """Their first step at once; what they raise is reported."""
    order = []

    async def on_success(*_):
        order.append("begun")
        await clock.sleep(1)
        order.append("done")
        raise ValueError("late")

    observer = observe(mutation_fn=answering("data"))
    watch(observer)
    await observer.mutate(None, on_success=on_success, on_settled=lambda *_: order.append("settled"))
    assert order == ["begun", "settled"]
    await clock.advance(1)
    assert order[-1] == "done"
    assert [context["message"] for context in reported] == ["on_success given to mutate raised"]
    reported.clear()


@pytest.mark.parametrize("name", ["on_success", "on_settled"])
async def test_a_test_that_fails_in_a_callback_reaches_who_waits(observe, watch, answering, name):
    """It is no mere mistake of a callback, to be reported."""
    observer = observe(mutation_fn=answering("data"))
    watch(observer)
    with pytest.raises(Failed, match="for the test"):
        await observer.mutate(None, **{name: lambda *_: pytest.fail("for the test")})


# -- failures that nobody awaits


async def test_a_failure_that_a_listener_sees_is_no_news(observe, watch, answering, clock, reported):
    """asyncio is not left to complain that nobody looked."""
    told = watch(observer := observe(mutation_fn=answering(ValueError("failed"))))
    observer.mutate(None)
    await clock.settle()
    assert told[-1].is_error
    gc.collect()
    assert reported == []


async def test_a_failure_that_nobody_sees_is_not_lost(observe, clock, reported):
    """A lost write is worth a complaint."""

    def mutation_fn(variables, context):
        raise ValueError("unseen")

    observe(mutation_fn=mutation_fn).mutate(None)
    await clock.settle()
    gc.collect()
    assert [str(context["exception"]) for context in reported] == ["unseen"]
    reported.clear()


async def test_a_listener_that_raises_harms_nobody(observe, watch, answering, reported):
    """The write succeeds, and the others are told."""
    observer = observe(mutation_fn=answering("data"))
    unsubscribe = observer.subscribe(lambda result: 1 / 0)
    told = watch(observer)
    assert await observer.mutate(None) == "data"
    assert told[-1].is_success
    assert len(reported) == 2
    reported.clear()
    unsubscribe()


async def test_the_events_name_the_observer(client, observe, watch, answering):
    """It comes with each mutation, and leaves with the next."""
    events = []
    client.get_mutation_cache().subscribe(
        lambda event: event.observer is not None and events.append((event_text(event), event.observer))
    )
    observer = observe(mutation_fn=answering("data"))
    watch(observer)
    await observer.mutate(1)
    await observer.mutate(2)
    assert events == [
        ("observer_options_updated", observer),
        ("observer_added", observer),
        ("observer_removed", observer),
        ("observer_added", observer),
    ]
