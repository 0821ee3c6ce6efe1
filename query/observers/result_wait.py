"""Waiting for the first result that fulfils a condition. Not upstream: what scripts and tests want."""

from __future__ import annotations

import asyncio
import math
import reprlib
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from ..base import option_checks as check
from ..base.errors import QueryCancelledError, ResultTimeoutError
from ..base.types import Duration, Unsubscribe
from ..runtime.environment import Environment
from .query_result import QueryResult

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Followed(Protocol[T_co]):
    """An observer as who waits for its results sees it."""

    def _follow(self, look: Callable[[T_co], object]) -> Unsubscribe:
        """Subscribe, and show *look* every result, whatever listeners are told of."""
        ...

    def get_current_result(self) -> T_co:
        """The latest result."""
        ...

    def _describe(self) -> tuple[str, str]:
        """The hash of what is looked at, and the latest result in words."""
        ...


async def first_result(
    observer: Followed[T],
    environment: Environment,
    predicate: Callable[[T], object],
    timeout: Duration | None,  # noqa: ASYNC109 - by the client's clock, which may be a virtual one
) -> T:
    """The first result for which *predicate* holds, the present one included.

    Args:
        observer: Whose results; subscribed to while waiting.
        environment: Where time is measured.
        predicate: A function of a result.
        timeout: Seconds or a timedelta; None or ``math.inf`` wait for good.

    Raises:
        OptionError: The predicate is a coroutine function, or the timeout is no duration.
        ResultTimeoutError: There was none in time.
        QueryCancelledError: The client was closed.
    """
    check.refuse_async("predicate", predicate)
    patience = math.inf if timeout is None else check.duration("timeout", timeout)
    done: asyncio.Future[None] = environment.bind().create_future()
    found: list[T] = []
    failures: list[BaseException] = []

    def wake() -> None:
        if not done.done():
            done.set_result(None)

    def look(result: T) -> None:
        if done.done():
            return
        try:
            if predicate(result):
                found.append(result)
                wake()
        except BaseException as error:  # noqa: BLE001 - the predicate's: who waits is told, not who made the change
            fail(error)

    def fail(error: BaseException) -> None:
        failures.append(error)
        wake()

    def expire() -> None:
        query_hash, last = observer._describe()
        fail(ResultTimeoutError(query_hash, patience, last))

    leave = observer._follow(look)
    forget = environment.on_close(lambda: fail(QueryCancelledError()))
    look(observer.get_current_result())
    timer = None
    if patience < math.inf:
        timer = environment.set_timeout(expire, patience, f"a result of {observer._describe()[0]}")
    try:
        await done
    finally:
        if timer is not None:
            timer.cancel()
        forget()
        leave()
    if found:
        return found[0]
    raise failures[0]


def described(result: QueryResult[Any]) -> str:
    """A result in words.

    Args:
        result: The result of one query.
    """
    parts = [f"{result.status}/{result.fetch_status}"]
    if result.has_data:
        parts.append(f"data {reprlib.repr(result.data)}")
    if result.error is not None:
        parts.append(f"error {result.error!r}")
    return ", ".join(parts)
