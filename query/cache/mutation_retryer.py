"""What the function of a mutation comes to after its first attempt failed, or for who let it go on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, NoReturn, Protocol, cast

from ..base.mutation_state import CONTINUED, PAUSED, MutationFailedAction, ResultT
from ..base.options import RetryDelay, RetryPolicy
from ..base.types import NetworkMode, Unset
from ..base.values import given
from ..runtime.retryer import Retryer
from .mutation_entry import MutationEntry
from .mutation_terms import MutationTerms


class RunLike(Protocol):
    """A run as its retryer sees it; see ``mutation_run.py``, where it makes one."""

    @property
    def name(self) -> str:
        """What runs, for messages."""
        ...

    @property
    def terms(self) -> MutationTerms:
        """What the options of its mutation came to."""
        ...

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop in which it runs."""
        ...

    @property
    def mutation(self) -> MutationEntry[Any, Any, Any]:
        """Its mutation."""
        ...

    @property
    def stopped_by(self) -> BaseException | None:
        """What the first attempt came to, if it failed."""
        ...

    def raise_stop(self) -> NoReturn:
        """Raise that."""
        ...

    def can_start(self) -> bool:
        """Whether the network and the turn allow a first attempt now."""
        ...

    # Any: a function of users
    def attempt(self) -> Any:
        """Call the function."""
        ...


class MutationRetryer(Retryer[ResultT]):
    """What the function of a run comes to, with its retries and pauses, and without the callbacks.

    It runs within the task of the run.

    Args:
        run: The run.
    """

    def __init__(self, run: RunLike) -> None:
        super().__init__(run.terms.environment, run.loop)
        self._run_of = run
        self.network_mode: NetworkMode = given(run.terms.options.network_mode, self.network_mode)

    @property
    def name(self) -> str:
        """What runs, for messages."""
        return self._run_of.name

    def deliver(self, data: ResultT) -> None:
        """The first attempt was made without it, and succeeded.

        Args:
            data: What with.
        """
        if not self.has_ended:
            self.has_ended = True
            self.set_result(data)

    def can_start(self) -> bool:
        """Whether the network and the turn allow a first attempt now."""
        return self._run_of.can_start()

    def attempt(self, number: int) -> Awaitable[ResultT] | ResultT:
        """Call the function.

        Args:
            number: How many attempts were made before.
        """
        if self._run_of.stopped_by is not None:
            # the first was made before, and this came of it
            self._run_of.raise_stop()
        # Any: a function of users
        made: Any = self._run_of.attempt()
        return made  # type: ignore[no-any-return]

    def policies(self) -> tuple[RetryPolicy | Unset | None, RetryDelay | Unset | None]:
        """Whether to try again after a failure, and how long to wait before: not given means not, for a write."""
        options = self._run_of.terms.options
        return given(options.retry, cast("RetryPolicy", 0)), options.retry_delay

    def can_run(self) -> bool:
        """Whether it is the mutation's turn in its scope."""
        mutation = self._run_of.mutation
        return mutation._cache.can_run(mutation)

    def on_fail(self, failure_count: int, error: Exception) -> None:
        """Note the failure in the state.

        Args:
            failure_count: Failures so far.
            error: This one's.
        """
        self._run_of.mutation._dispatch(MutationFailedAction(failure_count, error))

    def on_pause(self) -> None:
        """Note the pause in the state."""
        self._run_of.mutation._dispatch(PAUSED)

    def on_continue(self) -> None:
        """Note in the state that it goes on."""
        self._run_of.mutation._dispatch(CONTINUED)

    def _is_starting(self) -> bool:
        # the call that starts a mutation is over by then
        return False
