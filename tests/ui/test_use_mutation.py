"""The contract of ``use_mutation``, on a page of every framework."""

from __future__ import annotations

import asyncio

import pytest

from query import ErrorMutationResult, MutationOptions, QueryClient


def status(result):
    """What most components read."""
    return (result.status, result.data, result.variables)


@pytest.fixture
def sleeping(clock):
    """A mutation function that doubles a number after a second, and refuses zero."""

    async def double(number, _):
        await clock.sleep(1)
        if number == 0:
            raise ValueError("zero")
        return number * 2

    return MutationOptions(mutation_fn=double)


async def test_a_mutation_is_followed_from_start_to_end(stage, sleeping, clock):
    """Starting it returns nothing."""
    probe = await stage.mount("use_mutation", lambda _: {"options": sleeping}, status)
    assert probe.result.mutate(21) is None
    await stage.settle()
    await clock.advance(1)
    await stage.settle()
    assert probe.shown == [("idle", None, None), ("pending", None, 21), ("success", 42, 21)]


async def test_a_failure_is_in_the_result_and_nowhere_else(stage, sleeping, clock):
    """Nobody awaits what a button starts; the client's fixture fails if it is reported."""
    probe = await stage.mount("use_mutation", lambda _: {"options": sleeping})
    probe.result.mutate(0)
    await clock.advance(1)
    await stage.settle()
    assert isinstance(probe.result, ErrorMutationResult)
    assert str(probe.result.error) == "zero"


async def test_a_failure_after_the_component_went_is_silent(stage, sleeping, clock):
    """It was started to be forgotten."""
    probe = await stage.mount("use_mutation", lambda _: {"options": sleeping})
    probe.result.mutate(0)
    await stage.unmount(probe)
    await clock.advance(1)
    await stage.settle()
    assert not probe.result.is_error


async def test_mutate_async_returns_the_data(stage, sleeping, clock):
    """Or raises what went wrong."""
    probe = await stage.mount("use_mutation", lambda _: {"options": sleeping})
    good = asyncio.ensure_future(probe.result.mutate_async(21))
    bad = asyncio.ensure_future(probe.result.mutate_async(0))
    await stage.settle()
    await clock.advance(1)
    assert await good == 42
    with pytest.raises(ValueError, match="zero"):
        await bad


async def test_only_the_latest_mutation_is_shown(stage, sleeping, clock):
    """Of several that one component started."""
    probe = await stage.mount("use_mutation", lambda _: {"options": sleeping}, status)
    probe.result.mutate(1)
    probe.result.mutate(2)
    await clock.advance(1)
    await stage.settle()
    assert probe.shown[-1] == ("success", 4, 2)


async def test_reset_forgets_it(stage, sleeping, clock):
    """And is drawn."""
    probe = await stage.mount("use_mutation", lambda _: {"options": sleeping}, status)
    probe.result.mutate(1)
    await clock.advance(1)
    await stage.settle()
    probe.result.reset()
    await stage.settle()
    assert probe.shown[-1] == ("idle", None, None)


async def test_options_of_the_latest_render_count(stage, clock):
    """Callbacks may use what the component knows."""
    heard = []
    probe = await stage.mount(
        "use_mutation",
        lambda name: {
            "options": MutationOptions(
                mutation_fn=lambda value, _: value, on_success=lambda data, *_: heard.append((name, data))
            )
        },
        props="first",
    )
    await stage.rerender(probe, "second")
    probe.result.mutate(1)
    await stage.settle()
    assert heard == [("second", 1)]


async def test_callbacks_of_a_call_are_for_a_component_that_is_there(stage, sleeping, clock):
    """Those of the options are called in any case."""
    heard = []

    def make(_):
        return {"options": sleeping.with_(on_success=lambda *_: heard.append("options"))}

    probe = await stage.mount("use_mutation", make)
    probe.result.mutate(1, on_success=lambda *_: heard.append("call"))
    await clock.advance(1)
    await stage.settle()
    assert heard == ["options", "call"]
    probe.result.mutate(2, on_success=lambda *_: heard.append("call"))
    await stage.unmount(probe)
    await clock.advance(1)
    await stage.settle()
    assert heard == ["options", "call", "options"]


async def test_the_functions_of_a_result_stay_the_same(stage, sleeping, clock):
    """So that what depends on them is not made anew, and one that is kept still works."""
    probe = await stage.mount("use_mutation", lambda _: {"options": sleeping})
    await stage.rerender(probe)
    first, second = probe.results
    assert first is second
    probe.result.mutate(1)
    await stage.settle()
    assert probe.result.mutate is first.mutate
    assert probe.result.mutate_async is first.mutate_async
    await clock.advance(1)


async def test_another_client_has_other_mutations(stage, sleeping, clock):
    """The latest one of the first client is forgotten."""
    other = QueryClient(clock=clock)
    probe = await stage.mount("use_mutation", lambda _: {"options": sleeping}, status)
    probe.result.mutate(1)
    await clock.advance(1)
    await stage.provide(other)
    assert probe.shown[-1] == ("idle", None, None)
    probe.result.mutate(2)
    await clock.advance(1)
    await stage.settle()
    assert probe.shown[-1] == ("success", 4, 2)
    assert len(other.get_mutation_cache().get_all()) == 1
    await stage.unmount(probe)
    await other.aclose()
