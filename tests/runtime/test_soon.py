"""Something for the next turn of the loop: as ``loop.call_soon`` does it, by another way."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar

import pytest

from query.runtime.soon import call_soon

NAME: ContextVar[str] = ContextVar("NAME", default="nobody")


class UsualLoop(asyncio.SelectorEventLoop):
    """One that notes what it is asked for."""

    def call_soon(self, callback, *args, context=None):
        self.asked = [*getattr(self, "asked", []), callback]
        return super().call_soon(callback, *args, context=context)


def by_the_loop(loop, callback, argument):
    loop.call_soon(callback, argument)


WAYS = [call_soon, by_the_loop]


@pytest.mark.parametrize("soon", WAYS)
async def test_what_is_asked_for_first_is_called_first(soon):
    """On the next turn, among what the loop was asked for itself; not before."""
    loop, calls = asyncio.get_running_loop(), []
    loop.call_soon(calls.append, 1)
    soon(loop, calls.append, 2)
    loop.call_soon(calls.append, 3)
    soon(loop, lambda number: soon(loop, calls.append, number), 4)
    assert calls == []
    await asyncio.sleep(0)
    assert calls == [1, 2, 3]
    await asyncio.sleep(0)
    assert calls == [1, 2, 3, 4]


@pytest.mark.parametrize("soon", WAYS)
async def test_it_runs_in_the_context_of_who_asked(soon):
    """A copy: what it sets is its own."""
    loop, seen = asyncio.get_running_loop(), []

    def look(_):
        seen.append(NAME.get())
        NAME.set("changed")

    token = NAME.set("asked")
    soon(loop, look, None)
    NAME.reset(token)
    await asyncio.sleep(0)
    assert (seen, NAME.get()) == (["asked"], "nobody")


@pytest.mark.parametrize("soon", WAYS)
async def test_what_it_raises_goes_to_the_handler_of_the_loop(soon):
    """And the next one is called."""
    loop, told, calls = asyncio.get_running_loop(), [], []
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
    error = ValueError("no")

    def fail(_):
        raise error

    soon(loop, fail, None)
    soon(loop, calls.append, 1)
    await asyncio.sleep(0)
    assert (told, calls) == ([error], [1])


@pytest.mark.parametrize("soon", WAYS)
def test_an_exit_ends_the_loop(soon):
    """It is nobody's failure."""

    def leave(_):
        raise SystemExit(3)

    async def main():
        soon(asyncio.get_running_loop(), leave, None)
        await asyncio.sleep(0)

    with pytest.raises(SystemExit):
        asyncio.run(main())


def test_a_loop_of_another_class_is_asked():
    """Whatever is next to it."""

    async def main():
        calls, loop = [], asyncio.get_running_loop()
        call_soon(loop, calls.append, 1)
        await asyncio.sleep(0)
        return calls, calls.append in loop.asked

    with asyncio.Runner(loop_factory=UsualLoop) as runner:
        assert runner.run(main()) == ([1], True)


async def test_a_loop_that_debugs_is_asked():
    """It notes who asked for what."""
    loop, calls = asyncio.get_running_loop(), []
    loop.set_debug(True)
    try:
        call_soon(loop, calls.append, 1)
        handle = loop._ready[-1]
    finally:
        loop.set_debug(False)
    await asyncio.sleep(0)
    assert (type(handle), calls) == (asyncio.Handle, [1])


async def test_what_fails_is_named_in_the_message():
    """With its argument."""
    loop, told = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _, context: told.append(context["message"]))

    def fail(_):
        raise ValueError("no")

    call_soon(loop, fail, "this one")
    await asyncio.sleep(0)
    [message] = told
    assert "fail at" in message
    assert "this one" in message
