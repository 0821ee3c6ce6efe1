"""A client that outlives its process: restored when it begins, saved whenever it changes.

Source: query-persist-client-core, persist.ts. Differs: what waits to be saved is saved when it ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NotRequired, TypedDict

from ..base.errors import QueryCancelledError
from ..base.option_checks import duration
from ..base.types import Duration, Unsubscribe
from ..cache.mutation_events import MutationCacheEvent
from ..cache.query_events import QueryCacheEvent
from ..runtime.following import FollowingHandle, mute
from ..runtime.handle import Handle
from ..runtime.reporting import logger
from ..runtime.throttle import Throttle
from ..runtime.waiting import settled
from .dehydrated_state import Instant, checked
from .dehydration import dehydrate
from .hydration import hydrate
from .hydration_options import DehydrateOptions, HydrateOptions
from .persisted_client import PersistedClient, Persister
from .query_client import QueryClient

MAX_AGE = 24 * 60 * 60.0
"""Seconds after which what was saved is thrown away: a day."""

# an observer's coming and going changes nothing that is saved
_SAVED_EVENTS = frozenset({"added", "removed", "updated"})


class _Record(TypedDict):
    """A ``PersistedClient`` as it may be read."""

    timestamp: NotRequired[Instant | None]
    buster: NotRequired[Any]
    client_state: NotRequired[Any]


async def persist_query_client_restore(
    client: QueryClient,
    persister: Persister,
    *,
    max_age: Duration = MAX_AGE,
    buster: str = "",
    hydrate_options: HydrateOptions | None = None,
) -> None:
    """Hydrate a client from what was saved. What is too old, or was saved with another *buster*, is thrown away.

    Args:
        client: The client to take it in.
        persister: Who saved it.
        max_age: Seconds that it may be old.
        buster: A text of the program's own, such as its version.
        hydrate_options: What is inherited, and how to read it.

    Raises:
        HydrationError: What was saved is no client; it is thrown away.
        Exception: Whatever the persister raises. What was saved is thrown away as a precaution.

    Source: persist.ts, persistQueryClientRestore.
    """
    longest = duration("max_age", max_age)
    try:
        found: object = await settled(persister.restore_client())
        if found is None:
            return
        record = checked(found, _Record)
        timestamp = record.get("timestamp")
        is_fresh = bool(timestamp and client.environment.now() - timestamp <= longest)
        is_valid = is_fresh and record.get("buster") == buster
        if is_valid:
            hydrate(client, record.get("client_state"), hydrate_options)
    except Exception as error:
        logger.warning("what was saved of a client could not be restored, and is thrown away", exc_info=error)
        await settled(persister.remove_client())
        raise
    if not is_valid:
        await settled(persister.remove_client())


async def persist_query_client_save(
    client: QueryClient,
    persister: Persister,
    *,
    buster: str = "",
    dehydrate_options: DehydrateOptions | None = None,
) -> None:
    """Save a client now.

    Args:
        client: The client.
        persister: Who saves it.
        buster: A text of the program's own, such as its version.
        dehydrate_options: What to save, and how.

    Raises:
        Exception: Whatever the persister raises.

    Source: persist.ts, persistQueryClientSave.
    """
    record: PersistedClient = {
        "timestamp": client.environment.now(),
        "buster": buster,
        "client_state": dehydrate(client, dehydrate_options),
    }
    await settled(persister.persist_client(record))


class ClientPersistence:
    """A client that is saved whenever it changes. Made by ``persist_query_client``.

    It ends with the client: ``await client.aclose()`` saves what waits to be saved.

    Attributes:
        restored: Done when what was saved before has been taken in. It fails if that could not be read; the client is
            not saved then.
    """

    def __init__(
        self,
        client: QueryClient,
        persister: Persister,
        *,
        buster: str,
        dehydrate_options: DehydrateOptions | None,
        on_error: Callable[[Exception], object] | None,
    ) -> None:
        self._client = client
        self._save: Throttle[[]] = Throttle(
            client.environment,
            lambda: persist_query_client_save(client, persister, buster=buster, dehydrate_options=dehydrate_options),
            interval=getattr(persister, "throttle_time", 0.0),
            name="saving the client",
            on_error=on_error or _log,
        )
        self._unsubscribes: list[Unsubscribe] = [client.attach(self)]
        self._is_over = False
        self.restored: Handle[None] = Handle.of(None)

    def subscribe(self) -> None:
        """Begin to save, unless it is over."""
        if not self._is_over:
            self._unsubscribes += [
                self._client.get_query_cache().subscribe(self._on_event),
                self._client.get_mutation_cache().subscribe(self._on_event),
            ]

    def _on_event(self, event: QueryCacheEvent | MutationCacheEvent) -> None:
        if event.type in _SAVED_EVENTS:
            self._save()

    def flush(self) -> Handle[None]:
        """Save what waits to be saved without waiting any longer.

        Returns:
            A handle that is done, without error, when all is saved or has failed.
        """
        if self._save.is_idle():
            return Handle.of(None)
        return FollowingHandle(
            self._client.environment.spawn(self._save.flush(), "saving the client for the last time")
        )

    def stop(self) -> Handle[None]:
        """Save no later change. What waits to be saved is saved now.

        Returns:
            A handle that is done, without error, when all is saved or has failed.

        Raises:
            LoopError: A save waits, and no loop runs, or another one than the client's.
        """
        self._leave()
        return self.flush()

    def discard(self) -> None:
        """Save nothing any more: the event loop has ended."""
        self._leave()
        self._save.cancel()

    def _leave(self) -> None:
        self._is_over = True
        for unsubscribe in self._unsubscribes:
            unsubscribe()
        self._unsubscribes = []


def _log(error: Exception) -> None:
    logger.warning("a client could not be saved", exc_info=error)


def persist_query_client_subscribe(
    client: QueryClient,
    persister: Persister,
    *,
    buster: str = "",
    dehydrate_options: DehydrateOptions | None = None,
    on_error: Callable[[Exception], object] | None = None,
) -> ClientPersistence:
    """Save a client whenever its queries or mutations change, from now on.

    Args:
        client: The client.
        persister: Who saves it.
        buster: A text of the program's own, such as its version.
        dehydrate_options: What to save, and how.
        on_error: Called with why a save failed; by default that is logged.

    Source: persist.ts, persistQueryClientSubscribe.
    """
    persistence = ClientPersistence(
        client, persister, buster=buster, dehydrate_options=dehydrate_options, on_error=on_error
    )
    persistence.subscribe()
    return persistence


def persist_query_client(
    client: QueryClient,
    persister: Persister,
    *,
    max_age: Duration = MAX_AGE,
    buster: str = "",
    hydrate_options: HydrateOptions | None = None,
    dehydrate_options: DehydrateOptions | None = None,
    on_error: Callable[[Exception], object] | None = None,
) -> ClientPersistence:
    """Restore a client from what was saved, and save it whenever it changes from then on.

    ::

        async with QueryClient() as client:
            persistence = persist_query_client(client, create_storage_persister(FileStorage("~/.cache/my-program")))
            await persistence.restored

    Args:
        client: The client.
        persister: Who saves it.
        max_age: Seconds that what was saved may be old. Restored queries are collected after their ``gc_time`` like
            others: let ``hydrate_options`` give them one as long.
        buster: A text of the program's own, such as its version: what was saved with another one is thrown away.
        hydrate_options: What restored queries and mutations inherit, and how to read them.
        dehydrate_options: What to save, and how.
        on_error: Called with why a save failed; by default that is logged.

    Raises:
        LoopError: No loop runs, or another one than the client's.

    Source: persist.ts, persistQueryClient.
    """
    persistence = ClientPersistence(
        client, persister, buster=buster, dehydrate_options=dehydrate_options, on_error=on_error
    )

    async def restore() -> None:
        try:
            await persist_query_client_restore(
                client, persister, max_age=max_age, buster=buster, hydrate_options=hydrate_options
            )
        except asyncio.CancelledError as end:
            # the client was closed: whoever waits is not cancelled himself
            raise QueryCancelledError from end
        persistence.subscribe()

    task = client.environment.spawn(restore(), "restoring the client")
    # logged there, and told to whoever waits
    task.add_done_callback(mute)
    persistence.restored = FollowingHandle(task)
    return persistence
