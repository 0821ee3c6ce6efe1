"""Not too many calls at once: a limit around query functions, or around any async function."""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Hashable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

from typing_extensions import ParamSpec

from ..base.contexts import QueryFunctionContext
from ..base.errors import OptionError
from .origins import host_of
from .request import parse_api_query_key

P = ParamSpec("P")
T = TypeVar("T")


def is_count(value: object) -> bool:
    """Whether *value* is a whole number from 1.

    Args:
        value: Anything.
    """
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


class _Places:
    """The places of one group in one loop, for as long as somebody has or wants one."""

    def __init__(self, count: int) -> None:
        self.semaphore = asyncio.Semaphore(count)
        self.users = 0


class ConcurrencyLimit:
    """A limit that several functions share: no more than *count* of their calls run at once, first come, first served.

    A call that is cancelled while it waits leaves the queue; one that is cancelled while it runs gives its place to
    the next. Event loops do not share: each has all places. ::

        limit = ConcurrencyLimit(4)
        projects = query_options(api_projects, query_fn=limit(load_projects))

    Args:
        count: How many calls may run at once.
        per: Called with the arguments of a call; each group that it names has the limit for itself. With
            ``host_of_call`` that is each server.

    Raises:
        OptionError: A *count* that is no whole number from 1, or *per* is no function.
    """

    def __init__(self, count: int, *, per: Callable[..., Hashable] | None = None) -> None:
        if not is_count(count):
            raise OptionError(f"count={count!r} is no limit; expected a whole number from 1.", option="count")
        if per is not None and not callable(per):
            raise OptionError(f"per={per!r} is no function; expected one of a call's arguments.", option="per")
        self._count = count
        self._per = per
        self._places: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, _Places]] = WeakKeyDictionary()
        self._lock = threading.Lock()
        # the same function limited again is the same: options that are made anew at each use stay equal
        self._limited: WeakValueDictionary[int, Callable[..., Any]] = WeakValueDictionary()

    def __call__(self, function: Callable[P, Awaitable[T]], /) -> Callable[P, Coroutine[Any, Any, T]]:
        """*function* with the limit around it.

        Args:
            function: An async function, such as a ``query_fn`` or ``mutation_fn``.

        Raises:
            OptionError: No function.
        """
        if not callable(function):
            raise OptionError(f"a limit was put around {function!r}; expected an async function.", option="function")
        known = self._limited.get(id(function))
        if known is not None:
            return known

        @_named_like(function)
        async def limited(*args: P.args, **kwargs: P.kwargs) -> T:
            async with self.place(None if self._per is None else self._per(*args, **kwargs)):
                call: Any = function(*args, **kwargs)
                if not inspect.isawaitable(call):
                    raise OptionError(
                        f"a limit was put around {function!r}, which is not async: it was over before others could "
                        "wait for it. Make it async, or leave the limit out.",
                        option="function",
                    )
                result: T = await call
                return result

        self._limited[id(function)] = limited
        return limited

    @asynccontextmanager
    async def place(self, group: Hashable = None) -> AsyncGenerator[None]:
        """A place for the length of the block; waits for one.

        Args:
            group: Whose places.
        """
        loop = asyncio.get_running_loop()
        with self._lock:
            groups = self._places.setdefault(loop, {})
        places = groups.setdefault(group, _Places(self._count))
        places.users += 1
        try:
            async with places.semaphore:
                yield
        finally:
            places.users -= 1
            if not places.users:
                del groups[group]


def limit_concurrency(
    function: Callable[P, Awaitable[T]], count: int, *, per: Callable[P, Hashable] | None = None
) -> Callable[P, Coroutine[Any, Any, T]]:
    """*function*, of which no more than *count* calls run at once: ``query_fn=limit_concurrency(api_fetch, 4)``.

    Made once and used for all; functions that share a limit are given one ``ConcurrencyLimit``.

    Args:
        function: An async function, such as a ``query_fn`` or ``mutation_fn``.
        count: How many calls may run at once.
        per: Called with the arguments of a call; each group that it names has the limit for itself.

    Raises:
        OptionError: A *count* that is no whole number from 1, or what is no function.
    """
    return ConcurrencyLimit(count, per=per)(function)


def host_of_call(context: QueryFunctionContext[Any]) -> str:
    """The server that an API query asks: its host with port; empty for that of the base URL. For ``per=``.

    Args:
        context: The context of the query.

    Raises:
        QueryKeyError: The key stands for no call.
    """
    return host_of(parse_api_query_key(context.query_key))


def _named_like(function: Callable[..., Any]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    # an object that is called has no name to take over
    return functools.wraps(function) if hasattr(function, "__name__") else lambda limited: limited
