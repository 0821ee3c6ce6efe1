"""The life of a client: what it is made of, mounting, closing, and its option defaults.

Source: queryClient.ts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Protocol, Self, cast

from ..base.errors import OptionError
from ..base.mutation_options import AnyMutationOptions
from ..base.options import AnyQueryOptions
from ..base.query_key import AnyQueryKey
from ..base.types import Unsubscribe
from ..cache.mutation_cache import MutationCache
from ..cache.query import Query
from ..cache.query_cache import QueryCache
from ..runtime.clock import Clock
from ..runtime.environment import Environment
from ..runtime.focus_manager import FocusManager
from ..runtime.handle import Handle
from ..runtime.notify_manager import NotifyManager
from ..runtime.online_manager import OnlineManager
from ..runtime.reporting import logger
from .defaults import DefaultOptions, Defaults


class Attachment(Protocol):
    """Something that ends with a client, as the client sees it."""

    def stop(self) -> Handle[None]:
        """The client closes: begin no more. Done when what was under way is."""
        ...

    def discard(self) -> None:
        """The event loop has ended: begin no more, and wait for nothing."""
        ...


class ClientBase:
    """The part of ``QueryClient`` that does not touch single queries."""

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
        self._environment = Environment(
            clock=clock, online=online_manager, focus=focus_manager, notify=notify_manager, is_server=is_server
        )
        self._environment.on_bind = self._on_bind
        # "is None": an empty cache might one day be falsy
        self._query_cache = QueryCache(notify_manager=notify_manager) if query_cache is None else query_cache
        # For as long as the cache, as is the next. What is filed under a hash, for a glance: what nobody has looked at
        # yet is no query, so that its fields raise AttributeError.
        self._filed: Final = cast("Callable[[str], Query[Any] | None]", self._query_cache._queries.get)
        # what an indicator asks at each event is to cost nothing
        self._fetching: Final = self._query_cache._live.fetching
        self._mutation_cache = (
            MutationCache(notify_manager=notify_manager) if mutation_cache is None else mutation_cache
        )
        self._defaults = Defaults(_checked(DefaultOptions() if default_options is None else default_options))
        self._mount_count = 0
        self._unsubscribes: list[Unsubscribe] = []
        self._attachments: dict[Attachment, None] = {}

    # -- life

    @property
    def environment(self) -> Environment:
        """The loop, clock, signals, tasks and timers of this client."""
        return self._environment

    def mount(self) -> None:
        """Follow focus and network: paused work goes on, and stale queries are refetched, when they come back.

        Counted: each mount wants an unmount. ``async with client:`` does both.

        Source: queryClient.ts, mount.
        """
        self._mount_count += 1
        if self._mount_count == 1:
            self._unsubscribes = [
                self._environment.focus_manager.subscribe(self._on_focus),
                self._environment.online_manager.subscribe(self._on_online),
            ]

    def unmount(self) -> None:
        """Undo one mount. Does nothing if there is none."""
        if self._mount_count == 0:
            return
        self._mount_count -= 1
        if self._mount_count == 0:
            for unsubscribe in self._unsubscribes:
                unsubscribe()
            self._unsubscribes = []

    def _on_focus(self, focused: bool) -> None:
        if focused:
            self._after_resuming(self._query_cache.on_focus)

    def _on_online(self, online: bool) -> None:
        if online:
            self._after_resuming(self._query_cache.on_online)

    def _after_resuming(self, refetch: Callable[[], None]) -> None:
        # writes first: a refetch before them would bring back what they are about to change
        self._environment.spawn(self._resume_then(refetch), "resuming after focus or network came back")

    async def _resume_then(self, refetch: Callable[[], None]) -> None:
        await self.resume_paused_mutations()
        refetch()

    def _on_bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """The client belongs to this loop from now on."""

    async def __aenter__(self) -> Self:
        self._environment.bind()
        self.mount()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def attach(self, attachment: Attachment) -> Unsubscribe:
        """Let something end with this client: it is stopped first when the client closes.

        Args:
            attachment: What to stop.

        Returns:
            A function that lets it go.
        """
        self._attachments[attachment] = None
        return lambda: self._attachments.pop(attachment, None)

    async def aclose(self) -> None:
        """Unmount, cancel every fetch and timer of this client, wait for the tasks, and let go of the event loop.

        The data stays readable, and is still collected one day if the client comes to another loop. Callers who still
        wait get a ``QueryCancelledError``, also those of mutations under way: await your writes first. What other
        clients do in a cache that they share goes on.

        Raises:
            LoopError: Tasks of this client are left in another event loop than the running one; see ``discard``.
        """
        while self._mount_count:
            self.unmount()
        for attachment in list(self._attachments):
            await attachment.stop()
        own = self._environment
        writing = sum(mutation.environment is own for mutation in self._mutation_cache.find_all(status="pending"))
        if writing:
            logger.warning("the client was closed while %d mutation(s) were under way", writing)
        for query in self._query_cache._unread.looked_at():
            if query.environment is own:
                query.cancel(revert=True)
        await own.aclose()

    def discard(self) -> list[str]:
        """Unmount and let go of an event loop that has ended, where ``aclose`` can no longer be awaited.

        Queries go back to their states from before what it was fetching. Mutations that had not begun can be resumed
        in another loop; those that had are taken out of the cache.

        Returns:
            A readable line for each task that the loop left behind.
        """
        while self._mount_count:
            self.unmount()
        for attachment in list(self._attachments):
            attachment.discard()
        own = self._environment
        left = own.discard()
        for query in self._query_cache._unread.looked_at():
            if query.environment is own:
                query.forsake()
        for mutation in self._mutation_cache.get_all():
            if mutation.environment is own:
                mutation.forsake()
        return left

    def leaks(self) -> list[str]:
        """A readable line for each task and timer of this client that is alive."""
        return self._environment.leaks()

    def get_query_cache(self) -> QueryCache:
        """The queries."""
        return self._query_cache

    def get_mutation_cache(self) -> MutationCache:
        """The mutations."""
        return self._mutation_cache

    def clear(self) -> None:
        """Take everything out of both caches. Fetches are cancelled, mutations go on."""
        self._query_cache.clear()
        self._mutation_cache.clear()

    def resume_paused_mutations(self) -> Handle[None]:
        """Go on with the mutations that wait for the network; without one, nothing happens.

        Returns:
            A handle that is done, without error, when all of them are.
        """
        if self._environment.online_manager.is_online():
            return self._mutation_cache.resume_paused_mutations()
        return Handle.of(None)

    # -- defaults

    def get_default_options(self) -> DefaultOptions:
        """What all queries and mutations of this client inherit."""
        return self._defaults.options

    def set_default_options(self, options: DefaultOptions) -> None:
        """Replace what all queries and mutations inherit. Existing ones are not changed.

        Args:
            options: The new defaults, all of them.
        """
        self._defaults.options = _checked(options)

    def set_query_defaults(self, query_key: AnyQueryKey, options: AnyQueryOptions) -> None:
        """Let all queries whose key begins with this one inherit *options*. Existing ones are not changed.

        Args:
            query_key: The beginning.
            options: The options, in place of what was set for this very key before.
        """
        self._defaults.set_query_defaults(query_key, options)

    def get_query_defaults(self, query_key: AnyQueryKey) -> AnyQueryOptions:
        """What is set for keys like this one, later registrations over earlier ones.

        Args:
            query_key: The key.
        """
        return self._defaults.get_query_defaults(query_key)

    def set_mutation_defaults(self, mutation_key: AnyQueryKey, options: AnyMutationOptions) -> None:
        """Let all mutations whose key begins with this one inherit *options*.

        Args:
            mutation_key: The beginning.
            options: The options, in place of what was set for this very key before.
        """
        self._defaults.set_mutation_defaults(mutation_key, options)

    def get_mutation_defaults(self, mutation_key: AnyQueryKey) -> AnyMutationOptions:
        """What is set for mutation keys like this one, later registrations over earlier ones.

        Args:
            mutation_key: The key.
        """
        return self._defaults.get_mutation_defaults(mutation_key)

    def default_query_options(self, options: AnyQueryOptions) -> AnyQueryOptions:
        """*options* with everything that they inherit.

        Args:
            options: As people write them.
        """
        return self._defaults.of_query(options)

    def default_mutation_options(self, options: AnyMutationOptions) -> AnyMutationOptions:
        """*options* with everything that they inherit.

        Args:
            options: As people write them.
        """
        return self._defaults.of_mutation(options)


def _checked(options: object) -> DefaultOptions:
    if not isinstance(options, DefaultOptions):
        raise OptionError(
            f"default_options is {options!r}; expected DefaultOptions(queries=QueryOptions(...), "
            "mutations=MutationOptions(...)).",
            option="default_options",
        )
    return options
