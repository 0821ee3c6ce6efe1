"""One run of a mutation's function, with its retries and pauses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, cast

from ..base.contexts import MutationFunctionContext
from ..base.contracts import MutationObserverLike
from ..base.errors import MissingMutationFnError, QueryCancelledError
from ..base.mutation_state import (
    MutationContinueAction,
    MutationFailedAction,
    MutationPauseAction,
    ResultT,
)
from ..base.options import RetryDelay, RetryPolicy
from ..base.types import UNSET, NetworkMode, Unset
from ..base.values import given
from ..runtime.outcome import Outcome
from ..runtime.retryer import Retryer
from .mutation_entry import MutationEntry


class MutationRun(Retryer[ResultT]):
    """A run from the call of ``execute`` on; as an outcome, it is what the function comes to, without the callbacks.

    It runs within the task of its mutation.

    Args:
        mutation: The mutation.
        loop: The running loop.
        variables: What to call the function with.
        context: What to call it with, too.
        starter: The observer that asks for it, if one does.

    Attributes:
        variables: What to call the function with.
        context: What to call it with, too.
        starter: The observer that asked for it, if one did.
        task: The task of the whole run; None while it is inside the call that starts it.
        is_through: The whole run came to an end, callbacks and all.
        forsaken: Its loop has ended, and the mutation has let go of it.
        whole: What the mutation comes to, callbacks and all. Only until it fails: the traceback of the error holds the
            run, and asyncio could not complain of a lost write before the error goes.
    """

    # until they are set, as in every outcome
    task: asyncio.Task[None] | None = None
    is_through: bool = False
    forsaken: bool = False

    def __init__(
        self,
        mutation: MutationEntry[Any, Any, Any],
        loop: asyncio.AbstractEventLoop,
        variables: Any,
        context: MutationFunctionContext,
        starter: MutationObserverLike | None,
    ) -> None:
        # what a retryer does, too: every write comes by here
        self.loop = loop
        self._environment = mutation._environment
        self._mutation = mutation
        self._options = mutation.options
        self.variables: Any = variables
        self.context: MutationFunctionContext = context
        self.starter: MutationObserverLike | None = starter
        self.whole: Outcome[ResultT] = Outcome(loop)
        mode = self._options.network_mode
        if mode is not UNSET and mode is not None:
            self.network_mode: NetworkMode = mode

    @property
    def name(self) -> str:
        """What runs, for messages."""
        return f"mutation {self._mutation.mutation_id}"

    def can_start(self) -> bool:
        """Whether the network and the turn allow a first attempt now."""
        # as in its base, without the calls between: every write asks twice
        if self.network_mode == "online" and not self._environment.online_manager.is_online():
            return False
        scope = self._mutation.options.scope
        return scope is UNSET or scope is None or self.can_run()

    def fail(self, error: BaseException) -> None:
        """Let those who await the mutation fail.

        Args:
            error: What with. If nobody awaits it, asyncio complains, unless somebody listens to who started it.
        """
        whole = self.whole
        del self.whole
        whole.set_exception(error, is_told=isinstance(error, QueryCancelledError))
        if self.starter is not None:
            self.loop.call_soon(_mute_if_seen, whole, self.starter)

    def attempt(self, number: int) -> Awaitable[ResultT] | ResultT:
        """Call the function.

        Args:
            number: How many attempts were made before.
        """
        mutation_fn = given(self._mutation.options.mutation_fn, None)
        if mutation_fn is None:
            raise MissingMutationFnError
        function = self._environment.adapt(mutation_fn)
        return cast("Awaitable[ResultT] | ResultT", function(self.variables, self.context))

    def policies(self) -> tuple[RetryPolicy | Unset | None, RetryDelay | Unset | None]:
        """Whether to try again after a failure, and how long to wait before: not given means not, for a write."""
        return given(self._options.retry, cast("RetryPolicy", 0)), self._options.retry_delay

    def can_run(self) -> bool:
        """Whether it is the mutation's turn in its scope."""
        return self._mutation._cache.can_run(self._mutation)

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

    def _is_starting(self) -> bool:
        # the call that starts a mutation is over by then
        return False


def _mute_if_seen(outcome: Outcome[Any], starter: MutationObserverLike) -> None:
    if starter.has_listeners():
        outcome.mute()
