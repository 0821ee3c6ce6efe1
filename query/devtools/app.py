"""The page as an ASGI app, to be mounted in that of a program or served by itself."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from typing import Final, TypeVar
from urllib.parse import urlencode

import msgspec
from sse_starlette import ServerSentEvent
from sse_starlette.sse import AppStatus
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..cache.event_log import SIZE, EventLog
from ..client.query_client import QueryClient
from ..threads.client import BlockingClient
from . import components
from .actions import ActionError, Actions
from .feed import Parts, feed
from .guard import Guard
from .page import live_page
from .reading import View, find_mutation, find_query, read_mutations, read_queries
from .triggers import MakeError

T = TypeVar("T")

MAX_BODY: Final = 100_000
"""Bytes of a request that asks for an action."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class _Asked(msgspec.Struct, frozen=True):
    """The body of a request for an action."""

    action: str
    target: str = ""
    value: str = ""


class Devtools:
    """An ASGI app that shows one client; made by ``devtools``.

    Attributes:
        token: What a request must know: ``?token=...``.
        log: The last events of the client, noted from when this was made to ``close()``.
    """

    def __init__(
        self,
        client: QueryClient | BlockingClient,
        *,
        token: str | None = None,
        hosts: Collection[str] = (),
        error_types: Mapping[str, MakeError] | None = None,
        events: int = SIZE,
    ) -> None:
        self._client: QueryClient = client._client if isinstance(client, BlockingClient) else client
        self.token: str = secrets.token_urlsafe(24) if token is None else token
        if not self.token:
            raise ValueError("the token is empty, so anybody would know it. Leave it out to get a random one.")
        self.log: EventLog = EventLog(events)
        self.log.watch(
            self._client.get_query_cache(),
            self._client.get_mutation_cache(),
            self._client.environment.timeout_manager.time,
        )
        self._guard = Guard(self.token, hosts)
        self._ended = asyncio.Event()
        self._actions = Actions(self._client, error_types or {})
        self._app = Starlette(
            routes=[
                Route("/", self._page),
                Route("/events", self._events),
                Route("/action", self._action, methods=["POST"]),
            ]
        )

    def url(self, base: str) -> str:
        """The address of the page, with the token.

        Args:
            base: Where the app is, such as ``"http://127.0.0.1:8000/_query"``.
        """
        return f"{base.rstrip('/')}/?{urlencode({'token': self.token})}"

    def close(self) -> None:
        """Note nothing more; from now on the page costs the client nothing, and still shows it."""
        self.log.stop()

    def end_streams(self) -> None:
        """Let go of all viewers: the server is about to stop. Called in its loop."""
        self._ended.set()

    def _is_over(self) -> bool:
        return self._ended.is_set() or AppStatus.should_exit

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http":
            refusal = self._guard.refusal(HTTPConnection(scope))
            if refusal:
                await PlainTextResponse(refusal, 403, HEADERS)(scope, receive, send)
                return
        elif scope["type"] != "lifespan":
            # a websocket: there is none here
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)

    # -- what it answers

    async def _page(self, request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
            "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(live_page(nonce), headers={**HEADERS, "Content-Security-Policy": policy})

    async def _events(self, request: Request) -> Response:
        try:
            view = msgspec.convert(dict(request.query_params), View, strict=False)
        except msgspec.ValidationError as error:
            return PlainTextResponse(f"No such view: {error}", 400, HEADERS)

        async def make() -> Parts:
            return await self._in_loop(lambda: self.parts(view))

        async def stream() -> AsyncIterator[bytes]:
            # a server that is asked to stop would wait for its streams
            events = feed(make, lambda: self.log.latest, is_over=self._is_over, sleep=self._sleep)
            async for event in events:
                yield ServerSentEvent(
                    event.get("data"), event=event.get("event"), comment=event.get("comment")
                ).encode()

        # not its EventSourceResponse, which leaves a task behind that looks for the end of the program for ever
        return StreamingResponse(stream(), media_type="text/event-stream", headers=HEADERS)

    async def _action(self, request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return PlainTextResponse("An action is sent as JSON.", 415, HEADERS)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                return PlainTextResponse("This is too long for an action.", 413, HEADERS)
        try:
            asked = msgspec.json.decode(body, type=_Asked)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            return PlainTextResponse(f"This is no action: {error}", 400, HEADERS)
        try:
            await self._in_loop(lambda: self._actions.do(asked.action, asked.target, asked.value))
        except ActionError as error:
            return PlainTextResponse(str(error), 409, HEADERS)
        return Response(status_code=204, headers=HEADERS)

    def parts(self, view: View) -> Parts:
        """The parts of the page for one viewer. Called in the loop of the client.

        Args:
            view: What it wants to see.
        """
        client = self._client
        online = client.environment.online_manager.is_online()
        parts = {"network": "online" if online else "offline"}
        if view.tab == "mutations":
            mutations = read_mutations(client, view)
            mutation = find_mutation(client, view.selected)
            parts["counts"] = str(components.counts(mutations.counts))
            parts["list"] = str(components.mutation_table(mutations, view.selected))
            parts["detail"] = str(
                components.nothing_selected("mutation") if mutation is None else components.mutation_detail(mutation)
            )
            return parts
        queries = read_queries(client, view)
        parts["counts"] = str(components.counts(queries.counts))
        if view.tab == "events":
            parts["list"] = str(components.event_table(self.log.events()))
            return parts
        query = find_query(client, view.selected)
        parts["list"] = str(components.query_table(queries, view.selected))
        if query is None:
            parts["detail"] = str(components.nothing_selected("query"))
        else:
            triggers, error_types = self._actions.triggers, self._actions.error_types
            parts["detail"] = str(components.query_detail(query, trigger=triggers.of(query), error_types=error_types))
        return parts

    async def _in_loop(self, function: Callable[[], T]) -> T:
        """What *function* returns, called in the loop of the client, which may be that of another thread."""
        environment = self._client.environment
        if not environment.is_running_elsewhere():
            return function()

        async def call() -> T:
            return function()

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call(), environment.loop_elsewhere()))


def devtools(
    client: QueryClient | BlockingClient,
    *,
    token: str | None = None,
    hosts: Collection[str] = (),
    error_types: Mapping[str, MakeError] | None = None,
    events: int = SIZE,
) -> Devtools:
    """The live page of a client as an ASGI app.

    For example::

        page = devtools(client)
        app.mount("/_query", page)
        print(page.url("http://127.0.0.1:8000/_query"))

    Everybody who knows the token can read the cache and change it: mount it in development only.

    Args:
        client: The client; one of ``query.sync`` too.
        token: What a request must know; a random one by default.
        hosts: Names under which the page may be asked for, beside ``localhost`` and the addresses of loopback.
        error_types: Errors that a query can be made to fail with, by name: functions of the query.
        events: How many events to keep.

    Raises:
        ValueError: The token is empty.
    """
    return Devtools(client, token=token, hosts=hosts, error_types=error_types, events=events)
