"""Where listeners of programs without an event loop are called.

Not in the loop: a listener there could not use the client, which would wait for itself, and every other listener and
fetch would wait for it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from ..runtime.reporting import report


class ListenerThread:
    """Calls what it is given, one after the other, in a thread that lives as long as somebody listens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._thread: threading.Thread | None = None
        self._calls: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()

    def enter(self) -> None:
        """A listener came: from now on there is a thread."""
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._calls = queue.SimpleQueue()
                # a listener that never returns must not keep the program from ending
                self._thread = threading.Thread(target=_work, args=(self._calls,), name="query listeners", daemon=True)
                self._thread.start()

    def leave(self) -> None:
        """A listener left. With the last one the thread ends, after what it was given."""
        with self._lock:
            self._users -= 1
            if not self._users:
                self._calls.put(None)

    def put(self, call: Callable[[], object]) -> None:
        """Have something called.

        Args:
            call: A function without arguments; what it raises is reported.
        """
        self._calls.put(call)

    def is_current(self) -> bool:
        """Whether this is called by a listener."""
        return threading.current_thread() is self._thread

    def stop(self) -> None:
        """End the thread, after what it was given, and wait for that."""
        thread = self._thread
        if thread is not None:
            self._calls.put(None)
            thread.join()


def _work(calls: queue.SimpleQueue[Callable[[], object] | None]) -> None:
    while (call := calls.get()) is not None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - the next listener is somebody else's
            report("a listener raised", error)
