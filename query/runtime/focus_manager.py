"""Is anyone looking?

Source: focusManager.ts. Differs: no platform probe; a program that knows says so.
"""

from __future__ import annotations

from collections.abc import Callable

from .subscribable import Subscribable

Setup = Callable[[Callable[[bool | None], None]], Callable[[], None] | None]
"""Gets a function to call with the new state, or None for "it changed"; returns one that stops watching, or None."""


class FocusManager(Subscribable[[bool]]):
    """Knows whether the program has the user's attention and tells its listeners when that changes.

    Args:
        focused: The state to start with; None if nobody has said, which counts as focused.
    """

    def __init__(self, *, focused: bool | None = None) -> None:
        super().__init__()
        self._focused = focused
        self._setup: Setup | None = None
        self._cleanup: Callable[[], None] | None = None

    def is_focused(self) -> bool:
        """Whether anyone looks, as far as anyone said; True if nobody did."""
        return self._focused is not False

    def set_focused(self, focused: bool | None) -> None:
        """Say whether anyone looks; listeners are told if what was *said* changed.

        Args:
            focused: The new state; None takes back what was said.
        """
        if focused is not self._focused:
            self._focused = focused
            self.on_focus()

    def on_focus(self) -> None:
        """Tell the listeners the state, changed or not."""
        self._tell(self.is_focused())

    def set_event_listener(self, setup: Setup) -> None:
        """Watch the platform: from now on by *setup*.

        Args:
            setup: Called at once, and whenever a first listener comes while nothing is watched, with a function
                that takes the new state, or None to only announce. It may return a function that stops watching.
        """
        self._setup = setup
        self._stop()
        self._cleanup = setup(self._on_platform)

    def _on_platform(self, focused: bool | None = None) -> None:
        if focused is None:
            self.on_focus()
        else:
            self.set_focused(focused)

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


focus_manager = FocusManager()
"""The process-wide one, used by clients that have none of their own."""
