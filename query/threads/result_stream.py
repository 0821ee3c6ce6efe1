"""Results as a plain iterator, for threads that wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

from ..base.errors import LoopError
from ..observers.result_stream import ResultStream as AsyncResultStream
from .client_base import BlockingClientBase

T_co = TypeVar("T_co", covariant=True)


class ResultStream(Iterator[T_co], Generic[T_co]):
    """The results of an observer, one after the other: the present one first, then the newest at each step.

    Each step blocks until there is one. Who is slow misses those in between; nothing piles up. It subscribes at the
    first step, or at ``with``, and leaves when it is closed or dropped. Closing the client ends the iteration, and so
    does ``close`` from another thread. ::

        for result in client.watch(projects):
            if result.is_success:
                break

    Not made by users.
    """

    def __init__(
        self, client: BlockingClientBase, results: AsyncResultStream[T_co], show: Callable[[T_co], T_co]
    ) -> None:
        # kept: a client that is forgotten ends its loop
        self._client = client
        self._crossing = client._crossing
        self._results = results
        self._show = show
        self._has_begun = False
        self._has_ended = False

    def __enter__(self) -> Self:
        self._crossing.wait(self._results.__aenter__)
        self._has_begun = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __next__(self) -> T_co:
        if self._has_ended:
            raise StopIteration
        self._crossing.refuse_loops()
        try:
            result = self._crossing.wait(self._results.__anext__)
        except (StopAsyncIteration, LoopError) as end:
            # a client that is closed between two steps ends the iteration like one that is closed during a step
            if isinstance(end, LoopError) and not self._has_begun:
                raise
            self._has_ended = True
            raise StopIteration from None
        self._has_begun = True
        return self._show(result)

    def close(self) -> None:
        """Leave the observer. Whatever thread iterates has come to its end."""
        if not self._has_ended:
            self._has_ended = True
            self._crossing.call(self._results.close)
