"""Clients of several processes that tell each other what they have fetched, over a transport of the program's own.

Source: query-broadcast-client-experimental, index.ts. Differs: the transport is given; what it brings is checked; a
``fetch_status`` is nobody's but the client's own, which would else wait for a fetch that runs elsewhere.
"""

from __future__ import annotations

import inspect
import json
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Literal, NotRequired, Protocol, TypeAlias, TypedDict

import msgspec
from msgspec import structs

from ..base.errors import HydrationError
from ..base.filters import QueryFilters, match_query
from ..base.given_options import merge_options
from ..base.query_key import QueryKey
from ..base.query_state import SuccessAction, fields_of
from ..base.types import UNSET, Unsubscribe
from ..cache.query import Query
from ..cache.query_events import QueryCacheEvent
from ..runtime.following import FollowingHandle
from ..runtime.handle import Handle
from ..runtime.own_loop import Timer
from ..runtime.reporting import logger
from ..runtime.waiting import settled
from .dehydrated_state import FORMAT_VERSION, DehydratedQuery, checked
from .dehydration import dehydrate_query
from .hydration_options import DehydrateOptions, HydrateOptions
from .hydration_reader import HydrationReader
from .query_client import QueryClient

BroadcastType: TypeAlias = Literal["added", "updated", "removed"]


class BroadcastTransport(Protocol):
    """Carries texts between the processes: a pipe, a websocket, Redis, the bus of a desktop."""

    def send(self, message: str, /) -> Awaitable[Any] | Any:
        """Send a text to all others; the own echo does no harm. Plain or async.

        Args:
            message: The text.
        """
        ...

    def subscribe(self, listener: Callable[[str], None], /) -> Unsubscribe:
        """Call *listener* with each text that comes, in the client's event loop.

        Args:
            listener: Called with the text.

        Returns:
            A function that ends it.
        """
        ...

    def close(self) -> Awaitable[Any] | Any:
        """Nothing more will be sent. Plain or async."""
        ...


class BroadcastErrorEvent(msgspec.Struct, frozen=True, eq=False):
    """A message that could not be sent.

    Attributes:
        type: What happened to the query: "added", "updated" or "removed".
        query_hash: The hash of the query.
        query_key: Its key.
    """

    type: BroadcastType
    query_hash: str
    query_key: QueryKey[Any]


OnBroadcastError: TypeAlias = Callable[[Exception, BroadcastErrorEvent], Awaitable[Any] | Any]


class _Message(TypedDict):
    version: int
    sender: str
    type: BroadcastType
    query_hash: str
    query: NotRequired[DehydratedQuery]


