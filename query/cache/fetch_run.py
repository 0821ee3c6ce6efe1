"""One fetch of a query: what runs, how it was cancelled, and what those who wait for it get."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic

from ..base.errors import QueryCancelledError
from ..base.types import QueryDataT
from ..runtime.outcome import Outcome
from ..runtime.retryer import Retryer


class FetchOutcome(Outcome[QueryDataT]):
    """What those who wait for a fetch get.

    Args:
        loop: Where it will come.
        users: Told how many more wait.
    """

    __slots__ = ("_users",)

    def __init__(self, loop: asyncio.AbstractEventLoop, users: Callable[[int], None]) -> None:
        super().__init__(loop)
        self._users = users

    def count(self, change: int) -> None:
        """Pass on how many more wait.

        Args:
            change: How many.
        """
        self._users(change)

    def _wake(self) -> None:
        # a turn later: what a persister does once the data is taken in comes first
        self.loop.call_soon(super()._wake)


class FetchRun(Generic[QueryDataT]):
    """A fetch from its start until the query has taken its outcome in.

    One turn of the loop lies between the two: the function is done, but nobody has been told. A fetch can still be
    joined or cancelled then, as if its function took a moment longer.

    Args:
        retryer: Runs the function.
        outcome: What the waiters get.
        on_cancel: Told of a cancellation; the retryer's own.

    Attributes:
        retryer: Runs the function.
        outcome: What the waiters get.
        forsaken: Its loop has ended, and the query has let go of it.
        cancelled: How it was cancelled, if it was. A function may also raise a ``QueryCancelledError`` of its own, say
            of another query: that is a failure like any other.
    """

    def __init__(
        self,
        retryer: Retryer[QueryDataT],
        outcome: FetchOutcome[QueryDataT],
        on_cancel: Callable[[QueryCancelledError], None],
    ) -> None:
        self.retryer = retryer
        self.outcome = outcome
        self.forsaken = False
        self.cancelled: QueryCancelledError | None = None
        self._on_cancel = on_cancel

    @property
    def error(self) -> BaseException | None:
        """What it failed with; None if it succeeded. Only for a run that is done."""
        error = self.retryer.promise.exception()
        if self.cancelled is None or not (error is None or isinstance(error, Exception)):
            # a failed test is not to be cancelled away
            return error
        return self.cancelled

    def cancel(self, *, revert: bool, silent: bool) -> None:
        """Cancel it, unless it is.

        Args:
            revert: The query is to go back to its state from before.
            silent: Nobody is meant to see it.
        """
        if self.cancelled is not None:
            return
        if self.retryer.promise.done():
            self._on_cancel(QueryCancelledError(revert=revert, silent=silent))
        else:
            self.retryer.cancel(revert=revert, silent=silent)

    def succeed(self, data: QueryDataT) -> None:
        """Give the waiters their data.

        Args:
            data: What the function delivered.
        """
        self.outcome.set_result(data)

    def fail(self, error: BaseException) -> None:
        """Let the waiters fail.

        Args:
            error: What with. Unless it is an Exception, which the state of the query tells, asyncio complains if
                nobody waits.
        """
        self.outcome.set_exception(error, is_told=isinstance(error, Exception))

    def hand_on(self, newer: FetchRun[QueryDataT]) -> None:
        """Give the waiters the outcome of the fetch that took over.

        Args:
            newer: That fetch.
        """
        newer.outcome.add_done_callback(self._pass_on, newer.outcome)

    def _pass_on(self, done: Outcome[QueryDataT]) -> None:
        error = done.exception()
        if error is None:
            self.succeed(done.result())
        else:
            self.fail(error)
