"""Watches one query, for threads that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic

from ..base.options import AnyQueryOptions, QueryOptions
from ..base.types import DataT, Duration, QueryDataT
from ..cache.query import Query
from ..observers.query_observer import QueryObserver as AsyncQueryObserver
from ..observers.query_observer_base import QueryObserverBase as AsyncObserverBase
from ..observers.query_result import QueryObserverResult, ResultT
from .client_base import BlockingClientBase
from .observer_base import ObserverBase
from .result_stream import ResultStream


class QueryObserverBase(ObserverBase[ResultT], Generic[QueryDataT, DataT, ResultT]):
    """Looks at one query through one set of options; see ``QueryObserver``."""

    def __init__(self, client: BlockingClientBase, observer: AsyncObserverBase[QueryDataT, DataT, ResultT]) -> None:
        super().__init__(client, observer)
        self._observer = observer

    @property
    def options(self) -> AnyQueryOptions:
        """The options in force, defaults filled in."""
        return self._observer.options

    def get_current_result(self) -> ResultT:
        """The latest result. Without subscribers it stays as it was."""
        return self._show(self._crossing.call(self._observer.get_current_result))

    def get_current_query(self) -> Query[QueryDataT]:
        """The query that is looked at. It lives in the event loop: use ``client.call`` for what is more than a look."""
        return self._crossing.call(self._observer.get_current_query)

    def is_result_stale(self) -> bool:
        """Whether the latest result says stale."""
        return self._crossing.call(self._observer.is_result_stale)

    def destroy(self) -> None:
        """Drop all listeners and timers and leave the query. The observer may be subscribed to again."""

        def end() -> None:
            self._leave_all()
            self._observer.destroy()

        self._crossing.call(end)

    def set_options(self, options: QueryOptions[QueryDataT, DataT]) -> None:
        """Look with other options, at another query if the key differs.

        While subscribed, fetches if the query changed or was disabled before, and its data is stale.

        Args:
            options: All options anew, with a key.

        Raises:
            OptionError: The options have no key.
        """
        self._crossing.call(lambda: self._observer.set_options(options))

    def refetch(
        self, *, throw_on_error: bool = False, cancel_refetch: bool = True, timeout: Duration | None = None
    ) -> ResultT:
        """Fetch now, whether enabled or not.

        Args:
            throw_on_error: Fail with the fetch's error; otherwise the result tells.
            cancel_refetch: Supersede a fetch under way, if there is data.
            timeout: How long to wait.

        Returns:
            The result after the fetch.

        Raises:
            TimeoutError: It took longer. The fetch goes on.
        """
        return self._show(
            self._crossing.wait(
                lambda: self._observer.refetch(throw_on_error=throw_on_error, cancel_refetch=cancel_refetch), timeout
            )
        )

    def results(self) -> ResultStream[ResultT]:
        """The results as an iterator: the present one, then the newest at each step, which blocks until there is one.

        It subscribes when the iteration begins, and leaves when it ends; see ``ResultStream``.
        """
        return ResultStream(self._client, self._observer.results(), self._show)

    def wait_for(self, predicate: Callable[[ResultT], object], *, timeout: Duration | None = None) -> ResultT:
        """The first result for which *predicate* holds, the present one included.

        Every result is looked at, whatever listeners are told of. It is subscribed to while waiting, which may start a
        fetch. ::

            result = observer.wait_for(lambda result: result.is_success, timeout=5)

        Args:
            predicate: A function of a result; called in the event loop, so it must not block.
            timeout: Seconds or a timedelta by the client's clock; for good by default.

        Raises:
            ResultTimeoutError: There was none in time; it says what the last one was.
            QueryCancelledError: The client was closed.
            OptionError: The predicate is a coroutine function, or the timeout is no duration.
        """
        return self._show(self._crossing.wait(lambda: self._observer.wait_for(predicate, timeout=timeout)))

    def __repr__(self) -> str:
        return repr(self._observer)


class QueryObserver(QueryObserverBase[QueryDataT, DataT, QueryObserverResult[DataT]], Generic[QueryDataT, DataT]):
    """Looks at one query through one set of options, from threads.

    Making it creates the query but does not fetch; the first subscription does, if the options say so. Listeners are
    called in a thread of their own, one after the other. ::

        observer = QueryObserver(client, projects_options)
        unsubscribe = observer.subscribe(lambda result: print(result.status, result.data))

    Args:
        client: A ``query.sync.QueryClient``, or ``client.threadsafe`` of an asyncio program.
        options: The options, with a key.

    Raises:
        OptionError: The options have no key.
    """

    def __init__(self, client: BlockingClientBase, options: QueryOptions[QueryDataT, DataT]) -> None:
        super().__init__(client, client._crossing.call(lambda: AsyncQueryObserver(client.loop_client, options)))
