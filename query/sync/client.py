"""The client of programs without an event loop."""

from __future__ import annotations

import weakref
from types import TracebackType
from typing import Self

from ..cache.mutation_cache import MutationCache
from ..cache.query_cache import QueryCache
from ..client.defaults import DefaultOptions
from ..face import QueryClient as AsyncQueryClient
from ..runtime.clock import Clock
from ..runtime.focus_manager import FocusManager
from ..runtime.notify_manager import NotifyManager
from ..runtime.online_manager import OnlineManager
from ..threads.client import BlockingClient
from .loop_thread import LoopThread


class QueryClient(BlockingClient):
    """Caches queries by key, runs one request for many threads, and keeps the data fresh; without an event loop.

    The same methods as ``query.QueryClient``: they wait, and return the data. ::

        with QueryClient() as client:
            projects = client.query(QueryOptions(query_key=("projects",), query_fn=load_projects))

    A plain ``query_fn`` or ``mutation_fn`` runs in a worker thread and may block; an async one runs in the client's own
    event loop, which lives in a thread of its own from the first fetch to ``close``. Callbacks, ``select`` and other
    option functions run in that loop and must not block. Every method that waits takes ``timeout=``: the call ends with
    a ``TimeoutError`` after so long, while the fetch or write goes on. May be used from several threads at once.

    Args:
        query_cache: The queries; a cache of its own by default.
        mutation_cache: The mutations; a cache of its own by default.
        default_options: What queries and mutations inherit.
        clock: Where time comes from; the machine's clock by default.
        online_manager: Is there a network? The process-wide manager by default.
        focus_manager: Is anyone looking? The process-wide manager by default.
        notify_manager: Who delivers deferred notifications? One of its own by default.
        is_server: A cache for one request: nothing is collected, retried or refreshed by time. By default the
            process-wide manager is asked, which says False.
    """

    def __init__(
        self,
        *,
        query_cache: QueryCache | None = None,
        mutation_cache: MutationCache | None = None,
        default_options: DefaultOptions | None = None,
        clock: Clock | None = None,
        online_manager: OnlineManager | None = None,
        focus_manager: FocusManager | None = None,
        notify_manager: NotifyManager | None = None,
        is_server: bool | None = None,
    ) -> None:
        client = _LoopClient(
            query_cache=query_cache,
            mutation_cache=mutation_cache,
            default_options=default_options,
            clock=clock,
            online_manager=online_manager,
            focus_manager=focus_manager,
            # the process-wide one counts the batches of whatever loop the program runs beside
            notify_manager=NotifyManager() if notify_manager is None else notify_manager,
            is_server=is_server,
        )
        self._thread = client.thread = LoopThread(client.aclose, client.discard)
        client.environment.adapt = client.thread.workers.adapt
        super().__init__(client, client.thread)
        # for a client that is forgotten instead of closed; at exit, the threads that run are known
        weakref.finalize(self, client.thread.request_end).atexit = False

    def close(self) -> None:
        """Unmount, cancel every fetch and timer, and end the threads. The data stays readable.

        Callers who still wait get a ``QueryCancelledError``, also those of mutations under way. A blocking function or
        a listener that runs cannot be stopped: this waits until it returns. What a function returns is dropped.

        Raises:
            LoopError: It was called by a function that the client runs.
        """
        self._thread.close()

    def __enter__(self) -> Self:
        self.mount()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _LoopClient(AsyncQueryClient):
    """The client in the loop. Signals come from whatever thread."""

    thread: LoopThread

    def _on_focus(self, focused: bool) -> None:
        self.thread.post(lambda: AsyncQueryClient._on_focus(self, focused))

    def _on_online(self, online: bool) -> None:
        self.thread.post(lambda: AsyncQueryClient._on_online(self, online))
