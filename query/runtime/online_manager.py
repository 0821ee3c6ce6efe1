"""Is there a network?

Source: onlineManager.ts. Differs: no platform probe; a program that knows says so.
"""

from __future__ import annotations

from collections.abc import Callable

from .subscribable import Subscribable

Setup = Callable[[Callable[[bool], None]], Callable[[], None] | None]
"""Gets a function to call with the new state; returns one that stops watching, or None."""


class OnlineManager(Subscribable[[bool]]):
    """Knows whether there is a network and tells its listeners when that changes.

    Args:
        online: The state to start with.
    """

    def __init__(self, *, online: bool = True) -> None:
        super().__init__()
        self._online = online
        self._setup: Setup | None = None
        self._cleanup: Callable[[], None] | None = None

    def is_online(self) -> bool:
        """Whether there is a network, as far as anyone said."""
        return self._online

    def set_online(self, online: bool) -> None:
        """Say whether there is a network; listeners are told if that is news.

        Args:
            online: The new state.
        """
        if online is not self._online:
            self._online = online
            self._tell(online)

    def set_event_listener(self, setup: Setup) -> None:
        """Watch the platform: from now on by *setup*.

        Args:
            setup: Called at once, and whenever a first listener comes while nothing is watched, with a function
                that takes the new state. It may return a function that stops watching.
        """
        self._setup = setup
        self._stop()
        self._cleanup = setup(self.set_online)

    def _on_subscribe(self) -> None:
        if self._cleanup is None and self._setup is not None:
            self._cleanup = self._setup(self.set_online)

    def _on_unsubscribe(self) -> None:
        if not self.has_listeners():
            self._stop()

    def _stop(self) -> None:
        cleanup, self._cleanup = self._cleanup, None
        if cleanup is not None:
            cleanup()


online_manager = OnlineManager()
"""The process-wide one, used by clients that have none of their own."""
