"""One fetch of a query: what runs, how it was cancelled, and what those who wait for it get."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import FunctionType
from typing import Any, cast

from ..base.contexts import QueryFunctionContext
from ..base.errors import QueryCancelledError
from ..base.options import AnyQueryOptions, RetryDelay, RetryPolicy
from ..base.query_key import QueryKey
from ..base.query_state import ContinueAction, FailedAction, FetchMeta, PauseAction, QueryState
from ..base.types import UNSET, NetworkMode, QueryDataT, Unset
from ..runtime.abort_signal import AbortSignal
from ..runtime.environment import as_it_is
from ..runtime.outcome import Outcome
from ..runtime.retryer import Retryer
from .attempts import function_of, pages_of
from .query_entry import QueryEntry, completed_by


class FetchOwner(QueryEntry[QueryDataT]):
    """A query as one of its fetches sees it."""

    __slots__ = ("_removed", "_run", "_signal_consumed", "_waiters")

    _removed: bool
    # the fetch under way, which remembers what is only asked during one
    _run: FetchRun[QueryDataT] | None
    _signal_consumed: bool
    _waiters: int

    def _settle(self, run: FetchRun[QueryDataT]) -> None:
        """Take in what a fetch came to."""
        raise NotImplementedError

    def _revert(self, before: QueryState[QueryDataT] | None) -> None:
        """Go back to a state from before a fetch, or to the present one; and be idle."""
        raise NotImplementedError

    def _leave_fetch(self) -> None:
        """Nobody uses the fetch any more."""
        raise NotImplementedError


class FetchRun(Retryer[QueryDataT]):
    """A fetch from its start until the query has taken its end in; as an outcome, it is what those who wait get.

    The end of a function that waited for something is taken in at once. One turn of the loop lies between the two if
    it did not, since who starts a fetch is to see it under way; or if somebody was given the raw outcome. A fetch can
    still be joined or cancelled then, as if its function took a moment longer. ``ends.py`` says when no turn is needed.

    Args:
        query: The query, as it is when its fetch begins.
        loop: The running loop.
        options: Its options now: an infinite query keeps to them for the whole fetch.
        first: An awaitable that stands for the first attempt, and for the function if there is none.
        meta: What the fetch is for.

    Attributes:
        forsaken: Its loop has ended, and the query has let go of it.
        cancelled: How it was cancelled, if it was. A function may also raise a ``QueryCancelledError`` of its own, say
            of another query: that is a failure like any other.
        failure: What its function failed with for good.
        was_left: The last observer of the query left during it.
        revert_state: The state to go back to if it is cancelled so: from before it, or what was written meanwhile.
    """

    # What each fetch looks at, also of its bases. What is found in the class until it is set takes Python twenty times
    # as long to look at as what has a place of its own; the rest is for those who have trouble
    __slots__ = (
        "_callbacks",
        "_environment",
        "_error",
        "_failure_count",
        "_first",
        "_gate",
        "_has_started",
        "_inherited",
        "_is_over",
        "_options",
        "_pages",
        "_promise",
        "_query",
        "_retry_cancelled",
        "_signal",
        "_task",
        "_untold",
        "_value",
        "_waiters",
        "cancelled",
        "failure",
        "forsaken",
        "has_ended",
        "is_done",
        "is_near",
        "loop",
        "network_mode",
        "revert_state",
        "was_left",
    )

    # checkers want those of the bases again, since their types are not said where they are set
    loop: asyncio.AbstractEventLoop
    has_ended: bool
    is_done: bool
    is_near: bool
    network_mode: NetworkMode
    forsaken: bool
    cancelled: QueryCancelledError | None
    failure: BaseException | None
    revert_state: QueryState[QueryDataT] | None
    _promise: asyncio.Future[QueryDataT] | None
    _first: Awaitable[QueryDataT] | None
    _pages: Callable[[], Awaitable[QueryDataT] | QueryDataT] | None
    was_left: bool
    # made when somebody asks
    _signal: AbortSignal | None
    # what its options inherit, if they are as they were given
    _inherited: Mapping[str, Any] | None

    def __init__(
        self,
        query: FetchOwner[QueryDataT],
        loop: asyncio.AbstractEventLoop,
        options: AnyQueryOptions,
        first: Awaitable[QueryDataT] | None,
        meta: FetchMeta | None,
    ) -> None:
        self.loop = loop
        self._environment = query._terms.environment
        self._query = query
        self._options = options
        self._first = first
        self._callbacks = self._error = self._gate = self._inherited = self._pages = self._promise = None
        self._signal = self._task = self._untold = self._value = self._waiters = None
        self.cancelled = self.failure = self.revert_state = None
        self._has_started = self._is_over = self._retry_cancelled = self.forsaken = False
        self.has_ended = self.is_done = self.is_near = self.was_left = False
        self._failure_count = 0
        network_mode = options.network_mode
        self.network_mode = "online" if network_mode is UNSET or network_mode is None else network_mode
        if query._terms.query_type is not None:
            # Differs: upstream never takes back that the signal of an infinite query was read, not even for the next
            # fetch
            query._signal_consumed = False
            self._pages = pages_of(
                query,
                query._terms.client,
                options=options,
                signal=self._made_signal(),
                consume=self._consume,
                first=first,
                meta=meta,
            )

    @property
    def name(self) -> str:
        """What runs, for messages."""
        return "fetch of " + self._query.query_hash

    @property
    def promise(self) -> asyncio.Future[QueryDataT]:
        """What the function comes to, before the query has taken it in: for those who do something with it then.

        Who waits for the fetch is told a turn later than them.
        """
        promise = self._promise
        if promise is None:
            promise = self._promise = self.loop.create_future()
            self.is_near = False
            if self.has_ended:
                self._keep(promise)
        return promise

    @property
    def delivered(self) -> QueryDataT:
        """What its function delivered; None if it did not."""
        return cast("QueryDataT", self._value)

    @property
    def error(self) -> BaseException | None:
        """What it failed with; None if it succeeded. Only for a run that has ended."""
        error = self.failure
        if self.cancelled is None or not (error is None or isinstance(error, Exception)):
            # a failed test is not to be cancelled away
            return error
        return self.cancelled

    @property
    def aborted(self) -> bool:
        """Whether it was cancelled."""
        return self.cancelled is not None

    def cancel(self, *, revert: bool = False, silent: bool = False, cause: BaseException | None = None) -> None:
        """Cancel it, unless it is, also after its function came to an end.

        Args:
            revert: The query is to go back to its state from before.
            silent: Nobody is meant to see it.
            cause: Why, if another exception led to it.
        """
        if self.cancelled is not None:
            return
        if self.has_ended:
            self.on_cancel(QueryCancelledError(revert=revert, silent=silent))
        else:
            self._cancel(revert=revert, silent=silent, cause=cause)

    def hand_on(self, newer: FetchRun[QueryDataT]) -> None:
        """Give the waiters the outcome of the fetch that took over.

        Args:
            newer: That fetch.
        """
        self.is_near = False
        newer.add_done_callback(self._pass_on, newer)

    def fail(self, error: BaseException) -> None:
        """Let the waiters fail.

        Args:
            error: What with. Unless it is an Exception, which the state of the query tells, asyncio complains if
                nobody waits.
        """
        self.set_exception(error, is_told=isinstance(error, Exception))

    # -- what it runs

    def attempt(self, number: int) -> Awaitable[QueryDataT] | QueryDataT:
        """Call the query function with its context, through the persister if there is one.

        Args:
            number: How many attempts were made before.

        Source: query.ts, fetch, fetchFn; utils.ts, ensureQueryFn.
        """
        if self._first is not None and not number:
            return self._first
        if self._pages is not None:
            return self._pages()
        # looked up at each attempt: a retry uses the newest function
        query = self._query
        # Any: what a query may have in place of a key or a function is told apart here. Its options are complete but
        # for those that a write gave it, which have no function
        options: Any = query._options
        query_fn = options.query_fn
        if type(query_fn) is FunctionType:
            # as nearly always
            adapt = self._environment.adapt
            if adapt is not as_it_is:
                query_fn = adapt(query_fn)
        else:
            query_fn = function_of(query, query._terms.client, query.options, self._first)
        query._signal_consumed = False
        meta, key = options.meta, query._key
        context: QueryFunctionContext[Any] = QueryFunctionContext(
            key if type(key) is QueryKey else None,
            query._terms.client,
            None if meta is UNSET else meta,
            self._consume,
            self,
            query,
        )
        persister = options.persister
        attempt: Awaitable[QueryDataT] | QueryDataT = (
            query_fn(context) if persister is UNSET or persister is None else persister(query_fn, context, query)
        )
        return attempt

    def _consume(self) -> AbortSignal:
        self._query._signal_consumed = True
        return self._made_signal()

    def _made_signal(self) -> AbortSignal:
        signal = self._signal
        if signal is None:
            signal = self._signal = AbortSignal()
            if self.cancelled is not None:
                signal.fire(self.cancelled)
        return signal

    def policies(self) -> tuple[RetryPolicy | Unset | None, RetryDelay | Unset | None]:
        """Whether to try again after a failure, and how long to wait before: as its options say."""
        options = self._options
        if self._inherited is not None:
            options = completed_by(self._inherited, options, self._query.query_hash)
        return options.retry, options.retry_delay

    # -- how it goes

    def on_fail(self, failure_count: int, error: Exception) -> None:
        """Note the failure in the state.

        Args:
            failure_count: Failures so far.
            error: This one's.
        """
        self._query._dispatch(FailedAction(failure_count, error))

    def on_pause(self) -> None:
        """Note the pause in the state."""
        self._query._dispatch(PauseAction())

    def on_continue(self) -> None:
        """Note in the state that it goes on."""
        self._query._dispatch(ContinueAction())

    def on_cancel(self, error: QueryCancelledError) -> None:
        """Revert the state if that is asked for, and fire the signal.

        Args:
            error: How it was cancelled.
        """
        self.cancelled = error
        if error.revert and not self.forsaken:
            self._query._revert(self.revert_state)
        if self._signal is not None:
            self._signal.fire(error)

    def on_success(self, value: QueryDataT) -> None:
        """Have the query take in what the function delivered.

        Args:
            value: That.
        """
        # the outcome once the query has taken it in
        self._value = value
        # as ``_end`` does, without the call: nearly every fetch comes by here
        if self._promise is not None:
            self._end()
        elif self._task is not None:
            self._query._settle(self)
        else:
            self._environment.ends.put(self.loop, self)
            if self._waiters is None:
                self.is_near = True

    def take_in(self) -> None:
        """Have the query take the end in: its turn has come."""
        self._query._settle(self)

    def on_failure(self, error: BaseException, *, is_cancelled: bool) -> None:
        """Have the query take in the failure.

        Args:
            error: What the function failed with for good, or how the run was cancelled.
            is_cancelled: It was cancelled: its state has that at once, its waiters are told on the next turn.
        """
        self.failure = error
        if is_cancelled or self._task is None or self._promise is not None:
            self._end()
        else:
            self._query._settle(self)

    def count(self, change: int) -> None:
        """Tell the query of its users.

        Args:
            change: How many more wait.
        """
        if self.forsaken:
            return
        query = self._query
        query._waiters += change
        if change < 0 and not query._waiters and not query._observers:
            run = query._run
            if run is not None and run.was_left:
                query._leave_fetch()

    def _end(self) -> None:
        self.loop.call_soon(self._query._settle, self)
        if self._promise is not None:
            self._keep(self._promise)
        elif self._waiters is None:
            self.is_near = True

    def _keep(self, promise: asyncio.Future[QueryDataT]) -> None:
        if promise.done():
            # by whoever was given it
            return
        if self.failure is None:
            promise.set_result(self.delivered)
        else:
            promise.set_exception(self.failure)
            # the state will tell
            promise.exception()

    def _wake(self) -> None:
        waiters = self._waiters
        if self._promise is not None:
            self.loop.call_soon(super()._wake)
        elif isinstance(waiters, dict):
            super()._wake()
        elif waiters is not None:
            # one, as mostly: without a call
            self._waiters = None
            if not waiters.done():
                waiters.set_result(None)
            self.count(-1)

    def _pass_on(self, newer: Outcome[QueryDataT]) -> None:
        error = newer.exception()
        if error is None:
            self.set_result(newer.result())
        else:
            self.fail(error)
