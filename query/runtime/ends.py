"""Calls that have come to their end and whose end is taken in when the loop has had its turn.

Whoever starts a call is to see it under way, even if it is over when that returns. But mostly he waits for it at once,
and a turn of the loop takes as long as all else. So what has ended waits here: all of it for one callback of the loop;
and who waits for it takes it in himself if nothing else would come before that callback. Nobody can tell the difference
then: nothing would run in between, neither a task, nor who called the one who waits.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Final, Protocol

from .eager import BEING_STARTED
from .soon import call_soon

_MOST_AT_ONCE: Final = 64
"""Ends that are taken in without a turn of the loop before it gets one: for the network, timers and timeouts."""


class Ended(Protocol):
    """A call that has come to its end."""

    def take_in(self) -> None:
        """Let those know whom the end concerns."""
        ...


class Ends:
    """The ends of one client, in the order in which they came.

    Attributes:
        waiting: The latest of them, with those right before it that the same callback of the loop takes in.
        ready: What the loop has to run, in its order; None if it does not show that.
        turn: The callback that takes them in, as it stands there.
        left: How many more may be taken in before the loop has a turn.
    """

    __slots__ = ("left", "loop", "ready", "turn", "waiting")

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.ready: deque[Any] | None = None
        self.turn: object = None
        self.waiting: deque[Ended] = deque()
        self.left: int = 0

    def put(self, loop: asyncio.AbstractEventLoop, ended: Ended) -> None:
        """Have the end of a call taken in, after all that the loop has to run now.

        Args:
            loop: The running loop, which is the client's.
            ended: The call.
        """
        if loop is self.loop:
            ready = self.ready
            if ready and ready[-1] is self.turn:
                self.waiting.append(ended)
                return
        else:
            ready = getattr(loop, "_ready", None)
            self.loop, self.ready = loop, ready if type(ready) is deque else None
        self.waiting = waiting = deque((ended,))
        self.left = _MOST_AT_ONCE
        self.turn = call_soon(loop, self._take_in, waiting)

    def is_next(self, ended: Ended) -> bool:
        """Whether an end would be taken in before anything else runs, so that it can be now. It waits no more then.

        Args:
            ended: A call whose end was put here.
        """
        ready, waiting = self.ready, self.waiting
        if (
            ready is None
            or len(ready) != 1
            or ready[0] is not self.turn
            or len(waiting) != 1
            or waiting[0] is not ended
            or not self.left
            # who started the one that waits goes on as soon as that waits
            or BEING_STARTED
        ):
            return False
        self.left -= 1
        waiting.clear()
        return True

    def _take_in(self, waiting: deque[Ended]) -> None:
        try:
            while waiting:
                waiting.popleft().take_in()
        finally:
            # after an exit in one of them
            if waiting:
                asyncio.get_running_loop().call_soon(self._take_in, waiting)
