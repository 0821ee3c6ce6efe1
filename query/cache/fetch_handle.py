"""What whoever starts or joins a fetch of a query has in hand."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from ..base.types import QueryDataT
from ..runtime.handle import RunningHandle


class FetchHandle(RunningHandle[QueryDataT]):
    """The handle of a fetch: that of any outcome, without the calls between, since nearly every fetch is awaited once.

    Args:
        run: The fetch.
    """

    __slots__ = ()

    def __await__(self) -> Generator[Any, None, QueryDataT]:
        # Any: what an outcome that is there holds
        run: Any = self._outcome
        if not run.is_done:
            query = run._query
            if not run.is_near:
                waiter = run.join()
            elif (
                run.has_ended
                and query._terms.cache.is_quiet
                and not query._observers
                and run.failure is run.cancelled is None
                and run._environment.ends.is_next(run)
            ):
                # nobody would be told, and nothing would run before it is taken in
                query._settle(run)
                waiter = None
            else:
                query._waiters += 1
                try:
                    yield
                except BaseException:
                    run.count(-1)
                    raise
                if run.is_done and query._run is None and not run.forsaken:
                    # nothing is under way that he could leave
                    query._waiters -= 1
                    waiter = None
                else:
                    waiter = None if run.is_done else run.join()
                    run.count(-1)
            if waiter is not None:
                try:
                    yield from waiter
                except BaseException:
                    run.part(waiter)
                    raise
        if run._error is not None:
            run.result()
        value: QueryDataT = run._value
        return value
