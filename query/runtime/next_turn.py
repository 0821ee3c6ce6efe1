"""What begins on the next turn of a client's loop, or as soon as somebody waits for it.

A JavaScript function that awaits goes on in a microtask: when the call that made it is over, and before anything else.
asyncio knows nothing of the kind, and a task that lets the loop have its turn costs as much as the rest of a write. So
what is to begin waits here without a task, all of it for one callback of the loop; and who waits for one of them lets
those that came before it, and it, begin there and then.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final, Protocol


class Beginning(Protocol):
    """Something that is to begin."""

    @property
    def name(self) -> str:
        """What it is, for messages."""
        ...

    def begin(self) -> None:
        """Its turn has come."""
        ...

    def give_up(self) -> None:
        """The client closes: it is not to begin any more."""
        ...


class NextTurn:
    """The beginnings of one client, in the order in which they were put here.

    Attributes:
        waiting: Those whose turn is still to come.
        paused: Those that may not begin before somebody puts them here again; in the order in which they came.
    """

    __slots__ = ("_is_beginning", "_loop", "paused", "waiting")

    def __init__(self) -> None:
        self.waiting: Final[deque[Beginning]] = deque()
        self.paused: Final[dict[Beginning, None]] = {}
        # who will have a turn; None if none was asked for one
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_beginning = False

    def put(self, loop: asyncio.AbstractEventLoop, beginning: Beginning) -> None:
        """Let something begin on the next turn.

        Args:
            loop: The running loop, which is the client's.
            beginning: What is to begin.
        """
        self.waiting.append(beginning)
        if self._loop is not loop:
            self._loop = loop
            loop.call_soon(self._take_turn)

    def reach(self, wanted: Beginning) -> None:
        """Somebody waits for one of them: let it begin, and before it those that came before.

        Does nothing within the beginning of another one: what that waits for has its turn when it has begun. So a chain
        of beginnings that wait for one another does not pile up on the stack.

        Args:
            wanted: One that has not begun.
        """
        if self._is_beginning:
            return
        self._is_beginning = True
        waiting = self.waiting
        try:
            while waiting:
                first = waiting.popleft()
                first.begin()
                if first is wanted:
                    break
        finally:
            self._is_beginning = False

    def pause(self, beginning: Beginning) -> None:
        """Something may not begin yet: keep it until ``resume``.

        Args:
            beginning: One whose turn has come.
        """
        self.paused[beginning] = None

    def resume(self, loop: asyncio.AbstractEventLoop, beginning: Beginning) -> None:
        """What was kept may begin: let it, on the next turn.

        Args:
            loop: The client's loop.
            beginning: One that is paused.
        """
        del self.paused[beginning]
        self.put(loop, beginning)

    def is_empty(self) -> bool:
        """Whether nothing is to begin, now or later."""
        return not self.waiting and not self.paused

    def clear(self) -> None:
        """Forget all of them: their loop has ended."""
        self.waiting.clear()
        self.paused.clear()

    def give_up(self) -> None:
        """The client closes: none of them is to begin."""
        waiting, paused = self.waiting, self.paused
        # what they begin anew is left for the next time
        for _ in range(len(waiting)):
            waiting.popleft().give_up()
        for beginning in list(paused):
            # one may have let another go on
            if beginning in paused:
                del paused[beginning]
                beginning.give_up()

    def _take_turn(self) -> None:
        self._loop = None
        waiting = self.waiting
        if waiting:
            loop = asyncio.get_running_loop()
            try:
                # what comes meanwhile has the turn after this one
                self.reach(waiting[-1])
            finally:
                # after an exit in one of them
                if waiting and self._loop is not loop:
                    self._loop = loop
                    loop.call_soon(self._take_turn)
