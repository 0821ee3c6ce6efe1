"""Pages to mount hooks on, one kind for each framework: what the contract suite in tests/ui runs against.

A page is a real tree of its framework with a ``QueryClientProvider`` at the root. A ``Probe`` on it is a component that
calls one hook and writes down what it was given at each render. To add a framework, write a page with the four methods
of ``Page`` in a file of its own, and a line in ``PAGES``.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Protocol

PAGES = {
    "flet": "ui_page_flet:FletPage",
    "reactpy": "ui_page_reactpy:ReactPyPage",
    "textual": "ui_page_textual:TextualPage",
}
"""Where the page of each framework is: file and class."""

TURNS = 30
"""Turns of the loop within which a framework has drawn what is due."""


class Probe:
    """A component that calls one hook.

    Args:
        hook: The name of the hook, such as ``"use_query"``.
        make: Its arguments, by name, from the present ``props``.
        read: What the component reads of the hook's result at each render.
        props: What *make* is called with, until others are given.

    Attributes:
        shown: What was read, render by render.
        results: What the hook returned, render by render.
        errors: What it raised.
        redraw: Renders the component again; set by the page.
    """

    def __init__(self, hook: str, make: Callable[[Any], Mapping[str, Any]], read: Callable[[Any], Any], props: Any):
        self.hook = hook
        self.make = make
        self.read = read
        self.props = props
        self.shown: list[Any] = []
        self.results: list[Any] = []
        self.errors: list[Exception] = []
        self.redraw: Callable[[], object] = lambda: None

    @property
    def result(self) -> Any:
        """What the hook returned last."""
        return self.results[-1]

    @property
    def renders(self) -> int:
        """How often the component was drawn."""
        return len(self.results) + len(self.errors)

    def render(self, hooks: Any) -> None:
        """Call the hook; what a component does while it renders.

        Args:
            hooks: What has the hooks by name: the module of the adapter.
        """
        try:
            result = getattr(hooks, self.hook)(**self.make(self.props))
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.errors.append(error)
        else:
            self.record(result)

    def record(self, result: Any) -> None:
        """Write down what was drawn.

        Args:
            result: What the hook returned.
        """
        self.results.append(result)
        self.shown.append(self.read(result))


class Page(Protocol):
    """A tree of a framework."""

    def __init__(self, client: Any) -> None:
        """A page of a client; with None there is no provider."""
        ...

    def open(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Render the page, and take it down after the block."""
        ...

    def set(self, probes: tuple[Probe, ...], client: Any, is_restoring: bool) -> None:
        """Have these probes on the page, and this client at its root, with the next render."""
        ...

    async def settle(self) -> None:
        """Let the framework draw what is due."""
        ...


class Stage:
    """A page as tests use it."""

    def __init__(self, page: Page, client: Any) -> None:
        self.page = page
        self.client = client
        self.is_restoring = False
        self.probes: tuple[Probe, ...] = ()

    async def mount(
        self,
        hook: str,
        make: Callable[[Any], Mapping[str, Any]],
        read: Callable[[Any], Any] = lambda result: result,
        props: Any = None,
    ) -> Probe:
        """Put a component on the page, and wait until it is drawn."""
        probe = Probe(hook, make, read, props)
        self.probes = (*self.probes, probe)
        await self.apply()
        return probe

    async def unmount(self, *probes: Probe) -> None:
        """Take components off the page."""
        self.probes = tuple(probe for probe in self.probes if probe not in probes)
        await self.apply()

    async def rerender(self, probe: Probe, props: Any = None) -> None:
        """Draw a component again, with other props."""
        probe.props = props
        probe.redraw()
        await self.settle()

    async def provide(self, client: Any) -> None:
        """Give another client to all."""
        self.client = client
        await self.apply()

    async def restore(self, is_restoring: bool) -> None:
        """Say whether a stored cache is being restored."""
        self.is_restoring = is_restoring
        await self.apply()

    async def apply(self) -> None:
        self.page.set(self.probes, self.client, self.is_restoring)
        await self.settle()

    async def settle(self) -> None:
        """Let everybody draw what is due."""
        await self.page.settle()


@contextlib.asynccontextmanager
async def staged(framework: str, client: Any) -> AsyncIterator[Stage]:
    """A page of a framework.

    Args:
        framework: One of ``PAGES``.
        client: The client at its root; None for no provider.
    """
    module, _, name = PAGES[framework].partition(":")
    page = getattr(importlib.import_module(module), name)(client)
    async with page.open():
        await page.settle()
        yield Stage(page, client)


async def turns(number: int = TURNS) -> None:
    """Let the loop take turns.

    Args:
        number: How many.
    """
    for _ in range(number):
        await asyncio.sleep(0)
