"""``client.threadsafe``: an asyncio program's client for the program's other threads."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from ..client.query_client import QueryClient as CoreClient
from ..runtime.environment import Environment
from .client import BlockingClient
from .crossing import Crossing


class ClientCrossing(Crossing):
    """The way into the loop in which a client is used.

    Args:
        environment: The client's.
    """

    in_own_loop: ClassVar[str] = (
        "client.threadsafe was used in the client's own event loop, which would wait for itself for ever. "
        "Use the client itself there, and await what its methods return."
    )
    in_other_loop: ClassVar[str] = (
        "client.threadsafe was used in a thread with an event loop of its own, which would stand still meanwhile. "
        "Use it from a worker thread: await asyncio.to_thread(client.threadsafe.query, options)."
    )

    def __init__(self, environment: Environment) -> None:
        super().__init__()
        self._environment = environment

    def loop(self) -> asyncio.AbstractEventLoop:
        """The client's loop.

        Raises:
            LoopError: It has none, or one that does not run.
        """
        return self._environment.loop_elsewhere()

    def is_own(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether the client belongs to this loop.

        Args:
            loop: One that runs.
        """
        return not self._environment.is_running_elsewhere()


class ThreadsafeClient(BlockingClient):
    """A client of an event loop for other threads: the same methods, which wait and return data.

    For example::

        projects = client.threadsafe.query(projects_options)

    Every method that waits takes ``timeout=``: the call ends with a ``TimeoutError`` after so long, while the fetch or
    write goes on for everybody else. May be used from several threads at once, while the loop runs.

    Not made by users: it is ``client.threadsafe``.
    """

    def __init__(self, client: CoreClient) -> None:
        super().__init__(client, ClientCrossing(client.environment))
