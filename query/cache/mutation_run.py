"""One run of a mutation's function, with its retries and pauses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, cast

from ..base.contexts import MutationFunctionContext
from ..base.mutation_options import AnyMutationOptions
from ..base.mutation_state import (
    AnyMutationAction,
    MutationContinueAction,
    MutationFailedAction,
    MutationPauseAction,
    ResultT,
)
from ..base.options import RetryDelay, RetryPolicy
from ..base.types import Unset
from ..base.values import given
from ..runtime.removable import Removable
from ..runtime.retryer import Retryer


class MutationOwner(Removable):
    """A mutation as one of its runs sees it."""

    __slots__ = ("mutation_id", "options")

    mutation_id: int
    options: AnyMutationOptions

    # Any: what the run's own type says is the mutation's, too
    def _attempt(self, variables: Any, context: MutationFunctionContext) -> Awaitable[Any] | Any:
        """Call the function."""
        raise NotImplementedError

    def _can_run(self) -> bool:
        """Whether it is the mutation's turn in its scope."""
        raise NotImplementedError

    def _dispatch(self, action: AnyMutationAction) -> None:
        """Take an action into the state and tell everyone."""
        raise NotImplementedError


class MutationRun(Retryer[ResultT]):
    """A run from the call of ``execute`` on; as an outcome, it is what the function comes to, without the callbacks.

    Args:
        mutation: The mutation.
        loop: The running loop.
        variables: What to call the function with.
        context: What to call it with, too.

    Attributes:
        variables: What to call the function with.
        context: What to call it with, too.
    """

    def __init__(
        self,
        mutation: MutationOwner,
        loop: asyncio.AbstractEventLoop,
        variables: Any,
        context: MutationFunctionContext,
    ) -> None:
        super().__init__(mutation.environment, loop)
        self._mutation = mutation
        self._options = mutation.options
        self.variables: Any = variables
        self.context: MutationFunctionContext = context
        self.network_mode = given(self._options.network_mode, "online")

    @property
    def name(self) -> str:
        """What runs, for messages."""
        return f"mutation {self._mutation.mutation_id}"

    def attempt(self, number: int) -> Awaitable[ResultT] | ResultT:
        """Call the function.

        Args:
            number: How many attempts were made before.
        """
        return cast("Awaitable[ResultT] | ResultT", self._mutation._attempt(self.variables, self.context))

    def policies(self) -> tuple[RetryPolicy | Unset | None, RetryDelay | Unset | None]:
        """Whether to try again after a failure, and how long to wait before: not given means not, for a write."""
        return given(self._options.retry, cast("RetryPolicy", 0)), self._options.retry_delay

    def can_run(self) -> bool:
        """Whether it is the mutation's turn in its scope."""
        return self._mutation._can_run()

    def on_fail(self, failure_count: int, error: Exception) -> None:
        """Note the failure in the state.

        Args:
            failure_count: Failures so far.
            error: This one's.
        """
        self._mutation._dispatch(MutationFailedAction(failure_count, error))

    def on_pause(self) -> None:
        """Note the pause in the state."""
        self._mutation._dispatch(MutationPauseAction())

    def on_continue(self) -> None:
        """Note in the state that it goes on."""
        self._mutation._dispatch(MutationContinueAction())
