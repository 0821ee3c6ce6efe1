"""What goes wrong with virtual time."""

from __future__ import annotations

# pytest.fail.Exception, under a name that type checkers know: Hypothesis shrinks what fails with it
from _pytest.outcomes import Failed


class TimeStandsStillError(Failed):
    """The test waits for something that only the passing of time could bring, and time stands still.

    No ``Exception``: it is raised at the line that waits, and neither a retry of the program nor its
    ``except Exception`` may take it for a request that failed.
    """


class RealTimeError(Failed):
    """A socket or a worker thread took longer than the real seconds that a test may wait for it. No ``Exception``."""


class EndlessTimersError(RuntimeError):
    """Timers go on firing without an end: something sets itself anew each time."""


class UnsupportedLoopError(TypeError):
    """An event loop whose time cannot be taken over, such as uvloop's, or trio's."""
