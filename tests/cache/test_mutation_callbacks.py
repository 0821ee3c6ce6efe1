"""The callbacks of a mutation: their order, what they are given, and what happens when they raise."""

from __future__ import annotations

import asyncio

import pytest

from query import (
    UNSET,
    MutationCache,
    MutationOptions,
    QueryClient,
)


@pytest.fixture
def order():
    """Who was called, one after the other."""
    return []


def noting(order, name, result=None, clock=None, raises=None):
    """A callback that notes its name, waits if there is a clock, and notes its end; or raises."""

    async def callback(*args):
        order.append(name)
        if clock is not None:
            await clock.sleep(1)
            order.append(f"{name} done")
        if raises is not None:
            raise raises
        return result

    return callback


@pytest.fixture
async def mutations(clock, order):
    """Makes the mutation cache of a client; the callbacks of cache and options note their names."""
    clients = []

    def make(clock_of_callbacks=None, **cache_callbacks):
        names = ("on_mutate", "on_success", "on_error", "on_settled")
        noted = {name: noting(order, f"cache.{name}", clock=clock_of_callbacks) for name in names}
        cache = MutationCache(**{**noted, **cache_callbacks})
        client = QueryClient(mutation_cache=cache, clock=clock)
        clients.append(client)

        def build(**options):
            noted = {name: noting(order, name, clock=clock_of_callbacks) for name in names}
            return cache.build(client, MutationOptions(**{**noted, **options}))

        return build

    yield make
    for client in clients:
        await client.aclose()


# -- the order of callbacks


@pytest.mark.parity("QC-mutationCache-004", "QC-mutationCache-006", "QC-mutations-015")
async def test_a_success_calls_the_caches_callback_before_the_options_one_each_time(mutations, order, answering, clock):
    """Strictly one after the other: each is awaited."""
    mutation = mutations(clock)(mutation_fn=noting(order, "mutation_fn", "data"))
    handle = mutation.execute(None)
    await clock.advance(60)
    assert await handle == "data"
    assert order == [
        "cache.on_mutate",
        "cache.on_mutate done",
        "on_mutate",
        "on_mutate done",
        "mutation_fn",
        "cache.on_success",
        "cache.on_success done",
        "on_success",
        "on_success done",
        "cache.on_settled",
        "cache.on_settled done",
        "on_settled",
        "on_settled done",
    ]


@pytest.mark.parity("QC-mutationCache-002", "QC-mutations-018")
async def test_a_failure_calls_the_caches_callback_before_the_options_one_each_time(mutations, order, clock):
    """Strictly one after the other; the original error is what the caller gets."""
    error = ValueError("failed")
    mutation = mutations(clock)(mutation_fn=noting(order, "mutation_fn", raises=error))
    handle = mutation.execute(None)
    await clock.advance(60)
    with pytest.raises(ValueError, match="failed") as caught:
        await handle
    assert caught.value is error
    assert [name for name in order if "done" not in name] == [
        "cache.on_mutate",
        "on_mutate",
        "mutation_fn",
        "cache.on_error",
        "on_error",
        "cache.on_settled",
        "on_settled",
    ]
    assert order.index("on_error done") < order.index("cache.on_settled")


@pytest.mark.parity("QC-mutationCache-001", "QC-mutationCache-003", "QC-mutationCache-005")
async def test_callbacks_are_given_what_the_run_knows(clock, answering):
    """The cache's get the mutation as well; data is UNSET after a failure, the error None after a success."""
    calls = []

    def note(name):
        return lambda *args: calls.append((name, *args[:-1])) or "kept"

    names = ("on_mutate", "on_success", "on_error", "on_settled")
    cache = MutationCache(**{name: note(f"cache.{name}") for name in names})
    error = ValueError("failed")
    async with QueryClient(mutation_cache=cache, clock=clock) as client:
        options = MutationOptions(mutation_fn=answering("data", error), **{name: note(name) for name in names})
        first, second = cache.build(client, options), cache.build(client, options)
        await first.execute(1)
        with pytest.raises(ValueError, match="failed"):
            await second.execute(2)
    assert calls == [
        ("cache.on_mutate", 1, first),
        ("on_mutate", 1),
        ("cache.on_success", "data", 1, "kept", first),
        ("on_success", "data", 1, "kept"),
        ("cache.on_settled", "data", None, 1, "kept", first),
        ("on_settled", "data", None, 1, "kept"),
        ("cache.on_mutate", 2, second),
        ("on_mutate", 2),
        ("cache.on_error", error, 2, "kept", second),
        ("on_error", error, 2, "kept"),
        ("cache.on_settled", UNSET, error, 2, "kept", second),
        ("on_settled", UNSET, error, 2, "kept"),
    ]


@pytest.mark.parity("QC-mutationCache-007")
async def test_a_plain_on_mutate_is_called_inside_the_call(mutation_of, answering, order):
    """An optimistic write is there at once, as long as the cache has no on_mutate of its own to await first."""
    mutation = mutation_of(mutation_fn=answering("data"), on_mutate=lambda *_: order.append("on_mutate"))
    handle = mutation.execute(None)
    assert order == ["on_mutate"]
    await handle


@pytest.mark.parity("QC-mutationCache-005")
async def test_the_caches_plain_on_mutate_is_called_inside_the_call(mutations, answering, order):
    """Pending by then."""
    mutation = mutations(on_mutate=lambda variables, mutation, context: order.append(mutation.state.status))(
        mutation_fn=answering("data")
    )
    handle = mutation.execute(None)
    assert order[0] == "pending"
    await handle


