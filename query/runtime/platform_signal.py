"""A signal of the outside world that the platform may be watched for: focus, network.

Source: focusManager.ts and onlineManager.ts, the parts that they share.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from .subscribable import Subscribable

SaidT = TypeVar("SaidT")
"""What the platform may say."""


class PlatformSignal(Subscribable[[bool]], Generic[SaidT]):
    """Tells its listeners a state, and watches the platform while anyone listens."""

    def __init__(self) -> None:
        super().__init__()
        self._setup: Callable[[Callable[[SaidT], None]], Callable[[], None] | None] | None = None
        self._cleanup: Callable[[], None] | None = None

    def set_event_listener(self, setup: Callable[[Callable[[SaidT], None]], Callable[[], None] | None]) -> None:
        """Watch the platform: from now on by *setup*.

        Args:
            setup: Called at once, and whenever a first listener comes while nothing is watched, with a function to
                call with the new state. It may return a function that stops watching.
        """
        self._setup = setup
        self._stop()
        self._cleanup = setup(self._on_platform)

    def _on_platform(self, said: SaidT) -> None:
        """The platform says something."""
        raise NotImplementedError

    def _on_subscribe(self) -> None:
        if self._cleanup is None and self._setup is not None:
            self._cleanup = self._setup(self._on_platform)

    def _on_unsubscribe(self) -> None:
        if not self.has_listeners():
            self._stop()

    def _stop(self) -> None:
        cleanup, self._cleanup = self._cleanup, None
        if cleanup is not None:
            cleanup()
