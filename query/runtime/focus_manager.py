"""Is anyone looking?

Source: focusManager.ts. Differs: no platform probe; a program that knows says so.
"""

from __future__ import annotations

from .platform_signal import PlatformSignal


class FocusManager(PlatformSignal[bool | None]):
    """Knows whether the program has the user's attention and tells its listeners when that changes.

    Args:
        focused: The state to start with; None if nobody has said, which counts as focused.
    """

    def __init__(self, *, focused: bool | None = None) -> None:
        super().__init__()
        self._focused = focused

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

    def _on_platform(self, said: bool | None = None) -> None:
        if said is None:
            self.on_focus()
        else:
            self.set_focused(said)


focus_manager: FocusManager = FocusManager()
"""The process-wide one, used by clients that have none of their own."""
