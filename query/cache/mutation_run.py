"""One run of a mutation's function, with its retries and pauses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Generator
from contextvars import Context
from typing import Any, NoReturn, TypeVar, cast

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
from ..runtime.eager import start_eagerly
from ..runtime.handle import RunningHandle
from ..runtime.outcome import Outcome
from ..runtime.retryer import Retryer
from .mutation_entry import MutationEntry

T_co = TypeVar("T_co", covariant=True)


class MutationRun(Retryer[ResultT]):
    """A run from the call of ``execute`` on; as an outcome, it is what the function comes to, without the callbacks.

    It begins on the turn of the loop after that call, in a task of its own; before that it has none, unless an async
    ``on_mutate`` waits for something.

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
        surroundings: The context variables with which all of it runs.
        task: The task of the whole run; None while it is inside the call that starts it.
        is_waiting: Everything that belongs to the call that starts it is done, and it is to begin on the next turn.
        is_through: The part that runs in a task came to its end.
        forsaken: Its loop has ended, and the mutation has let go of it.
        stopped_by: What was raised where there was no task that could fail: it goes on by raising that.
        whole: What the mutation comes to, callbacks and all. Only until it fails: the traceback of the error holds the
            run, and asyncio could not complain of a lost write before the error goes.
    """

    # until they are set, as in every outcome
    task: asyncio.Task[None] | None = None
    is_waiting: bool = False
    is_through: bool = False
    forsaken: bool = False
    stopped_by: BaseException | None = None

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
        self._environment = environment = mutation._environment
        self._mutation = mutation
        self._options = mutation.options
        self.variables: Any = variables
        self.context: MutationFunctionContext = context
        self.starter: MutationObserverLike | None = starter
        self.surroundings: Context = environment._context.copy()
        self.whole: Outcome[ResultT] = Outcome(loop)
        mode = self._options.network_mode
        if mode is not UNSET and mode is not None:
            self.network_mode: NetworkMode = mode

    @property
    def name(self) -> str:
        """What runs, for messages."""
        return f"mutation {self._mutation.mutation_id}"

    def run_part(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a part of it in a task, whose first step is done when this returns.

        Args:
            coroutine: The part. It sets ``is_through`` at its end.
        """
        environment = self._environment
        # as ``Environment.begin`` does, without the calls
        task = start_eagerly(
            coroutine, loop=self.loop, context=self.surroundings, name=f"mutation {self._mutation.mutation_id}"
        )
        if not self.is_through:
            self.task = task
            environment._tasks.add(task)
        elif not task.done():
            # before Python 3.12 none is done within its start, even if its work is
            environment._tasks.add(task)
            environment.end_with(task)

    def begin(self) -> None:
        """Its turn has come: run until it waits for something."""
        self.is_waiting = self.is_through = False
        self.run_part(self._mutation._run(self))

    def give_up(self) -> None:
        """The client closes: what has not begun ends as if it had been cancelled then."""
        self.stopped_by = asyncio.CancelledError()
        self.begin()

    def raise_stop(self) -> NoReturn:
        """Raise what stopped it."""
        # not by a variable: the traceback would hold it, and it the traceback
        try:
            raise cast("BaseException", self.stopped_by)
        finally:
            self.stopped_by = None

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
        if self.stopped_by is not None:
            # the first was made before, and this came of it
            self.raise_stop()
        mutation_fn = self._mutation.options.mutation_fn
        if mutation_fn is UNSET or mutation_fn is None:
            raise MissingMutationFnError
        # Any: a function of users, as it is adapted
        made: Any = self._environment.adapt(mutation_fn)(self.variables, self.context)
        return made  # type: ignore[no-any-return]

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


class MutationHandle(RunningHandle[T_co]):
    """The handle of a mutation.

    Args:
        run: Its run.
    """

    __slots__ = ("_run",)

    def __init__(self, run: MutationRun[T_co]) -> None:
        self._run = run
        self._outcome = run.whole
        self._driven = None

    def __await__(self) -> Generator[Any, None, T_co]:
        run = self._run
        if run.is_waiting and asyncio._get_running_loop() is run.loop:
            run._environment.next_turn.reach(run)
        # Any: what an outcome that is there holds
        outcome: Any = self._outcome
        if outcome.is_done and outcome._error is None:
            value: T_co = outcome._value
            return value
        return (yield from super().__await__())


def _mute_if_seen(outcome: Outcome[Any], starter: MutationObserverLike) -> None:
    if starter.has_listeners():
        outcome.mute()
