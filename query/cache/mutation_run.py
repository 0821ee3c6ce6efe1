"""One run of a mutation, and what those who wait for it get.

A run begins on the turn of the loop after the call of ``execute``, in a task of its own; before that it has none,
unless an async ``on_mutate`` waits for something. Nor does it need one while it waits for the network, or for its turn
in a scope. Its first attempt needs no more than that. What may follow a failure is the retryer's.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Coroutine, Generator
from contextvars import Context
from typing import Any, Final, Generic, NoReturn, TypeVar, cast

import msgspec

from ..base.contracts import MutationObserverLike, MutationStarterLike
from ..base.errors import MissingMutationFnError, QueryCancelledError
from ..base.mutation_state import CONTINUED, PAUSED, ResultT
from ..runtime.eager import start_eagerly
from ..runtime.environment import as_it_is
from ..runtime.handle import RunningHandle
from ..runtime.in_place import run_in_place
from ..runtime.outcome import Outcome
from .mutation_entry import MutationEntry
from .mutation_retryer import MutationRetryer
from .mutation_terms import MutationTerms

T_co = TypeVar("T_co", covariant=True)


NOTHING: Final = object()
"""In place of what a function delivered, as long as it has not."""


# a struct: every write makes one, and an object that Python initializes takes three times as long
class MutationRun(msgspec.Struct, Generic[ResultT], eq=False):
    """A run from the call of ``execute`` on, callbacks and all.

    Args:
        mutation: The mutation.
        terms: What its options came to when it was called.
        loop: The running loop.
        variables: What to call the function with.
        starter: The observer that asks for it, if one does.
        alone: The observers of the mutation, if they are the starter alone.
        surroundings: The context variables with which all of it runs.
        handle: Whoever called it has this.
        is_brief: Nothing in it awaits anything, as far as one knows: within a task it needs none of its own.

    Attributes:
        mutation: The mutation.
        terms: What its options came to when it was called.
        loop: The loop in which it runs.
        variables: What to call the function with.
        starter: The observer that asked for it, if one did.
        alone: The observers that the mutation had then, if they were the starter alone.
        surroundings: The context variables with which all of it runs.
        handle: Whoever called it has this. Only until it is through: the traceback of an error holds the run, and
            asyncio could not complain of a lost write before the error goes.
        is_brief: Nothing in it awaits anything, as far as one knows.
        outcome: What it comes to, for those who wait: made when somebody does.
        retryer: What the function comes to, with retries and pauses: made when there is need.
        data: What the function delivered; ``NOTHING`` until then.
        task: The task of the whole run; None while it is inside the call that starts it.
        is_through: The part that runs in a task came to its end.
        is_waiting: Everything that belongs to the call that starts it is done, and the rest is to begin on its turn.
        is_resumed: It was paused, and was found to be allowed to go on.
        forsaken: Its loop has ended, and the mutation has let go of it.
        stopped_by: What was raised where there was no task that could fail: it goes on by raising that.
    """

    mutation: MutationEntry[Any, Any, Any]
    terms: MutationTerms
    loop: asyncio.AbstractEventLoop
    variables: Any
    starter: MutationStarterLike | None
    alone: tuple[MutationObserverLike, ...] | None
    surroundings: Context
    handle: MutationHandle[ResultT] | None
    is_brief: bool
    outcome: Outcome[ResultT] | None = None
    retryer: MutationRetryer[ResultT] | None = None
    data: Any = NOTHING
    task: asyncio.Task[None] | None = None
    is_through: bool = False
    is_waiting: bool = False
    is_resumed: bool = False
    forsaken: bool = False
    stopped_by: BaseException | None = None

    @property
    def name(self) -> str:
        """What runs, for messages."""
        return f"mutation {self.mutation.mutation_id}"

    # -- its parts

    def begin(self) -> None:
        """Its turn has come: run until it waits for something; or be paused, if it may not begin yet."""
        self.is_waiting = False
        terms, mutation = self.terms, self.mutation
        # as ``may_begin`` says, without the calls, of one that has nothing to wait for
        if (
            self.stopped_by is None
            and (
                mutation.state.is_paused
                or mutation._terms.scope is not None
                or (terms.needs_network and not terms.environment.online_manager.is_online())
            )
            and not self.surroundings.run(self.may_begin)
        ):
            return
        if self.is_brief and mutation._terms.awaits_nothing and asyncio.current_task() is not None:
            self.run_in_place()
        else:
            self.run_part(mutation._run(self))

    def run_in_place(self) -> None:
        """Run all that is left of it within the task that is current."""
        try:
            rest = run_in_place(self.mutation._run(self), self.surroundings)
        except asyncio.CancelledError:
            # of a function's own: who awaits the mutation is told
            return
        if rest is not None:
            # it was given other functions meanwhile
            self.run_part(rest)

    def run_part(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a part of it in a task, whose first step is done when this returns.

        Args:
            coroutine: The part. It calls ``end_part`` at its end.
        """
        self.is_through = False
        # as ``Environment.begin`` does, without the calls
        if sys.version_info >= (3, 12):
            task = asyncio.Task(coroutine, loop=self.loop, name=self.name, context=self.surroundings, eager_start=True)
        else:
            task = start_eagerly(coroutine, loop=self.loop, name=self.name, context=self.surroundings)
        # before Python 3.12 no task is done within its start, even if its work is: then the loop holds it for a turn,
        # and there is nothing left to cancel, to wait for or to tell of
        if not self.is_through:
            self.terms.environment._tasks.add(task)
            self.task = task

    def end_part(self) -> None:
        """The part that runs in a task comes to its end."""
        self.is_through = True
        if self.task is not None:
            self.terms.environment.end(self.task)
            self.task = None

    def may_begin(self) -> bool:
        """Whether it may call its function now. If not, it is paused, without a task, until somebody lets it go on."""
        mutation, next_turn = self.mutation, self.terms.environment.next_turn
        try:
            if self.is_resumed:
                # who let it go on has had a look
                self.is_resumed = False
                mutation._dispatch(CONTINUED)
                return True
            may_begin = self.can_start()
            if may_begin and mutation.state.is_paused:
                mutation._dispatch(CONTINUED)
                may_begin = self.can_start()
            if not may_begin:
                next_turn.pause(self)
                mutation._dispatch(PAUSED)
        except BaseException as error:  # noqa: BLE001 - a failed test in a listener, or an exit: it is the run's
            self.stopped_by = error
            next_turn.paused.pop(self, None)
            # a listener may have let it go on before: then it has a turn, to raise that
            return not self.is_resumed
        return may_begin

    def go_on(self) -> None:
        """Go on if it is paused, and may."""
        next_turn = self.terms.environment.next_turn
        if self in next_turn.paused and self.can_start():
            self.is_resumed = True
            next_turn.resume(self.loop, self)
        if self.retryer is not None:
            self.retryer.continue_()

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

    # -- the function

    def can_start(self) -> bool:
        """Whether the network and the turn allow a first attempt now."""
        terms, mutation = self.terms, self.mutation
        if terms.needs_network and not terms.environment.online_manager.is_online():
            return False
        return mutation._terms.scope is None or mutation._cache.can_run(mutation)

    def attempt(self) -> Awaitable[ResultT] | ResultT:
        """Call the function."""
        mutation_fn = self.mutation._terms.mutation_fn
        if mutation_fn is None:
            raise MissingMutationFnError
        adapt = self.terms.environment.adapt
        if adapt is not as_it_is:
            mutation_fn = adapt(mutation_fn)
        # Any: a function of users
        made: Any = mutation_fn(self.variables, self.terms.context)
        return made  # type: ignore[no-any-return]

    def with_retries(self) -> MutationRetryer[ResultT]:
        """What the function comes to."""
        retryer = self.retryer
        if retryer is None:
            retryer = self.retryer = MutationRetryer(self)
            if self.data is not NOTHING:
                retryer.deliver(self.data)
        if self.stopped_by is not None:
            # the first attempt was made without it, so that it is not to wait for the network or its turn
            retryer._has_started = True
        return retryer

    # -- what it comes to

    def whole(self) -> Outcome[ResultT]:
        """What it comes to, callbacks and all, for those who wait or look. Not after it failed."""
        outcome = self.outcome
        if outcome is None:
            outcome = self.outcome = Outcome(self.loop)
        return outcome

    def fail(self, error: BaseException) -> None:
        """Let those who await the mutation fail.

        Args:
            error: What with. If nobody awaits it, asyncio complains, unless somebody listens to who started it.
        """
        if self.retryer is not None and not self.retryer.has_ended:
            # it never came to the function, and somebody who let it go on waits for what that comes to
            self.retryer._reject(error)
        outcome, handle = self.whole(), self.handle
        self.outcome = self.handle = None
        if handle is not None:
            handle._made = outcome
        outcome.set_exception(error, is_told=isinstance(error, QueryCancelledError))
        if self.starter is not None:
            self.loop.call_soon(_mute_if_seen, outcome, self.starter)


