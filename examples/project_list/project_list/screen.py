"""What is shown: the list of projects as lines of text, kept up to date."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from query import Handle, MutationObserver, QueryClient, QueryObserver

from .api import UNSAVED, create_project_options, projects_options, reason
from .backend_types import Project


class ProjectListScreen:
    """Follows the list of projects from ``with`` to the end of its block.

    Args:
        client: The query client.
        owner: Show only this owner's projects.
        on_change: Called whenever there may be something new to show.
    """

    def __init__(
        self, client: QueryClient, *, owner: str | None = None, on_change: Callable[[], object] | None = None
    ) -> None:
        options = projects_options(owner=owner)
        self._projects = QueryObserver(client, options)
        self._create = MutationObserver(client, create_project_options(options))
        self._on_change = on_change
        self._changed = asyncio.Event()
        self._unsubscribe: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        self._unsubscribe = [self._projects.subscribe(self._tell), self._create.subscribe(self._tell)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _tell(self, result: object) -> None:
        self._changed.set()
        if self._on_change is not None:
            self._on_change()

    # -- what it shows

    @property
    def lines(self) -> list[str]:
        """The text, a line each."""
        return [*self._project_lines(), *self._create_lines()]

    def _project_lines(self) -> list[str]:
        result = self._projects.get_current_result()
        if result.is_loading_error:
            return [f"Could not load the projects: {reason(result.error)}"]
        if result.is_pending:
            return ["Waiting for the network ..." if result.is_paused else "Loading ..."]
        rows = [f"- {row['name']}{' (saving)' if row['id'] == UNSAVED else ''}" for row in result.data or ()]
        if result.is_refetch_error:
            rows.append(f"This may be old: {reason(result.error)}")
        return rows or ["No projects yet."]

    def _create_lines(self) -> list[str]:
        result = self._create.get_current_result()
        if result.variables is None or not result.is_error:
            return []
        return [f"Could not create {result.variables['name']!r}: {reason(result.error)}"]

    @property
    def failed(self) -> bool:
        """Whether the list could not be loaded the last time."""
        return self._projects.get_current_result().is_error

    # -- what it does

    def create(self, name: str) -> Handle[Project]:
        """Create a project. Done, or failed with a ``RequestError``, when the list has been fetched again.

        Args:
            name: Its name.
        """
        return self._create.mutate({"name": name})

    async def refetch(self) -> None:
        """Fetch the list again, also if it is fresh."""
        await self._projects.refetch()

    async def wait_until(self, condition: Callable[[Self], bool]) -> None:
        """Return when *condition* is true of this screen.

        Args:
            condition: Asked now and after each change.
        """
        while not condition(self):
            self._changed.clear()
            await self._changed.wait()

    async def loaded(self) -> None:
        """Return when the list is there, or could not be loaded."""
        await self.wait_until(lambda screen: not screen._projects.get_current_result().is_pending)
