"""A page of ReactPy: a layout in this process, without a server."""

from __future__ import annotations

import asyncio
import contextlib

import reactpy
import ui_pages
from reactpy.core.layout import Layout

from query.ui import reactpy as adapter


@reactpy.component
def ProbeView(probe):
    _, change = reactpy.use_state(0)
    probe.redraw = lambda: change(lambda number: number + 1)
    probe.render(adapter)
    return reactpy.html.span("probe")


class ReactPyPage:
    def __init__(self, client):
        self.state = ((), client, False)
        self.change = None

    @contextlib.asynccontextmanager
    async def open(self):
        @reactpy.component
        def Root():
            (probes, client, is_restoring), self.change = reactpy.use_state(self.state)
            tree = adapter.IsRestoringProvider(
                *[ProbeView(probe, key=str(id(probe))) for probe in probes], value=is_restoring
            )
            return tree if client is None else adapter.QueryClientProvider(tree, client=client)

        async with Layout(Root()) as layout:
            await layout.render()

            async def pump():
                while True:
                    await layout.render()

            drawing = asyncio.create_task(pump())
            try:
                yield
            finally:
                drawing.cancel()
                await asyncio.gather(drawing, return_exceptions=True)

    def set(self, probes, client, is_restoring):
        self.change((probes, client, is_restoring))

    async def settle(self):
        await ui_pages.turns()
