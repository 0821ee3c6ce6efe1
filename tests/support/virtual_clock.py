"""The clock of these tests: the one of the plugin, with what they look at most."""

from __future__ import annotations

import mockapi


class VirtualClock(mockapi.VirtualClock):
    """A ``mockapi.VirtualClock`` that is attached to no loop."""

    def pending(self):
        """Seconds from now to each timer that is set, soonest first."""
        return [wait for wait, _ in self.pending_timers()]
