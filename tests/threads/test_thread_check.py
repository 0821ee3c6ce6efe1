"""In asyncio's debug mode a client refuses to be used from another thread than that of its loop."""

from __future__ import annotations

import asyncio

import pytest

from query import LoopError, QueryClient, QueryOptions

REFUSED = "used from another thread .* Use client.threadsafe there"


class Mine(QueryClient):
    """A client of a user."""

    def mine(self):
        """A method of it."""
        return "mine"


def run(main, *, debug):
    """Give a client that is bound to its loop to *main*."""

    async def inside():
        async with Mine() as client:
            return await main(client)

    return asyncio.run(inside(), debug=debug)


@pytest.mark.parametrize("call", [lambda c: c.get_query_data((1,)), lambda c: c.mine(), lambda c: c.clear()])
def test_another_thread_is_refused_in_debug_mode(call):
    """Every public method, also those of a class that users derive."""

    async def main(client):
        with pytest.raises(LoopError, match=REFUSED):
            await asyncio.to_thread(call, client)

    run(main, debug=True)


def test_the_loop_and_threadsafe_are_allowed_in_debug_mode():
    """What is right stays right, and the class goes by its name."""

    async def main(client):
        assert client.mine() == "mine"
        options = QueryOptions(query_key=(1,), query_fn=lambda context: 1)
        assert await client.query(options) == 1
        assert await asyncio.to_thread(client.threadsafe.get_query_data, (1,)) == 1
        assert isinstance(client, Mine)
        assert type(client).__qualname__ == "Mine"
        return client

    client = run(main, debug=True)
    assert client.get_query_data((1,)) == 1
    assert client.discard() == []


def test_a_client_may_be_bound_in_debug_mode_more_than_once():
    """Loop after loop."""
    client = Mine()

    async def use():
        async with client:
            return client.mine()

    assert [asyncio.run(use(), debug=True), asyncio.run(use(), debug=True)] == ["mine", "mine"]


def test_without_debug_mode_nothing_is_looked_at():
    """The class is the user's own, and a data method answers in any thread."""

    async def main(client):
        assert type(client) is Mine
        assert await asyncio.to_thread(client.get_query_data, (1,)) is None

    run(main, debug=False)


@pytest.mark.parametrize("debug", [False, True])
def test_a_fetch_from_another_thread_is_refused_in_any_mode(debug):
    """It needs the loop; the error names threadsafe."""

    async def main(client):
        with pytest.raises(LoopError, match=REFUSED):
            await asyncio.to_thread(client.query, QueryOptions(query_key=(1,), query_fn=lambda context: 1))

    run(main, debug=debug)
