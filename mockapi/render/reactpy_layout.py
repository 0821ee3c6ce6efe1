"""A ReactPy layout that renders one component after the other, in the order in which they asked for it.

ReactPy's own renders in tasks of its own and hands on whichever is done, of several in any order: a screen that does
not fetch each update at once ends up with an old one. Here nothing is rendered before the update before it was fetched,
so each state is on the screen once, and what a hook returned last is what the screen shows.
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

from reactpy.core.layout import Layout


class OrderedLayout(Layout):
    """A layout with that order. ``render`` is to be awaited by one task alone.

    Args:
        root: The root component.
    """

    async def __aenter__(self) -> Self:
        self._due: dict[Any, None] = {}
        self._has_due = asyncio.Event()
        await super().__aenter__()
        return self

    async def render(self) -> Any:
        """The next update, rendered now."""
        while True:
            if not self._due:
                self._has_due.clear()
                await self._has_due.wait()
            due = next(iter(self._due))
            del self._due[due]
            state = self._model_states_by_life_cycle_state_id.get(due)
            if state is None:
                # it was unmounted
                continue
            return await self._create_layout_update(state)

    def _schedule_render_task(self, lcs_id: Any) -> None:
        self._due[lcs_id] = None
        self._has_due.set()

    async def _render_component(
        self, exit_stack: Any, old_state: Any, parent: Any, index: int, key: Any, component: Any
    ) -> Any:
        if old_state is not None and old_state.is_component_state:
            # rendered with the component around it, so it is due no more
            self._due.pop(old_state.life_cycle_state.id, None)
        return await super()._render_component(exit_stack, old_state, parent, index, key, component)