class QueryBroadcast:
    """A client that tells others what it has fetched, and takes in what they tell. Made by ``broadcast_query_client``.

    It ends with the client.
    """

    def __init__(
        self,
        client: QueryClient,
        transport: BroadcastTransport,
        *,
        filters: QueryFilters | None,
        dehydrate_options: DehydrateOptions,
        hydrate_options: HydrateOptions,
        on_error: OnBroadcastError | None,
    ) -> None:
        self._client = client
        self._transport = transport
        self._filters = filters
        self._dehydrate_options = dehydrate_options
        self._hydrate_options = hydrate_options
        self._on_error = on_error
        self._sender = uuid.uuid4().hex
        self._is_applying = False
        # what waits to be sent, in order: a later state must not arrive before an earlier one
        self._outbox: deque[tuple[str, BroadcastErrorEvent]] = deque()
        self._is_sending = False
        self._sending: Handle[None] = Handle.of(None)
        self._timer: Timer | None = None
        self._unsubscribes: list[Unsubscribe] = [
            client.attach(self),
            client.get_query_cache().subscribe(self._on_event),
            transport.subscribe(self._on_message),
        ]

    def stop(self) -> Handle[None]:
        """Tell and take in nothing more, and close the transport when what waits has been sent.

        Returns:
            A handle that is done, without error, when the transport is closed.

        Raises:
            LoopError: No loop runs, or another one than the client's.
        """
        if self._unsubscribes:
            self._leave()
            self._sending = FollowingHandle(
                self._client.environment.spawn(self._finish(self._sending), "ending a broadcast")
            )
        return self._sending

    def discard(self) -> None:
        """Tell and take in nothing more: the event loop has ended."""
        self._leave()
        self._outbox.clear()

    def _leave(self) -> None:
        for unsubscribe in self._unsubscribes:
            unsubscribe()
        self._unsubscribes = []
        self._forget_timer()

    async def _finish(self, sending: Handle[None]) -> None:
        await sending
        await self._send_all()
        try:
            await settled(self._transport.close())
        except Exception as error:  # noqa: BLE001 - nobody can do anything about it, and the client closes all the same
            logger.warning("the transport of a broadcast could not be closed", exc_info=error)

    # -- out

    def _on_event(self, event: QueryCacheEvent) -> None:
        if self._is_applying or (self._filters is not None and not match_query(self._filters, event.query)):
            return
        if event.type == "added":
            self._tell("added", event.query)
        elif event.type == "updated" and isinstance(event.action, SuccessAction):
            self._tell("updated", event.query)
        elif event.type == "removed" and event.query.get_observers_count():
            # one that nobody watches was collected here, which is no reason to lose it elsewhere
            self._tell("removed", event.query)

    def _tell(self, kind: BroadcastType, query: Query[Any]) -> None:
        event = BroadcastErrorEvent(kind, query.query_hash, query.query_key)
        message: _Message = {
            "version": FORMAT_VERSION,
            "sender": self._sender,
            "type": kind,
            "query_hash": query.query_hash,
        }
        try:
            if kind != "removed":
                message["query"] = dehydrate_query(query, self._dehydrate_options, promises=False)
            text = json.dumps(message, separators=(",", ":"))
        except Exception as error:  # noqa: BLE001 - the caller's function, or data that JSON has no word for
            self._fail(error, event)
            return
        self._outbox.append((text, event))
        self._send_soon()

    def _send_soon(self) -> None:
        if self._is_sending or self._timer is not None:
            return
        environment = self._client.environment
        if environment.has_loop():
            self._send()
        else:
            self._timer = environment.set_timeout(self._send, 0.0, "sending a broadcast")

    def _send(self) -> None:
        self._forget_timer()
        self._sending = FollowingHandle(self._client.environment.spawn(self._send_all(), "sending a broadcast"))

    async def _send_all(self) -> None:
        self._is_sending = True
        try:
            while self._outbox:
                text, event = self._outbox.popleft()
                try:
                    await settled(self._transport.send(text))
                except Exception as error:  # noqa: BLE001 - one message that is lost does not keep back the next
                    self._fail(error, event)
        finally:
            self._is_sending = False

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fail(self, error: Exception, event: BroadcastErrorEvent) -> None:
        if self._on_error is None:
            logger.warning(
                "query %s was %s, but that could not be told to others: %s", event.query_hash, event.type, error
            )
            return
        try:
            told = self._on_error(error, event)
        except Exception as raised:  # noqa: BLE001 - a mistake in telling of an error is only logged
            _log_callback(raised)
            return
        if inspect.isawaitable(told):
            self._client.environment.spawn(_watch(told), "telling of a broadcast that failed")

    # -- in

    def _on_message(self, text: str) -> None:
        self._is_applying = True
        try:
            self._apply(json.loads(text))
        except Exception as error:  # noqa: BLE001 - it came from outside: a bad one is dropped, and harms nobody
            logger.warning("a broadcast of another client was dropped: %s", error)
        finally:
            self._is_applying = False

    def _apply(self, payload: object) -> None:
        message = checked(payload, _Message)
        if message["sender"] == self._sender:
            return
        if message["version"] > FORMAT_VERSION:
            raise HydrationError(f"it has format {message['version']}, a later one than {FORMAT_VERSION}")
        cache = self._client.get_query_cache()
        if message["type"] == "removed":
            present = cache.get(message["query_hash"])
            if present is not None:
                cache.remove(present)
            return
        if "query" not in message:
            raise HydrationError("it tells of a query without saying which", place="query")
        restored = HydrationReader(self._client, self._hydrate_options).query(message["query"], "query")
        present = cache.get(restored.query_hash)
        if present is None:
            cache.build(self._client, restored.options, structs.replace(restored.state, fetch_status="idle"))
        elif message["type"] == "updated" or present.state.data is UNSET:
            present.set_state(**{**fields_of(restored.state), "fetch_status": present.state.fetch_status})


async def _watch(told: object) -> None:
    try:
        await settled(told)
    except Exception as error:  # noqa: BLE001 - as above
        _log_callback(error)


def _log_callback(error: Exception) -> None:
    logger.warning("on_error of a broadcast raised", exc_info=error)


def broadcast_query_client(
    client: QueryClient,
    transport: BroadcastTransport,
    *,
    filters: QueryFilters | None = None,
    dehydrate_options: DehydrateOptions | None = None,
    hydrate_options: HydrateOptions | None = None,
    on_error: OnBroadcastError | None = None,
) -> QueryBroadcast:
    """Let clients of several processes share what they fetch.

    Each tells the others when a query came, got data, or was removed while somebody watched it, and takes in what the
    others tell. The last one to tell wins.

    Args:
        client: The client.
        transport: Carries the messages.
        filters: Which queries to tell of; by default all.
        dehydrate_options: ``serialize_data`` and ``serialize_error``, for what is told.
        hydrate_options: What queries inherit that others told of, and how to read them.
        on_error: Called with the error and a ``BroadcastErrorEvent`` when a message could not be sent, plain or async;
            by default that is logged.

    Source: query-broadcast-client-experimental, broadcastQueryClient.
    """
    return QueryBroadcast(
        client,
        transport,
        filters=filters,
        dehydrate_options=merge_options(
            client.get_default_options().dehydrate, dehydrate_options or DehydrateOptions()
        ),
        hydrate_options=hydrate_options or HydrateOptions(),
        on_error=on_error,
    )
