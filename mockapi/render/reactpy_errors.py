"""Errors of a ReactPy program. ReactPy catches them all and only logs them; here they are told to their screen."""

from __future__ import annotations

import asyncio
import functools
import logging
import re
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, Self
from weakref import WeakKeyDictionary

from .commits import Commits

_LOGGER = logging.getLogger("reactpy")


class ErrorWatch(logging.Handler):
    """Tells a screen of the errors that its layout logs, and of effects that fail.

    Args:
        layout: The layout.
        commits: The screen to tell.
    """

    def __init__(self, layout: Any, commits: Commits) -> None:
        super().__init__(logging.ERROR)
        self._layout = layout
        self._commits = commits
        self._effects: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    def __enter__(self) -> Self:
        _LOGGER.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        _LOGGER.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of an error, if it is one of this layout.

        Args:
            record: What was logged.
        """
        error = record.exc_info[1] if record.exc_info else None
        if error is None or not record.name.startswith("reactpy.core"):
            return
        frame = self._frame_of_layout()
        if frame is not None:
            self._commits.fail(error, _where(record.getMessage(), frame))

    def watch_effects(self) -> None:
        """Have an eye on effects that began since the last call: else they fail unheard until they are unmounted."""
        states: dict[Any, Any] = getattr(self._layout, "_model_states_by_life_cycle_state_id", {})
        for state in [*states.values()]:
            hook = state.life_cycle_state.hook
            tasks: list[asyncio.Task[None]] = getattr(hook, "_effect_tasks", [])
            component = getattr(state.life_cycle_state.component.type, "__name__", "a component")
            for task in tasks[self._effects.get(hook, 0) :]:
                task.add_done_callback(functools.partial(self._effect_done, component))
            self._effects[hook] = len(tasks)

    def _effect_done(self, component: str, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._commits.fail(error, f"in an effect of {component}")

    def _frame_of_layout(self) -> FrameType | None:
        """The function of this layout that logs."""
        return next((frame for frame in _callers() if frame.f_locals.get("self") is self._layout), None)


def _callers() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _where(message: str, frame: FrameType) -> str:
    rendered = re.match(r"Failed to render (\w+)", message)
    if rendered:
        return f"while {rendered[1]} rendered"
    event = frame.f_locals.get("event")
    if isinstance(event, dict) and "target" in event:
        return f"in the handler of {str(event['target']).rpartition(':')[2]}"
    return f"in ReactPy: {message}"
