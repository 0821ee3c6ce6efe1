"""What a mock client is: its options, its layers, when it answers, and its records."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from contextvars import Token
from types import ModuleType
from typing import Any

from typing_extensions import Unpack

from . import interception, messages, turns
from .answers import ANY_METHOD, PreparedAnswer
from .calls import Call, CallList
from .client_options import ClientOptions, checked_options
from .errors import UnmatchedRequestError, UnusedMockError
from .registry import Registry
from .requests import RequestView
from .responses import ResponseMock, Rule
from .turns import Turn
from .urls import UrlPattern


class ClientBase:
    """A mock client, but for registering and answering.

    Args:
        below: The client whose mocks answer what these do not.
        parent: The client of which this one is a scope: it keeps the same records.
        **options: See ``ClientOptions``.

    Attributes:
        calls: Every call that a mock answered, in order.
        history: Every request, in order, with what became of it.
        unmatched: An error for every request that nothing answered. A test that means to send one takes it out, by
            ``expect_unmatched()``, or ``mock_api_client.unmatched.clear()``.
        late: An error for every request that nothing answered and that came from a task or thread of a test that was
            over. It is no fault of the test that runs then; it fails the session.
    """

    def __init__(
        self,
        *,
        below: ClientBase | None = None,
        parent: ClientBase | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self._registry = Registry()
        self._routes: tuple[Any, ResponseMock] | None = None
        self._below = below
        self._parent = parent
        self._turn: Turn | None = None
        self._tokens: list[Token[Any]] = []
        self.calls = CallList()
        self.history = CallList()
        self._real_hosts: set[str] = set()
        self.unmatched: list[UnmatchedRequestError] = []
        self.late: list[UnmatchedRequestError] = []
        self._given: ClientOptions | None = None
        self.configure(**options)

    def configure(self, **options: Unpack[ClientOptions]) -> None:
        """Set the options anew; those not given go back to their defaults.

        Args:
            **options: See ``ClientOptions``.

        Raises:
            ValueError: An option's value that means nothing, a *base_url* without a scheme, or a delay that cannot be.
            TypeError: An option that there is not, or an *allow* that is a single str.
        """
        # each test sets its options, most of them as the one before; a list or dict may have changed since
        if options != self._given or not isinstance(options.get("allow", ()), tuple) or "openapi" in options:
            self._options = checked_options(options)
            self._given = options
        self._delay = self._options.async_delay
        fallback = self._options.fallback
        self._fallback = None if fallback is None else self._made_fallback(fallback)

    def _made_fallback(self, answer: PreparedAnswer) -> ResponseMock:
        """The mock behind ``unmatched=`` if that is an answer."""
        rule = Rule(url=UrlPattern(text="whatever no mock answers"), methods=(ANY_METHOD,))
        return ResponseMock(number=0, rule=rule, answers=(answer,), source="unmatched=", remove=_not_registered)

    # -- life

    @property
    def layers(self) -> Iterator[ClientBase]:
        """This client and those below it, whose mocks are asked in turn."""
        layer: ClientBase | None = self
        while layer is not None:
            yield layer
            layer = layer._below

    @property
    def is_active(self) -> bool:
        """Whether requests come here."""
        return self._turn is not None or self in turns.active

    @property
    def turn(self) -> Turn | None:
        """The stretch for which it answers now; None if it does not."""
        return self._turn

    @property
    def level(self) -> str:
        """Where requests are caught: "transport" or "client"."""
        return self._options.level

    @property
    def blocks_network(self) -> bool:
        """Whether other ways to the network are closed."""
        return self._options.block_network

    def allows(self, host: str) -> bool:
        """Whether requests to a host are sent for real.

        Args:
            host: Its name.
        """
        rules = (rule for layer in self.layers for rule in layer._options.allow)
        return any(rule.fullmatch(host) if isinstance(rule, re.Pattern) else rule == host for rule in rules)

    def lets_through(self, host: str) -> bool:
        """Whether a host may be reached while the network is closed: it is allowed, or a request was passed on to it.

        Args:
            host: Its name.
        """
        return any(host in layer._real_hosts for layer in self.layers) or self.allows(host)

    def start(self, name: str = "", *, bind: bool = True) -> None:
        """Answer requests from now on: those of this context, and all while it is the only client.

        Args:
            name: For which test, if it is for one.
            bind: Whether this context is its own; else it answers only what no other client does.
        """
        if self._parent is None and self not in turns.active:
            turns.active.append(self)
        interception.intercept()
        if self._turn is not None:
            self._turn.is_over = True
        self._turn = Turn(self, name)
        if bind:
            self._tokens.append(turns.current.set(self._turn))

    def stop(self) -> None:
        """Answer no more; let go of what waits at a gate."""
        if self in turns.active:
            turns.active.remove(self)
        if self._turn is not None:
            self._turn.is_over = True
            self._turn = None
        self._real_hosts.clear()
        for mock in self._registry.mocks:
            mock.let_go()
        while self._tokens:
            token = self._tokens.pop()
            # started in another context, it keeps its own view there: its turn being over is enough
            with contextlib.suppress(ValueError):
                turns.current.reset(token)

    def check(self) -> None:
        """Say what went wrong and was not heard: requests that nothing answered, mocks that had to be called.

        Raises:
            UnmatchedRequestError: A request was not answered, and the program swallowed the error.
            UnusedMockError: A mock that has to be called was not.
        """
        if self.unmatched:
            raise UnmatchedRequestError(
                messages.swallowed(self.unmatched, "the block ended well"), self.unmatched[0].request
            )
        unused = self.unused_mocks()
        if unused:
            raise UnusedMockError(messages.unused(unused, self.history), [mock.source for mock in unused])

    def unused_mocks(self, policy: str = "fail") -> list[ResponseMock]:
        """The mocks that were not called although they have to be, oldest first.

        Args:
            policy: What ``unused`` must say of mocks without a ``required`` of their own.
        """
        if policy == "fail":
            wanted = (m for m in self._registry.mocks if m.required or (m.required is None and self._fails_unused))
        else:
            applies = self._options.unused == policy
            wanted = (m for m in self._registry.mocks if m.required is None and applies)
        return [mock for mock in wanted if not mock.called]

    @property
    def _fails_unused(self) -> bool:
        return self._options.unused == "fail"

    # -- answering, which is another room's

    def respond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to a sync caller.

        Args:
            view: The request.
            library: The caller's library.
        """
        raise NotImplementedError

    async def arespond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to an async caller.

        Args:
            view: The request.
            library: The caller's library.
        """
        raise NotImplementedError

    # -- records

    def _record(self, call: Call) -> Call:
        client: ClientBase | None = self
        while client is not None:
            client.history.record(call)
            client = client._parent
        return call

    def _count(self, call: Call, layer: ClientBase) -> None:
        """Among the calls of this client, of those it is a scope of, and of the one whose mock it is."""
        client: ClientBase | None = self
        owner: ClientBase | None = layer
        while client is not None:
            client.calls.record(call)
            if client is owner:
                owner = None
            client = client._parent
        if owner is not None:
            owner.calls.record(call)

    def _uncount(self, call: Call, layer: ClientBase) -> None:
        """Undo ``_count``: its mock left the request to others."""
        layer.calls.forget(call)
        client: ClientBase | None = self
        while client is not None:
            client.calls.forget(call)
            client = client._parent

    def _forgive(self, errors: Sequence[UnmatchedRequestError]) -> None:
        """Forget that requests were not answered."""
        client: ClientBase | None = self
        while client is not None:
            client.unmatched[:] = [error for error in client.unmatched if error not in errors]
            client = client._parent

    def _count_unmatched(self, error: UnmatchedRequestError) -> None:
        client: ClientBase | None = self
        while client is not None:
            client.unmatched.append(error)
            client = client._parent


def _not_registered(mock: ResponseMock) -> None:
    raise TypeError(f"{mock.name} is what unmatched= says, not a registered mock, so it cannot be removed.")
