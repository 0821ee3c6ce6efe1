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
        self._calls: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        # the present one last; those before it may still be ending
        self._threads: list[threading.Thread] = []

    def enter(self) -> None:
        """A listener came: from now on there is a thread."""
        with self._lock:
            if not self._users:
                self._calls = queue.SimpleQueue()
                # a listener that never returns must not keep the program from ending
                thread = threading.Thread(target=_work, args=(self._calls,), name="query listeners", daemon=True)
                thread.start()
                self._threads = [*(earlier for earlier in self._threads if earlier.is_alive()), thread]
            self._users += 1

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
        return threading.current_thread() in self._threads

    def stop(self, timeout: float | None = None) -> None:
        """End the thread, after what it was given, and wait for that.

        Args:
            timeout: Seconds to wait; None for as long as it takes.
        """
        self._calls.put(None)
        for thread in self._threads:
            thread.join(timeout)


def _work(calls: queue.SimpleQueue[Callable[[], object] | None]) -> None:
    while (call := calls.get()) is not None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - the next listener is somebody else's
            report("a listener raised", error)
