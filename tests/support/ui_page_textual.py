"""A page of Textual: an app without a terminal.

A probe is a widget with one declaration. It is drawn when its watcher is called, and when its props are other ones.
"""

from __future__ import annotations

import asyncio
import contextlib

import ui_pages
from textual.app import App
from textual.reactive import reactive
from textual.widgets import Static

from query.ui import textual as adapter

BY_PROPS = ("options", "queries", "filters", "subscribed")
"""What a declaration takes as a function of the widget, and reads again."""


def probe_view(probe):
    """A widget that declares what the probe asks for."""

    def by_props(name):
        return lambda self: probe.make(self.props)[name]

    def combine(self, results):
        return probe.make(self.props)["combine"](results)

    given = probe.make(probe.props)
    arguments = {name: by_props(name) if name in BY_PROPS else value for name, value in given.items()}

    if given.get("combine") is not None:
        arguments["combine"] = combine

    class ProbeView(Static):
        props = reactive(lambda: probe.props, always_update=True, init=False)
        shown = getattr(adapter, probe.hook)(**arguments)

        @property
        def is_watched(self):
            return isinstance(type(self).shown, adapter.Declaration)

        def on_mount(self):
            if not self.is_watched:
                probe.record(self.shown)

        def watch_shown(self, shown):
            probe.record(shown)

    return ProbeView()


class TextualPage:
    def __init__(self, client):
        self.client = client
        self.views = {}
        self.redrawn = {}

    @contextlib.asynccontextmanager
    async def open(self):
        # in a task of its own: what Textual keeps in context variables is taken back where it was set
        opened, closing = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(self.run(opened, closing))
        await opened.wait()
        try:
            yield
        finally:
            closing.set()
            await running

    async def run(self, opened, closing):
        self.restoring = adapter.IsRestoringProvider(value=False)
        has_client = self.client is not None
        self.root = adapter.QueryClientProvider(self.restoring, client=self.client) if has_client else self.restoring
        page = self

        class PageApp(App[None]):
            def compose(self):
                yield page.root

            def _handle_exception(self, error):
                # of the probe that is being mounted
                list(page.views)[-1].errors.append(error)

        async with PageApp().run_test():
            opened.set()
            await closing.wait()

    def set(self, probes, client, is_restoring):
        for probe in [probe for probe in self.views if probe not in probes]:
            self.views.pop(probe).remove()
        if client is not None and client is not self.root.query_client:
            self.root.query_client = client
        if is_restoring is not self.restoring.value:
            self.restoring.value = is_restoring
            self.redrawn.update({probe: probe.renders for probe, view in self.views.items() if not view.is_watched})
        for probe in [probe for probe in probes if probe not in self.views]:
            view = self.views[probe] = probe_view(probe)
            probe.redraw = lambda probe=probe, view=view: self.redraw(probe, view)
            self.restoring.mount(view)

    def redraw(self, probe, view):
        self.redrawn[probe] = probe.renders
        view.props = probe.props

    async def settle(self):
        for view in self.views.values():
            # set at the end of mounting, also if that failed
            await view._mounted_event.wait()
        await ui_pages.turns()
        for probe, renders in self.redrawn.items():
            if probe.renders == renders:
                # a component is drawn again though its result is the same
                probe.record(self.views[probe].shown)
        self.redrawn = {}
