"""What can be wrong with a run beside its own failure."""

from __future__ import annotations


class DeadlockError(AssertionError):
    """The coroutine waits, and nothing can wake it: no task can run, and no timer is set."""


class LivelockError(AssertionError):
    """The run does not come to an end: something runs without ever waiting, or sets its timer anew each time."""


class LeftoverError(AssertionError):
    """The coroutine ended, and something of it goes on, or failed unheard.

    Attributes:
        left: What that is, in one line each.
    """

    def __init__(self, left: list[str]) -> None:
        lines = "\n".join(f"  {line}" for line in left)
        super().__init__(
            f"the coroutine ended, and {len(left)} thing(s) of it did not:\n{lines}\n"
            "Await or cancel what it starts; leftovers=True allows them."
        )
        self.left = left
