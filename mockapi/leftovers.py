"""Tasks that a test starts and does not wait for: what they send belongs to it, too."""

from __future__ import annotations

import asyncio
from typing import Any, TypeAlias

Tasks: TypeAlias = "set[asyncio.Task[Any]]"

# turns of the event loop: enough for a task that need not wait for anything to send its request
_TURNS = 10


def tasks() -> Tasks | None:
    """The tasks of the event loop that runs; None if it is not asyncio's."""
    try:
        return asyncio.all_tasks()
    except RuntimeError:
        return None


async def let_begin(before: Tasks) -> None:
    """Let tasks that a test left behind send what they would send next, while its verdict is open.

    Args:
        before: The tasks that were there before the test, its own among them.
    """
    for _ in range(_TURNS):
        if asyncio.all_tasks() <= before:
            return
        await asyncio.sleep(0)
