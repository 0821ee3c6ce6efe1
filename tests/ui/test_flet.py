"""What Flet does in its own way, and the adapter makes up for."""

from __future__ import annotations

import contextvars

from ui_pages import staged

from query import QueryOptions


async def test_two_sessions_are_drawn_by_a_write_of_one(client, key):
    """Each by its own page, though the task that writes belongs to one of them, or to none."""
    client.set_query_data(key, 0)
    make = {"options": QueryOptions(query_key=key, enabled=False)}
    async with staged("flet", client) as one, staged("flet", client) as other:
        probes = [await stage.mount("use_query", lambda _: make, lambda result: result.data) for stage in (one, other)]
        contextvars.Context().run(client.set_query_data, key, 1)
        await one.settle()
        assert [probe.shown for probe in probes] == [[0, 1], [0, 1]]
        client.set_query_data(key, 2)
        await one.settle()
        assert [probe.shown for probe in probes] == [[0, 1, 2], [0, 1, 2]]
