"""Many questions, one call: what is asked for in one moment is asked for together, and the answers are dealt out."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping
from typing import Any, Generic, Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

import msgspec

from ..base.contexts import QueryClientView, QueryFunctionContext
from ..base.errors import OptionError, QueryError
from ..base.option_checks import is_duration
from ..base.types import Duration, seconds
from .concurrency import is_count

IdT = TypeVar("IdT", bound=Hashable)
T = TypeVar("T")


class NotInBatchError(QueryError, LookupError):
    """The answer to a batch says nothing of one of the ids that it was asked for.

    Attributes:
        id: The id.
        ids: All that were asked for.
    """

    retryable = False

    def __init__(self, id: object, ids: tuple[object, ...]) -> None:
        super().__init__(f"the batch of {len(ids)} ids was answered without {id!r}.")
        self.id = id
        self.ids = ids


class BatchContext(msgspec.Struct, frozen=True, eq=False):
    """What the function that loads a batch is called with, beside the ids.

    Attributes:
        client: The client whose queries ask: ``get_api_client(context.client)`` sends their calls.
    """

    client: QueryClientView


class _Cancellable(Protocol):
    def cancel(self) -> object: ...


class _Batch(Generic[IdT, T]):
    """The ids that go into one call, and who waits for each."""

    def __init__(self, client: QueryClientView, timer: _Cancellable) -> None:
        self.context = BatchContext(client)
        self.timer = timer
        self.waiting: dict[IdT, list[asyncio.Future[T]]] = {}
        self.task: asyncio.Task[None] | None = None

    def leave(self, id: IdT, future: asyncio.Future[T]) -> None:
        futures = self.waiting[id]
        futures.remove(future)
        if self.task is None and not futures:
            del self.waiting[id]

    def is_forsaken(self) -> bool:
        return not any(self.waiting.values())

    def deal_out(self, outcome: Callable[[IdT], T | BaseException]) -> None:
        for name, futures in self.waiting.items():
            value = outcome(name)
            for future in futures:
                if future.done():
                    continue
                if isinstance(value, BaseException):
                    future.set_exception(value)
                else:
                    future.set_result(value)


class Batcher(Generic[IdT, T]):
    """A query function that asks together what is asked for together; what ``batch_requests`` returns."""

    def __init__(
        self,
        load: Callable[[tuple[IdT, ...], BatchContext], Awaitable[Mapping[IdT, T | Exception]]],
        id_of: Callable[[QueryFunctionContext[Any]], IdT],
        group_of: Callable[[QueryFunctionContext[Any]], Hashable] | None,
        max_size: int | None,
        max_wait: float,
    ) -> None:
        self._load = load
        self._id_of = id_of
        self._group_of = group_of
        self._max_size = max_size
        self._max_wait = max_wait
        self._open: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, _Batch[IdT, T]]] = WeakKeyDictionary()

    async def __call__(self, context: QueryFunctionContext[Any]) -> T:
        """The part of the answer that this query asks for.

        Args:
            context: The context of the query.

        Raises:
            NotInBatchError: The answer says nothing of it.
        """
        loop = asyncio.get_running_loop()
        name = self._id_of(context)
        # queries of several clients have several logins
        group = (context.client, None if self._group_of is None else self._group_of(context))
        open_ = self._open.setdefault(loop, {})
        batch = open_.get(group)
        if batch is None:
            timer = self._set_timer(loop, context.client, lambda: self._send(loop, group))
            batch = open_[group] = _Batch(context.client, timer)
        future: asyncio.Future[T] = loop.create_future()
        batch.waiting.setdefault(name, []).append(future)
        if self._max_size is not None and len(batch.waiting) >= self._max_size:
            self._send(loop, group)
        try:
            return await future
        finally:
            batch.leave(name, future)
            if batch.is_forsaken():
                self._give_up(loop, group, batch)

    def _set_timer(
        self, loop: asyncio.AbstractEventLoop, client: QueryClientView, send: Callable[[], None]
    ) -> _Cancellable:
        if not self._max_wait:
            return loop.call_soon(send)
        # the time of a client may be that of a test
        environment: Any = getattr(client, "environment", None)
        if environment is None:
            return loop.call_later(self._max_wait, send)
        return cast("_Cancellable", environment.set_timeout(send, self._max_wait, "a batch of requests"))

    def _send(self, loop: asyncio.AbstractEventLoop, group: Hashable) -> None:
        batch = self._open[loop].pop(group)
        batch.timer.cancel()
        # in the context of the one who filled it or whose timer it was: the mock of a test is found by it
        batch.task = loop.create_task(self._run(batch), name="a batch of requests", context=contextvars.copy_context())

    def _give_up(self, loop: asyncio.AbstractEventLoop, group: Hashable, batch: _Batch[IdT, T]) -> None:
        if batch.task is not None:
            # nobody wants it any more; if it is over, this does nothing
            batch.task.cancel()
        else:
            batch.timer.cancel()
            del self._open[loop][group]

    async def _run(self, batch: _Batch[IdT, T]) -> None:
        ids = tuple(batch.waiting)
        try:
            call: Any = self._load(ids, batch.context)
            answers: Any = await call if inspect.isawaitable(call) else call
            if not isinstance(answers, Mapping):
                raise OptionError(
                    f"the function given to batch_requests returned {answers!r}; expected the answers by id, such as "
                    '{1: {"name": "Apollo"}}, with an exception for what failed.',
                    option="load",
                )
            found = cast("Mapping[IdT, T | Exception]", answers)
            batch.deal_out(lambda name: found[name] if name in found else NotInBatchError(name, ids))
        except asyncio.CancelledError:
            for futures in batch.waiting.values():
                for future in futures:
                    future.cancel()
            raise
        except BaseException as error:
            failure: BaseException = error
            if isinstance(error, StopIteration):
                # no future can hold one
                failure = RuntimeError("the function given to batch_requests raised StopIteration")
                failure.__cause__ = error
            batch.deal_out(lambda _: failure)
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise


def batch_requests(
    load: Callable[[tuple[IdT, ...], BatchContext], Awaitable[Mapping[IdT, T | Exception]]],
    *,
    id_of: Callable[[QueryFunctionContext[Any]], IdT],
    group_of: Callable[[QueryFunctionContext[Any]], Hashable] | None = None,
    max_size: int | None = 100,
    max_wait: Duration = 0.0,
) -> Callable[[QueryFunctionContext[T]], Coroutine[Any, Any, T]]:
    """A ``query_fn`` for many queries, whose fetches of one moment make one call.

    An id that several queries ask for is asked for once. A call that fails fails all of them; an exception among the
    answers fails the queries of its id. A query that is cancelled before the call leaves it; when all have left, the
    call is cancelled. ::

        async def load_users(ids, context):
            request = ApiRequest(url="/users/", query={"ids": ",".join(map(str, ids))})
            answer = await call_api(request, context.client)
            return {user["id"]: user for user in answer.json}


        fetch_user = batch_requests(load_users, id_of=lambda context: context.query_key[1])
        user = query_options(query_key=("user", 5), query_fn=fetch_user)

    Args:
        load: Async; called with the ids, each once, in the order in which they were asked for, and a
            ``BatchContext``. Returns the answers by id.
        id_of: From the context of a query to its id, which can be hashed.
        group_of: From the context to what must not be mixed in one call; queries of several clients never are.
        max_size: The most ids of a call; a batch that is full goes off at once. None for no limit.
        max_wait: How long a batch waits for more; by default for what is asked for in the same turn of the loop.

    Raises:
        OptionError: A function that is none, or a size or duration that cannot be.
    """
    for name, function in (("load", load), ("id_of", id_of), ("group_of", group_of)):
        if not callable(function) and not (name == "group_of" and function is None):
            raise OptionError(f"{name}={function!r} is no function; see batch_requests for its form.", option=name)
    if max_size is not None and not is_count(max_size):
        raise OptionError(
            f"max_size={max_size!r} is no size; expected a whole number from 1, or None for no limit.",
            option="max_size",
        )
    if not is_duration(max_wait):
        raise OptionError(
            f"max_wait={max_wait!r} is no duration; expected seconds or a timedelta, 0 or more.", option="max_wait"
        )
    return Batcher(load, id_of, group_of, max_size, seconds(max_wait))
