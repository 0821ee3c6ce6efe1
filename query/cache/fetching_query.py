"""What fetching does to a query: one fetch at a time, what comes of it, and who uses it.

Source: query.ts.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable
from types import FunctionType
from typing import Any, Final, cast

from ..base.errors import NoDataError, QueryCancelledError
from ..base.options import AnyQueryOptions
from ..base.query_state import (
    FIRST_FETCH,
    ErrorAction,
    FetchAction,
    FetchMeta,
    QueryState,
    fields_of,
    started,
    succeeded,
)
from ..base.types import UNSET, QueryDataT, Unset
from ..base.values import given
from ..runtime.handle import Handle, RunningHandle
from ..runtime.outcome import Outcome
from ..runtime.reporting import logger
from .fetch_handle import FetchHandle
from .fetch_run import FetchRun
from .written_query import WrittenQuery

_FETCHES: Final = (FetchAction(False), FetchAction(True))
"""The beginning of a fetch of everything, paused and not, for the log."""


class FetchingQuery(WrittenQuery[QueryDataT]):
    """The part of a query that fetches; see ``Query``."""

    __slots__ = ()

    @property
    def promise(self) -> asyncio.Future[QueryDataT] | None:
        """The raw outcome of the fetch under way, None if there is none."""
        return None if self._run is None else self._run.promise

    # -- fetching

    def fetch(
        self,
        options: AnyQueryOptions | None = None,
        *,
        cancel_refetch: bool = False,
        meta: FetchMeta | None = None,
        first: Awaitable[QueryDataT] | None = None,
    ) -> Handle[QueryDataT]:
        """Fetch, or join the fetch under way. The query function has been called when this returns.

        Args:
            options: Replace the query's options; ignored when joining.
            cancel_refetch: Supersede a fetch under way if there is data; a first load is always joined.
            meta: What the fetch is for.
            first: An awaitable to use for the first attempt.

        Returns:
            The outcome: what the function returned, after state and callbacks have taken it in.

        Raises:
            LoopError: No loop runs, or another one than the client's.

        Source: query.ts, fetch.
        """
        terms = self._terms
        environment, cache = terms.environment, terms.cache
        loop = asyncio._get_running_loop()
        if loop is None or loop is not environment._ready_loop:
            loop = environment.bind()
        if self._run is not None:
            present = self._run_under_way()
            if present is not None and cancel_refetch and self.state.data is not UNSET:
                present.cancel(silent=True)
                # a listener of its signal may have started the next one: that is new enough
                present = self._run_under_way()
            if present is not None:
                present.continue_retry()
                return FetchHandle(present)
        if (
            options is None
            or options is not self._options
            or terms.completed is not None
            or type(options.query_fn) is not FunctionType
            or (options.initial_data is not UNSET and self.state.data is UNSET)
        ):
            # most are the query's own already, have a function, and bring no data along
            self._take_options(options)
            # started by one who was told of late initial data
            present = None if self._run is None else self._run_under_way()
            if present is not None:
                present.continue_retry()
                return FetchHandle(present)
            options = self.options
        run: FetchRun[QueryDataT] = FetchRun(self, loop, options, first, meta)
        before = run.revert_state = self._state if self._written_at is None else self.state
        self._run = run
        may_start = environment.online_manager.is_online() or run.network_mode != "online"
        # always, even over a fetch that was superseded: it zeroes the failures. The run is there by now, so that
        # listeners who fetch, cancel or remove inside this change mean this very fetch
        self._state = state = started(before, may_start, meta)
        self._answer = None
        if may_start and before.fetch_status == "idle":
            cache.fetch_began(self)
        elif before.fetch_status != state.fetch_status:
            cache.fetch_status_changed(self)
        is_quiet = cache.is_quiet
        note = None if is_quiet else cache.note
        if note is not None:
            action = _FETCHES[may_start] if meta is None else FetchAction(may_start, meta)
            note((self, action, environment.timeout_manager._clock.time()))
        if self._observers or (not is_quiet and cache.has_listeners()):
            try:
                self._tell(FetchAction, may_start, meta)
            except BaseException:
                # an exit or a failed test in a listener: what never starts must not be joined
                run.cancel(revert=True)
                raise
            # they may have changed it
            may_start = False
        run.start(may_start=may_start)
        return FetchHandle(run)

    def join(self) -> Handle[QueryDataT] | None:
        """The fetch under way, if there is one; for many who ask for the same.

        Raises:
            LoopError: No loop runs, or another one than the client's.
        """
        run = None if self._run is None else self._run_under_way()
        if run is None:
            return None
        self._terms.environment.bind()
        run.continue_retry()
        return FetchHandle(run)

    def _take_options(self, options: AnyQueryOptions | None) -> None:
        if options is not None:
            self.set_options(options)
        query_fn = self._options.query_fn
        if (query_fn is UNSET or query_fn is None) and self._observers:
            # born from a write or from hydration: an observer may know how
            donor = next((o for o in self.observers if given(o.options.query_fn, None) is not None), None)
            if donor is not None:
                self.set_options(donor.options)

    def _run_under_way(self) -> FetchRun[QueryDataT] | None:
        run = self._run
        return run if run is not None and run.cancelled is None and self.state.fetch_status != "idle" else None

    # -- leaving

    def cancel(self, *, revert: bool = False, silent: bool = False) -> Handle[None]:
        """Cancel the fetch under way, if there is one.

        Args:
            revert: Go back to the state from before the fetch, at once.
            silent: Leave the state alone; for a newer fetch that takes over.

        Returns:
            A handle that is done, without error, when the state is final.
        """
        run = self._run
        if run is None:
            return Handle.of(None)
        settled: Outcome[None] = Outcome(run.loop)
        run.cancel(revert=revert, silent=silent)
        # the query takes it in on the next turn, and before
        run.loop.call_soon(settled.set_result, None)
        return RunningHandle(settled)

    def forsake(self) -> None:
        """Let go of a fetch whose event loop has ended, and go back to the state from before.

        Nobody can be told: what waits for it has ended with that loop.
        """
        run = self._run
        if run is not None:
            run.forsaken, run.is_near = True, False
            self._run = None
            self._waiters = 0
            self._revert(run.revert_state)

    def _revert(self, before: QueryState[QueryDataT] | None) -> None:
        before = before or self.state
        # the state before may be fetching itself: a superseded refetch
        self.set_state(**{**fields_of(before), "fetch_status": "idle"})

    def _leave_fetch(self) -> None:
        if self._run is None:
            return
        never_began = self.state.fetch_status == "paused" and self.state.status == "pending"
        if self._signal_consumed or never_began or given(self._options.cancel_when_unused, False):
            self._run.cancel(revert=True)
        else:
            self._run.cancel_retry()

    # -- what comes of it

    def _settle(self, run: FetchRun[QueryDataT]) -> None:
        """Take the outcome of a fetch into the state, tell the cache, then let the waiters know."""
        terms, options = self._terms, self._options
        data: Any = run._value
        if (
            self._run is not run
            or run.failure is not None
            or run.cancelled is not None
            or data is UNSET
            or self._observers
            or not terms.cache.is_quiet
            or options.structural_sharing is not UNSET
        ):
            self._settle_openly(run)
            return
        # as nearly always. What follows is what _settle_openly comes to where nobody is told, in one call instead of
        # eleven, since every fetch comes by here; a property test compares the two
        before = self._state if self._written_at is None else self.state
        stored: Any = data
        if before.data is not UNSET or type(data) is list:
            try:
                stored = self._shared(before.data, stored)
            except BaseException:  # noqa: BLE001 - it will be raised again there, and told
                self._settle_openly(run)
                return
        environment, gc_time = terms.environment, self.gc_time
        now = environment.timeout_manager._clock.time()
        if before is FIRST_FETCH:
            # as after a write, the state is made when somebody looks: most look at the data alone
            self._state, self._written_at = stored, now
        else:
            self._state = succeeded(before, stored, now, False)
        self._answer = self._run = run.revert_state = None
        if before.fetch_status == "fetching":
            terms.cache.fetch_ended(self)
        elif before.fetch_status != "idle":
            terms.cache.fetch_status_changed(self)
        if environment._loop is run.loop and gc_time < math.inf and not self._removed:
            environment._collector.schedule(self, gc_time)
        else:
            self._schedule_gc()
        run.is_done = True
        if run._waiters is not None or run._callbacks is not None:
            run._finish()

    def _settle_openly(self, run: FetchRun[QueryDataT]) -> None:
        """The same, whatever the outcome is, and whoever is told of it."""
        if run.forsaken:
            # its loop went on after all, and so do those who wait in it; the query has nothing to do with them any more
            run.fail(run.error or QueryCancelledError())
            return
        try:
            error = self._take_in(run.delivered) if run.failure is None and run.cancelled is None else run.error
            if error is None:
                self._release(run)
                run.set_result(run.delivered)
            else:
                self._conclude(run, error)
        except BaseException as error:
            # a failed test or an exit, in a listener or callback: the waiters must see it instead of waiting for ever
            is_latest, before = self._run is run, run.revert_state
            self._release(run)
            run.fail(error)
            if is_latest and self.state.fetch_status != "idle":
                self._revert(before)
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise

    def _conclude(self, run: FetchRun[QueryDataT], error: BaseException | None) -> None:
        """What comes of a fetch that failed or was cancelled."""
        delivered: QueryDataT | Unset = UNSET
        newer = None if self._run is run else self._run
        cancelled = run.cancelled
        if cancelled is not None and error is cancelled and (cancelled.silent or cancelled.revert):
            if cancelled.silent and newer is not None:
                self._release(run)
                run.hand_on(newer)
                return
            if not cancelled.silent and self.state.data is not UNSET:
                delivered, error = self.state.data, None
        elif isinstance(error, Exception):
            self._dispatch(ErrorAction(error, self._terms.environment.now()))
            self._terms.cache.fetch_failed(error, self)
        elif newer is None:
            # a failed test or an exit is no state of a query
            self._revert(run.revert_state)
        self._release(run)
        if error is None:
            run.set_result(cast("QueryDataT", delivered))
        else:
            run.fail(error)

    def _take_in(self, data: QueryDataT | Unset) -> Exception | None:
        """Take what a fetch delivered into the state, and tell the cache; what it fails with if that cannot be."""
        if data is UNSET:
            missing = NoDataError(self.query_hash)
            logger.error("%s", missing)
            return missing
        try:
            self.set_data(data)
        except Exception as raised:  # noqa: BLE001 - what comparing raises is the query's error
            if not callable(self._options.structural_sharing):
                logger.error(
                    "the data of query %s could not be compared with the data before: %r. "
                    "Pass structural_sharing=False to store it as it is.",
                    self.query_hash,
                    raised,
                )
            return raised
        self._terms.cache.fetch_succeeded(data, self)
        return None

    def _release(self, run: FetchRun[QueryDataT]) -> None:
        if self._run is run:
            # a settled run would keep a second copy of the result alive as long as the query
            self._run = None
        # who holds its outcome is to keep no older data alive
        run.revert_state = None
        environment, gc_time = self._terms.environment, self.gc_time
        if environment._loop is run.loop and gc_time < math.inf and not self._removed:
            # as ``_schedule_gc`` does, without the calls: every fetch comes by here
            environment._collector.schedule(self, gc_time)
        else:
            self._schedule_gc()