class MutationHandle(RunningHandle[T_co]):
    """The handle of a mutation. Who makes it gives it its run.

    Who awaits it lets the run begin, unless a query is being fetched: then it has its turn of the loop.
    """

    __slots__ = ("_answer", "_made", "_run")

    _run: MutationRun[T_co]
    # for those who wait; who awaits a write that waits for nothing needs none
    _made: Outcome[T_co] | None
    # what the run came to, callbacks and all; NOTHING until it succeeds
    _answer: Any

    def __init__(self) -> None:
        self._made = self._driven = None
        self._answer = NOTHING

    @property
    def _outcome(self) -> Outcome[T_co]:  # type: ignore[override]  # nobody sets it
        outcome = self._made
        if outcome is None:
            outcome = self._made = self._run.whole()
            if self._answer is not NOTHING:
                outcome.set_result(self._answer)
        return outcome

    def __await__(self) -> Generator[Any, None, T_co]:
        run = self._run
        if run.is_waiting:
            terms = run.terms
            # what a fetch delivered that has ended may be taken in with the next turn: it is older than the write
            if asyncio._get_running_loop() is run.loop and not terms.client.is_fetching():
                terms.environment.next_turn.reach(run)
        if self._answer is not NOTHING:
            value: T_co = self._answer
            return value
        return (yield from super().__await__())


def _mute_if_seen(outcome: Outcome[Any], starter: MutationObserverLike) -> None:
    if starter.has_listeners():
        outcome.mute()