@pytest.mark.parity("QX-022")
async def test_the_status_is_pending_during_the_success_callbacks(mutation_of, answering):
    """The success is told when they are done: they may still fail."""
    seen = []
    mutation = mutation_of(
        mutation_fn=answering("data"),
        on_success=lambda *_: seen.append(mutation.state.status),
        on_settled=lambda *_: seen.append(mutation.state.status),
    )
    await mutation.execute(None)
    assert seen == ["pending", "pending"]


@pytest.mark.parity("QC-mutations-016")
async def test_a_callback_may_return_several_things_to_await(mutation_of, answering, clock, order):
    """They are awaited before the next phase."""
    mutation = mutation_of(
        mutation_fn=answering("data"),
        on_success=lambda *_: asyncio.gather(noting(order, "a", clock=clock)(), noting(order, "b", clock=clock)()),
        on_settled=lambda *_: order.append("on_settled"),
    )
    handle = mutation.execute(None)
    await clock.advance(1)
    await handle
    assert order == ["a", "b", "a done", "b done", "on_settled"]


@pytest.mark.parity("QC-mutations-010")
async def test_callbacks_are_looked_up_when_their_turn_comes(mutation_of, answering, clock, order):
    """Options that are changed during the run win."""
    write = answering("data", after=1)
    mutation = mutation_of(mutation_fn=write, on_success=noting(order, "old"))
    handle = mutation.execute(None)
    await clock.settle()
    mutation.set_options(
        MutationOptions(mutation_fn=write, on_success=noting(order, "new"), on_settled=noting(order, "settled"))
    )
    await clock.advance(1)
    await handle
    assert order == ["new", "settled"]


# -- callbacks that raise


@pytest.mark.parity("QC-mutations-019")
async def test_a_cache_on_success_that_raises_makes_the_run_fail(mutations, order, answering):
    """The options' on_success is skipped; the error callbacks run."""
    error = ValueError("from the cache")
    mutation = mutations(on_success=noting(order, "cache.on_success", raises=error))(mutation_fn=answering("data"))
    with pytest.raises(ValueError, match="from the cache"):
        await mutation.execute(None)
    assert order[2:] == ["cache.on_success", "cache.on_error", "on_error", "cache.on_settled", "on_settled"]
    assert (mutation.state.status, mutation.state.error) == ("error", error)


@pytest.mark.parity("QC-mutations-020")
async def test_an_on_success_that_raises_makes_the_run_fail(mutations, order, answering):
    """Its error is the mutation's."""
    mutation = mutations()(mutation_fn=answering("data"), on_success=noting(order, "on_success", raises=ValueError()))
    with pytest.raises(ValueError):
        await mutation.execute(None)
    assert order[2:] == [
        "cache.on_success",
        "on_success",
        "cache.on_error",
        "on_error",
        "cache.on_settled",
        "on_settled",
    ]


@pytest.mark.parity("QC-mutations-021", "QC-mutations-022", "QX-022")
async def test_an_on_settled_that_raises_after_a_success_is_called_again(mutations, order, answering, reported):
    """The run has failed by it; its second error is reported and masks nothing."""
    errors = [ValueError("first"), ValueError("second")]

    def on_settled(*_):
        order.append("on_settled")
        raise errors[order.count("on_settled") - 1]

    mutation = mutations()(mutation_fn=answering("data"), on_settled=on_settled)
    with pytest.raises(ValueError, match="first"):
        await mutation.execute(None)
    assert order.count("on_settled") == 2
    assert mutation.state.error is errors[0]
    assert [context["exception"] for context in reported] == [errors[1]]


@pytest.mark.parity("QC-mutations-021")
async def test_a_cache_on_settled_that_raises_after_a_success_is_called_again(mutations, order, answering, reported):
    """Just like the options' one, which runs after the failure only."""
    error = ValueError("settled")
    mutation = mutations(on_settled=noting(order, "cache.on_settled", raises=error))(mutation_fn=answering("data"))
    with pytest.raises(ValueError, match="settled"):
        await mutation.execute(None)
    assert order[4:] == ["cache.on_settled", "cache.on_error", "on_error", "cache.on_settled", "on_settled"]
    assert [context["message"] for context in reported] == ["on_settled of the mutation cache raised"]


@pytest.mark.parity("QC-mutations-023")
async def test_the_first_error_is_the_mutations_whatever_the_callbacks_raise_then(mutations, order, reported):
    """Each is reported, in order, and the next is called all the same."""
    first = ValueError("on_mutate")
    raising = {name: noting(order, name, raises=RuntimeError(name)) for name in ("on_error", "on_settled")}
    cached = {name: noting(order, f"cache.{name}", raises=RuntimeError(f"cache.{name}")) for name in raising}
    mutation = mutations(**cached)(
        mutation_fn=lambda *_: pytest.fail("called"), on_mutate=noting(order, "on_mutate", raises=first), **raising
    )
    with pytest.raises(ValueError, match="on_mutate") as caught:
        await mutation.execute(None)
    assert caught.value is first
    assert [str(context["exception"]) for context in reported] == [
        "cache.on_error",
        "on_error",
        "cache.on_settled",
        "on_settled",
    ]
    assert [context["message"] for context in reported] == [
        "on_error of the mutation cache raised",
        "on_error of a mutation raised",
        "on_settled of the mutation cache raised",
        "on_settled of a mutation raised",
    ]
