"""Is there a network?

Source: onlineManager.ts. Differs: no platform probe; a program that knows says so.
"""

from __future__ import annotations

from .platform_signal import PlatformSignal


class OnlineManager(PlatformSignal[bool]):
    """Knows whether there is a network and tells its listeners when that changes.

    Args:
        online: The state to start with.
    """

    def __init__(self, *, online: bool = True) -> None:
        super().__init__()
        self._online = online

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

    def _on_platform(self, said: bool) -> None:
        self.set_online(said)


online_manager: OnlineManager = OnlineManager()
"""The process-wide one, used by clients that have none of their own."""
