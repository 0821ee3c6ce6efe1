"""A page of Flet: a session over a connection that leads nowhere."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

import flet as ft
import ui_pages
from flet.messaging.connection import Connection
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from query.ui import flet as adapter


class NowhereConnection(Connection):
    def __init__(self):
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(1)
        self.pubsubhub = PubSubHub(self.loop, self.executor)

    def send_message(self, message):
        pass

    def dispose(self):
        self.executor.shutdown()


@ft.component
def ProbeView(probe):
    _, change = ft.use_state(0)
    probe.redraw = lambda: change(lambda number: number + 1)
    probe.render(adapter)
    return ft.Text("probe")


class FletPage:
    def __init__(self, client):
        self.state = ((), client, False)
        self.change = None
        self.session = None

    @contextlib.asynccontextmanager
    async def open(self):
        @ft.component
        def Root():
            (probes, client, is_restoring), self.change = ft.use_state(self.state)

            def tree():
                return adapter.IsRestoringProvider(
                    lambda: ft.Column([ProbeView(probe, key=str(id(probe))) for probe in probes]), value=is_restoring
                )

            return tree() if client is None else adapter.QueryClientProvider(tree, client=client)

        self.session = Session(NowhereConnection())
        self.session.attach_connection(self.session.connection)
        self.session.page.render(Root)
        # what a client that connects is sent; only then is the page mounted
        self.session.get_page_patch()
        try:
            yield
        finally:
            self.session.close()
            self.session.connection.dispose()
            await ui_pages.turns()

    def set(self, probes, client, is_restoring):
        self.change((probes, client, is_restoring))

    async def settle(self):
        await ui_pages.turns()
